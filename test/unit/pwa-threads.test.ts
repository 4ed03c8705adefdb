import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database, StoredEmail } from '../../pwa/src/mailbox/db.ts';
import { countEntries, positionOf, readConversation, readEntries } from '../../pwa/src/mailbox/entries.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { folding, opensAtFirst } from '../../pwa/src/views/thread/folding.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';

const INBOX = { accountId: 'A1', mailboxId: 'inbox' };
const view = (mailboxId: string, threads = true) => ({ list: { accountId: 'A1', mailboxId }, threads });

/** e1 to e6 in the inbox, the latest the newest: e1, e3 and e5 are one conversation, e2, e4 and e6 another. */
async function device(): Promise<Database> {
  const model = serverWith(6, ['odd', 'even']);
  const db = await emptyDevice();
  await download(db, model);
  return db;
}

const move = (id: string, to: string) => ({
  [id]: { 'mailboxIds/inbox': null, [`mailboxIds/${to}`]: true } as const,
});

async function rows(db: Database, mailboxId: string, start = 0, count = 50) {
  const entries = await readEntries(db, view(mailboxId), start, count);
  return entries.map(({ email, ids, size }) => `${email.id}: ${ids.join()} of ${size}`);
}

async function email(db: Database, id: string): Promise<StoredEmail> {
  const found = await db.get('emails', ['A1', id]);
  assert.ok(found, `${id} is here`);
  return found;
}

test('a list shows each conversation once, at its newest message, from any position', async () => {
  const db = await device();
  assert.equal(await countEntries(db, view('inbox')), 2);
  assert.equal(await countEntries(db, view('inbox', false)), 6);
  assert.deepEqual(await rows(db, 'inbox'), ['e6: e2,e4,e6 of 3', 'e5: e1,e3,e5 of 3']);
  assert.deepEqual(await rows(db, 'inbox', 1, 1), ['e5: e1,e3,e5 of 3']);
  assert.equal(await positionOf(db, view('inbox'), await email(db, 'e1')), 1);
  assert.equal(await positionOf(db, view('inbox', false), await email(db, 'e1')), 5);
  assert.deepEqual(await rows(db, 'archive'), []);
});

test('a conversation is in each list that has a message of it, and keeps what was thrown away out of sight', async () => {
  const db = await device();
  await enqueue(db, {
    accountId: 'A1',
    action: 'move',
    update: { ...move('e6', 'archive'), ...move('e5', 'trash') },
  });
  assert.deepEqual(await rows(db, 'inbox'), ['e4: e2,e4 of 3', 'e3: e1,e3 of 2']);
  assert.deepEqual(await rows(db, 'archive'), ['e6: e6 of 3']);
  assert.deepEqual(await rows(db, 'trash'), ['e5: e5 of 3']);
  const read = async (id: string) => (await readConversation(db, INBOX, 'A1', id)).map(one => one.id);
  assert.deepEqual(await read('e4'), ['e2', 'e4', 'e6']);
  assert.deepEqual(await read('e3'), ['e1', 'e3']);
  assert.deepEqual(await read('e5'), ['e1', 'e3', 'e5'], 'what was asked for is shown wherever it is');
  assert.deepEqual(await read('e9'), []);
});

test('a conversation is unread as long as one of its messages in the list is', async () => {
  const db = await device();
  const read = { 'keywords/$seen': true } as const;
  await enqueue(db, {
    accountId: 'A1',
    action: 'read',
    update: { e6: read, e4: read, e1: read, e3: read, e5: read },
  });
  const unread = async () => (await readEntries(db, view('inbox'), 0, 9)).map(entry => entry.unread);
  assert.deepEqual(await unread(), [true, false]);
  await enqueue(db, { accountId: 'A1', action: 'move', update: move('e2', 'archive') });
  assert.deepEqual(await unread(), [false, false]);
});

test('what is unread opens with a conversation, and a long run of what is folded is put behind a button', async () => {
  const db = await emptyDevice();
  await download(db, serverWith(9, ['one']));
  const seen = Object.fromEntries(
    ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e8'].map(id => [id, { 'keywords/$seen': true } as const]),
  );
  await enqueue(db, { accountId: 'A1', action: 'read', update: seen });
  const emails = await readConversation(db, INBOX, 'A1', 'e8');
  const open = opensAtFirst(emails, 'e8');
  assert.deepEqual([...open].sort(), ['e7', 'e8', 'e9']);
  const parts = (unfolded: string[]) =>
    folding(emails, open, new Set(unfolded)).map(part =>
      'email' in part ? part.email.id : part.hidden.join('+'),
    );
  assert.deepEqual(parts([]), ['e1', 'e2+e3+e4+e5', 'e6', 'e7', 'e8', 'e9']);
  assert.equal(parts(['e2', 'e3', 'e4', 'e5']).length, 9);
});
