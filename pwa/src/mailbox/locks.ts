/**
 * Runs `work` while no other tab and not the service worker runs work of the same name.
 * With `ifFree` it gives up at once, and answers null, when somebody does.
 */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
export async function exclusively<T>(name: string, work: () => Promise<T>, ifFree: true): Promise<T | null>;
export async function exclusively<T>(
  name: string,
  work: () => Promise<T>,
  ifFree = false,
): Promise<T | null> {
  const key = `mailferry:${name}`;
  if (typeof navigator === 'undefined' || !navigator.locks) return inThisContext(key, work, ifFree);
  return navigator.locks.request(key, { ifAvailable: ifFree }, async lock => (lock ? work() : null));
}

const tails = new Map<string, Promise<unknown>>();

/** The same within one context, for Node.js, which has no Web Locks. */
async function inThisContext<T>(key: string, work: () => Promise<T>, ifFree: boolean): Promise<T | null> {
  const before = tails.get(key);
  if (before && ifFree) return null;
  const mine = (before ?? Promise.resolve()).then(work, work);
  tails.set(key, mine);
  try {
    return await mine;
  } finally {
    if (tails.get(key) === mine) tails.delete(key);
  }
}

/** The name of the lock under which an account's changes are sent and received, one at a time. */
export function accountLock(accountId: string): string {
  return `account:${accountId}`;
}
