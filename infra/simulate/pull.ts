import { say } from '../../functions/sentences/say.ts';
import { SourceError } from '../../functions/source/errors.ts';
import { limitsOf } from '../../functions/source/provider-limits.ts';
import { dayBudget } from '../../functions/sync/budget.ts';
import { failed, isOldNews, outOfBudget, succeeded } from '../../functions/sync/health.ts';
import { dueAfter, isOvertaken, paced } from '../../functions/sync/schedule.ts';
import { MEAN_MESSAGE } from '../cost/workloads.ts';
import { type Mailbox, nextArrival } from './mailbox.ts';
import type { Random } from './random.ts';

/** One pull of one simulated account: the real code decides what follows. Pure but for the mailbox itself. */

/** How long things take, in ms, and how quickly mail is imported, in octets a ms. */
export interface Durations {
  idle: number;
  /** With new mail, and more for each further message. */
  found: number;
  eachMessage: number;
  importOctets: number;
}

/** How a provider is when an account is pulled. */
export type Weather = 'fine' | 'down' | 'crowded';

/** What a pull came to. */
export interface Pulled {
  outcome: 'idle' | 'found' | 'imported' | 'failed' | 'busy' | 'gone';
  milliseconds: number;
  /** Arrival times of the messages that it brought. */
  arrived: readonly number[];
  octets: number;
  /** Rows written beside those of messages: health, and the place on the due list. */
  wroteHealth: boolean;
  wroteDue: boolean;
  /** Asks to be continued at once. */
  more: boolean;
}

/** Until a server that says nothing is given up, and what a refusal takes. */
const SILENCE_MS = 15_000;
const REFUSAL_MS = 400;
const BUSY_MS = 20;
/** What a run takes on of a first import before its deadline. */
const LONGEST_RUN_MS = 265_000;
const SLICE = 16_000_000;

const NONE: readonly number[] = [];
const NOTHING = { arrived: NONE, octets: 0, wroteHealth: false, wroteDue: false, more: false };

/** Pulls an account at this time; `dueAt` is when the schedule asked for it, nothing where somebody else did. */
export function pullAt(
  mailbox: Mailbox,
  now: number,
  weather: Weather,
  random: Random,
  durations: Durations,
  dueAt?: number,
): Pulled {
  if (mailbox.row === null) return { ...NOTHING, outcome: 'gone', milliseconds: BUSY_MS };
  if (mailbox.busyUntil > now) return { ...NOTHING, outcome: 'busy', milliseconds: BUSY_MS };
  if (isOvertaken(mailbox.health, dueAt, now)) return { ...NOTHING, outcome: 'idle', milliseconds: BUSY_MS };
  if (weather !== 'fine') return fail(mailbox, now, weather, random);
  if (mailbox.left > 0) return importSome(mailbox, now, durations, random);
  const stretch = mailbox.provider.distance * (0.75 + 0.5 * random());
  if (mailbox.nextMail > now) return look(mailbox, now, durations.idle * stretch, random);
  const arrived: number[] = [];
  while (mailbox.nextMail <= now) {
    arrived.push(mailbox.nextMail);
    mailbox.nextMail = nextArrival(random, mailbox, mailbox.nextMail);
  }
  const milliseconds = (durations.found + durations.eachMessage * (arrived.length - 1)) * stretch;
  mailbox.busyUntil = now + milliseconds;
  const wroteDue = settle(mailbox, now + milliseconds, arrived.length, random);
  const octets = arrived.length * MEAN_MESSAGE;
  return { outcome: 'found', milliseconds, arrived, octets, wroteHealth: true, wroteDue, more: false };
}

/** A poll that finds nothing: by far the most frequent, and it writes only what is news. */
function look(mailbox: Mailbox, now: number, milliseconds: number, random: Random): Pulled {
  const { health } = mailbox;
  const end = now + milliseconds;
  const { phase, message, atSource } = health;
  const { every } = paced(health, end, false);
  const isNews = phase !== 'ok' || !isOldNews(health, { phase, message, atSource, every }, end);
  const wroteDue = isNews && settle(mailbox, end, 0, random);
  return {
    outcome: 'idle',
    milliseconds,
    arrived: NONE,
    octets: 0,
    wroteHealth: isNews,
    wroteDue,
    more: false,
  };
}

/** What follows from a complete pull, by the real schedule; true when the account moves on the due list. */
function settle(mailbox: Mailbox, now: number, created: number, random: Random): boolean {
  const atSource = (mailbox.health.atSource ?? 0) + created;
  const seen = { atSource, quarantined: 0, doubtful: false, created };
  mailbox.health = succeeded(mailbox.health, now, seen, true);
  return place(mailbox, now, random);
}

function fail(mailbox: Mailbox, now: number, weather: Exclude<Weather, 'fine'>, random: Random): Pulled {
  const isDown = weather === 'down';
  const milliseconds = isDown ? SILENCE_MS : REFUSAL_MS;
  const error = isDown ? new SourceError('timeout', 'down') : new SourceError('throttled', 'crowded');
  mailbox.health = failed(mailbox.health, now + milliseconds, error);
  const wroteDue = place(mailbox, now + milliseconds, random);
  return { ...NOTHING, outcome: 'failed', milliseconds, wroteHealth: true, wroteDue };
}

/** One run of a first import: until its deadline, its end, or what its provider allows in a day. */
function importSome(mailbox: Mailbox, now: number, durations: Durations, random: Random): Pulled {
  const limits = limitsOf(mailbox.provider.host, 'imap');
  const budget = dayBudget(limits, mailbox.health.fetched, () => now);
  let octets = 0;
  while (octets < mailbox.left && octets / durations.importOctets < LONGEST_RUN_MS) {
    const slice = Math.min(SLICE, mailbox.left - octets);
    if (!budget.take(slice, false)) break;
    octets += slice;
  }
  const milliseconds = durations.found + octets / durations.importOctets;
  const end = now + milliseconds;
  mailbox.left -= octets;
  mailbox.busyUntil = end;
  const health = { ...mailbox.health, fetched: budget.fetched() };
  const seen = { atSource: 0, quarantined: 0, doubtful: false, created: 1 };
  const isDone = mailbox.left <= 0;
  mailbox.health = budget.isSpent()
    ? outOfBudget(health, end, seen, say('status/ok'))
    : succeeded(health, end, seen, isDone);
  // What came while the history was fetched came with it.
  if (isDone && mailbox.nextMail <= end) mailbox.nextMail = nextArrival(random, mailbox, end);
  const wroteDue = place(mailbox, end, random);
  const more = !isDone && !budget.isSpent();
  return { ...NOTHING, outcome: 'imported', milliseconds, octets, wroteHealth: true, wroteDue, more };
}

/** Moves an account on the due list as the real report does; true when that is a write. */
function place(mailbox: Mailbox, now: number, random: Random): boolean {
  const due = dueAfter(mailbox.id, mailbox.health, mailbox.row, { now, random: random() });
  if (due === 'same') return false;
  mailbox.row = due === 'off' ? null : Object.assign(mailbox.row ?? { sk: mailbox.id, mailbox }, due);
  return true;
}
