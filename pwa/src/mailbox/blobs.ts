import type { EmailBodyPart, Id, Session } from '../../../functions/jmap/types.ts';
import { authorisedFetch, downloadAddress, type TokenSource } from '../jmap/client.ts';
import { RequestRefused, Unreachable } from '../jmap/errors.ts';

/** The cache of blobs that are on this device. Blobs are immutable, so it is never checked for freshness. */
export const BLOB_CACHE = 'mailferry-blobs';

/** Longest wait for a whole blob, in milliseconds. */
const DOWNLOAD_TIMEOUT = 10 * 60_000;

/** What names a blob, and as what it is to be read. */
export type BlobPart = Pick<EmailBodyPart, 'blobId' | 'name' | 'type'>;

/** Where the blobs of this device are, and where they come from. */
export interface BlobStore {
  /**
   * A blob: from this device, or else from the server.
   * @throws Unreachable, RequestRefused
   */
  read(accountId: Id, part: BlobPart): Promise<Blob>;
  /**
   * Keeps a blob on this device. Who calls it has counted it: see `BlobRow`.
   * @throws DOMException `QuotaExceededError`
   */
  keep(accountId: Id, part: BlobPart, blob: Blob): Promise<void>;
  /** Removes blobs from this device. */
  drop(accountId: Id, blobIds: readonly Id[]): Promise<void>;
}

/** The key of a blob in the cache: its address without name, type and token. */
export function blobKey(accountId: Id, blobId: Id): string {
  return `/jmap/download/${accountId}/${blobId}`;
}

/** A blob that is on this device, or null. */
async function keptBlob(accountId: Id, blobId: Id): Promise<Blob | null> {
  const cache = await caches.open(BLOB_CACHE);
  const response = await cache.match(blobKey(accountId, blobId), { ignoreVary: true });
  return response ? response.blob() : null;
}

/**
 * A part of a message: from this device, or else from the server.
 * @throws Unreachable when it is not here and the server cannot be reached; RequestRefused when it is nowhere
 */
export async function readBlob(
  session: Session | null,
  token: TokenSource,
  accountId: Id,
  part: BlobPart,
): Promise<Blob> {
  const blobId = part.blobId ?? '';
  const kept = await keptBlob(accountId, blobId);
  if (kept) return kept;
  if (!session) throw new Unreachable();
  const name = part.name || 'attachment';
  const address = downloadAddress(session.downloadUrl, { accountId, blobId, name, type: part.type });
  const response = await authorisedFetch(address, token, {}, DOWNLOAD_TIMEOUT);
  if (!response.ok) throw new RequestRefused(response.status, 'noBlob', `HTTP ${response.status}`);
  return response.blob().catch((error: unknown) => {
    throw new Unreachable(error);
  });
}

/** Keeps a blob in the cache; see `BlobStore`. */
export async function keepBlob(accountId: Id, part: BlobPart, blob: Blob): Promise<void> {
  const cache = await caches.open(BLOB_CACHE);
  const headers = { 'content-type': part.type };
  await cache.put(blobKey(accountId, part.blobId ?? ''), new Response(blob, { headers }));
}

/** Removes blobs from the cache. */
export async function dropBlobs(accountId: Id, blobIds: readonly Id[]): Promise<void> {
  const cache = await caches.open(BLOB_CACHE);
  for (const blobId of blobIds) await cache.delete(blobKey(accountId, blobId), { ignoreVary: true });
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
