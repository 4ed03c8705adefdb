import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { awsServices } from '../../functions/aws-services.ts';
import { MailferryError } from '../../functions/errors.ts';
import { readOAuthClients } from '../../functions/oauth-clients.ts';
import { refreshAccessToken } from '../../functions/source/oauth.ts';
import { beginRenewal, getSourceAccount, putAccount } from '../../functions/store/accounts.ts';
import { getHealth } from '../../functions/store/health.ts';
import { open, seal } from '../../functions/store/vault.ts';
import { sourceSettings } from '../../functions/sync/settings.ts';
import { testSource } from '../../functions/sync/test-source.ts';
import { localServices } from '../../infra/local/services.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { scriptedImapServer } from '../support/scripted-imap-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const CLIENT_SECRET = 'the-client-secret';
const FIRST = 'refresh-token-one';

type Script = (form: URLSearchParams, response: ServerResponse, request: IncomingMessage) => void;

/** A provider's token endpoint on loopback; `forms` is what it was asked. */
async function tokenServer(t: TestContext, script: Script) {
  const forms: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    forms.push(form);
    script(form, response, request);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { forms, url: `http://127.0.0.1:${port}/token` };
}

const json = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Gives `access-1`, `access-2`, …, and with `rotates` a new refresh token each time, the old one being void. */
function provider({ rotates = false, expiresIn = 3_600 } = {}): Script {
  let valid = FIRST;
  let given = 0;
  return (form, response) => {
    if (form.get('refresh_token') !== valid) return json(response, 400, { error: 'invalid_grant' });
    given += 1;
    if (rotates) valid = `refresh-token-${given + 1}`;
    return json(response, 200, {
      access_token: `access-${given}`,
      token_type: 'Bearer',
      expires_in: expiresIn,
      ...(rotates && { refresh_token: valid }),
    });
  };
}

async function prepared(t: TestContext, url: string, changes: Partial<TestServices> = {}) {
  const client = { clientId: 'us', clientSecret: CLIENT_SECRET, tokenEndpoint: url, scope: 'mail' };
  const services = await testServices(t, { oauthClients: { google: client }, ...changes });
  const account = {
    ...(await testAccount(services, 'a1', {
      protocol: 'imap',
      port: 1,
      username: 'mara',
      password: 'unused',
    })),
    ...{ authentication: 'oauth' as const, oauthProvider: 'google', sealedPassword: '' },
    sealedRefreshToken: await seal(services, 'a1', FIRST),
  };
  await putAccount(services.table, account);
  /** What a run does that reads the account now. */
  const accessToken = async (options?: { renew: boolean }) => {
    const stored = await getSourceAccount(services.table, 'a1');
    assert.ok(stored, 'the account is there');
    const settings = await sourceSettings(services, 'a1', stored);
    assert.equal(settings.password, '');
    assert.ok(settings.accessToken, 'it signs in by OAuth');
    return settings.accessToken(options);
  };
  return { services, account, accessToken };
}

test('a token is asked for as RFC 6749 says, once for many runs, and again shortly before it ends', async t => {
  let now = Date.now();
  const { forms, url } = await tokenServer(t, provider());
  const { accessToken } = await prepared(t, url, { now: () => now });
  assert.deepEqual(await Promise.all([accessToken(), accessToken()]), ['access-1', 'access-1']);
  assert.equal(await accessToken(), 'access-1');
  assert.equal(forms.length, 1);
  assert.deepEqual(Object.fromEntries(forms[0] ?? []), {
    grant_type: 'refresh_token',
    refresh_token: FIRST,
    client_id: 'us',
    client_secret: CLIENT_SECRET,
    scope: 'mail',
  });
  now += 3_500_000;
  assert.equal(await accessToken(), 'access-2');
});

test('a token that the mail server refuses is replaced by another one', async t => {
  const { forms, url } = await tokenServer(t, provider());
  const { services, account } = await prepared(t, url);
  const first = (await sourceSettings(services, 'a1', account)).accessToken;
  const second = (await sourceSettings(services, 'a1', account)).accessToken;
  assert.ok(first && second, 'both sign in by OAuth');
  assert.deepEqual([await first(), await second()], ['access-1', 'access-1']);
  assert.equal(await first({ renew: true }), 'access-2');
  assert.equal(await second({ renew: true }), 'access-2', 'which is another one than it was refused');
  assert.equal(forms.length, 2);
});

