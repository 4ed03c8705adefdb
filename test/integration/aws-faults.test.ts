import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { blobLimits, tableLimits } from '../../functions/aws-clients.ts';
import type { Services } from '../../functions/services.ts';
import { s3BlobVersions } from '../../functions/store/blob-versions.ts';
import { s3Blobs } from '../../functions/store/blobs.ts';
import { getHealth } from '../../functions/store/health.ts';
import { takeJob } from '../../functions/store/jobs.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import { catchUp, commit, readLog } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { getRows, putRows, queryAll } from '../../functions/store/table.ts';
import { tableClient } from '../../functions/store/table-client.ts';
import { createHandler } from '../../functions/sync.ts';
import { LOCAL_AWS } from '../../infra/local/local-aws.ts';
import { contentsOf, pull, testAccount } from '../support/accounts.ts';
import {
  type Asked,
  cutAfter,
  cutBefore,
  cutMidway,
  emptyPages,
  type Fault,
  faultyAws,
  followsEmptyPage,
  late,
  refused,
  unprocessed,
} from '../support/faulty-aws.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { memoryServer } from '../support/memory-source.ts';
import { S3RVER, startS3rver } from '../support/s3rver.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { aged, assertWhole, letterOf } from '../support/sweep.ts';
import { type TestServices, testServices, testTable } from '../support/table.ts';
import { versionedBucket } from '../support/versions.ts';

/** How long a client waits here, where it waits two seconds on AWS. */
const PATIENCE_MS = 1_000;
/** Of the pull; one of them is large. */
const MESSAGES = 18;
const UID = (n: number) => `UID#inbox#1#${String(n).padStart(10, '0')}`;

const throttled = refused(400, 'ProvisionedThroughputExceededException');
const broken = refused(500, 'InternalServerError');
const slowDown = refused(503, 'SlowDown');
const tooLate = late(PATIENCE_MS * 1.3);
/** Faults that pass, because what is asked again succeeds. What `cutAfter` and `tooLate` fail was executed. */
const TABLE_FAULTS: Record<string, readonly Fault[]> = {
  GetItem: [cutBefore, broken],
  PutItem: [cutAfter, throttled, broken, cutBefore, tooLate],
  UpdateItem: [cutAfter, refused(400, 'ThrottlingException')],
  DeleteItem: [cutAfter],
  Query: [emptyPages, cutAfter, broken, throttled],
  BatchGetItem: [unprocessed(1), unprocessed(0), cutBefore],
  BatchWriteItem: [unprocessed(7), unprocessed(0), cutAfter, throttled],
};
const S3_FAULTS: Record<string, readonly Fault[]> = {
  PutObject: [slowDown, cutAfter, refused(500, 'InternalError'), cutBefore],
  GetObject: [cutMidway, cutMidway, cutAfter],
  HeadObject: [cutBefore],
  DeleteObjects: [cutAfter, slowDown],
  ListObjectsV2: [cutBefore],
  ListObjectVersions: [cutAfter, slowDown],
  PutObjectTagging: [cutAfter, refused(500, 'InternalError')],
};

/**
 * Every other first try of an operation meets its next fault, until it had each of them; a second try never does. `met` says how often each came up.
 */
function everyOther(faults: Record<string, readonly Fault[]>) {
  const counts = new Map<string, number>();
  const met = new Map<Fault, number>();
  const choose = (asked: Asked): Fault | null => {
    const { operation, attempt } = asked;
    if (followsEmptyPage(asked)) return emptyPages;
    if (attempt > 1) return null;
    const count = counts.get(operation) ?? 0;
    counts.set(operation, count + 1);
    const ofIt = faults[operation] ?? [];
    const fault = count % 2 === 0 ? ofIt[count / 2] : undefined;
    if (fault) met.set(fault, (met.get(fault) ?? 0) + 1);
    return fault ?? null;
  };
  return { choose, met };
}

