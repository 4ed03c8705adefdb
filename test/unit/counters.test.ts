import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyPatch,
  applyToMembers,
  changes,
  counterDeltas,
  type EmailState,
} from '../../functions/store/state.ts';

const email = (id: string, threadId: string, mailboxIds: string[], keywords: string[] = []): EmailState => ({
  id,
  threadId,
  mailboxIds,
  keywords,
  locations: [],
});
const none: EmailState[] = [];

test('the four counters of RFC 8621 section 2', () => {
  const thread = [
    email('1', 't', ['inbox'], ['$seen']),
    email('2', 't', ['inbox']),
    email('3', 't', ['sent'], ['$seen']),
  ];
  assert.deepEqual(counterDeltas(none, thread, 'trash'), {
    inbox: { totalEmails: 2, unreadEmails: 1, totalThreads: 1, unreadThreads: 1 },
    // A thread is shown as unread wherever one of its Emails is.
    sent: { totalEmails: 1, unreadEmails: 0, totalThreads: 1, unreadThreads: 1 },
  });
});

test('Emails only in the Trash do not make a thread unread elsewhere, nor others in the Trash', () => {
  const thread = [email('1', 't', ['trash']), email('2', 't', ['inbox'], ['$seen'])];
  const counters = counterDeltas(none, thread, 'trash');
  assert.equal(counters.inbox?.unreadThreads, 0);
  assert.equal(counters.trash?.unreadThreads, 1);
  const other = [email('1', 't', ['trash'], ['$seen']), email('2', 't', ['inbox'])];
  assert.equal(counterDeltas(none, other, 'trash').trash?.unreadThreads, 0);
});

test('drafts are not unread', () => {
  const counters = counterDeltas(none, [email('1', 't', ['drafts'], ['$draft'])], null);
  assert.equal(counters.drafts?.unreadEmails, 0);
});

const ids = fc.constantFrom('1', '2', '3', '4');
const patch = fc.record({
  id: ids,
  threadId: fc.constant('t'),
  keywords: fc.dictionary(fc.constantFrom('$seen', '$flagged', '$draft'), fc.boolean(), {
    noNullPrototype: true,
  }),
  mailboxIds: fc.dictionary(fc.constantFrom('inbox', 'trash', 'a'), fc.boolean(), { noNullPrototype: true }),
});

test('deltas of a chain of commits add up to a count from nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.array(patch, { maxLength: 4 }), { maxLength: 6 }), commits => {
      const start = ['1', '2', '3', '4'].map(id => email(id, id < '3' ? 't' : 'u', ['inbox']));
      let states = new Map(start.map(state => [state.id, state]));
      const sums: Record<string, number> = {};
      const add = (deltas: ReturnType<typeof counterDeltas>) => {
        for (const [box, d] of Object.entries(deltas)) {
          for (const [name, value] of Object.entries(d))
            sums[`${box} ${name}`] = (sums[`${box} ${name}`] ?? 0) + value;
        }
      };
      add(counterDeltas(none, start, 'trash'));
      for (const patched of commits) {
        const after = applyToMembers(states, { created: [], patched, destroyed: [] });
        add(counterDeltas(states.values(), after.values(), 'trash'));
        states = after;
      }
      const recount: Record<string, number> = {};
      for (const [box, d] of Object.entries(counterDeltas(none, states.values(), 'trash'))) {
        for (const [name, value] of Object.entries(d)) recount[`${box} ${name}`] = value;
      }
      const nonZero = Object.fromEntries(Object.entries(sums).filter(([, value]) => value !== 0));
      assert.deepEqual(
        nonZero,
        Object.fromEntries(Object.entries(recount).filter(([, value]) => value !== 0)),
      );
    }),
  );
});

test('a patch applied twice changes nothing the second time', () => {
  fc.assert(
    fc.property(patch, change => {
      const once = applyPatch(email('1', 't', ['inbox'], ['$seen']), change);
      assert.equal(changes(once, change), false);
      assert.deepEqual(applyPatch(once, change), once);
    }),
  );
});