test('a rotated refresh token is sealed and stored, and another process that has the old one finds it', async t => {
  const { url } = await tokenServer(t, provider({ rotates: true }));
  const { services, account, accessToken } = await prepared(t, url);
  assert.equal(await accessToken(), 'access-1');
  const stored = await getSourceAccount(services.table, 'a1');
  assert.equal(await open(services, 'a1', stored?.sealedRefreshToken ?? ''), 'refresh-token-2');
  assert.equal(await accessToken(), 'access-1', 'the token of the new refresh token');
  const { vaultKeeper } = services;
  const elsewhere = { ...services, vaultKeeper: { ...vaultKeeper } };
  const outdated = (await sourceSettings(elsewhere, 'a1', account)).accessToken;
  assert.equal(await outdated?.(), 'access-2');
  assert.equal(await accessToken(), 'access-3', 'what the other has stored');
});

test('runs that find a token at its end at the same time have it renewed once', async t => {
  let now = Date.now();
  const { forms, url } = await tokenServer(t, provider({ rotates: true }));
  const { services, account } = await prepared(t, url, { now: () => now });
  const stale = async () => (await sourceSettings(services, 'a1', account)).accessToken;
  const [first, second] = [await stale(), await stale()];
  assert.ok(first && second, 'both sign in by OAuth');
  assert.deepEqual([await first(), await second()], ['access-1', 'access-1']);
  now += 3_600_000;
  assert.deepEqual(await Promise.all([first(), second()]), ['access-2', 'access-2']);
  assert.equal(await second({ renew: true }), 'access-3');
  const sent = forms.map(form => form.get('refresh_token'));
  assert.deepEqual(sent, [FIRST, 'refresh-token-2', 'refresh-token-3'], 'no refresh token is used twice');
});

test('two processes that renew at the same time do not send the same refresh token, and the last one is kept', async t => {
  const give = provider({ rotates: true });
  const { forms, url } = await tokenServer(t, (...request) => void setTimeout(() => give(...request), 200));
  const { services, account } = await prepared(t, url);
  const elsewhere = { ...services, vaultKeeper: { ...services.vaultKeeper } };
  const settings = [services, elsewhere].map(each => sourceSettings(each, 'a1', account));
  const given = await Promise.all(settings.map(async each => (await each).accessToken?.()));
  assert.deepEqual(given.sort(), ['access-1', 'access-2']);
  const sent = forms.map(form => form.get('refresh_token'));
  assert.deepEqual(sent, [FIRST, 'refresh-token-2']);
  const stored = await getSourceAccount(services.table, 'a1');
  assert.equal(await open(services, 'a1', stored?.sealedRefreshToken ?? ''), 'refresh-token-3');
});

test('a process that was killed while it renewed a token holds nobody off for long', async t => {
  const { url } = await tokenServer(t, provider({ rotates: true }));
  let now = Date.now();
  const { services, account, accessToken } = await prepared(t, url, { now: () => now });
  assert.equal(await beginRenewal(services.table, 'a1', account.sealedRefreshToken, now, 12_000), true);
  assert.equal(await beginRenewal(services.table, 'a1', account.sealedRefreshToken, now, 12_000), false);
  setTimeout(() => {
    now += 13_000;
  }, 500);
  assert.equal(await accessToken(), 'access-1');
});

test('a rotated refresh token that could not be stored is stored by the next run', async t => {
  const { forms, url } = await tokenServer(t, provider({ rotates: true }));
  const { services, accessToken } = await prepared(t, url);
  const { client } = services.table;
  const { send } = client;
  client.send = ((command: object) =>
    command instanceof UpdateCommand && command.input.UpdateExpression?.includes('SET sealedRefreshToken')
      ? Promise.reject(new Error('the table is away'))
      : Reflect.apply(send, client, [command])) as typeof send;
  await assert.rejects(accessToken(), /the table is away/);
  client.send = send;
  assert.equal(await accessToken(), 'access-1');
  const stored = await getSourceAccount(services.table, 'a1');
  assert.equal(await open(services, 'a1', stored?.sealedRefreshToken ?? ''), 'refresh-token-2');
  assert.equal(forms.length, 1);
});

