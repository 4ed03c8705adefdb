import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../pwa/src/jmap/client.ts';
import { MethodRefused, Unreachable } from '../../pwa/src/jmap/errors.ts';
import { pullChanges } from '../../pwa/src/mailbox/feed.ts';
import { listStep } from '../../pwa/src/mailbox/first-download.ts';
import { countList, positionInList, readList } from '../../pwa/src/mailbox/lists.ts';
import { enqueue } from '../../pwa/src/mailbox/outbox.ts';
import { download, emptyDevice, serverWith } from '../support/device.ts';

const INBOX = { accountId: 'A1', mailboxId: 'inbox' };

test('the first download lists everything, newest first, and can be read on the way', async () => {
  const model = serverWith(450);
  const db = await emptyDevice();
  await pullChanges(db, 'A1', model.call);
  await listStep(db, 'A1', model.call);
  assert.equal(await countList(db, INBOX), 200);
  assert.deepEqual(
    (await readList(db, INBOX, 0, 2)).map(email => email.id),
    ['e450', 'e449'],
  );
  while (await listStep(db, 'A1', model.call));
  assert.equal(await countList(db, INBOX), 450);
  assert.equal((await db.get('feeds', 'A1'))?.listing, null);
});

test('a download that is cut off goes on where it stopped', async () => {
  const model = serverWith(450);
  const db = await emptyDevice();
  await pullChanges(db, 'A1', model.call);
  await listStep(db, 'A1', model.call);
  model.failures.push('before');
  await assert.rejects(listStep(db, 'A1', model.call), Unreachable);
  const requests = model.requests;
  while (await listStep(db, 'A1', model.call));
  assert.equal(await countList(db, INBOX), 450);
  assert.equal(model.requests - requests, 3);
});

test('nothing is missed when mail comes and goes during the first download', async () => {
  const model = serverWith(450);
  const db = await emptyDevice();
  await pullChanges(db, 'A1', model.call);
  await listStep(db, 'A1', model.call);
  // The Email at which the list stands goes, one comes on top, one further down changes.
  const { listing } = (await db.get('feeds', 'A1')) ?? {};
  model.destroy(listing?.anchor ?? '');
  model.addEmail({ id: 'new', receivedAt: '2026-06-01T00:00:00Z' });
  model.patch('e10', { 'keywords/$seen': true });
  while (await listStep(db, 'A1', model.call));
  await download(db, model);
  assert.deepEqual(
    (await db.getAllKeys('emails')).map(([, id]) => id).sort(),
    [...model.emails.keys()].sort(),
  );
  assert.equal((await db.get('emails', ['A1', 'e10']))?.keywords.$seen, true);
});

test('changes are applied in steps, however many there are', async () => {
  const model = serverWith(3);
  const db = await emptyDevice();
  await download(db, model);
  for (let position = 0; position < 700; position += 1) model.addEmail({ id: `n${position}` });
  await pullChanges(db, 'A1', model.call);
  assert.equal(await countList(db, INBOX), 703);
});

test('when the server forgot the changes, what is here is compared, and the outbox stays', async () => {
  const model = serverWith(30);
  const db = await emptyDevice();
  await download(db, model);
  await enqueue(db, { accountId: 'A1', action: 'star', update: { e3: { 'keywords/$flagged': true } } });
  model.destroy('e1');
  model.addEmail({ id: 'e99' });
  model.patch('e2', { 'keywords/$seen': true });
  model.forgetLog();
  await download(db, model);
  const ids = (await db.getAllKeys('emails')).map(([, id]) => id);
  assert.equal(ids.includes('e1'), false);
  assert.equal(ids.includes('e99'), true);
  assert.equal((await db.get('emails', ['A1', 'e2']))?.keywords.$seen, true);
  assert.equal((await db.get('emails', ['A1', 'e3']))?.keywords.$flagged, true);
  assert.equal(await db.count('outbox'), 1);
});

test('all inboxes are one list, and it follows a role that moves to another mailbox', async () => {
  const model = serverWith(5);
  model.addEmail({ id: 'archived', mailboxIds: { archive: true } });
  const db = await emptyDevice();
  await download(db, model);
  assert.equal(await countList(db, { role: 'inbox' }), 5);
  for (const [id, mailbox] of model.mailboxes) mailbox.role = id === 'archive' ? 'inbox' : null;
  model.patch('e1', { 'keywords/$seen': true });
  await pullChanges(db, 'A1', model.call);
  assert.deepEqual(
    (await readList(db, { role: 'inbox' }, 0, 10)).map(email => email.id),
    ['archived'],
  );
});

test('any part of a list can be read, and every Email knows its place', async () => {
  const model = serverWith(120);
  const db = await emptyDevice();
  await download(db, model);
  const part = await readList(db, INBOX, 50, 3);
  assert.deepEqual(
    part.map(email => email.id),
    ['e70', 'e69', 'e68'],
  );
  const [first] = part;
  assert.ok(first);
  assert.equal(await positionInList(db, INBOX, first), 50);
  assert.deepEqual(await readList(db, INBOX, 500, 3), []);
});

test('where an answer would be too large, less is asked for at a time', async () => {
  const model = serverWith(120);
  const db = await emptyDevice();
  /** Answers at most 40 Emails at a time. */
  const narrow: Call = async calls => {
    const answers = await model.call(calls);
    return {
      of<T>(callId: string): T {
        const answer = answers.of<T & { list?: unknown[] }>(callId);
        const tooLarge = callId.startsWith('e') && (answer.list?.length ?? 0) > 40;
        if (tooLarge) throw new MethodRefused('requestTooLarge', '');
        return answer;
      },
    };
  };
  await pullChanges(db, 'A1', narrow);
  while (await listStep(db, 'A1', narrow));
  assert.equal(await countList(db, INBOX), 120);
  for (let position = 0; position < 90; position += 1) model.addEmail({ id: `n${position}` });
  await pullChanges(db, 'A1', narrow);
  assert.equal(await countList(db, INBOX), 210);
});
