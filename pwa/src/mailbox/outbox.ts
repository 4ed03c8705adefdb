import type { Id, SetError } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import type { Answers, Call } from '../jmap/client.ts';
import { MethodRefused, SignInNeeded, Unreachable } from '../jmap/errors.ts';
import { type ActionName, type Database, emailKey, type OutboxRow } from './db.ts';
import { EMAIL_STORES, type EmailTransaction, moveCounts, refreshShown } from './emails.ts';
import { accountLock, exclusively } from './locks.ts';
import { applyPatch, inversePatch, overrides, type Patch, sameFlags } from './merge.ts';
import { announce } from './observe.ts';

/** Actions sent in one request; each is an Email/set of its own, so that they stay in order. */
const BATCH = 8;
/** How often an action is sent before a server that fails at it is taken as refusing it. */
const ATTEMPTS = 5;
/** Method errors after which the same call may well succeed (RFC 8620 section 3.6.2). */
const TEMPORARY = new Set([
  'serverUnavailable',
  'serverFail',
  'serverPartialFail',
  'rateLimit',
  'tooManyChanges',
]);

/** An action as the views make it. */
export interface Action {
  accountId: Id;
  action: ActionName;
  update: Record<Id, Patch>;
}

/** What a flush did. `left` actions still wait, because the server could not take them now. */
export interface FlushReport {
  sent: number;
  failed: number;
  left: number;
}

/**
 * Takes an action: it shows at once, and waits in the outbox until the server accepted it.
 * @returns the action's number, and the action that would undo it; null when it changes nothing
 */
export async function enqueue(
  db: Database,
  action: Action,
): Promise<{ seq: number; inverse: Action } | null> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  const inverse: Record<Id, Patch> = {};
  const update: Record<Id, Patch> = {};
  for (const [id, patch] of Object.entries(action.update)) {
    const email = await transaction.objectStore('emails').get([action.accountId, id]);
    if (!email || sameFlags(email, applyPatch(email, patch))) continue;
    update[id] = patch;
    inverse[id] = inversePatch(email, patch);
  }
  const ids = Object.keys(update);
  if (!ids.length) return null;
  const outbox = transaction.objectStore('outbox');
  for (const row of await outbox.index('account').getAll(action.accountId)) {
    // A row that is being sent, or was refused, is history; one that waits is not needed any more.
    if (row.state === 'waiting' && overrides(update, row.update)) await outbox.delete(row.seq);
  }
  const row: Omit<OutboxRow, 'seq'> = {
    key: crypto.randomUUID(),
    accountId: action.accountId,
    action: action.action,
    update,
    emails: ids.map(id => emailKey(action.accountId, id)),
    createdAt: Date.now(),
    state: 'waiting',
    attempts: 0,
    refusal: null,
  };
  const seq = await outbox.add(row as OutboxRow);
  await refreshShown(transaction, action.accountId, ids);
  await transaction.done;
  announce('outbox', 'emails', 'mailboxes');
  return { seq, inverse: { accountId: action.accountId, action: action.action, update: inverse } };
}

/**
 * Takes an action out of the outbox, and with a move the later moves that built on it. What it did is no
 * longer shown. Answers false when it was sent already or is being sent.
 */
export async function withdraw(db: Database, seq: number): Promise<boolean> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  const outbox = transaction.objectStore('outbox');
  const row = await outbox.get(seq);
  if (!row || row.state === 'sending') return false;
  await outbox.delete(seq);
  if (row.state === 'waiting' && row.action === 'move') {
    for (const later of await outbox.index('account').getAll(row.accountId)) {
      const builtOnIt =
        later.seq > seq && later.action === 'move' && later.emails.some(key => row.emails.includes(key));
      if (builtOnIt && later.state === 'waiting') await outbox.delete(later.seq);
    }
  }
  await refreshShown(transaction, row.accountId, Object.keys(row.update));
  await transaction.done;
  announce('outbox', 'emails', 'mailboxes');
  return true;
}

/** Puts a refused action at the end of the outbox again. */
export async function retry(db: Database, seq: number): Promise<void> {
  const row = await db.get('outbox', seq);
  if (row?.state !== 'failed') return;
  await withdraw(db, seq);
  await enqueue(db, row);
}

/**
 * Sends what waits for an account, in order, until nothing is left or the server cannot be reached. Only one
 * tab or service worker does so at a time.
 * @throws Unreachable, SignInNeeded: everything that was not answered stays in the outbox
 */
export function flush(db: Database, accountId: Id, call: Call): Promise<FlushReport> {
  return exclusively(accountLock(accountId), () => flushLocked(db, accountId, call));
}

