import type { Services } from '../services.ts';
import type { Commit } from '../store/commit.ts';
import { getEmails, getIndex, getThreadMembers } from '../store/emails.ts';
import type { Head } from '../store/rows.ts';
import { applyInPlace, type EmailState } from '../store/state.ts';

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
  let threads = new Map<string, Set<string>>();
  let position = -1;
  let much = false;

  const index = (states: Iterable<EmailState>) => {
    for (const { id, threadId } of states) {
      const members = threads.get(threadId);
      if (members) members.add(id);
      else threads.set(threadId, new Set([id]));
    }
  };
  const load = async (): Promise<Map<string, EmailState>> => {
    if (!whole) {
      const { states, destroyed } = await getIndex(table, accountId);
      whole = states;
      tombstones = destroyed;
      threads = new Map();
      index(whole.values());
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
        threadIds.flatMap(threadId => [...(threads.get(threadId) ?? [])]),
      );
    },
    destroyed: ids => whole && new Set(ids.filter(id => tombstones.has(id))),
    all: load,
    applied(commit) {
      if (position === commit.n - 1) position = commit.n;
      if (!whole) return;
      applyInPlace(whole, commit);
      index(commit.created);
      for (const { id } of commit.created) tombstones.delete(id);
      for (const { id } of commit.destroyed) tombstones.add(id);
    },
    expectMuch() {
      much = true;
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
