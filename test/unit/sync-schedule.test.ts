import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cadence,
  failedDue,
  firstArrivals,
  initialDue,
  isDue,
  isOvertaken,
  lookingDue,
  nextPull,
  STEPS,
  settledDue,
  slowedDown,
  withArrival,
} from '../../functions/sync/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-23T12:00:30Z');
const minutes = Array.from({ length: 60 }, (_, i) => NOW + i * MINUTE);

test('a new account is due in every minute, a settled one once in its cadence', () => {
  assert.equal(minutes.filter(at => isDue(initialDue(), at)).length, 60);
  for (const every of STEPS) {
    const settled = settledDue('a1', every);
    assert.equal(minutes.filter(at => isDue(settled, at)).length, 60 / every);
  }
});

test('settled accounts spread over the minutes of the cadence', () => {
  const phases = new Set(Array.from({ length: 100 }, (_, i) => settledDue(`a${i}`).phase));
  assert.equal(phases.size, settledDue('a1').every);
});

test('while a device is looking an account is due more often, and a faster one as before', () => {
  const slow = lookingDue('a1', settledDue('a1', 60));
  assert.equal(minutes.filter(at => isDue(slow, at)).length, 30);
  const fast = settledDue('a1', 1);
  assert.deepEqual(lookingDue('a1', fast), fast);
  const waiting = lookingDue('a1', { ...settledDue('a1', 60), notBefore: NOW + DAY });
  assert.equal(minutes.filter(at => isDue(waiting, at)).length, 0, 'not after a failure');
});

test('a wait that only a wrong clock can have written is not kept', () => {
  for (const ahead of [28 * HOUR, 14 * 365 * DAY]) {
    const due = { ...settledDue('a1', 60), notBefore: NOW + ahead };
    assert.equal(minutes.filter(at => isDue(due, at)).length, 1);
    assert.ok(nextPull(due, NOW) <= NOW + HOUR, 'within the hour');
  }
  const floor = { every: 30, until: NOW + 2 * DAY };
  assert.equal(cadence(undefined, { current: 5, floor, now: NOW }), 5, 'nor is such a floor');
  for (const code of ['temporary', 'throttled', 'quota', 'internal']) {
    for (const retryAt of [undefined, NOW + DAY]) {
      const longest = failedDue({ code, failures: 100, ...(retryAt && { retryAt }) }, NOW, 0.999);
      assert.ok(longest && !isDue(longest, NOW), 'every wait of ours is');
      assert.ok(longest && nextPull(longest, NOW) >= longest.notBefore, 'to its end');
    }
  }
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

/** Plays days of looking at an account in which mail arrives at the given times, from the end of its first import. */
function play(arrivesAt: readonly number[], days: number) {
  let arrivals = firstArrivals(NOW);
  let every: number | undefined;
  let changes = 0;
  let waited = 0;
  let looks = 0;
  const everyAt: { at: number; every: number }[] = [];
  let pending = [...arrivesAt].sort((a, b) => a - b);
  for (let at = NOW; at < NOW + days * DAY; at += MINUTE) {
    if (!isDue(settledDue('a1', every), at)) continue;
    looks += 1;
    const arrived = pending.filter(time => time <= at);
    pending = pending.slice(arrived.length);
    waited += arrived.reduce((sum, time) => sum + at - time, 0);
    if (arrived.length > 0) arrivals = withArrival(arrivals, at);
    const next = cadence(arrivals, { current: every, floor: undefined, now: at });
    if (next !== (every ?? 5)) changes += 1;
    every = next;
    everyAt.push({ at, every });
  }
  return { every, changes, looks, everyAt, waited: waited / Math.max(1, arrivesAt.length) };
}

test('an account without new mail slows down to once an hour within a day, step by step', () => {
  const { every, changes, looks } = play([], 1);
  assert.equal(every, 60);
  assert.ok(changes <= STEPS.length, `${changes} changes`);
  assert.ok(looks < 100, `${looks} looks`);
});

test('an account in which mail keeps arriving is looked at every minute or two', () => {
  const busy = Array.from({ length: 24 * 20 }, (_, i) => NOW + i * 3 * MINUTE);
  const { every, waited } = play(busy, 1);
  assert.ok((every ?? 60) <= 2, `${every}`);
  assert.ok(waited < 2 * MINUTE, `${waited}`);
});

test('whatever the pace of mail, the cadence moves seldom beside what arrives', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 * DAY }), { maxLength: 100 }), offsets => {
      const { changes, everyAt } = play(
        offsets.map(offset => NOW + offset),
        3,
      );
      assert.ok(
        everyAt.every(({ every }) => STEPS.includes(every)),
        'only steps',
      );
      assert.ok(changes <= STEPS.length * (offsets.length + 1), `${changes} changes`);
    }),
    { numRuns: 30 },
  );
});

