import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SourceError } from '../../functions/source/errors.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { changeOnDevice, contentsOf, pull, testAccount } from '../support/accounts.ts';
import { countFetched } from '../support/counted.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { type TestServices, testServices } from '../support/table.ts';

const USER = TEST_USER.name;
const letter = (subject: string, head = `Message-ID: <${subject}@example.org>\r\n`) =>
  Buffer.from(
    `Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n${head}Subject: ${subject}\r\n\r\n${'x'.repeat(subject.length)}\r\n`,
  );

interface Scene {
  server: MailServer;
  services: TestServices;
  /** How many messages were fetched since this was last asked. */
  fetched: () => number;
  /** `<mailbox names> <keywords> <subject>` of each Email. */
  lines: () => Promise<string[]>;
  /** A mailbox's id by its name. */
  idOf: (name: string) => Promise<string>;
  command: (...args: string[]) => Promise<string>;
}

/** An account on a Dovecot of its own, with these subjects by mailbox, pulled. */
async function scene(t: TestContext, mail: Readonly<Record<string, readonly string[]>>): Promise<Scene> {
  const server = await testMailServer(t);
  const { services, fetched } = countFetched(await testServices(t));
  for (const [mailbox, subjects] of Object.entries(mail)) {
    for (const subject of subjects) await deliver(server, USER, mailbox, letter(subject));
  }
  const login = { protocol: 'imap', port: server.ports.imap, username: USER } as const;
  await testAccount(services, 'a1', { ...login, password: TEST_USER.password });
  await pull(services, 'a1');
  fetched();
  return {
    server,
    services,
    fetched,
    lines: async () =>
      (await contentsOf(services, 'a1')).lines.map(line => line.split(' ').slice(0, 3).join(' ')).sort(),
    idOf: async name =>
      (await listMailboxes(services.table, 'a1')).find(mailbox => mailbox.name === name)?.id ?? '',
    command: (name, ...args) => doveadm(server, [...name.split(' '), '-u', USER, ...args]),
  };
}

const settle = async ({ services }: Scene) => {
  assert.equal(await pull(services, 'a1'), 'done');
  for (let i = 0; i < 3; i++) if ((await pull(services, 'a1')) === 'idle') return;
  assert.fail('the account does not come to rest');
};

test('a new UIDVALIDITY is followed without a second download', async t => {
  const many = Array.from({ length: 30 }, (_, i) => `letter${i}`);
  const account = await scene(t, { INBOX: many, Other: ['letter3'] });
  const { server, services, fetched, lines, command } = account;
  await deliver(server, USER, 'INBOX', letter('nameless', ''));
  await settle(account);
  await command('flags add', '\\Seen', 'mailbox', 'INBOX', 'subject', 'letter7');
  await changeOnDevice(services, 'a1', 'letter8', { keywords: { $flagged: true } });
  fetched();
  await command('mailbox update', '--uid-validity', '4242', 'INBOX');
  await deliver(server, USER, 'INBOX', letter('later'));
  await settle(account);
  assert.equal(fetched(), 2, 'what is new, and what has no Message-ID');
  const after = await lines();
  assert.equal(after.length, 32);
  assert.ok(after.includes('Inbox $seen letter7'), 'keywords are taken over');
  assert.ok(after.includes('Inbox $flagged letter8'), 'a device is heard');
  assert.ok(after.includes('Inbox+Other  letter3'), 'it is still in its other mailbox');
  assert.match(await command('fetch', 'flags', 'mailbox', 'INBOX', 'subject', 'letter8'), /\\Flagged/);
});

test('messages that cannot be told apart by hints are fetched, and found the same by content', async t => {
  const account = await scene(t, { INBOX: ['one'] });
  const { server, fetched, lines, command } = account;
  const twin = (body: string) => Buffer.from(`Message-ID: <twin@x>\r\nSubject: twin\r\n\r\n${body}\r\n`);
  await deliver(server, USER, 'INBOX', twin('aaa'));
  await deliver(server, USER, 'INBOX', twin('bbb'));
  await settle(account);
  const before = await lines();
  fetched();
  await command('mailbox update', '--uid-validity', '99', 'INBOX');
  await settle(account);
  assert.equal(fetched(), 2);
  assert.deepEqual(await lines(), before);
});

