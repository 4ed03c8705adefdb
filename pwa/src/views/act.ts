import {
  destroy,
  mailboxWithRole,
  moveTo,
  setRead,
  setStarred,
  type Taken,
  together,
} from '../mailbox/actions.ts';
import { mailbox, type StoredEmail, type StoredMailbox } from '../mailbox/db.ts';
import { words } from '../words/words.ts';
import { notify } from './toast.tsx';

/** Mailboxes that an action moves to by their role. */
export type Role = 'archive' | 'trash' | 'inbox';

type Emails = StoredEmail | readonly StoredEmail[];

/** Stars a message, or removes its star. */
export function toggleStar(email: StoredEmail): void {
  void setStarred(email, !email.keywords.$flagged);
}

/** Marks a message as read or unread. */
export function toggleRead(email: StoredEmail): void {
  void setRead(email, !email.keywords.$seen);
}

/** Says what was done to how many messages, and offers to take it back. */
function tell(taken: Taken | null, text: (emails: number) => string): boolean {
  if (taken) notify(text(taken.emails), () => void taken.undo());
  return taken !== null;
}

/** Stars messages or removes their stars, and says so. */
export async function star(emails: Emails, starred: boolean): Promise<boolean> {
  return tell(await setStarred(emails, starred), starred ? words.acting.starred : words.acting.unstarred);
}

/** Marks messages as read or unread, and says so. */
export async function markRead(emails: Emails, read: boolean): Promise<boolean> {
  return tell(await setRead(emails, read), read ? words.acting.read : words.acting.unread);
}

/**
 * Moves messages to the mailbox of their account with a role, and offers to take it back.
 * @returns false when no account has such a mailbox, or all are there already
 */
export async function moveToRole(emails: Emails, role: Role): Promise<boolean> {
  const all = 'id' in emails ? [emails] : emails;
  const db = await mailbox();
  const moves: (Taken | null)[] = [];
  for (const accountId of new Set(all.map(email => email.accountId))) {
    const target = await mailboxWithRole(db, accountId, role);
    const own = all.filter(email => email.accountId === accountId && target && !email.mailboxIds[target.id]);
    if (target) moves.push(await moveTo(own, target.id));
  }
  return tell(together(moves), words.acting.moved[role]);
}

/** Moves messages of one account to one of its mailboxes, and offers to take it back. */
export async function moveToMailbox(emails: Emails, target: StoredMailbox, name: string): Promise<boolean> {
  return tell(await moveTo(emails, target.id), count => words.acting.movedTo(count, name));
}

/** Destroys messages for good. Who calls it has asked the person before. */
export async function destroyForGood(emails: Emails): Promise<boolean> {
  const taken = await destroy(emails);
  if (taken) notify(words.acting.destroyed(taken.emails));
  return taken !== null;
}
