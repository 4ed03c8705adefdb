import { readUnits } from '../cost/units.ts';
import { addValue, type Histogram, histogram } from './histogram.ts';
import type { Mailbox } from './mailbox.ts';
import type { Pulled } from './pull.ts';

/** What is counted while a stack is played. */

const MINUTE = 60_000;
const SECOND = 1_000;
/** A row of the due list, in octets as DynamoDB counts an item for throughput. */
export const DUE_ROW_OCTETS = 64;

/** Counts over the measured hours. */
export interface Totals {
  pulls: number;
  idle: number;
  found: number;
  imported: number;
  failed: number;
  /** Asked for although another run was at work. */
  busy: number;
  /** Messages of the queue, and ms in which functions ran for them. */
  invocations: number;
  milliseconds: number;
  messages: number;
  octets: number;
  healthWrites: number;
  dueWrites: number;
  /** Read units of the dispatcher. */
  dispatchUnits: number;
}

/** One minute of the measured hours. */
export interface Minute {
  at: number;
  pulls: number;
  /** Invocations under way when the minute began, and their mean over it. */
  active: number;
  busyMilliseconds: number;
  waiting: number;
  failed: number;
}

/** What playing a stack came to. */
export interface Tally {
  totals: Totals;
  minutes: Minute[];
  /** Seconds from a message's arrival to the end of the run that brought it: of all, and by hour. */
  lag: Histogram;
  lagByHour: Histogram[];
  /** Seconds that queue messages waited for a function: of all, and by hour. */
  waited: Histogram;
  waitedByHour: Histogram[];
  /** The most invocations at once. */
  peak: number;
  /** Most write and read units that one second asked of the due list's partition. */
  hottestDueWrites: number;
  hottestDueReads: number;
  /** Messages that came and were not pulled an hour and a half later, at the end. */
  forgotten: number;
  /** Accounts that were never pulled although they were on the list all the time. */
  neverPulled: number;
  waiting: number;
}

const EMPTY: Totals = {
  ...{ pulls: 0, idle: 0, found: 0, imported: 0, failed: 0, busy: 0, invocations: 0, milliseconds: 0 },
  ...{ messages: 0, octets: 0, healthWrites: 0, dueWrites: 0, dispatchUnits: 0 },
};

/** Longer than the slowest cadence and the longest backoff that an hour's outage leaves. */
const FORGOTTEN_AFTER = 3 * 60 * MINUTE;

/** Counts from `from` on; what is before it is not counted. */
export function tally({ from, hours }: { from: number; hours: number }) {
  const totals = { ...EMPTY };
  const minutes: Minute[] = Array.from({ length: hours * 60 }, (_, i) => ({
    ...{ at: from + i * MINUTE, pulls: 0, active: 0, busyMilliseconds: 0, waiting: 0, failed: 0 },
  }));
  const lag = histogram();
  const lagByHour = Array.from({ length: hours }, histogram);
  const waited = histogram();
  const waitedByHour = Array.from({ length: hours }, histogram);
  const dueWrites = new Int32Array(hours * 3_600);
  let hottestDueReads = 0;
  const hourOf = (at: number) => Math.floor((at - from) / (60 * MINUTE));
  const minuteOf = (at: number) => minutes[Math.floor((at - from) / MINUTE)];
  const writeDue = (at: number) => {
    const second = Math.floor((at - from) / SECOND);
    if (second >= 0 && second < dueWrites.length) dueWrites[second] = (dueWrites[second] ?? 0) + 1;
  };
  return {
    pulled(mailbox: Mailbox, at: number, pulled: Pulled): void {
      mailbox.pulls += 1;
      const minute = minuteOf(at);
      if (!minute) return;
      minute.pulls += 1;
      totals.pulls += 1;
      if (pulled.outcome !== 'gone') totals[pulled.outcome] += 1;
      if (pulled.outcome === 'failed') minute.failed += 1;
      totals.octets += pulled.octets;
      if (pulled.wroteHealth) totals.healthWrites += 1;
      if (pulled.wroteDue) {
        totals.dueWrites += 1;
        writeDue(at + pulled.milliseconds);
      }
      for (const arrived of pulled.arrived) {
        const seconds = (at + pulled.milliseconds - arrived) / SECOND;
        addValue(lag, seconds);
        const hour = lagByHour[hourOf(at)];
        if (hour) addValue(hour, seconds);
        totals.messages += 1;
      }
    },
    invoked(at: number, milliseconds: number, queuedAt: number): void {
      const minute = minuteOf(at);
      if (!minute) return;
      totals.invocations += 1;
      addValue(waited, (at - queuedAt) / SECOND);
      const hour = waitedByHour[hourOf(at)];
      if (hour) addValue(hour, (at - queuedAt) / SECOND);
      totals.milliseconds += milliseconds;
      for (let begin = at, left = milliseconds; left > 0; ) {
        const one = minuteOf(begin);
        if (!one) break;
        const part = Math.min(left, one.at + MINUTE - begin);
        one.busyMilliseconds += part;
        left -= part;
        begin = one.at + MINUTE;
      }
    },
    /** A device's note in the due list's partition. */
    noted: writeDue,
    dispatched(at: number, seen: { rows: number; due: number; waiting: number; active: number }): void {
      const minute = minuteOf(at);
      if (!minute) return;
      const units = readUnits(seen.rows * DUE_ROW_OCTETS);
      totals.dispatchUnits += units;
      hottestDueReads = Math.max(hottestDueReads, units);
      minute.waiting = seen.waiting;
      minute.active = seen.active;
    },
    done(last: { mailboxes: readonly Mailbox[]; waiting: number; peak: number; end: number }): Tally {
      const isForgotten = ({ nextMail, left, row }: Mailbox) =>
        row !== null && left === 0 && last.end - nextMail > FORGOTTEN_AFTER;
      return {
        ...{ totals, minutes, lag, lagByHour, waited, waitedByHour, peak: last.peak, waiting: last.waiting },
        hottestDueWrites: dueWrites.reduce((most, count) => Math.max(most, count), 0),
        hottestDueReads,
        forgotten: last.mailboxes.filter(isForgotten).length,
        neverPulled: last.mailboxes.filter(({ pulls, row }) => row !== null && pulls === 0).length,
      };
    },
  };
}
