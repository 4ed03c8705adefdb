import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bill, messagesAMinute } from '../../infra/cost/bill.ts';
import { type Counts, EVENTS, type Measurement, readCounts } from '../../infra/cost/counts.ts';
import { billedMs, gbSeconds } from '../../infra/cost/lambda.ts';
import { naiveLines } from '../../infra/cost/naive.ts';
import { type Line, PRICES, total, totalAlone, usdOf } from '../../infra/cost/prices.ts';
import { MONTH_DAYS, MONTH_MINUTES, runsAMonth, standingLines } from '../../infra/cost/standing.ts';
import { itemOctets, readUnits, writeUnits } from '../../infra/cost/units.ts';
import { MEAN_MESSAGE, WORKLOADS } from '../../infra/cost/workloads.ts';

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * 1e-9, `${actual} is not ${expected}`);

const counts: Counts = {
  ...{ readUnits: 0, writeUnits: 0, tableRequests: 0, blobPuts: 0, blobGets: 0, blobOctets: 0 },
  ...{ queueMessages: 0, logOctets: 0, milliseconds: 0, cpuMilliseconds: 0 },
  ...{ mailOctets: 0, mailOctetsOut: 0, answerOctets: 0 },
};
const measured: Measurement = {
  ...{ date: '2026-11-24', machine: 'none', distances: {}, meanMessageOctets: MEAN_MESSAGE },
  ...{ tableOctetsAMessage: 2_000, appOctets: 0 },
  events: Object.fromEntries(EVENTS.map(name => [name, counts])) as Measurement['events'],
};
const PULLS = { idle: 0, found: 0, messages: 0, healthWrites: 0, dueWrites: 0 };
const quantityOf = (lines: readonly Line[], what: string, price: Line['price']) =>
  lines
    .filter(line => line.what === what && line.price === price)
    .reduce((sum, line) => sum + line.quantity, 0);

test('DynamoDB rounds each request up: 4 KB a read unit, 1 KB a write unit, and one for finding nothing', () => {
  assert.deepEqual(
    [0, 1, 4_096, 4_097, 8_192].map(octets => readUnits(octets)),
    [1, 1, 1, 2, 2],
  );
  assert.equal(readUnits(4_097, { consistent: false }), 1);
  assert.deepEqual([0, 1_024, 1_025].map(writeUnits), [1, 1, 2]);
});

test('an item takes its names, its values and a hundred octets', () => {
  assert.equal(itemOctets({}), 100);
  // pk: 2 + 3; text in UTF-8: 1 + 2; a number of three digits: 1 + 3; a list: 1 + 3 + 2 × (1 + 1); true: 1 + 1.
  assert.equal(itemOctets({ pk: 'DUE', t: 'é', n: 123, l: ['a', 'b'], b: true }), 100 + 5 + 3 + 4 + 8 + 2);
});

test('a line costs its quantity times its price, and alone in an account only what is beyond the free part', () => {
  near(usdOf({ price: 'dynamoWrite', quantity: 2_000_000 }), 1.25);
  near(usdOf({ price: 'kmsRequest', quantity: 20_000 }), 0.06);
  const lines: Line[] = [
    { part: 'pulls', what: 'a', price: 'sqsRequest', quantity: 800_000 },
    { part: 'pulls', what: 'b', price: 'sqsRequest', quantity: 700_000 },
    { part: 'standing', what: 'c', price: 'kmsKey', quantity: 2 },
  ];
  near(total(lines), 0.32 + 0.28 + 2);
  near(totalAlone(lines), 0.2 + 2);
  assert.ok(Date.parse(PRICES.asOf) > 0, 'the list has a day');
});

test('a smaller function takes longer for its processor’s part', () => {
  const measuredOnce = { ...counts, milliseconds: 500, cpuMilliseconds: 100 };
  near(billedMs(measuredOnce, 1_769), 500);
  near(billedMs(measuredOnce, 1_769 / 2), 600);
  near(billedMs(measuredOnce, 10_240), 500);
  near(gbSeconds(2_000, 512), 1);
});

