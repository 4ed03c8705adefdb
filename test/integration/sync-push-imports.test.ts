import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createHandler } from '../../functions/api.ts';
import { SourceError } from '../../functions/source/errors.ts';
import type { MailSource, SourceWriter } from '../../functions/source/source.ts';
import { getAllStates } from '../../functions/store/emails.ts';
import { KEPT_HERE } from '../../functions/store/keys.ts';
import { catchUp } from '../../functions/store/log.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { httpEvent, jmapClient } from '../support/jmap.ts';
import { letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { memoryImap } from '../support/memory-imap.ts';
import { testServices } from '../support/table.ts';

async function prepared(t: TestContext, port: number) {
  const services = await testServices(t);
  const login = { protocol: 'imap', port, username: TEST_USER.name, password: TEST_USER.password } as const;
  await testAccount(services, 'a1', login);
  const { call } = jmapClient(services);
  const load = async (raw: Buffer, mailboxIds: readonly string[], more: object = {}) => {
    const event = httpEvent('POST', '/jmap/upload/a1/', { body: raw.toString('base64') });
    const answer = await createHandler(services)({ ...event, isBase64Encoded: true });
    const { blobId } = JSON.parse(answer.body ?? '');
    const email = { blobId, mailboxIds: Object.fromEntries(mailboxIds.map(id => [id, true])), ...more };
    const { created } = await call('Email/import', { accountId: 'a1', emails: { x: email } });
    return (created as Record<string, { id: string }> | null)?.x?.id ?? assert.fail('it was not imported');
  };
  const mailboxes = async () =>
    new Map((await call('Mailbox/get', { accountId: 'a1' })).list.map(({ name, id }) => [name, String(id)]));
  return { services, call, load, mailboxes };
}

test('an imported message is put into its mailboxes at the source, with keywords and time', async t => {
  const server = await testMailServer(t);
  const { services, load, mailboxes } = await prepared(t, server.ports.imap);
  await deliver(server, TEST_USER.name, 'Boat', letter('there'));
  assert.equal(await pull(services, 'a1'), 'done');
  const ids = await mailboxes();
  const places = [ids.get('Inbox') ?? '', ids.get('Boat') ?? ''];
  const more = { keywords: { $seen: true, ferry: true }, receivedAt: '2020-02-02T03:04:05Z' };
  const bare = Buffer.from(letter('loaded').toString().replaceAll('\r\n', '\n'));
  const id = await load(bare, places, more);
  assert.equal(await pull(services, 'a1'), 'done');
  const fields = 'mailbox flags date.received.unixtime size.virtual';
  const query = ['-f', 'tab', 'fetch', '-u', TEST_USER.name, fields, 'subject', 'loaded'];
  const lines = (await doveadm(server, query)).trim().split('\n').slice(1);
  const size = letter('loaded').length;
  const shown = lines.map(line => line.replace('\\Recent', '').replace(/[ \t]+/g, ' ')).sort();
  assert.deepEqual(shown, [`Boat \\Seen ferry 1580612645 ${size}`, `INBOX \\Seen ferry 1580612645 ${size}`]);
  const state = (await getAllStates(services.table, 'a1')).get(id);
  assert.equal(state?.locations.length, 2);
  const { applied } = await catchUp(services, 'a1');
  assert.equal(await pull(services, 'a1'), 'idle');
  assert.equal((await catchUp(services, 'a1')).applied, applied);
  assert.equal((await contentsOf(services, 'a1')).emails.length, 2);
});

test('without APPENDUID and COPYUID nothing is there twice', async t => {
  const source = memoryImap(true);
  source.create('Boat');
  const { services, load, mailboxes } = await prepared(t, 1);
  const run = () => pull(services, 'a1', { open: async () => source.open() });
  await run();
  const ids = await mailboxes();
  await load(letter('loaded'), [ids.get('Inbox') ?? '', ids.get('Boat') ?? '']);
  for (let runs = 0; runs < 5 && (await run()) !== 'idle'; runs++);
  const sizes = ['INBOX', 'Boat', 'Trash'].map(path => source.boxes.get(path)?.messages.size);
  assert.deepEqual(sizes, [1, 1, 0]);
  assert.equal((await contentsOf(services, 'a1')).emails.length, 1);
});

test('what the server does not want of an import stays here, and is said', async t => {
  const memory = memoryImap();
  const { services, call, load, mailboxes } = await prepared(t, 1);
  const append: SourceWriter['append'] = async () => {
    throw new SourceError('refused', 'The mail server does not take a message of this size.');
  };
  const open = async (): Promise<MailSource> => {
    const source = memory.open();
    return { ...source, writer: source.writer && { ...source.writer, append } };
  };
  const run = () => pull(services, 'a1', { open, reason: 'asked' });
  await run();
  const id = await load(letter('large'), [(await mailboxes()).get('Inbox') ?? '']);
  assert.equal(await run(), 'failed');
  const status = async () => (await call('MailAccount/get', {})).list[0]?.status as { message: string };
  assert.match((await status()).message, /of this size/);
  assert.equal(await run(), 'failed');
  assert.equal(await run(), 'idle');
  assert.deepEqual((await getAllStates(services.table, 'a1')).get(id)?.locations, [KEPT_HERE]);
});

test('a keyword that the mailbox does not keep is taken back, the others are told', async t => {
  const memory = memoryImap();
  memory.deliver('INBOX', letter('one'));
  const { services, call } = await prepared(t, 1);
  const run = () => pull(services, 'a1', { open: async () => memory.open() });
  await run();
  const [id = ''] = (await getAllStates(services.table, 'a1')).keys();
  const patch = { 'keywords/unkept': true, 'keywords/kept': true, 'keywords/$seen': true };
  await call('Email/set', { accountId: 'a1', update: { [id]: patch } });
  assert.equal(await run(), 'done');
  assert.deepEqual([...((await getAllStates(services.table, 'a1')).get(id)?.keywords ?? [])].sort(), [
    '$seen',
    'kept',
  ]);
  assert.deepEqual([...(memory.boxes.get('INBOX')?.messages.get(1)?.flags ?? [])].sort(), ['$seen', 'kept']);
  assert.equal(await run(), 'idle');
});

test('archive and trash are mailboxes like others: of IMAP the message is moved, of POP nobody is told', async t => {
  const server = await testMailServer(t);
  const { services, call, mailboxes } = await prepared(t, server.ports.imap);
  const { port: _, ...pop } = { port: 0, username: TEST_USER.name, password: TEST_USER.password };
  await testAccount(services, 'p1', { ...pop, protocol: 'pop', port: server.ports.pop });
  await deliver(server, TEST_USER.name, 'INBOX', letter('one'));
  await deliver(server, TEST_USER.name, 'Trash', letter('old'));
  for (const account of ['a1', 'p1']) assert.equal(await pull(services, account), 'done');
  const trash = (await mailboxes()).get('Trash') ?? '';
  for (const [accountId, mailboxId] of [
    ['a1', trash],
    ['p1', (await call('Mailbox/query', { accountId: 'p1', filter: { role: 'trash' } })).ids[0] ?? ''],
  ] as const) {
    const { ids } = await call('Email/query', { accountId, filter: { subject: 'one' } });
    const update = { [ids[0] ?? '']: { mailboxIds: { [mailboxId]: true } } };
    assert.equal((await call('Email/set', { accountId, update })).notUpdated, null);
  }
  assert.equal(await pull(services, 'p1'), 'idle');
  assert.equal(await pull(services, 'a1'), 'done');
  const found = await doveadm(server, [
    '-f',
    'tab',
    'fetch',
    '-u',
    TEST_USER.name,
    'mailbox',
    'subject',
    'one',
  ]);
  assert.deepEqual(found.trim().split('\n').slice(1), ['Trash']);
  assert.equal(await pull(services, 'a1'), 'idle');
});
