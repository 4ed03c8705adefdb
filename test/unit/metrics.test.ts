import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsServices } from '../../functions/aws-services.ts';
import { cloudWatchMetrics } from '../../functions/cloudwatch.ts';
import { FAILURE_KINDS, measuresOf, noteRun, type RunFacts } from '../../functions/metrics.ts';
import type { Services } from '../../functions/services.ts';
import { completeDraft } from '../../functions/store/commit.ts';
import { printed } from '../support/printed.ts';

const ran = (facts: Partial<RunFacts>): RunFacts => ({
  ...{ lag: 5_000, outcome: 'done', failure: null, created: 0, quarantined: 0 },
  ...facts,
});

test('accounts that are looked at in time and found as they were cost no metric', () => {
  assert.deepEqual(measuresOf([]), []);
  assert.deepEqual(measuresOf([ran({ outcome: 'idle' }), ran({ outcome: 'busy' })]), []);
  assert.deepEqual(measuresOf([ran({ outcome: 'gone', lag: null })]), []);
});

test('messages are counted, and how late each pull began that had something to do', () => {
  const runs = [
    ran({ created: 3, lag: 4_000 }),
    ran({ created: 2, lag: 61_500, outcome: 'continue' }),
    ran({ created: 1, lag: null }),
    ran({ outcome: 'idle', lag: 30_000 }),
    ran({ outcome: 'idle', lag: 600_000 }),
  ];
  assert.deepEqual(measuresOf(runs), [
    { name: 'MessagesPulled', unit: 'Count', values: [6] },
    { name: 'Lag', unit: 'Seconds', values: [4, 61.5, 600] },
  ]);
});

test('failures are counted together and by kind, what nobody knows as our own fault', () => {
  const runs = [
    ran({ outcome: 'failed', failure: 'timeout', lag: null }),
    ran({ outcome: 'failed', failure: 'timeout', lag: null }),
    ran({ outcome: 'failed', failure: 'nobody-knows', lag: null }),
    ran({ outcome: null, lag: null }),
    ran({ quarantined: 2, lag: null }),
  ];
  assert.deepEqual(measuresOf(runs), [
    { name: 'Failures', unit: 'Count', values: [6] },
    { name: 'Failures', unit: 'Count', values: [2], kind: 'timeout' },
    { name: 'Failures', unit: 'Count', values: [2], kind: 'quarantine' },
    { name: 'Failures', unit: 'Count', values: [2], kind: 'internal' },
  ]);
});

test('a run is noted with its commits, and when it throws as well', async () => {
  const committed: number[] = [];
  const services = { now: () => 90_000, onCommit: (_, { n }) => committed.push(n) } as Partial<Services>;
  const email = { id: 'e', sha256: '', threadId: 't', mailboxIds: [], keywords: [], locations: [] };
  const kept = { location: 'l', path: 'INBOX', uid: '1', code: 'message/timeout', reason: '', sha256: null };
  const commit = (n: number, by: 'run' | 'device') => ({
    ...completeDraft({ by, created: [email], quarantined: [kept, { ...kept, since: 1 }] }),
    ...{ n, by, at: 0, nonce: '', counters: {} },
  });
  const runs: RunFacts[] = [];
  const request = { reason: 'due', dueAt: 60_000 } as const;
  await noteRun(runs, services as Services, request, async watched => {
    watched.onCommit?.('a1', commit(1, 'run'));
    watched.onCommit?.('a1', commit(2, 'device'));
    return 'done';
  });
  const failing = noteRun(runs, services as Services, { ...request, reason: 'continued' }, async () => {
    throw new TypeError('ours');
  });
  await assert.rejects(failing, TypeError);
  await noteRun(runs, services as Services, { reason: 'asked' }, async (_, onFailure) => {
    onFailure('tls');
    return 'failed';
  });
  assert.deepEqual(committed, [1, 2]);
  assert.deepEqual(runs, [
    { lag: 30_000, outcome: 'done', failure: null, created: 1, quarantined: 1 },
    { lag: null, outcome: null, failure: null, created: 0, quarantined: 0 },
    { lag: null, outcome: 'failed', failure: 'tls', created: 0, quarantined: 0 },
  ]);
});

test('CloudWatch is told in its embedded metric format, by customer and kind of failure and nothing else', async () => {
  const measure = cloudWatchMetrics('harbour-books');
  const lines = await printed(() => {
    measure([
      { name: 'Lag', unit: 'Seconds', values: [4, 61.5] },
      { name: 'Failures', unit: 'Count', values: [2] },
      { name: 'Failures', unit: 'Count', values: [2], kind: 'timeout' },
    ]);
    measure([{ name: 'MessagesPulled', unit: 'Count', values: [7] }]);
    measure([]);
  });
  const metric = (Name: string, Unit: string) => ({ Name, Unit });
  const expected = [
    { dimensions: ['service', 'kind'], metrics: [metric('Failures', 'Count')], kind: 'timeout', Failures: 2 },
    {
      ...{ dimensions: ['service'], metrics: [metric('Lag', 'Seconds'), metric('Failures', 'Count')] },
      ...{ Lag: [4, 61.5], Failures: 2 },
    },
    { dimensions: ['service'], metrics: [metric('MessagesPulled', 'Count')], MessagesPulled: 7 },
  ];
  const found = lines.map(line => {
    const { _aws, service, ...values } = JSON.parse(line);
    assert.equal(service, 'harbour-books');
    const [{ Namespace, Dimensions, Metrics }, ...others] = _aws.CloudWatchMetrics;
    assert.deepEqual(others, []);
    assert.equal(Namespace, 'Mailferry');
    assert.equal(Dimensions.length, 1);
    return { dimensions: Dimensions[0], metrics: Metrics, ...values };
  });
  assert.deepEqual(found, expected);
});

test('nothing is written but on Lambda, where the stack says for whom', () => {
  assert.equal(awsServices({ TABLE_NAME: 'mail' }).measure, undefined);
  assert.ok(awsServices({ TABLE_NAME: 'mail', METRICS_SERVICE: 'harbour-books' }).measure, 'no metrics');
});

test('there are few kinds of failure, because each of them costs', () => {
  assert.ok(FAILURE_KINDS.length <= 16, `${FAILURE_KINDS.length} kinds`);
});
