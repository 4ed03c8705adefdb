import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { SourceTestRequest } from '../../functions/services.ts';
import { markErasing, type SourceAccount } from '../../functions/store/accounts.ts';
import { getDue } from '../../functions/store/due.ts';
import { getHealth } from '../../functions/store/health.ts';
import { queryAll } from '../../functions/store/table.ts';
import { seal } from '../../functions/store/vault.ts';
import { testSource } from '../../functions/sync/test-source.ts';
import { createHandler } from '../../functions/sync.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { onTheWire, startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n.x\r\n`);

/** A port that accepts and never says a word. */
async function mutePort(t: TestContext): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer(socket => void open.add(socket.on('error', () => {})));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A POP server that sends half of message `bad` and then nothing, with the connection open. */
async function hangingPop(t: TestContext, bad: number) {
  const mails = ['first', 'second', 'third'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: async (client, argument) => {
        const mail = mails[Number(argument) - 1];
        if (Number(argument) === bad) await client.send('+OK\r\nSubject: ha');
        else await client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(mail?.raw ?? Buffer.of())]));
      },
    },
  });
  t.after(() => server.close());
  return server;
}

type Settings = Partial<SourceAccount> & { password?: string };
const request = async (
  services: TestServices,
  { password = 'x', ...settings }: Settings,
): Promise<SourceTestRequest> => ({
  accountId: 'test',
  protocol: 'imap',
  host: '127.0.0.1',
  port: 1,
  security: 'none',
  username: TEST_USER.name,
  sealedPassword: await seal(services, 'test', password),
  ...settings,
});

test('each way to fail is one sentence in a test and in the health, and other accounts go on', async t => {
  const server = await testMailServer(t);
  await deliver(server, TEST_USER.name, 'INBOX', raw('fine'));
  const services = await testServices(t);
  const hanging = await hangingPop(t, 3);
  const mute = await mutePort(t);
  const cases: Record<string, Settings & { code: string; words: RegExp; phase: string }> = {
    password: {
      port: server.ports.imap,
      code: 'authentication',
      words: /user name or password/,
      phase: 'stopped',
    },
    host: {
      host: 'no-such-host.invalid',
      code: 'unknown-host',
      words: /does not exist|looked up/,
      phase: 'failing',
    },
    tls: {
      port: server.ports.imap,
      security: 'tls',
      code: 'tls',
      words: /does not speak TLS/,
      phase: 'failing',
    },
    refused: { port: 1, code: 'unreachable', words: /Nothing answers/, phase: 'failing' },
    mute: { port: mute, code: 'timeout', words: /does not greet/, phase: 'failing' },
    hang: {
      protocol: 'pop',
      port: hanging.port,
      code: 'timeout',
      words: /middle of an answer/,
      phase: 'failing',
    },
  };
  const login = { protocol: 'imap' as const, username: TEST_USER.name };
  for (const [id, { code: _, words: __, phase: ___, ...settings }] of Object.entries(cases)) {
    await testAccount(services, id, { ...login, port: 1, password: 'wrong', ...settings });
  }
  await testAccount(services, 'good', { ...login, port: server.ports.imap, password: TEST_USER.password });

  const body = JSON.stringify({ accounts: [...Object.keys(cases), 'good'], reason: 'due' });
  const event = { Records: [{ messageId: 'm1', body }] } as Parameters<ReturnType<typeof createHandler>>[0];
  const [answer, ...tests] = await Promise.all([
    createHandler(services)(event),
    ...Object.values(cases).map(async settings => testSource(services, await request(services, settings))),
  ]);

  assert.deepEqual(answer, { batchItemFailures: [] });
  for (const [i, [id, { code, words, phase }]] of Object.entries(cases).entries()) {
    const health = await getHealth(services.table, id);
    assert.equal(health.code, code, id);
    assert.equal(health.phase, phase, id);
    assert.match(health.message, words, id);
    assert.equal(tests[i]?.ok, false, id);
    assert.equal(tests[i]?.code, code, id);
    assert.match(tests[i]?.message ?? '', words, id);
    assert.equal((await getDue(services.table, id)) === null, phase === 'stopped', id);
  }
  assert.equal((await getHealth(services.table, 'good')).phase, 'ok');
  assert.equal((await contentsOf(services, 'good')).emails.length, 1);
});

