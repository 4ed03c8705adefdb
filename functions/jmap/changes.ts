import { z } from 'zod';
import type { Commit } from '../store/commit.ts';
import { StoreError } from '../store/errors.ts';
import { readLog } from '../store/log.ts';
import { MethodError } from './errors.ts';
import { MAX_CHANGES } from './limits.ts';
import type { AccountContext } from './methods.ts';
import type { Id } from './types.ts';

/**
 * A state string is a log position: `17` is the account after commit 17. `17.3` lies inside commit 18, after the
 * first three of its changes of that type: so that a commit larger than `maxChanges` can be told in parts.
 */
export interface Position {
  n: number;
  /** Changes of commit n + 1 that are known too. */
  k: number;
}

/** One change of one object, in the order of the log. */
export interface Change {
  id: Id;
  kind: 'created' | 'updated' | 'destroyed';
}

export interface FoldedChanges<C extends Change> {
  newState: string;
  hasMoreChanges: boolean;
  created: Id[];
  updated: Id[];
  destroyed: Id[];
  /** Every change that was folded, in order. */
  seen: C[];
}

/** The arguments of every /changes, RFC 8620 section 5.2. */
export const changesArguments = {
  sinceState: z.string(),
  maxChanges: z.int().positive().nullable().default(null),
};

/** The state string of a log position. */
export const stateOf = (head: { applied: number }): string => String(head.applied);

/** Reads a state string; null when it is none. */
export function parsePosition(state: string): Position | null {
  const match = /^(0|[1-9][0-9]{0,14})(?:\.([1-9][0-9]{0,6}))?$/.exec(state);
  return match ? { n: Number(match[1]), k: Number(match[2] ?? 0) } : null;
}

/**
 * The commits after a state string, with its position. Throws MethodError `cannotCalculateChanges` for a state that
 * is none, lies in the future or was forgotten.
 */
export async function commitsSince(
  { services, account }: Pick<AccountContext, 'services' | 'account'>,
  sinceState: string,
): Promise<{ since: Position; commits: Commit[] }> {
  const since = parsePosition(sinceState);
  if (!since) throw cannotCalculate();
  try {
    const commits = await readLog(services, account.id, since.n);
    if (since.k > 0 && commits.length === 0) throw cannotCalculate();
    return { since, commits };
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown-state') throw cannotCalculate(error);
    throw error;
  }
}

/**
 * Folds the changes of commits into what a client has to know (RFC 8620 section 5.2): an object created and
 * destroyed on the way is not named at all, one destroyed and made again is updated. Stops before the answer would
 * name more than `maxChanges` ids. Pure.
 */
export function foldChanges<C extends Change>(
  commits: readonly Commit[],
  since: Position,
  changesOf: (commit: Commit) => C[],
  maxChanges: number | null,
): FoldedChanges<C> {
  const max = Math.min(maxChanges ?? MAX_CHANGES, MAX_CHANGES);
  const kinds = new Map<Id, Change['kind']>();
  const seen: C[] = [];
  let end: Position = { n: since.n, k: 0 };
  for (const commit of commits) {
    const changes = changesOf(commit);
    const skip = commit.n === since.n + 1 ? since.k : 0;
    if (skip > 0 && skip >= changes.length) throw cannotCalculate();
    for (const [k, change] of changes.entries()) {
      if (k < skip) continue;
      if (!kinds.has(change.id) && kinds.size >= max) {
        return { ...lists(kinds), newState: stringOf({ n: commit.n - 1, k }), hasMoreChanges: true, seen };
      }
      fold(kinds, change);
      seen.push(change);
    }
    end = { n: commit.n, k: 0 };
  }
  return { ...lists(kinds), newState: stringOf(end), hasMoreChanges: false, seen };
}

function fold(kinds: Map<Id, Change['kind']>, { id, kind }: Change): void {
  const before = kinds.get(id);
  if (before === undefined) kinds.set(id, kind);
  else if (before === 'created' && kind === 'destroyed') kinds.delete(id);
  else if (before === 'updated' && kind === 'destroyed') kinds.set(id, 'destroyed');
  else if (before === 'destroyed' && kind === 'created') kinds.set(id, 'updated');
}

function lists(kinds: ReadonlyMap<Id, Change['kind']>) {
  const of = (wanted: Change['kind']) => [...kinds].filter(([, kind]) => kind === wanted).map(([id]) => id);
  return { created: of('created'), updated: of('updated'), destroyed: of('destroyed') };
}

const stringOf = ({ n, k }: Position) => (k > 0 ? `${n}.${k}` : String(n));

function cannotCalculate(cause?: unknown): MethodError {
  const description = 'The changes since this state are not known (any more). Fetch everything again.';
  return new MethodError('cannotCalculateChanges', description, { cause });
}
