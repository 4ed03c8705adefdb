import { observe } from '../mailbox/observe.ts';
import { showBadge } from './badge.ts';
import { canPush, keepSubscribed } from './subscription.ts';

/** Between two looks at the subscription while the app is open, in milliseconds. */
const EVERY = 6 * 3_600_000;

/**
 * Keeps what a notification promises while the app is open: the badge, the subscription, and that a click on a
 * notification leads to its message.
 * @param open shows a place of the app by its path
 */
export function startKeeping(open: (path: string) => void): void {
  const badge = () => void showBadge().catch(() => {});
  observe(['mailboxes'], badge);
  badge();
  navigator.serviceWorker?.addEventListener('message', event => {
    const { type, path } = (event.data ?? {}) as { type?: unknown; path?: unknown };
    if (type === 'open' && typeof path === 'string' && path.startsWith('/')) open(path);
  });
  if (!canPush()) return;
  const keep = async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration) await keepSubscribed(registration);
  };
  void keep().catch(() => {});
  setInterval(() => void keep().catch(() => {}), EVERY);
}