test('what a stack costs while nobody has mail in it follows from its template', () => {
  const lines = standingLines({
    a: { Type: 'AWS::KMS::Key' },
    b: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
    c: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Metrics: [{ Expression: 'a/b' }, { MetricStat: {} }, { MetricStat: {} }] },
    },
    d: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(1 minute)' } },
    e: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(1 day)' } },
    f: { Type: 'AWS::Lambda::EventSourceMapping' },
    g: { Type: 'AWS::CloudWatch::Dashboard' },
    h: { Type: 'AWS::IAM::Role' },
  });
  const quantities = Object.fromEntries(lines.map(({ price, quantity }) => [price, quantity]));
  near(quantities.schedule ?? 0, MONTH_MINUTES + MONTH_DAYS);
  // Five pollers, three long polls a minute each.
  near(quantities.sqsRequest ?? 0, 15 * MONTH_MINUTES);
  assert.deepEqual([quantities.kmsKey, quantities.alarm, quantities.dashboard], [1, 3, 1]);
  assert.deepEqual(standingLines({}), []);
  near(runsAMonth('rate(5 minutes)'), 8_760);
  assert.equal(runsAMonth('cron(0 3 * * ? *)'), 0);
});

test('ten accounts share a message, and the last message of a minute is less full', () => {
  assert.equal(messagesAMinute(0), 0);
  assert.ok(Math.abs(messagesAMinute(0.01) - 0.01) < 1e-4, 'a lonely account has a message of its own');
  assert.ok(Math.abs(messagesAMinute(100) - 10.5) < 0.1, `${messagesAMinute(100)}`);
  near(messagesAMinute(1_000), 100.5);
});

test('the bill of a month is counts times workload, as one would do it by hand', () => {
  const events = {
    ...measured.events,
    idlePoll: { ...counts, readUnits: 9, milliseconds: 200 },
    pollWithNewMessage: { ...counts, readUnits: 30, writeUnits: 9, blobPuts: 1, milliseconds: 700 },
    pollWithTenNewMessages: { ...counts, readUnits: 75, writeUnits: 36, blobPuts: 10 },
    pollWithFlagChange: { ...counts, readUnits: 9 },
    accounts: { ...counts, readUnits: 9 },
    changesNothing: { ...counts, readUnits: 18 },
    changesOneMessage: { ...counts, readUnits: 18 },
  };
  const pulls = { idle: 100, found: 20, messages: 29, healthWrites: 30, dueWrites: 5 };
  const options = { mailboxes: 1_000, workload: WORKLOADS.normal, pulls, measured: { ...measured, events } };
  const lines = bill(options);
  const days = 1_000 * MONTH_DAYS;
  // 100 × 9, 20 × 30, 9 more messages × (75 - 30) / 9, and a look at the due list for each health row.
  near(quantityOf(lines, 'reads of pulls', 'dynamoRead'), days * (900 + 600 + 45 + 30));
  near(quantityOf(lines, 'writes of pulls', 'dynamoWrite'), days * (180 + 27 + 30 + 5));
  near(quantityOf(lines, 'messages stored', 's3Put'), days * 29);
  // Six sessions of four minutes with four looks of two requests in each.
  const looks = days * 6 * 4 * 4;
  near(quantityOf(lines, 'reads for devices', 'dynamoRead'), looks * 27 + 60 * 1_000 * 4);
  near(quantityOf(lines, 'rows', 'dynamoGb'), (1_000 * 10_000 * 2_000) / 1e9);
  near(quantityOf(lines, 'messages', 's3Gb'), (1_000 * 10_000 * MEAN_MESSAGE * 1.05) / 1e9);
});

test('twice the mailboxes cost at most twice as much, and more memory or mail never less', () => {
  const bills = (mailboxes: number, name: keyof typeof WORKLOADS = 'normal', sync = 1_024) => {
    const options = {
      mailboxes,
      workload: WORKLOADS[name],
      pulls: { ...PULLS, idle: 50, found: 5, messages: 5 },
    };
    return total(bill({ ...options, measured: readCounts(), memory: { sync, api: 1_024 } }));
  };
  for (const mailboxes of [1, 10, 100, 1_000]) {
    assert.ok(bills(mailboxes * 2) <= 2 * bills(mailboxes) + 0.01, `${mailboxes}`);
    assert.ok(bills(mailboxes) > 0, `${mailboxes}`);
  }
  assert.ok(bills(100, 'light') < bills(100, 'normal'), 'light is less than normal');
  assert.ok(bills(100, 'normal') < bills(100, 'heavy'), 'normal is less than heavy');
});

test('of the naive design the secrets cost most', () => {
  const pulls = { ...PULLS, idle: 180, found: 20 };
  const lines = naiveLines(1_000, pulls, readCounts());
  const secrets = usdOf({ price: 'secret', quantity: 1_000 });
  near(secrets, 400);
  assert.ok(secrets > total(lines) / 2, `${secrets} of ${total(lines)}`);
});
