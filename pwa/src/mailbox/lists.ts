import type { Id } from '../../../functions/jmap/types.ts';
import { type Database, newestFirst, type StoredEmail, type StoredMailbox } from './db.ts';

/** A list of Emails: one mailbox, or all that have a role in any account. */
export type ListName = { accountId: Id; mailboxId: Id } | { role: 'inbox' };

function prefixOf(list: ListName): string {
  return 'role' in list ? `*/${list.role}` : `${list.accountId}/${list.mailboxId}`;
}

/** The keys under which the index `list` finds an Email, newest first within each list. */
export function listKeys(
  email: Pick<StoredEmail, 'accountId' | 'id' | 'receivedAt' | 'mailboxIds'>,
  inboxes: ReadonlySet<Id>,
): string[] {
  const ids = Object.keys(email.mailboxIds);
  const tail = ` ${newestFirst(email.receivedAt)} ${email.accountId}/${email.id}`;
  const keys = ids.map(mailboxId => prefixOf({ accountId: email.accountId, mailboxId }) + tail);
  if (ids.some(id => inboxes.has(id))) keys.push(prefixOf({ role: 'inbox' }) + tail);
  return keys;
}

function rangeOf(list: ListName): IDBKeyRange {
  return IDBKeyRange.bound(`${prefixOf(list)} `, `${prefixOf(list)} \uffff`);
}

/** How many Emails a list has. */
export async function countList(db: Database, list: ListName): Promise<number> {
  return db.countFromIndex('emails', 'list', rangeOf(list));
}

/** `count` Emails of a list from position `start`, newest first. */
export async function readList(
  db: Database,
  list: ListName,
  start: number,
  count: number,
): Promise<StoredEmail[]> {
  const index = db.transaction('emails').store.index('list');
  if (start === 0) return index.getAll(rangeOf(list), count);
  let cursor = await index.openKeyCursor(rangeOf(list));
  cursor = (await cursor?.advance(start)) ?? null;
  if (!cursor) return [];
  return index.getAll(IDBKeyRange.bound(cursor.key, `${prefixOf(list)} \uffff`), count);
}

/** The position of an Email in a list, or -1. */
export async function positionInList(db: Database, list: ListName, email: StoredEmail): Promise<number> {
  const own = `${prefixOf(list)} ${newestFirst(email.receivedAt)} ${email.accountId}/${email.id}`;
  if (!email.lists.includes(own)) return -1;
  return db.countFromIndex('emails', 'list', IDBKeyRange.bound(`${prefixOf(list)} `, own, false, true));
}

/** The mailboxes of an account with the role inbox: their Emails also appear in the list of all inboxes. */
export function inboxIds(mailboxes: readonly StoredMailbox[]): Set<Id> {
  return new Set(mailboxes.filter(mailbox => mailbox.role === 'inbox').map(mailbox => mailbox.id));
}
