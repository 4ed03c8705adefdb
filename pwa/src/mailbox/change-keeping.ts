import type { Id } from '../../../functions/jmap/types.ts';
import type { BlobStore } from './blobs.ts';
import type { PinTarget } from './budget.ts';
import type { Database } from './db.ts';
import { dropLeftFiles } from './drop-files.ts';
import { type BudgetChange, dropGoneBlobs, keepingOf, keepWithin, setBudget, setPinned } from './keeping.ts';
import { isNoRoom, withRoom } from './storage.ts';

/**
 * Changes a budget, and lets go at once, without a network too, of what it leaves out.
 * @returns false when the device has no room even to note that: nothing has changed then
 */
export function changeBudget(
  db: Database,
  store: BlobStore,
  accountId: Id,
  change: BudgetChange,
): Promise<boolean> {
  return changeKeeping(db, store, accountId, () => setBudget(db, accountId, change));
}

/** Keeps a mailbox, thread or Email here whatever its age, or no longer; as `changeBudget`. */
export function changePinned(
  db: Database,
  store: BlobStore,
  target: PinTarget,
  pinned: boolean,
): Promise<boolean> {
  return changeKeeping(db, store, target.accountId, () => setPinned(db, target, pinned));
}

async function changeKeeping(
  db: Database,
  store: BlobStore,
  accountId: Id,
  change: () => Promise<void>,
): Promise<boolean> {
  try {
    await withRoom(change);
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    return false;
  }
  // The choice is noted: what has no room now follows it with the next look at the server.
  await follow(db, store, accountId).catch((error: unknown) => {
    if (!isNoRoom(error)) throw error;
  });
  return true;
}

async function follow(db: Database, store: BlobStore, accountId: Id): Promise<void> {
  const keeping = await keepingOf(db, accountId);
  await keepWithin(db, keeping, keeping.octets, Date.now());
  await dropLeftFiles(db, keeping);
  await dropGoneBlobs(db, store);
}
