import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Email } from '../../functions/jmap/types.ts';
import { bodyStep, countBodies, downloadBodies } from '../../pwa/src/mailbox/bodies.ts';
import { forecast, limitOf, rankOf } from '../../pwa/src/mailbox/budget.ts';
import type { Database, StoredEmail } from '../../pwa/src/mailbox/db.ts';
import { openFile } from '../../pwa/src/mailbox/files.ts';
import { installWay } from '../../pwa/src/mailbox/install.ts';
import { freeOctets, readPinned, setBudget, setPinned } from '../../pwa/src/mailbox/keeping.ts';
import { isMetered } from '../../pwa/src/mailbox/network.ts';
import { isNoRoom, octetsTooMany } from '../../pwa/src/mailbox/storage.ts';
import { blobsOf, download, emptyDevice, serverWith } from '../support/device.ts';
import type { JmapModel } from '../support/jmap-model.ts';
import { runs } from '../support/thorough.ts';

const DAY = 24 * 3600 * 1000;
const NOW = Date.UTC(2026, 5, 1);
const MINUTE = 60_000;
const part = { name: null, charset: 'utf-8', disposition: null, language: null, location: null, cid: null };

/** A server with one message a day up to `NOW`, `e1` the newest, each with a text of `octets` and perhaps a file. */
function mails(count: number, octets: number, file = 0): JmapModel {
  const model = serverWith(0);
  for (let age = 1; age <= count; age += 1) {
    const id = `e${age}`;
    const text = { ...part, partId: '1', blobId: `t${age}`, type: 'text/plain', size: octets };
    const attachment = { ...part, partId: '2', blobId: `f${age}`, type: 'application/pdf', size: file };
    model.addEmail({
      id,
      receivedAt: new Date(NOW - age * DAY).toISOString(),
      mailboxIds: { [age % 2 ? 'inbox' : 'archive']: true },
      threadId: `t${Math.ceil(age / 3)}`,
      size: octets + file,
      hasAttachment: file > 0,
      textBody: [text],
      htmlBody: [text],
      attachments: file ? [attachment] : [],
      bodyValues: { 1: { value: 'x'.repeat(octets), isEncodingProblem: false, isTruncated: false } },
    } as Partial<Email> & { id: string });
  }
  return model;
}

async function deviceOf(model: JmapModel): Promise<Database> {
  const db = await emptyDevice();
  await download(db, model);
  return db;
}

async function settle(
  db: Database,
  model: JmapModel,
  blobs = blobsOf({}),
  now = NOW,
  deviceLimit: number | null = null,
) {
  for (let steps = 0; steps < 500; steps += 1) {
    const step = await bodyStep(db, 'A1', model.call, blobs, { now, deviceLimit });
    if (step !== 'more') return step;
  }
  throw new Error('the downloads do not end');
}

const kept = async (db: Database) => new Set((await db.getAllKeys('bodies')).map(([, id]) => id));
const bytes = async (db: Database) => (await db.get('feeds', 'A1'))?.bodyBytes ?? 0;
const names = (from: number, to: number) =>
  new Set(Array.from({ length: to - from + 1 }, (_, i) => `e${from + i}`));

test('only as many days are downloaded as are chosen, and what becomes too old goes', async () => {
  const model = mails(40, 100);
  const db = await deviceOf(model);
  await setBudget(db, 'A1', { days: 30 });
  assert.equal(await settle(db, model), 'complete');
  assert.deepEqual(await kept(db), names(1, 30));
  await settle(db, model, blobsOf({}), NOW + 10 * DAY);
  assert.deepEqual(await kept(db), names(1, 20));
  assert.equal(await bytes(db), 2000);
  await setBudget(db, 'A1', { days: null });
  await settle(db, model);
  assert.equal((await countBodies(db, 'A1')).kept, 40);
});

