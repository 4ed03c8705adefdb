import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilNextMinute } from '../../infra/local/cloud.ts';

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