test('a person who signs in again meanwhile is not overruled by a rotated token', async t => {
  let services: TestServices | null = null;
  const { url } = await tokenServer(t, async (_form, response) => {
    const account = services && (await getSourceAccount(services.table, 'a1'));
    if (services && account) {
      await putAccount(services.table, {
        ...account,
        sealedRefreshToken: await seal(services, 'a1', 'by hand'),
      });
    }
    json(response, 200, { access_token: 'access', expires_in: 60, refresh_token: 'rotated' });
  });
  const made = await prepared(t, url);
  services = made.services;
  assert.equal(await made.accessToken(), 'access');
  const stored = await getSourceAccount(services.table, 'a1');
  assert.equal(await open(services, 'a1', stored?.sealedRefreshToken ?? ''), 'by hand');
});

const faults: [what: string, script: Script, code: string, sentence: RegExp][] = [
  [
    'a sign-in that was withdrawn',
    (_, response) => json(response, 400, { error: 'invalid_grant', error_description: FIRST }),
    'authentication',
    /Sign in again at Google\.$/,
  ],
  [
    'a registration that is not accepted',
    (_, response) => json(response, 401, { error: 'invalid_client' }),
    'configuration',
    /invalid_client/,
  ],
  ['a provider that is down', (_, response) => json(response, 503, {}), 'temporary', /tries again later/],
  ['a provider that hangs up', (_, response) => response.destroy(), 'temporary', /tries again later/],
  ['one that never answers', () => {}, 'temporary', /tries again later/],
  [
    'one that asks for patience',
    (_, response) => json(response, 429, {}, { 'retry-after': '120' }),
    'throttled',
    /limits/,
  ],
  ['HTML in place of a token', (_, response) => response.end('<html>'), 'protocol', /no token/],
  [
    'a token with a line break',
    (_, response) => json(response, 200, { access_token: 'a\r\nb' }),
    'protocol',
    /no token/,
  ],
  ['an answer without end', (_, response) => response.end('x'.repeat(1_000_000)), 'protocol', /more than/],
  [
    'a redirect',
    (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    'configuration',
    /status 307/,
  ],
];

for (const [what, script, code, sentence] of faults) {
  test(`${what}: ${code}, without a secret`, async t => {
    const { url } = await tokenServer(t, script);
    const client = { clientId: 'us', clientSecret: CLIENT_SECRET, tokenEndpoint: url };
    const asked = refreshAccessToken({
      ...{ provider: 'google', client, refreshToken: FIRST, allowPrivateHosts: 'all' },
      timeout: what === 'one that never answers' ? 300 : 20_000,
    });
    await assert.rejects(asked, error => {
      assert.ok(error instanceof MailferryError, inspect(error));
      assert.equal(error.code, code);
      assert.match(error.message, sentence);
      if (code === 'throttled') assert.equal((error as { retryAfter?: number }).retryAfter, 120_000);
      const everything = inspect(error, { depth: 9 });
      for (const secret of [FIRST, CLIENT_SECRET]) assert.ok(!everything.includes(secret), everything);
      return true;
    });
  });
}

test('a token endpoint is reached by https and in the open Internet only', async () => {
  const ask = (tokenEndpoint: string, allowPrivateHosts: 'all' | string[] = []) =>
    refreshAccessToken({
      ...{ provider: 'google', refreshToken: FIRST, allowPrivateHosts, timeout: 2_000 },
      client: { clientId: 'us', tokenEndpoint },
    });
  await assert.rejects(ask('https://127.0.0.1:1/token'), { code: 'forbidden-host' });
  await assert.rejects(ask('https://169.254.169.254/token'), { code: 'forbidden-host' });
  await assert.rejects(ask('http://192.0.2.1/token', 'all'), { code: 'configuration' });
});

test('a run and a test sign in by the token; a withdrawn one stops the account with what to do', async t => {
  let withdrawn = false;
  const { forms, url } = await tokenServer(t, (form, response, request) =>
    withdrawn ? json(response, 400, { error: 'invalid_grant' }) : give(form, response, request),
  );
  const give = provider({ expiresIn: 1 });
  let now = Date.now();
  const { services, account } = await prepared(t, url, { now: () => now });
  const tokens: string[] = [];
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: Buffer.from('Subject: one\r\n\r\nBody\r\n') }],
    answer: ({ tag, name, args }) => {
      if (name === 'CAPABILITY') return `* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n${tag} OK\r\n`;
      if (name === 'AUTHENTICATE') tokens.push(Buffer.from(args, 'base64').toString());
      return undefined;
    },
  });
  await putAccount(services.table, { ...account, port: server.port });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await contentsOf(services, 'a1')).emails.length, 1);
  assert.match(tokens[0] ?? '', /auth=Bearer access-1/);
  const { protocol, host, security, username, sealedPassword } = account;
  const request = { protocol, host, security, username, sealedPassword, port: server.port, accountId: 'new' };
  const sealedRefreshToken = await seal(services, 'new', FIRST);
  const answer = await testSource(services, { ...request, oauthProvider: 'google', sealedRefreshToken });
  assert.equal(answer.ok, true, answer.message);
  assert.doesNotMatch(answer.message, /Sign in again/);
  const unknown = await testSource(services, { ...request, oauthProvider: 'nobody', sealedRefreshToken });
  assert.deepEqual([unknown.code, unknown.ok], ['configuration', false]);

  withdrawn = true;
  now += 60_000;
  assert.equal(await pull(services, 'a1'), 'failed');
  const health = await getHealth(services.table, 'a1');
  assert.deepEqual([health.phase, health.code], ['stopped', 'authentication']);
  assert.match(health.message, /Sign in again at Google/);
  assert.ok(forms.length >= 3, 'it was asked');
});

