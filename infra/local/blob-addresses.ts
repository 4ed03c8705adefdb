import { createHmac, timingSafeEqual } from 'node:crypto';

/** What presigned addresses of S3 are on AWS: who has one may read or write one blob for a while, without a token. */

/** Path below which the gateway answers for blobs. */
export const BLOBS_PATH = '/blobs/';
const DOWNLOAD_MS = 5 * 60_000;
const UPLOAD_MS = 60 * 60_000;

export interface BlobAddresses {
  download(key: string, options: { contentType: string; fileName: string }): string;
  upload(key: string, size: number): string;
}

/** What an address allows. */
export type Allowed =
  | { method: 'GET'; key: string; contentType: string; fileName: string }
  | { method: 'PUT'; key: string; size: number };

/** Makes addresses below an origin, signed with a secret that the gateway has, too. */
export function blobAddresses(origin: string, secret: string): BlobAddresses {
  const address = (key: string, values: Record<string, string>) => {
    const query = new URLSearchParams(values);
    query.set('signature', sign(secret, key, query));
    return `${origin}${BLOBS_PATH}${key}?${query}`;
  };
  const until = (ms: number) => String(Date.now() + ms);
  return {
    download: (key, { contentType, fileName }) =>
      address(key, { method: 'GET', expires: until(DOWNLOAD_MS), contentType, fileName }),
    upload: (key, size) => address(key, { method: 'PUT', expires: until(UPLOAD_MS), size: String(size) }),
  };
}

/** Reads an address; null where it is not ours, is over, or is for another method. */
export function readAddress(
  secret: string,
  { path, query: text, method }: { path: string; query: string; method: string },
): Allowed | null {
  const key = path.slice(BLOBS_PATH.length);
  const query = new URLSearchParams(text);
  const given = Buffer.from(query.get('signature') ?? '');
  query.delete('signature');
  const expected = Buffer.from(sign(secret, key, query));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  if (Number(query.get('expires')) < Date.now()) return null;
  const allowed = query.get('method');
  if (allowed === 'PUT' && method === 'PUT') return { method: 'PUT', key, size: Number(query.get('size')) };
  if (allowed !== 'GET' || (method !== 'GET' && method !== 'HEAD')) return null;
  const contentType = query.get('contentType') ?? 'application/octet-stream';
  return { method: 'GET', key, contentType, fileName: query.get('fileName') ?? 'file' };
}

function sign(secret: string, key: string, query: URLSearchParams): string {
  return createHmac('sha256', secret).update(`${key}?${query}`).digest('base64url');
}
