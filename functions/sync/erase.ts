import type { Services } from '../services.ts';
import { eraseAccount } from '../store/accounts.ts';
import { putDue } from '../store/due.ts';
import { getHealth, isLeased, putHealth } from '../store/health.ts';
import { isJobRunning } from '../store/jobs.ts';
import { LEASE_MS } from './lease.ts';
import { initialDue } from './schedule.ts';

/** Whose lease it is when an account is to be erased. */
const ERASER = 'erasing';

/**
 * Erases an account that its user removed, rows and blobs. A run or job at work on it loses its lease and comes to its
 * end first: false then, and the due list brings the account back.
 */
export async function erase({ table, blobs, now }: Services, accountId: string): Promise<boolean> {
  const health = await getHealth(table, accountId);
  const at = now();
  if (isLeased(health, at)) {
    if (health.leaseOwner !== ERASER) {
      await putHealth(table, accountId, { ...health, leaseOwner: ERASER, leaseUntil: at + LEASE_MS });
      await putDue(table, accountId, initialDue());
    }
    return false;
  }
  // An import or export finds the mark, and ends.
  if (await isJobRunning(table, accountId, at)) {
    await putDue(table, accountId, initialDue());
    return false;
  }
  await eraseAccount(table, blobs, accountId);
  return true;
}
