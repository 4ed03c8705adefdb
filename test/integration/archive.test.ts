import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MailAccount } from '../../functions/jmap/types.ts';
import { getAccount } from '../../functions/store/accounts.ts';
import { getDue } from '../../functions/store/due.ts';
import { holds } from '../../functions/sync/ledger.ts';
import { verifyAccount } from '../../functions/sync/verify.ts';
import { pull } from '../support/accounts.ts';
import { jmapClient } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';

async function made(t: { after(fn: () => void): void }) {
  const services = await testServices(t);
  const client = jmapClient(services);
  const set = async (args: object) => (await client.call('MailAccount/set', { ...args })) as never as Set;
  const { created } = await set({ create: { a: { protocol: 'archive', name: 'Old mail' } } });
  const id = created?.a?.id ?? '';
  const get = async () =>
    (await client.call('MailAccount/get', { ids: [id] })).list[0] as unknown as MailAccount;
  return { services, client, set, id, get };
}

interface Set {
  created: Record<string, MailAccount> | null;
  notCreated: Record<string, { type: string; properties?: string[] }> | null;
  updated: Record<string, object | null> | null;
  notUpdated: Record<string, { type: string; properties?: string[] }> | null;
}

test('an archive is an account without a server, with mailboxes of its own', async t => {
  const { services, client, id, get } = await made(t);
  const account = await get();
  assert.deepEqual(
    [account.protocol, account.name, account.address, account.host, account.port, account.username],
    ['archive', 'Old mail', '', null, null, null],
  );
  assert.equal(account.status.message, 'An archive: mail lives here only.');
  assert.deepEqual([account.status.phase, account.status.nextPullAt], ['ok', null]);
  const { list } = await client.call('Mailbox/get', { accountId: id });
  assert.deepEqual(list.map(({ name, role }) => `${name} ${role}`).sort(), [
    'Archive archive',
    'Inbox inbox',
    'Trash trash',
  ]);
  assert.equal(await getDue(services.table, id), null, 'it is not on the due list');
  assert.deepEqual(services.asked, []);
});

test('an archive is never pulled, and verified by what it holds', async t => {
  const { services, client, id } = await made(t);
  assert.equal(await pull(services, id, { reason: 'asked' }), 'idle');
  assert.deepEqual((await client.call('MailAccount/sync', { ids: null })).queued, []);
  const account = await getAccount(services.table, id);
  assert.ok(account, 'it is there');
  assert.ok(holds(await verifyAccount(services, account)), 'the ledger holds');
});

test('there is nothing to test in an archive', async t => {
  const { client, id } = await made(t);
  for (const args of [{ id }, { protocol: 'archive' }]) {
    assert.equal((await client.call('MailAccount/test', args)).ok, true);
  }
});

test('an archive takes a name and an address, and nothing of a server', async t => {
  const { set, id, get } = await made(t);
  const account = await get();
  const { updated } = await set({ update: { [id]: { ...account, name: 'Older mail' } } });
  assert.deepEqual(updated, { [id]: null });
  const wrong = { host: 'imap.example.org', password: 'x', protocol: 'imap' };
  for (const [name, value] of Object.entries(wrong)) {
    const { notUpdated } = await set({ update: { [id]: { [name]: value } } });
    assert.deepEqual(notUpdated?.[id]?.properties, [name]);
  }
  const { notCreated } = await set({ create: { b: { protocol: 'archive', port: 143 } } });
  assert.deepEqual(notCreated?.b?.properties, ['port']);
  assert.equal((await get()).name, 'Older mail');
});

test('mailboxes are made in an archive, and nothing waits for a server', async t => {
  const { services, client, id } = await made(t);
  const set = await client.call('Mailbox/set', { accountId: id, create: { m: { name: 'Boats' } } });
  assert.ok((set.created as Record<string, object>).m, 'it was made');
  assert.deepEqual(services.asked, []);
});

test('a removed archive is erased', async t => {
  const { services, client, id } = await made(t);
  await client.call('MailAccount/set', { destroy: [id] });
  assert.equal(await pull(services, id), 'gone');
  assert.equal(await getAccount(services.table, id), null);
});
