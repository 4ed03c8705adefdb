import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { blobKeys, keys, popLocation } from '../../functions/store/keys.ts';
import { queryAll } from '../../functions/store/table.ts';
import { fileBlobVersions } from '../../infra/local/blob-versions.ts';
import { startCloud } from '../../infra/local/cloud.ts';
import { fileBlobs } from '../../infra/local/file-blobs.ts';
import { createHandler as createLocalSweep } from '../../infra/local/sweep.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { aged, DAY_MS, letterOf } from '../support/sweep.ts';
import { testServices } from '../support/table.ts';

test('on one machine what rules of bucket and table remove elsewhere goes, too', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-sweep-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const services = await testServices(t, {
    blobs: fileBlobs(folder),
    blobVersions: fileBlobVersions(folder),
  });
  const account = aged(services, folder, 'a1');
  await seedAccount(services, 'a1', { protocol: 'pop' });
  await account.store(1, popLocation('u1'));
  const sha256 = 'ab'.repeat(32);
  const put = async (key: string, daysAgo: number) => {
    await services.blobs.put(key, Buffer.from(key));
    await account.age(key, daysAgo);
    return key;
  };
  const gone = [
    await put(blobKeys.upload('a1', sha256), 8),
    await put(blobKeys.part('a1', sha256, '2'), 2),
    await put(blobKeys.export('a1', 'x1', 1), 0),
    await put(blobKeys.upload('a2', sha256), 8),
  ];
  const kept = [
    await put(blobKeys.upload('a1', 'cd'.repeat(32)), 6),
    await put(blobKeys.part('a1', sha256, '3'), 0),
  ];
  const clock = { now: Date.now() };
  const sweep = createLocalSweep({ ...services, now: () => clock.now });
  const answer = await sweep({ time: new Date().toISOString(), days: 1 }, {});
  assert.deepEqual(answer, { accounts: 1, left: 0, rows: 0, blobs: 0 });
  const there = await Promise.all([...gone, ...kept].map(key => services.blobs.head(key)));
  assert.deepEqual(
    there.map(found => found !== null),
    [...gone.map(() => false), ...kept.map(() => true)],
  );
  const client = jmapClient(services);
  const subscription = { deviceClientId: 'd1', url: 'http://127.0.0.1:1024/push' };
  const subscribed = await client.call('PushSubscription/set', { create: { p: subscription } });
  assert.ok(subscribed.created, JSON.stringify(subscribed));
  const ofUser = () => queryAll(services.table, keys.userPartition('mara'), {});
  assert.equal((await ofUser()).length, 3, 'the account, the subscription, and how many were made');
  await sweep({ time: new Date().toISOString(), days: 1 }, {});
  assert.equal((await ofUser()).length, 3);
  const log = () => queryAll(services.table, keys.partition('a1'), { prefix: 'LOG#' });
  assert.equal((await log()).length, 2);
  clock.now += 91 * DAY_MS;
  await sweep({ time: new Date().toISOString(), days: 1 }, {});
  assert.deepEqual(await log(), []);
  assert.deepEqual(
    (await ofUser()).map(({ sk }) => sk),
    ['ACCOUNT#a1'],
  );
  await account.destroy(1);
  assert.equal((await log()).length, 1);
});

test('the cloud on one machine runs the sweep in a process of its own, which ends with it', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-sweep-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const ECHO = new URL('./local/echo.ts', import.meta.url).href;
  await writeFile(join(folder, 'index.html'), '');
  const cloud = await startCloud({
    ...{ port: 0, data: join(folder, 'data'), app: folder },
    functions: { api: ECHO, sync: ECHO, dispatch: ECHO },
  });
  t.after(() => cloud.stop());
  const path = join(folder, 'data/blobs', blobKeys.raw('a1', letterOf(1).sha256));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, letterOf(1).raw);
  const before = cloud.pids().length;
  await cloud.sweep();
  assert.ok(await stat(path), 'the account is not known, but the blob is young');
  const old = new Date(Date.now() - 31 * DAY_MS);
  await utimes(path, old, old);
  await cloud.sweep();
  await assert.rejects(stat(path), { code: 'ENOENT' });
  assert.equal(cloud.pids().length, before);
});
