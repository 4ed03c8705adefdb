import type { Id } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { MethodRefused, RequestRefused } from '../jmap/errors.ts';
import type { BlobStore } from './blobs.ts';
import { type AnsweredEmail, PART_PROPERTIES, PROPERTIES, toBody } from './body-answer.ts';
import { lastRank, limitOf } from './budget.ts';
import type { Database, KeepingRow, StoredEmail } from './db.ts';
import { dropLeftFiles } from './drop-files.ts';
import { changeEmails } from './emails.ts';
import { fileStep } from './files.ts';
import { dropGoneBlobs, keepingOf, keepWithin, roomFor } from './keeping.ts';
import { announce } from './observe.ts';
import { type Room, storeBodies } from './store-bodies.ts';

/** Bodies asked for in one request, and the octets of raw mail that the server reads for them. */
const BATCH = 25;
const BATCH_OCTETS = 4_000_000;
/** Bodies of one step: between two steps another account has its turn, and the budget is looked at again. */
const STEP = 100;
/** Longest text that is downloaded of one part, in octets; the rest is in the raw message. */
const MAX_VALUE = 1_000_000;

/** What happened in one step: there is more, all is here, or there is no room for more. */
export type BodyStep = 'more' | 'complete' | 'full';

/** What a step has to know of its surroundings. */
export interface Surroundings {
  /** milliseconds since the epoch */
  now: number;
  /** what all accounts together may take, in octets, where the browser has no room for their budgets */
  deviceLimit: number | null;
  /** bodies that this step may download, where it is not to go as far as it could */
  most?: number;
}

/**
 * Brings an account within its budget, and downloads its next bodies: what is pinned first, then newest first, with
 * their inline images; then attachments, as far as the person wants them. Room for a newer body is made by letting the
 * oldest go. The caller holds no lock: bodies are immutable.
 * @throws Unreachable, SignInNeeded: what was not stored is still wanted
 * @throws DOMException `QuotaExceededError`: the same; see `storage.ts`
 */
export async function bodyStep(
  db: Database,
  accountId: Id,
  call: Call,
  store: BlobStore,
  { now, deviceLimit, most = STEP }: Surroundings = { now: Date.now(), deviceLimit: null },
): Promise<BodyStep> {
  const keeping = await keepingOf(db, accountId);
  const feeds = await db.getAll('feeds');
  const own = feeds.find(feed => feed.accountId === accountId)?.bodyBytes ?? 0;
  const all = feeds.reduce((sum, feed) => sum + feed.bodyBytes, 0);
  const limit = limitOf(keeping.octets, own, all, deviceLimit);
  await keepWithin(db, keeping, limit, now);
  await dropLeftFiles(db, keeping);
  await dropGoneBlobs(db, store);
  const wanted = await nextWanted(db, keeping, now, Math.min(most, STEP));
  const room = { keeping, limit };
  if (!wanted.length) return setFull(db, accountId, await fileStep(db, store, room, now));
  if (await isKnownNotToFit(db, wanted[0], limit)) return setFull(db, accountId, 'full');
  const fits = await downloadInto({ db, accountId, call, store, room }, requestsFor(wanted));
  return fits ? 'more' : setFull(db, accountId, 'full');
}

/**
 * Downloads bodies that the person opened, whether or not there is room: the oldest go for them. A body that the
 * server cannot give is no longer wanted, until it is opened again.
 * @throws Unreachable, SignInNeeded, DOMException `QuotaExceededError`
 */
export async function downloadBodies(
  db: Database,
  accountId: Id,
  ids: readonly Id[],
  call: Call,
  store: BlobStore,
): Promise<void> {
  await downloadInto({ db, accountId, call, store, room: null }, [ids]);
}

/** Where bodies are asked for, and where they go. */
interface Way {
  db: Database;
  accountId: Id;
  call: Call;
  store: BlobStore;
  room: Room | null;
}

/**
 * Downloads bodies in this order as long as there is room, each request on its way while the answer to the one before
 * it is stored; answers whether there was room.
 */
async function downloadInto(way: Way, requests: readonly (readonly Id[])[]): Promise<boolean> {
  let next = ask(way, requests[0] ?? []);
  for (const [position, ids] of requests.entries()) {
    const answer = await next;
    next = ask(way, requests[position + 1] ?? []);
    // Where storing fails nobody waits for it.
    next.catch(() => {});
    if (!(await storeAnswer(way, ids, answer))) return false;
  }
  return true;
}

