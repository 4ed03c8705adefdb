import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuarantinedMessage } from '../../functions/jmap/types.ts';
import { commit } from '../../functions/store/log.ts';
import { runAccount } from '../../functions/sync/run.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { onTheWire, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\nBody\r\n`);

const listOf = async (services: TestServices, args: object = {}) => {
  const answer = await jmapClient(services).call('MailAccount/quarantine', { accountId: 'a1', ...args });
  return { total: answer.total, list: answer.list as unknown as QuarantinedMessage[] };
};

/** What the API has asked for, as the sync function runs it. */
async function runAsked(services: TestServices, time: object = {}) {
  const request = services.asked.pop();
  assert.ok(request, 'something was asked for');
  const { reason, retry } = request;
  return runAccount(services, 'a1', { deadline: services.now() + 60_000, reason, retry, ...time });
}

test('what is in quarantine is listed with its reason, and exactly what is asked for is tried again', async t => {
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const mails = ['one', 'two', 'three', 'four'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const refused = new Set(['two', 'three', 'four']);
  const asked: string[] = [];
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: async (client, argument) => {
        const mail = mails[Number(argument) - 1];
        asked.push(mail?.uidl ?? '');
        if (refused.has(mail?.uidl ?? '')) return client.send('-ERR no such message\r\n');
        await client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(mail?.raw ?? Buffer.of())]));
      },
    },
  });
  t.after(() => server.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  await pull(services, 'a1');
  const first = await listOf(services);
  assert.equal(first.total, 3);
  for (const entry of first.list) {
    assert.match(entry.id, /^q[A-Za-z0-9_-]{27}$/);
    assert.deepEqual(
      [entry.mailbox, entry.code, entry.sha256, entry.blobId],
      ['INBOX', 'refused', null, null],
    );
    assert.equal(entry.size, mails.find(({ uidl }) => uidl === entry.uid)?.raw.length);
    assert.match(entry.reason, /^\S.*\.$/);
    assert.equal(entry.since, entry.triedAt);
  }
  const pages = [await listOf(services, { limit: 2 }), await listOf(services, { position: 2, limit: 2 })];
  assert.deepEqual(
    pages.flatMap(({ list }) => list),
    first.list,
  );

  const idOf = (uid: string) => first.list.find(entry => entry.uid === uid)?.id ?? '';
  const { call } = jmapClient(services);
  refused.delete('two');
  refused.delete('three');
  clock += 60_000;
  asked.length = 0;
  const answer = await call('MailAccount/retry', {
    accountId: 'a1',
    ids: [idOf('two'), idOf('four'), 'nothing'],
  });
  assert.deepEqual([answer.queued, answer.notFound], [[idOf('two'), idOf('four')], ['nothing']]);
  assert.equal(await runAsked(services), 'done');
  assert.deepEqual(asked.sort(), ['four', 'two'], 'nothing else of the quarantine is tried');
  const second = await listOf(services);
  assert.deepEqual(second.list.map(({ uid }) => uid).sort(), ['four', 'three']);
  const four = second.list.find(({ uid }) => uid === 'four');
  assert.equal(four?.since, first.list[0]?.since, 'kept apart since the first time');
  assert.notEqual(four?.triedAt, four?.since);

  clock += 60_000;
  asked.length = 0;
  await call('MailAccount/retry', { accountId: 'a1' });
  const request = services.asked.at(-1);
  assert.equal(await runAsked(services), 'done');
  assert.deepEqual(asked.sort(), ['four', 'three']);
  // The queue delivers at least once: what was tried since it was asked for is not tried again.
  services.asked.push(request ?? { accounts: [], reason: 'asked' });
  asked.length = 0;
  await runAsked(services);
  assert.deepEqual(asked, []);
  assert.equal((await contentsOf(services, 'a1')).emails.length, 3);
  assert.deepEqual(
    (await listOf(services)).list.map(({ uid }) => uid),
    ['four'],
  );
  assert.deepEqual((await call('MailAccount/retry', { accountId: 'a1', ids: ['gone'] })).queued, []);
  assert.equal(services.asked.length, 0, 'nothing to ask for');
});

test('a retry that has no time comes to its end in the runs that continue it', async t => {
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const mails = Array.from({ length: 240 }, (_, i) => ({ uidl: `m${i}`, raw: raw(`m${i}`) }));
  let tries = 0;
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: client => {
        tries += 1;
        return client.send('-ERR no such message\r\n');
      },
    },
  });
  t.after(() => server.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  await pull(services, 'a1');
  clock += 60_000;
  tries = 0;
  await jmapClient(services).call('MailAccount/retry', { accountId: 'a1' });
  const wish = services.asked.at(-1);
  let runs = 0;
  for (let outcome = 'continue'; outcome === 'continue'; runs++) {
    assert.ok(runs < 20, 'it does not end');
    clock += 1_000;
    services.asked.push(wish ?? { accounts: [], reason: 'asked' });
    outcome = await runAsked(services, { deadline: clock - 1 });
  }
  assert.ok(runs > 1, 'it took several');
  assert.equal(tries, mails.length, 'each once');
});

test('raw bytes that came can be downloaded although they could not be understood; of no other account', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  await seedAccount(services, 'b1', { userId: 'noor' });
  const sha256 = 'ab'.repeat(32);
  const entry = {
    location: 'UID#inbox#1#7',
    path: 'INBOX',
    uid: '7',
    code: 'unreadable',
    reason: 'It is odd.',
  };
  await commit(services, 'a1', () => ({ by: 'run', quarantined: [{ ...entry, sha256, size: 3 }] }));
  await services.blobs.put(`raw/a1/${sha256}.eml`, Buffer.from('odd'));
  const [found] = (await listOf(services)).list;
  assert.deepEqual([found?.sha256, found?.size, found?.blobId], [sha256, 3, `r${sha256}`]);
  const { http, error } = jmapClient(services);
  const answer = await http('GET', `/jmap/download/a1/${found?.blobId}/odd.eml`, {
    query: 'type=message/rfc822',
  });
  assert.equal(answer.statusCode, 200);
  assert.equal(await error('MailAccount/quarantine', { accountId: 'b1' }), 'accountNotFound');
  assert.equal(await error('MailAccount/retry', { accountId: 'b1' }), 'accountNotFound');
  assert.equal(await error('MailAccount/quarantine', { accountId: 'a1', limit: 501 }), 'invalidArguments');
});
