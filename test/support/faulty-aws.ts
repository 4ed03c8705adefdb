import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request of the AWS SDK. */
export interface Asked {
  /** As the SDK names its commands: `PutItem`, `Query`, `PutObject`, `ListObjectVersions`. */
  operation: string;
  /** Which try of the SDK this is, from 1. */
  attempt: number;
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The connection is reset after so many octets of the body. */
  cutAt?: number;
}

/** Has the request executed by the real service, with another body where one is given. */
export type Forward = (changes?: { body?: Buffer; url?: string }) => Promise<Answer>;

/** What happens to a request; null ends its connection without an answer. */
export type Fault = (asked: Asked, forward: Forward) => Promise<Answer | null>;

/**
 * Stands between the SDK and a service on loopback. `choose` names the fault of each request, or null for none.
 * Host and path stay as the SDK has signed them.
 */
export async function faultyAws(
  t: Pick<TestContext, 'after'>,
  target: string,
  choose: (asked: Asked) => Fault | null,
): Promise<{ endpoint: string }> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await readAll(incoming);
      const asked = askedOf(incoming, body);
      const forward: Forward = (changes = {}) => send(target, incoming, changes.url, changes.body ?? body);
      const answer = await (choose(asked) ?? passed)(asked, forward);
      if (answer === null) return void incoming.socket.resetAndDestroy();
      outgoing.writeHead(answer.status, withLength(answer));
      if (answer.cutAt === undefined) return void outgoing.end(answer.body);
      outgoing.write(answer.body.subarray(0, answer.cutAt), () => incoming.socket.resetAndDestroy());
    } catch {
      incoming.socket.destroy();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { pathname } = new URL(target);
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}${pathname === '/' ? '' : pathname}` };
}

/** Nothing happens to it. */
const passed: Fault = (_asked, forward) => forward();

/** It is refused before anything was done: 400 and 500 of DynamoDB in JSON, 503 and 500 of S3 in XML. */
export function refused(status: number, code: string, message = code): Fault {
  return async ({ headers }) => {
    const isTable = headers['x-amz-target'] !== undefined;
    const body = isTable
      ? JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message })
      : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    const type = isTable ? 'application/x-amz-json-1.0' : 'application/xml';
    return { status, headers: { 'content-type': type }, body: Buffer.from(body) };
  };
}

/** The connection is reset before the request was executed. */
export const cutBefore: Fault = async () => null;

/** It was executed, and the connection is reset before the answer. */
export const cutAfter: Fault = async (_asked, forward) => {
  await forward();
  return null;
};

/** The connection is reset in the middle of the answer's body. */
export const cutMidway: Fault = async (_asked, forward) => {
  const answer = await forward();
  return { ...answer, cutAt: Math.floor(answer.body.length / 2) };
};

/** It was executed, and its answer comes so many milliseconds later. */
export const late =
  (milliseconds: number): Fault =>
  async (_asked, forward) => {
    const answer = await forward();
    await sleep(milliseconds);
    return answer;
  };

/** BatchWriteItem and BatchGetItem do the first `taken` of what they are asked, and hand the others back. */
export const unprocessed =
  (taken: number): Fault =>
  async ({ operation, body }, forward) => {
    const asked = JSON.parse(body.toString()) as { RequestItems: Record<string, unknown> };
    const [[table, all] = ['', []]] = Object.entries(asked.RequestItems);
    const isWrite = operation === 'BatchWriteItem';
    const { Keys, ...how } = (isWrite ? { Keys: all } : all) as { Keys: unknown[] };
    const part = (items: unknown[]) => ({ [table]: isWrite ? items : { ...how, Keys: items } });
    const left = Keys.length > taken ? part(Keys.slice(taken)) : {};
    const handedBack = isWrite ? { UnprocessedItems: left } : { UnprocessedKeys: left };
    if (taken === 0) return json({ ...(!isWrite && { Responses: { [table]: [] } }), ...handedBack });
    const answer = await forward({
      body: Buffer.from(JSON.stringify({ ...asked, RequestItems: part(Keys.slice(0, taken)) })),
    });
    return answer.status === 200 ? json({ ...JSON.parse(answer.body.toString()), ...handedBack }) : answer;
  };

/** The key that an empty first page ends with. */
const BEGIN = '#begin';

/** Query gives small pages, the first of which has a key and no rows. What goes on from there is for this fault, too. */
export const emptyPages: Fault = async ({ body }, forward) => {
  const { ExclusiveStartKey, ...query } = JSON.parse(body.toString()) as {
    ExclusiveStartKey?: { sk: { S: string } };
    ExpressionAttributeValues: Record<string, { S: string }>;
  };
  if (!ExclusiveStartKey) {
    const { ':pk': pk } = query.ExpressionAttributeValues;
    return json({ Items: [], Count: 0, ScannedCount: 0, LastEvaluatedKey: { pk, sk: { S: BEGIN } } });
  }
  const start = ExclusiveStartKey.sk.S === BEGIN ? {} : { ExclusiveStartKey };
  return forward({ body: Buffer.from(JSON.stringify({ ...query, ...start, Limit: 3 })) });
};

/** Whether this goes on from an empty first page. */
export const followsEmptyPage = ({ operation, body }: Asked): boolean =>
  operation === 'Query' && body.includes(`"${BEGIN}"`);

function json(value: object): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) };
}

function askedOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Asked {
  const asked = { method, url: new URL(url, 'http://localhost'), headers, body };
  const attempt = Number(/attempt=(\d+)/.exec(String(headers['amz-sdk-request']))?.[1] ?? 1);
  return { ...asked, attempt, operation: operationOf(asked) };
}

function operationOf({ method, url, headers }: Omit<Asked, 'attempt' | 'operation'>): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? '';
  const isObject = url.pathname.split('/').filter(Boolean).length > 1;
  if (url.searchParams.has('delete')) return 'DeleteObjects';
  if (url.searchParams.has('versions')) return 'ListObjectVersions';
  if (url.searchParams.has('tagging')) return 'PutObjectTagging';
  const names: Record<string, string> = { PUT: 'PutObject', HEAD: 'HeadObject', GET: 'GetObject' };
  return isObject ? (names[method] ?? method) : 'ListObjectsV2';
}

function withLength({ headers, body }: Answer): IncomingHttpHeaders {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  // A HEAD has the length of what it does not send.
  return body.length > 0 || !kept['content-length']
    ? { ...kept, 'content-length': String(body.length) }
    : kept;
}

function send(
  target: string,
  incoming: IncomingMessage,
  url: string | undefined,
  body: Buffer,
): Promise<Answer> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve, reject) => {
    const headers = { ...incoming.headers, 'content-length': String(body.length) };
    const sent = request(
      { hostname, port, method: incoming.method, path: url ?? incoming.url, headers },
      answer => {
        readAll(answer).then(
          read => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAll(from: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
