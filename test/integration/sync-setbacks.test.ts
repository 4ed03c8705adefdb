import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getDue, getHealth } from '../../functions/store/accounts.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { pull, testAccount } from '../support/accounts.ts';
import { SECRET, scriptedImapServer } from '../support/scripted-imap-server.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`);

test('a key service that fails for a moment does not make anybody enter the password again', async t => {
  const server = await startScriptedPopServer({ mails: [{ uidl: 'one', raw: raw('one') }] });
  t.after(() => server.close());
  const services = await testServices(t);
  await testAccount(services, 'a1', { protocol: 'pop', port: server.port, username: 'mara', password: 'x' });
  const throttled = {
    generate: services.vaultKeeper.generate,
    unwrap: () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })),
  };
  await assert.rejects(pull({ ...services, vaultKeeper: throttled }, 'a1'), { name: 'ThrottlingException' });
  assert.equal((await getHealth(services.table, 'a1')).phase, 'failing');
  assert.ok(await getDue(services.table, 'a1'), 'it is tried again');
  assert.equal(await pull(services, 'a1'), 'done');
});

test('an account with thousands of folders is pulled', async t => {
  const folders = Array.from(
    { length: 2_000 },
    (_, i) => `Projects of the year 2026/${'Customer '.repeat(9)}${i}`,
  );
  const list = folders.map(path => `* LIST (\\Noselect) "/" "${path}"\r\n`).join('');
  const server = await scriptedImapServer(t, {
    answer: ({ tag, name, args }) =>
      name === 'LIST' && !args.endsWith('""')
        ? `* LIST () "/" INBOX\r\n${list}${tag} OK Done\r\n`
        : undefined,
  });
  const services = await testServices(t);
  await testAccount(services, 'a1', {
    protocol: 'imap',
    port: server.port,
    username: 'mara',
    password: SECRET,
  });
  assert.equal(await pull(services, 'a1'), 'done');
  assert.equal((await listMailboxes(services.table, 'a1')).length, 2_002);
});
