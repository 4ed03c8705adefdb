import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Email } from '../../functions/jmap/types.ts';
import { bodyStep } from '../../pwa/src/mailbox/bodies.ts';
import { changeBudget, changePinned } from '../../pwa/src/mailbox/change-keeping.ts';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { changeEmails } from '../../pwa/src/mailbox/emails.ts';
import { setBudget, setPinned } from '../../pwa/src/mailbox/keeping.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { blobsOf, download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

// Node.js 20 has none, and the app asks it for the browser's estimate.
Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });

const { put } = IDBObjectStore.prototype;
afterEach(() => {
  IDBObjectStore.prototype.put = put;
});

/** From now on the browser refuses the next `times` writes to a store. */
function refuse(store: string, times: number): void {
  let left = times;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...row: [unknown]) {
    if (this.name === store && left > 0) {
      left -= 1;
      throw new DOMException('no room', 'QuotaExceededError');
    }
    return put.apply(this, row);
  };
}

const part = { name: null, charset: null, disposition: null, language: null, location: null };
const blob = (blobId: string, type: string, cid: string | null = null) => ({
  ...{ ...part, partId: blobId, blobId, type, cid, size: 100 },
});

/** Messages with one file each, a picture in the text and an invitation. */
function mails(count: number): { model: JmapModel; sizes: Record<string, number> } {
  const model = serverWith(0);
  const sizes: Record<string, number> = {};
  for (let n = 1; n <= count; n += 1) {
    const parts = [
      blob(`file${n}`, 'application/pdf'),
      blob(`picture${n}`, 'image/png', 'p'),
      blob(`event${n}`, 'text/calendar'),
    ];
    for (const { blobId } of parts) sizes[blobId] = 100;
    const html = { ...part, partId: 'h', blobId: `h${n}`, type: 'text/html', cid: null, size: 20 };
    model.addEmail({
      ...{ id: `e${n}`, receivedAt: new Date(Date.UTC(2026, 0, n)).toISOString(), hasAttachment: true },
      ...{ size: 500, textBody: [html], htmlBody: [html], attachments: parts },
      bodyValues: { h: { value: '<img src="cid:p">', isEncodingProblem: false, isTruncated: false } },
    } as Partial<Email> & { id: string });
  }
  return { model, sizes };
}

async function downloadAll(db: Database, model: JmapModel, blobs: ReturnType<typeof blobsOf>) {
  for (let steps = 0; steps < 500; steps += 1) {
    const surroundings = { now: Date.UTC(2026, 5, 1), deviceLimit: null };
    if ((await bodyStep(db, 'A1', model.call, blobs, surroundings)) !== 'more') return;
  }
  assert.fail('the downloads do not end');
}

const kinds = (blobs: ReturnType<typeof blobsOf>, kind: string) =>
  [...blobs.kept.keys()].filter(id => id.startsWith(kind)).length;
const used = async (db: Database) => (await db.get('feeds', 'A1'))?.bodyBytes ?? 0;

test('attachments that are no longer wanted go, but those of what is pinned and what a text shows', async () => {
  const { model, sizes } = mails(60);
  const blobs = blobsOf(sizes);
  const db = await emptyDevice();
  await download(db, model);
  await downloadAll(db, model, blobs);
  const before = await used(db);
  assert.equal(await changeBudget(db, blobs, 'A1', { attachments: true }), true);
  await downloadAll(db, model, blobs);
  assert.equal(kinds(blobs, 'file'), 60);
  await changePinned(db, blobs, { accountId: 'A1', emailId: 'e7' }, true);
  assert.equal(await changeBudget(db, blobs, 'A1', { attachments: false }), true);
  assert.deepEqual(
    [...blobs.kept.keys()].filter(id => id.startsWith('file')),
    ['file7'],
  );
  assert.equal(kinds(blobs, 'picture'), 60);
  assert.equal(kinds(blobs, 'event'), 60);
  assert.equal(await used(db), before + 100, 'what went counts no more');
  assert.equal((await db.get('keeping', 'A1'))?.filesLeft, undefined);

  // What the person opens from now on stays as long as there is room.
  await changeBudget(db, blobs, 'A1', { attachments: true });
  await downloadAll(db, model, blobs);
  assert.equal(kinds(blobs, 'file'), 60, 'they come again');
  // The app is closed before they are gone: the next look at the server goes on.
  await setBudget(db, 'A1', { attachments: false });
  assert.equal(kinds(blobs, 'file'), 60);
  await downloadAll(db, model, blobs);
  assert.equal(kinds(blobs, 'file'), 1);
});

test('where the device has no room for a choice nothing of it is stored, and that is said', async () => {
  const { model, sizes } = mails(2);
  const blobs = blobsOf(sizes);
  const db = await emptyDevice();
  await download(db, model);
  await downloadAll(db, model, blobs);
  const keeping = () => db.get('keeping', 'A1');
  refuse('keeping', Number.POSITIVE_INFINITY);
  assert.equal(await changeBudget(db, blobs, 'A1', { days: 7 }), false);
  assert.equal(await keeping(), undefined);
  // The pin itself would find room, the ranks of its messages do not.
  refuse('emails', Number.POSITIVE_INFINITY);
  const target = { accountId: 'A1', mailboxId: 'inbox' };
  assert.equal(await changePinned(db, blobs, target, true), false);
  assert.equal(await keeping(), undefined);
  // After room was made it is tried once more.
  refuse('emails', 1);
  assert.equal(await changePinned(db, blobs, target, true), true);
  assert.deepEqual((await keeping())?.pinned.mailboxes, ['inbox']);
  await assert.rejects(
    () => {
      refuse('keeping', 1);
      return setPinned(db, target, false);
    },
    { name: 'QuotaExceededError' },
  );
  assert.deepEqual((await keeping())?.pinned.mailboxes, ['inbox']);
});

test('an action that finds no room leaves nothing behind, and one transaction tells why it failed', async () => {
  const db = await emptyDevice();
  await download(db, serverWith(2));
  refuse('emails', 1);
  const star = { accountId: 'A1', action: 'star', update: { e1: { 'keywords/$flagged': true } } } as const;
  await assert.rejects(() => enqueue(db, star), { name: 'QuotaExceededError' });
  assert.equal(await db.count('outbox'), 0);
  await assert.rejects(
    () =>
      changeEmails(db, async transaction => {
        await transaction.objectStore('outbox').clear();
        await transaction.objectStore('emails').clear();
        throw new Error('a mistake of ours');
      }),
    { message: 'a mistake of ours' },
  );
  assert.equal(await db.count('emails'), 2);
});
