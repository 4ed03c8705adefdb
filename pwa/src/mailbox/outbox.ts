import type { Id } from '../../../functions/jmap/types.ts';
import { type ActionName, type Database, emailKey, type OutboxRow } from './db.ts';
import { changeEmails, type EmailTransaction, refreshShown, withoutEmail } from './emails.ts';
import { applyPatch, inversePatch, overrides, type Patch, sameFlags } from './merge.ts';
import { announce } from './observe.ts';

/** Emails of one action: the server takes 500 in a call, 4 MB in a request. */
export const ACTION_EMAILS = 200;

/** An action as the views make it. */
export interface Action {
  accountId: Id;
  action: ActionName;
  update: Record<Id, Patch>;
  /** Emails to be destroyed for good; `update` is empty then. */
  destroy?: Id[];
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
  const { accountId } = action;
  const taken = await changeEmails(db, async transaction => {
    const { update, destroy, inverse } = await effectOf(transaction, action);
    const ids = [...Object.keys(update), ...destroy];
    if (!ids.length) return null;
    await dropOverridden(transaction, accountId, update);
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
    const seq = await transaction.objectStore('outbox').add(row as OutboxRow);
    await refreshShown(transaction, accountId, ids);
    const back = destroy.length ? null : { accountId, action: action.action, update: inverse };
    return { seq, emails: ids.length, inverse: back };
  });
  if (taken) announce('outbox', 'emails', 'mailboxes');
  return taken;
}

/** A row that is being sent, or was refused, is history; one that waits and is overridden is not needed any more. */
async function dropOverridden(
  transaction: EmailTransaction,
  accountId: Id,
  update: Record<Id, Patch>,
): Promise<void> {
  const outbox = transaction.objectStore('outbox');
  for (const row of await outbox.index('account').getAll(accountId)) {
    if (row.state === 'waiting' && !row.destroy && overrides(update, row.update))
      await outbox.delete(row.seq);
  }
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
  const gone = await changeEmails(db, async transaction => {
    const outbox = transaction.objectStore('outbox');
    const row = await outbox.get(seq);
    if (!row || row.state === 'sending') return false;
    await outbox.delete(seq);
    if (row.state === 'waiting' && row.action === 'move') await withdrawBuiltOn(transaction, row);
    await refreshShown(transaction, row.accountId, idsOf(row));
    return true;
  });
  if (gone) announce('outbox', 'emails', 'mailboxes');
  return gone;
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
export function idsOf(row: Pick<OutboxRow, 'update' | 'destroy'>): Id[] {
  return [...Object.keys(row.update), ...(row.destroy ?? [])];
}

/** Puts a refused action at the end of the outbox again. */
export async function retry(db: Database, seq: number): Promise<void> {
  const row = await db.get('outbox', seq);
  if (row?.state !== 'failed') return;
  await withdraw(db, seq);
  await enqueue(db, row);
}