test('what is pinned comes first, whatever its age, and stays when the rest goes', async () => {
  const model = mails(40, 100);
  const db = await deviceOf(model);
  await setBudget(db, 'A1', { days: 7 });
  await setPinned(db, { accountId: 'A1', emailId: 'e40' }, true);
  await setPinned(db, { accountId: 'A1', threadId: 't10' }, true);
  await bodyStep(db, 'A1', model.call, blobsOf({}), { now: NOW, deviceLimit: null });
  const pinned = ['e28', 'e29', 'e30', 'e40'];
  await settle(db, model);
  assert.deepEqual(await kept(db), new Set([...names(1, 7), ...pinned]));
  await setBudget(db, 'A1', { octets: 500 });
  await settle(db, model);
  assert.deepEqual(await kept(db), new Set(['e1', ...pinned]));
  await freeOctets(db, 10_000);
  assert.deepEqual(await kept(db), new Set(pinned));
  // What is pinned later takes no room from what is pinned already.
  await setBudget(db, 'A1', { octets: 450 });
  await setPinned(db, { accountId: 'A1', emailId: 'e1' }, true);
  assert.equal(await settle(db, model), 'full');
  assert.deepEqual(await kept(db), new Set(pinned));
  assert.deepEqual(await readPinned(db, { accountId: 'A1', emailId: 'e29' }), { own: false, other: true });
  await setPinned(db, { accountId: 'A1', threadId: 't10' }, false);
  await freeOctets(db, 1);
  assert.equal((await kept(db)).size, 3);
});

test('a message that is moved into a kept mailbox is kept from then on', async () => {
  const model = mails(20, 100);
  const db = await deviceOf(model);
  await setPinned(db, { accountId: 'A1', mailboxId: 'trash' }, true);
  await setBudget(db, 'A1', { days: 7 });
  model.patch('e20', { 'mailboxIds/archive': null, 'mailboxIds/trash': true });
  await download(db, model);
  await settle(db, model);
  assert.equal((await kept(db)).has('e20'), true);
  model.patch('e20', { 'mailboxIds/trash': null, 'mailboxIds/archive': true });
  await download(db, model);
  await settle(db, model);
  assert.equal((await kept(db)).has('e20'), false);
});

test('an attachment that was opened counts, and goes with its message', async () => {
  const model = mails(10, 100, 700);
  const db = await deviceOf(model);
  await setBudget(db, 'A1', { octets: 2000 });
  const blobs = blobsOf({ f9: 700, f10: 700 });
  await settle(db, model, blobs);
  assert.equal(await bytes(db), 1000);
  const open = (id: string) =>
    openFile(db, blobs, { accountId: 'A1', id: `e${id}` }, { ...part, blobId: `f${id}`, type: 'x/y' }, NOW);
  assert.equal((await open('10')).size, 700);
  assert.equal(await bytes(db), 1700);
  await open('10');
  assert.equal(await bytes(db), 1700);
  await open('9');
  // What is opened now is the newest of all: the oldest of the others made room for it.
  assert.equal(await bytes(db), 2000);
  assert.deepEqual([...blobs.kept.keys()], ['f10', 'f9']);
  assert.equal((await kept(db)).has('e10'), true);
  await freeOctets(db, 2000);
  await settle(db, model, blobs, NOW, 0);
  assert.equal(blobs.kept.size, 0);
  assert.equal(await bytes(db), 0);
});

test('attachments come with their messages only if they are wanted or pinned', async () => {
  const model = mails(6, 100, 1000);
  const db = await deviceOf(model);
  const blobs = blobsOf(Object.fromEntries([1, 2, 3, 4, 5, 6].map(age => [`f${age}`, 1000])));
  await setPinned(db, { accountId: 'A1', emailId: 'e5' }, true);
  await settle(db, model, blobs);
  assert.deepEqual([...blobs.kept.keys()], ['f5']);
  await setBudget(db, 'A1', { attachments: true, octets: 3600 });
  assert.equal(await settle(db, model, blobs), 'full');
  assert.deepEqual([...blobs.kept.keys()], ['f5', 'f1', 'f2']);
  assert.equal(await bytes(db), 3600);
});

test('a body that was opened stays as long as a new one would', async () => {
  const model = mails(20, 100);
  const db = await deviceOf(model);
  await setBudget(db, 'A1', { days: 7, octets: 500 });
  await settle(db, model);
  const clock = Date.now;
  Date.now = () => NOW;
  await downloadBodies(db, 'A1', ['e20'], model.call, blobsOf({})).finally(() => {
    Date.now = clock;
  });
  await settle(db, model, blobsOf({}), NOW + 2 * MINUTE);
  assert.deepEqual(await kept(db), new Set([...names(1, 4), 'e20']));
  await settle(db, model, blobsOf({}), NOW + 8 * DAY);
  assert.equal((await kept(db)).has('e20'), false);
});

