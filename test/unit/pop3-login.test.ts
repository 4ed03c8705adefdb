import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { openPop3 } from '../../functions/source/pop3.ts';
import { parseCapabilities } from '../../functions/source/pop3-capabilities.ts';
import { openPop3Session } from '../../functions/source/pop3-transport.ts';
import type { SourceSettings } from '../../functions/source/source.ts';
import { atEnd, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';
import type { PopAnswer, ScriptedPopOptions } from '../support/scripted-pop-server.ts';

afterEach(closeAll);

/** A server with these capabilities that lets in whoever `AUTH` says. */
function offering(lines: readonly string[], on: ScriptedPopOptions['on'] = {}): ScriptedPopOptions {
  const text = `+OK\r\n${lines.map(line => `${line}\r\n`).join('')}.\r\n`;
  return { on: { CAPA: client => client.send(text), ...on } };
}

const say =
  (line: string): PopAnswer =>
  client =>
    client.send(`${line}\r\n`);

/** Logs in and gives the lines that the server got for it. */
async function linesFor(options: ScriptedPopOptions, changes: Partial<SourceSettings> = {}) {
  const server = await serve(options);
  const session = await openPop3Session(settingsFor(server.port, changes));
  atEnd(async () => session.destroy());
  return server.received;
}

const decoded = (line: string | undefined) => Buffer.from(line?.split(' ').at(-1) ?? '', 'base64').toString();

describe('logging in to a POP server', () => {
  it('uses USER and PASS where CAPA names them or is not known', async () => {
    const [capa, ...known] = await linesFor(offering(['USER', 'SASL PLAIN LOGIN']));
    const [, ...unknown] = await linesFor({ on: { CAPA: say('-ERR what?') } });
    assert.equal(capa, 'CAPA');
    assert.deepEqual(known, ['USER ann', 'PASS secret-Pässword 1 ']);
    assert.deepEqual(unknown, known);
  });

  it('uses SASL PLAIN where USER is not named', async () => {
    const [, line, ...others] = await linesFor(offering(['SASL CRAM-MD5 plain'], { AUTH: say('+OK in') }));
    assert.match(line ?? '', /^AUTH PLAIN \S+$/);
    assert.equal(decoded(line), '\0ann\0secret-Pässword 1 ');
    assert.deepEqual(others, []);
  });

  it('gives the response once more to a server that does not read it behind AUTH', async () => {
    const response = Buffer.from('\0ann\0secret-Pässword 1 ').toString('base64');
    const options = offering(['SASL PLAIN'], { AUTH: say('+ '), [response]: say('+OK in') });
    assert.equal((await linesFor(options)).at(-1), response);
  });

  it('sends a response by itself that is too long for a command', async () => {
    const password = 'x'.repeat(300);
    const response = Buffer.from(`\0ann\0${password}`).toString('base64');
    const options = offering(['SASL PLAIN'], { AUTH: say('+'), [response]: say('+OK in') });
    assert.deepEqual(await linesFor(options, { password }), ['CAPA', 'AUTH PLAIN', response]);
  });

  it('keeps the password where the server would refuse it as plain text', async () => {
    const server = await serve(offering(['STLS', 'SASL']));
    const error = await errorOf(openPop3Session(settingsFor(server.port)));
    assert.equal(error.code, 'tls');
    assert.deepEqual(server.received, ['CAPA']);
  });

  it('believes what was offered after STLS, not before', async () => {
    const lines = await linesFor(
      offering(['SASL PLAIN'], { AUTH: say('+OK in') }),
      // The scripted server offers the same before and after: what counts is that it is asked after.
      { security: 'starttls' },
    );
    assert.deepEqual(lines.slice(0, 2), ['STLS', 'CAPA']);
  });

  it('signs in by a token: OAUTHBEARER, else XOAUTH2, also where the server does not say', async () => {
    const token = 'ya29.token_~+/=';
    const accessToken = async () => token;
    const cases = [
      [['SASL PLAIN XOAUTH2 OAUTHBEARER'], 'OAUTHBEARER'],
      [['USER', 'SASL PLAIN XOAUTH2'], 'XOAUTH2'],
      [[], 'XOAUTH2'],
    ] as const;
    for (const [capabilities, mechanism] of cases) {
      const options = offering(capabilities, { AUTH: say('+OK in') });
      const [, line] = await linesFor(options, { accessToken, password: '', username: 'a,b=c' });
      assert.ok(line?.startsWith(`AUTH ${mechanism} `), line);
      const sent = decoded(line);
      if (mechanism === 'XOAUTH2') assert.equal(sent, `user=a,b=c\x01auth=Bearer ${token}\x01\x01`);
      else {
        const [identity, host, port, auth] = sent.split('\x01');
        assert.deepEqual(
          [identity, host, auth],
          ['n,a=a=2Cb=3Dc,', 'host=localhost', `auth=Bearer ${token}`],
        );
        assert.match(port ?? '', /^port=\d+$/);
      }
    }
  });

  it('does not offer a token to a server that takes none', async () => {
    const server = await serve(offering(['USER', 'SASL PLAIN']));
    const accessToken = async () => 'token';
    const error = await errorOf(openPop3Session(settingsFor(server.port, { accessToken, password: '' })));
    assert.equal(error.code, 'authentication');
    assert.deepEqual(server.received, ['CAPA']);
  });

  it('renews a refused token once, and hears the server out', async () => {
    for (const isGood of [true, false]) {
      const asked: boolean[] = [];
      const accessToken = async (options?: { renew: boolean }) => {
        asked.push(options?.renew ?? false);
        return options?.renew ? 'second'.repeat(60) : 'first'.repeat(60);
      };
      const server = await serve({
        on: {
          CAPA: client => client.send('+OK\r\nSASL XOAUTH2\r\n.\r\n'),
          AUTH: say('+ '),
          // The dummy that answers the challenge with the reason.
          '': say('-ERR [AUTH] Invalid credentials'),
          [Buffer.from(`user=ann\x01auth=Bearer ${'first'.repeat(60)}\x01\x01`).toString('base64')]: say(
            '+ eyJzdGF0dXMiOiI0MDAifQ==',
          ),
          [Buffer.from(`user=ann\x01auth=Bearer ${'second'.repeat(60)}\x01\x01`).toString('base64')]: isGood
            ? say('+OK in')
            : say('-ERR [AUTH] no'),
        },
      });
      const opening = openPop3Session(settingsFor(server.port, { accessToken, password: '' }));
      if (isGood) {
        const session = await opening;
        atEnd(async () => session.destroy());
      } else {
        const error = await errorOf(opening);
        assert.equal(error.code, 'authentication');
        assert.match(error.message, /Sign in at your provider again/);
      }
      assert.deepEqual([asked, server.connections], [[false, true], 2]);
    }
  });

  it('does not renew a token because the server is busy', async () => {
    let asked = 0;
    const server = await serve(offering(['SASL XOAUTH2'], { AUTH: say('-ERR [SYS/TEMP] later') }));
    const accessToken = async () => {
      asked += 1;
      return 'token';
    };
    const error = await errorOf(openPop3Session(settingsFor(server.port, { accessToken, password: '' })));
    assert.deepEqual([error.code, asked], ['temporary', 1]);
  });

  it('sends no token that would end its field, and leaks none', async () => {
    for (const [token, code] of [
      ['to\r\nDELE 1', 'authentication'],
      ['to\x01user=bob', 'authentication'],
      ['', 'authentication'],
      ['secret-token', 'authentication'],
    ] as const) {
      const echo: PopAnswer = (client, argument) => client.send(`-ERR [AUTH] ${argument} ${token}\r\n`);
      const server = await serve(offering(['SASL OAUTHBEARER PLAIN'], { AUTH: echo }));
      const settings = settingsFor(server.port, { accessToken: async () => token, password: '' });
      const error = await errorOf(openPop3Session(settings));
      assert.equal(error.code, code);
      const shown = `${inspect(error, { depth: 10, showHidden: true })} ${error.stack}`;
      assert.doesNotMatch(shown, /secret-token|DELE|bob/);
      assert.doesNotMatch(shown, new RegExp(Buffer.from(' secret-token').toString('base64').slice(4, 12)));
      assert.doesNotMatch(server.received.join('\n'), /DELE/);
    }
  });

  it('leaks nothing when SASL PLAIN fails, even if the server repeats it', async () => {
    const server = await serve(
      offering(['SASL PLAIN'], { AUTH: (client, argument) => client.send(`-ERR ${argument}\r\n`) }),
    );
    const error = await errorOf(openPop3Session(settingsFor(server.port)));
    assert.equal(error.code, 'authentication');
    const response = Buffer.from('\0ann\0secret-Pässword 1 ').toString('base64');
    const shown = `${inspect(error, { depth: 10, showHidden: true })} ${error.stack}`;
    assert.equal(shown.includes(response) || shown.includes('secret-P'), false);
  });

  it('gives up on a server that asks for ever', async () => {
    const again = say('+ more');
    const server = await serve(offering(['SASL PLAIN'], { AUTH: again, '*': again, '': again }));
    assert.equal((await errorOf(openPop3Session(settingsFor(server.port)))).code, 'authentication');
    assert.ok(server.received.length < 8, `${server.received.length} lines`);
  });

  it('says how long a server wants to be left alone', async () => {
    const refusing = { PASS: say('-ERR [LOGIN-DELAY] minimum time between mail checks violation') };
    const server = await serve(offering(['USER', 'LOGIN-DELAY 900 USER'], refusing));
    const error = await errorOf(openPop3Session(settingsFor(server.port)));
    assert.deepEqual([error.code, error.retryAfter], ['throttled', 900_000]);
    assert.match(error.message, /900 seconds/);
    const absurd = await serve(offering(['USER', 'LOGIN-DELAY 999999'], refusing));
    assert.equal((await errorOf(openPop3Session(settingsFor(absurd.port)))).retryAfter, 86_400_000);
  });

  it('takes the beginning of an endless list of capabilities', async () => {
    const server = await serve(offering(['USER', ...Array.from({ length: 100_000 }, (_, i) => `X-${i}`)]));
    const source = await openPop3(settingsFor(server.port));
    const { capabilities } = await source.report();
    assert.deepEqual(capabilities.slice(0, 2), ['USER', 'X-0']);
    assert.ok(capabilities.length < 10_000, `${capabilities.length} capabilities`);
    await source.close(false);
  });

  it('asks for the capabilities again after the login, and only once', async () => {
    let asked = 0;
    const server = await serve({
      mails: [{ uidl: 'a', raw: Buffer.from('a\r\n') }],
      on: {
        CAPA: client =>
          client.send(`+OK\r\nUSER\r\n${++asked > 1 ? 'PIPELINING\r\nEXPIRE 60\r\n' : ''}.\r\n`),
      },
    });
    const source = await openPop3(settingsFor(server.port));
    await source.mailboxes();
    assert.equal(asked, 1);
    const { capabilities } = await source.report();
    assert.deepEqual(capabilities, ['USER', 'PIPELINING', 'EXPIRE 60']);
    await source.report();
    assert.equal(asked, 2);
    await source.close(true);
  });

  it('reads capabilities however they are written', () => {
    const text = 'uidl \r\nSasl  PLAIN\tLogin\r\nLOGIN-DELAY x\r\nPIPELINING\r\n\r\nX-ODD a=b\r\n';
    const { lines, ...known } = parseCapabilities(text);
    assert.equal(lines.length, 5);
    const sasl = new Set(['PLAIN', 'LOGIN']);
    assert.deepEqual(known, { sasl, user: false, stls: false, pipelining: true, loginDelay: null });
  });
});
