import type { Services } from '../services.ts';
import { deleteDue, putDue } from '../store/due.ts';
import { getHealth, putHealth } from '../store/health.ts';
import { initialDue } from '../sync/schedule.ts';

/**
 * Takes an account off the due list after `paused` was set. A run that is at work loses its lease, and ends within
 * seconds as if it had been killed: what it has committed stays, and the next run goes on there.
 */
export async function pauseAccount({ table }: Services, accountId: string): Promise<void> {
  await deleteDue(table, accountId);
  const health = await getHealth(table, accountId);
  const phase = health.phase === 'pulling' ? 'new' : health.phase;
  await putHealth(table, accountId, { ...health, phase, leaseOwner: null, leaseUntil: 0 });
}

/**
 * Puts an account on the due list again after `paused` was lifted. One that was stopped, because its password was
 * refused, goes on waiting for other settings: then false.
 */
export async function resumeAccount({ table }: Services, accountId: string): Promise<boolean> {
  const health = await getHealth(table, accountId);
  if (health.phase === 'stopped') return false;
  const message = 'Waiting for the first pull after the pause.';
  await putHealth(table, accountId, { ...health, phase: 'new', code: null, message, failures: 0 });
  await putDue(table, accountId, initialDue());
  return true;
}
