import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { markErasing, putAccount } from '../../functions/store/accounts.ts';
import type { MailboxCursor, Receipt } from '../../functions/store/commit.ts';
import { getDue } from '../../functions/store/due.ts';
import { blobKeys, KEPT_HERE, keys, popLocation } from '../../functions/store/keys.ts';
import { deleteRow, getRows, putRows, queryAll } from '../../functions/store/table.ts';
import { sweepAccount } from '../../functions/sweep/account.ts';
import { mayBeThere } from '../../functions/sweep/tombstones.ts';
import { createHandler } from '../../functions/sweep.ts';
import { fileBlobVersions } from '../../infra/local/blob-versions.ts';
import { fileBlobs } from '../../infra/local/file-blobs.ts';
import { seedAccount } from '../support/jmap.ts';
import { aged, agedAccount, assertWhole, DAY_MS, letterOf, watched } from '../support/sweep.ts';
import { testServices } from '../support/table.ts';

const uid = (n: number) => `UID#inbox#1#${String(n).padStart(10, '0')}`;

const cursor = (handled: string): Record<string, MailboxCursor> => ({
  inbox: { status: null, uidValidity: '1', handled, stale: [], doubted: null, stuck: null },
});

const receiptOf = (nth: number, location: string): Receipt => {
  const { sha256, summary } = letterOf(nth);
  const { emailId, size } = summary;
  return { location, emailId, sha256, size, policy: 'whenDestroyed', at: Date.now(), outcome: 'confirmed' };
};

test('a blob goes when it is a week old and nothing names it', async t => {
  const account = await agedAccount(t, 'a1');
  const { services, id, put } = account;
  await seedAccount(services, id);
  await account.store(1, uid(1));
  await put(2);
  await put(3, 6);
  await put(4);
  await put(5);
  await put(6);
  await put(7);
  const { sha256 } = letterOf(4);
  const entry = { location: uid(4), path: 'INBOX', uid: '4', code: 'unreadable', reason: 'no', sha256 };
  await account.commit({ by: 'run', quarantined: [entry] });
  const { summary, sha256: waiting } = letterOf(5);
  const copy = { location: uid(5), emailId: summary.emailId, sha256: waiting, size: summary.size };
  await account.commit({ by: 'run', deleting: [{ ...copy, policy: 'onceStored' }] });
  await account.forgetLog();
  // The log still tells of this one, though nothing else does.
  const remembered = { ...receiptOf(6, uid(6)), outcome: 'gone' as const };
  await account.commit({ by: 'run', receipts: [remembered] });
  await services.blobs.put(`raw/${id}/notes.txt`, Buffer.from('not ours'));
  await account.age(`raw/${id}/notes.txt`, 100);

  assert.deepEqual(await account.sweep(), { rows: 0, blobs: 2, complete: true });
  assert.deepEqual(await account.blobs([1, 2, 3, 4, 5, 6, 7]), [1, 3, 4, 5, 6]);
  assert.ok(await services.blobs.head(`raw/${id}/notes.txt`), 'what is no message is left alone');
  await assertWhole(account);
});

test('an account in which there is nothing to remove is only read', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1');
  for (const nth of [1, 2, 3]) await account.store(nth, uid(nth));
  await account.destroy(3);
  const steps: string[] = [];
  const seen = watched(account.services, (_, name) => void steps.push(name));
  assert.deepEqual(await account.sweep(seen), { rows: 0, blobs: 0, complete: true });
  assert.deepEqual([...new Set(steps)].sort(), ['listed', 'read']);
  assert.ok(steps.length < 15, `${steps.length} steps`);
});

test('what the source destroyed is forgotten with the log, with its bytes, and may come again', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1');
  await account.store(1, uid(1));
  await account.store(2, uid(2));
  await account.commit({ by: 'run', cursors: cursor('1:2') });
  await account.destroy(1);
  await account.commit({ by: 'run', cursors: cursor('2') });
  assert.equal((await account.sweep()).rows, 0, 'the log knows it');
  assert.deepEqual(await account.blobs([1, 2]), [1, 2]);
  await account.forgetLog();
  assert.deepEqual(await account.sweep(), { rows: 1, blobs: 1, complete: true });
  assert.deepEqual(await account.blobs([1, 2]), [2]);
  assert.deepEqual(await account.tombstones([1, 2]), []);
  await account.store(1, uid(3));
  await assertWhole(account, 'after it came again');
});

