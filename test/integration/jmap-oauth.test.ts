import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MailAccount } from '../../functions/jmap/types.ts';
import type { SourceTestRequest } from '../../functions/services.ts';
import { getSourceAccount, replaceRefreshToken } from '../../functions/store/accounts.ts';
import { keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { open } from '../../functions/store/vault.ts';
import { jmapClient } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

const TOKEN = '1//refresh-token';
const SETTINGS = { protocol: 'imap', address: 'mara@example.org', host: 'imap.example.org', security: 'tls' };
const OAUTH = { ...SETTINGS, oauthProvider: 'google', refreshToken: TOKEN };

async function prepared(t: Parameters<typeof testServices>[0]) {
  const asked: SourceTestRequest[] = [];
  const discover = async () => assert.fail('nothing is looked for');
  const test = async (request: SourceTestRequest) => {
    asked.push(request);
    return { ok: true, code: null, message: 'It works.', messageSentences: [], found: null };
  };
  const services = await testServices(t, { tester: { test, discover, redeem: discover } });
  const client = jmapClient(services);
  const create = async (settings: object) => {
    const { created, notCreated } = await client.call('MailAccount/set', { create: { k: settings } });
    const refused = (notCreated as Record<string, { properties: string[] }> | null)?.k;
    return { made: (created as Record<string, MailAccount> | null)?.k, refused: refused?.properties.join() };
  };
  const update = async (id: string, patch: object) => {
    const { notUpdated } = await client.call('MailAccount/set', { update: { [id]: patch } });
    return (notUpdated as Record<string, { properties: string[] }> | null)?.[id]?.properties.join();
  };
  return { services, asked, ...client, create, update };
}

test('an account is made with a refresh token, which is sealed and never answered', async t => {
  const { services, create, call } = await prepared(t);
  const { made } = await create(OAUTH);
  const id = made?.id ?? '';
  assert.equal(made?.authentication, 'oauth');
  const stored = await getSourceAccount(services.table, id);
  assert.equal(await open(services, id, stored?.sealedRefreshToken ?? ''), TOKEN);
  const [shown] = (await call('MailAccount/get', { ids: [id] })).list;
  assert.deepEqual([shown?.authentication, shown?.oauthProvider], ['oauth', 'google']);
  for (const secret of ['refreshToken', 'sealedRefreshToken', 'password', 'sealedPassword']) {
    assert.ok(!Object.hasOwn(shown ?? {}, secret), secret);
  }
  const rows = JSON.stringify([shown, await queryAll(services.table, keys.partition(id), {})]);
  assert.ok(!rows.includes(TOKEN), 'nowhere in the clear');
});

test('a credential that is not whole, or is two, is refused', async t => {
  const { create } = await prepared(t);
  const refusal = async (settings: object) => (await create(settings)).refused;
  assert.equal(await refusal(SETTINGS), 'password');
  assert.equal(await refusal({ ...SETTINGS, authentication: 'oauth' }), 'refreshToken');
  assert.equal(await refusal({ ...SETTINGS, refreshToken: TOKEN }), 'oauthProvider');
  assert.equal(await refusal({ ...SETTINGS, oauthProvider: 'google' }), 'refreshToken');
  assert.equal(await refusal({ ...OAUTH, password: 'x' }), 'refreshToken');
  assert.equal(await refusal({ ...OAUTH, refreshToken: 'a b\r\n' }), 'refreshToken');
  assert.equal(await refusal({ ...OAUTH, oauthProvider: 'Google!' }), 'oauthProvider');
  assert.equal(await refusal({ ...OAUTH, authentication: 'password' }), 'authentication');
  assert.equal(await refusal({ ...SETTINGS, password: 'x', oauthProvider: null }), undefined);
});

test('an account can change how it signs in, and leaves nothing of the other way behind', async t => {
  const { services, create, update, call } = await prepared(t);
  const id = (await create({ ...SETTINGS, password: 'secret' })).made?.id ?? '';
  assert.equal(await update(id, { refreshToken: TOKEN }), 'oauthProvider');
  assert.equal(await update(id, { oauthProvider: 'google' }), 'refreshToken');
  services.asked.length = 0;
  assert.equal(await update(id, { oauthProvider: 'google', refreshToken: TOKEN }), undefined);
  assert.equal(services.asked.length, 1, 'it is pulled');
  const oauth = await getSourceAccount(services.table, id);
  assert.deepEqual([oauth?.authentication, oauth?.sealedPassword], ['oauth', '']);
  assert.equal(await update(id, { refreshToken: 'another' }), undefined, 'of the same provider');
  assert.equal(await update(id, { host: 'evil.example.net' }), 'refreshToken');
  assert.equal(await update(id, { security: 'none' }), 'refreshToken');
  const [whole] = (await call('MailAccount/get', { ids: [id] })).list;
  assert.equal(await update(id, { ...whole, name: 'Whole' }), undefined);
  assert.equal((await getSourceAccount(services.table, id))?.authentication, 'oauth');

  assert.equal(await update(id, { password: 'secret' }), undefined);
  const password = await getSourceAccount(services.table, id);
  assert.equal(password?.authentication, 'password');
  assert.equal(await open(services, id, password?.sealedPassword ?? ''), 'secret');
  assert.deepEqual([password?.oauthProvider, password?.sealedRefreshToken], [undefined, undefined]);
});

test('a rotated token is no change that a client could see', async t => {
  const { services, create, call } = await prepared(t);
  const id = (await create(OAUTH)).made?.id ?? '';
  const { state } = await call('MailAccount/get', {});
  const { sealedRefreshToken = '' } = (await getSourceAccount(services.table, id)) ?? {};
  assert.equal(await replaceRefreshToken(services.table, id, sealedRefreshToken, 'rotated'), true);
  assert.equal(await replaceRefreshToken(services.table, id, sealedRefreshToken, 'late'), false);
  assert.equal((await call('MailAccount/get', {})).state, state);
});

test('a test hands over the token sealed, a new one or the stored one', async t => {
  const { services, asked, create, call, error } = await prepared(t);
  await call('MailAccount/test', { ...OAUTH, address: undefined, username: 'mara' });
  const [first] = asked;
  assert.deepEqual([first?.oauthProvider, first?.sealedPassword], ['google', '']);
  assert.equal(await open(services, first?.accountId ?? '', first?.sealedRefreshToken ?? ''), TOKEN);
  const id = (await create(OAUTH)).made?.id ?? '';
  await call('MailAccount/test', { id, port: 1143 });
  const stored = await getSourceAccount(services.table, id);
  assert.deepEqual([asked[1]?.sealedRefreshToken, asked[1]?.port], [stored?.sealedRefreshToken, 1143]);
  assert.equal(await error('MailAccount/test', { id, host: 'evil.example.net' }), 'invalidArguments');
  assert.equal(await error('MailAccount/test', { ...SETTINGS, refreshToken: TOKEN }), 'invalidArguments');
});

test('settings that change while a refresh token is rotated leave the new token as it is', async t => {
  const { services, create, update } = await prepared(t);
  const id = (await create(OAUTH)).made?.id ?? '';
  const before = (await getSourceAccount(services.table, id))?.sealedRefreshToken ?? '';
  const { client } = services.table;
  const { send } = client;
  let isRotated = false;
  client.send = (async (command: { input?: { Key?: object; Item?: { sk?: string } } }) => {
    const isWrite = command instanceof UpdateCommand || command instanceof PutCommand;
    if (isWrite && !isRotated) {
      isRotated = true;
      assert.ok(await replaceRefreshToken(services.table, id, before, 'rotated'), 'in between');
    }
    return Reflect.apply(send, client, [command]);
  }) as typeof send;
  assert.equal(await update(id, { name: 'New name', deletionPolicy: 'whenDestroyed' }), undefined);
  client.send = send;
  const after = await getSourceAccount(services.table, id);
  assert.deepEqual([after?.name, after?.sealedRefreshToken], ['New name', 'rotated']);
});
