import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { attachmentNamed, rangeOf } from '../../functions/jmap/http.ts';
import type { Blobs } from '../../functions/services.ts';
import { type Allowed, readAddress } from './blob-addresses.ts';
import { LocalCloudError } from './errors.ts';
import { sendText } from './http.ts';

const CHUNK = 1024 * 1024;

/** Answers an address of `blob-addresses.ts` as S3 answers a presigned one: octets pass through and are not held. */
export async function answerBlob(
  { blobs, secret }: { blobs: Blobs; secret: string },
  target: { path: string; query: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const allowed = readAddress(secret, { ...target, method: request.method ?? '' });
  if (!allowed) return sendText(response, 403, 'This address is not valid (any more).');
  if (allowed.method === 'PUT') return takeIn(blobs, allowed, request, response);
  return handOut(blobs, allowed, request, response);
}

async function takeIn(
  blobs: Blobs,
  { key, size }: Extract<Allowed, { method: 'PUT' }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (Number(request.headers['content-length']) !== size) {
    response.setHeader('connection', 'close');
    return sendText(response, 400, `This address takes exactly ${size} octets.`);
  }
  try {
    await blobs.putStream(key, wholeBody(request, size));
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    return sendText(response, 400, error.message);
  }
  response.writeHead(200, { 'content-length': 0 }).end();
}

/** What ends early is not stored. */
async function* wholeBody(request: IncomingMessage, size: number): AsyncGenerator<Buffer> {
  let left = size;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    left -= chunk.length;
    yield chunk;
  }
  if (left !== 0) throw new LocalCloudError('function-failed', 'The upload did not come whole.');
}

async function handOut(
  blobs: Blobs,
  { key, contentType, fileName }: Extract<Allowed, { method: 'GET' }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await blobs.head(key);
  if (!found) return sendText(response, 404, 'There is no such blob.');
  const range = rangeOf(request.headers.range, found.size);
  if (range === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${found.size}`);
    return sendText(response, 416, 'The range lies beyond the end of the blob.');
  }
  const { start, end } = range ?? { start: 0, end: found.size };
  response.writeHead(range ? 206 : 200, {
    'content-type': contentType,
    'content-disposition': attachmentNamed(fileName),
    'content-length': end - start,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${found.size}` }),
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(Readable.from(chunks(blobs, key, start, end), { objectMode: false }), response);
}

async function* chunks(blobs: Blobs, key: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let from = start; from < end; from += CHUNK) {
    const bytes = await blobs.get(key, { start: from, end: Math.min(end, from + CHUNK) });
    if (bytes?.length !== Math.min(end, from + CHUNK) - from) {
      throw new LocalCloudError('function-failed', 'A blob ended while it was read.');
    }
    yield bytes;
  }
}
