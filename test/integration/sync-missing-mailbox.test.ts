import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { changeOnDevice, contentsOf, pull, testAccount } from '../support/accounts.ts';
import { countFetched } from '../support/counted.ts';
import { SECRET, scriptedImapServer } from '../support/scripted-imap-server.ts';
import { testServices } from '../support/table.ts';

const raw = (subject: string) =>
  Buffer.from(`Message-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`);

/** An account with an INBOX and a Work of one message each; what LIST shows can be changed. */
async function account(t: TestContext) {
  const mail: Record<string, Buffer> = { INBOX: raw('one'), Work: raw('two') };
  const shown = { list: ['INBOX', 'Work'] };
  let selected = 'INBOX';
  const server = await scriptedImapServer(t, {
    capabilities: 'MOVE UIDPLUS',
    answer: ({ tag, name, args }) => {
      const ok = `${tag} OK Done\r\n`;
      const box = /^"?Work/.test(args) ? 'Work' : 'INBOX';
      if (name === 'LIST' && !args.endsWith('""'))
        return `${shown.list.map(path => `* LIST () "/" ${path}\r\n`).join('')}${ok}`;
      if (name === 'STATUS') return `* STATUS ${box} (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 7)\r\n${ok}`;
      if (/SELECT|EXAMINE/.test(name)) {
        selected = box;
        return `* 1 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 2] n\r\n${ok}`;
      }
      if (name !== 'UID FETCH') return undefined;
      const bytes = mail[selected] ?? Buffer.of();
      const row = `UID 1 RFC822.SIZE ${bytes.length} FLAGS ()`;
      const body = args.includes('BODY.PEEK[]') ? ` BODY[]<0> {${bytes.length}}\r\n${bytes}` : '';
      return `* 1 FETCH (${row}${body})\r\n${ok}`;
    },
  });
  const { services, fetched } = countFetched(await testServices(t));
  const login = { protocol: 'imap', port: server.port, username: 'mara', password: SECRET } as const;
  await testAccount(services, 'a1', login);
  assert.equal(await pull(services, 'a1'), 'done');
  fetched();
  const lines = async () =>
    (await contentsOf(services, 'a1')).lines.map(line => line.split(' ').slice(0, 3).join(' ')).sort();
  return { server, services, shown, fetched, lines };
}

test('a mailbox that one listing leaves out is not gone, nor is what devices wish of it', async t => {
  const { server, services, shown, fetched, lines } = await account(t);
  const boxes = await listMailboxes(services.table, 'a1');
  const id = (name: string) => boxes.find(mailbox => mailbox.name === name)?.id ?? '';
  await changeOnDevice(services, 'a1', 'one', {
    mailboxIds: { [id('Inbox')]: false, [id('Work')]: true },
  });
  await changeOnDevice(services, 'a1', 'two', { keywords: { $flagged: true } });
  shown.list = ['INBOX'];
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(await lines(), ['Work  one', 'Work $flagged two']);
  shown.list = ['INBOX', 'Work'];
  await pull(services, 'a1');
  assert.ok(
    server.commands.some(line => line.startsWith('UID MOVE 1 Work')),
    server.commands.join('\n'),
  );
  assert.ok(server.commands.some(line => line.startsWith('UID STORE 1 +FLAGS.SILENT (\\Flagged)')));
  assert.equal(fetched(), 0);
  shown.list = ['INBOX'];
  await pull(services, 'a1');
  assert.equal((await listMailboxes(services.table, 'a1')).length, 2, 'it was there in between');
});

test('a mailbox that two listings leave out is gone', async t => {
  const { services, shown, lines } = await account(t);
  shown.list = ['INBOX'];
  await pull(services, 'a1');
  assert.deepEqual(await lines(), ['Inbox  one', 'Work  two']);
  assert.equal(await pull(services, 'a1'), 'done');
  assert.deepEqual(await lines(), ['Inbox  one']);
  assert.equal(await pull(services, 'a1'), 'idle');
});
