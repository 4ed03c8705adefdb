import type { Table } from '../services.ts';
import { getAllStates } from '../store/emails.ts';
import { StoreError } from '../store/errors.ts';
import { type LogStore, readLog } from '../store/log.ts';
import type { Head } from '../store/rows.ts';
import { applyToMembers, type EmailState } from '../store/state.ts';

/** The state of every Email of an account, true of commit `n`. */
interface Known {
  n: number;
  states: ReadonlyMap<string, EmailState>;
}

/** A process remembers this many accounts, and none larger than this: some tens of megabytes. */
const MAX_ACCOUNTS = 2;
const MAX_EMAILS = 100_000;
/** More commits than this are not rolled forward: reading all again is as quick. */
const MAX_BEHIND = 50;

const remembered = new WeakMap<Table, Map<string, Known>>();

/**
 * The state of every Email at `head`. A client that pages through a list asks for it again and again, so the process
 * keeps the last answers and rolls them forward by the log.
 */
export async function statesAt(
  store: LogStore,
  accountId: string,
  head: Head,
): Promise<ReadonlyMap<string, EmailState>> {
  const accounts = remembered.get(store.table) ?? new Map<string, Known>();
  remembered.set(store.table, accounts);
  const known = await rollForward(store, accountId, head, accounts.get(accountId));
  const states = known?.states ?? (await getAllStates(store.table, accountId));
  accounts.delete(accountId);
  if (states.size <= MAX_EMAILS) accounts.set(accountId, known ?? { n: head.applied, states });
  for (const oldest of accounts.keys()) if (accounts.size > MAX_ACCOUNTS) accounts.delete(oldest);
  return states;
}

async function rollForward(
  store: LogStore,
  accountId: string,
  head: Head,
  known: Known | undefined,
): Promise<Known | null> {
  if (!known || known.n > head.applied || head.applied - known.n > MAX_BEHIND) return null;
  if (known.n === head.applied) return known;
  try {
    let { n, states } = known;
    for (const commit of await readLog(store, accountId, known.n)) {
      states = applyToMembers(states, commit);
      n = commit.n;
    }
    return { n, states };
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown-state') return null;
    throw error;
  }
}
