import { mailbox } from '../mailbox/db.ts';
import { unreadInInboxes } from './news.ts';

/** The Badging API, which not every browser has. */
interface Badging {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

/** Shows on the app's icon how many messages are unread in the inboxes. What cannot be shown is left out. */
export async function showBadge(): Promise<void> {
  const badging = navigator as unknown as Badging;
  if (!badging.setAppBadge) return;
  const count = await unreadInInboxes(await mailbox());
  await (count > 0 ? badging.setAppBadge(count) : badging.clearAppBadge?.())?.catch(() => {});
}

/** Takes the number from the icon, when somebody signs out. */
export async function clearBadge(): Promise<void> {
  await (navigator as unknown as Badging).clearAppBadge?.().catch(() => {});
}
