import { Agent, type IncomingMessage, request } from 'node:http';
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CONDITION_FAILED, OPERATIONS_PATH } from './table-operations.ts';

interface Waiting {
  line: string;
  resolve(answer: string): void;
  reject(error: Error): void;
}

interface Asked {
  input: ServiceInputTypes;
}
type Next = (asked: Asked) => Promise<{ response: unknown; output: ServiceOutputTypes }>;

/** A binary attribute; within a string its quotes would be escaped. */
const BINARY = /[{,]"B":["{]/;

/**
 * Sends the client's commands to the table process in fewer and lighter requests: what is asked in one turn of the
 * event loop goes as one request, as it is before the SDK serialises, signs and retries it, which costs more than the
 * table itself. Only good answers are taken from there, and that a condition did not hold: after anything else the
 * command goes its usual way through the SDK, which tells its errors and tries again as on AWS. So does the one row
 * with binary values, of which JSON says nothing.
 */
export function sendTogether(client: DynamoDBDocumentClient, endpoint: string): DynamoDBDocumentClient {
  const send = operations(endpoint);
  const together =
    (next: Next, { commandName = '' }: { commandName?: string }) =>
    async (asked: Asked) => {
      const line = `${commandName.replace(/Command$/, '')} ${JSON.stringify(asked.input)}`;
      const answer = BINARY.test(line) ? null : await send(line);
      if (answer === CONDITION_FAILED) {
        throw new ConditionalCheckFailedException({
          message: 'The conditional request failed',
          $metadata: {},
        });
      }
      if (answer === null || BINARY.test(answer)) return next(asked);
      const output = plain(JSON.parse(answer));
      return output ? { response: {}, output: { $metadata: {}, ...output } } : next(asked);
    };
  const place = { relation: 'after', toMiddleware: 'DocumentMarshall', name: 'sendTogether' } as const;
  client.middlewareStack.addRelativeTo(together, place);
  return client;
}

type Item = Record<string, AttributeValue>;

interface Answer {
  Item?: Item;
  Items?: Item[];
  Attributes?: Item;
  LastEvaluatedKey?: Item;
  Responses?: Record<string, Item[]>;
  UnprocessedItems?: object;
  UnprocessedKeys?: object;
}

/** An answer with plain values, as `DynamoDBDocumentClient` gives it; null where something was left undone. */
function plain(answer: Answer): object | null {
  const { Item, Items, Attributes, LastEvaluatedKey, Responses, UnprocessedItems, UnprocessedKeys } = answer;
  if (Object.keys({ ...UnprocessedItems, ...UnprocessedKeys }).length > 0) return null;
  const rows = (items: Item[]) => items.map(item => unmarshall(item));
  return {
    ...answer,
    ...(Item && { Item: unmarshall(Item) }),
    ...(Items && { Items: rows(Items) }),
    ...(Attributes && { Attributes: unmarshall(Attributes) }),
    ...(LastEvaluatedKey && { LastEvaluatedKey: unmarshall(LastEvaluatedKey) }),
    ...(Responses && {
      Responses: Object.fromEntries(Object.entries(Responses).map(([table, items]) => [table, rows(items)])),
    }),
  };
}

/** Sends operations (`<name> <JSON>`); each promise gives the JSON of a good answer, null for any other. */
function operations(endpoint: string): (line: string) => Promise<string | null> {
  const agent = new Agent({ keepAlive: true });
  let waiting: Waiting[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    post(new URL(endpoint + OPERATIONS_PATH), agent, batch.map(({ line }) => line).join('\n')).then(
      answers => {
        for (const [i, { resolve }] of batch.entries()) resolve(answers[i] ?? '');
      },
      error => {
        for (const { reject } of batch) reject(error);
      },
    );
  };
  return line =>
    new Promise<string>((resolve, reject) => {
      waiting.push({ line, resolve, reject });
      if (waiting.length === 1) setImmediate(flush);
    }).then(
      answer => answer || null,
      () => null,
    );
}

function post(url: URL, agent: Agent, body: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent }, response => {
      textOf(response).then(text => {
        if (response.statusCode === 200) resolve(text.split('\n'));
        else reject(new Error('The table process did not take the operations.'));
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
