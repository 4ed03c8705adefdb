import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limitsOf } from '../../functions/source/provider-limits.ts';
import { dayBudget, spentWords } from '../../functions/sync/budget.ts';

const MB = 1_000_000;
const DAY = 24 * 3_600_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');

test('a provider is known by the end of its host name, each protocol with its limits', () => {
  assert.equal(limitsOf('imap.gmail.com', 'imap').bytesPerDay, 2_500 * MB);
  assert.equal(limitsOf('pop.gmail.com', 'pop').bytesPerDay, 1_250 * MB);
  assert.equal(limitsOf('imap.gmail.com', 'imap').connections, 15);
  assert.equal(limitsOf('IMAP.Googlemail.com.', 'imap').name, 'Gmail');
  assert.equal(limitsOf('outlook.office365.com', 'imap').name, 'Outlook');
  assert.equal(limitsOf('imap.mail.yahoo.com', 'imap').name, 'Yahoo');
  for (const host of ['notgmail.com', 'gmail.com.example.net', '127.0.0.1', 'mail.example.org']) {
    assert.equal(limitsOf(host, 'imap').name, null, host);
  }
});

test('a day has its budget, of which the history leaves a tenth to new mail; the next day has another', () => {
  let now = NOW;
  const budget = dayBudget({ bytesPerDay: 100 }, undefined, () => now);
  assert.equal(budget.take(80, false), true);
  assert.equal(budget.take(11, false), false);
  assert.equal(budget.isSpent(), true);
  assert.equal(budget.take(20, true), true);
  assert.equal(budget.take(1, true), false);
  assert.equal(budget.fetched().bytes, 100);
  now += DAY;
  assert.equal(budget.fetched().bytes, 0);
  assert.equal(budget.take(80, false), true);
});

test('what alone is more than a day allows comes first in a day', () => {
  const budget = dayBudget({ bytesPerDay: 100 }, undefined, () => NOW);
  assert.equal(budget.take(500, false), true);
  assert.equal(budget.take(1, true), false);
});

test('however a day is divided among runs, no more than the limit is taken', () => {
  const step = fc.record({
    bytes: fc.integer({ min: 1, max: 40 }),
    isNewest: fc.boolean(),
    ends: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), steps => {
      let budget = dayBudget({ bytesPerDay: 100 }, undefined, () => NOW);
      let taken = 0;
      for (const { bytes, isNewest, ends } of steps) {
        if (budget.take(bytes, isNewest)) taken += bytes;
        if (ends) budget = dayBudget({ bytesPerDay: 100 }, budget.fetched(), () => NOW);
      }
      assert.ok(taken <= 100, `${taken}`);
      assert.equal(budget.fetched().bytes, taken);
    }),
  );
});

test('it is said whose limit it is and when it goes on', () => {
  assert.equal(
    spentWords(limitsOf('imap.gmail.com', 'imap'), NOW).text,
    "Today's 2,500 MB that Gmail allows are used up; it goes on tomorrow at 00:00 UTC. New mail still comes.",
  );
  assert.match(
    spentWords(limitsOf('mail.example.org', 'imap'), NOW).text,
    /20,000 MB that Mailferry fetches/,
  );
});
