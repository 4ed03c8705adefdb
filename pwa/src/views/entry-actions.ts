import { setRead, setStarred } from '../mailbox/actions.ts';
import { mailbox, type StoredEmail } from '../mailbox/db.ts';
import { type Entry, emailsOf } from '../mailbox/entries.ts';
import { markRead, moveToRole, type Role, star } from './act.ts';

/** The Emails of entries as they are now. */
export async function emailsIn(entries: readonly Entry[]): Promise<StoredEmail[]> {
  return emailsOf(await mailbox(), entries);
}

/** The newest Email of each entry. */
const newestOf = (entries: readonly Entry[]) => entries.map(entry => entry.email);

/** Stars the newest message of each entry, or where all have one removes the stars of all their messages. */
export async function toggleStars(entries: readonly Entry[]): Promise<void> {
  const without = entries.filter(entry => !entry.starred);
  // What a single press did is seen in its row; of several it is said.
  const change = entries.length > 1 ? star : setStarred;
  await (without.length ? change(newestOf(without), true) : change(await emailsIn(entries), false));
}

/** Marks all messages of the entries as read, or where all are read the newest of each as unread. */
export async function toggleUnread(entries: readonly Entry[]): Promise<void> {
  const unread = entries.filter(entry => entry.unread);
  const change = entries.length > 1 ? markRead : setRead;
  await (unread.length ? change(await emailsIn(unread), true) : change(newestOf(entries), false));
}

/** Moves the messages of entries by role; false when that changes nothing. */
export async function moveEntries(entries: readonly Entry[], role: Role): Promise<boolean> {
  return moveToRole(await emailsIn(entries), role);
}
