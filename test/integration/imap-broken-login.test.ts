import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import type { SourceErrorCode } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import { closedConnections, expectFailure, SOON } from '../support/imap-failure.ts';
import {
  type ImapScript,
  SECRET,
  scriptedImapServer,
  scriptedSettings,
} from '../support/scripted-imap-server.ts';

const connecting: [what: string, script: ImapScript, code: SourceErrorCode, sentence: RegExp][] = [
  ['no greeting', { greeting: null }, 'timeout', /does not greet.*choose TLS/],
  ['silence after the greeting', { answer: () => 'silence' }, 'timeout', /did not answer within/],
  ['a web server', { greeting: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'protocol', /does not speak IMAP/],
  ['a POP server', { greeting: '+OK ready\r\n' }, 'protocol', /speaks POP/],
  ['an SMTP server', { greeting: '220 mx ESMTP\r\n' }, 'protocol', /for sending mail/],
  ['an unknown greeting', { greeting: '* HELLO there\r\n' }, 'protocol', /does not speak IMAP/],
  ['octets without end of line', { greeting: '\x00'.repeat(4_000) }, 'protocol', /does not speak IMAP/],
  ['a TLS port', { greeting: '\x15\x03\x01\x00\x02\x02\x46' }, 'tls', /Choose TLS/],
  ['BYE', { greeting: '* BYE Too many connections\r\n' }, 'throttled', /Too many connections/],
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
  ['[LIMIT] ', 'throttled'],
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

test('nothing is believed that was slipped in behind the answer to STARTTLS', async t => {
  for (const slipped of ['* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n', '* PREAUTH\r\n', '3 OK done\r\n']) {
    let after: () => number = () => 0;
    const server = await scriptedImapServer(t, {
      capabilities: 'IMAP4rev1 STARTTLS LOGINDISABLED',
      answer({ name, tag, socket }) {
        if (name !== 'STARTTLS') return undefined;
        const before = socket.bytesRead;
        after = () => socket.bytesRead - before;
        return `${tag} OK begin TLS\r\n${slipped}`;
      },
    });
    const starttls = { ...server.settings, security: 'starttls' } as const;
    await assert.rejects(openImap(starttls), { code: 'tls' }, slipped);
    await closedConnections(server);
    assert.equal(after(), 0, 'not even a handshake is begun');
  }
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
  assert.ok(
    !plain.commands.some(command => command.startsWith('AUTHENTICATE')),
    'nothing is sent in plain text',
  );
});

test('a port that never speaks is a time-out, with TLS too', async t => {
  const server = await scriptedImapServer(t, { greeting: null, timeout: SOON });
  const settings = { ...server.settings, security: 'tls' } as const;
  await assert.rejects(openImap(settings), expectFailure('timeout', /Check the server name and the port/));
  await closedConnections(server);
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
