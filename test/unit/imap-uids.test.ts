import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fetchSteps, LARGE_MESSAGE, uidSets, uidsIn } from '../../functions/source/imap-uids.ts';

/** What a server reads out of sequence sets. */
function expand(sets: readonly string[]): number[] {
  return sets.flatMap(set =>
    set.split(',').flatMap(range => {
      const [first = 0, last = first] = range.split(':').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

test('neighbours become ranges, each UID once, in order', () => {
  assert.deepEqual(uidSets(['7', '3', '1', '2', '3']), ['1:3,7']);
  assert.deepEqual(uidSets([]), []);
});

test('what is no UID never reaches the server', () => {
  assert.deepEqual(uidSets(['0', '*', '1:*', '-1', '1e3', '5\r\nx', ' 6', '']), []);
});

test('sets name exactly the UIDs and keep to the length', () => {
  const uids = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 300 });
  fc.assert(
    fc.property(uids, fc.integer({ min: 9, max: 60 }), (numbers, longest) => {
      const sets = uidSets(numbers.map(String), longest);
      assert.deepEqual(
        expand(sets),
        [...numbers].sort((a, b) => a - b),
      );
      for (const set of sets) assert.ok(set.length <= longest, set);
    }),
  );
});

test('no command line grows over 8 kB, whatever is asked for', () => {
  const scattered = Array.from({ length: 20_000 }, (_, index) => String(4_000_000_000 + 2 * index));
  for (const set of uidSets(scattered)) assert.ok(set.length < 8_000, set);
});

test('a sequence set of a server names those of our UIDs that lie in it, whatever it says', () => {
  const uids = ['1', '7', '9', '10', '4294967295'];
  assert.deepEqual(uidsIn('7,12:9', uids), ['7', '9', '10']);
  assert.deepEqual(uidsIn('1:4294967295', uids), uids);
  for (const nonsense of ['', ',', 'x', '1:x', ':', '*']) assert.deepEqual(uidsIn(nonsense, uids), []);
});

test('steps hold every message once and are bounded in number and octets', () => {
  const size = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 2 * LARGE_MESSAGE }));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 600 }), sizes => {
      const entries = sizes.map((size, index) => ({ uid: String(index + 1), size, keywords: null }));
      const steps = fetchSteps(entries);
      const uids = steps.flatMap(step => step.entries.map(({ uid }) => Number(uid)));
      assert.deepEqual(
        uids.sort((a, b) => a - b),
        entries.map(({ uid }) => Number(uid)),
      );
      for (const { large, entries: batch } of steps) {
        if (large) assert.equal(batch.length, 1);
        else assert.ok(batch.length <= 200, 'too many messages');
        const octets = batch.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
        if (!large) assert.ok(octets <= 4 * 1024 * 1024, 'too many octets');
      }
    }),
  );
});
