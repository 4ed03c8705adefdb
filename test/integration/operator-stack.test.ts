import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Services, Table } from '../../functions/services.ts';
import { eraseAccount, listAllAccounts, putAccount } from '../../functions/store/accounts.ts';
import { s3Blobs } from '../../functions/store/blobs.ts';
import { putDue } from '../../functions/store/due.ts';
import { newHealth, putHealth } from '../../functions/store/health.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { commit, lastCommit, readLog } from '../../functions/store/log.ts';
import { deleteRow, putRows } from '../../functions/store/table.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { emptyLedger } from '../../functions/sync/ledger.ts';
import { settledDue } from '../../functions/sync/schedule.ts';
import { createTable } from '../../infra/local/create-table.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { runOperator } from '../../infra/operator/commands.ts';
import { type Contents, contentsOf } from '../support/accounts.ts';
import { type AwsStandIn, awsStandIn } from '../support/aws-stand-in.ts';
import { type Answer, faultyAws } from '../support/faulty-aws.ts';
import { addEmails, MAILBOXES, seedAccount } from '../support/jmap.ts';
import { S3RVER, startS3rver } from '../support/s3rver.ts';
import { testServices, testTable } from '../support/table.ts';
import { unzip } from '../support/zip.ts';

const CUSTOMER = 'harbour-books';
const HOUR = 3_600_000;
const resource = (logicalId: string, type: string, physicalId: string) => ({
  ...{ logicalId, type, physicalId, status: 'CREATE_COMPLETE' },
});
const xml = (body: string): Answer => ({
  ...{ status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) },
});

const withoutOrder = ({ lines, counters }: Contents) => ({ lines, counters });

/** As CDK names them; `test/infra` holds the names against the real templates. */
const resources = (endpoint: string) => [
  resource('MailStoreTableAB12', 'AWS::DynamoDB::GlobalTable', 'mailferry'),
  resource('MailStoreMailBucketAB12', 'AWS::S3::Bucket', 'mail'),
  resource('MailStoreLogsBucketAB12', 'AWS::S3::Bucket', 'logs'),
  resource('MailStoreKeyAB12', 'AWS::KMS::Key', 'key-1'),
  resource('IdentityUserPoolAB12', 'AWS::Cognito::UserPool', 'pool-1'),
  resource('SyncPipelineQueueAB12', 'AWS::SQS::Queue', `${endpoint}/1/queue`),
  resource('SyncPipelineDeadLetterQueueAB12', 'AWS::SQS::Queue', `${endpoint}/1/dead`),
  resource('SyncPipelineDispatchFunctionAB12', 'AWS::Lambda::Function', 'dispatch'),
  resource('SyncPipelineSyncFunctionAB12', 'AWS::Lambda::Function', 'sync'),
  resource('DeviceApiHandlerFunctionAB12', 'AWS::Lambda::Function', 'api'),
  resource('MailStoreSweepFunctionAB12', 'AWS::Lambda::Function', 'sweep'),
  resource('CustomS3AutoDeleteObjectsAB12', 'AWS::Lambda::Function', 'cdk-auto-delete'),
  resource('SyncPipelineSyncLogAB12', 'AWS::Logs::LogGroup', '/mailferry/harbour-books/sync'),
  resource('OperationsdeadlettersAB12', 'AWS::CloudWatch::Alarm', 'mailferry-harbour-books-dead-letters'),
];

