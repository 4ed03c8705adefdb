import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueNow, STEPS } from '../../functions/sync/schedule.ts';
import { svgOf } from '../../infra/simulate/chart.ts';
import { dueIndex } from '../../infra/simulate/due-index.ts';
import { addAll, addValue, histogram, quantile } from '../../infra/simulate/histogram.ts';
import { lanes, together } from '../../infra/simulate/lanes.ts';
import { populate, type Row, USUAL_MIX } from '../../infra/simulate/mailbox.ts';
import { seeded } from '../../infra/simulate/random.ts';
import { type StackOptions, simulateStack } from '../../infra/simulate/stack.ts';

const FROM = Date.parse('2026-11-23T08:00:00Z');
const MINUTE = 60_000;
const OPTIONS: StackOptions = {
  ...{ mailboxes: 300, mix: USUAL_MIX, concurrency: 10, from: FROM, hours: 6, seed: 1, zone: 1 },
  ...{
    durations: { idle: 300, found: 900, eachMessage: 20, importOctets: 8_000 },
    outages: [],
    newcomers: 0.05,
  },
};

test('in a day without trouble every mailbox is pulled, no message is forgotten, and mail comes soon', () => {
  const { totals, lag, forgotten, neverPulled, waiting, peak } = simulateStack(OPTIONS);
  assert.deepEqual(
    { forgotten, neverPulled, waiting, failed: totals.failed },
    { forgotten: 0, neverPulled: 0, waiting: 0, failed: 0 },
  );
  assert.ok(totals.messages > 1_000, `${totals.messages} messages`);
  assert.ok(quantile(lag, 0.5) < 300, `p50 is ${quantile(lag, 0.5)} s`);
  assert.ok(quantile(lag, 0.999) < 3_900, 'none waits longer than the slowest cadence');
  assert.ok(peak <= 10, `${peak} at once`);
});

test('the same seed plays the same day, another one another', () => {
  const play = (seed: number) => JSON.stringify(simulateStack({ ...OPTIONS, mailboxes: 60, seed }).totals);
  assert.equal(play(7), play(7));
  assert.notEqual(play(7), play(8));
});

test('no more run at once than the limit, and mail is later where it is too low', () => {
  const slow = { ...OPTIONS.durations, idle: 20_000, found: 20_000 };
  const play = (concurrency: number) => simulateStack({ ...OPTIONS, durations: slow, concurrency });
  const [narrow, wide] = [play(2), play(100)];
  assert.equal(narrow.peak, 2);
  assert.ok(
    narrow.minutes.every(({ active }) => active <= 2),
    'in every minute',
  );
  assert.ok(
    narrow.minutes.every(({ busyMilliseconds }) => busyMilliseconds <= 2 * MINUTE + 1),
    'all the time',
  );
  assert.ok(
    narrow.waiting > 100 && wide.waiting === 0,
    `${narrow.waiting} and ${wide.waiting} wait at the end`,
  );
  assert.ok(quantile(narrow.lag, 0.5) > 2 * quantile(wide.lag, 0.5), 'mail is later');
});

test('a provider that is away for an hour is left alone more and more, and caught up with afterwards', () => {
  const outages = [{ provider: 'own', from: 1, hours: 1 }];
  const { totals, minutes, forgotten, waiting } = simulateStack({ ...OPTIONS, outages, concurrency: 50 });
  const failed = (from: number, to: number) =>
    minutes.slice(from, to).reduce((sum, minute) => sum + minute.failed, 0);
  assert.equal(failed(0, 60), 0);
  assert.ok(failed(60, 80) > failed(100, 120), 'backoff');
  assert.equal(failed(125, 360), 0);
  assert.deepEqual({ forgotten, waiting }, { forgotten: 0, waiting: 0 });
  assert.ok(totals.failed < totals.pulls / 10, `${totals.failed} of ${totals.pulls}`);
});

test('the index of the due list finds whom the real decision finds in all of it', () => {
  const mailboxes = populate(seeded(3), { count: 500, mix: USUAL_MIX, newcomers: 0, zone: 0 }, FROM);
  const rows = mailboxes.flatMap(({ row }) => row ?? []);
  const index = dueIndex(rows);
  const random = seeded(4);
  const lookedAt = new Set(rows.filter(() => random() < 0.1).map(row => row.sk));
  const ids = (found: readonly Row[]) => found.map(row => row.sk).sort();
  for (let minute = 0; minute < 120; minute++) {
    const now = FROM + minute * MINUTE;
    assert.deepEqual(ids(dueNow(index.due(now, lookedAt), lookedAt, now)), ids(dueNow(rows, lookedAt, now)));
    for (const row of rows.filter(() => random() < 0.05)) {
      row.every = STEPS[Math.floor(random() * STEPS.length)] ?? 1;
      row.phase = Math.floor(random() * row.every);
      index.move(row);
    }
  }
});

test('lanes begin what waits longest first, never before it came', () => {
  const begun: [message: string, at: number][] = [];
  const queue = lanes<string>(2);
  for (const [i, message] of ['a', 'b', 'c', 'd'].entries()) queue.add(message, i);
  const work = (message: string, at: number) => {
    begun.push([message, at]);
    return 10;
  };
  queue.run(11, work);
  assert.deepEqual(begun, [
    ['a', 0],
    ['b', 1],
    ['c', 10],
  ]);
  assert.deepEqual([queue.waiting(), queue.peak(), queue.active(10.5)], [1, 2, 2]);
  queue.run(100, work);
  assert.deepEqual(begun.at(-1), ['d', 11]);
  assert.equal(together([5, 5, 5], 2), 10);
  assert.equal(together([], 2), 0);
});

test('quantiles are right within a step, and histograms add up', () => {
  const [all, other] = [histogram(), histogram()];
  for (let i = 1; i <= 1_000; i++) addValue(i % 2 ? all : other, i);
  addAll(all, other);
  assert.equal(all.count, 1_000);
  for (const share of [0.1, 0.5, 0.99]) {
    const found = quantile(all, share) / (share * 1_000);
    assert.ok(found > 0.96 && found < 1.05, `${share}: ${found}`);
  }
  assert.equal(quantile(histogram(), 0.5), 0);
});

test('a chart is one SVG document in which nothing is markup by accident', () => {
  const axis = { label: 'a < b', ticks: [1, 10, 100], log: true };
  const svg = svgOf({
    title: 'x & y',
    x: axis,
    y: axis,
    series: [
      {
        name: '<s>',
        points: [
          [1, 1],
          [100, 1_000],
        ],
      },
    ],
  });
  assert.match(svg, /^<svg [^>]+>\n<title>x &amp; y<\/title>/);
  assert.ok(svg.includes('&lt;s>') && !svg.includes('<s>') && !/NaN|Infinity/.test(svg), 'escaped');
});
