import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceErrorCode } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type {
  FailedMessage,
  FetchedMessage,
  MailSource,
  SourceEntry,
} from '../../functions/source/source.ts';
import { closedConnections, expectFailure, SOON } from '../support/imap-failure.ts';
import { whole } from '../support/imap-source.ts';
import { scriptedImapServer } from '../support/scripted-imap-server.ts';

const RAW = Buffer.from('Subject: Hi\r\n\r\nna\xefve\r\n', 'latin1');
const ENTRY: SourceEntry = { uid: '1', size: RAW.length, keywords: [] };

async function collect(source: MailSource, entries: readonly SourceEntry[] = [ENTRY]) {
  const found: (FetchedMessage | FailedMessage)[] = [];
  for await (const message of source.fetch('INBOX', entries)) found.push(await whole(message));
  return found;
}

const broken: [
  what: string,
  reply: (tag: string) => string | 'silence',
  cut: boolean,
  code: SourceErrorCode,
][] = [
  ['silence', () => 'silence', false, 'timeout'],
  ['half a literal and then nothing', () => '* 1 FETCH (UID 1 BODY[]<0> {24}\r\nSub', false, 'timeout'],
  ['half a literal and then the end', () => '* 1 FETCH (UID 1 BODY[]<0> {24}\r\nSub', true, 'disconnected'],
  ['BYE', () => '* BYE Shutting down\r\n', false, 'temporary'],
  ['a literal without bounds', () => '* 1 FETCH (UID 1 BODY[]<0> {999999999999}\r\n', false, 'protocol'],
];

for (const [what, reply, cut, code] of broken) {
  test(`${what} in the middle of a fetch is ${code} and stays so`, async t => {
    const server = await scriptedImapServer(t, {
      ...(code === 'timeout' ? { timeout: SOON } : {}),
      messages: [{ uid: 1, raw: RAW }],
      answer: ({ name, tag, socket }) => {
        if (name !== 'UID FETCH') return undefined;
        if (cut) setImmediate(() => socket.end());
        return reply(tag);
      },
    });
    const source = await openImap(server.settings);
    await assert.rejects(collect(source), expectFailure(code));
    await assert.rejects(source.mailboxes(), expectFailure(code));
    await source.close(true);
    await closedConnections(server);
  });
}

const bodies: [what: string, message: { size?: number; body?: string; raw?: Buffer }, sentence: RegExp][] = [
  ['fewer octets than announced', { size: RAW.length + 5 }, /cut short/],
  ['no octets at all', { body: '""' }, /empty/],
  ['NIL', { body: 'NIL' }, /empty/],
];

for (const [what, message, sentence] of bodies) {
  test(`${what} is a failed message, and the next one still comes`, async t => {
    const server = await scriptedImapServer(t, {
      messages: [
        { uid: 1, raw: RAW, ...message },
        { uid: 2, raw: RAW },
      ],
    });
    const source = await openImap(server.settings);
    const large = { ...ENTRY, size: 10_000_000 };
    for (const first of [ENTRY, large]) {
      const found = await collect(source, [first, { ...ENTRY, uid: '2' }]);
      const failed = found.find(({ uid }) => uid === '1');
      assert.ok(failed && 'error' in failed, 'it must fail');
      expectFailure('protocol', sentence)(failed.error);
      assert.deepEqual(
        found.filter(({ uid }) => uid === '2'),
        [{ uid: '2', raw: RAW }],
      );
    }
    await source.close(true);
  });
}

test('a message far larger than announced comes whole, and one without end or too large does not', async t => {
  const raw = Buffer.alloc(700_000, 'a b c\r\n');
  const server = await scriptedImapServer(t, {
    messages: [
      { uid: 1, raw, size: 100 },
      { uid: 2, raw: Buffer.alloc(20_000_000), size: 1_000 },
      { uid: 3, raw, size: 3_000_000_000 },
    ],
  });
  const source = await openImap(server.settings);
  assert.deepEqual(await collect(source, [{ ...ENTRY, size: 100 }]), [{ uid: '1', raw }]);
  const [endless] = await collect(source, [{ ...ENTRY, uid: '2', size: 1_000 }]);
  assert.ok(endless && 'error' in endless, 'it must fail');
  expectFailure('protocol', /never ends/)(endless.error);
  const [huge] = await collect(source, [{ ...ENTRY, uid: '3', size: 3_000_000_000 }]);
  assert.ok(huge && 'error' in huge, 'it must fail');
  expectFailure('protocol', /larger than Mailferry takes/)(huge.error);
  await source.close(true);
});

