import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listAllAccounts } from '../../functions/store/accounts.ts';
import { keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { contentsOf } from '../support/accounts.ts';
import { addEmails, jmapClient, seedAccount } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';
import { askForImport, finish, importFile, mailboxIds, newArchive } from '../support/transfer.ts';
import { aroundTable } from '../support/wrapped.ts';
import { zipOf } from '../support/zip.ts';

const FROM = 'From ada@example.org Mon Jan  1 12:00:00 2024\n';
const mail = (subject: string, headers = '') =>
  `Subject: ${subject}\nFrom: ada@example.org\n${headers}Date: Mon, 1 Jan 2024 12:00:00 +0000\n\nBody of ${subject}.\n`;
const mbox = (...mails: string[]) => Buffer.from(mails.map(one => `${FROM}${one}\n`).join(''));

/** Lines of contents without checksums. */
const linesOf = async (...[services, id]: Parameters<typeof contentsOf>) =>
  (await contentsOf(services, id)).lines.map(line => line.replace(/ [0-9a-f]{64}$/, ''));

test('an mbox is imported into the Inbox, with its keywords, and only once', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const file = mbox(
    mail('read', 'Status: RO\nX-Status: AF\n'),
    mail('draft', 'X-Status: TD\nX-Keywords: Work, $Forwarded bad(word\n'),
    mail('new'),
  );
  const done = await importFile(services, account, file);
  assert.deepEqual(
    [done.type, done.status, done.imported, done.duplicates, done.failed, done.bytes],
    ['mbox', 'done', 3, 0, 0, file.length],
  );
  const lines = await linesOf(services, account.id);
  assert.deepEqual(lines, [
    'Inbox  new',
    'Inbox $answered+$flagged+$seen read',
    'Inbox $draft+$forwarded+work draft',
  ]);
  const again = await importFile(services, account, file);
  assert.deepEqual([again.imported, again.duplicates], [0, 3]);
  assert.deepEqual(await linesOf(services, account.id), lines);
});

test('one message is imported, whatever it is called', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const raw = Buffer.from(`${mail('one')}without an end`);
  const mailboxId = (await mailboxIds(account.client, account.id)).get('Archive');
  const done = await importFile(services, account, raw, { mailboxId });
  assert.deepEqual([done.type, done.imported], ['eml', 1]);
  const { emails } = await contentsOf(services, account.id);
  assert.ok(emails[0]?.raw.equals(raw), 'octet by octet');
});

const FILES = {
  'Inbox/one.eml': mail('one'),
  'Work/Boats/two.eml': mail('two'),
  'Work/Boats/again.EML': mail('one'),
  'Letters.mbox': mbox(mail('three'), mail('four')),
  'Letters.2.mbox': mbox(mail('five')),
  'Mac/Old.mbox/mbox': mbox(mail('six')),
  'top.eml': mail('seven'),
  'Work/notes.txt': 'no mail',
  '__MACOSX/._one.eml': 'no mail',
};

test('a zip is imported into one mailbox', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const done = await importFile(services, account, await zipOf(FILES));
  assert.deepEqual(
    [done.type, done.imported, done.duplicates, done.failed, done.ignored],
    ['zip', 7, 1, 0, 1],
  );
  assert.equal(done.bytes, done.size);
  assert.ok(
    (await linesOf(services, account.id)).every(line => line.startsWith('Inbox')),
    'all in the Inbox',
  );
});

test('with folders, the directories of a zip are mailboxes', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const mailboxId = (await mailboxIds(account.client, account.id)).get('Archive');
  const done = await importFile(services, account, await zipOf(FILES), { folders: true, mailboxId });
  assert.deepEqual([done.imported, done.duplicates], [7, 1]);
  assert.deepEqual(await linesOf(services, account.id), [
    'Archive  seven',
    'Boats  two',
    'Boats+Inbox  one',
    'Letters  five',
    'Letters  four',
    'Letters  three',
    'Old  six',
  ]);
  const { list } = await account.client.call('Mailbox/get', { accountId: account.id });
  const parents = new Map(list.map(({ id, name }) => [id, name]));
  const boats = list.find(({ name }) => name === 'Boats');
  assert.equal(parents.get(boats?.parentId), 'Work');
  assert.equal(list.filter(({ name }) => name === 'Inbox').length, 1);
});