test('the habits of the hours are learned: where mail comes each morning it is looked for then', () => {
  const days = 14;
  const mornings = Array.from({ length: days }, (_, day) =>
    Array.from({ length: 6 }, (_, i) => Date.parse('2026-11-24T08:00:00Z') + day * DAY + i * 10 * MINUTE),
  ).flat();
  const { everyAt } = play(mornings, days);
  const at = (hour: number) =>
    everyAt.filter(entry => entry.at > NOW + 10 * DAY && new Date(entry.at).getUTCHours() === hour);
  const slowest = (hour: number) => Math.max(...at(hour).map(({ every }) => every));
  assert.ok(slowest(8) <= 10, `${slowest(8)} minutes in the morning`);
  assert.equal(slowest(3), 60, 'at night');
});

test('a server that complains of the pace is left in peace for a day', () => {
  const floor = slowedDown({ every: 5 }, NOW);
  assert.equal(floor.every, 10);
  assert.equal(slowedDown({ every: 5, floor }, NOW).every, 15, 'and more so when it complains again');
  assert.equal(slowedDown({ every: 60 }, NOW).every, 30, 'the floor itself has an end');
  let arrivals = firstArrivals(NOW);
  for (let i = 0; i < 50; i++) arrivals = withArrival(arrivals, NOW);
  assert.equal(cadence(arrivals, { current: 1, floor, now: NOW }), 10);
  for (let i = 0; i < 50; i++) arrivals = withArrival(arrivals, NOW + 2 * DAY);
  assert.equal(cadence(arrivals, { current: 10, floor, now: NOW + 2 * DAY }), 1);
});

const waitOf = (code: string, failures: number, random = 0.5, more: { retryAt?: number } = {}) => {
  const due = failedDue({ code, failures, retryAt: undefined, ...more }, NOW, random);
  return due && due.notBefore - NOW;
};

test('failures wait longer each time, up to an hour, never at one moment for all', () => {
  for (const code of ['temporary', 'unreachable', 'timeout', 'disconnected', 'internal']) {
    assert.equal(waitOf(code, 1), 2 * MINUTE);
    assert.equal(waitOf(code, 3), 8 * MINUTE);
    assert.equal(waitOf(code, 50), 60 * MINUTE);
    assert.notEqual(waitOf(code, 4, 0), waitOf(code, 4, 0.9));
  }
  const due = failedDue({ code: 'timeout', failures: 3, retryAt: undefined }, NOW, 0.5);
  assert.equal(due && isDue(due, NOW + MINUTE), false);
});

test('a refused password waits for the person', () => {
  for (const code of ['authentication', 'forbidden-host', 'sealed']) assert.equal(waitOf(code, 1), null);
});

test('a server that limits how often we come is given longer', () => {
  assert.equal(waitOf('throttled', 1), 15 * MINUTE);
  assert.equal(waitOf('throttled', 9), 4 * HOUR);
});

test('what is used up for a day waits for the next one', () => {
  const midnight = Date.parse('2026-11-24T00:00:00Z') - NOW;
  assert.equal(waitOf('quota', 1, 0), midnight);
  const latest = waitOf('quota', 5, 0.999) ?? 0;
  assert.ok(latest > midnight && latest < midnight + HOUR, 'spread over an hour');
});

test('a time that the server has stated is kept, and a little more', () => {
  for (const code of ['throttled', 'quota', 'temporary']) {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: DAY }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (wait, random) => {
          const waits = waitOf(code, 1, random, { retryAt: NOW + wait }) ?? 0;
          assert.ok(waits >= wait && waits <= wait * 1.1, `${waits} for ${wait}`);
        },
      ),
    );
  }
});

test('what the schedule asked for before an account failed is answered by that', () => {
  const failing = { phase: 'failing' as const, lastPullAt: NOW };
  assert.equal(isOvertaken(failing, NOW - MINUTE, NOW), true, 'it failed since');
  assert.equal(isOvertaken(failing, NOW + MINUTE, NOW + MINUTE), false, 'its next turn');
  assert.equal(isOvertaken(failing, undefined, NOW), false, 'a person asked');
  assert.equal(
    isOvertaken({ ...failing, lastPullAt: NOW + HOUR }, NOW, NOW),
    false,
    'a clock that was wrong',
  );
  assert.equal(isOvertaken({ phase: 'ok', lastPullAt: NOW }, NOW - HOUR, NOW), false, 'nobody failed');
});
