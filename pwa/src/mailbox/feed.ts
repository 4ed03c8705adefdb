import type { Email, Id, Mailbox } from '../../../functions/jmap/types.ts';
import { type Call, ref } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import type { Database, FeedRow } from './db.ts';
import {
  changeEmails,
  type EmailTransaction,
  forgetEmails,
  METADATA,
  refreshShown,
  storeFromServer,
} from './emails.ts';
import { inboxIds } from './lists.ts';
import { announce } from './observe.ts';

/** The answer of a `/changes` method (RFC 8620 section 5.2). */
interface Changes {
  oldState: string;
  newState: string;
  hasMoreChanges: boolean;
  created: Id[];
  updated: Id[];
  destroyed: Id[];
}

/** The answer of a `/get` method (RFC 8620 section 5.1). */
interface Got<T> {
  state: string;
  list: T[];
  notFound: Id[];
}

/** Changes asked for in one step. */
const MAX_CHANGES = 256;

/** How far the device is with an account, or the row of one that was never looked at. */
export async function feedOf(db: Database, accountId: Id): Promise<FeedRow> {
  return (
    (await db.get('feeds', accountId)) ?? {
      accountId,
      emailState: null,
      mailboxState: null,
      listing: null,
      generation: 0,
      updatedAt: null,
      bodyBytes: 0,
      full: false,
    }
  );
}

/**
 * Brings the device up to the server's state: `Mailbox/changes` and `Email/changes` with what they name. The
 * caller holds the account's lock. The first look, and one after `cannotCalculateChanges`, starts a listing
 * (see `first-download.ts`); nothing that is shown, and nothing of the outbox, is lost by that.
 * @throws Unreachable, SignInNeeded, RequestRefused, MethodRefused
 */
export async function pullChanges(db: Database, accountId: Id, call: Call): Promise<void> {
  let limit = MAX_CHANGES;
  for (;;) {
    const feed = await feedOf(db, accountId);
    if (feed.emailState === null || feed.mailboxState === null) return startListing(db, accountId, call);
    try {
      if (!(await pullStep(db, feed, call, limit))) return;
    } catch (error) {
      if (error instanceof MethodRefused && error.code === 'requestTooLarge' && limit > 1) {
        limit = Math.ceil(limit / 8);
        continue;
      }
      if (!(error instanceof MethodRefused) || error.code !== 'cannotCalculateChanges') throw error;
      return startListing(db, accountId, call);
    }
  }
}

/** One step of changes; true when there are more. */
async function pullStep(db: Database, feed: FeedRow, call: Call, maxChanges: number): Promise<boolean> {
  const { accountId } = feed;
  const answers = await call([
    ['Mailbox/changes', { accountId, sinceState: feed.mailboxState, maxChanges }, 'mc'],
    ['Mailbox/get', { accountId, '#ids': ref('mc', 'Mailbox/changes', '/created') }, 'm+'],
    ['Mailbox/get', { accountId, '#ids': ref('mc', 'Mailbox/changes', '/updated') }, 'm~'],
    ['Email/changes', { accountId, sinceState: feed.emailState, maxChanges }, 'ec'],
    ['Email/get', { accountId, '#ids': ref('ec', 'Email/changes', '/created'), properties: METADATA }, 'e+'],
    ['Email/get', { accountId, '#ids': ref('ec', 'Email/changes', '/updated'), properties: METADATA }, 'e~'],
  ]);
  const mailboxChanges = answers.of<Changes>('mc');
  const emailChanges = answers.of<Changes>('ec');
  const mailboxes = [...answers.of<Got<Mailbox>>('m+').list, ...answers.of<Got<Mailbox>>('m~').list];
  const emails = [...answers.of<Got<Email>>('e+').list, ...answers.of<Got<Email>>('e~').list];
  await changeEmails(db, async transaction => {
    await storeMailboxes(transaction, accountId, mailboxes, mailboxChanges.destroyed);
    await storeFromServer(transaction, accountId, emails, feed.generation);
    await forgetEmails(transaction, accountId, emailChanges.destroyed);
    const latest = await transaction.objectStore('feeds').get(accountId);
    await transaction.objectStore('feeds').put({
      ...(latest ?? feed),
      mailboxState: mailboxChanges.newState,
      emailState: emailChanges.newState,
      updatedAt: Date.now(),
    });
  });
  if (mailboxes.length || mailboxChanges.destroyed.length) announce('mailboxes');
  if (emails.length || emailChanges.destroyed.length) announce('emails');
  announce('feeds');
  return mailboxChanges.hasMoreChanges || emailChanges.hasMoreChanges;
}