test('one message that the server refuses to read does not keep the others back', async t => {
  const server = await scriptedImapServer(t, {
    messages: [1, 2, 3].map(uid => ({ uid, raw: RAW })),
    answer: ({ name, tag, args }) =>
      name === 'UID FETCH' && /^(1:3|2) /.test(args) ? `${tag} NO Internal error\r\n` : undefined,
  });
  const source = await openImap(server.settings);
  const entries = ['1', '2', '3'].map(uid => ({ ...ENTRY, uid }));
  const found = await collect(source, entries);
  assert.deepEqual(
    found.map(message => [message.uid, 'raw' in message]),
    [
      ['1', true],
      ['2', false],
      ['3', true],
    ],
  );
  await source.close(true);
});

test('a listing that leaves messages out is an error, never a deletion', async t => {
  const server = await scriptedImapServer(t, { messages: [{ uid: 4, raw: RAW }], exists: 3 });
  const source = await openImap(server.settings);
  await assert.rejects(source.snapshot('INBOX', null), expectFailure('protocol', /lists 1 messages .* 3/));
  await source.close(true);
});

test('an empty folder is not asked for messages', async t => {
  const empty = await scriptedImapServer(t);
  const source = await openImap(empty.settings);
  const { entries, complete } = await source.snapshot('INBOX', null);
  assert.deepEqual([entries, complete], [[], true]);
  assert.ok(!empty.commands.some(command => command.startsWith('UID FETCH')), 'no UID FETCH');
  await source.close(true);
});

test('a refused change says what was refused and leaves the session usable', async t => {
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: RAW }],
    capabilities: 'MOVE UIDPLUS',
    answer: ({ name, tag }) =>
      /STORE|MOVE|COPY/.test(name) ? `${tag} NO [NOPERM] Not yours\r\n` : undefined,
  });
  const source = await openImap(server.settings);
  const { writer } = source;
  assert.ok(writer, 'IMAP takes changes');
  const check = expectFailure('refused', /refused to let Mailferry/);
  await assert.rejects(writer.storeKeywords('INBOX', ['1'], ['$seen'], []), check);
  await assert.rejects(writer.move('INBOX', ['1'], 'Trash'), check);
  await assert.rejects(writer.copy('INBOX', ['1'], 'Trash'), check);
  assert.equal((await collect(source)).length, 1);
  await source.close(true);
});

for (const code of ['LIMIT', 'UNAVAILABLE', 'INUSE']) {
  test(`[${code}] for a FETCH is no word about the message`, async t => {
    const server = await scriptedImapServer(t, {
      messages: [{ uid: 1, raw: RAW }],
      answer: ({ name, tag }) => (name === 'UID FETCH' ? `${tag} NO [${code}] Not now\r\n` : undefined),
    });
    const source = await openImap(server.settings);
    await assert.rejects(collect(source), expectFailure(code === 'LIMIT' ? 'throttled' : 'temporary'));
    await source.close(true);
  });
}

test('without UIDPLUS a move leaves the message marked, and nothing is ever expunged bare', async t => {
  const script = { messages: [{ uid: 1, raw: RAW }] };
  const plain = await scriptedImapServer(t, script);
  const source = await openImap(plain.settings);
  assert.equal(await source.writer?.move('INBOX', ['1'], 'Trash'), null);
  await source.close(true);
  assert.ok(plain.commands.includes('UID COPY 1 Trash'), 'copied');
  assert.ok(plain.commands.includes('UID STORE 1 +FLAGS.SILENT (\\Deleted)'), 'marked');
  assert.ok(!plain.commands.some(command => /EXPUNGE|CLOSE/.test(command)), 'not expunged');

  const plus = await scriptedImapServer(t, { ...script, capabilities: 'UIDPLUS' });
  const other = await openImap(plus.settings);
  await other.writer?.move('INBOX', ['1'], 'Trash');
  await other.close(true);
  assert.deepEqual(
    plus.commands.filter(command => /COPY|EXPUNGE|CLOSE/.test(command)),
    ['UID COPY 1 Trash', 'UID EXPUNGE 1'],
  );
});