describe('npm run customer: a stack', () => {
  let folder: string;
  let services: Services;
  let aws: AwsStandIn;
  let s3: string;
  let tableEndpoint: string;
  const ends: (() => unknown)[] = [];
  /** For what is made before all tests and ends after them. */
  const whole = { after: (end?: unknown) => void ends.push(end as () => unknown) };
  const environment: [string, string | undefined][] = [];
  const set = (name: string, value: string) => {
    environment.push([name, process.env[name]]);
    process.env[name] = value;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailferry-operator-'));
    const customer = {
      id: CUSTOMER,
      region: 'eu-west-1',
      awsAccount: '111122223333',
      alarms: { email: 'a@b.example' },
    };
    await mkdir(join(folder, 'customers'));
    await writeFile(join(folder, 'customers', `${CUSTOMER}.json`), JSON.stringify(customer));
    const table = await testTable(whole);
    tableEndpoint = table.endpoint;
    const emulator = await startS3rver(join(folder, 's3'));
    s3 = emulator.endpoint;
    whole.after(() => {
      emulator.server.close();
      emulator.server.closeAllConnections();
    });
    const client = new S3Client({ endpoint: s3, ...S3RVER });
    await client.send(new CreateBucketCommand({ Bucket: 'mail' }));
    whole.after(() => client.destroy());
    services = await testServices(whole, { table, blobs: s3Blobs(client, 'mail') });
    aws = await awsStandIn(whole, table.endpoint, {
      account: '111122223333',
      stack: {
        ...{
          name: `Mailferry-${CUSTOMER}`,
          status: 'UPDATE_COMPLETE',
          isProtected: true,
          resources: [],
        },
        retained: [
          'MailStoreTableAB12',
          'MailStoreMailBucketAB12',
          'MailStoreKeyAB12',
          'IdentityUserPoolAB12',
        ],
      },
    });
    aws.stack.resources = resources(aws.endpoint);
    set('AWS_ENDPOINT_URL', aws.endpoint);
    set('AWS_ENDPOINT_URL_S3', s3);
    set('AWS_ACCESS_KEY_ID', S3RVER.credentials.accessKeyId);
    set('AWS_SECRET_ACCESS_KEY', S3RVER.credentials.secretAccessKey);

    await seedAccount(services, 'a1', { name: 'Post' });
    await addEmails(services, 'a1', [
      { subject: 'one' },
      { subject: 'two', keywords: ['$seen'] },
      { subject: 'three' },
    ]);
    await putAccount(services.table, {
      id: 'a2',
      userId: 'mara',
      name: 'Old mail',
      address: '',
      createdAt: 2,
      protocol: 'archive',
    });
    await commit(services, 'a2', () => ({
      by: 'run',
      mailboxes: { created: MAILBOXES, updated: [], destroyed: [] },
    }));
    await addEmails(services, 'a2', [{ subject: 'of long ago' }]);
    aws.dispatchedAt = Math.floor(Date.now() / 1000) - 60;
  });
  after(async () => {
    for (const [name, value] of environment) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true });
  });

  async function run(...args: string[]) {
    const lines: string[] = [];
    aws.asked.length = 0;
    const io = {
      log: (line: string) => void lines.push(line),
      ask: null,
      now: Date.now,
      sleep: async () => {},
    };
    const code = await runOperator(args, io, { customers: join(folder, 'customers'), out: folder });
    return { code, text: lines.join('\n') };
  }
  /** Operations that change something. */
  const changes = () => aws.asked.filter(one => !/ (Describe|List|Get|Query|Batch|Scan)|S3 GET/.test(one));
  const healthy = { ...newHealth, phase: 'ok' as const, lastSuccessAt: Date.now(), lastPullAt: Date.now() };

  test('status: all is well', async () => {
    await putHealth(services.table, 'a1', { ...healthy, message: 'ok' });
    await putDue(services.table, 'a1', settledDue('a1'));
    const { code, text } = await run('status', CUSTOMER);
    assert.equal(code, 0, text);
    assert.match(text, /UPDATE_COMPLETE/);
    assert.match(text, /accounts +2, 1 archives, 0 paused/);
    assert.match(text, /All is well\./);
    assert.deepEqual(changes(), []);
    assert.equal(aws.asked.filter(one => one.includes('Scan')).length, 0, 'it reads what it needs alone');
  });

  test('status: what waits, fails, rests in quarantine or raises an alarm', async () => {
    const now = Date.now();
    await seedAccount(services, 'b1', { name: 'Refused' });
    await seedAccount(services, 'b2', { name: 'Late' });
    await putHealth(services.table, 'b1', { ...healthy, phase: 'stopped', code: 'authentication' });
    await putHealth(services.table, 'b2', { ...healthy, lastPullAt: now - 5 * HOUR });
    await putDue(services.table, 'b1', settledDue('b1'));
    await putDue(services.table, 'b2', settledDue('b2'));
    const uid = { path: 'Inbox', uid: '7', code: 'unreadable', reason: 'no', sha256: null };
    const quarantined = [{ ...uid, location: 'UID#inbox#1#7' }];
    await commit(services, 'b1', () => ({ by: 'run', quarantined }));
    Object.assign(aws.queue, { deadLetters: 3, waiting: 2, oldest: 1200 });
    aws.alarms = ['mailferry-harbour-books-dead-letters', 'mailferry-harbour-books-2-other'];
    aws.dispatchedAt = 0;
    const { code, text } = await run('status', CUSTOMER, '--json');
    assert.equal(code, 1, text);
    const report = JSON.parse(text);
    assert.deepEqual(report.accounts.failing, { authentication: ['b1'] });
    assert.deepEqual(
      report.accounts.late.map((one: { id: string }) => one.id),
      ['b2'],
    );
    assert.ok(report.accounts.late[0].waits > 4 * HOUR, text);
    assert.deepEqual([report.quarantined, report.deadLetters, report.queue.oldestSeconds], [1, 3, 1200]);
    assert.deepEqual(report.alarms, ['mailferry-harbour-books-dead-letters']);
    assert.equal(report.attention.length, 5, report.attention.join('\n'));
    const table = await run('status', CUSTOMER);
    assert.match(table.text, /authentication +1 +b1/);
    assert.match(table.text, /b2 Late +4 h 5\d min/);
  });

  test('redrive sends dead letters back, and none a second time', async () => {
    const dry = await run('redrive', CUSTOMER, '--dry-run');
    assert.match(dry.text, /Would send 3 dead letters/);
    assert.deepEqual(changes(), []);
    const { code, text } = await run('redrive', CUSTOMER);
    assert.equal(code, 0);
    assert.match(text, /Back in the queue: 3 dead letters/);
    assert.equal(aws.queue.waiting, 5);
    assert.match((await run('redrive', CUSTOMER)).text, /There are no dead letters/);
    assert.deepEqual(changes(), []);
  });

  test('verify: the sync function compares with the source, and every message is looked at', async () => {
    const asked: unknown[] = [];
    aws.invoke = async (name, event) => {
      asked.push(event);
      assert.equal(name, 'sync');
      const { accountId } = (event as { verify: { accountId: string } }).verify;
      return { ...emptyLedger(accountId, accountId), atSource: 3, stored: 3 };
    };
    const good = await run('verify', CUSTOMER);
    assert.equal(good.code, 0, good.text);
    assert.match(good.text, /a1 +3 +3 +0 +0 +0 +0 +3 +holds/);
    assert.match(good.text, /Old mail +0 +0 +0 +0 +0 +0 +1 +holds/);
    assert.deepEqual(asked.length, 3, 'an archive has no source');
    const [email] = await addEmails(services, 'a2', [{ subject: 'damaged' }]);
    const key = blobKeys.raw('a2', email?.sha256 ?? '');
    const raw = Buffer.from((await services.blobs.get(key)) ?? []);
    await services.blobs.put(key, Buffer.from(raw.toString('latin1').replace('B', 'b')));
    const bad = await run('verify', CUSTOMER, '--account', 'a2', '--json');
    assert.equal(bad.code, 1, bad.text);
    assert.equal(JSON.parse(bad.text).accounts[0].findings[0].id, email?.emailId);
    await services.blobs.put(key, raw);
    assert.match(
      (await run('verify', CUSTOMER, '--dry-run')).text,
      /raw bytes of a1 \(Post\), and what its server has/,
    );
    const findings = [{ mailbox: 'INBOX', id: '7', why: 'It is lost.' }];
    aws.invoke = async () => ({ ...emptyLedger('a1', 'a1'), atSource: 1, lost: 1, findings });
    const lost = await run('verify', CUSTOMER, '--account', 'a1');
    assert.equal(lost.code, 1, lost.text);
    assert.equal((await run('verify', CUSTOMER, '--store-only')).code, 0);
  });

  test('stop has no function of ours run, start lets them', async () => {
    const dry = await run('stop', CUSTOMER, '--dry-run');
    assert.match(dry.text, /Would stop sync/);
    assert.deepEqual(changes(), []);
    await run('stop', CUSTOMER);
    assert.deepEqual([...aws.concurrency.keys()].sort(), ['api', 'dispatch', 'sweep', 'sync']);
    assert.deepEqual([...new Set(aws.concurrency.values())], [0]);
    await run('start', CUSTOMER);
    assert.equal(aws.concurrency.size, 0);
  });

  /** The table as it is, under another name: what point-in-time recovery makes. */
  async function recoveredTable(name: string): Promise<Table> {
    const client = tableClient({ endpoint: tableEndpoint, ...LOCAL_AWS });
    whole.after(() => client.destroy());
    await createTable(client, name);
    for await (const { Items = [] } of paginateScan({ client }, { TableName: services.table.name })) {
      await putRows({ client, name }, Items);
    }
    return { client, name };
  }

  test('restore: damaged rows come back, with what came since; an erased account as it was', async t => {
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
  });

  const manifest = async () => JSON.parse(await readFile(join(folder, 'export/manifest.json'), 'utf8'));
  const exportAgain = () => run('export', CUSTOMER, '--to', join(folder, 'export'));

  test('export writes all mail, and its sums are those of the messages', async () => {
    const dry = await run('export', CUSTOMER, '--to', join(folder, 'export'), '--dry-run');
    assert.match(dry.text, /Would write the mail of 4 accounts/);
    assert.equal(await stat(join(folder, 'export')).catch(() => null), null);
    const { code, text } = await exportAgain();
    assert.equal(code, 0, text);
    const written = await manifest();
    assert.deepEqual(
      written.accounts.map((one: { id: string; emails: number }) => [one.id, one.emails]),
      [
        ['a1', 3],
        ['a2', 2],
        ['b1', 0],
        ['b2', 0],
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

  test('export goes on where it was stopped, adds what is new, and replaces what is damaged', async () => {
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
      [4, 2, 0, 0],
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
  });

  test('delete refuses without an export, with an old or a damaged one, and lets the functions go on', async () => {
    await assert.rejects(run('delete', CUSTOMER), /No export was named/);
    await assert.rejects(run('delete', CUSTOMER, '--without-export', 'yes'), /takes the word I-AM-SURE/);
    await assert.rejects(run('delete', CUSTOMER, '--export', folder), /holds no export/);
    const [email] = await addEmails(services, 'a2', [{ subject: 'after the export' }]);
    const withExport = ['delete', CUSTOMER, '--export', join(folder, 'export')];
    await assert.rejects(run(...withExport), /a2 \(Old mail\) has changed since the export/);
    assert.equal(aws.concurrency.size, 0, 'what was stopped runs again');
    await services.blobs.delete([blobKeys.raw('a2', email?.sha256 ?? '')]);
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
  });

  test('delete says what it would do, then leaves nothing, and goes on where it was stopped', async () => {
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
  });

  test('nothing is done in another AWS account', async () => {
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
