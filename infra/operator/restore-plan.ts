/** How an account is brought back from an earlier table. Pure. */

/** What is known of an account's log: here and in the table to restore from. */
export interface Logs {
  /** The last commit that the restored rows are of. */
  restored: number;
  /** The same of the present rows; null where they are gone. */
  present: number | null;
  /** Numbers of the commits after `restored` that the present log has, in order. */
  later: readonly number[];
}

/**
 * `forward`: the present log goes on where the restored rows end, so that rolling forward loses nothing. `back`: it does
 * not, and the account is as it was; `applied` is the number that its log goes on from, far above any that a device may
 * have seen, so that every device fetches the account anew instead of taking new commits for others that it knows.
 */
export type HowToRestore = { kind: 'forward' } | { kind: 'back'; applied: number };

/** More commits than an account makes between two restorations. */
const LEAP = 1_000_000;

/** Decides how; `back` where it is asked for, although the log goes on. */
export function howToRestore({ restored, present, later }: Logs, wanted?: 'back'): HowToRestore {
  const last = later.at(-1) ?? restored;
  const isWhole = later.every((n, i) => n === restored + 1 + i);
  // A leap of an earlier try is ahead of its log.
  if (wanted !== 'back' && present !== null && isWhole && present <= last && present >= restored) {
    return { kind: 'forward' };
  }
  return { kind: 'back', applied: Math.max(restored, last, present ?? 0) + LEAP };
}
