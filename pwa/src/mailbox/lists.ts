import type { Id } from '../../../functions/jmap/types.ts';
import { type Database, newestFirst, type StoredEmail, type StoredMailbox } from './db.ts';

/** A list of Emails: one mailbox, or all that have a role in any account. */
export type ListName = { accountId: Id; mailboxId: Id } | { role: 'inbox' };

/** How a list is called in the keys of the index. */
export function prefixOf(list: ListName): string {
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

/** The keys of a list. */
export function rangeOf(list: ListName): IDBKeyRange {
  return IDBKeyRange.bound(`${prefixOf(list)} `, `${prefixOf(list)} \uffff`);
}

/** How many Emails a list has. */
export async function countList(db: Database, list: ListName): Promise<number> {
  return db.countFromIndex('emails', 'list', rangeOf(list));
}

/** The key of an Email in a list that it is in. */
export function keyInList(
  list: ListName,
  { receivedAt, accountId, id }: Pick<StoredEmail, 'receivedAt' | 'accountId' | 'id'>,
): string {
  return `${prefixOf(list)} ${newestFirst(receivedAt)} ${accountId}/${id}`;
}

/** `count` Emails of a list, newest first. */
export async function readList(
  db: Database,
  list: ListName,
  start: Start,
  count: number,
): Promise<StoredEmail[]> {
  const index = db.transaction('emails').store.index('list');
  const range = await rangeFrom(index, list, start);
  return range ? index.getAll(range, count) : [];
}

/** A cursor over keys, as far as it is needed to find a position. */
interface KeyCursor {
  key: IDBValidKey;
  advance(count: number): Promise<KeyCursor | null>;
}

/** Where to begin in a list: at a position, or so many entries after the one with a key, which is quicker to find. */
export type Start = number | { after: string; skip: number };

/** The keys of a list from a place on; null when it ends before that. What is skipped is walked along. */
export async function rangeFrom(
  index: { openKeyCursor(range: IDBKeyRange): Promise<KeyCursor | null> },
  list: ListName,
  start: Start,
): Promise<IDBKeyRange | null> {
  const { lower, upper } = rangeOf(list);
  const [from, skip] = typeof start === 'number' ? [null, start] : [start.after, start.skip];
  const range = IDBKeyRange.bound(from ?? lower, upper, from !== null);
  if (skip === 0) return range;
  const cursor = await (await index.openKeyCursor(range))?.advance(skip);
  return cursor ? IDBKeyRange.bound(cursor.key, upper) : null;
}

/** The position of an Email in a list, or -1. */
export async function positionInList(db: Database, list: ListName, email: StoredEmail): Promise<number> {
  const own = keyInList(list, email);
  if (!email.lists.includes(own)) return -1;
  return db.countFromIndex('emails', 'list', IDBKeyRange.bound(`${prefixOf(list)} `, own, false, true));
}

/** The mailboxes of an account with the role inbox: their Emails also appear in the list of all inboxes. */
export function inboxIds(mailboxes: readonly StoredMailbox[]): Set<Id> {
  return new Set(mailboxes.filter(mailbox => mailbox.role === 'inbox').map(mailbox => mailbox.id));
}
