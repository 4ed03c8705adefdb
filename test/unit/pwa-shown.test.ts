import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { readConversation } from '../../pwa/src/mailbox/entries.ts';
import { enqueue, withdraw } from '../../pwa/src/mailbox/outbox.ts';
import { readFound } from '../../pwa/src/search/merge-found.ts';
import { offersFor } from '../../pwa/src/views/offers.ts';
import { readMessage } from '../../pwa/src/views/reader/read-message.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';

const INBOX = { accountId: 'A1', mailboxId: 'inbox' };

async function shown(db: Database, id: string) {
  const found = await readFound(db, [{ accountId: 'A1', id, at: 0, snippet: null }]);
  return {
    reader: (await readMessage(db, 'A1', id, null)).email !== null,
    conversation: (await readConversation(db, INBOX, 'A1', id)).length > 0,
    search: found.get(`A1/${id}`) !== null,
  };
}

test('what waits to be destroyed is shown nowhere, and everywhere again once that is taken back', async () => {
  const db = await emptyDevice();
  await download(db, serverWith(2));
  const everywhere = { reader: true, conversation: true, search: true };
  assert.deepEqual(await shown(db, 'e1'), everywhere);
  const done = await enqueue(db, { accountId: 'A1', action: 'destroy', update: {}, destroy: ['e1'] });
  assert.ok(done, 'it waits');
  assert.deepEqual(await shown(db, 'e1'), { reader: false, conversation: false, search: false });
  assert.deepEqual(await shown(db, 'e2'), everywhere);
  await withdraw(db, done.seq);
  assert.deepEqual(await shown(db, 'e1'), everywhere);
  assert.deepEqual(await shown(db, 'e9'), { reader: false, conversation: false, search: false });
});

test('a bar offers what moves a message, and what was thrown away back or for good', () => {
  const mailboxes = ['inbox', 'archive', 'trash', 'junk', 'boat'].map(id => ({
    ...{ accountId: 'A1', id, role: id === 'boat' ? null : id },
  }));
  const offers = (...places: string[]) =>
    offersFor(
      mailboxes,
      places.map(id => ({ accountId: 'A1', mailboxIds: { [id]: true } })),
    );
  assert.deepEqual(offers('inbox'), ['archive', 'trash']);
  assert.deepEqual(offers('boat'), ['archive', 'trash']);
  assert.deepEqual(offers('archive'), ['inbox', 'trash']);
  assert.deepEqual(offers('trash'), ['inbox', 'destroy']);
  assert.deepEqual(offers('junk'), ['inbox', 'destroy']);
  assert.deepEqual(offers('trash', 'junk'), ['inbox', 'destroy']);
  assert.deepEqual(offers('inbox', 'trash'), ['inbox', 'trash'], 'nothing goes for good by mistake');
  assert.deepEqual(offers(), []);
  const elsewhere = [{ accountId: 'A2', mailboxIds: { inbox: true as const } }];
  assert.deepEqual(offersFor(mailboxes, elsewhere), [], 'another account has none of these');
});
