import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mayHaveTokens } from '../../functions/jmap/authorize.ts';
import type { MailAccountRedemption } from '../../functions/jmap/types.ts';
import type { RedeemAnswer } from '../../functions/services.ts';
import { getSourceAccount, listAccounts } from '../../functions/store/accounts.ts';
import { getHealth } from '../../functions/store/health.ts';
import { keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { open } from '../../functions/store/vault.ts';
import { createHandler as createSync } from '../../functions/sync.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { freePort } from '../../infra/local/mail-server-process.ts';
import { contentsOf, pull } from '../support/accounts.ts';
import { jmapClient } from '../support/jmap.ts';
import { testMailServer } from '../support/mail-server.ts';
import { oauthProvider, type TestProvider } from '../support/oauth-provider.ts';
import { testServices } from '../support/table.ts';

const MARA = 'mara@example.org';

/** A provider, the mail server that believes it, and Mailferry registered there. */
async function prepared(t: TestContext, protocol: 'imap' | 'pop' = 'imap') {
  const provider = await oauthProvider(t, MARA);
  const { tokenInfo } = provider;
  const mail = await testMailServer(t, { users: [{ name: MARA, password: 'unused' }], tokenInfo });
  return { mail, ...(await registered(t, provider, protocol, mail.ports[protocol])) };
}

/** Mailferry registered with a provider, for mail that is at this port. */
async function registered(t: TestContext, provider: TestProvider, protocol = 'imap', port = 143) {
  let now = Date.now();
  const sealed: string[] = [];
  const services = await testServices(t, {
    oauthClients: { google: provider.client },
    now: () => now,
  });
  // As on AWS: what crosses to sync and back is JSON, and the API has no secret.
  const sync = createSync(services);
  services.tester.redeem = async request => {
    sealed.push(JSON.stringify(request));
    return JSON.parse(
      JSON.stringify(await sync({ redeem: JSON.parse(JSON.stringify(request)) })),
    ) as RedeemAnswer;
  };
  const { clientSecret: _, ...known } = provider.client;
  const client = jmapClient({ ...services, oauthClients: { google: known } });
  const create = {
    ...{ protocol, address: MARA, host: '127.0.0.1', port, security: 'none', name: 'Mara' },
  };
  const begin = async (args: object = { oauthProvider: 'google', create }) =>
    (await client.call('MailAccount/authorize', { ...args })) as unknown as {
      url: string;
      accountId: string;
    };
  /** The person signs in there: what they come back with. */
  const visit = async (url: string) => {
    const { headers } = await fetch(url, { redirect: 'manual' });
    const back = new URL(headers.get('location') ?? '');
    assert.equal(back.origin + back.pathname, 'https://mail.example.org/accounts/authorized');
    return Object.fromEntries(back.searchParams);
  };
  const redeem = async (args: object, by = client) =>
    (await by.call('MailAccount/redeem', { ...args })) as unknown as MailAccountRedemption;
  const accounts = () => listAccounts(services.table, 'mara');
  const wait = (ms: number) => {
    now += ms;
  };
  return { provider, services, client, create, begin, visit, redeem, accounts, wait, sealed };
}

for (const protocol of ['imap', 'pop'] as const) {
  test(`a person signs in at the provider, and their mail is pulled (${protocol}, by Dovecot)`, async t => {
    const made = await prepared(t, protocol);
    const { provider, mail, services, begin, visit, redeem, accounts } = made;
    deliver(mail, MARA, 'INBOX', Buffer.from('Subject: one\r\n\r\nBody\r\n'));
    const { url, accountId } = await begin();
    assert.equal(new URL(url).origin, new URL(provider.client.authorizationEndpoint ?? '').origin);
    const asked = Object.fromEntries(new URL(url).searchParams);
    const { state, code_challenge, ...others } = asked;
    assert.deepEqual(others, {
      ...{ response_type: 'code', client_id: 'mailferry', scope: 'mail', code_challenge_method: 'S256' },
      ...{ access_type: 'offline', prompt: 'consent', login_hint: MARA },
      redirect_uri: 'https://mail.example.org/accounts/authorized',
    });
    assert.match(`${state} ${code_challenge}`, /^[\w-]{43} [\w-]{43}$/);
    assert.equal((await accounts()).length, 0, 'nothing is made before they are back');
    const [row] = await queryAll(services.table, keys.userPartition('mara'), { prefix: 'OAUTH#' });
    assert.ok(!JSON.stringify(row).includes(state ?? ''), 'of the state only the hash is kept');

    const back = await visit(url);
    const answer = await redeem(back);
    assert.deepEqual([answer.ok, answer.code, answer.accountId], [true, null, accountId], answer.message);
    assert.deepEqual(await queryAll(services.table, keys.userPartition('mara'), { prefix: 'OAUTH#' }), []);
    const account = await getSourceAccount(services.table, accountId);
    assert.deepEqual([account?.authentication, account?.username, account?.name], ['oauth', MARA, 'Mara']);
    assert.match(await open(services, accountId, account?.sealedRefreshToken ?? ''), /^refresh-/);
    const verifier = provider.exchanged[0]?.get('code_verifier') ?? '';
    const everything = JSON.stringify([answer, account, row, made.sealed]);
    assert.ok(!everything.includes(verifier) && !everything.includes('refresh-'), 'no secret but sealed');
    assert.equal(await pull(services, accountId), 'done');
    assert.equal((await contentsOf(services, accountId)).emails.length, 1);
  });
}

test('nothing is made or changed by an answer that is not whole, new and this person’s', async t => {
  const { provider, services, client, begin, visit, redeem, accounts, wait } = await prepared(t);
  const codes: (string | null)[] = [];
  const expect = async (args: object, code: string, by = client) => {
    const before = provider.exchanged.length;
    const answer = await redeem(args, by);
    assert.deepEqual([answer.ok, answer.code], [false, code], answer.message);
    assert.match(answer.message, /\.$/);
    assert.equal((await accounts()).length, 0);
    codes.push(answer.code);
    return provider.exchanged.length - before;
  };
  const other = await visit((await begin()).url);
  assert.equal(await expect({ ...other, state: 'made-up' }, 'expired'), 0, 'a state of nobody');
  assert.equal(await expect(other, 'expired', jmapClient(services, 'eve')), 0, 'a state of somebody else');
  assert.equal(await expect({ state: other.state, error: 'access_denied' }, 'denied'), 0);
  assert.equal(await expect(other, 'expired'), 0, 'one that was answered already');

  const late = await visit((await begin()).url);
  wait(10 * 60_000);
  assert.equal(await expect(late, 'expired'), 0, 'after ten minutes');

  provider.manner.denies = true;
  assert.equal(await expect(await visit((await begin()).url), 'denied'), 0);
  provider.manner.denies = false;
  assert.equal(await expect({ state: (await visit((await begin()).url)).state }, 'notGranted'), 0);

  const [one, two] = [await visit((await begin()).url), await visit((await begin()).url)];
  assert.equal(await expect({ ...one, code: two.code }, 'expired'), 1, 'the code of another sign-in');
  assert.equal(await expect(two, 'expired'), 1, 'which is void then');

  provider.manner.lasting = false;
  assert.equal(await expect(await visit((await begin()).url), 'noRefreshToken'), 1);
  provider.manner.lasting = true;
  provider.manner.email = 'eve@example.org';
  assert.equal(await expect(await visit((await begin()).url), 'authentication'), 1, 'another mailbox');
});

test('an answer that names another provider is not believed', async t => {
  const provider = await oauthProvider(t, MARA);
  const { services, begin, visit, redeem } = await registered(t, provider);
  const google = { ...provider.client, issuer: 'https://accounts.example.org' };
  const client = jmapClient({ ...services, oauthClients: { google } });
  const back = await visit((await begin()).url);
  const answer = await redeem({ ...back, iss: 'https://evil.example.net' }, client);
  assert.deepEqual([answer.code, provider.exchanged.length], ['notGranted', 0]);
});

test('a mail server that is away keeps nobody from signing in: the first pull tries again', async t => {
  const provider = await oauthProvider(t, MARA);
  const { begin, visit, redeem, accounts } = await registered(t, provider, 'imap', await freePort());
  const answer = await redeem(await visit((await begin()).url));
  assert.deepEqual([answer.ok, (await accounts()).length], [true, 1], answer.message);
});

test('an account whose grant was withdrawn signs in again, and keeps its mail', async t => {
  const { provider, mail, services, begin, visit, redeem, accounts, wait, client } = await prepared(t);
  deliver(mail, MARA, 'INBOX', Buffer.from('Subject: one\r\n\r\nBody\r\n'));
  const { accountId: id } = await redeem(await visit((await begin()).url));
  assert.ok(id, 'it was made');
  assert.equal(await pull(services, id), 'done');
  provider.revoke();
  wait(2 * 3_600_000);
  assert.equal(await pull(services, id), 'failed');
  assert.equal((await getHealth(services.table, id)).code, 'authentication');

  provider.manner.denies = true;
  const denied = await redeem(await visit((await begin({ id })).url));
  assert.deepEqual([denied.code, denied.accountId], ['denied', id]);
  assert.equal((await getHealth(services.table, id)).phase, 'stopped', 'nothing has changed');
  provider.manner.denies = false;
  await client.call('MailAccount/set', { update: { [id]: { name: 'Renamed' } } });
  services.asked.length = 0;
  const again = await redeem(await visit((await begin({ id })).url));
  assert.deepEqual([again.ok, again.accountId], [true, id], again.message);
  assert.deepEqual(
    services.asked.map(({ accounts }) => accounts),
    [[id]],
    'it is pulled at once',
  );
  deliver(mail, MARA, 'INBOX', Buffer.from('Subject: two\r\n\r\nBody\r\n'));
  assert.equal(await pull(services, id), 'done');
  assert.equal((await contentsOf(services, id)).emails.length, 2);
  assert.deepEqual(
    (await accounts()).map(({ name }) => name),
    ['Renamed'],
  );
});

test('a sign-in is for servers of the provider, by TLS, where it is set up, and for accounts of one’s own', async t => {
  const { services, create, client, begin } = await registered(t, await oauthProvider(t, MARA));
  const google = { oauthProvider: 'google' };
  const refusal = (args: object) => client.error('MailAccount/authorize', { ...args });
  assert.equal(await refusal({ oauthProvider: 'microsoft', create }), 'forbidden');
  assert.equal(
    await refusal({ ...google, create: { ...create, host: 'evil.example.net' } }),
    'invalidArguments',
  );
  assert.equal(await refusal({ ...google, create: { ...create, password: 'x' } }), 'invalidArguments');
  assert.equal(await refusal({ ...google, create: { ...create, port: 0 } }), 'invalidArguments');
  assert.equal(await refusal({ ...google, id: 'a-of-somebody' }), 'invalidArguments');
  assert.equal(await refusal({ create }), 'invalidArguments');
  assert.equal(await refusal({ ...google, create, id: 'a1' }), 'invalidArguments');
  assert.deepEqual(await queryAll(services.table, keys.userPartition('mara'), { prefix: 'OAUTH#' }), []);

  const object = { ...create, ...google, refreshToken: 'given' };
  const made = await client.call('MailAccount/set', { create: { k: object } });
  const { id } = (made.created as { k: { id: string } }).k;
  const eve = jmapClient({ ...services, oauthClients: services.oauthClients }, 'eve');
  assert.equal(await eve.error('MailAccount/authorize', { id }), 'invalidArguments');
  for (let i = 0; i < 12; i += 1) await begin({ id });
  const rows = await queryAll(services.table, keys.userPartition('mara'), { prefix: 'OAUTH#' });
  assert.equal(rows.length, 10, 'no more are kept');
});

test('the session and a discovery say where people can sign in', async t => {
  const { services, client } = await registered(t, await oauthProvider(t, MARA));
  const session = await client.http('GET', '/.well-known/jmap');
  assert.match(session.body ?? '', /"urn:mailferry:params:jmap:accounts":\{"oauthProviders":\["google"\]\}/);
  const proposal = { protocol: 'imap' as const, host: '127.0.0.1', port: 993, security: 'tls' as const };
  services.tester.discover = async address => ({
    ...({ address, provider: 'Gmail', recommended: 0 } as Awaited<
      ReturnType<typeof services.tester.discover>
    >),
    proposals: [
      { ...proposal, ...PROPOSED, oauthProvider: 'google' },
      { ...proposal, ...PROPOSED, oauthProvider: 'yahoo' },
      { ...proposal, ...PROPOSED, oauthProvider: null },
      { ...proposal, ...PROPOSED, oauthProvider: 'google', host: 'evil.example.net' },
    ],
  });
  const { proposals } = await client.call('MailAccount/discover', { address: MARA });
  const said = (proposals as { canAuthorize: boolean }[]).map(({ canAuthorize }) => canAuthorize);
  assert.deepEqual(said, [true, false, false, false]);
  const google = { clientId: 'us', tokenEndpoint: 'https://a.example/token', hosts: ['imap.gmail.com'] };
  assert.ok(mayHaveTokens(google, { host: 'imap.gmail.com', security: 'starttls' }), 'by TLS');
  assert.ok(!mayHaveTokens(google, { host: 'imap.gmail.com', security: 'none' }), 'and not in the clear');
});

const PROPOSED = {
  ...({ username: MARA, authentication: 'password', source: 'provider', confirmed: true } as const),
  capabilities: null,
};
