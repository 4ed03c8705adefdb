/**
 * `npm run simulate`: a day of many mailboxes on the real scheduling code with a simulated clock. `--mailboxes N`
 * (20,000), `--per-stack N` (10,000), `--concurrency N` (10: limits.maxSyncConcurrency), `--outage PROVIDER` (an hour
 * from 10:00 UTC; none), `--seed N`; `--json` prints the rows alone. Of more than 21 stacks 21 stand for all, unless
 * `--all`. `--pictures` plays what docs/scale.md shows and writes its pictures.
 */
import { parseArgs } from 'node:util';
import { readCounts } from '../../infra/cost/counts.ts';
import { gbSeconds, MEMORY, pullDurations } from '../../infra/cost/lambda.ts';
import { type Line, total } from '../../infra/cost/prices.ts';
import { type Fleet, scaled, simulateFleet } from '../../infra/simulate/fleet.ts';
import { type Histogram, quantile } from '../../infra/simulate/histogram.ts';
import { USUAL_MIX } from '../../infra/simulate/mailbox.ts';
import { drawPictures } from '../../infra/simulate/pictures.ts';
import { PROVIDERS } from '../../infra/simulate/providers.ts';
import type { StackOptions } from '../../infra/simulate/stack.ts';
import { atMost, print, type Row, row } from './report.ts';

/** A Monday. */
const FROM = Date.parse('2026-11-23T00:00:00Z');
const HOURS = 24;
/** Stacks of the same size differ by chance and by their place on earth: seven of each place show both. */
const ENOUGH = 21;
/** What DynamoDB gives a partition in a second, and Lambda an account in a region until it is asked for more. */
const PARTITION = { reads: 3_000, writes: 1_000 };
const ACCOUNT_CONCURRENCY = 1_000;

const { values } = parseArgs({
  options: {
    mailboxes: { type: 'string', default: '20000' },
    'per-stack': { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '10' },
    outage: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    pictures: { type: 'boolean', default: false },
  },
});
const measured = readCounts();
const base: Omit<StackOptions, 'mailboxes'> = {
  mix: USUAL_MIX,
  concurrency: whole('concurrency', 2),
  ...{ from: FROM, hours: HOURS, seed: whole('seed', 0), zone: 1, newcomers: 0.001 },
  durations: pullDurations(measured),
  outages: values.outage ? [{ provider: knownProvider(values.outage), from: 10, hours: 1 }] : [],
};

if (values.pictures) await drawPictures(base, new URL('../../docs/', import.meta.url));
else {
  const mailboxes = whole('mailboxes', 1);
  const perStack = whole('per-stack', 1);
  const stacks = stacksOf(mailboxes, perStack);
  const startedAt = performance.now();
  const played = values.all ? stacks : stacks.slice(0, ENOUGH);
  const playedMailboxes = played.reduce((sum, stack) => sum + stack.mailboxes, 0);
  const fleet = scaled(await simulateFleet(played), mailboxes / playedMailboxes);
  const seconds = (performance.now() - startedAt) / 1_000;
  const title = `A Monday of ${mailboxes.toLocaleString('en')} mailboxes in ${stacks.length} stacks, ${played.length} of them played`;
  print(title, rowsOf(fleet, mailboxes, seconds), values.json ? ['--json'] : []);
}

/** Stacks in turn in America, Europe and Asia, each with a seed of its own. */
function stacksOf(mailboxes: number, perStack: number): StackOptions[] {
  const zones = [1, -5, 8];
  return Array.from({ length: Math.ceil(mailboxes / perStack) }, (_, i) => ({
    ...base,
    mailboxes: Math.min(perStack, mailboxes - i * perStack),
    seed: base.seed * 1_000_003 + i,
    zone: zones[i % zones.length] ?? 0,
  }));
}

function rowsOf(fleet: Fleet, mailboxes: number, seconds: number): Row[] {
  const { totals, lag } = fleet;
  const importWrites =
    (measured.events.importOfThousand.writeUnits / measured.events.importOfThousand.milliseconds) * 1_000;
  return [
    row('pulls', totals.pulls, ''),
    row('pulls that failed', totals.failed, ''),
    row('messages', totals.messages, ''),
    row('first imports: octets', totals.octets / 1e9, 'GB'),
    row('lag p50', quantile(lag, 0.5), 's'),
    row('lag p99', quantile(lag, 0.99), 's'),
    row('lag p99 in the worst hour', worst(fleet.lagByHour), 's'),
    row('on the queue p50', quantile(fleet.waited, 0.5), 's'),
    row('on the queue p99', quantile(fleet.waited, 0.99), 's'),
    row('on the queue p99 in the worst hour', worst(fleet.waitedByHour), 's'),
    row('messages forgotten', fleet.forgotten, '', { goal: atMost(0) }),
    row('accounts never pulled', fleet.neverPulled, '', { goal: atMost(0) }),
    row('invocations at once, the worst stack', fleet.peak, '', {
      reference: base.concurrency,
      goal: atMost(base.concurrency),
    }),
    row('invocations at once, all stacks, mean of the worst minute', Math.max(...fleet.concurrency), '', {
      reference: ACCOUNT_CONCURRENCY,
    }),
    row('queue messages waiting, all stacks, the worst minute', Math.max(...fleet.waiting), ''),
    row('due list: reads in the worst second', fleet.hottestDueReads, 'units', {
      reference: PARTITION.reads,
      goal: atMost(PARTITION.reads),
    }),
    row('due list: writes in the worst second', fleet.hottestDueWrites, 'units', {
      reference: PARTITION.writes,
      goal: atMost(PARTITION.writes),
    }),
    row('an account in its first import: writes', importWrites, 'units/s', {
      reference: PARTITION.writes,
      goal: atMost(PARTITION.writes),
    }),
    row('pulls: cost of a mailbox and month', (total(linesOf(fleet)) / mailboxes) * (365 / 12), '$'),
    row('this simulation', seconds, 's'),
  ];
}

function worst(hours: readonly Histogram[]): number {
  return Math.max(...hours.map(one => quantile(one, 0.99)));
}

/** What the pulls of the day cost. */
function linesOf({ totals, stacks }: Fleet): Line[] {
  const { events } = measured;
  const extra = (totals.messages - totals.found) / 9;
  const sum = (key: 'readUnits' | 'writeUnits' | 'blobPuts') =>
    (totals.idle + totals.busy + totals.failed) * events.idlePoll[key] +
    totals.found * events.pollWithNewMessage[key] +
    extra * (events.pollWithTenNewMessages[key] - events.pollWithNewMessage[key]);
  const line = (price: Line['price'], quantity: number): Line => ({
    part: 'pulls',
    what: '',
    price,
    quantity,
  });
  return [
    line('dynamoRead', sum('readUnits') + totals.healthWrites + totals.dispatchUnits),
    line('dynamoWrite', sum('writeUnits') + totals.healthWrites + totals.dueWrites),
    line('s3Put', sum('blobPuts')),
    line('lambdaGbSecond', gbSeconds(totals.milliseconds, MEMORY.sync)),
    line('lambdaRequest', totals.invocations + stacks * 1_440),
    line('sqsRequest', totals.invocations * 3),
    line('schedule', stacks * 1_440),
  ];
}

function whole(name: 'mailboxes' | 'per-stack' | 'concurrency' | 'seed', least: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name} must be a whole number of at least ${least}.`);
  process.exit(2);
}

function knownProvider(name: string): string {
  if (PROVIDERS.some(provider => provider.name === name)) return name;
  console.error(`--outage must be one of ${PROVIDERS.map(provider => provider.name).join(', ')}.`);
  process.exit(2);
}