test('the clients of a stack are read from JSON, and what is wrong is named without its value', () => {
  assert.deepEqual(readOAuthClients(undefined), {});
  const google = { clientId: 'us', tokenEndpoint: 'https://oauth2.example.com/token' };
  assert.deepEqual(readOAuthClients(JSON.stringify({ google })), { google });
  const { google: known } = readOAuthClients('{"google":{"clientId":"us"}}');
  assert.equal(known?.tokenEndpoint, 'https://oauth2.googleapis.com/token', 'known by ourselves');
  assert.deepEqual(known?.hosts, ['imap.gmail.com', 'pop.gmail.com']);
  const authorizationEndpoint = 'https://oauth2.example.com/authorize';
  const unusable = [
    { other: { clientId: 'us' } },
    { google: { clientId: 'us', authorizationEndpoint } },
    { google: { ...google, authorizationEndpoint } },
    { google: { ...google, clientSecretParameter: '/secret' } },
  ].map(clients => JSON.stringify(clients));
  for (const wrong of [
    ...unusable,
    '{',
    JSON.stringify({ google: { ...google, clientSecret: 7 } }),
    '{"Google!":{}}',
  ]) {
    assert.throws(() => readOAuthClients(wrong), { code: 'configuration' });
  }
});

test('both the stack and one machine take them from their environment', async t => {
  const google = { clientId: 'us', tokenEndpoint: 'https://oauth2.example.com/token' };
  const withSecret = { ...google, clientSecret: CLIENT_SECRET };
  const text = JSON.stringify({ google: withSecret });
  assert.deepEqual(awsServices({ TABLE_NAME: 'table', OAUTH_CLIENTS: text }).oauthClients, {
    google: withSecret,
  });
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-oauth-'));
  const before = process.env.MAILFERRY_OAUTH_CLIENTS;
  t.after(async () => {
    if (before === undefined) delete process.env.MAILFERRY_OAUTH_CLIENTS;
    else process.env.MAILFERRY_OAUTH_CLIENTS = before;
    await rm(folder, { recursive: true });
  });
  const file = join(folder, 'clients.json');
  await writeFile(file, text);
  const on = (kind: 'sync' | 'api') => {
    const setup = { kind, data: folder, tableEndpoint: 'http://127.0.0.1:1', module: '' };
    return localServices(setup, async () => assert.fail('nothing is asked for')).oauthClients;
  };
  for (const setting of [text, file]) {
    process.env.MAILFERRY_OAUTH_CLIENTS = setting;
    assert.deepEqual(on('sync'), { google: withSecret });
    assert.deepEqual(on('api'), { google }, 'only what reaches providers holds the secrets');
  }
});

test('a test that uses up a refresh token which is not saved says that another sign-in is needed', async t => {
  const { url } = await tokenServer(t, provider({ rotates: true }));
  const { services, account } = await prepared(t, url);
  const server = await scriptedImapServer(t, {
    answer: ({ tag, name }) =>
      name === 'CAPABILITY' ? `* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n${tag} OK\r\n` : undefined,
  });
  const { protocol, host, security, username, sealedPassword } = account;
  const request = { protocol, host, security, username, sealedPassword, port: server.port };
  const oauth = { oauthProvider: 'google', sealedRefreshToken: await seal(services, 'new', FIRST) };
  const answer = await testSource(services, { ...request, ...oauth, accountId: 'new' });
  assert.equal(answer.ok, true, answer.message);
  assert.match(answer.message, /Sign in again at Google before you save/);
});
