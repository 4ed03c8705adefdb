import type { IDBPTransaction, StoreNames } from 'idb';
import type { Email, Id } from '../../../functions/jmap/types.ts';
import { isPinned, ranked } from './budget.ts';
import {
  type Database,
  emailKey,
  newestFirst,
  type OutboxRow,
  type Schema,
  type StoredEmail,
  type StoredMailbox,
} from './db.ts';
import { inboxIds, listKeys } from './lists.ts';
import { countChanges, type Flags, shownFlags } from './merge.ts';
import { regroup } from './threads.ts';

/** The stores that take part whenever an Email's flags change. */
export const EMAIL_STORES = [
  'emails',
  'threads',
  'mailboxes',
  'outbox',
  'bodies',
  'feeds',
  'keeping',
  'blobs',
  'unindexed',
] as const;
type EmailStores = (typeof EMAIL_STORES)[number];

/** A read-write transaction over `EMAIL_STORES`. */
export type EmailTransaction = IDBPTransaction<Schema, EmailStores[] & StoreNames<Schema>[], 'readwrite'>;

/**
 * Runs `work` in one transaction over `EMAIL_STORES`: all that it writes is stored or, where anything fails, nothing.
 * @throws DOMException `QuotaExceededError`, and what `work` throws
 */
export async function changeEmails<T>(
  db: Database,
  work: (transaction: EmailTransaction) => Promise<T>,
): Promise<T> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  // Where it fails while `work` goes on, that is told below.
  transaction.done.catch(() => {});
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (error) {
    abort(transaction);
    // What a request answers whose transaction has ended says nothing: the transaction knows why.
    throw transaction.error ?? error;
  }
}

