import type { Id } from '../../../functions/jmap/types.ts';
import type { BlobPart, BlobStore } from './blobs.ts';
import {
  FIRST_UNPINNED,
  isPinned,
  isPinnedRank,
  lastRank,
  laterToGo,
  type PinTarget,
  rankOf,
  usualKeeping,
  withPin,
} from './budget.ts';
import type { Database, KeepingRow, StoredEmail } from './db.ts';
import { addBodyBytes, changeEmails, type EmailTransaction, markBlobsGone, refreshShown } from './emails.ts';
import { announce } from './observe.ts';

/** Bodies that are let go in one transaction. */
const CHUNK = 100;
/** What came to this device so lately is let go by nothing but a newer budget, in milliseconds: somebody reads it. */
const READING = 60_000;

/** What a person can choose of a budget. */
export type BudgetChange = Partial<Pick<KeepingRow, 'days' | 'octets' | 'attachments'>>;

/** What is to be kept of an account on this device. */
export async function keepingOf(db: Database, accountId: Id): Promise<KeepingRow> {
  return (await db.get('keeping', accountId)) ?? usualKeeping(accountId);
}

/** The same within a transaction. */
export async function keepingIn(transaction: EmailTransaction, accountId: Id): Promise<KeepingRow> {
  return (await transaction.objectStore('keeping').get(accountId)) ?? usualKeeping(accountId);
}

/** Changes the days, the octets or the attachments of a budget. The next step of the downloads follows it. */
export async function setBudget(db: Database, accountId: Id, change: BudgetChange): Promise<void> {
  await changeEmails(db, async transaction => {
    const { filesLeft, ...before } = await keepingIn(transaction, accountId);
    const keeping = { ...before, ...change };
    const left = !keeping.attachments && (filesLeft === true || before.attachments);
    await transaction.objectStore('keeping').put(left ? { ...keeping, filesLeft: true } : keeping);
  });
  announce('feeds');
}

/** Keeps a mailbox, thread or Email on this device whatever its age, or no longer. */
export async function setPinned(db: Database, target: PinTarget, pinned: boolean): Promise<void> {
  const { accountId } = target;
  await changeEmails(db, async transaction => {
    const keeping = await keepingIn(transaction, accountId);
    await transaction.objectStore('keeping').put(withPin(keeping, target, pinned));
    await refreshShown(transaction, accountId, await emailsOf(transaction, target));
  });
  announce('feeds', 'emails');
}

async function emailsOf(transaction: EmailTransaction, target: PinTarget): Promise<Id[]> {
  if ('emailId' in target) return [target.emailId];
  if ('threadId' in target) {
    const thread = await transaction.objectStore('threads').get([target.accountId, target.threadId]);
    return thread?.members.map(member => member.id) ?? [];
  }
  const prefix = `${target.accountId}/${target.mailboxId}`;
  const range = IDBKeyRange.bound(`${prefix} `, `${prefix} \uffff`);
  const keys = await transaction.objectStore('emails').index('list').getAllKeys(range);
  return keys.map(([, id]) => id);
}

/** True when a mailbox, thread or Email is kept by itself, or an Email with its thread or mailbox. */
export async function readPinned(db: Database, target: PinTarget): Promise<{ own: boolean; other: boolean }> {
  const keeping = await keepingOf(db, target.accountId);
  if ('mailboxId' in target) {
    return { own: keeping.pinned.mailboxes.includes(target.mailboxId), other: false };
  }
  if ('threadId' in target) return { own: keeping.pinned.threads.includes(target.threadId), other: false };
  const email = await db.get('emails', [target.accountId, target.emailId]);
  const own = keeping.pinned.emails.includes(target.emailId);
  return { own, other: !own && email !== undefined && isPinned(keeping, email) };
}

/** The rank at which an Email is kept; what somebody opened counts as of then. */
export function keptRank(email: StoredEmail, openedAt: number | null): string {
  const rank = email.kept?.[1] ?? email.wanted?.[1] ?? rankOf(email.receivedAt, false);
  if (openedAt === null || email.kept || isPinnedRank(rank)) return rank;
  return laterToGo(rank, rankOf(new Date(openedAt).toISOString(), false));
}

/**
 * Makes room for `octets` of something with a rank, by letting go of what sorts after it, oldest first and never
 * what is pinned. Where that does not suffice nothing goes.
 * @returns whether there is room now
 */
export async function makeRoom(
  transaction: EmailTransaction,
  accountId: Id,
  rank: string,
  octets: number,
  limit: number,
): Promise<boolean> {
  const going = await roomFor(transaction, accountId, rank, octets, limit);
  for (const email of going ?? []) await letGo(transaction, email);
  return going !== null;
}

/** What would have to go to make room, as `makeRoom` would let it; null when that does not suffice. */
export async function roomFor(
  transaction: EmailTransaction,
  accountId: Id,
  rank: string,
  octets: number,
  limit: number,
): Promise<StoredEmail[] | null> {
  const used = (await transaction.objectStore('feeds').get(accountId))?.bodyBytes ?? 0;
  let missing = used + octets - limit;
  const going: StoredEmail[] = [];
  if (missing <= 0) return going;
  const range = unpinnedAfter(accountId, rank);
  let cursor = await transaction.objectStore('emails').index('kept').openCursor(range, 'prev');
  while (cursor && missing > 0) {
    going.push(cursor.value);
    missing -= cursor.value.bodySize ?? 0;
    cursor = await cursor.continue();
  }
  return missing > 0 ? null : going;
}