/** What the server has of these; null when it refuses to answer. */
async function ask({ accountId, call }: Way, ids: readonly Id[]): Promise<Map<Id, AnsweredEmail> | null> {
  if (ids.length === 0) return new Map();
  const args = {
    ...{ accountId, ids, properties: PROPERTIES, bodyProperties: PART_PROPERTIES },
    ...{ fetchTextBodyValues: true, fetchHTMLBodyValues: true, maxBodyValueBytes: MAX_VALUE },
  };
  try {
    const answers = await call([['Email/get', args, 'b']]);
    const { list } = answers.of<{ list: AnsweredEmail[] }>('b');
    return new Map(list.map(email => [email.id, email]));
  } catch (error) {
    if (error instanceof MethodRefused || error instanceof RequestRefused) return null;
    throw error;
  }
}

async function storeAnswer(
  way: Way,
  ids: readonly Id[],
  answer: Map<Id, AnsweredEmail> | null,
): Promise<boolean> {
  const { db, accountId, store, room } = way;
  // One message that the server cannot answer must not keep the others from coming.
  if (!answer && ids.length > 1) {
    return downloadInto(
      way,
      ids.map(id => [id]),
    );
  }
  for (const id of ids) if (!answer?.has(id)) await unwant(db, accountId, id);
  const bodies = ids.flatMap(id => answer?.get(id) ?? []).map(email => toBody(accountId, email));
  const fits = await storeBodies(db, store, bodies, room);
  announce('bodies', 'feeds');
  return fits;
}

async function unwant(db: Database, accountId: Id, id: Id): Promise<void> {
  const transaction = db.transaction('emails', 'readwrite');
  const email = await transaction.store.get([accountId, id]);
  if (email) {
    const { wanted: _wanted, ...rest } = email;
    await transaction.store.put(rest);
  }
  await transaction.done;
}

/** What is wanted of an account within its days: everything pinned, then newest first. */
function wantedRange(keeping: KeepingRow, now: number): IDBKeyRange {
  return IDBKeyRange.bound([keeping.accountId], [keeping.accountId, lastRank(keeping, now)]);
}

function nextWanted(db: Database, keeping: KeepingRow, now: number, count: number): Promise<StoredEmail[]> {
  return db.getAllFromIndex('emails', 'wanted', wantedRange(keeping, now), count);
}

/** The ids of Emails, in their order, by the request that asks for them. */
function requestsFor(emails: readonly StoredEmail[]): Id[][] {
  const requests: Id[][] = [];
  let octets = 0;
  for (const { id, size } of emails) {
    octets += size;
    const last = requests.at(-1);
    if (last && last.length < BATCH && octets <= BATCH_OCTETS) last.push(id);
    else {
      requests.push([id]);
      octets = size;
    }
  }
  return requests;
}

/** True when a body was here, or was too large before, and letting all older ones go would not make room for it. */
async function isKnownNotToFit(db: Database, next: StoredEmail | undefined, limit: number): Promise<boolean> {
  if (!next?.wanted || next.bodySize === undefined) return false;
  const { accountId, wanted, bodySize } = next;
  const going = await changeEmails(db, transaction =>
    roomFor(transaction, accountId, wanted[1], bodySize, limit),
  );
  return going === null;
}

async function setFull(db: Database, accountId: Id, step: BodyStep): Promise<BodyStep> {
  if (step === 'more') return step;
  const transaction = db.transaction('feeds', 'readwrite');
  const feed = await transaction.store.get(accountId);
  const full = step === 'full';
  if (feed && feed.full !== full) {
    await transaction.store.put({ ...feed, full });
    announce('feeds');
  }
  await transaction.done;
  return step;
}

/** How many bodies of an account are here, and how many are still wanted within its days. */
export async function countBodies(db: Database, accountId: Id): Promise<{ kept: number; wanted: number }> {
  const range = IDBKeyRange.bound([accountId], [accountId, []]);
  const keeping = await keepingOf(db, accountId);
  const [kept, wanted] = await Promise.all([
    db.countFromIndex('emails', 'kept', range),
    db.countFromIndex('emails', 'wanted', wantedRange(keeping, Date.now())),
  ]);
  return { kept, wanted };
}

/** Whether a body of an account is still wanted within its days. */
export async function isSomeWanted(db: Database, accountId: Id): Promise<boolean> {
  const range = wantedRange(await keepingOf(db, accountId), Date.now());
  return (await db.getKeyFromIndex('emails', 'wanted', range)) !== undefined;
}

/** How many bodies of an account are here, but no more than `most`: to count all is to walk along all. */
export async function countKept(db: Database, accountId: Id, most: number): Promise<number> {
  const range = IDBKeyRange.bound([accountId], [accountId, []]);
  return (await db.getAllKeysFromIndex('emails', 'kept', range, most)).length;
}
