import { LocalCloudError } from './errors.ts';

/** EventBridge Scheduler on one machine. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * How long to wait for the middle of the first second of the next minute, in milliseconds. Each minute of the clock
 * gets its tick: who is due in one that is left out would wait for an hour.
 */
export const untilNextMinute = (now: number): number => MINUTE - (now % MINUTE) + 500;

/** For so long the machine has been awake, in ms, before a sweep begins. */
const AWAKE = 15 * MINUTE;
/** Ticks that are further apart mean that it slept, or that its clock was set. */
const GAP = 3 * MINUTE;

/**
 * Says at each tick whether a sweep is due: once a day, and never soon after the machine slept. What was stored before it
 * slept looks old then, and is perhaps just about to be committed.
 */
export function sweepDue(): (now: number) => boolean {
  let awakeSince: number | null = null;
  let tickedAt = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;
  return now => {
    const isGap = now < tickedAt || now - tickedAt > GAP;
    if (awakeSince === null || isGap) awakeSince = now;
    tickedAt = now;
    const isDay = now - sweptAt >= DAY || now < sweptAt;
    if (!isDay || now - awakeSince < AWAKE) return false;
    sweptAt = now;
    return true;
  };
}

export interface Scheduled {
  /** Called in each minute, one call at a time. */
  everyMinute(event: { time: string }): Promise<unknown>;
  /** Called once a day. */
  everyDay(event: { time: string }): Promise<unknown>;
}

/** Starts the clock, and gives the way to stop it. `log` is told what failed. */
export function startClock(scheduled: Scheduled, log: (line: string) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const isSweepDue = sweepDue();
  const call = async (work: Scheduled['everyMinute']) => {
    try {
      await work({ time: new Date().toISOString() });
    } catch (error) {
      const expected = error instanceof LocalCloudError && error.code === 'process';
      if (!stopped && !expected) log(error instanceof Error ? error.message : 'The schedule failed once.');
    }
  };
  const tick = async () => {
    if (isSweepDue(Date.now())) void call(scheduled.everyDay);
    await call(scheduled.everyMinute);
    if (!stopped) timer = setTimeout(tick, untilNextMinute(Date.now()));
  };
  void tick();
  return () => {
    stopped = true;
    if (timer) clearTimeout(timer);
  };
}
