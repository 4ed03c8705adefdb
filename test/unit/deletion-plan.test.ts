import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Copy,
  type DeletionRule,
  deletesDestroyed,
  dueAt,
  imapAnomaly,
  LOOK_EVERY_MS,
  needsProof,
  nextLook,
  planDeletions,
  popAnomaly,
} from '../../functions/sync/deletion/plan.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
const rule = (
  deletionPolicy: DeletionRule['deletionPolicy'],
  protocol: DeletionRule['protocol'] = 'pop',
  deletionDays: number | null = null,
): DeletionRule => ({ protocol, deletionPolicy, deletionDays });
const copy = (changes: Partial<Copy> = {}): Copy => ({
  ...{ location: 'UIDL#1', emailId: 'e1', sha256: 'aa', size: 10, uid: '1', listedSize: 10 },
  ...{ isFetched: true, fate: 'stored', storedAt: NOW - 5 * DAY, attempted: false },
  ...changes,
});

test('each policy takes what it says, and keep takes nothing that is stored', () => {
  const stored = copy();
  const destroyed = copy({ fate: 'destroyed' });
  const never = Number.POSITIVE_INFINITY;
  assert.equal(dueAt(rule('keep'), stored), never);
  assert.equal(dueAt(rule('whenDestroyed'), stored), never);
  assert.equal(dueAt(rule('onceStored'), stored), 0);
  assert.equal(dueAt(rule('afterDays', 'pop', 7), stored), NOW + 2 * DAY);
  assert.equal(dueAt(rule('afterDays', 'pop', 7), copy({ storedAt: null })), never);
  assert.equal(dueAt(rule('afterDays'), stored), never);
  for (const policy of ['afterDays', 'onceStored', 'whenDestroyed'] as const) {
    assert.equal(dueAt(rule(policy, 'pop', 7), destroyed), 0, policy);
  }
  assert.equal(dueAt(rule('keep'), destroyed), never);
  assert.equal(dueAt(rule('keep', 'imap'), destroyed), 0);
  assert.equal(deletesDestroyed(rule('keep')), false);
});

test('the oldest goes first, under the policy that asked; a name that counts messages alike never', () => {
  const copies = [
    copy({ emailId: 'e3' }),
    copy({ emailId: 'e1', fate: 'destroyed' }),
    copy({ emailId: 'e2', uid: 'x 10.1' }),
  ];
  const due = planDeletions(rule('onceStored'), copies, NOW);
  assert.deepEqual(
    due.map(({ emailId, policy }) => [emailId, policy]),
    [
      ['e1', 'whenDestroyed'],
      ['e3', 'onceStored'],
    ],
  );
});

test('bytes are read again unless they were read at this location and have the listed size', () => {
  assert.equal(needsProof(copy()), false);
  assert.equal(needsProof(copy({ isFetched: false })), true);
  assert.equal(needsProof(copy({ listedSize: 11 })), true);
  assert.equal(needsProof(copy({ listedSize: null })), true);
});

test('days are looked at a few times a day, other policies when something happens', () => {
  assert.equal(nextLook(rule('onceStored'), [], NOW), null);
  assert.equal(nextLook(rule('onceStored'), [NOW + 5], NOW), NOW + 5);
  assert.equal(nextLook(rule('afterDays', 'pop', 7), [NOW + 1], NOW), NOW + LOOK_EVERY_MS);
  assert.equal(nextLook(rule('afterDays', 'pop', 7), [NOW + 2 * DAY], NOW), NOW + 2 * DAY);
  assert.equal(nextLook(rule('afterDays', 'pop', 7), [], NOW), NOW + 7 * DAY);
});

test('a reset and a loss are anomalies; a few messages less are not', () => {
  const before = (messages: number) => ({
    status: { uidValidity: 'pop', uidNext: 0, messages, highestModseq: null },
  });
  const code = (messages: number, listed: number, known: number) =>
    popAnomaly(before(messages), { listed, known }, NOW)?.code ?? null;
  assert.equal(popAnomaly(undefined, { listed: 9, known: 0 }, NOW), null);
  assert.equal(code(3, 3, 0), 'reset');
  assert.equal(code(3, 0, 0), null);
  assert.equal(code(1, 1, 0), null);
  assert.equal(code(200, 190, 180), null);
  assert.equal(code(200, 300, 179), 'loss');
  assert.equal(code(10, 0, 0), null);
  assert.equal(code(11, 0, 0), 'loss');
  const seen = { name: 'INBOX', isReset: false, isDoubtful: false };
  assert.equal(imapAnomaly(seen, NOW), null);
  assert.equal(imapAnomaly({ ...seen, isReset: true }, NOW)?.code, 'reset');
  assert.equal(imapAnomaly({ ...seen, isDoubtful: true }, NOW)?.code, 'loss');
});
