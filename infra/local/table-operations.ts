import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** To the table process: not among its arguments, which every user of the machine can see. */
export interface TableSecret {
  secret: string;
}

/** The table's address for the AWS SDK: whoever knows it may do everything with the table. */
export const tableEndpoint = (port: number, secret: string) => `http://127.0.0.1:${port}/${secret}`;

/** Where, below its address, the table process takes many operations in one request. */
export const OPERATIONS_PATH = '/operations';

/** Answers a write whose condition did not hold. */
export const CONDITION_FAILED = '!';

/** What dynalite looks for before it looks at an operation. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
  'x-amz-date': 'now',
};

/**
 * Lets a dynalite server take many operations in one request: a line for each, `<name> <JSON>` (`PutItem {…}`), answered
 * by a line for each, in order: its JSON, empty where it was refused, `!` where its condition did not hold. They run side
 * by side, each as if it had come alone. All else is dynalite's as before.
 *
 * Whoever does not begin the path with the secret is refused: dynalite looks at no signature, and lets pages of every
 * origin read its answers.
 */
export function takeOperations(server: Server, secret: string): void {
  const [handle] = server.listeners('request') as RequestListener[];
  if (!handle) throw new TypeError('This server has no handler yet.');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = pathBelow(secret, request.url ?? '');
    if (path === null) return void response.writeHead(403).end();
    if (path !== OPERATIONS_PATH) return handle(request, response);
    answerAll(handle, request, response).catch(() => response.destroy());
  });
}

/** What follows the secret in a path; null where the path does not begin with it. */
function pathBelow(secret: string, path: string): string | null {
  const wanted = Buffer.from(`/${secret}`);
  const given = Buffer.from(path).subarray(0, wanted.length);
  if (given.length < wanted.length || !timingSafeEqual(given, wanted)) return null;
  return path.slice(secret.length + 1);
}

async function answerAll(
  handle: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().split('\n');
  const answers = await Promise.all(lines.map(line => run(handle, line)));
  const body = answers.join('\n');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** Runs one operation through dynalite's own handler, by as much of a request and a response as it looks at. */
function run(handle: RequestListener, line: string): Promise<string> {
  const space = line.indexOf(' ');
  const body = Buffer.from(line.slice(space + 1));
  return new Promise(resolve => {
    const request = {
      method: 'POST',
      url: '/',
      headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${line.slice(0, space)}` },
      on(event: string, listener: (data?: Buffer) => void) {
        if (event === 'data') listener(body);
        if (event === 'end') listener();
      },
      removeAllListeners() {},
    };
    const response = {
      statusCode: 200,
      setHeader() {},
      end(text = '') {
        if (response.statusCode === 200) resolve(text);
        else resolve(text.includes('#ConditionalCheckFailedException') ? CONDITION_FAILED : '');
      },
    };
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}
