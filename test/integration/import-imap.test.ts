import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doveadm } from '../../infra/local/mail-server.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import { jmapClient } from '../support/jmap.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { testServices } from '../support/table.ts';
import { importFile } from '../support/transfer.ts';
import { zipOf } from '../support/zip.ts';

const mail = (subject: string, headers = '') =>
  `Date: Mon, 6 Jan 2020 10:00:00 +0000\nFrom: ada@example.org\nSubject: ${subject}\n${headers}\nBody of ${subject}.\n`;
const FROM = 'From ada@example.org Mon Jan  6 12:00:00 2020\n';

test('what is imported into an IMAP account is put into mailboxes at the server, made where they are missing, once', async t => {
  const server = await testMailServer(t);
  const services = await testServices(t);
  const login = { protocol: 'imap', port: server.ports.imap, username: TEST_USER.name } as const;
  await testAccount(services, 'a1', { ...login, password: TEST_USER.password });
  assert.equal(await pull(services, 'a1'), 'done');
  const account = { client: jmapClient(services), id: 'a1' };
  const file = await zipOf({
    'Inbox/one.eml': mail('one'),
    'Boats/two.eml': mail('two'),
    'Letters.mbox': `${FROM}${mail('three', 'Status: RO\n')}\n${FROM}${mail('one')}\n`,
  });
  for (const expected of [
    [3, 1],
    [0, 4],
  ]) {
    const done = await importFile(services, account, file, { folders: true });
    assert.deepEqual([done.status, done.imported, done.duplicates], ['done', ...expected]);
    for (let runs = 0; runs < 4; runs++) await pull(services, 'a1');
    const all = ['-f', 'tab', 'fetch', '-u', TEST_USER.name, 'mailbox hdr.subject flags', 'all'];
    const lines = (await doveadm(server, all)).trim().split('\n').slice(1);
    const shown = lines.map(line => line.replace('\\Recent', '').replace(/\s+/g, ' ').trim()).sort();
    assert.deepEqual(shown, ['Boats two', 'INBOX one', 'Letters one', 'Letters three \\Seen']);
  }
  const { lines } = await contentsOf(services, 'a1');
  assert.deepEqual(
    lines.map(line => line.replace(/ [0-9a-f]{64}$/, '')),
    ['Boats  two', 'Inbox+Letters  one', 'Letters $seen three'],
  );
  assert.equal(await pull(services, 'a1'), 'idle');
});
