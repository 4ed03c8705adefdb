import type { EmailAddress, Id } from '../../../functions/jmap/types.ts';
import {
  type Database,
  emailKey,
  type StoredEmail,
  type StoredMailbox,
  type StoredThread,
  type ThreadMember,
} from './db.ts';
import {
  countList,
  type ListName,
  positionInList,
  prefixOf,
  rangeFrom,
  rangeOf,
  readList,
  type Start,
} from './lists.ts';
import { listOfKey } from './threads.ts';

/** A list, and whether it shows conversations or single messages. */
export interface View {
  list: ListName;
  threads: boolean;
}

/** One row of a list: a conversation, or one message. */
export interface Entry {
  /** The same as long as it is the same conversation, whatever comes to it. */
  key: string;
  /** The newest message in the list; the row shows its subject and date. */
  email: StoredEmail;
  /** The Emails of it in the list, oldest first: what an action on the row is about. */
  ids: Id[];
  /** How many messages the reader shows. */
  size: number;
  /** Who wrote them, the latest first, each once. */
  people: EmailAddress[];
  unread: boolean;
  starred: boolean;
  hasAttachment: boolean;
}

/** How many entries a list has. */
export function countEntries(db: Database, { list, threads }: View): Promise<number> {
  return threads ? db.countFromIndex('threads', 'list', rangeOf(list)) : countList(db, list);
}

/** `count` entries of a list, newest first. */
export async function readEntries(db: Database, view: View, start: Start, count: number): Promise<Entry[]> {
  const { list } = view;
  if (!view.threads) return (await readList(db, list, start, count)).map(entryOf);
  const transaction = db.transaction(['emails', 'threads', 'mailboxes']);
  const index = transaction.objectStore('threads').index('list');
  const range = await rangeFrom(index, list, start);
  if (!range) return [];
  const emails = transaction.objectStore('emails');
  // The newest Email of a conversation has the same key in the list of Emails: most are among as many of those.
  const [threads, mailboxes, likely] = await Promise.all([
    index.getAll(range, count),
    transaction.objectStore('mailboxes').getAll(),
    emails.index('list').getAll(range, count),
  ]);
  const aside = asideLists(mailboxes);
  const byKey = new Map(likely.map(email => [emailKey(email.accountId, email.id), email]));
  const entries = await Promise.all(
    threads.map(async thread => {
      const head = newestIn(thread, prefixOf(list));
      if (!head) return null;
      const key = emailKey(thread.accountId, head.id);
      const email = byKey.get(key) ?? (await emails.get([thread.accountId, head.id]));
      return email ? conversationOf(thread, email, prefixOf(list), aside) : null;
    }),
  );
  return entries.filter(entry => entry !== null);
}

/** The position of the entry with an Email in a list, or -1. */
export async function positionOf(db: Database, view: View, email: StoredEmail): Promise<number> {
  const { list } = view;
  if (!view.threads) return positionInList(db, list, email);
  const thread = await db.get('threads', [email.accountId, email.threadId]);
  const head = thread?.heads.find(key => key.startsWith(`${prefixOf(list)} `));
  if (!head) return -1;
  const before = IDBKeyRange.bound(rangeOf(list).lower, head, false, true);
  return db.countFromIndex('threads', 'list', before);
}

/** The Emails of the conversation that an Email belongs to, oldest first, as the reader of a list shows them. */
export async function readConversation(
  db: Database,
  list: ListName,
  accountId: Id,
  id: Id,
): Promise<StoredEmail[]> {
  const transaction = db.transaction(['emails', 'threads', 'mailboxes']);
  const emails = transaction.objectStore('emails');
  const asked = await emails.get([accountId, id]);
  if (!asked || asked.destroyed) return [];
  const [thread, mailboxes] = await Promise.all([
    transaction.objectStore('threads').get([accountId, asked.threadId]),
    transaction.objectStore('mailboxes').index('account').getAll(accountId),
  ]);
  const aside = asideLists(mailboxes);
  const shown = thread?.members.filter(one => one.id === id || isShown(one, prefixOf(list), aside)) ?? [];
  const all = await Promise.all(
    shown.map(member => (member.id === id ? asked : emails.get([accountId, member.id]))),
  );
  return all.length ? all.flatMap(email => email ?? []) : [asked];
}

/** The Emails of entries. */
export async function emailsOf(db: Database, entries: readonly Entry[]): Promise<StoredEmail[]> {
  const store = db.transaction('emails').store;
  const all = await Promise.all(
    entries.flatMap(({ email, ids }) => ids.map(id => store.get([email.accountId, id]))),
  );
  return all.flatMap(email => email ?? []);
}

/** One message as an entry. */
export function entryOf(email: StoredEmail): Entry {
  return {
    key: `${email.accountId}/${email.id}`,
    email,
    ids: [email.id],
    size: 1,
    people: email.from,
    unread: !email.keywords.$seen,
    starred: email.keywords.$flagged === true,
    hasAttachment: email.hasAttachment,
  };
}

function conversationOf(
  thread: StoredThread,
  email: StoredEmail,
  list: string,
  aside: ReadonlySet<string>,
): Entry {
  const within = thread.members.filter(member => isIn(member, list));
  const shown = thread.members.filter(member => isShown(member, list, aside));
  const people = new Map<string, EmailAddress>();
  for (const { from } of shown.toReversed()) {
    const address = from?.email.toLowerCase();
    if (from && address !== undefined && !people.has(address)) people.set(address, from);
  }
  return {
    key: `${thread.accountId}/${thread.id}`,
    email,
    ids: within.map(member => member.id),
    size: shown.length,
    people: shown.length === 1 ? email.from : [...people.values()],
    unread: within.some(member => member.unread),
    starred: within.some(member => member.starred),
    hasAttachment: shown.some(member => member.hasAttachment),
  };
}

function newestIn({ members }: StoredThread, list: string): ThreadMember | undefined {
  return members.findLast(member => isIn(member, list));
}

function isIn(member: ThreadMember, list: string): boolean {
  return member.lists.some(key => key.startsWith(`${list} `));
}

/** What was thrown away is part of a conversation only where one looks at what was thrown away. */
function isShown(member: ThreadMember, list: string, aside: ReadonlySet<string>): boolean {
  return aside.has(list) || isIn(member, list) || member.lists.some(key => !aside.has(listOfKey(key)));
}

/** The lists of what was thrown away. */
function asideLists(mailboxes: readonly StoredMailbox[]): Set<string> {
  const aside = mailboxes.filter(({ role }) => role === 'trash' || role === 'junk');
  return new Set(aside.map(({ accountId, id }) => prefixOf({ accountId, mailboxId: id })));
}