describe('AWS that fails', () => {
  let clean: TestServices;
  let faulty: TestServices;
  /** Another process: clients of its own. */
  let another: Services;
  let folder: string;
  const bucket = versionedBucket();
  const ended: (() => unknown)[] = [];
  const suite = {
    after: (end?: unknown) => void (typeof end === 'function' && ended.push(end as () => unknown)),
  };
  let onTable: (asked: Asked) => Fault | null = () => null;
  let onBlobs: (asked: Asked) => Fault | null = () => null;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailferry-faults-'));
    const table = await testTable(suite);
    const s3rver = await startS3rver(join(folder, 's3'));
    const versioned = await faultyAws(suite, s3rver.endpoint, () => bucket.fault);
    const blobsOf = (endpoint: string) => {
      const { requestHandler } = blobLimits;
      const limits = { ...blobLimits, requestHandler: { ...requestHandler, socketTimeout: PATIENCE_MS } };
      const client = new S3Client({ endpoint, ...S3RVER, ...limits });
      ended.push(() => client.destroy());
      return { blobs: s3Blobs(client, 'mail'), blobVersions: s3BlobVersions(client, 'mail'), client };
    };
    const { client, ...stored } = blobsOf(versioned.endpoint);
    await client.send(new CreateBucketCommand({ Bucket: 'mail' }));
    clean = await testServices(suite, { table, ...stored });
    const faultyTable = await faultyAws(suite, table.endpoint, asked => onTable(asked));
    const faultyBlobs = await faultyAws(suite, versioned.endpoint, asked => onBlobs(asked));
    const throughFaults = (): Services => {
      const { requestHandler } = tableLimits;
      const patience = { requestTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS };
      const limits = { ...tableLimits, requestHandler: { ...requestHandler, ...patience } };
      const { client: _, ...services } = blobsOf(faultyBlobs.endpoint);
      const own = tableClient({ endpoint: faultyTable.endpoint, ...LOCAL_AWS, ...limits });
      ended.push(() => own.destroy());
      return { ...clean, ...services, table: { client: own, name: table.name } };
    };
    faulty = { ...clean, ...throughFaults() };
    another = throughFaults();
    ended.push(() => {
      s3rver.server.close();
      s3rver.server.closeAllConnections();
    });
  });
  after(async () => {
    for (const end of ended.reverse()) await end();
    await rm(folder, { recursive: true, force: true });
  });

  const noFaults = () => {
    onTable = () => null;
    onBlobs = () => null;
  };

  test('a pull through every fault stores what a pull without any does, and nothing twice', async () => {
    const table = everyOther(TABLE_FAULTS);
    const blobs = everyOther(S3_FAULTS);
    const rawOf = (content: number) =>
      Buffer.from(
        `Message-ID: <${content}@example.org>\r\nSubject: m${content}\r\n\r\n${content === 7 ? 'x'.repeat(4_300_000) : content}\r\n`,
      );
    const server = memoryServer({ objectIds: false, modseq: true, constantValidity: false, rawOf });
    for (let i = 0; i < MESSAGES; i++) server.append(i % 3 ? 'INBOX' : 'Work', i, i % 2 ? ['$seen'] : []);
    const login = { protocol: 'imap', port: 1, username: 'mara', password: 'x' } as const;
    let clock = Date.now();
    const pullBoth = async () => {
      clock += 30 * 60_000;
      const now = () => clock;
      const open = async () => server.source();
      [onTable, onBlobs] = [table.choose, blobs.choose];
      assert.equal(await pull({ ...faulty, now }, 'bad', { open }), 'done', 'the faults pass by');
      noFaults();
      assert.equal(await pull({ ...clean, now }, 'good', { open }), 'done');
    };
    await testAccount(clean, 'bad', login);
    await testAccount(clean, 'good', login);
    await pullBoth();
    for (const nth of [0, 2, 4]) server.flag('INBOX', nth, '$flagged', true);
    server.move('INBOX', 1, 'Work');
    server.expunge('INBOX', 3);
    server.append('INBOX', 30);
    await pullBoth();

    const [bad, good] = [await contentsOf(clean, 'bad'), await contentsOf(clean, 'good')];
    assert.equal(bad.lines.length, MESSAGES);
    assert.deepEqual([bad.lines, bad.counters], [good.lines, good.counters]);
    assert.equal((await catchUp(clean, 'bad')).emails, MESSAGES);
    const log = await readLog(clean, 'bad', 0);
    assert.equal(new Set(log.map(({ nonce }) => nonce)).size, log.length);
    const created = log.flatMap(entry => entry.created.map(({ id }) => id));
    assert.equal(new Set(created).size, created.length, 'each Email is created once');
    for (const { summary, raw } of bad.emails) {
      assert.equal(createHash('sha256').update(raw).digest('hex'), summary.sha256);
    }
    const unmet = [cutAfter, cutBefore, emptyPages, throttled, broken, tooLate].filter(
      fault => !table.met.has(fault),
    );
    assert.equal(unmet.length, 0, 'each fault came up');
    assert.ok([...blobs.met.values()].length >= 3, 'blobs met theirs');
  });

  test('commits that race through lost answers are each there once', async () => {
    await seedAccount(clean, 'race');
    const { choose, met } = everyOther({
      PutItem: [cutAfter, throttled, tooLate, cutAfter, cutAfter],
      UpdateItem: [cutAfter, cutBefore, cutAfter],
      BatchWriteItem: [cutAfter, unprocessed(1)],
      Query: [emptyPages],
    });
    onTable = choose;
    const write = async (services: Services, nth: number) => {
      const { raw, sha256, summary } = letterOf(nth);
      await clean.blobs.put(blobKeys.raw('race', sha256), raw);
      const { emailId: id, threadId } = summary;
      const email = { id, sha256, threadId, mailboxIds: ['inbox'], keywords: [], locations: [UID(nth)] };
      const done = await commit(services, 'race', () => ({ by: 'run', created: [email] }));
      assert.equal(done?.created[0]?.id, id);
    };
    const writer = async (services: Services, from: number) => {
      for (let nth = from; nth < from + 7; nth++) await write(services, nth);
    };
    await Promise.all([writer(faulty, 100), writer(another, 200)]);
    noFaults();
    const { applied, emails } = await catchUp(clean, 'race');
    const log = await readLog(clean, 'race', 0);
    const created = log.flatMap(entry => entry.created.map(({ id }) => id));
    assert.deepEqual([created.length, new Set(created).size, emails], [14, 14, 14]);
    assert.equal(log.length, applied);
    const inbox = (await listMailboxes(clean.table, 'race')).find(({ id }) => id === 'inbox');
    assert.deepEqual([inbox?.totalEmails, inbox?.unreadEmails], [14, 14]);
    assert.ok((met.get(cutAfter) ?? 0) > 3, 'answers were lost');
  });

  test('a lease of a job whose answer was lost is one’s own', async () => {
    const name = { kind: 'export', accountId: 'race', id: 'x1' } as const;
    const row = { id: 'x1', createdAt: 0, leaseOwner: null, leaseUntil: 0, attempts: 0 };
    await putRows(clean.table, [{ ...keys.export('race', 'x1'), ...row }]);
    onTable = everyOther({ UpdateItem: [cutAfter] }).choose;
    const now = Date.now();
    const take = (owner: string) => takeJob(faulty.table, name, { owner, now, until: now + 20_000 });
    assert.equal(await take('me'), true);
    assert.equal(await take('you'), false);
    noFaults();
    const [stored] = await getRows(clean.table, [keys.export('race', 'x1')]);
    assert.deepEqual([stored?.leaseOwner, stored?.attempts], ['me', 1]);
  });

  test('the sweep through every fault and a stale listing takes what nobody names, and nothing else', async () => {
    await seedAccount(clean, 'sweep');
    const account = aged(clean, folder, 'sweep', bucket.age);
    for (const nth of [1, 2, 3]) await account.store(nth, UID(nth));
    await account.destroy(3);
    for (const nth of [5, 6, 7]) await account.put(nth);
    const [five = '', six = '', seven = ''] = [5, 6, 7].map(account.key);
    await account.put(8, 0);
    const cursor = { status: null, uidValidity: '1', handled: '1:2', stale: [], doubted: null, stuck: null };
    await account.commit({ by: 'run', cursors: { inbox: cursor } });
    await account.forgetLog();
    [onTable, onBlobs] = [everyOther(TABLE_FAULTS).choose, everyOther(S3_FAULTS).choose];
    // 8 and 7 are the newest: a listing that has not heard of them leaves them for another day.
    bucket.hideNewest(2);
    const first = await account.sweep(faulty);
    assert.deepEqual([first.complete, bucket.discarded().includes(seven)], [true, false]);
    bucket.hideNewest(0);
    // Put again since, as by a run that found it once more: what was tagged is not the blob any more.
    await account.put(6, 0);
    await account.sweep(faulty);
    noFaults();
    await account.sweep();
    const kept = [1, 2, 8].map(account.key).concat(six);
    assert.deepEqual(bucket.discarded().sort(), [account.key(3), five, seven].sort());
    assert.ok(
      kept.every(key => !bucket.discarded().includes(key)),
      'what is named, or young, stays',
    );
    await assertWhole(account, 'after the sweep');
  });

  test('blobs go and come through faults, files and streams too', async () => {
    const path = join(folder, 'large.eml');
    const bytes = Buffer.alloc(300_000, 'mail ');
    await writeFile(path, bytes);
    onBlobs = ({ operation, attempt }) =>
      operation === 'PutObject' && attempt === 1 ? (puts.shift() ?? null) : null;
    const puts: Fault[] = [refused(503, 'SlowDown'), cutAfter];
    await faulty.blobs.putFile('raw/a/file.eml', path);
    assert.equal(puts.length, 0, 'it was sent three times');
    const chunks = async function* () {
      for (let i = 0; i < 9; i++) yield Buffer.alloc(1_000_000, i);
    };
    puts.push(refused(500, 'InternalError'), cutBefore);
    assert.deepEqual(await faulty.blobs.putStream('raw/a/stream.eml', chunks()), { size: 9_000_000 });
    onBlobs = everyOther(S3_FAULTS).choose;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.equal(await faulty.blobs.verify('raw/a/file.eml', sha256, bytes.length), true);
    assert.deepEqual(Buffer.from((await faulty.blobs.get('raw/a/file.eml')) ?? []), bytes);
    const listed: string[] = [];
    for await (const key of faulty.blobs.list('raw/a/')) listed.push(key);
    assert.deepEqual(listed.sort(), ['raw/a/file.eml', 'raw/a/stream.eml']);
    const faults = onBlobs;
    const sums: boolean[] = [];
    onBlobs = asked => {
      const md5 = createHash('md5').update(asked.body).digest('base64');
      if (asked.operation === 'DeleteObjects') sums.push(asked.headers['content-md5'] === md5);
      return faults(asked);
    };
    await faulty.blobs.delete(listed);
    noFaults();
    assert.deepEqual(sums, [true, true], 'each try has the sum that stores other than S3 insist on');
    assert.equal(await clean.blobs.head('raw/a/file.eml'), null);
  });

  test('what does not pass comes to an end within the time of a function', async () => {
    const tries = new Map<string, number>();
    const counted = (fault: (asked: Asked) => Fault | null) => (asked: Asked) => {
      const found = fault(asked);
      if (found) tries.set(asked.operation, (tries.get(asked.operation) ?? 0) + 1);
      return found;
    };
    const silence: Fault = () => new Promise(() => {});
    onTable = counted(({ operation }) => {
      if (operation === 'BatchWriteItem' || operation === 'BatchGetItem') return unprocessed(0);
      return operation === 'Query' ? silence : null;
    });
    onBlobs = counted(() => refused(503, 'SlowDown'));
    const path = join(folder, 'large.eml');
    const startedAt = performance.now();
    await Promise.all([
      assert.rejects(putRows(faulty.table, [{ ...keys.head('end'), applied: 1 }]), { code: 'overloaded' }),
      assert.rejects(getRows(faulty.table, [keys.head('end')]), { code: 'overloaded' }),
      assert.rejects(queryAll(faulty.table, keys.partition('end'), {}), { name: 'TimeoutError' }),
      assert.rejects(faulty.blobs.get('raw/a/b.eml'), { name: 'SlowDown' }),
      assert.rejects(faulty.blobs.putFile('raw/a/c.eml', path), { name: 'SlowDown' }),
    ]);
    assert.ok(performance.now() - startedAt < 10_000, 'within what a run leaves for its last commit');
    noFaults();
    assert.deepEqual(Object.fromEntries(tries), {
      ...{ BatchWriteItem: 8, BatchGetItem: 8, Query: tableLimits.maxAttempts },
      ...{ GetObject: blobLimits.maxAttempts, PutObject: 3 },
    });
    const { maxAttempts, requestHandler } = tableLimits;
    const pauses = 100 * (2 ** (maxAttempts - 1) - 1);
    assert.ok(maxAttempts * requestHandler.requestTimeout + pauses < 10_000, 'so it is with the real limits');
  });

  test('no fault carries what AWS said of it into a log, the health or an answer', async t => {
    const SECRET = 'the subject of a letter';
    const { port, close } = await startScriptedPopServer({ mails: [] });
    t.after(close);
    await testAccount(clean, 'leak', { protocol: 'pop', port, username: 'mara', password: 'x' });
    const logged: unknown[] = [];
    for (const level of ['error', 'warn', 'info'] as const) {
      t.mock.method(Logger.prototype, level, (...args: unknown[]) => void logged.push(args));
    }
    onTable = ({ operation, body }) =>
      operation === 'Query' && body.includes('ACCOUNT#leak')
        ? refused(400, 'ValidationException', SECRET)
        : null;
    const record = { messageId: 'm1', body: JSON.stringify({ accounts: ['leak'], reason: 'due' }) };
    const answer = await createHandler(faulty)({ Records: [record] } as never);
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: 'm1' }] });
    const { methodResponses } = await jmapClient(faulty).request([['Email/query', { accountId: 'leak' }]]);
    noFaults();
    assert.match(JSON.stringify(methodResponses), /serverFail/);
    assert.ok(logged.length >= 2, inspect(logged, { depth: 20 }));
    const said = [logged, methodResponses, await getHealth(clean.table, 'leak')].map(one =>
      inspect(one, { depth: 20 }),
    );
    assert.doesNotMatch(said.join(), /subject|letter/);
  });
});