test('where the browser has less room than the budgets the device takes no more', async () => {
  assert.equal(limitOf(500, 100, 300, null), 500);
  assert.equal(limitOf(500, 100, 300, 350), 150);
  assert.equal(limitOf(500, 100, 300, 100), 0);
  const model = mails(20, 100);
  const db = await deviceOf(model);
  assert.equal(await settle(db, model, blobsOf({}), NOW, 1000), 'full');
  assert.deepEqual(await kept(db), names(1, 10));
});

test('a forecast counts what is known as it is, and the rest as messages here usually are', () => {
  const email = (age: number, size: number, more: Partial<StoredEmail> = {}) => ({
    receivedAt: new Date(NOW - age * DAY).toISOString(),
    size,
    hasAttachment: false,
    ...more,
  });
  const all = [
    email(1, 1000, { bodySize: 300 }),
    email(10, 2000, { bodySize: 600 }),
    email(20, 1000),
    email(400, 1_020_000, { hasAttachment: true }),
    email(500, 1000, { bodySize: 300, kept: ['A1', rankOf('2020-01-01T00:00:00Z', true)] }),
  ];
  const [week, month, everything] = forecast(all, [7, 30, null], NOW);
  assert.deepEqual(week, { emails: 2, texts: 600, attachments: 0 });
  assert.deepEqual(month, { emails: 4, texts: 1500, attachments: 0 });
  assert.deepEqual(everything, { emails: 5, texts: 21_500, attachments: 740_000 });
});

type Step =
  | { do: 'download' }
  | { do: 'open' | 'file' | 'pin' | 'unpin' | 'destroy'; id: number }
  | { do: 'arrive'; octets: number }
  | { do: 'free'; octets: number }
  | { do: 'days'; days: number | null };

const MAILS = 8;
const id = fc.integer({ min: 1, max: MAILS });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'download' }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('open', 'file', 'pin', 'unpin', 'destroy'), id }) },
  fc.record({ do: fc.constant('arrive' as const), octets: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constant('free' as const), octets: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ do: fc.constant('days' as const), days: fc.constantFrom(3, 7, null) }),
);

test('any order of downloads, openings, pins and evictions ends within the budget, and nothing pinned goes', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 16 }),
    fc.integer({ min: 200, max: 1500 }),
    fc.boolean(),
    async (steps, octets, attachments) => {
      const model = mails(MAILS, 150, 60);
      const blobs = blobsOf(
        Object.fromEntries([...names(1, MAILS)].map(name => [name.replace('e', 'f'), 60])),
      );
      const db = await deviceOf(model);
      await setBudget(db, 'A1', { octets, attachments });
      const pinned = new Set<string>();
      let arrived = 0;
      for (const one of steps) {
        const before = await kept(db);
        if (one.do === 'download') {
          await bodyStep(db, 'A1', model.call, blobs, { now: NOW, deviceLimit: null });
        } else if (one.do === 'open') {
          await downloadBodies(db, 'A1', [`e${one.id}`], model.call, blobs);
        } else if (one.do === 'file') {
          const file = { ...part, blobId: `f${one.id}`, type: 'x/y' };
          await openFile(db, blobs, { accountId: 'A1', id: `e${one.id}` }, file);
        } else if (one.do === 'pin' || one.do === 'unpin') {
          const name = `e${one.id}`;
          if (!(await db.get('emails', ['A1', name]))) continue;
          if (one.do === 'pin') pinned.add(name);
          else pinned.delete(name);
          await setPinned(db, { accountId: 'A1', emailId: name }, one.do === 'pin');
        } else if (one.do === 'destroy') {
          model.destroy(`e${one.id}`);
          pinned.delete(`e${one.id}`);
          before.delete(`e${one.id}`);
          await download(db, model);
        } else if (one.do === 'arrive') {
          arrived += 1;
          const text = { ...part, partId: '1', blobId: 'n', type: 'text/plain', size: one.octets };
          const value = { value: 'y'.repeat(one.octets), isEncodingProblem: false, isTruncated: false };
          const receivedAt = new Date(NOW + arrived * MINUTE).toISOString();
          const body = { textBody: [text], htmlBody: [text], bodyValues: { 1: value } };
          model.addEmail({ id: `n${arrived}`, receivedAt, ...body } as Partial<Email> & { id: string });
          await download(db, model);
        } else if (one.do === 'free') await freeOctets(db, one.octets);
        else if (one.do === 'days') await setBudget(db, 'A1', { days: one.days });
        const after = await kept(db);
        for (const name of pinned) assert.ok(!before.has(name) || after.has(name), `${name} is pinned`);
        await agrees(db);
      }
      // A minute later nobody reads what was opened last.
      await settle(db, model, blobs, Date.now() + 2 * MINUTE);
      await agrees(db);
      const held = await db.getAll('emails');
      const pinnedBytes = held.reduce((sum, email) => sum + (pinned.has(email.id) ? sizeOf(email) : 0), 0);
      assert.ok((await bytes(db)) <= Math.max(octets, pinnedBytes), `${await bytes(db)} of ${octets} octets`);
      const counted = await db.getAllKeys('blobs');
      assert.deepEqual(new Set(counted.map(([, blobId]) => blobId)), new Set(blobs.kept.keys()));
    },
  );
  await fc.assert(property, { numRuns: runs(60) });
});