test('what cannot be taken is counted and reported, and the rest goes on', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const zip = await zipOf({ 'a.eml': mail('one'), 'b.eml': '', 'c.mbox': 'no mbox', 'd.eml': mail('two') });
  // The directory says of the first file that it is encrypted.
  const at = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  zip.writeUInt16LE(zip.readUInt16LE(at + 8) | 1, at + 8);
  const done = await importFile(services, account, zip);
  assert.deepEqual([done.status, done.imported, done.failed], ['done', 1, 3]);
  assert.deepEqual(
    done.failures.map(({ at: where, code }) => `${where} ${code}`),
    ['a.eml encrypted', 'b.eml empty', 'c.mbox 0 no-mbox'],
  );
});

test('a file that is no zip, and one that would unpack to petabytes, end the import with a sentence', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const broken = await importFile(services, account, Buffer.from('PK\u0003\u0004 and no more'));
  assert.deepEqual(
    [broken.status, broken.message],
    ['failed', 'This is no zip archive, or not a whole one.'],
  );
  const bomb = await zipOf({ 'a.eml': mail('one') });
  const at = bomb.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  bomb.writeUInt32LE(4_000_000_000, at + 24);
  const refused = await importFile(services, account, bomb);
  assert.deepEqual(
    [refused.status, refused.message],
    ['failed', 'Unpacked, this archive would be out of all proportion.'],
  );
  assert.deepEqual(await linesOf(services, account.id), []);
});

test('an import is continued after its time, and its file is only read from there on', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const mails = Array.from({ length: 400 }, (_, i) => mail(`${i}`));
  const { id } = await askForImport(services, account, mbox(...mails));
  const { runJob } = await import('../../functions/transfer/run-job.ts');
  const name = { kind: 'import', accountId: account.id, id } as const;
  const outcomes: string[] = [];
  for (let runs = 0; runs < 5; runs++) outcomes.push(await runJob(services, name, { deadline: 0 }));
  assert.deepEqual(outcomes, ['continue', 'continue', 'done', 'gone', 'gone']);
  assert.equal((await linesOf(services, account.id)).length, 400);
  assert.deepEqual(await queryAll(services.table, keys.duePartition, {}), [], 'nothing is due any more');
});

test('a run that loses its job leaves no temporary file of a large message behind', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-test-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  t.after(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, { recursive: true, force: true });
  });
  let late = 0;
  const services = await testServices(t, { now: () => Date.now() + late });
  const account = await newArchive(services);
  const large = `${mail('large')}${'0123456789abcde\n'.repeat(330_000)}`;
  const { id } = await askForImport(services, account, mbox(large));
  const { runJob } = await import('../../functions/transfer/run-job.ts');
  const blobs = {
    ...services.blobs,
    get: async (...args: Parameters<typeof services.blobs.get>) => {
      late = 60_000;
      return services.blobs.get(...args);
    },
  };
  const name = { kind: 'import', accountId: account.id, id } as const;
  const deadline = services.now() + 600_000;
  assert.equal(await runJob({ ...services, blobs }, name, { deadline }), 'busy');
  assert.deepEqual(
    (await readdir(folder)).filter(file => file.endsWith('.eml')),
    [],
  );
});

