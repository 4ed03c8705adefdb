import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { downloadAddress } from '../../pwa/src/jmap/client.ts';
import { newestFirst } from '../../pwa/src/mailbox/db.ts';
import {
  applyPatch,
  countChanges,
  type Flags,
  inversePatch,
  keywordPath,
  type Patch,
} from '../../pwa/src/mailbox/merge.ts';
import { lookAfter } from '../../pwa/src/mailbox/schedule.ts';
import { listPath, messagePath, parseRoute } from '../../pwa/src/routes.ts';
import { blocksOf, linksOf } from '../../pwa/src/views/reader/text.ts';
import { preferredLanguage } from '../../pwa/src/words/language.ts';
import { fileSize, shortDate, when } from '../../pwa/src/words/time.ts';

const names = fc.constantFrom('$seen', '$flagged', 'a/b', 'a~b');
const plain = { noNullPrototype: true };
const set = (values: fc.Arbitrary<string>) => fc.dictionary(values, fc.constant(true as const), plain);
const flags: fc.Arbitrary<Flags> = fc.record(
  { keywords: set(names), mailboxIds: set(fc.constantFrom('m1', 'm2')) },
  plain,
);
const patches: fc.Arbitrary<Patch> = fc.dictionary(
  fc.oneof(names.map(keywordPath), fc.constantFrom('mailboxIds/m1', 'mailboxIds/m2')),
  fc.constantFrom(true as const, null),
  plain,
);

test('the inverse of a patch takes back exactly what it did', () => {
  fc.assert(
    fc.property(flags, patches, (before, patch) => {
      assert.deepEqual(applyPatch(applyPatch(before, patch), inversePatch(before, patch)), before);
    }),
  );
});

test('a patch twice is a patch once', () => {
  fc.assert(
    fc.property(flags, patches, (before, patch) => {
      const once = applyPatch(before, patch);
      assert.deepEqual(applyPatch(once, patch), once);
    }),
  );
});

test('counts change by what a message brings to a mailbox and takes from it', () => {
  const before: Flags = { keywords: {}, mailboxIds: { inbox: true } };
  const read: Flags = { keywords: { $seen: true }, mailboxIds: { inbox: true } };
  const moved: Flags = { keywords: {}, mailboxIds: { archive: true } };
  assert.deepEqual([...countChanges(before, before)], []);
  assert.deepEqual([...countChanges(before, read)], [['inbox', { total: 0, unread: -1 }]]);
  assert.deepEqual(Object.fromEntries(countChanges(before, moved)), {
    inbox: { total: -1, unread: -1 },
    archive: { total: 1, unread: 1 },
  });
});

test('times sort newest first as strings', () => {
  const times = ['nonsense', '1970-01-02T00:00:00Z', '2001-09-09T01:46:40Z', '2026-11-23T10:00:00Z'];
  assert.deepEqual(
    times.toSorted((a, b) => (newestFirst(a) < newestFirst(b) ? -1 : 1)),
    times.toReversed(),
  );
});

test('every place has an address, and every address its place', () => {
  const list = { accountId: 'a-1', mailboxId: 'M_2' };
  assert.deepEqual(parseRoute(listPath(list)), { page: 'list', list, email: null });
  const email = { accountId: 'a-1', id: 'e9' };
  assert.deepEqual(parseRoute(messagePath(list, email)), { page: 'list', list, email });
  const inbox = { role: 'inbox' } as const;
  assert.deepEqual(parseRoute(messagePath(inbox, email)), { page: 'list', list: inbox, email });
  assert.deepEqual(parseRoute('/'), { page: 'list', list: inbox, email: null });
  assert.deepEqual(parseRoute('/accounts/new'), { page: 'add-account' });
  assert.deepEqual(parseRoute('/accounts/a1'), { page: 'account', id: 'a1', part: 'home' });
  assert.deepEqual(parseRoute('/accounts/a1/offline'), { page: 'account', id: 'a1', part: 'offline' });
  for (const wrong of ['/mail', '/mail/a', '/mail/a/b/c/d', '/inbox/a', '/constructor', '/mail/a%2F/b']) {
    assert.deepEqual(parseRoute(wrong), { page: 'unknown' }, wrong);
  }
});

test('a download address has its parts encoded', () => {
  const template = 'https://x/jmap/download/{accountId}/{blobId}/{name}?type={type}';
  assert.equal(
    downloadAddress(template, { accountId: 'a', blobId: 'b', name: 'ä/{type} $&.pdf', type: 'a/b' }),
    'https://x/jmap/download/a/b/%C3%A4%2F%7Btype%7D%20%24%26.pdf?type=a%2Fb',
  );
});

test('text is cut into what was written and what was quoted', () => {
  assert.deepEqual(blocksOf('Hi\r\n> one\r\n> two\nBye\n\n'), [
    { quoted: false, lines: ['Hi'] },
    { quoted: true, lines: ['> one', '> two'] },
    { quoted: false, lines: ['Bye'] },
  ]);
});

test('addresses in text become links, without the punctuation around them', () => {
  const hrefs = (text: string) => linksOf(text).flatMap(piece => piece.href ?? []);
  assert.deepEqual(hrefs('See https://example.org/a?b=c), or <https://example.org/d>.'), [
    'https://example.org/a?b=c',
    'https://example.org/d',
  ]);
  assert.deepEqual(hrefs('mail ada@example.org.'), ['mailto:ada@example.org']);
  assert.deepEqual(hrefs('javascript:alert(1) data:text/html,x'), []);
  fc.assert(
    fc.property(
      fc.string(),
      text =>
        linksOf(text)
          .map(piece => piece.text)
          .join('') === text,
    ),
  );
});

test('the app speaks the first language that the browser asks for and that it knows', () => {
  assert.equal(preferredLanguage(['nl-BE', 'de-AT', 'en']), 'de');
  assert.equal(preferredLanguage(['ar-EG']), 'ar');
  assert.equal(preferredLanguage(['xx', '']), 'en');
  assert.equal(preferredLanguage([]), 'en');
});

test('times and sizes are said in words', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  assert.equal(when(now - 12 * 60_000, now), '12 minutes ago');
  assert.equal(when(now - 5_000, now), 'just now');
  assert.equal(when(now + 2 * 3_600_000, now), 'in 2 hours');
  assert.equal(shortDate('not a date'), '');
  assert.match(shortDate('2020-03-04T12:00:00Z', new Date(now)), /2020/);
  assert.equal(fileSize(811), '811 bytes');
  assert.equal(fileSize(1), '1 byte');
  assert.equal(fileSize(12_345_678), '12 MB');
  assert.equal(fileSize(1_500), '1.5 kB');
});

test('looks at the server more seldom while nobody touches the app, but each minute', () => {
  const minutes = [0, 1, 2, 3, 4, 60].map(idle => lookAfter(idle * 60_000) / 1000);
  assert.deepEqual(minutes, [15, 15, 30, 45, 60, 60]);
});