test('what a device destroyed stays destroyed as long as the source may have it', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1');
  for (const nth of [1, 2, 3, 4]) await account.store(nth, uid(nth));
  await account.commit({ by: 'run', cursors: cursor('1:4') });
  for (const nth of [1, 2, 3]) await account.destroy(nth, 'device');
  // The first waits to be deleted; the second was withdrawn, and is there still; the third was deleted.
  await account.commit({ by: 'run', withdrawn: [uid(2)], receipts: [receiptOf(3, uid(3))] });
  await account.forgetLog();
  assert.deepEqual(await account.sweep(), { rows: 1, blobs: 1, complete: true });
  assert.deepEqual(await account.tombstones([1, 2, 3]), [1, 2]);
  assert.deepEqual(await account.blobs([1, 2, 3, 4]), [1, 2, 4]);
  // The server lists the second no more, and under a new UIDVALIDITY, in which the first waits at another place.
  await account.commit({
    by: 'run',
    cursors: { inbox: { ...cursor('7').inbox, uidValidity: '2' } as MailboxCursor },
    withdrawn: [uid(1)],
    deleting: [{ ...receiptOf(1, uid(1)), location: 'UID#inbox#2#0000000007' }],
  });
  await account.forgetLog();
  assert.equal((await account.sweep()).rows, 1);
  assert.deepEqual(await account.tombstones([1, 2, 3]), [1]);
  assert.deepEqual(await account.blobs([1, 2, 3, 4]), [1, 4]);
});

test('what a device destroyed of a POP account stays so until there is a receipt for every name', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1', { protocol: 'pop' });
  const [first, again, imported] = [popLocation('u1'), popLocation('u1-again'), KEPT_HERE];
  await account.store(1, first);
  const { emailId: id, threadId } = letterOf(1).summary;
  await account.commit({ by: 'run', patched: [{ id, threadId, locations: { [again]: true } }] });
  await account.store(2, imported);
  for (const nth of [1, 2]) await account.destroy(nth, 'device');
  await account.commit({ by: 'run', withdrawn: [first, again], receipts: [receiptOf(1, first)] });
  await account.forgetLog();
  assert.equal((await account.sweep()).rows, 1);
  assert.deepEqual(await account.tombstones([1, 2]), [1]);
  assert.deepEqual(await account.blobs([1, 2]), [1]);
  await account.commit({ by: 'run', receipts: [receiptOf(1, again)] });
  await account.forgetLog();
  assert.equal((await account.sweep()).rows, 1);
  assert.deepEqual(await account.blobs([1, 2]), []);
});

test('an Email that came back keeps its bytes, and rows that came back late do not bring one back', async t => {
  const account = await agedAccount(t, 'a1');
  const { services, id } = account;
  await seedAccount(services, id);
  for (const nth of [1, 2]) await account.store(nth, uid(nth));
  const { emailId, threadId } = letterOf(2).summary;
  const late = [keys.email(id, emailId), keys.thread(id, threadId, emailId)];
  const rows = await getRows(services.table, late);
  for (const nth of [1, 2]) await account.destroy(nth);
  await account.store(1, uid(3));
  await putRows(services.table, rows);
  await account.commit({ by: 'run', cursors: cursor('3') });
  await account.forgetLog();
  assert.deepEqual(await account.sweep(), { rows: 0, blobs: 0, complete: true });
  assert.deepEqual(await account.tombstones([2]), [2]);
  assert.deepEqual(await account.sweep(), { rows: 1, blobs: 1, complete: true });
  assert.deepEqual(await getRows(services.table, late), []);
  assert.deepEqual(await account.blobs([1, 2]), [1]);
  await assertWhole(account);
});

test('nothing goes where the log has forgotten what no row follows from yet', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1');
  await account.store(1, uid(1));
  await account.store(2, uid(2));
  await account.put(3);
  const head = keys.head('a1');
  await putRows(account.services.table, [{ ...head, applied: 1, pushed: 0, emails: 0 }]);
  await deleteRow(account.services.table, keys.log('a1', 1));
  await deleteRow(account.services.table, keys.log('a1', 2));
  assert.deepEqual(await account.sweep(), { rows: 0, blobs: 0, complete: true });
});

test('the mark of a message that left quarantine goes when the log has forgotten it', async t => {
  const account = await agedAccount(t, 'a1');
  await seedAccount(account.services, 'a1');
  await account.store(1, uid(1));
  const entry = { path: 'INBOX', uid: '1', code: 'x', reason: 'x', sha256: null };
  await account.commit({
    by: 'run',
    quarantined: [
      { location: uid(8), ...entry },
      { location: uid(9), ...entry },
    ],
  });
  await account.commit({ by: 'run', released: [uid(8)] });
  assert.equal((await account.sweep()).rows, 0);
  await account.forgetLog();
  assert.equal((await account.sweep()).rows, 1);
  const left = await queryAll(account.services.table, keys.partition('a1'), { prefix: 'QUARANTINE#' });
  assert.deepEqual(
    left.map(({ location }) => location),
    [uid(9)],
  );
});