/** As `flush`, for a caller that holds the account's lock. */
export async function flushLocked(db: Database, accountId: Id, call: Call): Promise<FlushReport> {
  const report: FlushReport = { sent: 0, failed: 0, left: 0 };
  for (;;) {
    const rows = await takeBatch(db, accountId);
    if (!rows.length) return report;
    const answers = await call(
      rows.map(row => ['Email/set', { accountId, update: row.update }, String(row.seq)]),
    ).catch(async (error: unknown) => {
      await settle(
        db,
        rows.map(row => unanswered(row, error)),
      );
      throw error;
    });
    const outcomes = rows.map(row => outcomeOf(row, answers));
    await settle(db, outcomes);
    for (const { refused, again } of outcomes) {
      if (again !== null) report.left += 1;
      else if (Object.keys(refused).length) report.failed += 1;
      else report.sent += 1;
    }
    if (report.left) return report;
  }
}

/** An action of a request that failed as a whole waits on; one that keeps failing is taken as refused. */
function unanswered(row: OutboxRow, error: unknown): Outcome {
  const saysNothing = error instanceof Unreachable || error instanceof SignInNeeded;
  const attempts = saysNothing ? row.attempts : row.attempts + 1;
  if (attempts < ATTEMPTS) return { row, accepted: [], refused: {}, again: attempts };
  const refusal: SetError = {
    type: error instanceof AppError ? error.code : 'unknown',
    description: String(error),
  };
  return {
    row,
    accepted: [],
    refused: Object.fromEntries(Object.keys(row.update).map(id => [id, refusal])),
    again: null,
  };
}

/** Marks the next actions as being sent. Those found so were left by a context that ended meanwhile. */
async function takeBatch(db: Database, accountId: Id): Promise<OutboxRow[]> {
  const transaction = db.transaction('outbox', 'readwrite');
  const rows = (await transaction.store.index('account').getAll(accountId))
    .filter(row => row.state !== 'failed')
    .slice(0, BATCH);
  for (const row of rows) await transaction.store.put({ ...row, state: 'sending' });
  await transaction.done;
  return rows;
}

/** What became of one action: the ids that were accepted and refused, or how often it was tried if it waits on. */
interface Outcome {
  row: OutboxRow;
  accepted: Id[];
  refused: Record<Id, SetError>;
  again: number | null;
}

function outcomeOf(row: OutboxRow, answers: Answers): Outcome {
  const ids = Object.keys(row.update);
  try {
    const set = answers.of<{ notUpdated?: Record<Id, SetError> | null }>(String(row.seq));
    const refused = set.notUpdated ?? {};
    return { row, accepted: ids.filter(id => !(id in refused)), refused, again: null };
  } catch (error) {
    if (!(error instanceof MethodRefused)) throw error;
    if (TEMPORARY.has(error.code) && row.attempts + 1 < ATTEMPTS) {
      return { row, accepted: [], refused: {}, again: row.attempts + 1 };
    }
    const refusal: SetError = { type: error.code, description: error.message };
    return { row, accepted: [], refused: Object.fromEntries(ids.map(id => [id, refusal])), again: null };
  }
}

/** Writes what became of a batch: accepted changes become the server's value, refused ones are undone. */
async function settle(db: Database, outcomes: readonly Outcome[]): Promise<void> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  for (const { row, accepted, refused, again } of outcomes) {
    const outbox = transaction.objectStore('outbox');
    // A message that is gone at the server needs no change any more, and no complaint.
    const failing = Object.entries(refused).filter(([, error]) => error.type !== 'notFound');
    const [first] = failing;
    if (again !== null) await outbox.put({ ...row, state: 'waiting', attempts: again });
    else if (!first) await outbox.delete(row.seq);
    else {
      const ids = failing.map(([id]) => id);
      await outbox.put({
        ...row,
        update: Object.fromEntries(ids.map(id => [id, row.update[id] ?? {}])),
        emails: ids.map(id => emailKey(row.accountId, id)),
        state: 'failed',
        attempts: row.attempts + 1,
        refusal: { type: first[1].type, description: first[1].description ?? '' },
      });
    }
    await acceptPatches(transaction, row, accepted);
    await refreshShown(transaction, row.accountId, Object.keys(row.update));
  }
  await transaction.done;
  announce('outbox', 'emails', 'mailboxes');
}

async function acceptPatches(
  transaction: EmailTransaction,
  row: OutboxRow,
  accepted: readonly Id[],
): Promise<void> {
  for (const id of accepted) {
    const email = await transaction.objectStore('emails').get([row.accountId, id]);
    if (!email) continue;
    const server = applyPatch(email.server, row.update[id] ?? {});
    await moveCounts(transaction, row.accountId, email.server, server);
    await transaction.objectStore('emails').put({ ...email, server });
  }
}
