import { type BlobName, type FileName, parseBlobId, parseFileId } from '../mime/blob-id.ts';
import { decodePart } from '../mime/decode.ts';
import { findPart, parseStructure } from '../mime/structure.ts';
import type { Blobs, ByteRange } from '../services.ts';
import { blobKeys } from '../store/keys.ts';
import { type Answer, attachmentNamed, problemAnswer, rangeOf, safeType } from './http.ts';
import { MAX_IN_MEMORY } from './limits.ts';

/** Octets that Lambda can carry in an answer: 6 MB less base64's third and the headers. */
const LARGEST_INLINE = 4_500_000;

export interface Download {
  /** An account of the user. */
  accountId: string;
  blobId: string;
  name: string;
  type: string | undefined;
  method: 'GET' | 'HEAD';
  range: string | undefined;
  ifNoneMatch: string | undefined;
}

/** A blob of which the size is known, and its octets can be had. */
interface Source {
  size: number;
  read(range: ByteRange): Promise<Uint8Array | null>;
  /** A short-lived address of the blob itself, where Lambda cannot carry it. */
  address(options: { contentType: string; fileName: string }): Promise<string | null>;
}

/**
 * Answers a download (RFC 8620 section 6.2) with Range (RFC 9110 section 14) and as immutable, for a blobId names what
 * it holds. Whatever mail contains, a browser must not run it: attachment, nosniff and a sandbox.
 */
export async function download(blobs: Blobs, asked: Download): Promise<Answer> {
  const name = parseBlobId(asked.blobId) ?? parseFileId(asked.blobId);
  const etag = `"${asked.blobId}"`;
  const source = name && (await openBlob(blobs, asked.accountId, name));
  if (!source) return problemAnswer(404, { title: 'Not Found', detail: 'There is no such blob.' });
  const headers = headersOf(asked, etag);
  if (matches(asked.ifNoneMatch, etag)) return { statusCode: 304, headers };
  const range = asked.method === 'HEAD' ? null : rangeOf(asked.range, source.size);
  if (range === 'unsatisfiable') {
    const detail = 'The range lies beyond the end of the blob.';
    const answer = { title: 'Range Not Satisfiable', detail };
    return problemAnswer(416, answer, {
      'content-range': `bytes */${source.size}`,
      'accept-ranges': 'bytes',
    });
  }
  if (asked.method === 'HEAD') {
    return { statusCode: 200, headers: { ...headers, 'content-length': String(source.size) }, body: '' };
  }
  return send(source, asked, range, headers);
}

async function send(
  source: Source,
  asked: Download,
  range: ByteRange | null,
  headers: Record<string, string>,
): Promise<Answer> {
  const { start, end } = range ?? { start: 0, end: source.size };
  if (end - start > LARGEST_INLINE) {
    const address = await source.address({ contentType: safeType(asked.type), fileName: asked.name });
    // The address works for minutes only, so the way to it is not remembered.
    if (address !== null) {
      return { statusCode: 302, headers: { location: address, 'cache-control': 'no-store' }, body: '' };
    }
  }
  const bytes = await source.read({ start, end });
  if (!bytes) return problemAnswer(404, { title: 'Not Found', detail: 'There is no such blob.' });
  return {
    statusCode: range ? 206 : 200,
    headers: range ? { ...headers, 'content-range': `bytes ${start}-${end - 1}/${source.size}` } : headers,
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    isBase64Encoded: true,
  };
}

function headersOf(asked: Download, etag: string): Record<string, string> {
  return {
    'content-type': safeType(asked.type),
    'content-disposition': attachmentNamed(asked.name),
    'cache-control': 'private, immutable, max-age=31536000',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    etag,
  };
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map(tag => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

/** Why a blob cannot be had as a whole. */
export type BlobProblem = 'notFound' | 'tooLarge';

/** The octets that a blobId names, of a message, an upload or a decoded part: at most `MAX_IN_MEMORY` of them. */
export async function readBlob(
  blobs: Blobs,
  accountId: string,
  blobId: string,
): Promise<Uint8Array | BlobProblem> {
  const name = parseBlobId(blobId);
  const source = name && (await openBlob(blobs, accountId, name));
  if (!source) return 'notFound';
  if (source.size > MAX_IN_MEMORY) return 'tooLarge';
  return (await source.read({ start: 0, end: source.size })) ?? 'notFound';
}

async function openBlob(blobs: Blobs, accountId: string, name: BlobName | FileName): Promise<Source | null> {
  if ('partId' in name && name.partId !== null) {
    return openPart(blobs, accountId, name.sha256, name.partId);
  }
  for (const key of keysOf(accountId, name)) {
    const found = await blobs.head(key);
    if (!found) continue;
    return {
      size: found.size,
      read: range => blobs.get(key, range),
      address: options => blobs.address(key, options),
    };
  }
  return null;
}

/** Where the octets may be that a blobId names. */
export function keysOf(accountId: string, name: BlobName | FileName): string[] {
  if ('sha256' in name)
    return [blobKeys.raw(accountId, name.sha256), blobKeys.upload(accountId, name.sha256)];
  return name.kind === 'upload'
    ? [blobKeys.uploadedFile(accountId, name.id)]
    : [blobKeys.export(accountId, name.id, name.nth)];
}

async function openPart(
  blobs: Blobs,
  accountId: string,
  sha256: string,
  partId: string,
): Promise<Source | null> {
  const rawKey = blobKeys.raw(accountId, sha256);
  // Of what was only parsed (Email/parse), the message is an upload.
  const raw = (await blobs.get(rawKey)) ?? (await blobs.get(blobKeys.upload(accountId, sha256)));
  const part = raw && findPart(parseStructure(raw), partId);
  if (!raw || !part) return null;
  const bytes = decodePart(raw, part);
  return {
    size: bytes.length,
    read: async ({ start, end }) => bytes.subarray(start, end),
    async address(options) {
      // The message is larger than its part: where it has no address, neither has the part, and no copy is made.
      if ((await blobs.address(rawKey, options)) === null) return null;
      const key = blobKeys.part(accountId, sha256, partId);
      if (!(await blobs.head(key))) await blobs.put(key, bytes, options.contentType);
      return blobs.address(key, options);
    },
  };
}
