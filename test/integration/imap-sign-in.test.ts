import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SourceError } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type { SourceSettings } from '../../functions/source/source.ts';
import { letter } from '../support/imap-source.ts';
import {
  type ImapScript,
  type ScriptedCommand,
  SECRET,
  scriptedImapServer,
} from '../support/scripted-imap-server.ts';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
/** Whatever the server offers to sign in with, and nothing else. */
const offering = (capabilities: string, answer?: ImapScript['answer']): ImapScript => ({
  answer: command =>
    command.name === 'CAPABILITY'
      ? `* CAPABILITY IMAP4rev1 ${capabilities}\r\n${command.tag} OK\r\n`
      : answer?.(command),
});

const ways: [offered: string, mechanisms: string[], told: string[], answer?: ImapScript['answer']][] = [
  ['AUTH=PLAIN', ['PLAIN'], [`AUTHENTICATE ${base64(`\0mara\0${SECRET}`)}`]],
  ['AUTH=PLAIN LOGINDISABLED', ['PLAIN'], [`AUTHENTICATE ${base64(`\0mara\0${SECRET}`)}`]],
  [
    'AUTH=LOGIN',
    ['LOGIN'],
    [`AUTHENTICATE ${base64('mara')}`, `AUTHENTICATE ${base64(SECRET)}`],
    ({ name, args }) =>
      name === 'AUTHENTICATE' && args === base64('mara') ? '+ UGFzc3dvcmQ6\r\n' : undefined,
  ],
  // A password that is not ASCII goes as a literal, whose octets follow the server's go-ahead.
  ['', [], ['LOGIN "mara" "simple \\"password\\""']],
];

for (const [offered, mechanisms, told, answer] of ways) {
  test(`where the server offers ${offered || 'nothing but LOGIN'}, that is used`, async t => {
    const server = await scriptedImapServer(t, offering(offered, answer));
    const password = offered === '' ? 'simple "password"' : SECRET;
    const source = await openImap({ ...server.settings, password });
    assert.deepEqual(server.mechanisms, mechanisms);
    assert.deepEqual(
      server.commands.filter(command => /^(AUTHENTICATE|LOGIN) /.test(command)),
      told,
    );
    await source.close(true);
  });
}

const TOKENS = ['ya29.first-token_1', 'ya29.second-token_2'] as const;
const bearer = (token: string) => base64(`user=mara\x01auth=Bearer ${token}\x01\x01`);

/** Settings that sign in by a token; `renewed` counts how often another one was asked for. */
function withToken(settings: SourceSettings): { settings: SourceSettings; renewed: () => number } {
  let renewed = 0;
  const accessToken = async (options?: { renew: boolean }) => {
    if (options?.renew) renewed += 1;
    return TOKENS[Math.min(renewed, 1)] ?? '';
  };
  return { settings: { ...settings, password: '', accessToken }, renewed: () => renewed };
}

/** Checks that neither token is anywhere in or below the error, in any form. */
function expectNoToken(code: string, sentence: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceError, inspect(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, sentence);
    const everything = inspect(error, { depth: 9 });
    for (const token of TOKENS) {
      for (const form of [token, base64(token), bearer(token)])
        assert.ok(!everything.includes(form), everything);
    }
    return true;
  };
}

for (const [offered, mechanism] of [
  ['AUTH=PLAIN AUTH=XOAUTH2', 'XOAUTH2'],
  ['AUTH=XOAUTH2 AUTH=OAUTHBEARER LOGINDISABLED', 'OAUTHBEARER'],
] as const) {
  test(`a token is used with ${mechanism}, and no password is sent`, async t => {
    const server = await scriptedImapServer(t, offering(offered));
    const { settings, renewed } = withToken(server.settings);
    const source = await openImap(settings);
    assert.deepEqual([server.mechanisms, renewed()], [[mechanism], 0]);
    const told = server.commands.find(command => command.startsWith('AUTHENTICATE ')) ?? '';
    const response = Buffer.from(told.split(' ')[1] ?? '', 'base64').toString();
    assert.ok(response.endsWith(`auth=Bearer ${TOKENS[0]}\x01\x01`), response);
    await source.close(true);
  });
}

/** Refuses these tokens as Gmail does: an error in a challenge, then NO; repeats what it got, as no server should. */
function refusing(tokens: readonly string[]): ImapScript {
  let refused = '';
  return offering('AUTH=XOAUTH2', ({ name, tag, args }: ScriptedCommand) => {
    if (name !== 'AUTHENTICATE') return undefined;
    if (tokens.some(token => args === bearer(token))) {
      refused = args;
      return `+ ${base64('{"status":"400","schemes":"Bearer"}')}\r\n`;
    }
    return args === '' ? `${tag} NO [AUTHENTICATIONFAILED] Not ${refused}\r\n` : undefined;
  });
}

test('a token that the server refuses is renewed once', async t => {
  const server = await scriptedImapServer(t, refusing([TOKENS[0]]));
  const { settings, renewed } = withToken(server.settings);
  const source = await openImap(settings);
  assert.deepEqual([renewed(), server.mechanisms], [1, ['XOAUTH2', 'XOAUTH2']]);
  assert.equal(server.sockets.size, 1);
  await source.close(true);
});

