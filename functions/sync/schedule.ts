import type { Due } from '../store/due.ts';
import type { Health } from '../store/health.ts';

/** When accounts are pulled: pure, so that a simulated clock can play it. Times are ms since the epoch. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Queue messages carry up to ten accounts: one Lambda invocation pulls several idle mailboxes. */
export const ACCOUNTS_A_MESSAGE = 10;
/** Runs at once in one invocation: most are idle checks that wait for the network. */
export const PARALLEL_RUNS = 5;

/** Minutes between pulls; the cadence moves from one of these to another, so that it is seldom written. */
export const STEPS: readonly number[] = [1, 2, 5, 10, 15, 30, 60];
const FASTEST = 1;
/** Until it is known how mail arrives. */
const DEFAULT_EVERY = 5;
/** How much longer than a step the wanted interval has to be before the cadence slows down to it. */
const RELUCTANCE = 1.25;
/** Looks for each run that finds new mail, so that mail waits an eighth of the usual pause on average. */
const LOOKS_AN_ARRIVAL = 4;
/** Hours over which the present pace of arrivals is averaged, and days over which the habits of each hour are. */
const RECENT_HOURS = 3;
const HABIT_DAYS = 7;
/** Minutes between pulls while a device is looking, for accounts that are not faster by themselves. */
export const LOOKING_MINUTES = 2;

/** What only the person can mend: trying again by ourselves may lock the account at its provider. */
const STOPS: ReadonlySet<string> = new Set(['authentication', 'forbidden-host', 'sealed']);
const FIRST_BACKOFF = 2 * MINUTE;
const LONGEST_BACKOFF = HOUR;
/** Where the server limits how often we may come. */
const FIRST_THROTTLE = 15 * MINUTE;
const LONGEST_THROTTLE = 4 * HOUR;
/** Longer than any of these, and than a day that a server has stated with what is added to it. */
const LONGEST_WAIT = 27 * HOUR;
/** How long an account stays slower after its server complained of the pace. */
const SLOWER_FOR = DAY;
const SLOWEST_FLOOR = 30;

type Timing = Omit<Due, 'sk'>;
/** How mail arrives: runs with new mail an hour, of late and by hour of the day (UTC). Decays by itself. */
export type Arrivals = NonNullable<Health['arrivals']>;
type Floor = NonNullable<Health['floor']>;

/** A new account: every minute until its first import is complete. */
export function initialDue(): Timing {
  return { every: FASTEST, phase: 0, notBefore: 0 };
}

/** An account that is up to date; its phase spreads the accounts evenly over the cadence, `every` in minutes. */
export function settledDue(accountId: string, every: number = DEFAULT_EVERY): Timing {
  return { every, phase: phaseOf(accountId, every), notBefore: 0 };
}

/** The same while a device of the account's user is looking. */
export function lookingDue(accountId: string, due: Timing): Timing {
  if (due.every <= LOOKING_MINUTES) return due;
  return { ...due, every: LOOKING_MINUTES, phase: phaseOf(accountId, LOOKING_MINUTES) };
}

/** What is assumed of an account whose first import has just ended: the default cadence, slowing down. */
export function firstArrivals(now: number): Arrivals {
  return { at: now, recent: 60 / DEFAULT_EVERY / LOOKS_AN_ARRIVAL, hours: Array<number>(24).fill(0) };
}

/** After a run that found new mail. */
export function withArrival(arrivals: Arrivals, now: number): Arrivals {
  const { recent, hours } = decayed(arrivals, now);
  const hour = hourOf(now);
  return {
    at: now,
    recent: recent + 1 / RECENT_HOURS,
    hours: hours.map((habit, i) => (i === hour ? habit + 1 / HABIT_DAYS : habit)),
  };
}

/**
 * Minutes between pulls: one of STEPS, by how mail arrives. It slows down reluctantly from `current`, so that it
 * does not swing between two steps; `floor` is what the server's complaints leave.
 */
