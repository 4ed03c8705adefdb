import type { Database } from './db.ts';
import { mailbox } from './db.ts';
import { dropGoneBlobs, freeOctets } from './keeping.ts';
import { announce } from './observe.ts';
import { deviceBlobs } from './server.ts';
import { readSetting, writeSetting } from './settings.ts';

/** What the origin takes and may take, in octets, as the browser estimates it. */
export interface Room {
  usage: number;
  quota: number;
}

/** Parts of the quota: above the first mail goes, until the second is reached; below the third it may grow again. */
const TIGHT = 0.9;
const ENOUGH = 0.8;
const PLENTY = 0.65;
/** Browsers count what went only after a while: so long nothing more goes for the estimate alone, in milliseconds. */
const SETTLING = 10 * 60_000;
/** How often the browser is asked for its estimate, in milliseconds. */
const ASK_EVERY = 5_000;
/** What goes at least when the browser refused to store something, in octets. */
const AT_LEAST = 20_000_000;

/** The octets that have to go for the browser's quota; 0 while there is room. Pure. */
export function octetsTooMany({ usage, quota }: Room): number {
  return usage > TIGHT * quota ? Math.ceil(usage - ENOUGH * quota) : 0;
}

/** True when an error says that the browser has no room left, or was caused by one that does. */
export function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error || error instanceof DOMException)) return false;
  if (error.name === 'QuotaExceededError') return true;
  return 'cause' in error && isNoRoom(error.cause);
}

/** What the browser says of the room for this app; null where it does not. */
export async function estimateRoom(): Promise<Room | null> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  if (!estimate?.quota) return null;
  return { usage: estimate.usage ?? 0, quota: estimate.quota };
}

let asked = 0;

/**
 * Holds the device within the browser's quota: above nine tenths of it the oldest mail goes that is not pinned, and the
 * device takes no more than what is left until there is plenty of room again.
 * @param refused the browser has just refused to store something
 * @returns what the mail of all accounts may take together, in octets; null for as much as their budgets
 */
export async function holdQuota(db: Database, refused = false): Promise<number | null> {
  const known = await readSetting('storage');
  if (!refused && Date.now() - asked < ASK_EVERY) return known?.limit ?? null;
  asked = Date.now();
  const room = await estimateRoom();
  if (!room && !refused) return known?.limit ?? null;
  const needed = Math.max(refused ? AT_LEAST : 0, room ? octetsTooMany(room) : 0);
  if (!needed) {
    if (!known || !room || room.usage > PLENTY * room.quota) return known?.limit ?? null;
    await writeSetting('storage', null);
    announce('status');
    return null;
  }
  if (!refused && known && Date.now() - known.letGoAt < SETTLING) return known.limit;
  await freeOctets(db, needed);
  await dropGoneBlobs(db, deviceBlobs);
  const feeds = await db.getAll('feeds');
  const limit = feeds.reduce((sum, feed) => sum + feed.bodyBytes, 0);
  await writeSetting('storage', { limit, letGoAt: Date.now() });
  announce('status');
  return limit;
}

/** Does `work`; where the browser has no room for it, lets old mail go and does it once more. */
export async function withRoom<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    await holdQuota(await mailbox(), true);
    return work();
  }
}

/** True when the browser promised to remove nothing of this app by itself. */
export async function isPersisted(): Promise<boolean> {
  return (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
}

/** Asks the browser for that promise; answers whether it gave it. */
export async function askToPersist(): Promise<boolean> {
  const given = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  announce('status');
  return given;
}