/** Reads the mailboxes and the state from which changes will count, and begins to list all Emails. */
async function startListing(db: Database, accountId: Id, call: Call): Promise<void> {
  const answers = await call([
    ['Mailbox/get', { accountId, ids: null }, 'm'],
    ['Email/get', { accountId, ids: [] }, 'e'],
  ]);
  const mailboxes = answers.of<Got<Mailbox>>('m');
  const emails = answers.of<Got<Email>>('e');
  const unknown = await feedOf(db, accountId);
  await changeEmails(db, async transaction => {
    // What bodies take is counted by others, who do not hold the account's lock.
    const feed = (await transaction.objectStore('feeds').get(accountId)) ?? unknown;
    const listed = new Set(mailboxes.list.map(mailbox => mailbox.id));
    const known = await transaction.objectStore('mailboxes').index('account').getAllKeys(accountId);
    const gone = known.map(([, id]) => id).filter(id => !listed.has(id));
    await storeMailboxes(transaction, accountId, mailboxes.list, gone);
    await transaction.objectStore('feeds').put({
      ...feed,
      mailboxState: mailboxes.state,
      emailState: emails.state,
      listing: { anchor: null, fetched: 0, total: null },
      generation: feed.generation + 1,
      updatedAt: Date.now(),
    });
  });
  announce('mailboxes', 'feeds');
}

async function storeMailboxes(
  transaction: EmailTransaction,
  accountId: Id,
  changed: readonly Mailbox[],
  destroyed: readonly Id[],
): Promise<void> {
  const store = transaction.objectStore('mailboxes');
  const before = inboxIds(await store.index('account').getAll(accountId));
  for (const mailbox of changed) await store.put({ ...mailbox, accountId });
  for (const id of destroyed) await store.delete([accountId, id]);
  const after = inboxIds(await store.index('account').getAll(accountId));
  // The list of all inboxes depends on roles: where those moved, its keys are made again.
  const same = before.size === after.size && [...before].every(id => after.has(id));
  if (same) return;
  const emails = await transaction.objectStore('emails').index('account').getAllKeys(accountId);
  await refreshShown(
    transaction,
    accountId,
    emails.map(([, id]) => id),
  );
}

/** Removes all that is known of accounts that are no more. */
export async function forgetAccounts(db: Database, accountIds: readonly Id[]): Promise<void> {
  for (const accountId of accountIds) {
    const transaction = db.transaction(
      [
        'accounts',
        'mailboxes',
        'emails',
        'threads',
        'bodies',
        'outbox',
        'feeds',
        'keeping',
        'blobs',
        'unindexed',
      ],
      'readwrite',
    );
    const all = IDBKeyRange.bound([accountId], [accountId, []]);
    await transaction.objectStore('mailboxes').delete(all);
    await transaction.objectStore('emails').delete(all);
    await transaction.objectStore('threads').delete(all);
    await transaction.objectStore('bodies').delete(all);
    await transaction.objectStore('unindexed').delete(all);
    const outbox = transaction.objectStore('outbox');
    for (const seq of await outbox.index('account').getAllKeys(accountId)) await outbox.delete(seq);
    await transaction.objectStore('feeds').delete(accountId);
    await transaction.objectStore('keeping').delete(accountId);
    await transaction.objectStore('blobs').delete(all);
    await transaction.objectStore('accounts').delete(accountId);
    await transaction.done;
  }
  if (accountIds.length) announce('accounts', 'mailboxes', 'emails', 'outbox', 'feeds');
}
