import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceMailbox } from '../../functions/source/source.ts';
import type { MailboxProperties } from '../../functions/store/commit.ts';
import { imapLocation, KEPT_HERE } from '../../functions/store/keys.ts';
import type { EmailState } from '../../functions/store/state.ts';
import { wantedPaths } from '../../functions/sync/mailboxes/pending.ts';
import { planMailboxPush } from '../../functions/sync/push/mailbox-plan.ts';
import { afterMoves, leavesUnknown, planPush, surplusCopies } from '../../functions/sync/push/plan.ts';

const at = (mailboxId: string, uid = '1') => imapLocation(mailboxId, '9', uid);
const email = (mailboxIds: string[], locations: string[]): EmailState => ({
  ...{ id: 'e', threadId: 't', keywords: [] },
  ...{ mailboxIds, locations },
});
const moved = { keywords: {}, isMoved: true, importedAt: null };
const told = (state: EmailState) =>
  planPush(state, moved).map(operation =>
    operation.kind === 'keyword'
      ? operation.keyword
      : `${operation.kind} ${operation.location} ${operation.toMailboxId}`,
  );

test('what is moved is copied before, and from where it stays if it stays anywhere', () => {
  assert.deepEqual(told(email(['b', 'c'], [at('a')])), [`copy ${at('a')} c`, `move ${at('a')} b`]);
  assert.deepEqual(told(email(['a', 'b'], [at('a')])), [`copy ${at('a')} b`]);
  assert.deepEqual(told(email(['b', 'c'], [at('a'), at('b')])), [`move ${at('a')} c`]);
  assert.deepEqual(told(email(['b'], [at('b')])), []);
  assert.deepEqual(told(email(['b'], [KEPT_HERE])), []);
  assert.deepEqual(told(email(['b'], [])), []);
});

test('a copy is surplus only where the source has another one in its place', () => {
  assert.deepEqual(surplusCopies(email(['b'], [at('a'), at('b')]), moved), [at('a')]);
  assert.deepEqual(surplusCopies(email(['b'], [at('a'), at('b')]), { ...moved, isMoved: false }), []);
  assert.deepEqual(surplusCopies(email(['b'], [at('a'), KEPT_HERE]), moved), []);
  const state = email(['c'], [at('a'), at('b')]);
  const operations = planPush(state, moved);
  assert.deepEqual(surplusCopies(state, moved), []);
  assert.equal(leavesUnknown(state, operations), true);
  const after = afterMoves(state, [{ emailId: 'e', kind: 'move', from: at('a'), to: at('c') }]);
  assert.deepEqual(surplusCopies(after, moved), [at('b')]);
  assert.equal(leavesUnknown(after, operations), false);
});

const box = (id: string, path: string | null, more: Partial<MailboxProperties> = {}): MailboxProperties => ({
  ...{ id, path, name: path?.split(/[/.]/).at(-1) ?? id, parentId: null, role: null },
  ...{ sortOrder: 0, isSubscribed: true, selectable: true },
  ...more,
});
const listed = (path: string, delimiter = '/'): SourceMailbox => {
  const cut = path.lastIndexOf(delimiter);
  const place = { path, name: path.slice(cut + 1), parentPath: cut < 0 ? null : path.slice(0, cut) };
  return { ...place, delimiter, role: null, subscribed: true, selectable: true, status: null };
};
const inbox = box('inbox', 'INBOX', { role: 'inbox', name: 'Inbox' });

/** What is told of mailboxes, in words. */
function plan(live: MailboxProperties[], changed: string[], source: SourceMailbox[]): string[] {
  return planMailboxPush(live, new Set(changed), source).map(operation => {
    if (operation.kind === 'create') return `create ${operation.path}`;
    if (operation.kind === 'rename') return `rename ${operation.path} ${operation.newPath}`;
    if (operation.kind === 'subscribe') return `subscribe ${operation.path} ${operation.subscribed}`;
    return operation.kind === 'join'
      ? `join ${operation.id} ${operation.into}`
      : `impossible ${operation.id}`;
  });
}

test('mailboxes are told in an order in which the source can follow', () => {
  const source = ['INBOX', 'A', 'A/one', 'B'].map(path => listed(path));
  const a = box('a', 'A');
  const one = box('one', 'A/one', { parentId: 'a' });
  const b = box('b', 'B');
  const child = box('child', null, { parentId: 'new' });
  assert.deepEqual(plan([inbox, child, box('new', null)], ['child', 'new'], source), [
    'create new',
    'create new/child',
  ]);
  const shifted = [inbox, { ...a, name: 'B' }, { ...b, name: 'C' }, one];
  assert.deepEqual(plan(shifted, ['a', 'b'], source), ['rename B C', 'rename A B']);
  const inverted = [inbox, { ...one, parentId: null }, { ...a, parentId: 'one' }, b];
  assert.deepEqual(plan(inverted, ['a', 'one'], source), ['rename A/one one', 'rename A one/A']);
  const both = [inbox, { ...a, name: 'Z' }, { ...one, name: 'two' }, b];
  assert.deepEqual(plan(both, ['a', 'one'], source), ['rename A Z', 'rename Z/one Z/two']);
  assert.deepEqual(plan([inbox, a, b, box('twin', null, { name: 'B' })], ['twin'], source), ['join twin b']);
  assert.deepEqual(plan([inbox, { ...b, isSubscribed: false }], ['b'], source), ['subscribe B false']);
  const hushed = box('h', null, { isSubscribed: false });
  assert.deepEqual(plan([inbox, hushed], ['h'], source), ['create h', 'subscribe h false']);
  assert.deepEqual(plan([inbox, box('x', null, { name: 'p/q' })], ['x'], source), ['impossible x']);
});

test('paths are those of the source: its delimiter, what it has below the Inbox, and its own spelling', () => {
  const source = [listed('INBOX', '.'), listed('INBOX.Sent', '.')];
  const sent = box('sent', 'INBOX.Sent', { parentId: 'inbox' });
  const wanted = (live: MailboxProperties[], ...changed: string[]) =>
    Object.fromEntries(wantedPaths([inbox, sent, ...live], new Set(changed), source));
  assert.equal(wanted([box('n', null, { name: 'a/b' })], 'n').n, 'INBOX.a/b');
  assert.equal(wanted([box('n', null, { name: 'a', parentId: 'sent' })], 'n').n, 'INBOX.Sent.a');
  assert.equal(wanted([box('n', null, { name: 'a.b' })], 'n').n, undefined);
  assert.equal(wanted([], 'sent').sent, 'INBOX.Sent');
  const odd = { ...listed('Odd\tname'), name: 'Odd name' };
  const renamed = wantedPaths([inbox, box('o', 'Odd\tname', { name: 'Odd name' })], new Set(['o']), [odd]);
  assert.equal(renamed.get('o'), 'Odd\tname');
});
