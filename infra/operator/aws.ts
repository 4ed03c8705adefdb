import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { s3BlobVersions } from '../../functions/store/blob-versions.ts';
import { s3Blobs } from '../../functions/store/blobs.ts';
import type { LogStore } from '../../functions/store/log.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import type { DeployedStack } from './stack.ts';

/** Clients of one region, with the credentials that the SDK finds: environment, profile, single sign-on. */
export function awsIn(region: string) {
  const config = { region, maxAttempts: 5 };
  return {
    region,
    cloudFormation: new CloudFormationClient(config),
    cloudWatch: new CloudWatchClient(config),
    cognito: new CognitoIdentityProviderClient(config),
    dynamo: tableClient(config),
    kms: new KMSClient(config),
    // A ledger takes minutes, and a second one at the same time would be in the way of the first.
    lambda: new LambdaClient({ ...config, maxAttempts: 1 }),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    ssm: new SSMClient(config),
  };
}

export type Aws = ReturnType<typeof awsIn>;

/** A customer's table and blobs, as the functions see them. */
export function storeOf({ dynamo, s3 }: Aws, { part }: DeployedStack, now: () => number): LogStore {
  return {
    table: { client: dynamo, name: part('table') },
    blobs: s3Blobs(s3, part('bucket')),
    now,
  };
}

/** The folders of a customer's bucket. */
export const blobVersionsOf = ({ s3 }: Aws, { part }: DeployedStack) => s3BlobVersions(s3, part('bucket'));

/** Whether AWS says that what was asked for is not there. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return GONE.has(error.name) || /does not exist|NonExistentQueue/.test(error.message);
}

const GONE: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'NotFoundException',
  'NoSuchBucket',
  'NoSuchKey',
  'NotFound',
  'TableNotFoundException',
]);
