import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unreachable } from '../../pwa/src/jmap/errors.ts';
import type { Database } from '../../pwa/src/mailbox/db.ts';
import { pullChanges } from '../../pwa/src/mailbox/feed.ts';
import { flush } from '../../pwa/src/mailbox/flush.ts';
import { countList } from '../../pwa/src/mailbox/lists.ts';
import type { Patch } from '../../pwa/src/mailbox/merge.ts';
import { enqueue, retry, withdraw } from '../../pwa/src/mailbox/outbox.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';

const STAR: Patch = { 'keywords/$flagged': true };
const UNSTAR: Patch = { 'keywords/$flagged': null };
const move = (from: string, to: string): Patch => ({
  [`mailboxIds/${from}`]: null,
  [`mailboxIds/${to}`]: true,
});

async function ready(count = 3): Promise<{ db: Database; model: JmapModel }> {
  const model = serverWith(count);
  const db = await emptyDevice();
  await download(db, model);
  return { db, model };
}

async function act(
  db: Database,
  model: JmapModel,
  id: string,
  patch: Patch,
  action: 'star' | 'move' = 'star',
) {
  const done = await enqueue(db, { accountId: model.accountId, action, update: { [id]: patch } });
  assert.ok(done);
  return done;
}

async function shown(db: Database, model: JmapModel, id: string) {
  const email = await db.get('emails', [model.accountId, id]);
  assert.ok(email);
  return email;
}

test('an action shows at once, and is sent once', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  assert.equal((await shown(db, model, 'e1')).keywords.$flagged, true);
  assert.equal(model.emails.get('e1')?.keywords?.$flagged, undefined);
  assert.deepEqual(await flush(db, model.accountId, model.call), { sent: 1, failed: 0, left: 0 });
  assert.equal(model.emails.get('e1')?.keywords?.$flagged, true);
  const requests = model.requests;
  await flush(db, model.accountId, model.call);
  assert.equal(model.requests, requests);
});

test('an action that changes nothing takes no place in the outbox', async () => {
  const { db, model } = await ready();
  assert.equal(
    await enqueue(db, { accountId: model.accountId, action: 'star', update: { e1: UNSTAR } }),
    null,
  );
  assert.equal(await db.count('outbox'), 0);
});

test('of star, unstar and star only the last one is sent', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  await act(db, model, 'e1', UNSTAR);
  await act(db, model, 'e1', STAR);
  assert.equal(await db.count('outbox'), 1);
  assert.deepEqual(await flush(db, model.accountId, model.call), { sent: 1, failed: 0, left: 0 });
});

test('moves in a row arrive in order, and never leave a message without a mailbox', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', move('inbox', 'archive'), 'move');
  await act(db, model, 'e1', move('archive', 'trash'), 'move');
  assert.deepEqual(await flush(db, model.accountId, model.call), { sent: 2, failed: 0, left: 0 });
  assert.deepEqual(model.emails.get('e1')?.mailboxIds, { trash: true });
});

test('without a network everything waits, and an answer that was lost does no harm', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  model.failures.push('before');
  await assert.rejects(flush(db, model.accountId, model.call), Unreachable);
  model.failures.push('after');
  await assert.rejects(flush(db, model.accountId, model.call), Unreachable);
  assert.equal((await db.getAll('outbox'))[0]?.state, 'waiting');
  assert.equal((await shown(db, model, 'e1')).keywords.$flagged, true);
  await flush(db, model.accountId, model.call);
  assert.equal(await db.count('outbox'), 0);
});

test('what the server refuses is taken back, says why, and can be tried again', async () => {
  const { db, model } = await ready();
  model.refused.add('e1');
  await act(db, model, 'e1', STAR);
  await act(db, model, 'e2', STAR);
  assert.deepEqual(await flush(db, model.accountId, model.call), { sent: 1, failed: 1, left: 0 });
  assert.equal((await shown(db, model, 'e1')).keywords.$flagged, undefined);
  const [row] = await db.getAll('outbox');
  assert.equal(row?.state, 'failed');
  assert.equal(row?.refusal?.type, 'forbidden');
  model.refused.clear();
  await retry(db, row?.seq ?? 0);
  assert.equal((await shown(db, model, 'e1')).keywords.$flagged, true);
  assert.deepEqual(await flush(db, model.accountId, model.call), { sent: 1, failed: 0, left: 0 });
  assert.equal(model.emails.get('e1')?.keywords?.$flagged, true);
});

test('a message that is gone needs no change and no complaint', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  model.destroy('e1');
  await flush(db, model.accountId, model.call);
  assert.equal(await db.count('outbox'), 0);
});

test('a server that fails at an action again and again has refused it', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  const failing = async () => ({
    of(): never {
      throw Object.assign(new Error('unexpected'), { code: 'serverFail' });
    },
  });
  await assert.rejects(flush(db, model.accountId, failing), /unexpected/);
  const [row] = await db.getAll('outbox');
  assert.equal(row?.state, 'sending', 'left as it is: it may have reached the server');
  await flush(db, model.accountId, model.call);
  assert.equal(await db.count('outbox'), 0);
});

