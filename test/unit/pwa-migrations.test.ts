import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Email } from '../../functions/jmap/types.ts';
import { bodyStep } from '../../pwa/src/mailbox/bodies.ts';
import { type Database, LATEST_VERSION, openMailbox, type Schema } from '../../pwa/src/mailbox/db.ts';
import { flush } from '../../pwa/src/mailbox/flush.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { blobsOf, download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

/** More than a migration holds at a time. */
const COUNT = 1_100;
const WITH_BODY = 60;

type Store =
  | 'accounts'
  | 'mailboxes'
  | 'emails'
  | 'threads'
  | 'bodies'
  | 'outbox'
  | 'feeds'
  | 'keeping'
  | 'blobs';
type Row = Record<string, unknown>;

/** The stores of a version, and what its rows did not have yet. */
const SHAPES: Record<number, { lacks: Store[]; fields: Partial<Record<Store, string[]>> }> = {
  1: {
    lacks: ['threads', 'keeping', 'blobs'],
    fields: { emails: ['files'], bodies: ['flow', 'authenticationResults'] },
  },
  2: {
    lacks: ['keeping', 'blobs'],
    fields: { emails: ['files'], bodies: ['flow', 'authenticationResults'] },
  },
  3: {
    lacks: ['keeping', 'blobs'],
    fields: { emails: ['files'], bodies: ['flow', 'authenticationResults'] },
  },
};
const STORES: Store[] = [
  ...([
    'accounts',
    'mailboxes',
    'emails',
    'threads',
    'bodies',
    'outbox',
    'feeds',
    'keeping',
    'blobs',
  ] as const),
];
/** What only newer bodies have: where it is absent the reader asks for it. */
const OPTIONAL = ['flow', 'authenticationResults'];

const { getAll } = IDBObjectStore.prototype;
afterEach(() => {
  IDBObjectStore.prototype.getAll = getAll;
});

/** A server with conversations across the whole list, of which the newest have bodies, some with a file. */
function server(): JmapModel {
  const threads = Array.from({ length: 300 }, (_, n) => `t${n}`);
  const model = serverWith(COUNT, threads);
  const base = { name: null, charset: 'utf-8', disposition: null, language: null, location: null, cid: null };
  for (const [n, email] of [...model.emails.values()].entries()) {
    const text = { ...base, partId: '1', blobId: `x${n}`, type: 'text/plain', size: 5 };
    const file = { ...base, partId: '2', blobId: `f${n}`, type: 'application/pdf', size: 50 };
    const hasAttachment = n % 3 === 0;
    model.emails.set(email.id, {
      ...email,
      ...{ hasAttachment, textBody: [text], htmlBody: [text], attachments: hasAttachment ? [file] : [] },
      bodyValues: { 1: { value: 'hello', isEncodingProblem: false, isTruncated: false } },
    } as Email);
  }
  return model;
}

/** A device with mail as today's version stores it, and with changes that wait or were refused. */
async function device(model: JmapModel): Promise<Database> {
  const db = await emptyDevice();
  await download(db, model);
  const now = Date.UTC(2026, 5, 1);
  for (let steps = 0; steps < WITH_BODY / 25; steps += 1) {
    await bodyStep(db, 'A1', model.call, blobsOf({}), { now, deviceLimit: null });
  }
  const act = (action: 'star' | 'move' | 'read', update: Record<string, Record<string, true | null>>) =>
    enqueue(db, { accountId: 'A1', action, update });
  model.refused.add('e2');
  await act('star', { e2: { 'keywords/$flagged': true } });
  await flush(db, 'A1', model.call);
  await act('star', { e1: { 'keywords/$flagged': true } });
  await act('move', { [`e${COUNT}`]: { 'mailboxIds/inbox': null, 'mailboxIds/archive': true } });
  await act('read', { e5: { 'keywords/$seen': true }, e6: { 'keywords/$seen': true } });
  return db;
}

const without = (row: Row, fields: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !fields.includes(name)));

let databases = 0;

/** A database as an earlier version left it; answers its name. */
async function asOf(version: number, from: Database): Promise<string> {
  const shape = SHAPES[version];
  assert.ok(shape, `the shape of version ${version} is known`);
  databases += 1;
  const name = `earlier-${databases}`;
  const old = await openMailbox(name, undefined, version);
  for (const store of STORES.filter(one => !shape.lacks.includes(one))) {
    const rows = (await from.getAll(store)) as unknown as Row[];
    const transaction = old.transaction(store, 'readwrite');
    for (const row of rows) {
      transaction.store.put(
        without(row, shape.fields[store] ?? []) as unknown as Schema[typeof store]['value'],
      );
    }
    await transaction.done;
  }
  await old.put('settings', { accessToken: 'a', refreshToken: 'r', expiresAt: 1 }, 'tokens');
  old.close();
  return name;
}

async function contentOf(db: Database, store: Store): Promise<Row[]> {
  const rows = (await db.getAll(store)) as unknown as Row[];
  return rows.map(row => without(row, store === 'bodies' ? OPTIONAL : []));
}

test('a database of each earlier version ends as one that was fed with the same mail, its outbox included', async () => {
  const model = server();
  const fresh = await device(model);
  const versions = Array.from({ length: LATEST_VERSION - 1 }, (_, n) => n + 1);
  assert.deepEqual(Object.keys(SHAPES).map(Number), versions, 'each earlier version has its shape here');
  for (const version of versions) {
    const name = await asOf(version, fresh);
    const held: (number | undefined)[] = [];
    IDBObjectStore.prototype.getAll = function (this: IDBObjectStore, range, count) {
      held.push(count);
      return getAll.call(this, range, count);
    };
    const db = await openMailbox(name);
    IDBObjectStore.prototype.getAll = getAll;
    assert.ok(
      held.every(count => count !== undefined && count <= 500),
      `version ${version}: no migration holds all rows at once`,
    );
    assert.equal(db.version, LATEST_VERSION);
    for (const store of STORES) {
      assert.deepEqual(await contentOf(db, store), await contentOf(fresh, store), `${store} of ${version}`);
    }
    assert.deepEqual([...db.objectStoreNames], [...fresh.objectStoreNames]);
    for (const store of db.objectStoreNames) {
      const indexes = (one: Database) => [...one.transaction(store).store.indexNames];
      assert.deepEqual(indexes(db), indexes(fresh), `indexes of ${store}`);
    }
    assert.ok(await db.get('settings', 'tokens'), 'nobody has to sign in again');
    const added = await enqueue(db, {
      accountId: 'A1',
      action: 'star',
      update: { e9: { 'keywords/$flagged': true } },
    });
    assert.equal(added?.seq, 5, 'what is done later is sent later');
    db.close();
  }
});

test('what waited in an earlier version is sent by this one', async () => {
  const model = server();
  const name = await asOf(1, await device(model));
  const db = await openMailbox(name);
  assert.equal((await flush(db, 'A1', model.call)).sent, 3);
  assert.equal(model.emails.get('e1')?.keywords?.$flagged, true);
  assert.deepEqual(model.emails.get(`e${COUNT}`)?.mailboxIds, { archive: true });
  assert.equal((await db.getAll('outbox'))[0]?.state, 'failed');
  db.close();
});
