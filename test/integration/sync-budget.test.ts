import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../functions/services.ts';
import { limitsOf } from '../../functions/source/provider-limits.ts';
import { getDue } from '../../functions/store/due.ts';
import { getHealth, putHealth } from '../../functions/store/health.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { mortal } from '../support/crash.ts';
import { onTheWire, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LIMIT = limitsOf('127.0.0.1', 'pop').bytesPerDay;
const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(2_000)}\r\n`);

type Mail = { uidl: string; raw: Buffer };

async function prepared(t: Parameters<typeof testServices>[0], count: number) {
  let clock = Date.parse('2026-11-23T12:00:00Z');
  const services = await testServices(t, { now: () => clock });
  const mails: Mail[] = Array.from({ length: count }, (_, i) => ({ uidl: `m${i}`, raw: raw(`m${i}`) }));
  const server = await startScriptedPopServer({ mails });
  t.after(() => server.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  const elapse = (ms: number) => {
    clock += ms;
  };
  const stored = async () => (await contentsOf(services, 'a1')).emails.length;
  return { services, mails, elapse, stored };
}

/** As if that much of today's budget had been fetched. */
async function spend(services: TestServices, bytes: number): Promise<void> {
  const day = Math.floor(services.now() / DAY);
  const health = await getHealth(services.table, 'a1');
  await putHealth(services.table, 'a1', { ...health, fetched: { day, bytes } });
}

test("an import stops when the day's budget is spent, says so, lets new mail in, and goes on the next day", async t => {
  const { services, mails, elapse, stored } = await prepared(t, 100);
  await spend(services, LIMIT * 0.9 + 1);
  assert.equal(await pull(services, 'a1'), 'waiting');
  const first = await stored();
  assert.ok(first > 0 && first < 100, `${first} of 100: the newest only`);
  const health = await getHealth(services.table, 'a1');
  assert.deepEqual([health.phase, health.code, health.failures], ['failing', 'quota', 0]);
  assert.match(health.message, /Today's 20,000 MB .* tomorrow at 00:00 UTC/);
  const due = await getDue(services.table, 'a1');
  const wait = (due?.notBefore ?? 0) - services.now();
  assert.ok(wait >= 30 * MINUTE && wait < HOUR, `${wait}`);
  const counted = health.fetched?.bytes ?? 0;
  assert.ok(counted > LIMIT * 0.9 + first * 2_000, 'what was fetched is counted');

  mails.push({ uidl: 'new', raw: raw('new') });
  elapse(40 * MINUTE);
  assert.equal(await pull(services, 'a1'), 'waiting');
  const { emails } = await contentsOf(services, 'a1');
  assert.ok(
    emails.some(({ summary }) => summary.subject === 'new'),
    'new mail comes',
  );
  await spend(services, LIMIT);
  const before = await stored();
  assert.equal(await pull(services, 'a1'), 'waiting');
  assert.equal(await stored(), before, 'nothing is left of this day');

  elapse(DAY);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal(await stored(), 101);
  const done = await getHealth(services.table, 'a1');
  assert.deepEqual([done.phase, done.code, done.retryAt], ['ok', null, undefined]);
});

test('what was fetched is counted although the run failed', async t => {
  const services = await testServices(t);
  const mails = ['one', 'two'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: async (client, argument) => {
        if (argument === '1') return client.destroy();
        const bytes = mails[Number(argument) - 1]?.raw ?? Buffer.of();
        await client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(bytes)]));
      },
    },
  });
  t.after(() => server.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  assert.equal(await pull(services, 'a1'), 'failed');
  assert.ok(((await getHealth(services.table, 'a1')).fetched?.bytes ?? 0) > 2_000, 'counted');
});

/** Runs whenever the account is due, for some hours; gives the writes there were. */
async function quietHours(services: Services, elapse: (ms: number) => void, hours: number) {
  const counted = mortal(services, Number.POSITIVE_INFINITY);
  let runs = 0;
  for (let at = 0; at < hours * HOUR; ) {
    const due = await getDue(services.table, 'a1');
    assert.ok(due, 'it stays on the due list');
    elapse(due.every * MINUTE);
    at += due.every * MINUTE;
    assert.equal(await pull(counted.services, 'a1'), 'idle');
    runs += 1;
  }
  return { runs, writes: counted.effects() };
}

test('an account that gets no mail is looked at less and less, and hardly anything is written', async t => {
  const { services, mails, elapse } = await prepared(t, 1);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await getDue(services.table, 'a1'))?.every, 5);
  const { runs, writes } = await quietHours(services, elapse, 20);
  assert.equal((await getDue(services.table, 'a1'))?.every, 60);
  // Once an hour the health; with each of four steps the health and the due row.
  assert.ok(writes <= 20 + 2 * 4, `${writes} writes in ${runs} runs`);

  for (let i = 0; i < 10; i++) {
    mails.push({ uidl: `new${i}`, raw: raw(`new${i}`) });
    elapse(MINUTE);
    assert.equal(await pull(services, 'a1'), 'done');
  }
  assert.ok(((await getDue(services.table, 'a1'))?.every ?? 60) <= 5, 'and more often when mail comes');
});
