import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MailExport } from '../../functions/jmap/types.ts';
import type { Services } from '../../functions/services.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { emailName, mailboxPaths, safeName } from '../../functions/transfer/export-names.ts';
import { runJob } from '../../functions/transfer/run-job.ts';
import { contentsOf } from '../support/accounts.ts';
import { Killed, mortal } from '../support/crash.ts';
import { addEmails, type SeedEmail } from '../support/jmap.ts';
import { testServices } from '../support/table.ts';
import { askForImport, exportAll, finish, importFile, mailboxIds, newArchive } from '../support/transfer.ts';
import { unzip } from '../support/zip.ts';

type Archive = Awaited<ReturnType<typeof newArchive>>;

/** The only file of an export. */
async function fileOf(services: Services, { id }: Archive, done: MailExport): Promise<Buffer> {
  assert.equal(done.status, 'done', done.message ?? '');
  assert.equal(done.files.length, 1);
  const bytes = Buffer.from((await services.blobs.get(blobKeys.export(id, done.id, 1))) ?? []);
  assert.equal(done.files[0]?.size, bytes.length);
  assert.equal(done.files[0]?.sha256, createHash('sha256').update(bytes).digest('hex'));
  return bytes;
}

async function filled(services: Services, emails: readonly SeedEmail[]): Promise<Archive> {
  const account = await newArchive(services);
  const ids = await mailboxIds(account.client, account.id);
  const named = emails.map(({ mailboxIds: names = ['Inbox'], ...email }) => ({
    ...email,
    mailboxIds: names.map(name => ids.get(name) ?? ''),
  }));
  await addEmails(services, account.id, named);
  return account;
}

test('a zip has a folder for each mailbox, an .eml for each Email, and a manifest', async t => {
  const services = await testServices(t);
  const account = await filled(services, [
    { subject: 'one' },
    { subject: 'CON/\\: *two?', mailboxIds: ['Inbox', 'Archive'], keywords: ['$seen'] },
  ]);
  const done = await exportAll(services, account, 'zip');
  assert.deepEqual([done.total, done.exported, done.missing], [2, 2, 0]);
  const files = await unzip(await fileOf(services, account, done));
  const { emails } = await contentsOf(services, account.id);
  const [one, two] = ['one', 'CON/\\: *two?'].map(subject => {
    const email = emails.find(({ summary }) => summary.subject === subject);
    return { raw: email?.raw ?? Buffer.alloc(0), ...(email?.summary ?? { sha256: '', emailId: '' }) };
  });
  const names = [
    `Inbox/2023-11-14 221320 one ${one?.sha256.slice(0, 10)}.eml`,
    `Archive/2023-11-14 221320 CON___ _two_ ${two?.sha256.slice(0, 10)}.eml`,
    `Inbox/2023-11-14 221320 CON___ _two_ ${two?.sha256.slice(0, 10)}.eml`,
  ];
  assert.deepEqual([...files.keys()].sort(), [...names, 'Trash/', 'manifest.json'].sort());
  assert.ok(files.get(names[0] ?? '')?.equals(one?.raw ?? Buffer.alloc(0)), 'octet by octet');
  assert.ok(files.get(names[1] ?? '')?.equals(two?.raw ?? Buffer.alloc(0)), 'octet by octet');
  const { emails: listed } = JSON.parse(files.get('manifest.json')?.toString() ?? '');
  const entry = listed.find((each: { id: string }) => each.id === two?.emailId);
  assert.deepEqual([entry.sha256, entry.keywords, entry.files], [two?.sha256, ['$seen'], names.slice(1)]);
});

const piece = fc.oneof(
  fc.constantFrom(
    'From ',
    '\nFrom x Mon Jan  1 00:00:00 2024\n',
    '>From ',
    '\n>>From x',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
  ),
  fc.string({ maxLength: 20 }),
);
const email = fc.record({
  subject: fc.string({ maxLength: 30 }),
  body: fc.array(piece, { maxLength: 8 }).map(parts => parts.join('')),
  mailboxIds: fc.subarray(['Inbox', 'Archive', 'Trash'], { minLength: 1 }),
});

