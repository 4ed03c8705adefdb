import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/services.ts';
import { eraseAccount, listAllAccounts } from '../../functions/store/accounts.ts';
import { putDue } from '../../functions/store/due.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { commit, lastCommit, readLog } from '../../functions/store/log.ts';
import { deleteRow, getRows, putRows, setIf } from '../../functions/store/table.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { settledDue } from '../../functions/sync/schedule.ts';
import { createTable } from '../../infra/local/create-table.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { type Contents, contentsOf } from '../support/accounts.ts';
import { type Answer, faultyAws } from '../support/faulty-aws.ts';
import { addEmails, seedAccount } from '../support/jmap.ts';
import { CUSTOMER, deployedCustomer } from '../support/operator.ts';
import { unzip } from '../support/zip.ts';

const xml = (body: string): Answer => ({
  ...{ status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) },
});
const withoutOrder = ({ lines, counters }: Contents) => ({ lines, counters });

test('npm run customer: the mail of a stack', async t => {
  const { folder, services, aws, s3, tableEndpoint, run, changes, set } = await deployedCustomer(t);

  /** The table as it is, under another name: what point-in-time recovery makes. */
  async function recoveredTable(name: string): Promise<Table> {
    const client = tableClient({ endpoint: tableEndpoint, ...LOCAL_AWS });
    t.after(() => client.destroy());
    await createTable(client, name);
    for await (const { Items = [] } of paginateScan({ client }, { TableName: services.table.name })) {
      await putRows({ client, name }, Items);
    }
    return { client, name };
  }

  await t.test(
    'restore: damaged rows come back, with what came since; an erased account as it was',
    async t => {
      await seedAccount(services, 'c1', { name: 'Lost' });
      await addEmails(services, 'c1', [{ subject: 'kept' }, { subject: 'changed' }]);
      await putDue(services.table, 'c1', settledDue('c1'));
      const before = await contentsOf(services, 'c1');
      await recoveredTable('earlier');
      const changed = before.emails.find(({ summary }) => summary.subject === 'changed')?.summary;
      assert.ok(changed, 'it is here');
      const { emailId: id, threadId } = changed;
      const patched = [{ id, threadId, keywords: { $flagged: true } }];
      await commit(services, 'c1', () => ({ by: 'device', patched }));
      const [later] = await addEmails(services, 'c1', [{ subject: 'later' }]);
      const now = await contentsOf(services, 'c1');
      const position = await lastCommit(services, 'c1');

      const damaged = [
        keys.email('c1', id),
        keys.state('c1', id),
        keys.mailbox('c1', 'inbox'),
        keys.account('c1'),
      ];
      for (const key of damaged) await deleteRow(services.table, key);
      const restore = ['restore', CUSTOMER, '--from-table', 'earlier', '--account', 'c1'];
      const noted = keys.log('c1', 1);
      await setIf(services.table, noted, { expires: 7 }, 'attribute_exists(pk)');
      const dry = await run(...restore, '--dry-run');
      assert.match(dry.text, /Would restore c1 from earlier, and on to what came since/);
      const hidden = new Map<string, Uint8Array>();
      const untagged: string[] = [];
      const versions = await faultyAws(t, s3, ({ operation, method, url }) => {
        const key = decodeURIComponent(url.pathname.slice('/mail/'.length));
        if (operation === 'ListObjectVersions') {
          const asked = url.searchParams.get('prefix') ?? '';
          const list = [`<Version><Key>${asked}</Key><VersionId>v1</VersionId></Version>`];
          if (hidden.has(asked))
            list.push(`<DeleteMarker><Key>${asked}</Key><VersionId>m1</VersionId></DeleteMarker>`);
          return async () => xml(`<ListVersionsResult>${list.join('')}</ListVersionsResult>`);
        }
        if (method !== 'DELETE') return null;
        return async () => {
          if (url.searchParams.has('tagging')) untagged.push(key);
          else await services.blobs.put(key, hidden.get(key) ?? new Uint8Array());
          return xml('');
        };
      });
      set('AWS_ENDPOINT_URL_S3', versions.endpoint);
      const forward = await run(...restore);
      assert.equal(forward.code, 0, forward.text);
      assert.deepEqual(withoutOrder(await contentsOf(services, 'c1')), withoutOrder(now));
      assert.equal(await lastCommit(services, 'c1'), position);
      assert.equal((await getRows(services.table, [noted]))[0]?.expires, 7, 'commits stay as they are');
      const asked = await run(...restore, '--back');
      assert.match(asked.text, /c1 +as it was then +2 +0 +0 +1/);
      assert.deepEqual(withoutOrder(await contentsOf(services, 'c1')), withoutOrder(before));
      assert.ok((await lastCommit(services, 'c1')) > position + 100_000, 'a state that no device knows');

      // A person removes the account; S3 hides what it deletes behind a marker.
      for (const { summary } of before.emails) {
        const key = blobKeys.raw('c1', summary.sha256);
        hidden.set(key, (await services.blobs.get(key)) ?? new Uint8Array());
      }
      const laterKey = blobKeys.raw('c1', later?.sha256 ?? '');
      const laterBytes = (await services.blobs.get(laterKey)) ?? new Uint8Array();
      await eraseAccount(services.table, services.blobs, 'c1');
      await services.blobs.put(laterKey, laterBytes);
      const back = await run(...restore, '--unnamed', join(folder, 'unnamed'));
      set('AWS_ENDPOINT_URL_S3', s3);
      assert.equal(back.code, 0, back.text);
      assert.match(back.text, /c1 +as it was then +2 +2 +0 +1/);
      assert.equal(untagged.length, 3, 'the sweep’s tag is gone');
      assert.deepEqual(withoutOrder(await contentsOf(services, 'c1')), withoutOrder(before));
      const saved = await readFile(join(folder, 'unnamed/c1', `${later?.sha256}.eml`), 'utf8');
      assert.match(saved, /Body of later\./);
      await assert.rejects(readLog(services, 'c1', position), { code: 'unknown-state' });
      await addEmails(services, 'c1', [{ subject: 'later' }]);
      assert.equal((await contentsOf(services, 'c1')).emails.length, 3);
      assert.equal((await run('verify', CUSTOMER, '--account', 'c1', '--store-only')).code, 0);
      await run('start', CUSTOMER);
      await eraseAccount(services.table, services.blobs, 'c1');
    },
  );

  const manifest = async () => JSON.parse(await readFile(join(folder, 'export/manifest.json'), 'utf8'));
  const exportAgain = () => run('export', CUSTOMER, '--to', join(folder, 'export'));

  await t.test('export writes all mail, and its sums are those of the messages', async () => {
    const dry = await run('export', CUSTOMER, '--to', join(folder, 'export'), '--dry-run');
    assert.match(dry.text, /Would write the mail of 2 accounts/);
    assert.equal(await stat(join(folder, 'export')).catch(() => null), null);
    const { code, text } = await exportAgain();
    assert.equal(code, 0, text);
    const written = await manifest();
    assert.deepEqual(
      written.accounts.map((one: { id: string; emails: number }) => [one.id, one.emails]),
      [
        ['a1', 3],
        ['a2', 1],
      ],
    );
    const files = await unzip(await readFile(join(folder, 'export/a1/export-1.zip')));
    const index = (await readFile(join(folder, 'export/a1/index.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    const two = index.find(({ keywords }) => keywords.includes('$seen'));
    assert.match(files.get(two.files[0])?.toString() ?? '', /Body of two\./);
    assert.deepEqual([two.mailboxes, two.zip], [['Inbox'], 'a1/export-1.zip']);
  });

  await t.test(
    'export goes on where it was stopped, adds what is new, and replaces what is damaged',
    async () => {
      const first = await readFile(join(folder, 'export/a1/export-1.zip'));
      await addEmails(services, 'a1', [{ subject: 'four' }]);
      await writeFile(join(folder, 'export/a2/export-1.zip'), 'broken');
      const { code, text } = await exportAgain();
      assert.equal(code, 0, text);
      assert.match(text, /a2\/export-1\.zip is not what was written/);
      assert.ok(
        (await readFile(join(folder, 'export/a1/export-1.zip'))).equals(first),
        'it is not written twice',
      );
      assert.deepEqual(
        [...(await unzip(await readFile(join(folder, 'export/a1/export-2.zip')))).keys()].length,
        2,
      );
      const { accounts, verifiedAt } = await manifest();
      assert.deepEqual(
        accounts.map((one: { emails: number }) => one.emails),
        [4, 1],
      );
      assert.ok(verifiedAt !== null, 'verified');
      await exportAgain();
      assert.deepEqual((await manifest()).accounts, accounts);
      // As a kill leaves it: files without an index, and a half-written one.
      const [a1, ...others] = accounts;
      const half = {
        ...(await manifest()),
        verifiedAt: null,
        accounts: [{ ...a1, commit: null, index: null }, ...others],
      };
      await writeFile(join(folder, 'export/manifest.json'), JSON.stringify(half));
      await writeFile(join(folder, 'export/a1/export-3.zip.part'), 'half');
      await exportAgain();
      assert.deepEqual((await manifest()).accounts, accounts);
    },
  );

  await t.test(
    'delete refuses without an export, with an old or a damaged one, and lets the functions go on',
    async () => {
      await assert.rejects(run('delete', CUSTOMER), /No export was named/);
      await assert.rejects(run('delete', CUSTOMER, '--without-export', 'yes'), /takes the word I-AM-SURE/);
      await assert.rejects(run('delete', CUSTOMER, '--export', folder), /holds no export/);
      const [email] = await addEmails(services, 'a2', [{ subject: 'after the export' }]);
      const withExport = ['delete', CUSTOMER, '--export', join(folder, 'export')];
      await assert.rejects(run(...withExport), /a2 \(Old mail\) has changed since the export/);
      assert.equal(aws.concurrency.size, 0, 'what was stopped runs again');
      const key = blobKeys.raw('a2', email?.sha256 ?? '');
      const raw = Buffer.from((await services.blobs.get(key)) ?? []);
      await services.blobs.put(key, raw.fill('x', 0, 1));
      const damaged = await exportAgain();
      assert.equal(damaged.code, 1, damaged.text);
      await services.blobs.delete([key]);
      const { code, text } = await exportAgain();
      assert.equal(code, 1, text);
      await assert.rejects(run(...withExport), /the raw bytes of 1 message are missing/);
      assert.equal(aws.stack.status, 'UPDATE_COMPLETE');
      assert.deepEqual(
        changes().filter(one => !/concurrency/.test(one)),
        [],
      );
      await addEmails(services, 'a2', [{ subject: 'after the export' }]);
      assert.equal((await exportAgain()).code, 0);
    },
  );

  await t.test(
    'delete says what it would do, then leaves nothing, and goes on where it was stopped',
    async () => {
      set('AWS_ENDPOINT_URL_S3', aws.endpoint);
      const object = (key: string, version: string, isMarker = false) => ({ key, version, isMarker });
      aws.buckets.set('mail', [object('raw/1', 'v1'), object('raw/1', 'v2'), object('raw/2', 'm1', true)]);
      aws.buckets.set('logs', [object('log', 'null')]);
      aws.userPools.set('pool-1', { isProtected: true, domain: 'mailferry-sign-in' });
      aws.keys.set('key-1', 'Enabled');
      const ours = [
        '/mailferry/harbour-books/sync',
        '/mailferry/harbour-books/late',
        '/aws/lambda/cdk-auto-delete',
      ];
      const theirs = ['/mailferry/harbour-books-2/sync', '/aws/lambda/cdk-auto-delete-2'];
      aws.logGroups = new Set([...ours, ...theirs]);
      aws.parameters = new Set(['/mailferry/harbour-books/google', '/mailferry/harbour-books-2/google']);
      const withExport = ['delete', CUSTOMER, '--export', join(folder, 'export')];

      const dry = await run(...withExport, '--dry-run');
      assert.deepEqual(changes(), []);
      assert.match(dry.text, /Would: Delete the stack Mailferry-harbour-books\n/);
      assert.ok(dry.text.indexOf('the table') < dry.text.indexOf('of the key'), dry.text);

      // DynamoDB does not answer: the command ends there, and goes on when it is run again.
      Object.defineProperty(aws, 'hasRecovery', {
        configurable: true,
        set: () => {
          throw new Error('The connection is lost.');
        },
      });
      await assert.rejects(run(...withExport));
      assert.equal(aws.stack.status, 'DELETE_COMPLETE');
      assert.ok(aws.buckets.has('mail'), 'it stopped before the bucket');
      Object.defineProperty(aws, 'hasRecovery', { value: true, writable: true });

      const { code, text } = await run(...withExport, '--key-days', '7');
      assert.equal(code, 0, text);
      assert.deepEqual([...aws.buckets.keys()], []);
      assert.deepEqual([...aws.userPools.keys()], []);
      assert.deepEqual([...aws.keys], [['key-1', 'PendingDeletion']]);
      assert.deepEqual([...aws.logGroups].sort(), theirs.sort());
      assert.deepEqual([...aws.parameters], ['/mailferry/harbour-books-2/google']);
      assert.equal(aws.hasRecovery, false);
      await assert.rejects(listAllAccounts(services.table), { name: 'ResourceNotFoundException' });
      const again = await run(...withExport);
      assert.equal(again.code, 0, again.text);
    },
  );

  await t.test('nothing is done in another AWS account', async () => {
    aws.account = '999999999999';
    await assert.rejects(
      run('delete', CUSTOMER, '--without-export', 'I-AM-SURE'),
      /There is no stack|999999999999/,
    );
    aws.stack.status = 'UPDATE_COMPLETE';
    await assert.rejects(run('status', CUSTOMER), /of the AWS account 999999999999/);
    assert.ok((await readdir(folder)).includes('export'), 'the export stays');
  });
});
