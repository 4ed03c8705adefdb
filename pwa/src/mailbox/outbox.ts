import type { Id, SetError } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import type { Answers, Call } from '../jmap/client.ts';
import { MethodRefused, SignInNeeded, Unreachable } from '../jmap/errors.ts';
import { type ActionName, type Database, emailKey, type OutboxRow } from './db.ts';
import {
  EMAIL_STORES,
  type EmailTransaction,
  forgetEmails,
  moveCounts,
  refreshShown,
  withoutEmail,
} from './emails.ts';
import { accountLock, exclusively } from './locks.ts';
import { applyPatch, inversePatch, overrides, type Patch, sameFlags } from './merge.ts';
import { announce } from './observe.ts';

/** Actions sent in one request; each is an Email/set of its own, so that they stay in order. */
const BATCH = 8;
/** Emails of one action, and of all actions of one request: the server takes 500 in a call, 4 MB in a request. */
export const ACTION_EMAILS = 200;
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

/** An action as the views make it. */
export interface Action {
  accountId: Id;
  action: ActionName;
  update: Record<Id, Patch>;
  /** Emails to be destroyed for good; `update` is empty then. */
  destroy?: Id[];
}

/** What a flush did. `left` actions still wait, because the server could not take them now. */
export interface FlushReport {
  sent: number;
  failed: number;
  left: number;
}

/**
 * Takes an action: it shows at once, and waits in the outbox until the server accepted it.
 * @returns the action's number, how many Emails it changes, and the action that would undo it once it was sent, which
 *   for destroying there is none; null when it changes nothing
 */
export async function enqueue(
  db: Database,
  action: Action,
): Promise<{ seq: number; emails: number; inverse: Action | null } | null> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  const { accountId } = action;
  const { update, destroy, inverse } = await effectOf(transaction, action);
  const ids = [...Object.keys(update), ...destroy];
  if (!ids.length) return null;
  const outbox = transaction.objectStore('outbox');
  for (const row of await outbox.index('account').getAll(accountId)) {
    // A row that is being sent, or was refused, is history; one that waits is not needed any more.
    if (row.state === 'waiting' && !row.destroy && overrides(update, row.update))
      await outbox.delete(row.seq);
  }
  const row: Omit<OutboxRow, 'seq'> = {
    key: crypto.randomUUID(),
    accountId,
    action: action.action,
    update,
    ...(destroy.length ? { destroy } : {}),
    emails: ids.map(id => emailKey(accountId, id)),
    createdAt: Date.now(),
    state: 'waiting',
    attempts: 0,
    refusal: null,
  };
  const seq = await outbox.add(row as OutboxRow);
  await refreshShown(transaction, accountId, ids);
  await transaction.done;
  announce('outbox', 'emails', 'mailboxes');
  const emails = ids.length;
  if (destroy.length) return { seq, emails, inverse: null };
  return { seq, emails, inverse: { accountId, action: action.action, update: inverse } };
}

/** The part of an action that changes something that is shown, and what would change it back. */
async function effectOf(transaction: EmailTransaction, action: Action) {
  const update: Record<Id, Patch> = {};
  const inverse: Record<Id, Patch> = {};
  const destroy: Id[] = [];
  const shown = async (id: Id) => {
    const email = await transaction.objectStore('emails').get([action.accountId, id]);
    return email?.destroyed ? undefined : email;
  };
  for (const [id, patch] of Object.entries(action.update)) {
    const email = await shown(id);
    if (!email || sameFlags(email, applyPatch(email, patch))) continue;
    update[id] = patch;
    inverse[id] = inversePatch(email, patch);
  }
  for (const id of new Set(action.destroy)) if (await shown(id)) destroy.push(id);
  return { update, inverse, destroy };
}

/**
 * Takes an action out of the outbox. With a move go the later moves of its Emails that built on it, and that they be
 * destroyed; what those did to other Emails stays. What is taken out is no longer shown. Answers false when it was
 * sent already or is being sent.
 */
export async function withdraw(db: Database, seq: number): Promise<boolean> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  const outbox = transaction.objectStore('outbox');
  const row = await outbox.get(seq);
  if (!row || row.state === 'sending') return false;
  await outbox.delete(seq);
  if (row.state === 'waiting' && row.action === 'move') await withdrawBuiltOn(transaction, row);
  await refreshShown(transaction, row.accountId, idsOf(row));
  await transaction.done;
  announce('outbox', 'emails', 'mailboxes');
  return true;
}

async function withdrawBuiltOn(transaction: EmailTransaction, row: OutboxRow): Promise<void> {
  const outbox = transaction.objectStore('outbox');
  for (const later of await outbox.index('account').getAll(row.accountId)) {
    const builds = later.action === 'move' || later.action === 'destroy';
    if (later.seq < row.seq || !builds || later.state !== 'waiting') continue;
    const rest = idsOf(row).reduce(withoutEmail, later);
    if (!rest.emails.length) await outbox.delete(later.seq);
    else if (rest.emails.length < later.emails.length) await outbox.put(rest);
  }
}

/** The Emails that an action is about. */
function idsOf(row: Pick<OutboxRow, 'update' | 'destroy'>): Id[] {
  return [...Object.keys(row.update), ...(row.destroy ?? [])];
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
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  for (const { row, accepted, refused, again } of outcomes) {
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