test('long lists are cut into commands of at most 8 kB', async t => {
  const messages = Array.from({ length: 3_000 }, (_, index) => ({ uid: 10_000_000 + 2 * index, raw: RAW }));
  const server = await scriptedImapServer(t, { messages });
  const source = await openImap(server.settings);
  const uids = messages.map(({ uid }) => String(uid));
  await source.writer?.storeKeywords('INBOX', uids, ['$seen'], []);
  const found = await collect(
    source,
    uids.map(uid => ({ ...ENTRY, uid })),
  );
  assert.deepEqual(
    found.map(({ uid }) => uid),
    uids,
  );
  assert.ok(server.commands.filter(command => command.startsWith('UID STORE')).length > 1, 'cut');
  for (const command of server.commands) assert.ok(command.length < 8_000, `${command.length} characters`);
  await source.close(true);
});

test('closing never hangs on a server that does not answer LOGOUT', async t => {
  const server = await scriptedImapServer(t, {
    timeout: SOON,
    answer: ({ name }) => (name === 'LOGOUT' ? 'silence' : undefined),
  });
  const source = await openImap(server.settings);
  await source.close(true);
  await source.close(false);
  await closedConnections(server);
});

test('a server that drips is cut off, one that is only slow is not', async t => {
  const raw = Buffer.alloc(20_000, 'slow\r\n');
  const sender = (octets: number, pause: number) =>
    scriptedImapServer(t, {
      timeout: octets < 100 ? SOON : 4 * SOON,
      messages: [{ uid: 1, raw }],
      answer: ({ name, tag, socket }) => {
        if (name !== 'UID FETCH') return undefined;
        const head = `* 1 FETCH (UID 1 RFC822.SIZE ${raw.length} BODY[]<0> {${raw.length}}\r\n`;
        void drip(
          socket,
          Buffer.concat([Buffer.from(head), raw, Buffer.from(`)\r\n${tag} OK\r\n`)]),
          octets,
          pause,
        );
        return 'silence';
      },
    });
  const dripping = await openImap((await sender(2, 50)).settings);
  await assert.rejects(collect(dripping), expectFailure('timeout'));
  const slow = await openImap((await sender(2_000, 250)).settings);
  assert.deepEqual(await collect(slow), [{ uid: '1', raw }]);
  await slow.close(true);
});

async function drip(socket: Socket, bytes: Buffer, octets: number, pause: number): Promise<void> {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += octets) {
    socket.write(bytes.subarray(at, at + octets));
    await sleep(pause);
  }
}

test('a folder whose name would end a command is shown and never asked for', async t => {
  const name = 'A\r\nz1 DELETE INBOX';
  const server = await scriptedImapServer(t, {
    answer: ({ name: command, tag, args }) =>
      command === 'LIST' && args !== '"" ""'
        ? `* LIST () "/" INBOX\r\n* LIST () "/" {${name.length}}\r\n${name}\r\n${tag} OK\r\n`
        : undefined,
  });
  const source = await openImap(server.settings);
  const [, hostile] = await source.mailboxes();
  assert.deepEqual([hostile?.path, hostile?.selectable], [name, false]);
  await assert.rejects(source.snapshot(name, null), expectFailure('protocol'));
  const { writer } = source;
  assert.ok(writer, 'IMAP takes changes');
  await assert.rejects(writer.move('INBOX', ['1'], name), expectFailure('refused'));
  assert.ok(!server.commands.some(command => command.includes('DELETE')), 'no DELETE');
  await source.close(true);
});
