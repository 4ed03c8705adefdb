import type { Id } from '../../../functions/jmap/types.ts';
import { setStatus } from './cycle.ts';
import { type ActionName, type Database, mailbox, type StoredEmail, type StoredMailbox } from './db.ts';
import { keywordPath, mailboxPath, type Patch } from './merge.ts';
import { ACTION_EMAILS, type Action, enqueue, retry, withdraw } from './outbox.ts';
import { isNoRoom, withRoom } from './storage.ts';

/** An action that was taken, and how to take it back. */
export interface Taken {
  /** How many Emails it changed. */
  emails: number;
  undo(): Promise<void>;
}

/** One Email, or several of any accounts. */
type Emails = StoredEmail | readonly StoredEmail[];

function listed(emails: Emails): readonly StoredEmail[] {
  return 'id' in emails ? [emails] : emails;
}

/** The actions that do something to Emails: one for each account, and for each part of what is too much for one. */
function actionsFor(
  emails: Emails,
  make: (part: readonly StoredEmail[]) => Omit<Action, 'accountId'>,
): Action[] {
  const all = listed(emails);
  return [...new Set(all.map(email => email.accountId))].flatMap(accountId => {
    const own = all.filter(email => email.accountId === accountId);
    const parts = Array.from({ length: Math.ceil(own.length / ACTION_EMAILS) }, (_, part) =>
      own.slice(part * ACTION_EMAILS, (part + 1) * ACTION_EMAILS),
    );
    return parts.map(part => ({ accountId, ...make(part) }));
  });
}

async function take(actions: readonly Action[]): Promise<Taken | null> {
  const db = await mailbox();
  const taken: { seq: number; inverse: Action | null; emails: number }[] = [];
  for (const action of actions) {
    const done = await withRoom(() => enqueue(db, action)).catch(sayNoRoom);
    if (done) taken.push(done);
  }
  if (!taken.length) return null;
  dispatchEvent(new Event('mailferry:action'));
  return {
    emails: taken.reduce((sum, { emails }) => sum + emails, 0),
    async undo() {
      for (const { seq, inverse } of taken.toReversed()) {
        if (!(await withdraw(db, seq)) && inverse)
          await withRoom(() => enqueue(db, inverse)).catch(sayNoRoom);
      }
      dispatchEvent(new Event('mailferry:action'));
    },
  };
}

/** A device without any room takes no action, and the status bar says so. */
async function sayNoRoom(error: unknown): Promise<null> {
  if (!isNoRoom(error)) throw error;
  // Even this may find no room.
  await setStatus({ noRoom: true }).catch(() => {});
  return null;
}

/** Actions as one, to be taken back together. */
export function together(all: readonly (Taken | null)[]): Taken | null {
  const taken = all.filter(one => one !== null);
  if (taken.length < 2) return taken[0] ?? null;
  return {
    emails: taken.reduce((sum, { emails }) => sum + emails, 0),
    async undo() {
      for (const one of taken.toReversed()) await one.undo();
    },
  };
}

function patchAll(emails: Emails, action: ActionName, patchOf: (email: StoredEmail) => Patch) {
  return take(
    actionsFor(emails, part => ({
      action,
      update: Object.fromEntries(part.map(email => [email.id, patchOf(email)])),
    })),
  );
}

/** Stars Emails or removes their star (`$flagged`). */
export function setStarred(emails: Emails, starred: boolean): Promise<Taken | null> {
  return patchAll(emails, starred ? 'star' : 'unstar', () => ({
    [keywordPath('$flagged')]: starred || null,
  }));
}

/** Marks Emails as read or unread (`$seen`). */
export function setRead(emails: Emails, read: boolean): Promise<Taken | null> {
  return patchAll(emails, read ? 'read' : 'unread', () => ({ [keywordPath('$seen')]: read || null }));
}

/** Moves Emails of one account out of the mailboxes they are in, to another one. */
export function moveTo(emails: Emails, target: Id): Promise<Taken | null> {
  return patchAll(emails, 'move', email => ({
    ...Object.fromEntries(Object.keys(email.mailboxIds).map(id => [mailboxPath(id), null])),
    [mailboxPath(target)]: true,
  }));
}

/** Destroys Emails for good. It can be taken back only as long as the server was not told. */
export function destroy(emails: Emails): Promise<Taken | null> {
  return take(
    actionsFor(emails, part => ({ action: 'destroy', update: {}, destroy: part.map(email => email.id) })),
  );
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
