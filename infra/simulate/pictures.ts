import { writeFile } from 'node:fs/promises';
import { type Series, svgOf } from './chart.ts';
import { type Fleet, simulateFleet } from './fleet.ts';
import { quantile } from './histogram.ts';
import type { StackOptions } from './stack.ts';

/** The pictures of docs/scale.md: what is played for them, and how it is drawn. */

type Base = Omit<StackOptions, 'mailboxes'>;

/** The day of one stack, hour by hour. */
const DAY_MAILBOXES = 5_000;
/** Two busy hours of stacks that grow. */
const GROWING = [1_000, 3_000, 10_000, 30_000, 60_000];
const CONCURRENCIES = [2, 10, 50];
const BUSY = { from: 8, hours: 2 };
const HOUR = 3_600_000;

/** Plays what the pictures show, and writes them into a folder. */
export async function drawPictures(base: Base, folder: URL): Promise<void> {
  const write = (name: string, svg: string) => writeFile(new URL(name, folder), svg);
  const usual = { ...base, mailboxes: DAY_MAILBOXES };
  const outages = [{ provider: 'own', from: 10, hours: 1 }];
  const fine = await simulateFleet([{ ...usual, outages: [] }]);
  const narrow = await simulateFleet([{ ...usual, outages }]);
  const wide = await simulateFleet([{ ...usual, outages, concurrency: 50 }]);
  await write('scale-day.svg', lagOfDay(fine, narrow, wide));
  await write('scale-day-queue.svg', queueOfDay(fine, narrow, wide));
  await write('scale-concurrency.svg', concurrencyOfDay(fine, narrow, wide));
  const grown = await grow(base);
  await write('scale-queue.svg', queueOfSizes(grown));
  await write('scale-due-list.svg', keysOfSizes(grown));
}

type Grown = { concurrency: number; mailboxes: number; fleet: Fleet }[];

async function grow(base: Base): Promise<Grown> {
  const from = base.from + BUSY.from * HOUR;
  const grown: Grown = [];
  for (const concurrency of CONCURRENCIES) {
    for (const mailboxes of GROWING) {
      const stack = { ...base, from, hours: BUSY.hours, newcomers: 0, outages: [], concurrency, mailboxes };
      const fleet = await simulateFleet([stack]);
      grown.push({ concurrency, mailboxes, fleet });
      console.log(
        `${mailboxes} mailboxes, ${concurrency} at once: ${quantile(fleet.waited, 0.99).toFixed(1)} s`,
      );
    }
  }
  return grown;
}

const HOURS_OF_DAY = [0, 3, 6, 9, 12, 15, 18, 21, 24];
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
const SECONDS = [10, 30, 60, 300, 900, 3_600, 14_400];
const span = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;

function lagOfDay(fine: Fleet, narrow: Fleet, wide: Fleet): string {
  const of = (name: string, fleet: Fleet, share: number, dashed = false): Series => ({
    name,
    dashed,
    points: fleet.lagByHour.map((lag, hour) => [hour + 0.5, quantile(lag, share)]),
  });
  return svgOf({
    title: `How late mail is: ${DAY_MAILBOXES.toLocaleString('en')} mailboxes, a Monday, 45 % of them down from 10 to 11`,
    x: { label: 'UTC', ticks: HOURS_OF_DAY, text: clock },
    y: { label: 'from arrival to the end of the pull', ticks: SECONDS, log: true, text: span },
    series: [
      of('p50, all well', fine, 0.5),
      of('p50, 10 at once', narrow, 0.5),
      of('p99, all well', fine, 0.99),
      of('p99, 10 at once', narrow, 0.99),
      of('p99, 50 at once', wide, 0.99, true),
    ],
  });
}

function queueOfDay(fine: Fleet, narrow: Fleet, wide: Fleet): string {
  const of = (name: string, fleet: Fleet, dashed = false): Series => ({
    name,
    dashed,
    points: fleet.waitedByHour.map((waited, hour) => [hour + 0.5, quantile(waited, 0.99)]),
  });
  return svgOf({
    title: 'How long pulls wait on the queue: the same day',
    x: { label: 'UTC', ticks: HOURS_OF_DAY, text: clock },
    y: { label: 'p99', ticks: [0.1, 1, 10, 60, 300, 900, 3_600], log: true, text: span },
    series: [of('all well', fine), of('down, 10 at once', narrow), of('down, 50 at once', wide, true)],
  });
}

function concurrencyOfDay(fine: Fleet, narrow: Fleet, wide: Fleet): string {
  const of = (name: string, { concurrency }: Fleet, dashed = false): Series => ({
    name,
    dashed,
    points: everyTen(concurrency).map((mean, i) => [i / 6, mean]),
  });
  return svgOf({
    title: 'Invocations of sync at once, mean of ten minutes: the same day',
    x: { label: 'UTC', ticks: HOURS_OF_DAY, text: clock },
    y: { label: 'at once', ticks: [0, 5, 10, 20, 30, 40, 50] },
    series: [of('all well', fine), of('down, 10 at once', narrow), of('down, 50 at once', wide, true)],
  });
}

function everyTen(minutes: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(minutes.length / 10) }, (_, i) => {
    const ten = minutes.slice(i * 10, i * 10 + 10);
    return ten.reduce((sum, value) => sum + value, 0) / ten.length;
  });
}

function queueOfSizes(grown: Grown): string {
  return svgOf({
    title: 'How long pulls wait on the queue from 8 to 10, by mailboxes in one stack and maxSyncConcurrency',
    x: { label: 'mailboxes in one stack', ticks: GROWING, log: true },
    y: { label: 'p99', ticks: [0.1, 1, 10, 60, 300, 900, 3_600], log: true, text: span },
    series: CONCURRENCIES.map(concurrency => ({
      name: `${concurrency} at once`,
      points: grown
        .filter(one => one.concurrency === concurrency)
        .map(({ mailboxes, fleet }) => [mailboxes, quantile(fleet.waited, 0.99)]),
    })),
  });
}

function keysOfSizes(grown: Grown): string {
  const widest = grown.filter(one => one.concurrency === CONCURRENCIES.at(-1));
  return svgOf({
    title: 'The partition of the due list: units in the worst second',
    x: { label: 'mailboxes in one stack', ticks: GROWING, log: true },
    y: { label: 'units', ticks: [1, 10, 100, 1_000, 3_000], log: true },
    series: [
      { name: 'reads', points: widest.map(({ mailboxes, fleet }) => [mailboxes, fleet.hottestDueReads]) },
      { name: 'reads it has', points: GROWING.map(mailboxes => [mailboxes, 3_000]), dashed: true },
      { name: 'writes', points: widest.map(({ mailboxes, fleet }) => [mailboxes, fleet.hottestDueWrites]) },
      { name: 'writes it has', points: GROWING.map(mailboxes => [mailboxes, 1_000]), dashed: true },
    ],
  });
}
