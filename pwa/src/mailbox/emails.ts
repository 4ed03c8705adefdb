import type { IDBPTransaction, StoreNames } from 'idb';
import type { Email, Id } from '../../../functions/jmap/types.ts';
import { emailKey, newestFirst, type Schema, type StoredEmail, type StoredMailbox } from './db.ts';
import { inboxIds, listKeys } from './lists.ts';
import { countChanges, type Flags, shownFlags } from './merge.ts';

/** The stores that take part whenever an Email's flags change. */
export const EMAIL_STORES = ['emails', 'mailboxes', 'outbox', 'bodies', 'feeds'] as const;
type EmailStores = (typeof EMAIL_STORES)[number];

/** A read-write transaction over `EMAIL_STORES`. */
export type EmailTransaction = IDBPTransaction<Schema, EmailStores[] & StoreNames<Schema>[], 'readwrite'>;

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

/** The patches of one Email that the server has not answered yet, in the order they were made. */
async function pendingPatches(transaction: EmailTransaction, accountId: Id, id: Id) {
  const rows = await transaction.objectStore('outbox').index('email').getAll(emailKey(accountId, id));
  return rows.filter(row => row.state !== 'failed').map(row => row.update[id] ?? {});
}

async function accountInboxes(transaction: EmailTransaction, accountId: Id): Promise<Set<Id>> {
  return inboxIds(await transaction.objectStore('mailboxes').index('account').getAll(accountId));
}

/** Computes what is shown of an Email from the server's value and the outbox, and stores it. */
export async function storeShown(transaction: EmailTransaction, email: StoredEmail): Promise<void> {
  const shown = shownFlags(email.server, await pendingPatches(transaction, email.accountId, email.id));
  const next = { ...email, ...shown };
  next.lists = listKeys(next, await accountInboxes(transaction, email.accountId));
  await transaction.objectStore('emails').put(next);
}

/** Computes anew what is shown of Emails whose outbox rows changed. Unknown ones are left alone. */
export async function refreshShown(
  transaction: EmailTransaction,
  accountId: Id,
  ids: Iterable<Id>,
): Promise<void> {
  for (const id of new Set(ids)) {
    const email = await transaction.objectStore('emails').get([accountId, id]);
    if (email) await storeShown(transaction, email);
  }
}

/** Stores an Email as the server described it, under whatever is pending here. */
export async function storeFromServer(
  transaction: EmailTransaction,
  accountId: Id,
  email: Email,
  generation: number,
): Promise<void> {
  const known = await transaction.objectStore('emails').get([accountId, email.id]);
  const server: Flags = { keywords: email.keywords ?? {}, mailboxIds: email.mailboxIds ?? {} };
  if (known) return storeShown(transaction, { ...known, server, generation });
  const receivedAt = email.receivedAt ?? new Date(0).toISOString();
  await storeShown(transaction, {
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
  });
}

/** Forgets an Email that is gone at the server, with its body and what waited to be done to it. */
export async function forgetEmail(transaction: EmailTransaction, accountId: Id, id: Id): Promise<void> {
  const email = await transaction.objectStore('emails').get([accountId, id]);
  await transaction.objectStore('emails').delete([accountId, id]);
  await transaction.objectStore('bodies').delete([accountId, id]);
  if (email?.bodySize) await addBodyBytes(transaction, accountId, -email.bodySize);
  const outbox = transaction.objectStore('outbox');
  for (const row of await outbox.index('email').getAll(emailKey(accountId, id))) {
    const { [id]: _gone, ...update } = row.update;
    const emails = row.emails.filter(key => key !== emailKey(accountId, id));
    if (emails.length) await outbox.put({ ...row, update, emails });
    else await outbox.delete(row.seq);
  }
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
