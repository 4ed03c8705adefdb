import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { openPop3Session, type Pop3Session } from '../../functions/source/pop3-transport.ts';
import type { SourceSettings } from '../../functions/source/source.ts';
import { atEnd, closeAll, errorOf, retrieve, serve, settingsFor } from '../support/pop-sessions.ts';
import { onTheWire, type ScriptedPopServer } from '../support/scripted-pop-server.ts';

/** One test for each fault that node-pop3 0.11's own connection has; ours must have none of them. */

afterEach(closeAll);

async function open(server: ScriptedPopServer, changes?: Partial<SourceSettings>): Promise<Pop3Session> {
  const session = await openPop3Session(settingsFor(server.port, changes));
  atEnd(async () => session.destroy());
  return session;
}

const head = Buffer.from('+OK octets\r\n');
const raw = Buffer.from(
  'Subject: caf\xe9\r\n\r\n.dot\r\n..\r\n\xff\0bare\nlf bare\rcr\r\n.\n\r\nend\r\n',
  'latin1',
);

describe('POP, where node-pop3 alone loses or mixes bytes', () => {
  it('RETR keeps 8-bit bytes, NUL, bare CR and bare LF', async () => {
    const session = await open(await serve({ mails: [{ uidl: 'a', raw }] }));
    assert.deepEqual(await retrieve(session, 1), raw);
  });

  it('takes the stuffed dots off', async () => {
    const dots = Buffer.from('.\r\n..\r\n...\r\nno.\r\n');
    const session = await open(await serve({ mails: [{ uidl: 'a', raw: dots }] }));
    assert.deepEqual(await retrieve(session, 1), dots);
  });

  it('keeps the final CRLF and adds none, in one packet or in many', async () => {
    const mail = Buffer.from('a\r\n\r\nb\r\n\r\n');
    const body = onTheWire(mail);
    for (const cuts of [[], [body.length - 5], [body.length - 3], [body.length - 1]]) {
      const server = await serve({
        on: {
          RETR: async client => {
            await client.send(head);
            await client.sendCut(body, cuts);
          },
        },
      });
      assert.deepEqual(await retrieve(await open(server), 1), mail, `cut at ${cuts}`);
    }
  });

  it('finds a terminator that is split across packets at any position', async () => {
    const whole = Buffer.concat([head, onTheWire(raw)]);
    let cut = 0;
    const server = await serve({ on: { RETR: client => client.sendCut(whole, [cut]) } });
    const session = await open(server);
    for (cut = whole.length - 6; cut < whole.length; cut += 1) {
      assert.deepEqual(await retrieve(session, 1), raw, `cut at ${cut}`);
    }
  });

  it('does not take a packet that is exactly "." or ".CRLF" for the end', async () => {
    const mail = Buffer.from('one.\r\ntwo.\r\n.\r\nthree\r\n');
    const wire = onTheWire(mail); // one.CRLF two.CRLF ..CRLF three CRLF .CRLF
    const inLine = wire.indexOf('.\r\n');
    const stuffed = wire.indexOf('..\r\n');
    const cuts = [
      inLine,
      inLine + 3,
      wire.indexOf('two.') + 3,
      wire.indexOf('two.') + 4,
      stuffed + 1,
      stuffed + 4,
    ];
    const server = await serve({
      on: {
        RETR: async client => {
          await client.sendCut(head, []);
          await client.sendCut(wire, cuts);
        },
      },
    });
    assert.deepEqual(await retrieve(await open(server), 1), mail);
  });

  it('reads a status line that is split across packets', async () => {
    const whole = Buffer.concat([Buffer.from('+OK 12 octets\r\n'), onTheWire(raw)]);
    const server = await serve({ on: { RETR: client => client.sendCut(whole, [1, 2, 6, 14]) } });
    assert.deepEqual(await retrieve(await open(server), 1), raw);
  });

  it('reads a message whose first byte is NUL', async () => {
    const nul = Buffer.from('\0\0X: y\r\n\r\n');
    const session = await open(await serve({ mails: [{ uidl: 'a', raw: nul }] }));
    assert.deepEqual(await retrieve(session, 1), nul);
  });

  for (const how of ['end', 'destroy'] as const) {
    it(`settles all commands when the connection is lost in the middle of RETR (${how})`, async () => {
      const server = await serve({
        on: {
          RETR: async client => {
            await client.sendCut(Buffer.concat([head, Buffer.from('half a mess')]), []);
            client[how]();
          },
        },
      });
      const session = await open(server);
      const waiting = [retrieve(session, 1), retrieve(session, 2)].map(errorOf);
      for (const error of await Promise.all(waiting)) assert.equal(error.code, 'disconnected');
      assert.equal((await errorOf(session.count())).code, 'disconnected');
    });
  }

  it('survives an -ERR that nobody asked for', async () => {
    let goodbye = async () => {};
    const server = await serve({
      on: {
        STAT: async client => {
          goodbye = () => client.sendCut(Buffer.from('-ERR Disconnected for inactivity.\r\n'), []);
          await client.send('+OK 0 0\r\n');
        },
      },
    });
    const session = await open(server);
    assert.equal(await session.count(), 0);
    await goodbye();
    assert.equal((await errorOf(session.count())).code, 'disconnected');
  });

  it('does not take an answer that nobody asked for as the answer to the next command', async () => {
    const server = await serve({ on: { STAT: client => client.send('+OK 7 1\r\n+OK 99 99\r\n') } });
    const session = await open(server);
    assert.equal(await session.count(), 7);
    assert.equal((await errorOf(session.count())).code, 'disconnected');
  });

  it('sends concurrent commands one after the other and never mixes their answers', async () => {
    const mails = [1, 2, 3, 4, 5].map(n => ({
      uidl: `id-${n}`,
      raw: Buffer.from(`${`${n}`.repeat(n * 50)}\r\n`),
    }));
    const server = await serve({ mails });
    const session = await open(server);
    const [ids, second, count, fifth, sizes, missing, first] = await Promise.all([
      session.uniqueIds(),
      retrieve(session, 2),
      session.count(),
      retrieve(session, 5),
      session.sizes(),
      errorOf(retrieve(session, 6)),
      retrieve(session, 1),
    ]);
    assert.deepEqual([...ids.values()], ['id-1', 'id-2', 'id-3', 'id-4', 'id-5']);
    assert.deepEqual([first, second, fifth], [mails[0]?.raw, mails[1]?.raw, mails[4]?.raw]);
    assert.deepEqual([count, sizes.get(3), missing.code], [5, 152, 'refused']);
    assert.deepEqual(server.overlaps, []);
  });

  it('goes on after any number of refused commands', async () => {
    const server = await serve({ mails: [{ uidl: 'a', raw }] });
    const session = await open(server);
    for (let n = 2; n < 30; n += 1) assert.equal((await errorOf(retrieve(session, n))).code, 'refused');
    assert.deepEqual(await retrieve(session, 1), raw);
  });

  it('fetches 30 MB over TLS in linear time', { timeout: 60_000 }, async () => {
    const line = Buffer.from(`.${'x'.repeat(73)}\r\n`);
    const big = Buffer.alloc(30_000_000 - (30_000_000 % line.length), line);
    const server = await serve({ tls: true, mails: [{ uidl: 'a', raw: big }] });
    const got = await retrieve(await open(server, { security: 'tls' }), 1);
    assert.equal(got.equals(big), true);
  });

  it('speaks STLS, and sends no credential before it', async () => {
    const server = await serve({ mails: [{ uidl: 'a', raw }] });
    const session = await open(server, { security: 'starttls' });
    assert.deepEqual(await retrieve(session, 1), raw);
    assert.equal(server.received[0], 'STLS');
  });

  it('reads CAPA', async () => {
    const session = await open(await serve({}));
    const { lines, ...known } = await session.capabilities();
    assert.deepEqual(lines, ['TOP', 'USER', 'UIDL', 'SASL PLAIN', 'STLS']);
    const sasl = new Set(['PLAIN']);
    assert.deepEqual(known, { sasl, user: true, stls: true, pipelining: false, loginDelay: null });
  });

  it('refuses a line break or NUL in a credential before it even connects', async () => {
    const server = await serve({});
    for (const changes of [
      { password: 'x\r\nDELE 1' },
      { password: 'x\nDELE 1' },
      { password: 'x\0' },
      { username: 'ann\rDELE 1' },
    ]) {
      const error = await errorOf(openPop3Session(settingsFor(server.port, changes)));
      assert.equal(error.code, 'authentication');
      assert.doesNotMatch(inspect(error), /DELE 1/);
    }
    assert.equal(server.connections, 0);
  });

  it('sends a password with blanks and letters beyond ASCII as it is', async () => {
    const server = await serve({});
    await open(server);
    assert.deepEqual(server.received, ['CAPA', 'USER ann', 'PASS secret-Pässword 1 ']);
  });

  it('leaks nothing when the login fails, even if the server repeats the password', async () => {
    const server = await serve({
      on: { PASS: (client, password) => client.send(`-ERR "${password}" is wrong\r\n`) },
    });
    const error = await errorOf(openPop3Session(settingsFor(server.port)));
    assert.equal(error.code, 'authentication');
    assert.doesNotMatch(`${inspect(error, { depth: 10, showHidden: true })} ${error.stack}`, /secret-P/);
  });
});