test('whatever mail an archive holds, both exports bring it back into another one, octet by octet', async t => {
  const services = await testServices(t);
  await fc.assert(
    fc.asyncProperty(
      fc.array(email, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('mbox' as const, 'zip' as const),
      async (emails, type) => {
        const seeds = emails.map(({ subject, body, mailboxIds: names }, i) => ({
          raw: Buffer.from(`${body.startsWith('From') ? '' : `Subject: ${subject}\nX: ${i}\n\n`}${body}${i}`),
          mailboxIds: names,
        }));
        const account = await filled(services, seeds);
        const file = await fileOf(services, account, await exportAll(services, account, type));
        const other = await newArchive(services);
        const done = await importFile(services, other, file, { folders: true });
        assert.deepEqual([done.failed, done.ignored], [0, 0], JSON.stringify(done.failures));
        const [before, after] = [
          await contentsOf(services, account.id),
          await contentsOf(services, other.id),
        ];
        assert.deepEqual(after.lines, before.lines);
        assert.deepEqual(after.counters, before.counters);
        const raws = (contents: typeof before) =>
          contents.emails.map(({ raw }) => raw.toString('hex')).sort();
        assert.deepEqual(raws(after), raws(before));
      },
    ),
    { numRuns: 12 },
  );
});

test('a large account is several files, each complete, over as many runs as it takes', async t => {
  const services = await testServices(t);
  const mails = Array.from({ length: 9 }, (_, i) => ({
    ...{ subject: `mail ${i}`, at: 1_700_000_000 + i },
    mailboxIds: i === 4 ? ['Archive', 'Inbox'] : ['Inbox'],
  }));
  const account = await filled(services, mails);
  const accountId = account.id;
  const { created } = await account.client.call('MailExport/set', {
    accountId,
    create: { e: { type: 'mbox' } },
  });
  const { id } = (created as Record<string, MailExport>).e as MailExport;
  const name = { kind: 'export', accountId, id } as const;
  const limits = { emails: 4, bytes: 1_000_000 };
  // Too late from the start: each such run makes the next file smaller.
  assert.equal(await runJob(services, name, { deadline: 0, limits }), 'continue');
  const deadline = services.now() + 60_000;
  assert.equal(await runJob(services, name, { deadline, limits }), 'done');
  const { list } = await account.client.call('MailExport/get', { accountId, ids: [id] });
  const { files, exported } = list[0] as unknown as MailExport;
  assert.deepEqual(
    [files.map(file => file.name), exported],
    [['export-1.zip', 'export-2.zip', 'export-3.zip'], 9],
  );
  const other = await newArchive(services);
  const names: string[] = [];
  for (const nth of [1, 2, 3]) {
    const bytes = Buffer.from((await services.blobs.get(blobKeys.export(accountId, id, nth))) ?? []);
    names.push(...(await unzip(bytes)).keys());
    assert.equal((await importFile(services, other, bytes, { folders: true })).failed, 0);
  }
  const mboxes = ['Inbox.mbox', 'Inbox.2.mbox', 'Archive.2.mbox', 'Inbox.3.mbox'];
  assert.deepEqual(names.filter(each => each.endsWith('.mbox')).sort(), mboxes.sort());
  assert.deepEqual(
    (await contentsOf(services, other.id)).lines,
    (await contentsOf(services, accountId)).lines,
  );
});

test('what an export wrote is downloaded by ranges, and goes away with it', async t => {
  const services = await testServices(t);
  const account = await filled(services, [{ subject: 'one' }]);
  const done = await exportAll(services, account, 'zip');
  const bytes = await fileOf(services, account, done);
  const [path = '', query = ''] = done.files[0]?.url.split('?') ?? [];
  const answer = await account.client.http('GET', path, { query });
  assert.deepEqual([answer.statusCode, answer.headers?.['content-type']], [200, 'application/zip']);
  assert.ok(Buffer.from(answer.body ?? '', 'base64').equals(bytes), 'octet by octet');
  const part = await account.client.http('GET', path, { headers: { range: 'bytes=2-5' } });
  assert.ok(Buffer.from(part.body ?? '', 'base64').equals(bytes.subarray(2, 6)), 'a range of it');
  await account.client.call('MailExport/set', { accountId: account.id, destroy: [done.id] });
  await exportAll(services, account, 'zip');
  assert.equal((await account.client.http('GET', path)).statusCode, 404);
});

test('exports are kept for a week', async t => {
  let clock = Date.now();
  const services = { ...(await testServices(t)), now: () => clock };
  const account = await filled(services, [{ subject: 'one' }]);
  const old = await exportAll(services, account, 'zip');
  clock += 8 * 86_400_000;
  const { list } = await account.client.call('MailExport/get', { accountId: account.id });
  assert.deepEqual(list, []);
  await exportAll(services, account, 'mbox');
  assert.equal(await services.blobs.head(blobKeys.export(account.id, old.id, 1)), null);
});

test('the bytes of an Email that are missing are told of, and the others exported', async t => {
  const services = await testServices(t);
  const account = await filled(services, [{ subject: 'one' }, { subject: 'two' }]);
  const { emails } = await contentsOf(services, account.id);
  await services.blobs.delete([blobKeys.raw(account.id, emails[0]?.summary.sha256 ?? '')]);
  const done = await exportAll(services, account, 'mbox');
  assert.deepEqual([done.exported, done.missing], [1, 1]);
});

test('names are such as every system takes', () => {
  assert.equal(safeName('a/b\\c:d*e?f"g<h>i|j', 100), 'a_b_c_d_e_f_g_h_i_j');
  assert.equal(safeName('..  ../x\n\u202ey. ', 100), '_x y');
  assert.equal(safeName('aux.txt', 100), '_aux.txt');
  assert.equal(safeName('ä'.repeat(100), 21), 'ä'.repeat(10));
  assert.match(
    emailName({ receivedAt: 0, subject: null, sha256: 'f'.repeat(64) }),
    /^1970-01-01 000000 no subject f{10}\.eml$/,
  );
  const mailbox = { path: null, role: null, sortOrder: 0, isSubscribed: true, selectable: true };
  const paths = mailboxPaths([
    { ...mailbox, id: 'a', name: 'Inbox', parentId: null },
    { ...mailbox, id: 'b', name: 'INBOX', parentId: null },
    { ...mailbox, id: 'c', name: '..', parentId: 'a' },
    { ...mailbox, id: 'd', name: 'Notes.2', parentId: 'a' },
  ]);
  assert.deepEqual([...paths.values()], ['Inbox', 'INBOX (2)', 'Inbox/_', 'Inbox/Notes.2_']);
});

const LATER_MS = 60_000;

/** Runs a job once, killed after so many writes; tells how many it tried. */
async function killed(
  services: Services,
  accountId: string,
  job: { kind: 'import' | 'export'; id: string },
  after: number,
): Promise<number> {
  const dying = mortal(services, after);
  const run = runJob(dying.services, { ...job, accountId }, { deadline: services.now() + 60_000 });
  if (after === Number.POSITIVE_INFINITY) assert.equal(await run, 'done');
  else await assert.rejects(run, Killed, `killed at write ${after}`);
  return dying.effects();
}

async function timed(t: { after(fn: () => void): void }) {
  let clock = Date.now();
  const services: Services = { ...(await testServices(t)), now: () => clock };
  const later = () => {
    clock += LATER_MS;
  };
  const mails = Array.from({ length: 7 }, (_, i) => ({
    subject: `mail ${i}`,
    mailboxIds: i % 3 === 0 ? ['Inbox', 'Archive'] : ['Inbox'],
  }));
  return { services, later, account: await filled(services, mails) };
}

test('an import that is killed at any write, and run again, ends as if it never had been', async t => {
  const { services, later, account } = await timed(t);
  const expected = await contentsOf(services, account.id);
  const file = await fileOf(services, account, await exportAll(services, account, 'mbox'));
  for (let k = -1, effects = 0; k < effects; k++) {
    const again = await newArchive(services);
    const { id } = await askForImport(services, again, file, { folders: true });
    const job = { kind: 'import', id } as const;
    if (k === -1) {
      effects = await killed(services, again.id, job, Number.POSITIVE_INFINITY);
      assert.ok(effects > 10, `${effects} writes`);
    } else {
      await killed(services, again.id, job, k);
      later();
      await finish(services, again.id, job);
    }
    const { list } = await again.client.call('MailImport/get', { accountId: again.id, ids: [id] });
    const { status, imported, duplicates, failed } = list[0] ?? {};
    assert.deepEqual([status, imported, duplicates, failed], ['done', 7, 3, 0], `killed at write ${k}`);
    const { lines, counters } = await contentsOf(services, again.id);
    assert.deepEqual(lines, expected.lines, `killed at write ${k}`);
    assert.deepEqual(counters, expected.counters, `killed at write ${k}`);
    assert.equal(await finish(services, again.id, job), 'gone');
    assert.deepEqual(await queryAll(services.table, keys.duePartition, {}), [], 'nothing is due any more');
  }
});

test('an export that is killed at any write, and run again, has the same octets', async t => {
  const { services, later, account } = await timed(t);
  const accountId = account.id;
  const expected = (await exportAll(services, account, 'zip')).files[0]?.sha256;
  for (let k = -1, effects = 0; k < effects; k++) {
    const { created } = await account.client.call('MailExport/set', {
      accountId,
      create: { e: { type: 'zip' } },
    });
    const { id } = (created as Record<string, MailExport>).e as MailExport;
    const job = { kind: 'export', id } as const;
    if (k === -1) effects = await killed(services, accountId, job, Number.POSITIVE_INFINITY);
    else {
      await killed(services, accountId, job, k);
      later();
      await finish(services, accountId, job);
    }
    const { list } = await account.client.call('MailExport/get', { accountId, ids: [id] });
    const { status, exported, files } = list[0] as unknown as MailExport;
    assert.deepEqual([status, exported, files.length], ['done', 7, 1], `killed at write ${k}`);
    assert.equal(files[0]?.sha256, expected, `killed at write ${k}`);
    await account.client.call('MailExport/set', { accountId, destroy: [id] });
  }
});
