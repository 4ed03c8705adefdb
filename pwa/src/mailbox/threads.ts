import type { Id } from '../../../functions/jmap/types.ts';
import type { StoredEmail, StoredThread, ThreadMember } from './db.ts';

function memberOf(email: StoredEmail): ThreadMember {
  return {
    id: email.id,
    lists: email.lists,
    hasAttachment: email.hasAttachment,
    from: email.from[0] ?? null,
    unread: !email.keywords.$seen,
    starred: email.keywords.$flagged === true,
  };
}

/** The part of a list key that names the list. */
export function listOfKey(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

/** The part of a list key that sorts, newest first, and is the same in every list. */
function orderOfKey(key: string): string {
  return key.slice(key.indexOf(' '));
}

/** Of each list that any of the members is in, the key of the newest; pure. */
export function headsOf(members: readonly ThreadMember[]): string[] {
  const heads = new Map<string, string>();
  for (const key of members.flatMap(member => member.lists)) {
    const list = listOfKey(key);
    const head = heads.get(list);
    if (head === undefined || key < head) heads.set(list, key);
  }
  return [...heads.values()];
}

/** A thread of these members; one that is in no list is not shown, and is no member. */
function threadWith(accountId: Id, id: Id, members: readonly ThreadMember[]): StoredThread {
  const order = ({ lists: [key = ''] }: ThreadMember) => orderOfKey(key);
  const shown = members.filter(member => member.lists.length > 0);
  const sorted = shown.sort((a, b) => (order(a) < order(b) ? 1 : order(a) > order(b) ? -1 : 0));
  return { accountId, id, members: sorted, heads: headsOf(sorted) };
}

function groupBy<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group) group.push(one);
    else groups.set(nameOf(one), [one]);
  }
  return groups;
}

/** The store of threads, in a transaction that writes. */
interface Threads {
  get(key: [Id, Id]): Promise<StoredThread | undefined>;
  put(thread: StoredThread): Promise<unknown>;
  delete(key: [Id, Id]): Promise<void>;
}

/** Brings the threads of an account's Emails up to what was just stored of these. */
export async function regroup(
  store: Threads,
  accountId: Id,
  stored: readonly StoredEmail[],
  gone: readonly Pick<StoredEmail, 'id' | 'threadId'>[] = [],
): Promise<void> {
  const changed = groupBy<Pick<StoredEmail, 'id' | 'threadId'>>([...stored, ...gone], one => one.threadId);
  const members = new Map(stored.map(email => [email.id, memberOf(email)]));
  await Promise.all(
    [...changed].map(async ([threadId, ones]) => {
      const known = await store.get([accountId, threadId]);
      const ids = new Set(ones.map(one => one.id));
      const kept = known?.members.filter(member => !ids.has(member.id)) ?? [];
      const fresh = [...ids].flatMap(id => members.get(id) ?? []);
      const next = threadWith(accountId, threadId, [...kept, ...fresh]);
      if (next.members.length) await store.put(next);
      else if (known) await store.delete([accountId, threadId]);
    }),
  );
}