test('taking back a move takes back the moves that built on it', async () => {
  const { db, model } = await ready();
  const first = await act(db, model, 'e1', move('inbox', 'archive'), 'move');
  await act(db, model, 'e1', move('archive', 'trash'), 'move');
  await act(db, model, 'e1', STAR);
  assert.equal(await withdraw(db, first.seq), true);
  const email = await shown(db, model, 'e1');
  assert.deepEqual(email.mailboxIds, { inbox: true });
  assert.equal(email.keywords.$flagged, true);
});

test('the inverse of an action brings back what was', async () => {
  const { db, model } = await ready();
  const done = await act(db, model, 'e1', move('inbox', 'archive'), 'move');
  await flush(db, model.accountId, model.call);
  assert.equal(await withdraw(db, done.seq), false);
  assert.ok(done.inverse, 'a move can be undone');
  await enqueue(db, done.inverse);
  await flush(db, model.accountId, model.call);
  assert.deepEqual(model.emails.get('e1')?.mailboxIds, { inbox: true });
});

test('another device does not overwrite what waits here, and does where nothing waits', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', STAR);
  model.patch('e1', { 'keywords/$flagged': null, 'keywords/$seen': true });
  model.patch('e2', STAR);
  await pullChanges(db, model.accountId, model.call);
  assert.deepEqual((await shown(db, model, 'e1')).keywords, { $flagged: true, $seen: true });
  assert.deepEqual((await shown(db, model, 'e2')).keywords, { $flagged: true });
});

test('mailbox counts follow what was accepted, without waiting for the server to say so', async () => {
  const { db, model } = await ready();
  await act(db, model, 'e1', move('inbox', 'archive'), 'move');
  await flush(db, model.accountId, model.call);
  const [archive, inbox] = await Promise.all(
    ['archive', 'inbox'].map(id => db.get('mailboxes', [model.accountId, id])),
  );
  assert.equal(archive?.totalEmails, 1);
  assert.equal(inbox?.totalEmails, 2);
  assert.equal(inbox?.unreadEmails, 2);
});

test('what is destroyed is shown nowhere at once, and gone at the server after', async () => {
  const { db, model } = await ready();
  const { accountId } = model;
  await enqueue(db, { accountId, action: 'destroy', update: {}, destroy: ['e1', 'e2'] });
  assert.equal(await countList(db, { accountId, mailboxId: 'inbox' }), 1);
  assert.ok(model.emails.has('e1'), 'the server does not know yet');
  assert.equal(await enqueue(db, { accountId, action: 'star', update: { e1: STAR } }), null);
  await enqueue(db, { accountId, action: 'star', update: { e3: STAR } });
  assert.deepEqual(await flush(db, accountId, model.call), { sent: 2, failed: 0, left: 0 });
  assert.deepEqual([...model.emails.keys()], ['e3']);
  assert.deepEqual(await db.getAllKeys('emails'), [[accountId, 'e3']]);
  assert.equal((await db.get('mailboxes', [accountId, 'inbox']))?.totalEmails, 1);
});

test('destroying is taken back while it waits, and where the server refuses it', async () => {
  const { db, model } = await ready();
  const { accountId } = model;
  const inbox = { accountId, mailboxId: 'inbox' };
  const gone = { accountId, action: 'destroy' as const, update: {}, destroy: ['e1', 'e2'] };
  const done = await enqueue(db, gone);
  assert.equal(await withdraw(db, done?.seq ?? 0), true);
  assert.equal(await countList(db, inbox), 3);
  model.refused.add('e1');
  await enqueue(db, gone);
  assert.deepEqual(await flush(db, accountId, model.call), { sent: 0, failed: 1, left: 0 });
  assert.equal(await countList(db, inbox), 2);
  const [row] = await db.getAll('outbox');
  assert.deepEqual([row?.state, row?.destroy, row?.emails], ['failed', ['e1'], [`${accountId}/e1`]]);
});

test('taking back the move of one message leaves what else was moved or destroyed with it', async () => {
  const { db, model } = await ready();
  const { accountId } = model;
  const first = await act(db, model, 'e1', move('inbox', 'trash'), 'move');
  await act(db, model, 'e2', move('inbox', 'trash'), 'move');
  const both = { e1: move('trash', 'archive'), e2: move('trash', 'archive') };
  await enqueue(db, { accountId, action: 'move', update: both });
  await enqueue(db, { accountId, action: 'destroy', update: {}, destroy: ['e1', 'e3'] });
  assert.equal(await withdraw(db, first.seq), true);
  assert.deepEqual((await shown(db, model, 'e1')).mailboxIds, { inbox: true });
  assert.deepEqual((await shown(db, model, 'e2')).mailboxIds, { archive: true });
  assert.equal((await shown(db, model, 'e3')).destroyed, true);
});
