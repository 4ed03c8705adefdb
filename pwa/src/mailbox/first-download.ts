import type { Email, Id } from '../../../functions/jmap/types.ts';
import { type Answers, type Call, ref } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import type { Database, FeedRow } from './db.ts';
import { changeEmails, type EmailTransaction, forgetEmails, METADATA, storeFromServer } from './emails.ts';
import { feedOf } from './feed.ts';
import { announce } from './observe.ts';

/** Emails listed in one step: one answer stays far below what a function may answer (6 MB). */
const PAGE = 200;
/** How far a listing goes back when the Email it stood at is gone. */
const OVERLAP = 100;

/**
 * One step of listing all Emails of an account, newest first. It goes on where the last one stopped, in
 * whatever tab or on whatever day. The caller holds the account's lock.
 *
 * A listing is a generation: every Email it sees is marked with its number, and those without the mark are
 * gone at the server when it ends. So the same steps serve the first download and, after
 * `cannotCalculateChanges`, the comparison of what is here with what is there.
 * @returns true when there is more to list
 */
export async function listStep(db: Database, accountId: Id, call: Call, limit = PAGE): Promise<boolean> {
  const feed = await feedOf(db, accountId);
  if (!feed.listing) return false;
  const answers = await call([
    [
      'Email/query',
      { accountId, ...pageOf(feed.listing), ...NEWEST_FIRST, limit, calculateTotal: true },
      'q',
    ],
    ['Email/get', { accountId, '#ids': ref('q', 'Email/query', '/ids'), properties: METADATA }, 'e'],
  ]);
  let page: { ids: Id[]; total?: number };
  try {
    page = answers.of('q');
  } catch (error) {
    if (!(error instanceof MethodRefused) || error.code !== 'anchorNotFound') throw error;
    const fetched = Math.max(0, feed.listing.fetched - OVERLAP);
    const transaction = db.transaction('feeds', 'readwrite');
    const latest = (await transaction.store.get(accountId)) ?? feed;
    await transaction.store.put({ ...latest, listing: { ...feed.listing, anchor: null, fetched } });
    await transaction.done;
    return true;
  }
  const list = listOf(answers);
  // Messages to thousands of people make large answers: then fewer of them at a time.
  if (!list && limit > 1) return listStep(db, accountId, call, Math.ceil(limit / 8));
  await storePage(db, feed, list ?? [], page);
  return page.ids.length > 0;
}

/** The Emails of an answer; null when they were too many for one. */
function listOf(answers: Answers): Email[] | null {
  try {
    return answers.of<{ list: Email[] }>('e').list;
  } catch (error) {
    if (error instanceof MethodRefused && error.code === 'requestTooLarge') return null;
    throw error;
  }
}

const NEWEST_FIRST = { sort: [{ property: 'receivedAt', isAscending: false }] };

function pageOf(listing: NonNullable<FeedRow['listing']>): Record<string, unknown> {
  return listing.anchor ? { anchor: listing.anchor, anchorOffset: 1 } : { position: listing.fetched };
}

async function storePage(db: Database, feed: FeedRow, list: Email[], page: { ids: Id[]; total?: number }) {
  const { accountId, generation } = feed;
  const fetched = (feed.listing?.fetched ?? 0) + page.ids.length;
  await changeEmails(db, async transaction => {
    await storeFromServer(transaction, accountId, list, generation);
    const last = page.ids.at(-1);
    if (!last) await forgetUnlisted(transaction, accountId, generation);
    const latest = (await transaction.objectStore('feeds').get(accountId)) ?? feed;
    await transaction.objectStore('feeds').put({
      ...latest,
      listing: last ? { anchor: last, fetched, total: page.total ?? null } : null,
    });
  });
  announce('emails', 'feeds');
}

/** At the end of a listing: what it did not see is gone at the server. */
async function forgetUnlisted(
  transaction: EmailTransaction,
  accountId: Id,
  generation: number,
): Promise<void> {
  if (generation <= 1) return;
  let cursor = await transaction.objectStore('emails').index('account').openCursor(accountId);
  const gone: Id[] = [];
  while (cursor) {
    if (cursor.value.generation !== generation) gone.push(cursor.value.id);
    cursor = await cursor.continue();
  }
  await forgetEmails(transaction, accountId, gone);
}
