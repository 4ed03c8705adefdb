import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Email } from '../../functions/jmap/types.ts';
import type { Call } from '../../pwa/src/jmap/client.ts';
import { MethodRefused, Unreachable } from '../../pwa/src/jmap/errors.ts';
import type { BlobStore } from '../../pwa/src/mailbox/blobs.ts';
import { bodyStep, countBodies } from '../../pwa/src/mailbox/bodies.ts';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { setBudget } from '../../pwa/src/mailbox/keeping.ts';
import { blobsOf, download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

const TEXT = 'x'.repeat(1000);
const part = { size: 1000, name: null, charset: 'utf-8', disposition: null, language: null, location: null };

function withBodies(model: JmapModel, text = TEXT): void {
  for (const [id, email] of model.emails) {
    const html = { ...part, partId: '1', blobId: 'h', type: 'text/html', cid: null };
    model.emails.set(id, {
      ...email,
      htmlBody: [html],
      bodyValues: { 1: { value: text, isEncodingProblem: false, isTruncated: false } },
    } as Email);
  }
}

const noBlobs: BlobStore = blobsOf({});

async function ready(count: number): Promise<{ db: Database; model: JmapModel }> {
  const model = serverWith(count);
  withBodies(model);
  const db = await emptyDevice();
  await download(db, model);
  return { db, model };
}

const kept = async (db: Database) => (await db.getAllKeys('bodies')).map(([, id]) => id).sort();

test('bodies come newest first until all are here', async () => {
  const { db, model } = await ready(130);
  assert.equal(await bodyStep(db, 'A1', model.call, noBlobs), 'more');
  assert.equal((await kept(db)).includes('e130'), true);
  assert.equal((await kept(db)).includes('e1'), false);
  while ((await bodyStep(db, 'A1', model.call, noBlobs)) === 'more');
  assert.deepEqual(await countBodies(db, 'A1'), { kept: 130, wanted: 0 });
  assert.equal((await db.get('feeds', 'A1'))?.bodyBytes, 130_000);
});

test('within a budget the newest are kept, and a newer one takes the place of the oldest', async () => {
  const { db, model } = await ready(60);
  await setBudget(db, 'A1', { octets: 20_000 });
  while ((await bodyStep(db, 'A1', model.call, noBlobs)) === 'more');
  const before = await kept(db);
  assert.equal(before.includes('e60'), true);
  assert.equal(before.includes('e1'), false);
  model.addEmail({ id: 'newest', receivedAt: '2026-12-01T00:00:00Z' });
  withBodies(model);
  await download(db, model);
  while ((await bodyStep(db, 'A1', model.call, noBlobs)) === 'more');
  assert.equal((await kept(db)).includes('newest'), true);
  assert.equal((await db.get('feeds', 'A1'))?.full, true);
  assert.equal((await db.get('feeds', 'A1'))?.bodyBytes, 20_000);
  const asked = model.requests;
  assert.equal(await bodyStep(db, 'A1', model.call, noBlobs), 'full');
  assert.equal(model.requests, asked, 'what is known not to fit is not downloaded again');
});

test('a message that the server cannot answer does not keep the others from coming', async () => {
  const { db, model } = await ready(5);
  const choking: Call = async calls => {
    const ids = calls[0]?.[1].ids as string[] | undefined;
    if (ids?.includes('e3')) throw new MethodRefused('serverFail', 'e3');
    return model.call(calls);
  };
  while ((await bodyStep(db, 'A1', choking, noBlobs)) === 'more');
  assert.deepEqual(await kept(db), ['e1', 'e2', 'e4', 'e5']);
});

test('a body is only here when its pictures are', async () => {
  const { db, model } = await ready(1);
  const picture = { ...part, partId: '2', blobId: 'pic', type: 'image/png', cid: 'boat@sea', size: 500 };
  const other = { ...picture, partId: '3', blobId: 'other', cid: 'unused@sea' };
  const email = model.emails.get('e1');
  assert.ok(email);
  const value = { value: '<img src="cid:boat@sea">', isEncodingProblem: false, isTruncated: false };
  model.emails.set('e1', { ...email, attachments: [picture, other], bodyValues: { 1: value } });
  const cut: BlobStore = { ...blobsOf({}), read: () => Promise.reject(new Unreachable()) };
  await assert.rejects(bodyStep(db, 'A1', model.call, cut), Unreachable);
  assert.deepEqual(await kept(db), []);
  const blobs = blobsOf({ pic: 500, other: 500 });
  while ((await bodyStep(db, 'A1', model.call, blobs)) === 'more');
  assert.deepEqual([...blobs.kept.keys()], ['pic']);
  assert.equal((await db.get('feeds', 'A1'))?.bodyBytes, value.value.length + 500);
});
