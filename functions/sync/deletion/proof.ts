import { createHash } from 'node:crypto';
import type { FetchedMessage, LargeMessage } from '../../source/source.ts';
import { blobKeys } from '../../store/keys.ts';
import type { Freeze } from '../../store/receipts.ts';
import { inParallel } from '../../store/table.ts';
import type { RunContext } from '../context.ts';
import type { Listing } from './copies.ts';
import { type DueCopy, needsProof } from './plan.ts';

export interface Proof {
  /** Copies whose bytes are stored and verified, and which are the message that is stored. */
  proven: DueCopy[];
  /** How many could not be read again just now. */
  undecided: number;
  /** What freezes deletion: then nothing is deleted, not even what is proven. */
  anomaly: Freeze | null;
}

/** Whether S3 answers a HEAD or a disk reads a file: so many blobs are verified at once. */
const PARALLEL_VERIFIES = 8;

/**
 * Shows that these copies may be deleted: each one's blob is there with its size and checksum, and where the listing
 * leaves a doubt which message it names, its bytes are read from the source once more. Throws SourceError.
 */
export async function prove(run: RunContext, listing: Listing, copies: readonly DueCopy[]): Promise<Proof> {
  const anomaly = await findDamage(run, copies);
  if (anomaly) return { proven: [], undecided: 0, anomaly };
  const doubtful = copies.filter(needsProof);
  const same = await sameAtSource(run, listing, doubtful);
  const other = [...same.values()].includes(false);
  const reason = 'the server has another message where a stored one was';
  return {
    proven: copies.filter(copy => !doubtful.includes(copy) || same.get(copy.location)),
    undecided: doubtful.filter(({ location }) => !same.has(location)).length,
    anomaly: other ? { code: 'mismatch', at: run.services.now(), reason } : null,
  };
}

async function findDamage(run: RunContext, copies: readonly DueCopy[]): Promise<Freeze | null> {
  const { blobs, now } = run.services;
  const damage: Freeze[] = [];
  const blobsOf = new Map(copies.map(({ sha256, size }) => [sha256, size]));
  await inParallel(
    [...blobsOf],
    async ([sha256, size]) => {
      const key = blobKeys.raw(run.account.id, sha256);
      if (await blobs.verify(key, sha256, size)) return;
      const isThere = (await blobs.head(key)) !== null;
      damage.push(
        isThere
          ? { code: 'checksum', at: now(), reason: 'a message stored here is damaged' }
          : { code: 'missing-blob', at: now(), reason: 'a message is missing here' },
      );
    },
    PARALLEL_VERIFIES,
  );
  return damage[0] ?? null;
}

/** Whether the bytes at the source are those that are stored, by location; what did not come is left out. */
async function sameAtSource(
  run: RunContext,
  listing: Listing,
  copies: readonly DueCopy[],
): Promise<Map<string, boolean>> {
  const same = new Map<string, boolean>();
  const byUid = new Map(copies.map(copy => [copy.uid, copy]));
  const entries = copies.flatMap(({ location }) => listing.entries.get(location) ?? []);
  if (entries.length === 0) return same;
  for await (const message of run.source.fetch(listing.path, entries)) {
    const copy = byUid.get(message.uid);
    if ('error' in message || !copy) continue;
    same.set(copy.location, (await checksumOf(message)) === copy.sha256);
  }
  return same;
}

async function checksumOf(message: FetchedMessage | LargeMessage): Promise<string> {
  const hash = createHash('sha256');
  if ('raw' in message) hash.update(message.raw);
  else for await (const chunk of message.chunks) hash.update(chunk);
  return hash.digest('hex');
}
