import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failedDue, initialDue, isDue, nextPull, settledDue } from '../../functions/sync/schedule.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-23T12:00:30Z');

test('a new account is due in every minute, a settled one once in its cadence', () => {
  const minutes = Array.from({ length: 60 }, (_, i) => NOW + i * MINUTE);
  assert.equal(minutes.filter(at => isDue(initialDue(), at)).length, 60);
  const settled = settledDue('a1');
  assert.equal(minutes.filter(at => isDue(settled, at)).length, 60 / settled.every);
});

test('settled accounts spread over the minutes of the cadence', () => {
  const phases = new Set(Array.from({ length: 100 }, (_, i) => settledDue(`a${i}`).phase));
  assert.equal(phases.size, settledDue('a1').every);
});

test('the next pull is the first due minute after now', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 120 }), (id, wait) => {
      const due = { ...settledDue(id), notBefore: NOW + wait * MINUTE };
      const next = nextPull(due, NOW);
      assert.ok(next > NOW && isDue(due, next));
      const start = Math.floor(NOW / MINUTE) * MINUTE;
      for (let at = start + MINUTE; at < next; at += MINUTE) assert.equal(isDue(due, at), false);
    }),
  );
});

test('failures wait longer each time, up to an hour, never at one moment for all', () => {
  const wait = (failures: number, random: number) => failedDue('a', failures, NOW, random).notBefore - NOW;
  assert.ok(wait(1, 0.5) < wait(3, 0.5));
  assert.equal(wait(50, 0.5), 60 * MINUTE);
  assert.notEqual(wait(4, 0), wait(4, 0.9));
  assert.equal(isDue(failedDue('a', 3, NOW, 0.5), NOW + MINUTE), false);
});
