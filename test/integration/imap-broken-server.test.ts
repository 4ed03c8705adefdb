import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SourceError, type SourceErrorCode } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type {
  FailedMessage,
  FetchedMessage,
  MailSource,
  SourceEntry,
} from '../../functions/source/source.ts';
import {
  type ImapScript,
  type ScriptedImap,
  SECRET,
  scriptedImapServer,
  scriptedSettings,
} from '../support/scripted-imap-server.ts';

const RAW = Buffer.from('Subject: Hi\r\n\r\nna\xefve\r\n', 'latin1');
const ENTRY: SourceEntry = { uid: '1', size: RAW.length, keywords: [] };
/** Short enough to wait for, in milliseconds. */
const SOON = 500;

async function collect(source: MailSource, entries: readonly SourceEntry[] = [ENTRY]) {
  const found: (FetchedMessage | FailedMessage)[] = [];
  for await (const message of source.fetch('INBOX', entries)) found.push(message);
  return found;
}

/** Checks an error's code, that it is a person's sentence, and that no secret is in it or below it. */
function expectFailure(code: SourceErrorCode, sentence: RegExp = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceError, inspect(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /^\S.*[.”?]$/);
    assert.match(error.message, sentence);
    const everything = inspect(error, { depth: 9 });
    for (const form of [SECRET, 'hunter2', Buffer.from(`\0mara\0${SECRET}`).toString('base64')]) {
      assert.ok(!everything.includes(form), everything);
    }
    return true;
  };
}

async function closedConnections(server: ScriptedImap) {
  for (const socket of server.sockets) await once(socket, 'close');
  assert.equal(server.sockets.size, 0);
}

const connecting: [what: string, script: ImapScript, code: SourceErrorCode, sentence: RegExp][] = [
  ['no greeting', { greeting: null }, 'timeout', /does not greet.*choose TLS/],
  ['silence after the greeting', { answer: () => 'silence' }, 'timeout', /did not answer within/],
  ['a web server', { greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'protocol', /does not speak IMAP/],
  ['a POP server', { greeting: '+OK ready\r\n' }, 'protocol', /speaks POP/],
  ['an SMTP server', { greeting: '220 mx ESMTP\r\n' }, 'protocol', /for sending mail/],
  ['an unknown greeting', { greeting: '* HELLO there\r\n' }, 'protocol', /does not speak IMAP/],
  ['octets without end of line', { greeting: '\x00'.repeat(4_000) }, 'protocol', /does not speak IMAP/],
  ['a TLS port', { greeting: '\x15\x03\x01\x00\x02\x02\x46' }, 'tls', /Choose TLS/],
  ['BYE', { greeting: '* BYE Too many connections\r\n' }, 'temporary', /Too many connections/],
];

for (const [what, script, code, sentence] of connecting) {
  test(`${what} in place of a session is ${code}`, async t => {
    const server = await scriptedImapServer(t, code === 'timeout' ? { ...script, timeout: SOON } : script);
    await assert.rejects(openImap(server.settings), expectFailure(code, sentence));
    await closedConnections(server);
  });
}

const refusals: [code: string, expected: SourceErrorCode][] = [
  ['[AUTHENTICATIONFAILED] ', 'authentication'],
  ['[AUTHORIZATIONFAILED] ', 'authentication'],
  ['[EXPIRED] ', 'authentication'],
  ['[CONTACTADMIN] ', 'authentication'],
  ['', 'authentication'],
  ['[UNAVAILABLE] ', 'temporary'],
  ['[LIMIT] ', 'temporary'],
  ['[INUSE] ', 'temporary'],
  ['[SERVERBUG] ', 'temporary'],
  ['[PRIVACYREQUIRED] ', 'tls'],
];

for (const [responseCode, expected] of refusals) {
  test(`a login refused with ${responseCode || 'no code'} is ${expected}`, async t => {
    const server = await scriptedImapServer(t, {
      // It repeats what it got, as no server should.
      answer: ({ name, tag, args }) =>
        name === 'AUTHENTICATE' ? `${tag} NO ${responseCode}Not ${args} ${SECRET}\r\n` : undefined,
    });
    await assert.rejects(openImap(server.settings), expectFailure(expected));
    await closedConnections(server);
  });
}

test('an alert is shown, cut to one line without the password', async t => {
  const server = await scriptedImapServer(t, {
    answer: ({ name, tag }) =>
      name === 'AUTHENTICATE'
        ? `${tag} NO [ALERT] Use an app password, not ${SECRET}. ${'x'.repeat(500)}\r\n`
        : undefined,
  });
  const check = expectFailure('authentication', /It says: “Use an app password, not •••\. x+…”$/);
  await assert.rejects(openImap(server.settings), check);
});

test("Outlook's login that is not connected yet is temporary", async t => {
  const server = await scriptedImapServer(t, {
    capabilities: 'NAMESPACE',
    answer: ({ name, tag }) =>
      name === 'NAMESPACE' ? `${tag} BAD User is authenticated but not connected.\r\n` : undefined,
  });
  await assert.rejects(openImap(server.settings), expectFailure('temporary'));
});

test('a server that takes no password in plain text, or has no STARTTLS, asks for TLS', async t => {
  const disabled = await scriptedImapServer(t, {
    answer: ({ name, tag }) =>
      name === 'CAPABILITY' ? `* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n${tag} OK\r\n` : undefined,
  });
  await assert.rejects(openImap(disabled.settings), expectFailure('tls', /Choose TLS or STARTTLS/));
  const plain = await scriptedImapServer(t);
  const starttls = { ...plain.settings, security: 'starttls' } as const;
  await assert.rejects(openImap(starttls), expectFailure('tls', /does not offer STARTTLS/));
  assert.ok(!plain.commands.some(command => command.startsWith('AUTHENTICATE')));
});

test('TLS to a plain port says so', async t => {
  const server = await scriptedImapServer(t);
  const settings = { ...server.settings, security: 'tls' } as const;
  await assert.rejects(openImap(settings), expectFailure('tls', /does not speak TLS/));
  await closedConnections(server);
});

test('a closed port is unreachable, an unknown host is unknown, a private host is forbidden', async () => {
  const listener = createTcpServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  listener.close();
  await once(listener, 'close');
  const settings = scriptedSettings(port);
  await assert.rejects(openImap(settings), expectFailure('unreachable'));
  await assert.rejects(openImap({ ...settings, host: 'mail.invalid' }), expectFailure('unknown-host'));
  await assert.rejects(openImap({ ...settings, allowPrivateHosts: [] }), expectFailure('forbidden-host'));
});

test('a password that would end the command is refused before anything is sent', async t => {
  const server = await scriptedImapServer(t);
  const settings = { ...server.settings, password: `${SECRET}\r\na1 LOGOUT` };
  await assert.rejects(openImap(settings), expectFailure('authentication'));
  assert.deepEqual(server.commands, []);
});

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
      assert.ok(failed && 'error' in failed);
      expectFailure('protocol', sentence)(failed.error);
      assert.deepEqual(
        found.filter(({ uid }) => uid === '2'),
        [{ uid: '2', raw: RAW }],
      );
    }
    await source.close(true);
  });
}