function abort(transaction: EmailTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

/** The metadata that the app asks of Email/get. */
export const METADATA = [
  'id',
  'blobId',
  'threadId',
  'mailboxIds',
  'keywords',
  'size',
  'receivedAt',
  'from',
  'to',
  'subject',
  'preview',
  'hasAttachment',
] as const;

/** An Email as the views may show it: null where it is not here, or waits to be destroyed. */
export async function readShown(db: Database, accountId: Id, id: Id): Promise<StoredEmail | null> {
  const email = await db.get('emails', [accountId, id]);
  return email && !email.destroyed ? email : null;
}

/** The outbox rows about one Email that the server has not answered yet, in the order they were made. */
async function pendingRows(transaction: EmailTransaction, accountId: Id, id: Id): Promise<OutboxRow[]> {
  const rows = await transaction.objectStore('outbox').index('email').getAll(emailKey(accountId, id));
  return rows.filter(row => row.state !== 'failed');
}

/** What is shown of an Email: the server's value under what is pending. */
function withPending(email: StoredEmail, pending: readonly OutboxRow[]): StoredEmail {
  const { destroyed: _, ...rest } = email;
  const shown = shownFlags(
    email.server,
    pending.map(row => row.update[email.id] ?? {}),
  );
  if (!pending.some(row => row.destroy?.includes(email.id))) return { ...rest, ...shown };
  return { ...rest, ...shown, mailboxIds: {}, destroyed: true };
}

/** Computes what is shown of Emails of an account from the server's values and the outbox, and stores it. */
async function storeShown(
  transaction: EmailTransaction,
  accountId: Id,
  emails: readonly StoredEmail[],
): Promise<void> {
  const inboxes = inboxIds(await transaction.objectStore('mailboxes').index('account').getAll(accountId));
  const isPending = (await transaction.objectStore('outbox').index('account').count(accountId)) > 0;
  const keeping = await transaction.objectStore('keeping').get(accountId);
  const stored = await Promise.all(
    emails.map(async email => {
      const own = withPending(email, isPending ? await pendingRows(transaction, accountId, email.id) : []);
      const next = keeping ? ranked(own, isPinned(keeping, own)) : own;
      next.lists = listKeys(next, inboxes);
      await transaction.objectStore('emails').put(next);
      await markUnindexed(transaction, next, newestFirst(next.receivedAt));
      return next;
    }),
  );
  await regroup(transaction.objectStore('threads'), accountId, stored);
}

/** Lets the search index look at an Email again; `at` as in `UnindexedRow`. */
export async function markUnindexed(
  transaction: EmailTransaction,
  { accountId, id }: { accountId: Id; id: Id },
  at: string,
): Promise<void> {
  await transaction.objectStore('unindexed').put({ accountId, id, at, mark: Math.random() });
}

/** Emails handled together: enough to keep the database busy, few enough for the memory. */
const CHUNK = 200;

/** Computes anew what is shown of Emails whose outbox rows changed. Unknown ones are left alone. */
export async function refreshShown(
  transaction: EmailTransaction,
  accountId: Id,
  ids: Iterable<Id>,
): Promise<void> {
  const all = [...new Set(ids)];
  for (let start = 0; start < all.length; start += CHUNK) {
    const emails = await Promise.all(
      all.slice(start, start + CHUNK).map(id => transaction.objectStore('emails').get([accountId, id])),
    );
    await storeShown(
      transaction,
      accountId,
      emails.flatMap(email => email ?? []),
    );
  }
}

/** Stores Emails as the server described them, under whatever is pending here. */
export async function storeFromServer(
  transaction: EmailTransaction,
  accountId: Id,
  emails: readonly Email[],
  generation: number,
): Promise<void> {
  const stored = await Promise.all(
    // Described twice in one answer, the last one counts.
    [...new Map(emails.map(email => [email.id, email])).values()].map(async email => {
      const server: Flags = { keywords: email.keywords ?? {}, mailboxIds: email.mailboxIds ?? {} };
      const known = await transaction.objectStore('emails').get([accountId, email.id]);
      return known ? { ...known, server, generation } : newEmail(accountId, email, server, generation);
    }),
  );
  await storeShown(transaction, accountId, stored);
}

/** The row of an Email that was never here. */
export function newEmail(accountId: Id, email: Email, server: Flags, generation: number): StoredEmail {
  const receivedAt = email.receivedAt ?? new Date(0).toISOString();
  return {
    accountId,
    id: email.id,
    blobId: email.blobId ?? '',
    threadId: email.threadId ?? email.id,
    size: email.size ?? 0,
    receivedAt,
    from: email.from ?? [],
    to: email.to ?? [],
    subject: email.subject ?? '',
    preview: email.preview ?? '',
    hasAttachment: email.hasAttachment ?? false,
    ...server,
    server,
    lists: [],
    generation,
    wanted: [accountId, newestFirst(receivedAt)],
  };
}

/** Forgets Emails that are gone at the server, with their bodies and what waited to be done to them. */
export async function forgetEmails(
  transaction: EmailTransaction,
  accountId: Id,
  ids: readonly Id[],
): Promise<void> {
  const gone: StoredEmail[] = [];
  for (const id of ids) {
    const email = await transaction.objectStore('emails').get([accountId, id]);
    await transaction.objectStore('emails').delete([accountId, id]);
    await transaction.objectStore('bodies').delete([accountId, id]);
    if (email?.kept) await addBodyBytes(transaction, accountId, -(email.bodySize ?? 0));
    await markBlobsGone(transaction, accountId, id);
    if (email) gone.push(email);
    await markUnindexed(transaction, { accountId, id }, '');
    const outbox = transaction.objectStore('outbox');
    for (const row of await outbox.index('email').getAll(emailKey(accountId, id))) {
      const rest = withoutEmail(row, id);
      if (rest.emails.length) await outbox.put(rest);
      else await outbox.delete(row.seq);
    }
  }
  await regroup(transaction.objectStore('threads'), accountId, [], gone);
}

/** Lets the blobs of an Email go from the cache, at the next `dropGoneBlobs`; what they took is the caller's to count. */
export async function markBlobsGone(transaction: EmailTransaction, accountId: Id, id: Id): Promise<void> {
  const blobs = transaction.objectStore('blobs');
  for (const row of await blobs.index('email').getAll([accountId, id])) await blobs.put({ ...row, gone: 1 });
}

/** An action without what it does to one Email. */
export function withoutEmail(row: OutboxRow, id: Id): OutboxRow {
  const { [id]: _gone, ...update } = row.update;
  const { destroy, ...rest } = row;
  const emails = row.emails.filter(key => key !== emailKey(row.accountId, id));
  return { ...rest, update, emails, ...(destroy ? { destroy: destroy.filter(one => one !== id) } : {}) };
}

/** Adds to the octets that an account's bodies take here. */
export async function addBodyBytes(
  transaction: EmailTransaction,
  accountId: Id,
  octets: number,
): Promise<void> {
  const feeds = transaction.objectStore('feeds');
  const feed = await feeds.get(accountId);
  if (feed) await feeds.put({ ...feed, bodyBytes: Math.max(0, feed.bodyBytes + octets) });
}

/** Changes the mailbox counts as the server will once it knows that `before` became `after`. */
export async function moveCounts(
  transaction: EmailTransaction,
  accountId: Id,
  before: Flags,
  after: Flags,
): Promise<void> {
  const mailboxes = transaction.objectStore('mailboxes');
  for (const [id, change] of countChanges(before, after)) {
    const mailbox = await mailboxes.get([accountId, id]);
    if (mailbox) await mailboxes.put(addCounts(mailbox, change));
  }
}

/** A mailbox with its counts changed, never below zero. */
export function addCounts(mailbox: StoredMailbox, change: { total: number; unread: number }): StoredMailbox {
  return {
    ...mailbox,
    totalEmails: Math.max(0, mailbox.totalEmails + change.total),
    unreadEmails: Math.max(0, mailbox.unreadEmails + change.unread),
  };
}
