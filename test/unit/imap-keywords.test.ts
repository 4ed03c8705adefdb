import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flagsToKeywords, keptFlags, keywordsToFlags } from '../../functions/source/imap-keywords.ts';

test('system flags become the keywords of RFC 8621, others lower case', () => {
  const flags = ['\\Seen', '\\FLAGGED', '\\Answered', '\\Draft', '$Forwarded', 'Work', 'work'];
  const expected = ['$answered', '$draft', '$flagged', '$forwarded', '$seen', 'work'];
  assert.deepEqual(flagsToKeywords(flags), expected);
});

test('\\Recent, \\Deleted and what is no JMAP keyword are left out', () => {
  assert.deepEqual(flagsToKeywords(['\\Recent', '\\Deleted', '\\Custom', 'a]b', 'a b', 'é', '']), []);
  assert.deepEqual(flagsToKeywords(['x'.repeat(255), 'y'.repeat(256)]), ['x'.repeat(255)]);
});

test('of too many keywords or too long ones the same few are kept, system flags first', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
  const kept = flagsToKeywords([...many, '\\Seen', '\\Flagged']);
  assert.equal(kept.length, 100);
  assert.deepEqual(kept, flagsToKeywords(['\\Flagged', ...[...many].reverse(), '\\Seen']));
  assert.deepEqual([...kept.slice(0, 3), kept.at(-1)], ['$flagged', '$seen', 'k0000', 'k0097']);
  const long = many.map(each => each.repeat(50));
  assert.ok(flagsToKeywords([...long, '\\Seen']).join('').length <= 2_000, 'not more than fits');
  assert.ok(flagsToKeywords([...long, '\\Seen']).includes('$seen'), 'the system flag is there');
});

test('keywords go to the server in the spelling that the mailbox has', () => {
  const flags = keywordsToFlags(['$seen', '$forwarded', 'work', 'new'], ['$Forwarded', 'Work', '\\*']);
  assert.deepEqual(flags, ['\\Seen', '$Forwarded', 'Work', 'new']);
});

test('nothing that could end a command is sent as a flag', () => {
  assert.deepEqual(keywordsToFlags(['a) b', 'a\r\nx LOGOUT', '\\Deleted', '*', '"'], []), []);
});

test('a mailbox without \\* keeps only the flags it lists', () => {
  const flags = ['\\Seen', 'work', '$forwarded'];
  assert.deepEqual(keptFlags(flags, new Set(['\\Seen', '$Forwarded'])), ['\\Seen', '$forwarded']);
  assert.deepEqual(keptFlags(flags, new Set(['\\*'])), ['work', '$forwarded']);
  assert.deepEqual(keptFlags(flags, undefined), flags);
});

test('keywords survive the way to the server and back', () => {
  const keyword = fc.stringMatching(/^[$a-z0-9_.-]{1,30}$/);
  fc.assert(
    fc.property(fc.uniqueArray(keyword), keywords => {
      assert.deepEqual(flagsToKeywords(keywordsToFlags(keywords, [])), [...keywords].sort());
    }),
  );
});