export function cadence(
  arrivals: Arrivals | undefined,
  { current, floor, now }: { current: number | undefined; floor: Floor | undefined; now: number },
): number {
  const wanted = 60 / LOOKS_AN_ARRIVAL / expectedAnHour(arrivals ?? firstArrivals(now), now);
  const before = current ?? DEFAULT_EVERY;
  const [faster, slower] = [stepUpTo(wanted), stepUpTo(wanted / RELUCTANCE)];
  const every = slower > before ? slower : Math.min(before, faster);
  const isSlow = floor && floor.until > now && floor.until <= now + SLOWER_FOR;
  return Math.max(every, isSlow ? floor.every : FASTEST);
}

/** Runs that are expected to find new mail in an hour: the present pace or the habit, whichever is more. */
function expectedAnHour({ at, recent, hours }: Arrivals, now: number): number {
  const elapsed = Math.max(0, now - at);
  // The next hour's habit, too: an account that is looked at once an hour would come late to its busy one.
  const habit = Math.max(hours[hourOf(now)] ?? 0, hours[hourOf(now + HOUR)] ?? 0);
  return Math.max(recent * paceLeft(elapsed), habit * habitLeft(elapsed));
}

/** How often an account is looked at after a complete run. What a first import brings says nothing of how mail arrives. */
export function paced(
  health: Pick<Health, 'lastSuccessAt' | 'arrivals' | 'every' | 'floor'>,
  now: number,
  found: boolean,
): { every: number; arrivals: Arrivals } {
  const known = (health.lastSuccessAt !== null && health.arrivals) || firstArrivals(now);
  const arrivals = found && health.lastSuccessAt !== null ? withArrival(known, now) : known;
  return { arrivals, every: cadence(arrivals, { current: health.every, floor: health.floor, now }) };
}

/**
 * What becomes of an account's place on the due list after a run that left this health: its new timing; `off`, when only
 * the person can mend it; or `same`. `present` is what the list holds; `random` is in [0, 1).
 */
export function dueAfter(
  accountId: string,
  after: Pick<Health, 'phase' | 'code' | 'failures' | 'retryAt' | 'every'>,
  present: Timing | null,
  { now, random }: { now: number; random: number },
): Timing | 'off' | 'same' {
  if (after.phase === 'stopped') return 'off';
  if (after.phase === 'failing') return failedDue(after, now, random) ?? initialDue();
  if (after.phase !== 'ok') return present ? 'same' : initialDue();
  const settled = settledDue(accountId, after.every);
  const isSame =
    present?.every === settled.every && present.phase === settled.phase && present.notBefore <= now;
  return isSame ? 'same' : settled;
}

/** After the server said that we come too often: at least one step slower for a day. */
export function slowedDown(health: Pick<Health, 'every' | 'floor'>, now: number): Floor {
  const present = Math.max(health.every ?? DEFAULT_EVERY, health.floor?.every ?? 0);
  const next = STEPS.find(step => step > present) ?? SLOWEST_FLOOR;
  return { every: Math.min(next, SLOWEST_FLOOR), until: now + SLOWER_FOR };
}

/**
 * When an account is tried again after `failures` failures in a row, the last with this code; null: not before its
 * settings change. A time that the server has stated is kept. What is used up for a day waits for the next one (UTC),
 * a server that limits how often we come a quarter of an hour, doubling to four, everything else two minutes, doubling
 * to an hour. With jitter, so that a provider that comes back is not met by everyone at once; `random` is in [0, 1).
 */
export function failedDue(
  { code, failures, retryAt }: Pick<Health, 'code' | 'failures' | 'retryAt'>,
  now: number,
  random: number,
): Timing | null {
  if (STOPS.has(code ?? '')) return null;
  return { ...initialDue(), notBefore: retryTime({ code, failures, retryAt }, now, random) };
}

