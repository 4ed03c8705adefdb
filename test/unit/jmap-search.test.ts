import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { searchTokens } from '../../functions/jmap/email-filter.ts';
import { baseSubject } from '../../functions/jmap/email-sort.ts';
import { attachmentNamed, rangeOf } from '../../functions/jmap/http.ts';
import { parseIJson } from '../../functions/jmap/json.ts';

test('search text is words, and phrases in quotes (RFC 8621 section 4.4.1)', () => {
  assert.deepEqual(searchTokens('Boat  "the OLD oars" x'), ['boat', 'the old oars', 'x']);
  assert.deepEqual(searchTokens("'it\\'s here' don't"), ["it's here", "don't"]);
  assert.deepEqual(searchTokens('"open end'), ['"open', 'end']);
  assert.deepEqual(searchTokens('  '), []);
});

test('the base subject is that of RFC 5256 section 2.1', () => {
  for (const subject of [
    'Boats',
    'Re: Boats',
    'FWD: re[2]: boats ',
    '[list] Re: [list] Boats',
    'Fw:Boats (fwd)',
  ]) {
    assert.equal(baseSubject(subject).toLowerCase(), 'boats', subject);
  }
  assert.equal(baseSubject('[only a tag]'), '[only a tag]');
  assert.equal(baseSubject('Regards'), 'Regards');
});

test('I-JSON is what JSON.parse reads, and an object never has a member twice', () => {
  const parse = (text: string) => parseIJson(Buffer.from(text));
  fc.assert(fc.property(fc.json(), text => assert.deepEqual(parse(text), JSON.parse(text))));
  for (const text of ['{"a":1,"a":2}', '[{"b":{"a":1,"\\u0061":2}}]', '"\\udead"', '{"\\ud800":1}', '{']) {
    assert.throws(() => parse(text), SyntaxError, text);
  }
  assert.throws(() => parseIJson(Buffer.from([0x22, 0xff, 0x22])), TypeError);
});

test('a range is within the blob, whatever the header says', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => `bytes=${a}-${b}`),
  );
  fc.assert(
    fc.property(header, fc.nat(20), (text, size) => {
      const range = rangeOf(text, size);
      if (range === null || range === 'unsatisfiable') return;
      assert.ok(range.start >= 0 && range.start < range.end && range.end <= size);
    }),
  );
});

test('no file name can end the header it is put into', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), name => {
      assert.match(attachmentNamed(name), /^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w.~!%-]*$/);
    }),
  );
});
