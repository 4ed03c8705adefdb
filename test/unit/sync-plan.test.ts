import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MailboxSnapshot, MailboxStatus, SourceEntry } from '../../functions/source/source.ts';
import type { EmailState } from '../../functions/store/state.ts';
import { freshCursor, hasChanged, planImap, planPop, withHandled } from '../../functions/sync/plan.ts';
import { keywordPatch } from '../../functions/sync/pull/keyword-patch.ts';

const status = (overrides: Partial<MailboxStatus> = {}): MailboxStatus => ({
  uidValidity: '7',
  uidNext: 10,
  messages: 3,
  highestModseq: '5',
  ...overrides,
});
const entry = (uid: number | string, keywords: string[] = []): SourceEntry => ({
  uid: String(uid),
  size: 100,
  keywords,
});
const snapshot = (entries: SourceEntry[], overrides: Partial<MailboxSnapshot> = {}): MailboxSnapshot => ({
  status: status(),
  complete: true,
  entries,
  vanished: [],
  ...overrides,
});
const uidsOf = (entries: readonly SourceEntry[]) => entries.map(({ uid }) => uid);

test('what is new is fetched newest first, what was handled is not fetched again', () => {
  const cursor = withHandled(freshCursor('7'), ['2', '3']);
  const plan = planImap(snapshot([entry(1), entry(2), entry(3), entry(10)]), cursor);
  assert.deepEqual(uidsOf(plan.fetch), ['10', '1']);
  assert.deepEqual(uidsOf(plan.known), ['2', '3']);
  assert.deepEqual(plan.gone, []);
});

test('what a complete listing lacks is gone; what an incremental one lacks is not', () => {
  const cursor = withHandled(freshCursor('7'), ['1', '2', '3']);
  assert.deepEqual(planImap(snapshot([entry(2)]), cursor).gone, ['1', '3']);
  const incremental = snapshot([entry(4)], { complete: false, vanished: ['3', '99'] });
  assert.deepEqual(planImap(incremental, cursor).gone, ['3']);
});

test('a message that waits to be expunged is not visible, and is again when it no longer does', () => {
  const cursor = withHandled(freshCursor('7'), ['1', '2']);
  const deleted = { ...entry(2), isDeleted: true };
  assert.deepEqual(planImap(snapshot([entry(1), deleted]), cursor).gone, ['2']);
  assert.deepEqual(planImap(snapshot([deleted], { complete: false }), cursor).gone, ['2']);
  const without = withHandled(freshCursor('7'), ['1']);
  assert.deepEqual(planImap(snapshot([entry(1), deleted]), without).fetch, []);
  assert.deepEqual(uidsOf(planImap(snapshot([entry(2)], { complete: false }), without).fetch), ['2']);
});

test('a new UIDVALIDITY voids what was handled and remembers what has to be cleared', () => {
  const cursor = withHandled(freshCursor('6'), ['1', '2']);
  const plan = planImap(snapshot([entry(1), entry(2)]), cursor);
  assert.deepEqual(uidsOf(plan.fetch), ['2', '1']);
  assert.deepEqual(plan.cursor.stale, ['6']);
  assert.deepEqual(plan.gone, []);
});

test('UIDNEXT that went backwards voids what was handled: the mailbox was made anew', () => {
  const cursor = { ...withHandled(freshCursor('7'), ['1', '2']), status: status({ uidNext: 10 }) };
  const anew = snapshot([entry(1)], { status: status({ uidNext: 2, messages: 1 }) });
  const plan = planImap(anew, cursor);
  assert.deepEqual(uidsOf(plan.fetch), ['1']);
  assert.deepEqual(plan.gone, []);
  assert.deepEqual(plan.renumbered, { from: '7', to: '7~0' });
  assert.deepEqual(plan.cursor.stale, ['7~0']);
});

test('a mailbox that the source calls another is listed from the beginning, under the same numbers, too', () => {
  const cursor = { ...withHandled(freshCursor('7'), ['1', '2']), remoteId: 'a' };
  assert.deepEqual(uidsOf(planImap(snapshot([entry(1), entry(2)]), cursor, 'b').fetch), ['2', '1']);
  assert.deepEqual(planImap(snapshot([entry(1), entry(2)]), cursor, 'a').fetch, []);
  assert.equal(planImap(snapshot([]), cursor).renumbered, null);
});

test('a UIDVALIDITY that comes back before its messages were cleared makes room for itself', () => {
  const cursor = { ...withHandled(freshCursor('8'), ['1']), stale: ['7'] };
  const plan = planImap(snapshot([entry(1)]), cursor);
  assert.deepEqual(plan.renumbered, { from: '7', to: '7~1' });
  assert.deepEqual(plan.cursor.stale, ['7~1', '8']);
});

test('a server that suddenly shows next to nothing is believed at the second look only', () => {
  const cursor = withHandled(
    freshCursor('7'),
    Array.from({ length: 50 }, (_, i) => String(i + 1)),
  );
  const first = planImap(snapshot([], { status: status({ messages: 0, uidNext: 51 }) }), cursor);
  assert.equal(first.gone.length, 50);
  assert.equal(first.doubtful, true);
  const second = planImap(snapshot([], { status: status({ messages: 0, uidNext: 51 }) }), {
    ...cursor,
    doubted: '1:50',
  });
  assert.equal(second.doubtful, false);
  const few = planImap(
    snapshot([entry(50)], { status: status({ uidNext: 51 }) }),
    withHandled(freshCursor('7'), ['48', '49', '50']),
  );
  assert.equal(few.doubtful, false);
});

test('POP fetches what UIDL lists and is not known, the last listed first', () => {
  const listed = snapshot([entry('a'), entry('b'), entry('c')], { status: status({ uidValidity: 'pop' }) });
  const plan = planPop(listed, undefined, ({ uid }) => uid === 'b');
  assert.deepEqual(uidsOf(plan.fetch), ['c', 'a']);
  assert.deepEqual(plan.gone, []);
});

test('any difference of status is a change; none is none', () => {
  assert.equal(hasChanged(status(), status()), false);
  assert.equal(hasChanged(null, status()), true);
  for (const different of [{ uidValidity: '8' }, { uidNext: 11 }, { messages: 2 }, { highestModseq: '6' }]) {
    assert.equal(hasChanged(status(), status(different)), true);
  }
});

test('the source speaks for keywords, except where a device has not been heard yet', () => {
  const state: EmailState = {
    id: 'e1',
    threadId: 't1',
    mailboxIds: ['m'],
    keywords: ['$flagged'],
    locations: ['UID#m#7#1'],
  };
  assert.deepEqual(keywordPatch(state, ['$seen'], undefined, true)?.keywords, {
    $seen: true,
    $flagged: false,
  });
  assert.deepEqual(keywordPatch(state, ['$seen'], undefined, false)?.keywords, { $seen: true });
  const pending = { keywords: new Set(['$seen', '$flagged']), mailboxIds: new Set<string>() };
  assert.equal(keywordPatch(state, ['$seen'], pending, true), null);
  assert.equal(keywordPatch(state, ['$flagged'], undefined, true), null);
});
