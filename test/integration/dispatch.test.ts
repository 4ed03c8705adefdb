import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandler } from '../../functions/dispatch.ts';
import { getDue, putDue, readDueList } from '../../functions/store/due.ts';
import { keys } from '../../functions/store/keys.ts';
import { getLooking } from '../../functions/store/looking.ts';
import { putRows } from '../../functions/store/table.ts';
import { settledDue } from '../../functions/sync/schedule.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { type TestServices, testServices } from '../support/table.ts';

const MINUTE = 60_000;
const TIME = '2026-11-23T12:00:00.000Z';
const NOW = Date.parse(TIME);

const dispatch = async (services: TestServices, time = TIME) => {
  services.asked.length = 0;
  const answer = await createHandler(services)({ time });
  assert.ok(
    services.asked.every(({ reason, accounts }) => reason === 'due' && accounts.length <= 10),
    'messages of at most ten accounts',
  );
  const sent = services.asked.flatMap(({ accounts }) => accounts);
  assert.equal(answer.due, sent.length);
  return sent.sort();
};

test('of thousands of accounts exactly those that are due are asked for, in full messages', async t => {
  const services = await testServices(t);
  const ids = Array.from({ length: 4_000 }, (_, i) => `a${String(i).padStart(20, '0')}`);
  const rows = ids.map((id, i) => {
    const due = { ...settledDue(id, 60), notBefore: i % 10 === 0 ? NOW + MINUTE : 0 };
    return { ...keys.due(id), ...due };
  });
  await putRows(services.table, rows);
  const expected = rows.filter(row => row.phase === 0 && row.notBefore === 0).map(row => row.sk);
  assert.ok(expected.length > 20 && expected.length < 200, `${expected.length}`);
  assert.deepEqual(await dispatch(services), expected.sort());
  assert.equal(services.asked.length, Math.ceil(expected.length / 10));
  assert.ok(
    services.asked.every(({ dueAt }) => dueAt === NOW),
    'each with the minute in which they were due',
  );
  let everywhere = 0;
  for (let minute = 0; minute < 60; minute++) {
    everywhere += (await dispatch(services, new Date(NOW + minute * MINUTE).toISOString())).length;
  }
  const late = rows.filter(row => row.phase === 0 && row.notBefore > NOW).length;
  assert.equal(everywhere, ids.length - late, 'each once an hour');
  let pages = 0;
  for await (const { due } of readDueList(services.table, 500)) pages += due.length > 0 ? 1 : 0;
  assert.ok(pages > 1, 'the list has several pages');
});

test('a device that begins to look has its accounts pulled and looked at more often; one small write in ten minutes', async t => {
  let now = NOW;
  const services = await testServices(t, { now: () => now });
  for (const id of ['a1', 'a2', 'a3']) await seedAccount(services, id);
  await putDue(services.table, 'a1', { ...settledDue('a1', 60), phase: 59 });
  await putDue(services.table, 'a2', { ...settledDue('a2', 60), notBefore: NOW + 600 * MINUTE });
  // A settled account that is looked at every other minute.
  const looks = async () => {
    const [first, second] = [await dispatch(services), await dispatch(services, '2026-11-23T12:01:00.000Z')];
    return [...first, ...second];
  };
  assert.deepEqual(await looks(), []);

  const { call } = jmapClient(services);
  await call('Email/query', { accountId: 'a1' });
  assert.deepEqual(
    services.asked.flatMap(({ accounts }) => accounts),
    ['a1'],
    'not the one that waits after a failure, nor the one that is stopped',
  );
  const noted = await getLooking(services.table, 'mara');
  assert.deepEqual([noted?.seenAt, noted?.accounts], [NOW, ['a1', 'a2', 'a3']]);
  assert.deepEqual(await looks(), ['a1']);

  now = NOW + 5 * MINUTE;
  services.asked.length = 0;
  await call('Email/query', { accountId: 'a1' });
  assert.equal((await getLooking(services.table, 'mara'))?.seenAt, NOW);
  now = NOW + 11 * MINUTE;
  await call('Email/changes', { accountId: 'a1', sinceState: '0' });
  assert.equal((await getLooking(services.table, 'mara'))?.seenAt, now);
  assert.equal(services.asked.length, 0, 'it has gone on looking');

  assert.deepEqual(await dispatch(services, '2026-11-23T12:40:00.000Z'), [], 'nobody looks any more');
  assert.ok(await getDue(services.table, 'a1'), 'the due list itself is not written');
  now = NOW + 120 * MINUTE;
  await call('Email/query', { accountId: 'a1' });
  assert.equal(services.asked.length, 1, 'somebody looks again');
});