test('a message far larger than announced comes whole, and one without end does not', async t => {
  const raw = Buffer.alloc(700_000, 'a b c\r\n');
  const server = await scriptedImapServer(t, {
    messages: [
      { uid: 1, raw, size: 100 },
      { uid: 2, raw: Buffer.alloc(8_000_000), size: 1_000 },
    ],
  });
  const source = await openImap(server.settings);
  assert.deepEqual(await collect(source, [{ ...ENTRY, size: 100 }]), [{ uid: '1', raw }]);
  const [endless] = await collect(source, [{ ...ENTRY, uid: '2', size: 1_000 }]);
  assert.ok(endless && 'error' in endless && endless.error.code === 'protocol');
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
  assert.ok(!empty.commands.some(command => command.startsWith('UID FETCH')));
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
  assert.ok(writer);
  const check = expectFailure('temporary', /refused to let Mailferry/);
  await assert.rejects(writer.storeKeywords('INBOX', ['1'], ['$seen'], []), check);
  await assert.rejects(writer.move('INBOX', ['1'], 'Trash'), check);
  await assert.rejects(writer.copy('INBOX', ['1'], 'Trash'), check);
  assert.equal((await collect(source)).length, 1);
  await source.close(true);
});

test('without UIDPLUS a move leaves the message marked, and nothing is ever expunged bare', async t => {
  const script = { messages: [{ uid: 1, raw: RAW }] };
  const plain = await scriptedImapServer(t, script);
  const source = await openImap(plain.settings);
  assert.equal(await source.writer?.move('INBOX', ['1'], 'Trash'), null);
  await source.close(true);
  assert.ok(plain.commands.includes('UID COPY 1 Trash'));
  assert.ok(plain.commands.includes('UID STORE 1 +FLAGS.SILENT (\\Deleted)'));
  assert.ok(!plain.commands.some(command => /EXPUNGE|CLOSE/.test(command)));

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
  assert.ok(server.commands.filter(command => command.startsWith('UID STORE')).length > 1);
  for (const command of server.commands) assert.ok(command.length < 8_000);
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
