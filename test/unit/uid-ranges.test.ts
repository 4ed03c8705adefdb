import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addUids,
  coarseUids,
  countUids,
  eachUid,
  formatUidSet,
  hasUid,
  newestUids,
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

test('of UIDs that are spread so that no item can hold them the newest are told, or what lies between them too', () => {
  let next = 1;
  const random = () => {
    next = (next * 48_271) % 2_147_483_647;
    return next;
  };
  const set = addUids([], Array.from({ length: 60_000 }, random));
  assert.ok(packUidSet(set).length > 200_000, 'they are too many');
  const newest = newestUids(set, 100_000);
  assert.ok(packUidSet(newest).length <= 100_000, 'those fit');
  assert.ok(newest.length > 15_000, `${newest.length} ranges`);
  assert.deepEqual(newest, set.slice(-newest.length));
  const coarse = coarseUids(set, 50_000);
  assert.ok(packUidSet(coarse).length <= 50_000, 'those fit, too');
  assert.ok(
    set.every(([first, last]) => hasUid(coarse, first) && hasUid(coarse, last)),
    'all are there',
  );
  const few = addUids([], [1, 3, 9]);
  assert.deepEqual([newestUids(few, 200), coarseUids(few, 200)], [few, few]);
});
