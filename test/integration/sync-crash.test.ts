import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../functions/services.ts';
import { commit } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { mortal } from '../support/crash.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';

/** Longer than a lease: the run that was killed no longer holds it. */
const LATER_MS = 60_000;
/** Kill points a scenario is tried at, spread over all its writes, both ends included. */
const KILLS = 24;
const spread = (effects: number) => [
  ...new Set(Array.from({ length: KILLS }, (_, i) => Math.round((i * (effects - 1)) / (KILLS - 1)))),
];
const letter = (subject: string, reply = '') =>
  Buffer.from(
    `From: a@example.org\r\nMessage-ID: <${subject}@example.org>\r\n${reply}Subject: ${subject}\r\n\r\n${subject}\r\n`,
  );

for (const protocol of ['imap', 'pop'] as const) {
  test(`a first ${protocol} import killed at writes all over it and begun again ends the same`, async t => {
    const server = await testMailServer(t);
    for (let i = 0; i < 6; i++)
      await deliver(server, TEST_USER.name, 'INBOX', letter(`m${i}`), i % 2 ? ['\\Seen'] : []);
    await deliver(server, TEST_USER.name, 'INBOX', letter('reply', 'References: <m0@example.org>\r\n'));
    if (protocol === 'imap') await deliver(server, TEST_USER.name, 'Old', letter('m0'));
    const account = {
      protocol,
      port: server.ports[protocol],
      username: TEST_USER.name,
      password: TEST_USER.password,
    };

    const undisturbed = await testServices(t);
    await testAccount(undisturbed, 'a0', account);
    const counted = mortal(undisturbed, Number.POSITIVE_INFINITY);
    assert.equal(await pull(counted.services, 'a0'), 'done');
    const expected = await contentsOf(undisturbed, 'a0');
    assert.equal(expected.emails.length, 7);

    for (const k of spread(counted.effects())) {
      let clock = Date.now();
      const services = { ...undisturbed, now: () => clock };
      const id = `a${k + 1}`;
      await testAccount(services, id, account);
      await assert.rejects(pull(mortal(services, k).services, id), { name: 'Killed' });
      clock += LATER_MS;
      await pull(services, id);
      const { lines, counters } = await contentsOf(services, id);
      assert.deepEqual(lines, expected.lines, `killed at write ${k}`);
      assert.deepEqual(counters, expected.counters, `killed at write ${k}`);
      assert.equal(await pull(services, id), 'idle', `killed at write ${k}`);
    }
  });
}

/** Mail, flags and an expunge at the server; keywords and a move on a device: all waiting for one run. */
async function prepareTwoWay(services: Services, server: MailServer, user: string): Promise<void> {
  const login = { protocol: 'imap' as const, port: server.ports.imap, username: user, password: 'secret' };
  for (const subject of ['read', 'move', 'flag', 'expunge'])
    await deliver(server, user, 'INBOX', letter(subject));
  await testAccount(services, user, login);
  assert.equal(await pull(services, user), 'done');
  await deliver(server, user, 'INBOX', letter('new'));
  await doveadm(server, ['flags', 'add', '-u', user, '\\Flagged', 'mailbox', 'INBOX', 'subject', 'flag']);
  await doveadm(server, ['expunge', '-u', user, 'mailbox', 'INBOX', 'subject', 'expunge']);
  const { emails } = await contentsOf(services, user);
  const boxes = await listMailboxes(services.table, user);
  const id = (role: string) => boxes.find(mailbox => mailbox.role === role)?.id ?? '';
  const patch = (subject: string, change: object) => {
    const email = emails.find(({ summary }) => summary.subject === subject);
    assert.ok(email);
    return { id: email.summary.emailId, threadId: email.summary.threadId, ...change };
  };
  const patched = [
    patch('read', { keywords: { $seen: true } }),
    patch('move', {
      mailboxIds: { [id('inbox')]: false, [id('archive')]: true },
      keywords: { $flagged: true },
    }),
  ];
  await commit(services, user, () => ({ by: 'device', patched }), { expires: false });
}

async function atServer(server: MailServer, user: string): Promise<string[]> {
  const out = await doveadm(server, ['-f', 'tab', 'fetch', '-u', user, 'mailbox hdr.subject flags', 'all']);
  const lines = out.trim().split('\n').slice(1);
  return lines.map(line => line.replace('\\Recent', '').replace(/\s+/g, ' ').trim()).sort();
}

test('a run with changes in both directions, killed at writes all over it, ends the same here and at the server', async t => {
  const users = Array.from({ length: 60 }, (_, i) => ({ name: `user${i}`, password: 'secret' }));
  const server = await testMailServer(t, { users });
  const undisturbed = await testServices(t);
  await prepareTwoWay(undisturbed, server, 'user0');
  const counted = mortal(undisturbed, Number.POSITIVE_INFINITY);
  assert.equal(await pull(counted.services, 'user0'), 'done');
  const expected = await contentsOf(undisturbed, 'user0');
  const expectedAtServer = await atServer(server, 'user0');
  assert.deepEqual(expectedAtServer, [
    'Archive move \\Flagged',
    'INBOX flag \\Flagged',
    'INBOX new',
    'INBOX read \\Seen',
  ]);
  assert.ok(counted.effects() < users.length);

  for (const k of spread(counted.effects())) {
    const user = `user${k + 1}`;
    let clock = Date.now();
    const services = { ...undisturbed, now: () => clock };
    await prepareTwoWay(services, server, user);
    await assert.rejects(pull(mortal(services, k).services, user), { name: 'Killed' });
    clock += LATER_MS;
    await pull(services, user);
    assert.deepEqual(await atServer(server, user), expectedAtServer, `killed at write ${k}`);
    const { lines, counters } = await contentsOf(services, user);
    assert.deepEqual(lines, expected.lines, `killed at write ${k}`);
    assert.deepEqual(counters, expected.counters, `killed at write ${k}`);
  }
});
