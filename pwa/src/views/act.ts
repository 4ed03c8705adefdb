import { mailboxWithRole, moveTo, setRead, setStarred } from '../mailbox/actions.ts';
import { mailbox, type StoredEmail } from '../mailbox/db.ts';
import { words } from '../words/words.ts';
import { notify } from './toast.tsx';

/** Stars a message, or removes its star. */
export function toggleStar(email: StoredEmail): void {
  void setStarred(email, !email.keywords.$flagged);
}

/** Marks a message as read or unread. */
export function toggleRead(email: StoredEmail): void {
  void setRead(email, !email.keywords.$seen);
}

/**
 * Moves a message to the mailbox of its account with a role, and offers to take it back.
 * @returns false when the account has no such mailbox, or the message is there already
 */
export async function moveToRole(email: StoredEmail, role: 'archive' | 'trash' | 'inbox'): Promise<boolean> {
  const target = await mailboxWithRole(await mailbox(), email.accountId, role);
  if (!target || email.mailboxIds[target.id]) return false;
  const taken = await moveTo(email, target.id);
  if (taken) notify(words.done[role], () => void taken.undo());
  return taken !== null;
}
