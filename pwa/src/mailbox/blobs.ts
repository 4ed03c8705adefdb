import type { EmailBodyPart, Id, Session } from '../../../functions/jmap/types.ts';
import { authorisedFetch, downloadAddress, type TokenSource } from '../jmap/client.ts';
import { RequestRefused, Unreachable } from '../jmap/errors.ts';

/** The cache of blobs that are on this device. Blobs are immutable, so it is never checked for freshness. */
export const BLOB_CACHE = 'mailferry-blobs';

/** Longest wait for a whole blob, in milliseconds. */
const DOWNLOAD_TIMEOUT = 10 * 60_000;

/** The key of a blob in the cache: its address without name, type and token. */
export function blobKey(accountId: Id, blobId: Id): string {
  return `/jmap/download/${accountId}/${blobId}`;
}

/** A blob that is on this device, or null. */
export async function keptBlob(accountId: Id, blobId: Id): Promise<Blob | null> {
  const cache = await caches.open(BLOB_CACHE);
  const response = await cache.match(blobKey(accountId, blobId), { ignoreVary: true });
  return response ? response.blob() : null;
}

/**
 * A part of a message: from this device, or else from the server, and kept from then on.
 * @throws Unreachable when it is not here and the server cannot be reached
 */
export async function readBlob(
  session: Session | null,
  token: TokenSource,
  accountId: Id,
  part: Pick<EmailBodyPart, 'blobId' | 'name' | 'type'>,
): Promise<Blob> {
  const blobId = part.blobId ?? '';
  const kept = await keptBlob(accountId, blobId);
  if (kept) return kept;
  if (!session) throw new Unreachable();
  const name = part.name || 'attachment';
  const address = downloadAddress(session.downloadUrl, { accountId, blobId, name, type: part.type });
  const response = await authorisedFetch(address, token, {}, DOWNLOAD_TIMEOUT);
  if (!response.ok) throw new RequestRefused(response.status, 'noBlob', `HTTP ${response.status}`);
  const blob = await response.blob().catch((error: unknown) => {
    throw new Unreachable(error);
  });
  const cache = await caches.open(BLOB_CACHE);
  await cache.put(blobKey(accountId, blobId), new Response(blob, { headers: { 'content-type': part.type } }));
  return blob;
}

/** Removes the blobs of accounts that are no more; all of them without arguments. */
export async function forgetBlobs(accountIds?: readonly Id[]): Promise<void> {
  if (!accountIds) {
    await caches.delete(BLOB_CACHE);
    return;
  }
  const cache = await caches.open(BLOB_CACHE);
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (accountIds.some(id => path.startsWith(`/jmap/download/${id}/`))) await cache.delete(request);
  }
}
