import type { Id } from '../../../functions/jmap/types.ts';
import { type Database, mailbox, type StoredEmail, type StoredMailbox } from './db.ts';
import { keywordPath, mailboxPath, type Patch } from './merge.ts';
import { type Action, enqueue, retry, withdraw } from './outbox.ts';

/** An action that was taken, and how to take it back. */
export interface Taken {
  undo(): Promise<void>;
}

async function take(action: Action): Promise<Taken | null> {
  const db = await mailbox();
  const done = await enqueue(db, action);
  if (!done) return null;
  dispatchEvent(new Event('mailferry:action'));
  return {
    async undo() {
      if (await withdraw(db, done.seq)) return;
      await enqueue(db, done.inverse);
      dispatchEvent(new Event('mailferry:action'));
    },
  };
}

/** Stars an Email or removes its star (`$flagged`). */
export function setStarred(email: StoredEmail, starred: boolean): Promise<Taken | null> {
  const patch: Patch = { [keywordPath('$flagged')]: starred || null };
  return take({
    accountId: email.accountId,
    action: starred ? 'star' : 'unstar',
    update: { [email.id]: patch },
  });
}

/** Marks an Email as read or unread (`$seen`). */
export function setRead(email: StoredEmail, read: boolean): Promise<Taken | null> {
  const patch: Patch = { [keywordPath('$seen')]: read || null };
  return take({
    accountId: email.accountId,
    action: read ? 'read' : 'unread',
    update: { [email.id]: patch },
  });
}

/** Moves an Email out of the mailboxes it is in, to another one. */
export function moveTo(email: StoredEmail, target: Id): Promise<Taken | null> {
  const patch: Patch = Object.fromEntries(Object.keys(email.mailboxIds).map(id => [mailboxPath(id), null]));
  patch[mailboxPath(target)] = true;
  return take({ accountId: email.accountId, action: 'move', update: { [email.id]: patch } });
}

/** Takes an action that still waits out of the outbox, or forgets one that was refused. */
export async function undoAction(seq: number): Promise<boolean> {
  return withdraw(await mailbox(), seq);
}

/** Sends a refused action once more. */
export async function retryAction(seq: number): Promise<void> {
  await retry(await mailbox(), seq);
  dispatchEvent(new Event('mailferry:action'));
}

/** The mailbox of an account that has a role, such as `archive`; null when it has none. */
export async function mailboxWithRole(
  db: Database,
  accountId: Id,
  role: string,
): Promise<StoredMailbox | null> {
  const all = await db.getAllFromIndex('mailboxes', 'account', accountId);
  return all.find(mailbox => mailbox.role === role) ?? null;
}
