import type { Sentence } from '../jmap/types.ts';
import { say } from '../sentences/say.ts';
import type { ProviderLimits } from '../source/provider-limits.ts';
import type { Health } from '../store/health.ts';
import { nextDay } from './schedule.ts';

/**
 * What a run may fetch of what the provider allows in a day (UTC). The history of a large mailbox leaves a tenth of it,
 * so that new mail is seen on the days of its import, too.
 */

export type Fetched = NonNullable<Health['fetched']>;

export interface Budget {
  /** Takes octets for a slice that is about to be fetched; false when the day has no more. `isNewest`: new mail. */
  take(bytes: number, isNewest: boolean): boolean;
  /** Whether something was refused. */
  isSpent(): boolean;
  /** What was taken this day, this run included. */
  fetched(): Fetched;
}

const HISTORY_SHARE = 0.9;
const DAY = 24 * 3_600_000;
const dayOf = (now: number) => Math.floor(now / DAY);

/** The budget of one login; `before` is what was fetched until now, `now` gives ms since the epoch. */
export function dayBudget(
  { bytesPerDay }: Pick<ProviderLimits, 'bytesPerDay'>,
  before: Fetched | undefined,
  now: () => number,
): Budget {
  let fetched = before ?? { day: dayOf(now()), bytes: 0 };
  let isSpent = false;
  const today = () => {
    const day = dayOf(now());
    if (fetched.day !== day) fetched = { day, bytes: 0 };
    return fetched;
  };
  return {
    take(bytes, isNewest) {
      const spent = today().bytes;
      const limit = isNewest ? bytesPerDay : bytesPerDay * HISTORY_SHARE;
      // What alone is more than a day allows would never come otherwise.
      if (spent > 0 && spent + bytes > limit) {
        isSpent = true;
        return false;
      }
      fetched = { ...fetched, bytes: spent + bytes };
      return true;
    },
    isSpent: () => isSpent,
    fetched: today,
  };
}

/** What a person is told when the day's budget is spent. */
export function spentWords({ name, bytesPerDay }: ProviderLimits, now: number): Sentence {
  const megabytes = bytesPerDay / 1_000_000;
  const time = new Date(nextDay(now)).toISOString().slice(11, 16);
  return name === null
    ? say('quota/day-of-ours', { megabytes, time })
    : say('quota/day', { megabytes, provider: name, time });
}
