import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepDue, untilNextMinute } from '../../infra/local/clock.ts';

const MINUTE = 60_000;
const minuteOf = (now: number) => Math.floor(now / MINUTE);

test('every minute of the clock has a tick, though each comes a little late', () => {
  let now = Date.parse('2026-11-23T12:00:59.990Z');
  for (let i = 0; i < 100_000; i += 1) {
    const minute = minuteOf(now);
    // The tick takes 3 ms, and its timer fires up to 1 ms early and some late.
    now += 3;
    now += untilNextMinute(now) + (i % 7) - 1;
    assert.equal(minuteOf(now), minute + 1);
  }
});

test('a sweep is due once a day, when the machine has been awake for a quarter of an hour', () => {
  const isDue = sweepDue();
  let now = Date.parse('2026-11-23T12:00:00.500Z');
  /** The minutes, from now on, in which one is due. */
  const minutes = (count: number) => {
    const due: number[] = [];
    for (let i = 0; i < count; i += 1) {
      if (isDue(now)) due.push(i);
      now += MINUTE;
    }
    return due;
  };
  assert.deepEqual(minutes(1_500), [15, 15 + 1_440]);
  // It sleeps for ten days, wakes for five minutes, sleeps again, and then stays awake.
  now += 14_400 * MINUTE;
  assert.deepEqual(minutes(5), []);
  now += 60 * MINUTE;
  assert.deepEqual(minutes(20), [15]);
  // Its clock is set back, and forward again.
  now -= 10_000 * MINUTE;
  assert.deepEqual(minutes(20), [15]);
  now += 10_000 * MINUTE;
  assert.deepEqual(minutes(20), [15]);
});