const sizeOf = (email: StoredEmail) => (email.kept ? (email.bodySize ?? 0) : 0);

/** What is counted is what is there: the rows add up to the sum, and a row is kept when its body is here. */
async function agrees(db: Database): Promise<void> {
  const emails = await db.getAll('emails');
  assert.equal(
    await bytes(db),
    emails.reduce((sum, email) => sum + sizeOf(email), 0),
  );
  assert.deepEqual(await kept(db), new Set(emails.flatMap(email => (email.kept ? [email.id] : []))));
}

test('letting go takes the oldest first: nothing goes that is newer than what stays', async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 25 });
  const property = fc.asyncProperty(lengths, fc.integer({ min: 1, max: 5000 }), async (sizes, octets) => {
    const model = mails(sizes.length, 1);
    for (const [position, size] of sizes.entries()) {
      const email = model.emails.get(`e${position + 1}`);
      const value = { value: 'x'.repeat(size), isEncodingProblem: false, isTruncated: false };
      if (email) model.emails.set(email.id, { ...email, bodyValues: { 1: value } });
    }
    const db = await deviceOf(model);
    await settle(db, model);
    const total = await bytes(db);
    const freed = await freeOctets(db, octets);
    assert.equal(freed, total - (await bytes(db)));
    assert.ok(freed >= Math.min(octets, total), `${freed} of ${octets} octets`);
    const left = (await kept(db)).size;
    assert.deepEqual(await kept(db), names(1, left));
  });
  await fc.assert(property, { numRuns: runs(40) });
});

test('above nine tenths of the quota mail has to go, down to eight', () => {
  assert.equal(octetsTooMany({ usage: 900, quota: 1000 }), 0);
  assert.equal(octetsTooMany({ usage: 901, quota: 1000 }), 101);
  const refused = new DOMException('full', 'QuotaExceededError');
  assert.equal(isNoRoom(new Error('not stored', { cause: refused })), true);
  assert.equal(isNoRoom(new Error('other')), false);
});

test('where octets are counted only lists are downloaded', () => {
  assert.equal(isMetered({}), false);
  assert.equal(isMetered({ effectiveType: '4g' }), false);
  assert.equal(isMetered({ effectiveType: '2g' }), true);
  assert.equal(isMetered({ effectiveType: '4g', saveData: true }), true);
});

test('the app is offered to be installed as each platform does it, and not where it is installed', () => {
  const other = { standalone: false, userAgent: 'Mozilla/5.0 (X11; Linux)', touchPoints: 0, prompt: false };
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)';
  assert.equal(installWay(other), null);
  assert.equal(installWay({ ...other, prompt: true }), 'prompt');
  assert.equal(installWay({ ...other, prompt: true, standalone: true }), null);
  assert.equal(installWay({ ...other, userAgent: phone }), 'ios');
  const tablet = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
  assert.equal(installWay({ ...other, userAgent: tablet, touchPoints: 5 }), 'ios');
  assert.equal(installWay({ ...other, userAgent: tablet }), null);
});
