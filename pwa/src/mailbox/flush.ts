import type { Id, SetError } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import type { Answers, Call } from '../jmap/client.ts';
import { MethodRefused, SignInNeeded, Unreachable } from '../jmap/errors.ts';
import type { Database, OutboxRow } from './db.ts';
import {
  changeEmails,
  type EmailTransaction,
  forgetEmails,
  moveCounts,
  refreshShown,
  withoutEmail,
} from './emails.ts';
import { accountLock, exclusively } from './locks.ts';
import { applyPatch } from './merge.ts';
import { announce } from './observe.ts';
import { idsOf } from './outbox.ts';

/** Actions sent in one request; each is an Email/set of its own, so that they stay in order. */
const BATCH = 8;
/** Emails of all actions of one request. */
const REQUEST_EMAILS = 500;
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

/** What a flush did. `left` actions still wait, because the server could not take them now. */
export interface FlushReport {
  sent: number;
  failed: number;
  left: number;
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
      rows.map(row => ['Email/set', { accountId, ...changesOf(row) }, String(row.seq)]),
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

function changesOf({ update, destroy }: OutboxRow) {
  return destroy ? { destroy } : { update };
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
    refused: Object.fromEntries(idsOf(row).map(id => [id, refusal])),
    again: null,
  };
}

/** Marks the next actions as being sent. Those found so were left by a context that ended meanwhile. */
async function takeBatch(db: Database, accountId: Id): Promise<OutboxRow[]> {
  const transaction = db.transaction('outbox', 'readwrite');
  let emails = 0;
  const rows = (await transaction.store.index('account').getAll(accountId))
    .filter(row => row.state !== 'failed')
    .slice(0, BATCH)
    .filter((row, position) => {
      emails += row.emails.length;
      return position === 0 || emails <= REQUEST_EMAILS;
    });
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
  const ids = idsOf(row);
  try {
    const set = answers.of<Record<'notUpdated' | 'notDestroyed', Record<Id, SetError> | null | undefined>>(
      String(row.seq),
    );
    const refused = { ...set.notUpdated, ...set.notDestroyed };
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
  await changeEmails(db, async transaction => {
    for (const outcome of outcomes) await settleOne(transaction, outcome);
  });
  announce('outbox', 'emails', 'mailboxes');
}

async function settleOne(
  transaction: EmailTransaction,
  { row, accepted, refused, again }: Outcome,
): Promise<void> {
  const outbox = transaction.objectStore('outbox');
  // A message that is gone at the server needs no change any more, and no complaint.
  const failing = Object.entries(refused).filter(([, error]) => error.type !== 'notFound');
  const [first] = failing;
  if (again !== null) await outbox.put({ ...row, state: 'waiting', attempts: again });
  else if (!first) await outbox.delete(row.seq);
  else {
    const failed = new Set(failing.map(([id]) => id));
    const rest = idsOf(row)
      .filter(id => !failed.has(id))
      .reduce(withoutEmail, row);
    await outbox.put({
      ...rest,
      state: 'failed',
      attempts: row.attempts + 1,
      refusal: { type: first[1].type, description: first[1].description ?? '' },
    });
  }
  if (row.destroy) {
    const gone = Object.entries(refused).filter(([, error]) => error.type === 'notFound');
    await acceptDestroyed(transaction, row.accountId, [...accepted, ...gone.map(([id]) => id)]);
  } else await acceptPatches(transaction, row, accepted);
  await refreshShown(transaction, row.accountId, idsOf(row));
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

async function acceptDestroyed(
  transaction: EmailTransaction,
  accountId: Id,
  ids: readonly Id[],
): Promise<void> {
  for (const id of ids) {
    const email = await transaction.objectStore('emails').get([accountId, id]);
    if (email) await moveCounts(transaction, accountId, email.server, { keywords: {}, mailboxIds: {} });
  }
  await forgetEmails(transaction, accountId, ids);
}
