import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Database as Sqlite, Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import type { Email } from '../../functions/jmap/types.ts';

import { bodyStep } from '../../pwa/src/mailbox/bodies.ts';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { forgetAccounts } from '../../pwa/src/mailbox/feed.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { find } from '../../pwa/src/search/find.ts';
import { followAccounts, followStep } from '../../pwa/src/search/follow.ts';
import { countComplete, prepare } from '../../pwa/src/search/index-db.ts';
import { parseQuery, toFts } from '../../pwa/src/search/query.ts';
import { blobsOf, download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

let sqlite3: Sqlite3Static;
before(async () => {
  const { default: init } = await import('@sqlite.org/sqlite-wasm');
  sqlite3 = await init();
});

function emptyIndex(): Sqlite {
  const sqlite = new sqlite3.oo1.DB(':memory:');
  prepare(sqlite);
  return sqlite;
}

const found = (sqlite: Sqlite, typed: string) =>
  find(sqlite, { ...toFts(parseQuery(typed)), conditions: [], limit: 100, before: null }).map(hit => hit.id);

async function follow(db: Database, sqlite: Sqlite): Promise<void> {
  while (await followStep(db, sqlite));
}

async function downloadBodies(db: Database, model: JmapModel): Promise<void> {
  while ((await bodyStep(db, 'A1', model.call, blobsOf({}))) === 'more');
}

function withBody(model: JmapModel, id: string, text: string): void {
  const textBody = [
    {
      ...{ partId: '1', blobId: 'b', size: text.length, name: null, type: 'text/html', charset: 'utf-8' },
      ...{ disposition: null, cid: null, language: null, location: null },
    },
  ];
  const value = { value: text, isEncodingProblem: false, isTruncated: false };
  model.emails.set(id, { ...model.emails.get(id), textBody, bodyValues: { 1: value } } as Email);
}

test('the index follows what comes, changes and goes, and an Email is found by its body once that is here', async () => {
  const model = serverWith(3);
  withBody(model, 'e2', '<p>Treasure is&nbsp;buried</p>');
  model.addEmail({ id: 'x1', subject: 'Chart of the bay', preview: 'a first line' });
  const db = await emptyDevice();
  const sqlite = emptyIndex();
  await download(db, model);
  await follow(db, sqlite);
  assert.deepEqual(found(sqlite, 'chart first'), ['x1']);
  assert.deepEqual([found(sqlite, 'treasure'), countComplete(sqlite)], [[], 0]);
  await downloadBodies(db, model);
  await follow(db, sqlite);
  assert.deepEqual([found(sqlite, 'treasure buried'), countComplete(sqlite)], [['e2'], 4]);
  model.destroy('e2');
  await download(db, model);
  await follow(db, sqlite);
  assert.deepEqual([found(sqlite, 'treasure'), countComplete(sqlite)], [[], 3]);
  assert.equal(await db.count('unindexed'), 0);
  await forgetAccounts(db, ['A1']);
  await followAccounts(db, sqlite);
  assert.deepEqual([found(sqlite, 'chart'), countComplete(sqlite)], [[], 0]);
});

test('flags are found as they are shown, before the server knows of them', async () => {
  const model = serverWith(2);
  const db = await emptyDevice();
  const sqlite = emptyIndex();
  await download(db, model);
  await downloadBodies(db, model);
  await follow(db, sqlite);
  const starred = () => {
    const { conditions } = parseQuery('is:starred');
    const typed = { match: null, exclude: null, limit: 9, before: null };
    return find(sqlite, { ...typed, conditions: conditions as [] }).map(hit => hit.id);
  };
  assert.deepEqual(starred(), []);
  await enqueue(db, { accountId: 'A1', action: 'star', update: { e1: { 'keywords/$flagged': true } } });
  await follow(db, sqlite);
  assert.deepEqual([starred(), countComplete(sqlite)], [['e1'], 2]);
});

test('a lost index is made again, one that was stopped anywhere goes on, and neither misses a change', async () => {
  const model = serverWith(130);
  for (const id of model.emails.keys()) withBody(model, id, `number ${id}`);
  const db = await emptyDevice();
  await download(db, model);
  await downloadBodies(db, model);
  await follow(db, emptyIndex());
  const sqlite = emptyIndex();
  for (let step = 0; step < 3; step += 1) await followStep(db, sqlite);
  const partly = countComplete(sqlite);
  assert.ok(partly > 0 && partly < 130, `${partly} after three steps`);
  assert.deepEqual(found(sqlite, 'e130'), ['e130']);
  model.destroy('e130');
  model.addEmail({ id: 'late', subject: 'latecomer' });
  await download(db, model);
  await follow(db, sqlite);
  assert.equal(countComplete(sqlite), 129);
  assert.deepEqual(
    [found(sqlite, 'e130'), found(sqlite, 'latecomer'), found(sqlite, '"e7"')],
    [[], ['late'], ['e7']],
  );
});

test('a change that comes while the one before is indexed is not lost', async () => {
  const model = serverWith(1);
  const db = await emptyDevice();
  const sqlite = emptyIndex();
  await download(db, model);
  await downloadBodies(db, model);
  await followStep(db, sqlite);
  const [step] = [followStep(db, sqlite), model.destroy('e1'), download(db, model)];
  await step;
  await download(db, model);
  await follow(db, sqlite);
  assert.equal(countComplete(sqlite), 0);
});
