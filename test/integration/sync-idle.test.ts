import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSource } from '../../functions/source/open.ts';
import { getHealth, putHealth } from '../../functions/store/health.ts';
import { catchUp } from '../../functions/store/log.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { noteReads } from '../support/counted.ts';
import { type ScriptedPopOptions, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';

/** What an idle check does, and above all what it does not. */

const raw = (subject: string, body = '') => Buffer.from(`Subject: ${subject}\r\n\r\n${body}\r\n`);

async function popAccount(t: TestContext, options: ScriptedPopOptions) {
  const server = await startScriptedPopServer(options);
  t.after(() => server.close());
  const { services, reads } = noteReads(await testServices(t));
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  return { server, services, reads };
}

test('the store is read while the source is being opened', async t => {
  let wait = async () => {};
  const { services, reads } = await popAccount(t, {
    mails: [{ uidl: '1', raw: raw('a') }],
    on: {
      CONNECT: async client => {
        await wait();
        await client.send('+OK ready\r\n');
      },
    },
  });
  assert.equal(await pull(services, 'a1'), 'done');
  reads.length = 0;
  let wasRead = false;
  wait = async () => {
    for (let tries = 0; tries < 100 && !wasRead; tries++) {
      wasRead =
        reads.includes('HEAD') && reads.includes('DELETION') && reads.some(key => /CURSOR|SOURCE#/.test(key));
      if (!wasRead) await sleep(20);
    }
  };
  assert.equal(await pull(services, 'a1'), 'idle');
  assert.equal(wasRead, true, reads.join(', '));
});

test('what another run stored while the source was being opened is not put back', async t => {
  const mails = [{ uidl: '1', raw: raw('a') }];
  const { services } = await popAccount(t, { mails });
  assert.equal(await pull(services, 'a1'), 'done');
  mails.push({ uidl: '2', raw: raw('b') });
  const slow = pull(services, 'a1', {
    open: async settings => {
      await sleep(300);
      assert.equal(await pull(services, 'a1', { open: openSource }), 'done');
      return openSource(settings);
    },
  });
  assert.equal(await slow, 'done');
  const { applied } = await catchUp(services, 'a1');
  assert.equal(await pull(services, 'a1'), 'idle');
  assert.equal((await catchUp(services, 'a1')).applied, applied);
  assert.equal((await contentsOf(services, 'a1')).emails.length, 2);
});

test('where messages have no UIDL, an idle check asks for two headers, and misses nothing that arrives', async t => {
  const mails = Array.from({ length: 30 }, (_, i) => ({ uidl: '', raw: raw(`mail${i + 10}`) }));
  const { server, services } = await popAccount(t, {
    mails,
    on: { UIDL: client => client.send('-ERR unknown\r\n') },
  });
  const tops = () => server.received.splice(0).filter(line => line.startsWith('TOP')).length;
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal(tops(), 30);
  assert.equal(await pull(services, 'a1'), 'idle');
  assert.equal(tops(), 2);
  // One goes, and one of the same size comes.
  mails.pop();
  mails.push({ uidl: '', raw: raw('mail99') });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await contentsOf(services, 'a1')).emails.length, 31);
  tops();
  assert.equal(await pull(services, 'a1'), 'idle');
  assert.equal(tops(), 2);
});

test('a maildrop that another run of ours is in is no failure', async t => {
  const locked = '-ERR [IN-USE] mailbox is locked\r\n';
  let onLogin = async (): Promise<string> => '+OK\r\n';
  const { services } = await popAccount(t, {
    mails: [{ uidl: '1', raw: raw('a') }],
    on: { PASS: async client => client.send(await onLogin()) },
  });
  assert.equal(await pull(services, 'a1'), 'done');
  const before = await getHealth(services.table, 'a1');
  onLogin = async () => {
    const leased = { leaseOwner: 'another', leaseUntil: services.now() + 20_000 };
    await putHealth(services.table, 'a1', { ...before, ...leased });
    return locked;
  };
  assert.equal(await pull(services, 'a1'), 'busy');
  const { failures, phase, message } = await getHealth(services.table, 'a1');
  assert.deepEqual([failures, phase, message], [0, 'ok', before.message]);

  await putHealth(services.table, 'a1', before);
  let tries = 0;
  onLogin = async () => (tries++ === 0 ? locked : '+OK\r\n');
  assert.equal(await pull(services, 'a1'), 'idle', 'an idle check of another process has no lease');
  onLogin = async () => locked;
  assert.equal(await pull(services, 'a1'), 'failed', 'another program');
});
