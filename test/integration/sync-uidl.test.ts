import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { catchUp } from '../../functions/store/log.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { countFetched, noteReads } from '../support/counted.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';

const raw = (subject: string, body = '') => Buffer.from(`Subject: ${subject}\r\n\r\n${body}\r\n`);

/** A POP account whose maildrop can be changed between pulls. */
async function maildrop(t: TestContext, ...begin: { uidl: string; raw: Buffer }[]) {
  const mails = [...begin];
  let extra = 0;
  const server = await startScriptedPopServer({
    mails,
    on: {
      LIST: client => {
        const lines = mails.map(({ raw }, index) => `${index + 1} ${raw.length + extra}\r\n`);
        return client.send(`+OK\r\n${lines.join('')}.\r\n`);
      },
    },
  });
  t.after(() => server.close());
  const { services, fetched } = countFetched(await testServices(t));
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  assert.equal(await pull(services, 'a1'), 'done');
  fetched();
  return {
    services,
    fetched,
    /** From now on this is in the maildrop. */
    become(...now: { uidl: string; raw: Buffer }[]) {
      mails.splice(0, mails.length, ...now);
    },
    /** LIST counts this many octets more for each message. */
    count(more: number) {
      extra = more;
    },
    subjects: async () =>
      (await contentsOf(services, 'a1')).emails.map(({ summary }) => summary.subject).sort(),
    locations: async () =>
      Object.fromEntries(
        (await contentsOf(services, 'a1')).emails.map(({ summary, state }) => [
          summary.subject,
          state.locations.length,
        ]),
      ),
  };
}

test('a UIDL that is given to another message hides it only where both are of one size', async t => {
  const drop = await maildrop(t, { uidl: '1', raw: raw('a') }, { uidl: '2', raw: raw('b') });
  drop.become({ uidl: '1', raw: raw('c', 'x'.repeat(500)) });
  assert.equal(await pull(drop.services, 'a1'), 'done');
  assert.deepEqual(await drop.subjects(), ['a', 'b', 'c']);
  assert.deepEqual(await drop.locations(), { a: 0, b: 1, c: 1 }, 'what is not at the source is kept here');
  assert.equal(drop.fetched(), 1);
  assert.equal(await pull(drop.services, 'a1'), 'idle');
  drop.become({ uidl: '1', raw: raw('c', 'x'.repeat(500)) }, { uidl: '2', raw: raw('d', 'y'.repeat(300)) });
  assert.equal(await pull(drop.services, 'a1'), 'done');
  assert.equal(drop.fetched(), 1);
  assert.deepEqual(await drop.subjects(), ['a', 'b', 'c', 'd']);
});

test('a server that counts sizes otherwise than before has its mail fetched once more, and no duplicate made', async t => {
  const drop = await maildrop(t, { uidl: '1', raw: raw('a') });
  drop.count(1_000);
  drop.become({ uidl: '1', raw: raw('a') }, { uidl: '2', raw: raw('b') });
  assert.equal(await pull(drop.services, 'a1'), 'done');
  assert.equal(drop.fetched(), 2);
  drop.become({ uidl: '1', raw: raw('a') }, { uidl: '2', raw: raw('b') }, { uidl: '3', raw: raw('e') });
  assert.equal(await pull(drop.services, 'a1'), 'done');
  assert.equal(drop.fetched(), 1);
  assert.deepEqual(await drop.subjects(), ['a', 'b', 'e']);
});

test('all UIDLs may change, and half of the mail go and come back, without a loss or a duplicate', async t => {
  const mail = (name: string) =>
    Array.from({ length: 40 }, (_, i) => ({ uidl: `${name}${i}`, raw: raw(`mail${i}`) }));
  const drop = await maildrop(t, ...mail('old'));
  const before = await drop.subjects();
  drop.become(...mail('old').slice(20));
  await pull(drop.services, 'a1');
  assert.deepEqual(await drop.subjects(), before);
  drop.become(...mail('old'));
  await pull(drop.services, 'a1');
  assert.equal(drop.fetched(), 0);
  drop.become(...mail('new'));
  assert.equal(await pull(drop.services, 'a1'), 'done');
  assert.deepEqual(await drop.subjects(), before);
  const { applied } = await catchUp(drop.services, 'a1');
  assert.equal(await pull(drop.services, 'a1'), 'idle');
  assert.equal((await catchUp(drop.services, 'a1')).applied, applied);
});

test('a first import reads no row for each UIDL: what the listing has shown is known', async t => {
  const mails = Array.from({ length: 60 }, (_, i) => ({ uidl: `${i}`, raw: raw(`mail${i}`) }));
  const server = await startScriptedPopServer({ mails });
  t.after(() => server.close());
  const { services, reads } = noteReads(await testServices(t));
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(
    reads.filter(key => key.startsWith('UIDL#')),
    [],
  );
});
