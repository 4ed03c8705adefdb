import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getDue } from '../../functions/store/due.ts';
import { getHealth } from '../../functions/store/health.ts';
import { keys } from '../../functions/store/keys.ts';
import { catchUp } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { putRows } from '../../functions/store/table.ts';
import { createHandler } from '../../functions/sync.ts';
import { changeOnDevice, contentsOf, pull, testAccount } from '../support/accounts.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { type ScriptedMessage, SECRET, scriptedImapServer } from '../support/scripted-imap-server.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`);

test('a key service that fails for a moment does not make anybody enter the password again', async t => {
  const server = await startScriptedPopServer({ mails: [{ uidl: 'one', raw: raw('one') }] });
  t.after(() => server.close());
  const services = await testServices(t);
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  const throttled = {
    generate: services.vaultKeeper.generate,
    unwrap: () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })),
  };
  await assert.rejects(pull({ ...services, vaultKeeper: throttled }, 'a1'), { name: 'ThrottlingException' });
  assert.equal((await getHealth(services.table, 'a1')).phase, 'failing');
  assert.ok(await getDue(services.table, 'a1'), 'it is tried again');
  assert.equal(await pull(services, 'a1'), 'done');
});

test('a fault with one account does not leave the runs of the others behind', async t => {
  const server = await startScriptedPopServer({ mails: [{ uidl: 'one', raw: raw('one') }] });
  t.after(() => server.close());
  const services = await testServices(t);
  const login = { protocol: 'pop', port: server.port, username: 'mara', password: 'x' } as const;
  await testAccount(services, 'good', login);
  await putRows(services.table, [{ ...keys.account('damaged'), id: 'damaged' }]);
  const body = JSON.stringify({ accounts: ['damaged', 'good'], reason: 'due' });
  const event = { Records: [{ messageId: 'm1', body }] } as Parameters<ReturnType<typeof createHandler>>[0];
  const answer = await createHandler(services)(event);
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }] });
  assert.equal((await getHealth(services.table, 'good')).phase, 'ok');
});

test('an account with thousands of folders is pulled', async t => {
  const folders = Array.from(
    { length: 2_000 },
    (_, i) => `Projects of the year 2026/${'Customer '.repeat(9)}${i}`,
  );
  const list = folders.map(path => `* LIST (\\Noselect) "/" "${path}"\r\n`).join('');
  const server = await scriptedImapServer(t, {
    answer: ({ tag, name, args }) =>
      name === 'LIST' && !args.endsWith('""')
        ? `* LIST () "/" INBOX\r\n${list}${tag} OK Done\r\n`
        : undefined,
  });
  const services = await testServices(t);
  await testAccount(services, 'a1', {
    protocol: 'imap',
    port: server.port,
    username: 'mara',
    password: SECRET,
  });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await listMailboxes(services.table, 'a1')).length, 2_002);
});

/** A change that a device made. */
const linesOf = async (services: TestServices) =>
  (await contentsOf(services, 'a1')).lines.map(line => line.split(' ').slice(0, 3).join(' '));

for (const [what, answer] of [
  ['NO', 'NO [NOPERM] Not yours'],
  ['BAD', 'BAD Unknown flag'],
] as const) {
  test(`a change that the server refuses with ${what} keeps no mail back, and is undone when it refuses again`, async t => {
    const messages: ScriptedMessage[] = [{ uid: 1, raw: raw('one') }];
    const trash = '* 0 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 1] n\r\n';
    const server = await scriptedImapServer(t, {
      messages,
      capabilities: 'MOVE UIDPLUS',
      answer: ({ tag, name, args }) => {
        if (name === 'LIST' && !args.endsWith('""'))
          return `* LIST () "/" INBOX\r\n* LIST () "/" Trash\r\n${tag} OK Done\r\n`;
        if (name === 'STATUS' && /^"?Trash/.test(args))
          return `* STATUS Trash (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 8)\r\n${tag} OK Done\r\n`;
        if (/SELECT|EXAMINE/.test(name) && /^"?Trash/.test(args)) return `${trash}${tag} OK Done\r\n`;
        if (name === 'UID STORE' && args.includes('work')) return `${tag} ${answer}\r\n`;
        return name === 'UID MOVE' ? `${tag} ${answer}\r\n` : undefined;
      },
    });
    const services = await testServices(t);
    const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
    await testAccount(services, 'a1', login);
    assert.equal(await pull(services, 'a1'), 'done');
    const boxes = await listMailboxes(services.table, 'a1');
    const id = (name: string) => boxes.find(mailbox => mailbox.name === name)?.id ?? '';
    await changeOnDevice(services, 'a1', 'one', {
      mailboxIds: { [id('Inbox')]: false, [id('Trash')]: true },
    });
    await changeOnDevice(services, 'a1', 'one', { keywords: { work: true, $seen: true } });
    messages.push({ uid: 2, raw: raw('two') });

    assert.equal(await pull(services, 'a1'), 'failed');
    assert.match((await getHealth(services.table, 'a1')).message, /while Mailferry tried|refused to let/);
    assert.ok(server.commands.some(line => line.startsWith('UID STORE 1 +FLAGS.SILENT (\\Seen)')));
    assert.deepEqual(await linesOf(services), ['Inbox  two', 'Trash $seen+work one']);
    assert.equal(await pull(services, 'a1'), 'failed');
    assert.deepEqual(await linesOf(services), ['Inbox  two', 'Inbox $seen one']);
    assert.notEqual(await pull(services, 'a1'), 'failed');
    assert.equal((await getHealth(services.table, 'a1')).phase, 'ok');
  });
}

test('a server that asks twice to come back later loses no message to quarantine', async t => {
  let throttling = true;
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: raw('one') }],
    answer: ({ tag, name, args }) =>
      throttling && name === 'UID FETCH' && args.includes('BODY')
        ? `${tag} NO [LIMIT] Slow down\r\n`
        : undefined,
  });
  const services = await testServices(t);
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  for (let i = 0; i < 3; i++) assert.equal(await pull(services, 'a1'), 'failed');
  throttling = false;
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(await linesOf(services), ['Inbox  one']);
});

test('an Email that was moved is not destroyed because its new place does not give it out yet', async t => {
  const one = raw('one');
  const row = `UID 1 RFC822.SIZE ${one.length} FLAGS ()`;
  const places = { INBOX: 1, Moved: 0 };
  let generous = false;
  let selected: 'INBOX' | 'Moved' = 'INBOX';
  const server = await scriptedImapServer(t, {
    answer: ({ tag, name, args }) => {
      const ok = `${tag} OK Done\r\n`;
      const box = /^"?Moved/.test(args) ? 'Moved' : 'INBOX';
      if (name === 'LIST' && !args.endsWith('""'))
        return `* LIST () "/" INBOX\r\n* LIST () "/" Moved\r\n${ok}`;
      if (name === 'STATUS')
        return `* STATUS ${box} (MESSAGES ${places[box]} UIDNEXT 2 UIDVALIDITY 7)\r\n${ok}`;
      if (name === 'EXAMINE') {
        selected = box;
        return `* ${places[box]} EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 2] n\r\n${ok}`;
      }
      if (name !== 'UID FETCH' || places[selected] === 0) return undefined;
      if (args.startsWith('1:*')) return `* 1 FETCH (${row})\r\n${ok}`;
      if (selected === 'Moved' && !generous) return ok;
      return `* 1 FETCH (${row} BODY[]<0> {${one.length}}\r\n${one.toString()})\r\n${ok}`;
    },
  });
  const services = await testServices(t);
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(await linesOf(services), ['Inbox  one']);
  Object.assign(places, { INBOX: 0, Moved: 1 });
  await pull(services, 'a1');
  assert.deepEqual(await linesOf(services), ['Inbox  one']);
  generous = true;
  await pull(services, 'a1');
  assert.deepEqual(await linesOf(services), ['Moved  one']);
});

test('a mailbox that shows no change of flags is listed now and then, which writes nothing when all is the same', async t => {
  const server = await scriptedImapServer(t, { messages: [{ uid: 1, raw: raw('one') }] });
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  assert.equal(await pull(services, 'a1'), 'done');
  const { applied } = await catchUp(services, 'a1');
  const listings = () => server.commands.filter(line => line.startsWith('UID FETCH 1:*')).length;
  const before = listings();
  clock += 20 * 60_000;
  await pull(services, 'a1');
  assert.equal(listings(), before + 1);
  assert.equal((await catchUp(services, 'a1')).applied, applied);
});

test('more mailboxes than one run has time for are pulled by the runs that continue it', async t => {
  const names = Array.from({ length: 40 }, (_, i) => `Box${i}`);
  let clock = Date.now();
  const server = await scriptedImapServer(t, {
    answer: ({ tag, name, args }) => {
      const ok = `${tag} OK Done\r\n`;
      const box = /Box\d+/.exec(args)?.[0] ?? 'INBOX';
      if (name === 'LIST' && !args.endsWith('""'))
        return `${['INBOX', ...names].map(each => `* LIST () "/" ${each}\r\n`).join('')}${ok}`;
      if (name === 'STATUS') return `* STATUS ${box} (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7)\r\n${ok}`;
      if (name === 'EXAMINE') clock += 1_000;
      return undefined;
    },
  });
  const services = await testServices(t, { now: () => clock });
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  const opened = () => server.commands.filter(line => line.startsWith('EXAMINE')).length;
  for (let run = 1; run <= 4; run++) {
    assert.equal(await pull(services, 'a1', { deadline: clock + 10_000 }), 'continue');
    assert.equal(opened(), run * 10);
  }
  assert.equal(await pull(services, 'a1', { deadline: clock + 10_000 }), 'done');
});

test('a clock that ran ahead for a moment keeps nothing from being looked at when it is right again', async t => {
  const server = await scriptedImapServer(t, { messages: [{ uid: 1, raw: raw('one') }] });
  let clock = Date.now();
  const services = await testServices(t, { now: () => clock });
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  const right = clock;
  clock += 40 * 86_400_000;
  assert.equal(await pull(services, 'a1'), 'done');
  clock = right;
  const listings = () => server.commands.filter(line => line.startsWith('UID FETCH 1:*')).length;
  const before = listings();
  await pull(services, 'a1');
  assert.equal((await getHealth(services.table, 'a1')).lastPullAt, right, 'the health is of now');
  assert.equal(listings(), before + 1, 'flags are looked at');
  await pull(services, 'a1');
  assert.equal(listings(), before + 1, 'and then as usual');
});

test('a great loss is believed by the second run although mail comes and goes between the two', async t => {
  const source = memoryImap();
  const services = await testServices(t);
  await testAccount(services, 'a1', { protocol: 'imap', port: 1, username: 'mara', password: 'x' });
  const poll = () => pull(services, 'a1', { open: async () => source.open() });
  const count = async () => (await contentsOf(services, 'a1')).emails.length;
  for (let i = 0; i < 40; i++) source.deliver('INBOX', raw(`old ${i}`));
  assert.equal(await poll(), 'done');
  for (let uid = 1; uid <= 20; uid++) source.expunge('INBOX', uid);
  source.deliver('INBOX', raw('new 1'));
  await poll();
  assert.equal(await count(), 41, 'one look is not believed');
  source.deliver('INBOX', raw('new 2'));
  source.deliver('INBOX', raw('new 2b'));
  source.expunge('INBOX', 21);
  await poll();
  assert.equal(await count(), 22, 'the second is, with what few more are gone');
  for (let uid = 22; uid <= 33; uid++) source.expunge('INBOX', uid);
  await poll();
  for (let uid = 34; uid <= 40; uid++) source.expunge('INBOX', uid);
  source.deliver('INBOX', raw('new 3'));
  for (let runs = 0; runs < 3 && (await poll()) !== 'idle'; runs++);
  assert.equal(await count(), 4, 'it comes to an end');
  assert.match((await getHealth(services.table, 'a1')).message, /^Up to date\.$/);
});
