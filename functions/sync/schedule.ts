import { createHash } from 'node:crypto';
import type { Due } from '../store/accounts.ts';

/** When accounts are pulled: pure, so that a simulated clock can play it. Times are ms since the epoch. */

const MINUTE = 60_000;
/** Minutes between pulls of an account that is up to date. */
export const CADENCE_MINUTES = 5;
const LONGEST_BACKOFF_MINUTES = 60;

type Timing = Omit<Due, 'sk'>;

/** A new account: every minute until its first import is complete. */
export function initialDue(): Timing {
  return { every: 1, phase: 0, notBefore: 0 };
}

/** An account that is up to date; its phase spreads the accounts evenly over the cadence. */
export function settledDue(accountId: string): Timing {
  return { every: CADENCE_MINUTES, phase: phaseOf(accountId, CADENCE_MINUTES), notBefore: 0 };
}

/**
 * After the given number of failures in a row: doubling from two minutes to an hour, with jitter so that a
 * provider that comes back is not met by everyone at once. `random` is in [0, 1).
 */
export function failedDue(accountId: string, failures: number, now: number, random: number): Timing {
  const minutes = Math.min(LONGEST_BACKOFF_MINUTES, 2 ** Math.min(failures, 10));
  const wait = minutes * MINUTE * (0.75 + 0.5 * random);
  return { every: 1, phase: phaseOf(accountId, 1), notBefore: now + wait };
}

/** Whether an account is to be pulled in the minute that `now` lies in. */
export function isDue(due: Timing, now: number): boolean {
  const minute = Math.floor(now / MINUTE);
  return minute % due.every === due.phase % due.every && due.notBefore <= now;
}

/** The start of the first minute after `now` in which the account is due. */
export function nextPull(due: Timing, now: number): number {
  let minute = Math.max(Math.floor(now / MINUTE) + 1, Math.ceil(due.notBefore / MINUTE));
  while (minute % due.every !== due.phase % due.every) minute++;
  return minute * MINUTE;
}

function phaseOf(accountId: string, every: number): number {
  return createHash('sha256').update(accountId).digest().readUInt32BE(0) % every;
}