test('the file is read on, and its messages are stored, while those before are committed', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const mails = Array.from({ length: 400 }, (_, i) => mail(`${i}`));
  const { id } = await askForImport(services, account, mbox(...mails));
  const { runJob } = await import('../../functions/transfer/run-job.ts');
  let stored = 0;
  const storedBefore: number[] = [];
  const slow = aroundTable(services, async ({ input }, send) => {
    const isCommit = input.Item?.sk?.startsWith('LOG#') ?? false;
    // As long as a commit takes where the table is far away.
    if (isCommit) await new Promise(resolve => setTimeout(resolve, 300));
    if (isCommit) storedBefore.push(stored);
    return send();
  });
  const blobs = {
    ...services.blobs,
    put: async (...args: Parameters<typeof services.blobs.put>) => {
      await services.blobs.put(...args);
      stored += 1;
    },
  };
  const slowly = { ...slow, blobs };
  const name = { kind: 'import', accountId: account.id, id } as const;
  assert.equal(await runJob(slowly, name, { deadline: Date.now() + 600_000 }), 'done');
  assert.ok((storedBefore[0] ?? 0) > 150, `${storedBefore} were stored before each commit`);
  assert.equal((await linesOf(services, account.id)).length, 400);
});

test('the work is put on the queue and on the due list', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const { id } = await askForImport(services, account, mbox(mail('one')));
  assert.deepEqual(services.asked, [
    { accounts: [account.id], reason: 'asked', job: { kind: 'import', id } },
  ]);
  services.asked.length = 0;
  const { createHandler } = await import('../../functions/dispatch.ts');
  await createHandler(services)({ time: new Date().toISOString() });
  assert.deepEqual(services.asked, [{ accounts: [account.id], reason: 'due', job: { kind: 'import', id } }]);
});

test('an import of an IMAP account waits to be told to the server, in the form in which that will give it back', async t => {
  const services = await testServices(t);
  await seedAccount(services, 'a1');
  const account = { client: jmapClient(services), id: 'a1' };
  const done = await importFile(services, account, mbox(mail('one'), `${mail('two')}\0\n`));
  assert.deepEqual([done.imported, done.failures[0]?.code], [1, 'nul']);
  const { emails } = await contentsOf(services, 'a1');
  assert.equal(emails[0]?.raw.toString(), mail('one').replaceAll('\n', '\r\n'));
  assert.deepEqual(emails[0]?.state.locations, []);
  assert.ok(
    services.asked.some(({ accounts, reason }) => accounts[0] === 'a1' && reason === 'changed'),
    'a run is asked for',
  );
});

test('what cannot be created is refused with a reason', async t => {
  const services = await testServices(t);
  const { client, id: accountId } = await newArchive(services);
  const refusal = async (object: object) => {
    const { notCreated } = await client.call('MailImport/set', { accountId, create: { i: object } });
    return (notCreated as Record<string, { type: string; properties?: string[] }>).i;
  };
  assert.equal((await refusal({ blobId: `r${'0'.repeat(64)}` }))?.type, 'blobNotFound');
  assert.equal((await refusal({ blobId: '../../etc/passwd' }))?.type, 'blobNotFound');
  const [email] = await addEmails(services, accountId, [{ subject: 'x', mailboxIds: [] }]);
  const blobId = `r${email?.sha256}`;
  assert.deepEqual((await refusal({ blobId, mailboxId: 'nowhere' }))?.properties, ['mailboxId']);
  assert.deepEqual((await refusal({ blobId, type: 'pst' }))?.properties, ['type']);
  assert.deepEqual((await refusal({ blobId, kind: 'x' }))?.properties, ['kind']);
  assert.equal(await jmapClient(services, 'eve').error('MailImport/get', { accountId }), 'accountNotFound');
  assert.equal((await client.call('MailImport/get', { accountId })).list.length, 0);
});

test('a destroyed import ends, and an account with one is erased after it', async t => {
  const services = await testServices(t);
  const account = await newArchive(services);
  const { id } = await askForImport(services, account, mbox(mail('one')));
  await account.client.call('MailImport/set', { accountId: account.id, destroy: [id] });
  assert.equal(await finish(services, account.id, { kind: 'import', id }), 'gone');
  const other = await askForImport(services, account, mbox(mail('one')));
  await account.client.call('MailAccount/set', { destroy: [account.id] });
  assert.equal(await finish(services, account.id, { kind: 'import', id: other.id }), 'gone');
  assert.deepEqual(await listAllAccounts(services.table), []);
});
