import { setRead, setStarred } from '../mailbox/actions.ts';
import { mailbox, type StoredEmail } from '../mailbox/db.ts';
import { type Entry, emailsOf } from '../mailbox/entries.ts';
import { words } from '../words/words.ts';
import { markRead, moveToRole, type Role, star } from './act.ts';
import type { Swipe } from './preferences.ts';
import { notify } from './toast.tsx';

/** The Emails of entries as they are now. */
export async function emailsIn(entries: readonly Entry[]): Promise<StoredEmail[]> {
  return emailsOf(await mailbox(), entries);
}

/** The newest Email of each entry. */
const newestOf = (entries: readonly Entry[]) => entries.map(entry => entry.email);

/**
 * Stars the newest message of each entry, or where all have one removes the stars of all their messages.
 * @param tell says it, with a way to take it back; what a single press did is seen in its row
 */
export async function toggleStars(entries: readonly Entry[], tell = entries.length > 1): Promise<void> {
  const without = entries.filter(entry => !entry.starred);
  const change = tell ? star : setStarred;
  await (without.length ? change(newestOf(without), true) : change(await emailsIn(entries), false));
}

/** Marks all messages of the entries as read, or where all are read the newest of each as unread. */
export async function toggleUnread(entries: readonly Entry[], tell = entries.length > 1): Promise<void> {
  const unread = entries.filter(entry => entry.unread);
  const change = tell ? markRead : setRead;
  await (unread.length ? change(await emailsIn(unread), true) : change(newestOf(entries), false));
}

/** Moves the messages of entries by role; false when that changes nothing. */
export async function moveEntries(entries: readonly Entry[], role: Role): Promise<boolean> {
  return moveToRole(await emailsIn(entries), role);
}

/** Does what a swipe over an entry does; true when it leaves the list by that. */
export async function swipeEntry(entry: Entry, action: Swipe): Promise<boolean> {
  if (action === 'star') await toggleStars([entry], true);
  if (action === 'read') await toggleUnread([entry], true);
  if (action !== 'archive' && action !== 'trash') return false;
  const moved = await moveEntries([entry], action);
  if (!moved) notify(words.settings.notHere);
  return moved;
}
