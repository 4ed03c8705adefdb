import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getDue } from '../../functions/store/due.ts';
import { getHealth } from '../../functions/store/health.ts';
import { createHandler } from '../../functions/sync.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { SECRET, scriptedImapServer } from '../support/scripted-imap-server.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-23T12:00:00Z');

/** What a server says at sign-in, what it means, and how long the account waits, in minutes. */
const said: [protocol: 'imap' | 'pop', words: string, code: string, from: number, to: number][] = [
  ['imap', 'NO User is authenticated but not connected.', 'temporary', 1, 3],
  ['imap', 'NO [UNAVAILABLE] Backend down', 'temporary', 1, 3],
  ['imap', 'NO [ALERT] Too many simultaneous connections. (Failure)', 'throttled', 11, 19],
  ['imap', 'NO Request is throttled. Suggested Backoff Time: 1800000 milliseconds', 'throttled', 30, 33],
  ['imap', 'NO [LIMIT] LOGIN Rate limit hit', 'throttled', 11, 19],
  ['imap', 'NO [OVERQUOTA] Account exceeded command or bandwidth limits.', 'quota', 720, 780],
  ['pop', '-ERR [LOGIN-DELAY] minimum time between logins', 'throttled', 11, 19],
  ['pop', '-ERR Exceeded the login limit for a 15 minute period.', 'throttled', 15, 17],
  ['pop', '-ERR [IN-USE] locked', 'temporary', 1, 3],
];

for (const [protocol, words, code, from, to] of said) {
  test(`${protocol} “${words}” is ${code}, and waits ${from} to ${to} minutes`, async t => {
    const services = await testServices(t, { now: () => NOW });
    const port = protocol === 'imap' ? await refusingImap(t, words) : await refusingPop(t, words);
    await testAccount(services, 'a1', { protocol, port, username: 'mara', password: SECRET.slice(0, 7) });
    assert.equal(await pull(services, 'a1'), 'failed');
    const health = await getHealth(services.table, 'a1');
    assert.deepEqual([health.phase, health.code], ['failing', code], health.message);
    const wait = ((await getDue(services.table, 'a1'))?.notBefore ?? 0) - NOW;
    assert.ok(wait >= from * MINUTE && wait <= to * MINUTE, `${wait / MINUTE} minutes`);
  });
}

test('of requests that piled up for an account only those are followed that were made after it failed', async t => {
  let now = NOW;
  let logins = 0;
  const services = await testServices(t, { now: () => now });
  const { port } = await scriptedImapServer(t, {
    answer: ({ name, tag }) => {
      if (name !== 'LOGIN' && name !== 'AUTHENTICATE') return undefined;
      logins += 1;
      return `${tag} NO [UNAVAILABLE] Backend down\r\n`;
    },
  });
  await testAccount(services, 'a1', { protocol: 'imap', port, username: 'mara', password: 'correct' });
  const ask = (dueAt: number, reason: 'due' | 'asked' = 'due') =>
    pull(services, 'a1', { reason, ...(reason === 'due' && { dueAt }) });
  assert.equal(await ask(NOW - 5 * MINUTE), 'failed');
  now += 10_000;
  for (const minutes of [4, 3, 2, 0]) assert.equal(await ask(NOW - minutes * MINUTE), 'idle');
  assert.equal(logins, 1, 'the server is left alone');
  assert.equal(await ask(now, 'asked'), 'failed', 'who asks is answered');
  now += MINUTE;
  assert.equal(await ask(now), 'failed', 'and so is the next turn');
  assert.equal(logins, 3);
});

type Context = Parameters<typeof scriptedImapServer>[0];

async function refusingImap(t: Context, words: string): Promise<number> {
  const { port } = await scriptedImapServer(t, {
    answer: ({ name, tag }) =>
      name === 'LOGIN' || name === 'AUTHENTICATE' ? `${tag} ${words}\r\n` : undefined,
  });
  return port;
}

async function refusingPop(t: Context, words: string): Promise<number> {
  const server = await startScriptedPopServer({
    mails: [],
    on: { PASS: client => client.send(`${words}\r\n`) },
  });
  t.after(() => server.close());
  return server.port;
}

test('a server that throttles in the middle of a fetch is left at once, for as long as it says', async t => {
  const services = await testServices(t, { now: () => NOW });
  let throttles = true;
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: Buffer.from('Subject: one\r\n\r\nBody\r\n') }],
    answer: ({ name, args, tag }) =>
      throttles && name === 'UID FETCH' && args.includes('BODY')
        ? `${tag} BAD Request is throttled. Suggested Backoff Time: 1800000 milliseconds\r\n`
        : undefined,
  });
  await testAccount(services, 'a1', {
    ...{ protocol: 'imap', port: server.port, username: 'mara', password: SECRET },
  });
  for (let i = 0; i < 3; i++) assert.equal(await pull(services, 'a1'), 'failed');
  const health = await getHealth(services.table, 'a1');
  assert.equal(health.code, 'throttled', health.message);
  const wait = ((await getDue(services.table, 'a1'))?.notBefore ?? 0) - NOW;
  assert.ok(wait >= 30 * MINUTE && wait <= 33 * MINUTE, `${wait / MINUTE} minutes`);
  throttles = false;
  assert.equal(await pull(services, 'a1'), 'done', 'and no message is blamed');
  assert.equal((await contentsOf(services, 'a1')).emails.length, 1);
});

test('a server that wants more time between two logins is asked less often for a day', async t => {
  let clock = NOW;
  let refuses = false;
  const services = await testServices(t, { now: () => clock });
  const server = await startScriptedPopServer({
    mails: [],
    on: {
      PASS: client => client.send(refuses ? '-ERR [LOGIN-DELAY] too soon\r\n' : '+OK\r\n'),
    },
  });
  t.after(() => server.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  const every = async () => (await getDue(services.table, 'a1'))?.every;
  await pull(services, 'a1');
  assert.equal(await every(), 5);
  refuses = true;
  clock += 5 * MINUTE;
  assert.equal(await pull(services, 'a1'), 'failed');
  refuses = false;
  clock += 20 * MINUTE;
  await pull(services, 'a1');
  assert.equal(await every(), 10);
  assert.equal((await getDue(services.table, 'a1'))?.notBefore, 0);
  assert.ok(((await getHealth(services.table, 'a1')).floor?.until ?? 0) > clock + 23 * HOUR, 'for a day');
});

test('the accounts of one message are looked at side by side', async t => {
  const services = await testServices(t);
  const waiting: (() => void)[] = [];
  let most = 0;
  // Each waits at its sign-in until enough others have come as far: one after the other they would wait for ever.
  const server = await startScriptedPopServer({
    mails: [],
    on: {
      PASS: async client => {
        await new Promise<void>(resolve => {
          waiting.push(resolve);
          most = Math.max(most, waiting.length);
          if (waiting.length >= 5) for (const go of waiting.splice(0)) go();
        });
        await client.send('+OK\r\n');
      },
    },
  });
  t.after(() => server.close());
  const accounts = Array.from({ length: 10 }, (_, i) => `a${i}`);
  for (const id of accounts) {
    await testAccount(services, id, { protocol: 'pop', port: server.port, username: id, password: 'x' });
  }
  const body = JSON.stringify({ accounts, reason: 'due' });
  const handle = createHandler(services);
  const event = { Records: [{ messageId: 'm1', body }] } as Parameters<typeof handle>[0];
  assert.deepEqual(await handle(event), { batchItemFailures: [] });
  assert.ok(most >= 5, `${most} side by side`);
  for (const id of accounts) assert.equal((await getHealth(services.table, id)).phase, 'ok', id);
});
