import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Entry } from '../../pwa/src/mailbox/entries.ts';
import { keepFirstScreen, readFirstScreen, removeFirstScreen } from '../../pwa/src/mailbox/first-screen.ts';

const KEY = 'mailferry:first-screen';
const stored = new Map<string, string>();
let room = Number.POSITIVE_INFINITY;
let wanted = ['en-GB'];

Object.defineProperty(globalThis, 'localStorage', {
  configurable: true,
  value: {
    getItem: (key: string) => stored.get(key) ?? null,
    removeItem: (key: string) => void stored.delete(key),
    setItem(key: string, value: string) {
      if (value.length > room) throw new Error('QuotaExceededError');
      stored.set(key, value);
    },
  },
});
Object.defineProperty(globalThis, 'navigator', {
  configurable: true,
  value: {
    get languages() {
      return wanted;
    },
  },
});

const entries = Array.from({ length: 40 }, (_, at) => ({ key: `a/${at}`, ids: [`m${at}`] }) as Entry);

beforeEach(() => {
  stored.clear();
  room = Number.POSITIVE_INFINITY;
  wanted = ['en-GB'];
});

test('one screen of the inbox is kept, with the number of all', () => {
  assert.equal(readFirstScreen(), null);
  keepFirstScreen({ threads: true, total: 40, entries });
  const kept = readFirstScreen();
  assert.deepEqual([kept?.threads, kept?.total, kept?.language], [true, 40, 'en']);
  assert.deepEqual(kept?.entries, entries.slice(0, 14));
  removeFirstScreen();
  assert.equal(readFirstScreen(), null);
});

test('what another version kept, or a browser of another language, is not shown', () => {
  keepFirstScreen({ threads: true, total: 40, entries });
  wanted = ['de-DE', 'en'];
  assert.equal(readFirstScreen(), null);
  wanted = ['en-US'];
  assert.equal(readFirstScreen()?.total, 40);
  stored.set(KEY, JSON.stringify({ ...JSON.parse(stored.get(KEY) ?? ''), version: 0 }));
  assert.equal(readFirstScreen(), null);
  stored.set(KEY, '{"version":1');
  assert.equal(readFirstScreen(), null);
});

test('a browser that keeps nothing opens without it', () => {
  room = 10;
  keepFirstScreen({ threads: true, total: 40, entries });
  assert.equal(readFirstScreen(), null);
});
