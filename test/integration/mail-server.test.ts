import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { deliver, doveadm, startMailServer } from '../../infra/local/mail-server.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';

const MESSAGE = Buffer.from('From: a@example.com\r\nSubject: Hi\r\n\r\n.dot\r\nna\xefve\r\n', 'latin1');

test('IMAP shows mailboxes with roles, keywords, dates and the very bytes', async t => {
  const server = await testMailServer(t);
  const date = new Date('2026-03-04T05:06:07Z');
  await deliver(server, TEST_USER.name, 'INBOX', MESSAGE, ['\\Seen', '\\Flagged', 'boat'], date);
  await deliver(server, TEST_USER.name, 'Projects/Boat house', MESSAGE);
  await deliver(server, TEST_USER.name, 'Entwürfe & Ideen', MESSAGE);

  const client = await login(t, server.ports.imap, { secure: false });
  const roles = new Map((await client.list()).map(box => [box.path, box.specialUse]));
  assert.equal(roles.get('Sent'), '\\Sent');
  assert.equal(roles.get('Trash'), '\\Trash');
  assert.ok(roles.has('Projects/Boat house'));
  assert.ok(roles.has('Entwürfe & Ideen'));
  assert.ok(client.capabilities.has('QRESYNC'));

  await client.mailboxOpen('INBOX');
  const message = await client.fetchOne('1', { source: true, flags: true, internalDate: true });
  assert.ok(message);
  assert.deepEqual(message.source, MESSAGE);
  assert.deepEqual([...(message.flags ?? [])].filter(flag => flag !== '\\Recent').sort(), [
    '\\Flagged',
    '\\Seen',
    'boat',
  ]);
  assert.equal(new Date(message.internalDate ?? 0).getTime(), date.getTime());
});

test('POP counts the messages of one maildrop and names each', async t => {
  const server = await testMailServer(t);
  for (let index = 0; index < 3; index += 1) await deliver(server, TEST_USER.name, 'INBOX', MESSAGE);
  const socket = connect(server.ports.pop, '127.0.0.1');
  t.after(() => socket.destroy());
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async () => (await lines.next()).value;
  assert.match(await answer(), /^\+OK/);
  for (const command of [`USER ${TEST_USER.name}`, `PASS ${TEST_USER.password}`]) {
    socket.write(`${command}\r\n`);
    assert.match(await answer(), /^\+OK/);
  }
  socket.write('STAT\r\n');
  assert.equal(await answer(), `+OK 3 ${3 * MESSAGE.length}`);
  socket.write('UIDL\r\n');
  assert.match(await answer(), /^\+OK/);
  const uidls = [await answer(), await answer(), await answer()].map(line => String(line).split(' ')[1]);
  assert.ok(uidls.every(uidl => /^[\x21-\x7e]{1,70}$/.test(uidl ?? '')));
  assert.equal(new Set(uidls).size, 3);
  assert.equal(await answer(), '.');
});

test('TLS is offered on ports of its own and by STARTTLS, under a certificate that can be trusted', async t => {
  const server = await testMailServer(t, { tls: true });
  const { imap, imaps } = server.ports;
  assert.ok(imaps && server.certificate);
  const tls = { ca: server.certificate };
  await login(t, imaps, { secure: true, tls });
  const upgraded = await login(t, imap, { secure: false, doSTARTTLS: true, tls });
  assert.equal(upgraded.secureConnection, true);
});

test('a user name cannot lead out of the folder of the mail', async t => {
  await assert.rejects(testMailServer(t, { users: [{ name: '../mara', password: 'x' }] }), { code: 'user' });
});

test('stopping leaves no process and no folder, and the mail is there at the next start if kept', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-mail-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const users = [TEST_USER];
  const first = await startMailServer({ folder, users, keep: true });
  await deliver(first, TEST_USER.name, 'INBOX', MESSAGE);
  await first.stop();
  assert.deepEqual(processesOf(first.pid), []);
  const second = await startMailServer({ folder, users });
  assert.match(
    await doveadm(second, ['mailbox', 'status', '-u', TEST_USER.name, 'messages', 'INBOX']),
    /messages=1/,
  );
  await second.stop();
  const place = dirname(second.configFile);
  assert.ok(place === folder || !existsSync(place));
});

test('an earlier instance in the same folder gives way', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-mail-'));
  const first = await startMailServer({ folder, users: [TEST_USER] });
  const second = await startMailServer({ folder, users: [TEST_USER] });
  t.after(async () => {
    await second.stop();
    await first.stop();
    await rm(folder, { recursive: true, force: true });
  });
  assert.notEqual(second.pid, first.pid);
  assert.deepEqual(processesOf(first.pid), []);
  await login(t, second.ports.imap, { secure: false });
});

test('when its parent is killed, Dovecot ends too', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-mail-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const script = fileURLToPath(new URL('../support/mail-server-parent.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { pid, maildir } = JSON.parse(line);
  t.after(() => rm(dirname(dirname(maildir)), { recursive: true, force: true }));
  assert.notDeepEqual(processesOf(pid), []);
  parent.kill('SIGKILL');
  for (let waited = 0; processesOf(pid).length > 0 && waited < 10_000; waited += 50) await sleep(50);
  assert.deepEqual(processesOf(pid), []);
});

async function login(t: TestContext, port: number, options: Partial<ImapFlowOptions>): Promise<ImapFlow> {
  const auth = { user: TEST_USER.name, pass: TEST_USER.password };
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    auth,
    logger: false,
    disableAutoIdle: true,
    ...options,
  });
  client.on('error', () => {});
  t.after(() => client.close());
  await client.connect();
  return client;
}

/** The living processes of one process group, from /proc. */
function processesOf(group: number): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        // proc(5): pid (name) state ppid pgrp …
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(pgrp) === group && state !== 'Z';
      } catch {
        return false;
      }
    });
}
