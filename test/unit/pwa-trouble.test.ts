import '../support/device.ts';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openDB } from 'idb';
import { DATABASE, LATEST_VERSION, mailbox, openMailbox, wipeMailbox } from '../../pwa/src/mailbox/db.ts';
import { flush } from '../../pwa/src/mailbox/flush.ts';
import { setBudget } from '../../pwa/src/mailbox/keeping.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { readRescue, rebuild, staysSignedIn } from '../../pwa/src/mailbox/rebuild.ts';
import { currentTrouble, observeTrouble, reportDamage, troubleOf } from '../../pwa/src/mailbox/trouble.ts';
import { download, serverWith } from '../support/device.ts';

const TOKENS = { accessToken: 'a', refreshToken: 'r', expiresAt: 1 };
const { open } = IDBFactory.prototype;

beforeEach(wipeMailbox);
afterEach(() => {
  IDBFactory.prototype.open = open;
});

/** Mail of three messages in the app's own database, with a star that waits. */
async function device() {
  const model = serverWith(3);
  const db = await mailbox();
  await download(db, model);
  await db.put('settings', TOKENS, 'tokens');
  await setBudget(db, 'A1', { days: 30 });
  await enqueue(db, { accountId: 'A1', action: 'star', update: { e2: { 'keywords/$flagged': true } } });
  return { db, model };
}

function fail(name: string): void {
  IDBFactory.prototype.open = () => {
    throw new DOMException('no', name);
  };
}

test('what an error of opening means is told apart', () => {
  const means = (name: string) => troubleOf(new DOMException('', name));
  assert.equal(means('VersionError'), 'newer');
  assert.equal(means('QuotaExceededError'), 'noRoom');
  assert.equal(means('SecurityError'), 'closed');
  assert.equal(means('UnknownError'), 'broken');
  assert.equal(troubleOf(new Error('what is this')), 'broken');
  assert.equal(troubleOf(null), 'broken');
});

test('a database of a newer version is rebuilt: who is signed in, the budget and what waits stay', async () => {
  const { model } = await device();
  // Another tab, of a newer version, whose rows this one does not all understand.
  const newer = await openDB(DATABASE, 99, {
    upgrade: upgraded => void upgraded.createObjectStore('later'),
  });
  await newer.put('outbox', { seq: 50, what: 'is this' });
  newer.close();
  await assert.rejects(() => mailbox(), { name: 'VersionError' });
  assert.equal(currentTrouble(), 'newer');
  const rescue = await readRescue();
  assert.equal(rescue.outbox?.length, 1);
  assert.equal(staysSignedIn(rescue), true);
  await rebuild(rescue);
  const fresh = await mailbox();
  assert.equal(await fresh.count('emails'), 0);
  assert.deepEqual(await fresh.get('settings', 'tokens'), TOKENS);
  assert.equal((await fresh.get('keeping', 'A1'))?.days, 30);
  // What waits shows as soon as its message is back, and is sent.
  await download(fresh, model);
  assert.equal((await fresh.get('emails', ['A1', 'e2']))?.keywords.$flagged, true);
  assert.equal((await flush(fresh, 'A1', model.call)).sent, 1);
  assert.equal(model.emails.get('e2')?.keywords?.$flagged, true);
});

test('what cannot be read is said to be lost, and looking for it makes and changes nothing', async () => {
  const { db } = await device();
  db.close();
  fail('UnknownError');
  const rescue = await readRescue();
  assert.deepEqual(rescue, { outbox: null, settings: [], keeping: [] });
  assert.equal(staysSignedIn(rescue), false);
  IDBFactory.prototype.open = open;
  assert.equal((await readRescue()).outbox?.length, 1);
  assert.equal((await readRescue('nothing-there')).outbox, null);
  assert.ok(!(await indexedDB.databases()).some(({ name }) => name === 'nothing-there'), 'none was made');
});

test('a database that fails while it is read is noted, other mistakes are not', async () => {
  fail('QuotaExceededError');
  await assert.rejects(() => mailbox(), { name: 'QuotaExceededError' });
  assert.equal(currentTrouble(), 'noRoom');
  reportDamage(new DOMException('', 'AbortError'));
  assert.equal(currentTrouble(), 'noRoom');
  reportDamage(new DOMException('', 'UnknownError'));
  assert.equal(currentTrouble(), 'broken');
});

test('a tab that holds an older version is said after a while, and the app goes on when it has let go', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: (string | null)[] = [];
  t.after(observeTrouble(trouble => told.push(trouble)));
  (await openMailbox(DATABASE, () => {}, 1)).close();
  // Such a tab hears that a newer one waits, and does not close.
  const old = await openDB(DATABASE);
  const opening = mailbox();
  await new Promise(resolve => setImmediate(resolve));
  const isTold = async () => {
    t.mock.timers.tick(5_000);
    await new Promise(resolve => setImmediate(resolve));
    return told.length > 0;
  };
  for (let looks = 0; looks < 100 && !(await isTold()); looks += 1);
  assert.deepEqual(told, ['blocked']);
  old.close();
  t.mock.timers.reset();
  assert.equal((await opening).version, LATEST_VERSION);
  assert.deepEqual(told, ['blocked', null]);
  assert.equal(currentTrouble(), null);
});
