import { base32hexOf, HASH_CHARACTERS } from '../mime/identity.ts';
import type { ListedBlob, Services, Table } from '../services.ts';
import { listImports } from '../store/jobs.ts';
import { blobKeys, keys, prefix } from '../store/keys.ts';
import { deletingRow, quarantineRow } from '../store/rows.ts';
import { parseRow, queryAll, queryRange } from '../store/table.ts';

/** How many blobs are looked at closer, and let go, at once: bounds the memory. */
const BATCH = 10_000;
const CHECKSUM = /[0-9a-f]{64}/g;

export interface BlobSweep {
  /** Names of blobs (see `Index`) that Emails and tombstones have, read before this is called. */
  names: ReadonlySet<string>;
  /** Only blobs that were stored before this time go, ms since the epoch. */
  before: number;
  /** When to stop, ms since the epoch. */
  deadline: number;
}

/**
 * Discards the messages of an account that nothing names: no Email, tombstone, quarantine, copy to be deleted at the
 * source, import, or commit that the log still has.
 *
 * Nothing that a commit names is ever discarded, whoever commits meanwhile. Every writer puts the blob, then commits, and
 * puts it again when it is there already. The names of the Emails are read first, then the blobs are listed, then the log
 * is read. So let a commit name a listed blob:
 * - The log had it before it was read here: then it was seen there, or the log has long forgotten it, and so its Email had
 *   its rows when the names were read.
 * - It came later, and its put was before the listing: then the listing shows that put, or a later one, and takes it for too
 *   young. Between a put and its commit are minutes; a machine that sleeps in between is why the clock of one machine only
 *   begins a sweep when it was awake for a while.
 * - It came later, and so did its put: then the put that was listed is not the blob any more, and discarding concerns the
 *   put alone.
 */
export async function sweepBlobs(
  services: Services,
  accountId: string,
  { names, before, deadline }: BlobSweep,
): Promise<{ blobs: number; complete: boolean }> {
  const { blobVersions, now } = services;
  let blobs = 0;
  let complete = true;
  let suspects: ListedBlob[] = [];
  const letGo = async () => {
    const orphans = await withoutNamed(services.table, accountId, suspects);
    await blobVersions.discard(orphans);
    blobs += orphans.length;
    suspects = [];
  };
  for await (const blob of blobVersions.listed(blobKeys.raws(accountId))) {
    if (now() >= deadline) {
      complete = false;
      break;
    }
    const sha256 = checksumOf(blob);
    if (sha256 === null || blob.storedAt > before) continue;
    if (names.has(base32hexOf(sha256, HASH_CHARACTERS))) continue;
    suspects.push(blob);
    if (suspects.length >= BATCH) await letGo();
  }
  if (suspects.length > 0) await letGo();
  return { blobs, complete };
}

/** What is no message's blob is not ours to judge. */
function checksumOf({ key }: ListedBlob): string | null {
  return /\/([0-9a-f]{64})\.eml$/.exec(key)?.[1] ?? null;
}

/** What else may name a blob, read only where there is a suspect; the log last of all. */
async function withoutNamed(
  table: Table,
  accountId: string,
  suspects: readonly ListedBlob[],
): Promise<ListedBlob[]> {
  const pk = keys.partition(accountId);
  const named = new Set<string>();
  for (const item of await queryAll(table, pk, { prefix: prefix.quarantine })) {
    const { sha256 } = parseRow(item, quarantineRow);
    if (sha256 !== null) named.add(sha256);
  }
  for await (const page of queryRange(table, pk, { prefix: prefix.deleting })) {
    for (const item of page) named.add(parseRow(item, deletingRow).sha256);
  }
  const underWay = (await listImports(table, accountId)).filter(({ endedAt }) => endedAt === undefined);
  const imported = new Set(underWay.map(({ blobKey }) => blobKey));
  for await (const page of queryRange(table, pk, { prefix: prefix.log })) {
    // Whatever a commit says of a checksum, its blob is kept: nothing has to be added here when commits learn to say more.
    for (const { commit } of page)
      for (const [sha256] of String(commit).matchAll(CHECKSUM)) named.add(sha256);
  }
  return suspects.filter(blob => !named.has(checksumOf(blob) ?? '') && !imported.has(blob.key));
}