test('a mailbox made anew under the same UIDVALIDITY leaves no old Email behind', async t => {
  const account = await scene(t, { INBOX: ['one'], Anew: ['old1', 'old2', 'old3'] });
  const { server, fetched, lines, command } = account;
  const pin = ['--uid-validity', '77', 'Anew'];
  await command('mailbox update', ...pin);
  await settle(account);
  fetched();
  await command('mailbox delete', 'Anew');
  await deliver(server, USER, 'Anew', letter('new1'));
  await deliver(server, USER, 'Anew', letter('old3'));
  await command('mailbox update', ...pin);
  await settle(account);
  assert.deepEqual(await lines(), ['Anew  new1', 'Anew  old3', 'Inbox  one']);
  assert.equal(fetched(), 1);
  await command('mailbox delete', 'Anew');
  await deliver(server, USER, 'Anew', letter('new2'));
  await command('mailbox update', ...pin);
  await settle(account);
  assert.deepEqual(await lines(), ['Anew  new2', 'Inbox  one']);
});

test('a renamed mailbox and its children stay the mailboxes they were, without a second download', async t => {
  const account = await scene(t, {
    INBOX: ['one'],
    'Work/Plans/Old': ['a', 'b'],
    'Work/Plans': ['c'],
    Copy: ['a'],
  });
  const { server, services, fetched, lines, idOf, command } = account;
  for (const mailbox of ['INBOX', 'Work/Plans', 'Work/Plans/Old', 'Copy']) {
    await command('mailbox update', '--uid-validity', '1', mailbox);
  }
  await settle(account);
  const before = [await idOf('Work'), await idOf('Plans'), await idOf('Old')];
  await changeOnDevice(services, 'a1', 'b', { keywords: { $seen: true } });
  fetched();
  await command('mailbox rename', 'Work', 'Labour');
  await deliver(server, USER, 'Labour/Plans/Old', letter('new'));
  await settle(account);
  assert.equal(fetched(), 1, 'only what is new');
  assert.deepEqual([await idOf('Labour'), await idOf('Plans'), await idOf('Old')], before);
  assert.deepEqual(await lines(), ['Copy+Old  a', 'Inbox  one', 'Old  new', 'Old $seen b', 'Plans  c']);
  assert.match(await command('fetch', 'flags', 'mailbox', 'Labour/Plans/Old', 'subject', 'b'), /\\Seen/);

  await command('mailbox rename', 'Labour/Plans', 'Ideas');
  await deliver(server, USER, 'Labour/Plans', letter('another'));
  await settle(account);
  assert.equal(fetched(), 1, 'although there is another mailbox under the old name');
  assert.deepEqual([await idOf('Ideas'), await idOf('Old')], before.slice(1));
  assert.ok((await lines()).includes('Plans  another'));
});

test('a new mailbox with the UIDs of one that is gone is not taken for it', async t => {
  const account = await scene(t, { INBOX: ['one'], Gone: ['a', 'b', 'c'] });
  const { server, fetched, lines, idOf, command } = account;
  await command('mailbox update', '--uid-validity', '1', 'Gone');
  await settle(account);
  const before = await idOf('Gone');
  fetched();
  await command('mailbox delete', 'Gone');
  for (const subject of ['d', 'b', 'c', 'e']) await deliver(server, USER, 'New', letter(subject));
  await command('mailbox update', '--uid-validity', '1', 'New');
  await settle(account);
  assert.notEqual(await idOf('New'), before);
  assert.equal(await idOf('Gone'), '');
  assert.deepEqual(await lines(), ['Inbox  one', 'New  b', 'New  c', 'New  d', 'New  e']);
  assert.equal(fetched(), 2);
});

