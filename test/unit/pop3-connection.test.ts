import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { openPop3Session } from '../../functions/source/pop3-transport.ts';
import type { Security, SourceSettings } from '../../functions/source/source.ts';
import { atEnd, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';

afterEach(closeAll);

/** Tries to log in and gives the code of what went wrong; the message must name the server. */
async function codeOf(port: number, changes: Partial<SourceSettings> = {}): Promise<string> {
  const error = await errorOf(openPop3Session(settingsFor(port, changes)));
  assert.match(error.message, /localhost|127\.0\.0\.1/);
  assert.match(error.message, /\.$/);
  return error.code;
}

async function unusedPort(): Promise<number> {
  const server = await serve({});
  await server.close();
  return server.port;
}

describe('connecting to a POP server', () => {
  it('says that nothing answers at a closed port', async () => {
    assert.equal(await codeOf(await unusedPort()), 'unreachable');
  });

  it('refuses a private host that is not allowed', async () => {
    const server = await serve({});
    assert.equal(await codeOf(server.port, { allowPrivateHosts: [] }), 'forbidden-host');
    assert.equal(server.connections, 0);
  });

  it('checks the certificate against its authority', async () => {
    const server = await serve({ tls: true });
    const { ca: _ca, ...untrusting } = settingsFor(server.port, { security: 'tls' });
    const error = await errorOf(openPop3Session(untrusting));
    assert.deepEqual([error.code, server.received], ['tls', []]);
    assert.match(error.message, /not signed by a known authority/);
  });

  for (const security of ['tls', 'starttls'] as const) {
    it(`checks the certificate against the name that was entered (${security})`, async () => {
      const server = await serve({ tls: security === 'tls' });
      const settings = settingsFor(server.port, { security, host: '127.0.0.1' });
      const error = await errorOf(openPop3Session(settings));
      assert.equal(error.code, 'tls');
      assert.match(error.message, /belongs to another name than 127\.0\.0\.1/);
      assert.doesNotMatch(server.received.join(), /USER|PASS/);
    });
  }

  it('tells TLS to a plain port from plain text to a TLS port', async () => {
    const plain = await serve({});
    const error = await errorOf(openPop3Session(settingsFor(plain.port, { security: 'tls' })));
    assert.equal(error.code, 'tls');
    assert.match(error.message, /does not speak TLS on this port\. Choose STARTTLS or no encryption/);
    const alerting = await serve({
      on: { CONNECT: client => client.send(Buffer.from([21, 3, 1, 0, 2, 2, 80])) },
    });
    assert.equal(await codeOf(alerting.port), 'tls');
  });

  it('says that a port hangs up on TLS', async () => {
    const server = createServer(socket => socket.once('data', () => socket.end()));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    atEnd(async () => void server.close());
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    assert.equal(await codeOf(address.port, { security: 'tls' }), 'tls');
  });

  it('never goes on in plain text when STARTTLS was asked for', async () => {
    for (const answer of ['-ERR what?\r\n', '-ERR [SYS/TEMP] later\r\n']) {
      const server = await serve({ on: { STLS: client => client.send(answer) } });
      assert.equal(await codeOf(server.port, { security: 'starttls' }), 'tls');
      assert.deepEqual(server.received, ['STLS']);
    }
  });

  it('believes nothing that was slipped in behind the answer to STLS', async () => {
    const server = await serve({
      on: {
        STLS: async client => {
          await client.send('+OK begin\r\n+OK logged in as somebody else\r\n');
          client.startTls();
        },
      },
    });
    assert.equal(await codeOf(server.port, { security: 'starttls' }), 'tls');
    assert.deepEqual(server.received, ['STLS']);
  });

  it('gives up on a server that is silent at any step, within its timeout', async () => {
    const silent = () => {};
    const cases: [string, Security][] = [
      ['CONNECT', 'none'],
      ['CONNECT', 'tls'],
      ['STLS', 'starttls'],
      ['CAPA', 'none'],
      ['USER', 'none'],
      ['PASS', 'none'],
    ];
    for (const [command, security] of cases) {
      const server = await serve({ on: { [command]: silent } });
      assert.equal(await codeOf(server.port, { security, timeout: 50 }), 'timeout', command);
    }
  });

  it('knows a server that is no POP server', async () => {
    for (const greeting of ['* OK [CAPABILITY IMAP4rev1] ready\r\n', 'HTTP/1.1 400 Bad Request\r\n', '\0']) {
      const server = await serve({ on: { CONNECT: client => client.send(greeting) } });
      assert.equal(await codeOf(server.port), 'protocol', greeting);
    }
    const endless = await serve({ on: { CONNECT: client => client.send(`+OK ${'x'.repeat(10_000)}`) } });
    assert.equal(await codeOf(endless.port), 'protocol');
  });

  it('says that it was hung up on', async () => {
    const server = await serve({ on: { CONNECT: client => client.end() } });
    assert.equal(await codeOf(server.port), 'disconnected');
  });

  it('tells a wrong password from a server that is busy', async () => {
    const answers = {
      '-ERR': 'authentication',
      '-ERR Authentication failed.': 'authentication',
      '-ERR [AUTH] Application-specific password required': 'authentication',
      '-ERR Wrong password, please try again': 'authentication',
      '-ERR Account is locked': 'authentication',
      '-ERR [IN-USE] Maildrop already locked': 'temporary',
      '-ERR maildrop already locked': 'temporary',
      '-ERR [login-delay] wait': 'throttled',
      '-ERR [AUTH] Lockdown in sector 4': 'quota',
      '-ERR Too many connections from this address': 'throttled',
      '-ERR [SYS/TEMP] try later': 'temporary',
      '-ERR [SYS/PERM] broken': 'refused',
      '-ERR [SYS/NEW] what': 'temporary',
      '-ERR [AUTH/OLD] no': 'authentication',
    };
    for (const [answer, code] of Object.entries(answers)) {
      const server = await serve({ on: { PASS: client => client.send(`${answer}\r\n`) } });
      assert.equal(await codeOf(server.port), code, answer);
    }
    const full = await serve({ on: { CONNECT: client => client.send('-ERR too many connections\r\n') } });
    assert.equal(await codeOf(full.port), 'throttled');
  });
});