test('a message that hangs the session every time ends in quarantine, and the others are stored', async t => {
  const services = await testServices(t);
  // The server drops us where it would hang: the same to the run, without the wait.
  const mails = ['first', 'second', 'third'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const dropped = await startScriptedPopServer({
    mails,
    on: { RETR: (client, argument) => (argument === '2' ? client.destroy() : sendMail(client, argument)) },
  });
  t.after(() => dropped.close());
  await testAccount(services, 'a1', { protocol: 'pop', port: dropped.port, username: 'mara', password: 'x' });
  assert.equal(await pull(services, 'a1'), 'failed');
  assert.equal((await contentsOf(services, 'a1')).emails.length, 1, 'what came before the break is kept');
  assert.equal(await pull(services, 'a1'), 'failed');
  assert.equal(await pull(services, 'a1'), 'done');
  const { emails } = await contentsOf(services, 'a1');
  assert.deepEqual(emails.map(email => email.summary.subject).sort(), ['first', 'third']);
  const health = await getHealth(services.table, 'a1');
  assert.match(health.message, /1 message could not be read and stayed on the server/);
  assert.equal(await pull(services, 'a1'), 'idle');
  // Another client deletes it.
  mails.splice(1, 1);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await getHealth(services.table, 'a1')).message, 'Up to date.');
  assert.equal((await contentsOf(services, 'a1')).emails.length, 2);
});

async function sendMail(client: { send(bytes: Buffer): Promise<void> }, argument: string): Promise<void> {
  const subject = ['first', 'second', 'third'][Number(argument) - 1] ?? '';
  await client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(raw(subject))]));
}

test('an account that is removed is erased, rows and blobs', async t => {
  const server = await testMailServer(t);
  await deliver(server, TEST_USER.name, 'INBOX', raw('fine'));
  const services = await testServices(t);
  const login = { protocol: 'imap' as const, port: server.ports.imap, username: TEST_USER.name };
  const account = await testAccount(services, 'a1', { ...login, password: TEST_USER.password });
  await pull(services, 'a1');
  await markErasing(services.table, account);
  assert.equal(await pull(services, 'a1'), 'gone');
  assert.deepEqual(await queryAll(services.table, 'ACCOUNT#a1', {}), []);
  const left: string[] = [];
  for await (const key of services.blobs.list('raw/')) left.push(key);
  assert.deepEqual(left, []);
});

test('an account that is removed while it is pulled leaves nothing behind', async t => {
  const services = await testServices(t);
  const mails = ['first', 'second'].map(subject => ({ uidl: subject, raw: raw(subject) }));
  const [removed, reached] = [new EventEmitter(), new EventEmitter()];
  const [isRemoved, isReached] = [once(removed, 'now'), once(reached, 'now')];
  const server = await startScriptedPopServer({
    mails,
    on: {
      RETR: async (client, argument) => {
        reached.emit('now');
        await isRemoved;
        await client.send(Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(raw(argument))]));
      },
    },
  });
  t.after(() => server.close());
  const account = await testAccount(services, 'a1', {
    protocol: 'pop',
    port: server.port,
    username: 'mara',
    password: 'x',
  });
  const run = pull(services, 'a1');
  await isReached;
  await markErasing(services.table, account);
  assert.equal(await pull(services, 'a1'), 'busy', 'first the run has to come to its end');
  removed.emit('now');
  await run;
  const later = { ...services, now: () => Date.now() + 60_000 };
  assert.equal(await pull(later, 'a1'), 'gone');
  assert.deepEqual(await queryAll(services.table, 'ACCOUNT#a1', {}), []);
  const left: string[] = [];
  for await (const key of services.blobs.list('raw/')) left.push(key);
  assert.deepEqual(left, []);
});