test('what another client moved is moved without a second download', async t => {
  const account = await scene(t, { INBOX: ['one', 'two', 'three', 'four'], Archive: ['old'] });
  const { server, services, fetched, lines, command } = account;
  await command('move', 'Archive', 'mailbox', 'INBOX', 'subject', 'two');
  await deliver(server, USER, 'INBOX', letter('five'));
  await changeOnDevice(services, 'a1', 'two', { keywords: { $flagged: true } });
  await settle(account);
  assert.equal(fetched(), 1);
  await command('mailbox create', 'Fresh');
  await command('move', 'Fresh', 'mailbox', 'INBOX', 'subject', 'three');
  await command('flags add', '\\Seen', 'mailbox', 'Fresh', 'all');
  await settle(account);
  assert.equal(fetched(), 0);
  assert.deepEqual(await lines(), [
    'Archive  old',
    'Archive $flagged two',
    'Fresh $seen three',
    'Inbox  five',
    'Inbox  four',
    'Inbox  one',
  ]);
});

test('the loss of most of a mailbox is believed at the second look only, under a new UIDVALIDITY, too', async t => {
  const many = Array.from({ length: 30 }, (_, i) => `letter${i}`);
  const account = await scene(t, { INBOX: ['one'], Much: many });
  const { services, lines, command } = account;
  await command('expunge', 'mailbox', 'Much', 'all');
  await command('mailbox update', '--uid-validity', '77', 'Much');
  await pull(services, 'a1');
  assert.equal((await lines()).length, 31);
  await settle(account);
  assert.deepEqual(await lines(), ['Inbox  one']);
});

test('what was recognised by a run that was stopped explains no other message to the next one', async t => {
  const server = memoryImap();
  const services = await testServices(t);
  const login = { protocol: 'imap', port: 1, username: 'mara', password: 'x' } as const;
  await testAccount(services, 'a1', login);
  // Of one size, Date and Message-ID, and yet two messages.
  const twin = (name: string) => letter(name, 'Message-ID: <twin@example.org>\r\n');
  server.deliver('INBOX', twin('first'));
  server.create('Work');
  server.deliver('Work', letter('other'));
  assert.equal(await pull(services, 'a1', { open: async () => server.open() }), 'done');
  server.rebuild('INBOX');
  const broken = () => {
    const source = server.open();
    const fetch: typeof source.fetch = () => {
      throw new SourceError('disconnected', 'The connection was lost.');
    };
    return { ...source, fetch };
  };
  server.deliver('INBOX', letter('new'));
  assert.equal(await pull(services, 'a1', { open: async () => broken() }), 'failed');
  server.deliver('INBOX', twin('later'));
  await pull(services, 'a1', { open: async () => server.open() });
  const subjects = (await contentsOf(services, 'a1')).emails.map(({ summary }) => summary.subject);
  assert.deepEqual(subjects.sort(), ['first', 'later', 'new', 'other']);
});

test('what was moved and found by a run that was stopped explains no other message to the next one', async t => {
  const server = memoryImap();
  const services = await testServices(t);
  const login = { protocol: 'imap', port: 1, username: 'mara', password: 'x' } as const;
  await testAccount(services, 'a1', login);
  const twin = (name: string) => letter(name, 'Message-ID: <twin@example.org>\r\n');
  server.deliver('INBOX', twin('first'));
  server.create('Work');
  server.deliver('Work', letter('other'));
  assert.equal(await pull(services, 'a1', { open: async () => server.open() }), 'done');
  server.move('INBOX', 1, 'Work');
  server.deliver('Work', letter('new'));
  const broken = () => {
    const source = server.open();
    const fetch: typeof source.fetch = () => {
      throw new SourceError('disconnected', 'The connection was lost.');
    };
    return { ...source, fetch };
  };
  assert.equal(await pull(services, 'a1', { open: async () => broken() }), 'failed');
  server.deliver('Work', twin('later'));
  await pull(services, 'a1', { open: async () => server.open() });
  const subjects = (await contentsOf(services, 'a1')).emails.map(({ summary }) => summary.subject);
  assert.deepEqual(subjects.sort(), ['first', 'later', 'new', 'other']);
});
