import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { toImapError } from '../../functions/source/imap-errors.ts';
import { serverWords } from '../../functions/source/imap-words.ts';
import { SECRET, scriptedSettings } from '../support/scripted-imap-server.ts';

const settings = scriptedSettings(993);
const doing = { action: 'sign in' };
const fault = (properties: object) => Object.assign(new Error('Command failed'), properties);

const refused = (serverResponseCode: string, responseText: string) =>
  fault({ responseStatus: 'NO', authenticationFailed: true, serverResponseCode, responseText });

const faults: [what: string, error: Error, code: string][] = [
  ['a wrong password', refused('AUTHENTICATIONFAILED', 'Invalid credentials'), 'authentication'],
  ['no response code', refused('', 'LOGIN failed.'), 'authentication'],
  ['an expired password', refused('EXPIRED', 'Password expired'), 'authentication'],
  ['UNAVAILABLE', refused('UNAVAILABLE', 'Backend down'), 'temporary'],
  ['LIMIT', refused('LIMIT', 'Logins'), 'throttled'],
  ['INUSE', refused('INUSE', 'Locked'), 'temporary'],
  ['PRIVACYREQUIRED', refused('PRIVACYREQUIRED', 'No plain text'), 'tls'],
  ["Gmail's crowd", refused('ALERT', 'Too many simultaneous connections. (Failure)'), 'throttled'],
  ["Gmail's limit", refused('OVERQUOTA', 'Account exceeded command or bandwidth limits.'), 'quota'],
  ['a full mailbox', fault({ responseStatus: 'NO', serverResponseCode: 'OVERQUOTA' }), 'temporary'],
  ["Outlook's half login", refused('', 'User is authenticated but not connected.'), 'temporary'],
  ['BYE', fault({ code: 'NoConnection', reason: 'Server shutting down' }), 'temporary'],
  ['a lost connection', fault({ code: 'NoConnection' }), 'disconnected'],
  ['BAD', fault({ responseStatus: 'BAD', responseText: 'Unknown command' }), 'protocol'],
  ['NO', fault({ responseStatus: 'NO', responseText: 'No such mailbox' }), 'refused'],
  ['throttling', fault({ responseStatus: 'BAD', code: 'ETHROTTLE' }), 'throttled'],
  ['a literal without bounds', fault({ code: 'LiteralTooLarge' }), 'protocol'],
  ['a socket time-out', fault({ code: 'ETIMEOUT' }), 'timeout'],
  ['a refused connection', fault({ code: 'ECONNREFUSED' }), 'unreachable'],
  ['an expired certificate', fault({ code: 'CERT_HAS_EXPIRED', tlsFailed: true }), 'tls'],
  ['something unknown', new Error('?'), 'protocol'],
];

for (const [what, error, code] of faults) {
  test(`${what} is ${code}, said in a sentence`, () => {
    const translated = toImapError(error, settings, doing);
    assert.equal(translated.code, code);
    assert.match(translated.message, /^\S.*[.”]$/s);
    assert.ok(translated.message.length > 20, translated.message);
  });
}

test('a server that repeats the password in any form does not get it shown or logged', () => {
  const sasl = Buffer.from(`\0mara\0${SECRET}`).toString('base64');
  for (const form of [
    SECRET,
    SECRET.replace(/["\\]/g, '\\$&'),
    Buffer.from(SECRET).toString('base64'),
    sasl,
  ]) {
    for (const properties of [
      { responseStatus: 'NO', authenticationFailed: true, serverResponseCode: 'ALERT' },
      { responseStatus: 'NO', serverResponseCode: 'UNAVAILABLE' },
      { responseStatus: 'BAD' },
    ]) {
      const error = fault({ ...properties, responseText: `wrong: ${form}`, executedCommand: form });
      const everything = inspect(toImapError(error, settings, doing), { depth: 9 });
      assert.ok(!everything.includes(form), everything);
    }
  }
});

test("a server's words are one printable line of bounded length", () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), text => {
      const words = serverWords(text, settings);
      assert.ok(words.length <= 220, words);
      assert.doesNotMatch(words, /[\r\n\p{Cc}]/u);
    }),
  );
});
