import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceAccount } from '../../functions/store/accounts.ts';
import { keys, prefix } from '../../functions/store/keys.ts';
import { deleteRows, queryAll } from '../../functions/store/table.ts';
import { sweepAccount } from '../../functions/sweep/account.ts';
import { holds } from '../../functions/sync/ledger.ts';
import { verifyAccount } from '../../functions/sync/verify.ts';
import { deliver, doveadm } from '../../infra/local/mail-server.ts';
import { pull, testAccount } from '../support/accounts.ts';
import { DAY_MS, person } from '../support/deletion.ts';
import { shortLetter as letter } from '../support/letters.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

const LOGIN = { username: TEST_USER.name, password: TEST_USER.password };

async function prepared(t: Parameters<typeof testServices>[0], protocol: 'imap' | 'pop') {
  const server = await testMailServer(t);
  const services = await testServices(t);
  const port = protocol === 'imap' ? server.ports.imap : server.ports.pop;
  for (const subject of ['a', 'b', 'c']) await deliver(server, TEST_USER.name, 'INBOX', letter(subject));
  const account = await testAccount(services, 'a1', { protocol, port, ...LOGIN });
  assert.equal(await pull(services, 'a1'), 'done');
  return { server, services, account };
}

/** A sweep a hundred days later, when the log has forgotten what the server was told; gives what it removed. */
async function sweepLater(services: TestServices): Promise<[rows: number, blobs: number]> {
  const { table } = services;
  const pk = keys.partition('a1');
  const log = await queryAll(table, pk, { prefix: prefix.log });
  await deleteRows(
    table,
    log.filter(({ expires }) => expires !== undefined).map(({ sk }) => ({ pk, sk: String(sk) })),
  );
  const now = () => Date.now() + 100 * DAY_MS;
  const { rows, blobs } = await sweepAccount({ ...services, now }, 'a1', now() + 60_000);
  return [rows, blobs];
}

/** What the server has is accounted for, and a pull finds nothing to do. */
async function assertSettled(services: TestServices, account: SourceAccount, subjects: string[]) {
  const ledger = await verifyAccount(services, account, { deep: true });
  assert.equal(holds(ledger), true, JSON.stringify(ledger));
  await pull(services, 'a1', { reason: 'asked' });
  assert.deepEqual(await person(services, 'a1').subjects(), subjects);
}

test('imap: what the server or a device destroyed is collected once the server has it no more', async t => {
  const { server, services, account } = await prepared(t, 'imap');
  await doveadm(server, ['expunge', '-u', TEST_USER.name, 'mailbox', 'INBOX', 'header', 'subject', 'a']);
  await pull(services, 'a1');
  await person(services, 'a1').destroy('b');
  assert.deepEqual(await sweepLater(services), [1, 1], 'the device’s waits for the server');
  await assertSettled(services, account, ['c']);
  assert.deepEqual(await sweepLater(services), [1, 1]);
  assert.deepEqual(await sweepLater(services), [0, 0]);
  await assertSettled(services, account, ['c']);
  // The same message, delivered anew, is an Email again.
  await deliver(server, TEST_USER.name, 'INBOX', letter('a'));
  await assertSettled(services, account, ['a', 'c']);
  assert.deepEqual(await sweepLater(services), [0, 0]);
  await assertSettled(services, account, ['a', 'c']);
});

test('pop: what stays at the server is not collected, and can be deleted there still', async t => {
  const { services, account } = await prepared(t, 'pop');
  await person(services, 'a1').destroy('a');
  await pull(services, 'a1');
  assert.deepEqual(await sweepLater(services), [0, 0]);
  await assertSettled(services, account, ['b', 'c']);
  await person(services, 'a1').set({ deletionPolicy: 'whenDestroyed' });
  await assertSettled(services, account, ['b', 'c']);
  const { receipts, deletionFrozen } = await person(services, 'a1').account();
  assert.deepEqual([receipts.count, deletionFrozen], [1, false]);
  assert.deepEqual(await sweepLater(services), [1, 1]);
  await assertSettled(services, account, ['b', 'c']);
});
