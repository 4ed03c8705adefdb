import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addUids,
  countUids,
  eachUid,
  formatUidSet,
  hasUid,
  packUidSet,
  parseUidSet,
  removeUids,
  unpackUidSet,
} from '../../functions/sync/ranges.ts';

const uids = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });

test('a set of UIDs behaves as a set, whatever is added and removed', () => {
  fc.assert(
    fc.property(uids, uids, uids, (first, removed, added) => {
      const model = new Set(first);
      for (const uid of removed) model.delete(uid);
      for (const uid of added) model.add(uid);
      const set = addUids(removeUids(addUids([], first), removed), added);
      assert.deepEqual(
        [...eachUid(set)],
        [...model].sort((a, b) => a - b),
      );
      assert.equal(countUids(set), model.size);
      for (let uid = 0; uid <= 61; uid++) assert.equal(hasUid(set, uid), model.has(uid));
    }),
  );
});

test('ranges are written shortest and read back the same', () => {
  fc.assert(
    fc.property(uids, list => {
      const set = addUids([], list);
      assert.deepEqual(parseUidSet(formatUidSet(set)), set);
      for (const [i, [first]] of set.entries()) assert.ok(i === 0 || first > (set[i - 1]?.[1] ?? 0) + 1);
    }),
  );
  assert.equal(formatUidSet(addUids([], [3, 1, 2, 7])), '1:3,7');
  assert.equal(formatUidSet(parseUidSet('')), '');
});

test('the UIDs of a large mailbox from which half was deleted fit into an item of DynamoDB', () => {
  let last = 4_000_000_000;
  const scattered = Array.from({ length: 100_000 }, (_, i) => {
    last += 1 + ((i * 7919) % 5);
    return last;
  });
  const set = addUids([], scattered);
  const stored = packUidSet(set);
  assert.ok(stored.length < 200_000, `${stored.length} characters`);
  assert.deepEqual(unpackUidSet(stored), set);
  assert.deepEqual(unpackUidSet(packUidSet([[1, 3]])), [[1, 3]]);
  assert.equal(packUidSet([]), '');
});