function retryTime(
  { code, failures, retryAt }: Pick<Health, 'code' | 'failures' | 'retryAt'>,
  now: number,
  random: number,
): number {
  if (retryAt !== undefined && retryAt > now) return retryAt + random * (retryAt - now) * 0.1;
  if (code === 'quota') return Math.max(nextDay(now), now + HOUR) + random * HOUR;
  const [first, longest] =
    code === 'throttled' ? [FIRST_THROTTLE, LONGEST_THROTTLE] : [FIRST_BACKOFF, LONGEST_BACKOFF];
  const wait = Math.min(longest, first * 2 ** Math.min(failures - 1, 10));
  return now + wait * (0.75 + 0.5 * random);
}

/** Whether a failure with this code waits for the person. */
export const isFinal = (code: string): boolean => STOPS.has(code);

/**
 * Whether what the schedule asked for at `dueAt` is answered by a run that failed since. Where the queue is long an account
 * is asked for each minute until it is tried, and each of these would wait for a silent server anew, while others wait.
 */
export function isOvertaken(
  { phase, lastPullAt }: Pick<Health, 'phase' | 'lastPullAt'>,
  dueAt: number | undefined,
  now: number,
): boolean {
  if (phase !== 'failing' || dueAt === undefined || lastPullAt === null) return false;
  return lastPullAt >= dueAt && lastPullAt <= now;
}

/** The start of the next day, UTC. */
export const nextDay = (now: number): number => (Math.floor(now / DAY) + 1) * DAY;

/**
 * Whether less than `span` ms have passed between a time that was noted and now. A time to come was noted by a clock that
 * ran ahead: it is as good as long ago, or nothing would be done until that time.
 */
export const isWithin = (noted: number, span: number, now: number): boolean =>
  noted <= now && now - noted < span;

/** The accounts of a page of the due list that are to be pulled in this minute; `lookedAt`: a device is looking at them. */
export function dueNow<R extends Due>(page: readonly R[], lookedAt: ReadonlySet<string>, now: number): R[] {
  if (lookedAt.size === 0) return page.filter(row => isDue(row, now));
  return page.filter(row => isDue(lookedAt.has(row.sk) ? lookingDue(row.sk, row) : row, now));
}

/** Whether an account is to be pulled in the minute that `now` lies in. */
export function isDue(due: Timing, now: number): boolean {
  const minute = Math.floor(now / MINUTE);
  return minute % due.every === due.phase % due.every && waitsUntil(due, now) <= now;
}

/** The start of the first minute after `now` in which the account is due. */
export function nextPull(due: Timing, now: number): number {
  let minute = Math.max(Math.floor(now / MINUTE) + 1, Math.ceil(waitsUntil(due, now) / MINUTE));
  while (minute % due.every !== due.phase % due.every) minute++;
  return minute * MINUTE;
}

/** What waits longer than anything here may was put off by a clock that was wrong, and would wait for years. */
export const waitsUntil = ({ notBefore }: Timing, now: number): number =>
  notBefore > now + LONGEST_WAIT ? 0 : notBefore;

function decayed({ at, recent, hours }: Arrivals, now: number): Arrivals {
  const elapsed = Math.max(0, now - at);
  const habit = habitLeft(elapsed);
  return { at: now, recent: recent * paceLeft(elapsed), hours: hours.map(value => value * habit) };
}

const paceLeft = (elapsed: number) => Math.exp(-elapsed / (RECENT_HOURS * HOUR));
const habitLeft = (elapsed: number) => Math.exp(-elapsed / (HABIT_DAYS * DAY));
const hourOf = (now: number) => Math.floor(now / HOUR) % 24;

/** The largest step that is no longer than this many minutes. */
function stepUpTo(minutes: number): number {
  let found = FASTEST;
  for (const step of STEPS) if (step <= minutes) found = step;
  return found;
}

/** FNV-1a: each minute the dispatcher asks for it, for all whom a device looks at. */
function phaseOf(accountId: string, every: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < accountId.length; i++) hash = Math.imul(hash ^ accountId.charCodeAt(i), 0x01000193);
  // The last bits of it alone are not even.
  return ((hash ^ (hash >>> 15)) >>> 0) % every;
}
