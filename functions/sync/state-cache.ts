import { listPool } from '../list-pool.ts';
import type { Services } from '../services.ts';
import type { Commit } from '../store/commit.ts';
import { getEmails, getIndex, getThreadMembers } from '../store/emails.ts';
import type { Head } from '../store/rows.ts';
import { applyInPlace, type EmailState, initialState } from '../store/state.ts';

/**
 * What a run knows of the Emails' states. A run with little to do reads the few it needs; a run with much to
 * do reads all once, in two ranges of small rows, and keeps them true by its own commits. It forgets when
 * another writer was in between.
 */
export interface StateCache {
  /** Says which position the next reads are for. */
  at(head: Head): Promise<void>;
  /** Current states by emailId; those that do not exist are left out. */
  states(ids: readonly string[]): Promise<ReadonlyMap<string, EmailState>>;
  /** All members of these threads, by emailId. */
  members(threadIds: readonly string[]): Promise<ReadonlyMap<string, EmailState>>;
  /** Those of these ids that have a tombstone; null when this cache does not hold everything. */
  destroyed(ids: readonly string[]): ReadonlySet<string> | null;
  /** Every Email of the account, by emailId. */
  all(): Promise<ReadonlyMap<string, EmailState>>;
  /** Takes in what this run committed. */
  applied(commit: Commit): void;
  /** From now on it pays to hold everything. */
  expectMuch(): void;
}

/** A cache for one run on one account. */
export function stateCache({ table }: Services, accountId: string): StateCache {
  let whole: Map<string, EmailState> | null = null;
  let tombstones = new Set<string>();
  let threads = threadIndex();
  let position = -1;
  let much = false;

  const shared = listPool();
  const keep = (state: EmailState) => {
    const { mailboxIds, keywords } = state;
    whole?.set(state.id, { ...state, mailboxIds: shared(mailboxIds), keywords: shared(keywords) });
    threads.add(state);
  };
  const load = async (): Promise<Map<string, EmailState>> => {
    if (!whole) {
      const { states, destroyed } = await getIndex(table, accountId);
      whole = states;
      tombstones = destroyed;
      threads = threadIndex();
      for (const state of whole.values()) keep(state);
    }
    return whole;
  };

  return {
    async at(head) {
      if (head.applied !== position) whole = null;
      position = head.applied;
      if (much) await load();
    },
    async states(ids) {
      if (whole) return pick(whole, ids);
      const emails = await getEmails(table, accountId, ids);
      return new Map([...emails].map(([id, email]) => [id, email.state]));
    },
    async members(threadIds) {
      if (!whole) return getThreadMembers(table, accountId, threadIds);
      return pick(
        whole,
        threadIds.flatMap(threadId => threads.members(threadId)),
      );
    },
    destroyed: ids => whole && new Set(ids.filter(id => tombstones.has(id))),
    all: load,
    applied(commit) {
      if (position === commit.n - 1) position = commit.n;
      if (!whole) return;
      applyInPlace(whole, commit);
      for (const email of commit.created) keep(initialState(email));
      for (const { id } of commit.created) tombstones.delete(id);
      for (const { id } of commit.destroyed) tombstones.add(id);
    },
    expectMuch() {
      much = true;
    },
  };
}

/**
 * The ids of each thread's members. Most threads have one: a run on a large account keeps these for all of them, and a
 * set costs five times an id.
 */
function threadIndex() {
  const ids = new Map<string, string | Set<string>>();
  return {
    add({ id, threadId }: Pick<EmailState, 'id' | 'threadId'>): void {
      const known = ids.get(threadId);
      if (known === undefined) ids.set(threadId, id);
      else if (typeof known === 'string') ids.set(threadId, new Set([known, id]));
      else known.add(id);
    },
    members(threadId: string): string[] {
      const known = ids.get(threadId) ?? [];
      return typeof known === 'string' ? [known] : [...known];
    },
  };
}

function pick(states: ReadonlyMap<string, EmailState>, ids: readonly string[]): Map<string, EmailState> {
  const picked = new Map<string, EmailState>();
  for (const id of ids) {
    const state = states.get(id);
    if (state) picked.set(id, state);
  }
  return picked;
}
