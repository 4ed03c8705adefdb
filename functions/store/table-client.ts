import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The client of the table, from the SDK's own settings: plain values in and out, undefined ones left out. Without the
 * SDK's logger, which makes a copy of every item, field by field, for a log that nobody keeps.
 */
export function tableClient(config: DynamoDBClientConfig): DynamoDBDocumentClient {
  const plain = new DynamoDBClient(config);
  plain.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
}