test('a renewed token that is refused too asks the person to sign in, and neither token is shown', async t => {
  const server = await scriptedImapServer(t, refusing(TOKENS));
  const { settings, renewed } = withToken(server.settings);
  await assert.rejects(openImap(settings), expectNoToken('authentication', /Sign in to the provider again/));
  assert.deepEqual([renewed(), server.mechanisms.length], [1, 2]);
});

test('an alert that repeats the token does not show it', async t => {
  const server = await scriptedImapServer(
    t,
    offering('AUTH=XOAUTH2', ({ name, tag, args }) =>
      name === 'AUTHENTICATE'
        ? `${tag} NO [ALERT] Not ${args} nor ${Buffer.from(args, 'base64')}\r\n`
        : undefined,
    ),
  );
  const { settings } = withToken(server.settings);
  await assert.rejects(openImap(settings), expectNoToken('authentication', /It says: “Not •••/));
});

test('a server that takes no token says so, and no other one is asked for', async t => {
  const server = await scriptedImapServer(t, offering('AUTH=PLAIN'));
  const { settings, renewed } = withToken(server.settings);
  await assert.rejects(
    openImap(settings),
    expectNoToken('authentication', /does not take a sign-in by the provider/),
  );
  assert.deepEqual([renewed(), server.mechanisms], [0, []]);
});

test('a temporary failure is no word about the token', async t => {
  const server = await scriptedImapServer(
    t,
    offering('AUTH=XOAUTH2', ({ name, tag }) =>
      name === 'AUTHENTICATE' ? `${tag} NO [UNAVAILABLE] Later\r\n` : undefined,
    ),
  );
  const { settings, renewed } = withToken(server.settings);
  await assert.rejects(openImap(settings), expectNoToken('temporary', /later/));
  assert.equal(renewed(), 0);
});

test('a token that would break out of its field is refused before anything is sent', async t => {
  const server = await scriptedImapServer(t, offering('AUTH=XOAUTH2'));
  const accessToken = async () => 'a\x01auth=Bearer b';
  await assert.rejects(openImap({ ...server.settings, accessToken }), expectNoToken('authentication', /./));
  await assert.rejects(
    openImap({ ...server.settings, accessToken: async () => '' }),
    expectNoToken('authentication', /Sign in to the provider again/),
  );
  assert.deepEqual(server.commands, []);
});

for (const [what, answer] of [
  ['BYE', () => '* BYE Session expired, please login again.\r\n'],
  ['NO', (tag: string) => `${tag} NO [EXPIRED] Renew your token\r\n`],
  ['BAD', (tag: string) => `${tag} BAD Session invalidated - AccessTokenExpired\r\n`],
] as const) {
  test(`${what} to a session whose token has run out is temporary: the next session goes on`, async t => {
    const raw = letter('one');
    let isExpired = true;
    const server = await scriptedImapServer(t, {
      messages: [{ uid: 1, raw }],
      ...offering('AUTH=XOAUTH2', ({ name, tag }) =>
        name === 'UID FETCH' && isExpired ? answer(tag) : undefined,
      ),
    });
    const { settings } = withToken(server.settings);
    const source = await openImap(settings);
    const read = async (from: typeof source) => {
      for await (const message of from.fetch('INBOX', [{ uid: '1', size: raw.length, keywords: [] }]))
        return message;
      return null;
    };
    await assert.rejects(read(source), expectNoToken('temporary', /signs in again|later/));
    await source.close(true);
    isExpired = false;
    const next = await openImap(settings);
    assert.deepEqual(await read(next), { uid: '1', raw });
    await next.close(true);
  });
}

test('a session that only looks says no more than it has to', async t => {
  const capabilities = 'SASL-IR ID NAMESPACE ENABLE CONDSTORE QRESYNC COMPRESS=DEFLATE';
  const server = await scriptedImapServer(t, {
    capabilities,
    answer: ({ tag, name }) =>
      name === 'NAMESPACE' ? `* NAMESPACE (("" "/")) NIL NIL\r\n${tag} OK\r\n` : undefined,
  });
  const said = async (opens: boolean) => {
    server.commands.length = 0;
    const source = await openImap({ ...server.settings, compress: true });
    await source.mailboxes();
    if (opens) await source.snapshot('INBOX', null);
    await source.close(true);
    for (let tries = 0; tries < 100 && server.commands.at(-1) !== 'LOGOUT'; tries++) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    return server.commands.map(command => command.replace(/ .*/, ''));
  };
  const looks = ['CAPABILITY', 'AUTHENTICATE', 'CAPABILITY', 'LIST', 'LSUB', 'STATUS'];
  const first = await said(false);
  assert.deepEqual(
    first.filter(name => name !== 'NAMESPACE'),
    [...looks, 'LOGOUT'],
  );
  assert.equal(first.includes('NAMESPACE'), true, 'asked once a process');
  assert.deepEqual(await said(false), [...looks, 'LOGOUT']);
  assert.deepEqual(await said(true), [...looks, 'ID', 'COMPRESS', 'ENABLE', 'EXAMINE', 'LOGOUT']);
});

test('a server that lets nobody in who did not say who it is, is told at once', async t => {
  const server = await scriptedImapServer(t, {
    capabilities: 'ID',
    greeting: '* OK Coremail System IMap Server Ready(163com)\r\n',
  });
  const source = await openImap(server.settings);
  assert.deepEqual(
    server.commands.filter(command => command.startsWith('ID ')),
    ['ID ("name" "Mailferry")'],
  );
  await source.close(true);
});
