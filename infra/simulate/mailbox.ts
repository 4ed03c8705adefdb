import type { Due } from '../../functions/store/due.ts';
import { type Health, newHealth } from '../../functions/store/health.ts';
import { type Arrivals, cadence, initialDue, settledDue } from '../../functions/sync/schedule.ts';
import { HOURS, MEAN_MESSAGE, WEEKEND, WORKLOADS, type WorkloadName } from '../cost/workloads.ts';
import { PROVIDERS, type Provider } from './providers.ts';
import { exponential, pick, type Random } from './random.ts';

/** Simulated mailboxes: how mail comes to them and when their people look. Times are ms since the epoch. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Found runs with new mail for each message, where the cadence looks four times for each: 4 ln(4/3). */
const MESSAGES_A_FOUND_RUN = 1.15;

/** A row of the due list, with the mailbox that it is of. */
export interface Row extends Due {
  mailbox: Mailbox;
}

export interface Mailbox {
  id: string;
  provider: Provider;
  workload: WorkloadName;
  /** Messages on a working day; people differ within a kind, too. */
  messagesADay: number;
  /** Hours east of UTC. */
  zone: number;
  /** Its place on the due list; null when it is off. */
  row: Row | null;
  health: Health;
  /** When the oldest message arrived that was not pulled, or will. */
  nextMail: number;
  /** When its person looks next, and when the last note of looking was made. */
  nextSession: number;
  sessionEnds: number;
  seenAt: number;
  /** Octets of a first import that are not fetched yet. */
  left: number;
  /** When its first import begins; 0 where it is over. */
  joins: number;
  /** Until when a run is at work on it. */
  busyUntil: number;
  /** How often it was pulled. */
  pulls: number;
}

/** How the mailboxes of a stack are mixed; weights. */
export type Mix = Partial<Record<WorkloadName, number>>;

/** How a hosting company's mailboxes are mixed, as we assume. */
export const USUAL_MIX: Mix = { light: 50, normal: 40, heavy: 10 };

export interface Population {
  count: number;
  mix: Mix;
  /** Share of them that is added on the day, with mail to import. */
  newcomers: number;
  zone: number;
}

/** Mailboxes that have been here for long, as their schedule knows them, and some that come on the first day. */
export function populate(
  random: Random,
  { count, mix, newcomers, zone }: Population,
  from: number,
): Mailbox[] {
  const kinds = Object.entries(mix).map(([name, weight]) => ({ name: name as WorkloadName, weight }));
  return Array.from({ length: count }, (_, i) => {
    const { name } = pick(random, kinds);
    const id = `a${String(i).padStart(8, '0')}`;
    const share = 0.4 + 1.2 * random();
    const mailbox: Mailbox = {
      ...{ id, provider: pick(random, PROVIDERS), workload: name, zone, row: null },
      messagesADay: WORKLOADS[name].messagesADay * share,
      health: newHealth,
      ...{
        nextMail: 0,
        nextSession: 0,
        sessionEnds: 0,
        seenAt: 0,
        left: 0,
        joins: 0,
        busyUntil: 0,
        pulls: 0,
      },
    };
    mailbox.nextMail = nextArrival(random, mailbox, from);
    mailbox.nextSession = nextSession(random, mailbox, from);
    if (random() < newcomers) {
      mailbox.joins = from + random() * DAY;
      mailbox.left = WORKLOADS[name].kept * MEAN_MESSAGE * share;
    } else settle(random, mailbox, from);
    return mailbox;
  });
}

/** Puts a new account on the due list, as the API does. */
export function join(mailbox: Mailbox): void {
  mailbox.joins = 0;
  mailbox.row = { sk: mailbox.id, ...initialDue(), mailbox };
}

function settle(random: Random, mailbox: Mailbox, now: number): void {
  const arrivals = habits(mailbox, now);
  const every = cadence(arrivals, { current: undefined, floor: undefined, now });
  mailbox.health = {
    ...newHealth,
    ...{ phase: 'ok', message: 'settled', lastSuccessAt: now, lastPullAt: now - random() * HOUR },
    ...{ atSource: 0, every, arrivals },
  };
  mailbox.row = { sk: mailbox.id, ...settledDue(mailbox.id, every), mailbox };
}

/** What the schedule has learnt of a mailbox in the long run. */
function habits(mailbox: Mailbox, now: number): Arrivals {
  const perHour = (hour: number) => messagesAnHour(mailbox, hour) / MESSAGES_A_FOUND_RUN;
  const firstHour = Math.floor(now / HOUR) * HOUR;
  const hours = Array<number>(24).fill(0);
  for (let back = 1; back <= 7 * 24; back++) {
    const at = firstHour - back * HOUR;
    const hour = Math.floor(at / HOUR) % 24;
    hours[hour] = (hours[hour] ?? 0) + (perHour(at) / 7) * Math.exp((at - now) / (7 * DAY));
  }
  // What is older than a week has the same share again, less and less.
  const older = 1 / (1 - Math.exp(-1));
  return { at: now, recent: perHour(now), hours: hours.map(value => value * older) };
}

/** Messages that are expected to come in the hour of this time. */
function messagesAnHour({ messagesADay, zone }: Pick<Mailbox, 'messagesADay' | 'zone'>, at: number): number {
  const local = at + zone * HOUR;
  // The first of January 1970 was a Thursday.
  const isWeekend = ((Math.floor(local / DAY) + 4) % 7) % 6 === 0;
  return messagesADay * (HOURS[Math.floor(local / HOUR) % 24] ?? 0) * (isWeekend ? WEEKEND : 1);
}

/** When the next message comes after this time. */
export function nextArrival(
  random: Random,
  mailbox: Pick<Mailbox, 'messagesADay' | 'zone'>,
  after: number,
): number {
  let left = exponential(random);
  for (let at = after; ; ) {
    const end = (Math.floor(at / HOUR) + 1) * HOUR;
    const perMs = messagesAnHour(mailbox, at) / HOUR;
    if (left <= (end - at) * perMs) return at + left / perMs;
    left -= (end - at) * perMs;
    at = end;
  }
}

/** When a person looks next after this time: as their mail comes, but never in the night. */
export function nextSession(random: Random, mailbox: Mailbox, after: number): number {
  const { sessionsADay } = WORKLOADS[mailbox.workload];
  const looker = { zone: mailbox.zone, messagesADay: sessionsADay };
  for (let at = after; ; ) {
    at = nextArrival(random, looker, at);
    const hour = Math.floor((at + mailbox.zone * HOUR) / HOUR) % 24;
    if (hour >= 6) return at;
  }
}