function unpinnedAfter(accountId: Id, rank: string): IDBKeyRange {
  const from = isPinnedRank(rank) ? FIRST_UNPINNED : rank;
  return IDBKeyRange.bound([accountId, from], [accountId, []], true);
}

/** Lets a body go with its blobs; it is wanted again as soon as there is room. */
async function letGo(transaction: EmailTransaction, email: StoredEmail): Promise<void> {
  const { kept: _kept, files: _files, ...rest } = email;
  await transaction.objectStore('bodies').delete([email.accountId, email.id]);
  await markBlobsGone(transaction, email.accountId, email.id);
  const wanted: [Id, string] = [email.accountId, rankOf(email.receivedAt, false)];
  await transaction.objectStore('emails').put({ ...rest, wanted });
  await addBodyBytes(transaction, email.accountId, -(email.bodySize ?? 0));
}

/**
 * Lets the oldest bodies of an account go, never what is pinned, without reading any.
 * @param until whether enough went: asked with the octets that the account's bodies still take, and those that went
 * @param after the rank after which bodies may go
 * @returns the octets that went
 */
async function letOldestGo(
  db: Database,
  accountId: Id,
  until: (used: number, freed: number) => boolean,
  after = FIRST_UNPINNED,
): Promise<number> {
  let freed = 0;
  for (;;) {
    const count = await changeEmails(db, async transaction => {
      const range = unpinnedAfter(accountId, after);
      let gone = 0;
      let cursor = await transaction.objectStore('emails').index('kept').openCursor(range, 'prev');
      while (cursor && gone < CHUNK) {
        const used = (await transaction.objectStore('feeds').get(accountId))?.bodyBytes ?? 0;
        if (until(used, freed)) break;
        freed += cursor.value.bodySize ?? 0;
        gone += 1;
        await letGo(transaction, cursor.value);
        cursor = await cursor.continue();
      }
      return gone;
    });
    if (count < CHUNK) break;
  }
  if (freed > 0) announce('bodies', 'feeds');
  return freed;
}

/**
 * Brings an account within its budget: what is older than its days goes, and the oldest while it takes more than
 * `limit` octets. What somebody opened within the last minute stays.
 * @param now milliseconds since the epoch
 */
export async function keepWithin(
  db: Database,
  keeping: KeepingRow,
  limit: number,
  now: number,
): Promise<void> {
  await letOldestGo(db, keeping.accountId, () => false, lastRank(keeping, now));
  const reading = rankOf(new Date(now - READING).toISOString(), false);
  await letOldestGo(db, keeping.accountId, used => used <= limit, reading);
}

/**
 * Frees room on the device: the oldest bodies go, of all accounts together, never what is pinned.
 * @returns the octets that were freed, which may be fewer
 */
export async function freeOctets(db: Database, octets: number): Promise<number> {
  let freed = 0;
  while (freed < octets) {
    const oldest = await oldestKept(db);
    const [first, second] = oldest;
    if (!first) break;
    // Of this account everything may go that is older than the oldest of the next one.
    const after = second?.rank ?? FIRST_UNPINNED;
    const going = await letOldestGo(
      db,
      first.accountId,
      (_used, went) => freed + went >= octets,
      first.rank > after ? after : FIRST_UNPINNED,
    );
    // Bodies without any octets free nothing, and are gone now.
    if (going === 0 && (await oldestKept(db))[0]?.rank === first.rank) break;
    freed += going;
  }
  return freed;
}

/** The rank of the oldest body of each account that may go, the oldest first. */
async function oldestKept(db: Database): Promise<{ accountId: Id; rank: string }[]> {
  const found: { accountId: Id; rank: string }[] = [];
  for (const accountId of await db.getAllKeys('feeds')) {
    const index = db.transaction('emails').store.index('kept');
    const cursor = await index.openKeyCursor(unpinnedAfter(accountId, FIRST_UNPINNED), 'prev');
    if (cursor) found.push({ accountId, rank: cursor.key[1] });
  }
  return found.sort((a, b) => (a.rank < b.rank ? 1 : -1));
}

/** Removes from the cache what no Email of an account has any more. */
export async function dropGoneBlobs(db: Database, store: BlobStore): Promise<void> {
  const gone = await db.getAllFromIndex('blobs', 'gone');
  for (const { accountId, blobId } of gone) {
    // It may have come back meanwhile.
    if (!(await db.get('blobs', [accountId, blobId]))?.gone) continue;
    await store.drop(accountId, [blobId]);
    await db.delete('blobs', [accountId, blobId]);
  }
}

/** A blob that belongs to an Email, and its bytes. */
export interface FoundBlob {
  part: BlobPart;
  blob: Blob;
}

/** Counts blobs as part of an Email; answers the octets by which that grew. Who calls it stores the Email's row. */
export async function countBlobs(
  transaction: EmailTransaction,
  accountId: Id,
  emailId: Id,
  blobs: readonly FoundBlob[],
): Promise<number> {
  let grew = 0;
  for (const { part, blob } of blobs) {
    const blobId = part.blobId ?? '';
    const known = await transaction.objectStore('blobs').get([accountId, blobId]);
    grew += blob.size - (known && !known.gone ? known.octets : 0);
    await transaction.objectStore('blobs').put({ accountId, blobId, emailId, octets: blob.size });
  }
  return grew;
}
