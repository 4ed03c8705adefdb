import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, GENERAL_CODES } from '../../functions/sentences/catalogue.ts';
import { MethodRefused } from '../../pwa/src/jmap/errors.ts';
import { reasonOf } from '../../pwa/src/views/accounts/problem.tsx';
import { type Language, languages, locale } from '../../pwa/src/words/language.ts';
import { digits } from '../../pwa/src/words/numbers.ts';
import { learnSentences, said, saidAll } from '../../pwa/src/words/said.ts';
import { longDay } from '../../pwa/src/words/time.ts';
import { speak, words } from '../../pwa/src/words/words.ts';

const LANGUAGES = Object.keys(languages) as Language[];
/** One of each plural category that Arabic has, and so of every other language. */
const NUMBERS = [0, 1, 2, 3, 11, 100];

/** Every string and function of some words, by its path. */
function leaves(value: unknown, path = ''): [path: string, leaf: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, path === '' ? key : `${path}.${key}`));
}

const shapeOf = ([path, leaf]: [string, unknown]) =>
  `${path}: ${typeof leaf}${typeof leaf === 'function' ? ` of ${leaf.length}` : ''}`;

test('every language says what English says, with the same values', async () => {
  await speak('en');
  const english = leaves(words).map(shapeOf).sort();
  for (const language of LANGUAGES) {
    await speak(language);
    assert.deepEqual(leaves(words).map(shapeOf).sort(), english, language);
  }
});

test('the numbers have all six plural forms of Arabic', async () => {
  await speak('ar');
  const rules = new Intl.PluralRules(locale());
  const forms = NUMBERS.map(n => rules.select(n));
  assert.deepEqual(forms, ['zero', 'one', 'two', 'few', 'many', 'other']);
});

for (const language of LANGUAGES) {
  test(`${languages[language]}: every sentence is whole with every number in it`, async () => {
    await speak(language);
    for (const [path, leaf] of leaves(words)) {
      if (typeof leaf !== 'function') continue;
      for (const n of NUMBERS) {
        const sentence: unknown = leaf(...Array.from({ length: leaf.length }, () => n));
        if (sentence === null) continue;
        assert.match(String(sentence), /\S/, path);
        assert.doesNotMatch(String(sentence), /#|undefined|NaN|\[object|=>/, `${path} of ${n}`);
      }
    }
  });
}

const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** A sentence of the server with values that are seen in it. */
function sentence(code: keyof typeof catalogue, count: number) {
  const entry: string | { one: string; other: string } = catalogue[code];
  const names = namesIn(typeof entry === 'string' ? entry : entry.other);
  const values = Object.fromEntries(
    names.map(name => [
      name,
      name === 'count' ? count : name === 'stored' ? 7 : name === 'date' ? '2026-05-03' : `«${name}»`,
    ]),
  );
  return { code, values, text: 'What the server says.' };
}

for (const language of LANGUAGES.filter(one => one !== 'en')) {
  test(`${languages[language]}: everything that the server says is said`, async () => {
    await speak(language);
    await learnSentences();
    for (const code of Object.keys(catalogue) as (keyof typeof catalogue)[]) {
      for (const count of NUMBERS) {
        const given = sentence(code, count);
        const told = said(given);
        assert.notEqual(told, given.text, `${code} is said`);
        assert.doesNotMatch(told, /[{}#]|undefined|NaN/, code);
        for (const [name, value] of Object.entries(given.values)) {
          // Some languages have a word for none, one and two.
          if (name === 'count' && Number(value) < 3) continue;
          const seen = name === 'date' ? longDay(String(value)) : value;
          const text = typeof seen === 'number' ? digits(seen) : seen;
          assert.ok(told.includes(text), `${code}: ${name} in “${told}”`);
        }
      }
    }
    for (const code of GENERAL_CODES) {
      assert.notEqual(
        said({ code, values: {}, text: 'What the server says.' }),
        'What the server says.',
        code,
      );
    }
  });
}

test('what a change is refused with names the fields of the form', async () => {
  await speak('de');
  await learnSentences();
  const refused = new MethodRefused('invalidProperties', 'The port is wrong.', ['port', 'host']);
  assert.equal(plain(reasonOf(refused)), 'Bitte diese Angaben prüfen: Port und Mailserver.');
  assert.equal(reasonOf(new MethodRefused('never-heard', 'The server said so.')), 'The server said so.');
  assert.equal(reasonOf(new MethodRefused('invalidProperties', 'No name.')), 'No name.');
});

/** Without the marks that keep directions apart. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '');

test('what is not known is said in words of the server, or in general ones of ours', async () => {
  await speak('de');
  await learnSentences();
  const text = 'Something new.';
  assert.equal(said({ code: 'status/never-heard', values: {}, text }), text);
  assert.equal(
    said({ code: 'tls/never-heard', values: {}, text }),
    'Es kam keine verschlüsselte Verbindung zustande.',
  );
  assert.equal(said({ code: 'tls/expired', values: {}, text }), text, 'a value is missing');
  assert.equal(saidAll(undefined, text), text, 'of a server that tells no sentences');
  const lost = { code: 'status/frozen/loss/mailbox', values: { date: '2026-05-03', mailbox: 'INBOX' }, text };
  assert.match(plain(said(lost)), /„Posteingang“/);
  await speak('en');
  await learnSentences();
  assert.equal(said({ code: 'tls/expired', values: { place: 'a' }, text }), text);
  const frozen = { code: 'status/frozen/loss', values: { date: '2026-05-03' }, text: 'Since 2026-05-03 …' };
  assert.equal(said(frozen), 'Since 3 May 2026 …', 'a day is written as people write it');
});
