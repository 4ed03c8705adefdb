import { rawBlobId } from '../mime/blob-id.ts';
import { sha256Of } from '../mime/identity.ts';
import type { Blobs } from '../services.ts';
import { blobKeys } from '../store/keys.ts';
import { problemOf, RequestError } from './errors.ts';
import { type Answer, jsonAnswer, problemAnswer, safeType } from './http.ts';
import { LIMITS } from './limits.ts';

export interface Upload {
  /** An account of the user. */
  accountId: string;
  bytes: Uint8Array;
  /** The Content-Type header. */
  type: string | undefined;
  /** The Content-Length header: what the client sent. */
  length: string | undefined;
}

/**
 * Takes in a file (RFC 8620 section 6.1): 201 when it is durable, and it can be downloaded from then on. A blobId names
 * octets, so the same ones uploaded twice are one blob, and one with a message that has them. What no Email takes up
 * goes away after a week. More octets than `maxSizeUpload` are 413.
 */
export async function upload(blobs: Blobs, { accountId, bytes, type, length }: Upload): Promise<Answer> {
  if (bytes.length > LIMITS.maxSizeUpload) {
    const error = new RequestError('limit', 'The file is too large.', { limit: 'maxSizeUpload' });
    return problemAnswer(413, problemOf(error));
  }
  if (length !== undefined && Number(length) !== bytes.length) {
    // Gateways hand over text types as text, and what is no UTF-8 in it is lost on the way.
    const detail = 'Some octets of the file were lost on the way. Send it as application/octet-stream.';
    return problemAnswer(400, { title: 'Bad Request', detail });
  }
  const sha256 = sha256Of(bytes);
  const contentType = safeType(type);
  await blobs.put(blobKeys.upload(accountId, sha256), bytes, contentType);
  const made = { accountId, blobId: rawBlobId(sha256), type: contentType, size: bytes.length };
  return jsonAnswer(201, JSON.stringify(made));
}