test('an account that nobody has erased is due again, and what an erased one left behind goes after a month', async t => {
  const account = await agedAccount(t, 'a1');
  const { services } = account;
  const archive = {
    id: 'a1',
    userId: 'mara',
    name: 'a1',
    address: '',
    createdAt: 1,
    protocol: 'archive' as const,
  };
  await putAccount(services.table, archive);
  await markErasing(services.table, archive);
  await account.put(1);
  assert.deepEqual(await account.sweep(), { rows: 0, blobs: 0, complete: true });
  assert.ok(await getDue(services.table, 'a1'), 'a run erases it now');
  await deleteRow(services.table, keys.account('a1'));
  await account.put(2, 20);
  assert.equal((await account.sweep()).blobs, 1);
  assert.deepEqual(await account.blobs([1, 2]), [2]);
});

test('each account has its turn once a week, whatever becomes of the others, and as far as the time goes', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-sweep-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const services = await testServices(t, {
    blobs: fileBlobs(folder),
    blobVersions: fileBlobVersions(folder),
  });
  const accounts = ['a1', 'a2', 'a3', 'a4', 'a5'].map(id => aged(services, folder, id));
  for (const account of accounts) {
    await seedAccount(services, account.id);
    await account.put(1);
  }
  const day = (n: number) => ({ time: new Date(Date.now() + n * DAY_MS).toISOString() });
  const broken = {
    ...services,
    blobVersions: {
      ...services.blobVersions,
      listed(below: string) {
        if (below === blobKeys.raws('a3')) throw new Error('on purpose');
        return services.blobVersions.listed(below);
      },
    },
  };
  const sweep = createHandler(broken);
  let swept = 0;
  let failed = 0;
  for (const n of [0, 1, 2, 3, 4, 5, 6]) {
    await sweep(day(n)).then(
      answer => {
        swept += answer.accounts;
      },
      error => {
        assert.equal(error.code, 'sweep');
        failed += 1;
      },
    );
  }
  assert.equal(failed, 1);
  assert.ok(swept <= 4, 'each once');
  const left = await Promise.all(accounts.map(account => account.blobs([1])));
  assert.deepEqual(left.flat().length, 1, 'all but that of the account that failed');
  const late = await createHandler(services)({ ...day(0), days: 1 }, { getRemainingTimeInMillis: () => 0 });
  assert.deepEqual(late, { accounts: 0, left: 5, rows: 0, blobs: 0 });
  const all = await createHandler(services)({ ...day(0), days: 1 });
  assert.deepEqual(all, { accounts: 5, left: 0, rows: 0, blobs: 1 });
});

test('a location is only known to be empty where a receipt or the cursor says so', () => {
  const inbox = cursor('5:9').inbox as MailboxCursor;
  const there = (location: string, more: Partial<MailboxCursor> | null, receipt?: { c: number }) =>
    mayBeThere(location, { c: 3 }, { receipt, cursors: new Map(more && [['inbox', { ...inbox, ...more }]]) });
  const other = 'UID#inbox#2#0000000005';
  assert.deepEqual(
    [there(uid(5), {}), there(uid(4), {}), there(other, {}), there(other, { stale: ['2'] })],
    [true, false, false, true],
  );
  assert.equal(there(uid(4), { handledFrom: 5 }), true, 'what is below, the rows say');
  assert.equal(there(uid(4), null), true, 'a mailbox of which nothing is known');
  assert.equal(there(popLocation('u1'), {}), true);
  for (const location of [uid(5), popLocation('u1')]) {
    assert.equal(there(location, {}, { c: 4 }), false);
    assert.equal(there(location, {}, { c: 2 }), true, 'stored from there again after it was deleted');
  }
});

test('a sweep whose time is over lets go of what it has seen until then, and the next one of the rest', async t => {
  const account = await agedAccount(t, 'a1');
  const { services } = account;
  await seedAccount(services, 'a1');
  for (const nth of [1, 2, 3]) await account.put(nth);
  const end = Date.now() + 60_000;
  let looks = 0;
  // One look at the clock when it begins, and one for each blob.
  const now = () => (looks++ < 3 ? Date.now() : end);
  assert.deepEqual(await sweepAccount({ ...services, now }, 'a1', end), {
    rows: 0,
    blobs: 2,
    complete: false,
  });
  assert.deepEqual(await account.sweep(), { rows: 0, blobs: 1, complete: true });
});
