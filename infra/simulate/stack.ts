import { isLooking } from '../../functions/store/looking.ts';
import { chunk } from '../../functions/store/table.ts';
import { ACCOUNTS_A_MESSAGE, dueNow, PARALLEL_RUNS } from '../../functions/sync/schedule.ts';
import { WORKLOADS } from '../cost/workloads.ts';
import { dueIndex } from './due-index.ts';
import { lanes, together } from './lanes.ts';
import { join, type Mailbox, type Mix, nextSession, populate, type Row } from './mailbox.ts';
import type { Outage, Provider } from './providers.ts';
import { type Durations, pullAt, type Weather } from './pull.ts';
import { seeded } from './random.ts';
import { type Tally, tally } from './tally.ts';

/**
 * Some hours of one stack: mail comes, people look, and each minute the dispatcher's own decision says who is pulled.
 * The clock is simulated, and so are the mail servers and Lambda; the schedule, the backoff and the budgets are real.
 */

export interface StackOptions {
  mailboxes: number;
  mix: Mix;
  /** `limits.maxSyncConcurrency` of the customer file. */
  concurrency: number;
  /** The first minute that counts, ms since the epoch; a few hours before it are played as well. */
  from: number;
  hours: number;
  seed: number;
  /** Hours east of UTC in which most of its people live. */
  zone: number;
  durations: Durations;
  outages: readonly Outage[];
  /** Share of the mailboxes that are added during the day. */
  newcomers: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** So that the queue and the pace of the last hours are as they would be. */
const WARM_HOURS = 3;
/** From the minute to the first message on the queue: the schedule, the dispatcher's start, and SQS. */
const DISPATCH_MS = 700;
/** A device that is open says so again this often; see `store/looking.ts`. */
const NOTE_EVERY = 10 * MINUTE;

/** A message of the queue; `dueAt` where the schedule sent it. */
interface Message {
  asked: readonly Mailbox[];
  dueAt?: number;
}

/** Plays a stack, and gives what was counted from `from` on. */
export function simulateStack(options: StackOptions): Tally {
  const { from, hours, concurrency, seed } = options;
  const begin = from - WARM_HOURS * HOUR;
  const end = from + hours * HOUR;
  const random = seeded(seed);
  const mailboxes = populate(random, { ...options, count: options.mailboxes }, begin);
  const rows = dueIndex(mailboxes.flatMap(({ row }) => row ?? []));
  const queue = lanes<Message>(concurrency);
  const counted = tally(options);
  const weather = providers(options.outages, from);

  const work = ({ asked, dueAt }: Message, at: number, queuedAt: number): number => {
    const lengths: number[] = [];
    for (const mailbox of asked) {
      const pulled = pullAt(mailbox, at, weather(mailbox.provider, at), random, options.durations, dueAt);
      counted.pulled(mailbox, at, pulled);
      if (pulled.wroteDue && mailbox.row) rows.move(mailbox.row);
      if (pulled.more) queue.add({ asked: [mailbox] }, at + pulled.milliseconds);
      lengths.push(pulled.milliseconds);
    }
    const milliseconds = together(lengths, PARALLEL_RUNS);
    counted.invoked(at, milliseconds, queuedAt);
    return milliseconds;
  };

  const joining = mailboxes.filter(({ joins }) => joins > 0).sort((a, b) => b.joins - a.joins);
  const people = byNextSession(mailboxes, begin);
  const lookedAt = new Set<string>();
  for (let now = begin; now < end; now += MINUTE) {
    queue.run(now, work);
    for (let next = joining.at(-1); next && next.joins < now; next = joining.at(-1)) {
      joining.pop();
      join(next);
      if (next.row) rows.add(next.row);
    }
    for (const mailbox of people.look(now, random)) {
      // As `noteLooking`: the first note has the account pulled at once.
      if (!isLooking({ seenAt: mailbox.seenAt }, now)) queue.add({ asked: [mailbox] }, now);
      mailbox.seenAt = now;
      lookedAt.add(mailbox.id);
      counted.noted(now);
    }
    people.forget(lookedAt, now);
    const due = dueNow<Row>(rows.due(now, lookedAt), lookedAt, now);
    for (const message of chunk(due, ACCOUNTS_A_MESSAGE)) {
      const asked = message.map(({ mailbox }) => mailbox);
      queue.add({ asked, dueAt: now }, now + DISPATCH_MS);
    }
    counted.dispatched(now, {
      rows: rows.count(),
      due: due.length,
      waiting: queue.waiting(),
      active: queue.active(now),
    });
  }
  queue.run(end, work);
  return counted.done({ mailboxes, waiting: queue.waiting(), peak: queue.peak(), end });
}

/** How a provider is at a time: down as it is said, crowded after too many logins in one minute. */
function providers(outages: readonly Outage[], from: number): (provider: Provider, at: number) => Weather {
  const logins = new Map<Provider, { minute: number; count: number; outages: Outage[] }>();
  return (provider, at) => {
    let now = logins.get(provider);
    if (!now) {
      now = { minute: 0, count: 0, outages: outages.filter(outage => outage.provider === provider.name) };
      logins.set(provider, now);
    }
    const hours = (at - from) / HOUR;
    if (now.outages.some(outage => hours >= outage.from && hours < outage.from + outage.hours)) return 'down';
    const minute = Math.floor(at / MINUTE);
    now.count = now.minute === minute ? now.count + 1 : 1;
    now.minute = minute;
    return now.count > provider.loginsAMinute ? 'crowded' : 'fine';
  };
}

/** The people of a stack in the order in which they look, so that a minute asks only those whose time has come. */
function byNextSession(mailboxes: readonly Mailbox[], begin: number) {
  const slots = new Map<number, Mailbox[]>();
  const slotOf = (at: number) => Math.floor(at / MINUTE);
  const put = (mailbox: Mailbox, at: number) => {
    const slot = slots.get(slotOf(at));
    if (slot) slot.push(mailbox);
    else slots.set(slotOf(at), [mailbox]);
  };
  for (const mailbox of mailboxes) put(mailbox, Math.max(begin, mailbox.nextSession));
  const looking: Mailbox[] = [];
  return {
    /** Those who begin to look, or say again that they do, in this minute. */
    look(now: number, random: () => number): Mailbox[] {
      const found = slots.get(slotOf(now)) ?? [];
      slots.delete(slotOf(now));
      for (const mailbox of found) {
        if (now >= mailbox.sessionEnds) {
          mailbox.sessionEnds = now + WORKLOADS[mailbox.workload].minutesASession * MINUTE;
          mailbox.nextSession = nextSession(random, mailbox, mailbox.sessionEnds);
        }
        const again = now + NOTE_EVERY;
        put(mailbox, again < mailbox.sessionEnds ? again : Math.max(now + MINUTE, mailbox.nextSession));
        if (!isLooking({ seenAt: mailbox.seenAt }, now)) looking.push(mailbox);
      }
      return found.filter(({ row }) => row !== null);
    },
    /** Takes those out whose notes no longer hold. */
    forget(lookedAt: Set<string>, now: number): void {
      let kept = 0;
      for (const mailbox of looking) {
        if (isLooking({ seenAt: mailbox.seenAt }, now)) looking[kept++] = mailbox;
        else lookedAt.delete(mailbox.id);
      }
      looking.length = kept;
    },
  };
}
