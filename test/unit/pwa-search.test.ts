import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Database as Sqlite, Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import fc from 'fast-check';
import { piecesOfMarks, serverFilter } from '../../pwa/src/search/at-server.ts';
import { find, type Resolved } from '../../pwa/src/search/find.ts';
import {
  countComplete,
  type Entry,
  entryOf,
  FLAGS,
  isMergeDue,
  keepAccounts,
  mergeStep,
  prepare,
  writeEntries,
} from '../../pwa/src/search/index-db.ts';
import { marked, needleFor, snippetOf } from '../../pwa/src/search/marks.ts';
import { mergeFound } from '../../pwa/src/search/merge-found.ts';
import { type Names, resolve, suggest } from '../../pwa/src/search/names.ts';
import { isEmpty, parseQuery, toFts } from '../../pwa/src/search/query.ts';
import { textOfBody, textOfHtml } from '../../pwa/src/search/text.ts';
import { runs } from '../support/thorough.ts';

let sqlite3: Sqlite3Static;
before(async () => {
  const { default: init } = await import('@sqlite.org/sqlite-wasm');
  sqlite3 = await init();
});

function emptyIndex(): Sqlite {
  const sqlite = new sqlite3.oo1.DB(':memory:');
  assert.equal(prepare(sqlite), true);
  return sqlite;
}

const NOW = new Date(2026, 10, 23, 15);
const DAY = 86_400_000;

function entry(id: string, texts: Partial<Entry['texts']> = {}, more: Partial<Entry> = {}): Entry {
  const all = { sender: '', recipient: '', subject: '', body: '', ...texts };
  const day = Number(/\d+/.exec(id)?.[0] ?? 0);
  const at = NOW.getTime() - 30 * DAY + day * DAY;
  return { accountId: 'A', id, at, flags: 0, mailboxIds: ['inbox'], complete: true, texts: all, ...more };
}

function ids(sqlite: Sqlite, typed: string, limit = 50): string[] {
  const query = parseQuery(typed, [], NOW);
  const conditions = query.conditions.map((one): Resolved => {
    if (one.kind === 'in') {
      return { kind: 'in', mailboxes: [{ accountId: 'A', id: one.name }], not: one.not };
    }
    if (one.kind === 'account') return { kind: 'account', accountIds: [one.name], not: one.not };
    return one as Resolved;
  });
  return find(sqlite, { ...toFts(query), conditions, limit, before: null }).map(hit => hit.id);
}

test('a search is words, phrases and operators, and what is not complete asks for nothing', () => {
  const parse = (text: string) => parseQuery(text, [], NOW);
  assert.deepEqual(parse('boat "old oars" -rain FROM:mara subject:“tide table”').terms, [
    { field: 'any', text: 'boat', phrase: false, not: false },
    { field: 'any', text: 'old oars', phrase: true, not: false },
    { field: 'any', text: 'rain', phrase: false, not: true },
    { field: 'from', text: 'mara', phrase: false, not: false },
    { field: 'subject', text: 'tide table', phrase: true, not: false },
  ]);
  assert.deepEqual(parse('has:attachment is:read -is:starred in:boat account:"My work"').conditions, [
    { kind: 'attachment', not: false },
    { kind: 'unread', not: true },
    { kind: 'starred', not: true },
    { kind: 'in', name: 'boat', not: false },
    { kind: 'account', name: 'My work', not: false },
  ]);
  const local = (...date: [number, number, number]) => new Date(...date).getTime();
  assert.deepEqual(
    parse('before:2026-03 after:2024 after:2026/3/31 before:2w after:yesterday').conditions,
    [local(2026, 2, 1), local(2024, 0, 1), local(2026, 2, 31), local(2026, 10, 9), local(2026, 10, 22)].map(
      (time, i) => ({ kind: [0, 3].includes(i) ? 'before' : 'after', time, not: false }),
    ),
  );
  assert.deepEqual(parse('before:2026-02-30 has:teeth is:').unknown, ['before:2026-02-30', 'has:teeth']);
  for (const nothing of ['', '  ', '-', 'from:', '""', '!!! ...', 'is:']) {
    assert.equal(isEmpty(parse(nothing)), true, nothing);
  }
});

test('whatever is typed is a query that FTS5 takes', () => {
  const sqlite = emptyIndex();
  writeEntries(sqlite, [entry('m1', { subject: 'Boat', body: 'all hands' })]);
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      'from:',
      'is:',
      '-',
      '"',
      'AND',
      'NOT',
      'NEAR(',
      '*',
      '^',
      '{',
      ')',
      'subject',
      ':',
      '東京',
      'ไทย',
      'é',
    ),
    fc.constantFrom(' ', 'boat', 'to:"', 'before:2', '-subject:x', '\u0301', '\u{10d00}', '\ud800', 'i'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), pieces => {
      const query = parseQuery(pieces.join(''), [], NOW);
      const { match, exclude } = toFts(query);
      find(sqlite, { match, exclude, conditions: [], limit: 5, before: 7 });
      for (const field of ['any', 'from', 'subject'] as const)
        marked('Ein Boot 東京 é', needleFor(query, field));
    }),
    { numRuns: runs(300) },
  );
});

test('finds words by their beginnings, whatever the accents and the script, newest first', () => {
  const sqlite = emptyIndex();
  writeEntries(sqlite, [
    entry('m1', {
      sender: 'Jörg Müller joerg@example.org',
      subject: 'Überfahrt',
      body: 'Die Fähre fährt um 8.',
    }),
    entry('m3', {
      sender: 'Ada ada@example.org',
      subject: '東京都庁への行き方',
      body: '新宿駅から歩いて10分です。iPhone手机',
    }),
    entry('m2', { sender: 'Mara mara@example.org', subject: 'Ferry tickets', body: 'Straße 12, naïve ﬁle' }),
    entry('m4', { subject: 'การเดินทาง', body: 'مَرْحَبًا हिन्दी 안녕하세요' }),
  ]);
  const found: [string, string[]][] = [
    ['fahr', ['m1']],
    ['ahre', []],
    ['uber', ['m1']],
    ['jorg', ['m1']],
    ['STRASSE', ['m2']],
    ['file naive', ['m2']],
    ['from:ada@example.org', ['m3']],
    ['from:ada subject:ferry', []],
    ['example', ['m3', 'm2', 'm1']],
    ['example -ferry', ['m3', 'm1']],
    ['-example', ['m4']],
    ['"ferry tickets"', ['m2']],
    ['"ferry ticket"', []],
    ['東', ['m3']],
    ['京都', ['m3']],
    ['東京庁', []],
    ['新宿', ['m3']],
    ['iphone手', ['m3']],
    ['庁', ['m3']],
    ['เดิน', ['m4']],
    ['مرحبا', ['m4']],
    ['हिन्दी', ['m4']],
    ['하세요', ['m4']],
  ];
  for (const [typed, expected] of found) assert.deepEqual(ids(sqlite, typed), expected, typed);
});

test('filters by flags, mailboxes, accounts and dates, and goes on where a page ended', () => {
  const sqlite = emptyIndex();
  writeEntries(sqlite, [
    entry('m1', { body: 'oar' }, { flags: FLAGS.unread | FLAGS.attachment }),
    entry('m2', { body: 'oar' }, { flags: FLAGS.starred, mailboxIds: ['boat', 'x'] }),
    entry('m3', { body: 'oar' }, { accountId: 'B', mailboxIds: ['boat'] }),
  ]);
  const found: [string, string[]][] = [
    ['is:unread', ['m1']],
    ['oar is:read', ['m3', 'm2']],
    ['has:attachment', ['m1']],
    ['oar -has:attachment -is:starred', ['m3']],
    ['in:boat', ['m2']],
    ['-in:boat', ['m3', 'm1']],
    ['account:B oar', ['m3']],
    ['-account:B', ['m2', 'm1']],
    ['oar after:28d', ['m3', 'm2']],
    ['before:28d', ['m1']],
  ];
  for (const [typed, expected] of found) assert.deepEqual(ids(sqlite, typed), expected, typed);
  const page = { match: '"oar"', exclude: null, conditions: [], limit: 2 };
  const first = find(sqlite, { ...page, before: null });
  const second = find(sqlite, { ...page, before: first.at(-1)?.rowid ?? 0 });
  assert.deepEqual(
    [...first, ...second].map(hit => hit.id),
    ['m3', 'm2', 'm1'],
  );
});

test('an entry is replaced, its flags change alone, and what is gone is not found', () => {
  const sqlite = emptyIndex();
  writeEntries(sqlite, [entry('m1', { subject: 'tide', body: 'preview' }, { complete: false })]);
  assert.equal(countComplete(sqlite), 0);
  writeEntries(sqlite, [entry('m1', { subject: 'tide', body: 'the whole text' })]);
  assert.deepEqual([ids(sqlite, 'preview'), ids(sqlite, 'whole')], [[], ['m1']]);
  const { texts: _, ...flags } = entry('m1', {}, { flags: FLAGS.starred, complete: false });
  writeEntries(sqlite, [flags]);
  assert.deepEqual(ids(sqlite, 'whole is:starred'), ['m1']);
  assert.equal(countComplete(sqlite), 1);
  writeEntries(sqlite, [entry('m9', { body: 'whole' }, { accountId: 'B' })], [{ accountId: 'A', id: 'm1' }]);
  assert.deepEqual(ids(sqlite, 'whole'), ['m9']);
  assert.equal(entryOf(sqlite, 'A', 'm1'), null);
  keepAccounts(sqlite, ['A']);
  assert.deepEqual(ids(sqlite, 'whole'), []);
});

/** How many parts the index is made of. */
function parts(sqlite: Sqlite): number {
  return Number(sqlite.selectValue('SELECT count(DISTINCT segid) FROM texts_idx'));
}

test('an index that has grown is merged into one part step by step, and finds the same', () => {
  const sqlite = emptyIndex();
  const write = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      writeEntries(sqlite, [
        entry(`m${at}`, { subject: `tide ${at}`, body: `whole ${'sea '.repeat(at % 7)}` }),
      ]);
    }
  };
  write(1, 40);
  writeEntries(sqlite, [], [{ accountId: 'A', id: 'm7' }]);
  const before = ids(sqlite, 'sea tide');
  assert.ok(parts(sqlite) > 1, 'each commit writes a part');
  assert.equal(isMergeDue(sqlite), true);
  for (let first = true; mergeStep(sqlite, first); first = false);
  assert.equal(parts(sqlite), 1);
  assert.deepEqual(ids(sqlite, 'sea tide'), before);
  assert.equal(isMergeDue(sqlite), false);
  write(40, 45);
  assert.equal(isMergeDue(sqlite), false, 'a few more are not worth it');
  write(45, 60);
  assert.equal(isMergeDue(sqlite), true);
});

test('any number of messages of one second have places of their own', () => {
  const sqlite = emptyIndex();
  const many = Array.from({ length: 300 }, (_, i) => entry(`x${i}`, { body: 'import' }, { at: 5_000 }));
  writeEntries(sqlite, [...many, entry('late', { body: 'import' }, { at: 6_000 })]);
  writeEntries(sqlite, [entry('later', { body: 'import' }, { at: Number.NaN })]);
  assert.equal(new Set(ids(sqlite, 'import', 500)).size, 302);
});

test('what was searched for is marked, and nothing of the text is lost', () => {
  const show = (text: string, typed: string, field: 'any' | 'from' = 'any') =>
    marked(text, needleFor(parseQuery(typed, [], NOW), field))
      .map(({ text: own, hit }) => (hit ? `[${own}]` : own))
      .join('');
  assert.equal(show('Die Fähre, U\u0308ber Fahrten', 'fahr uber'), 'Die [Fähr]e, [U\u0308ber] [Fahr]ten');
  assert.equal(show('ferry tickets, tickets', '"ferry tickets"'), '[ferry tickets], tickets');
  assert.equal(show('東京都庁へ', '京都'), '東[京都]庁へ');
  assert.equal(show('Mara from Ada', 'from:ada -mara', 'from'), 'Mara from [Ada]');
  assert.equal(show('Mara from Ada', 'from:ada'), 'Mara from Ada');
  assert.equal(show('a cab', 'a'), '[a] cab');
  assert.equal(show('ada@example.org', 'ada@example.org'), '[ada@example.org]');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 3 }), (text, typed) => {
      const pieces = marked(text, needleFor(parseQuery(typed, [], NOW), 'any'));
      assert.equal(pieces.map(piece => piece.text).join(''), text);
    }),
    { numRuns: runs(500) },
  );
  const long = `${'word '.repeat(100)}treasure ${'word '.repeat(100)}`;
  const snippet = snippetOf(long, needleFor(parseQuery('treas', [], NOW), 'any')) ?? [];
  assert.deepEqual(snippet.find(piece => piece.hit)?.text, 'treas');
  assert.ok(snippet.map(piece => piece.text).join('').length < 250, 'a snippet is short');
  assert.equal(snippetOf(long, needleFor(parseQuery('gone', [], NOW), 'any')), null);
});

test('HTML is searched by what a person reads of it, in linear time', () => {
  const html =
    '<style>p{}</style><title>t</title><p>Gr&uuml;&szlig;e<br>aus <b>Ros</b>tock<!-- no --><p>1 < 2';
  assert.equal(textOfHtml(html).replace(/\s+/g, ' ').trim(), 'Grüße aus Rostock 1 < 2');
  const started = performance.now();
  for (const part of ['<', '<style', '<style>', '<!--', '&', '</', '<a "']) textOfHtml(part.repeat(200_000));
  assert.ok(performance.now() - started < 2_000, 'hostile HTML takes no longer than other');
  const part = {
    ...{ size: 1, name: null, charset: null, disposition: null, language: null, location: null },
    cid: null,
  };
  const textBody = [
    { ...part, partId: '1', blobId: 'a', type: 'text/html' },
    { ...part, partId: '2', blobId: 'b', type: 'text/plain' },
  ];
  const value = (text: string) => ({ value: text, isEncodingProblem: false, isTruncated: false });
  assert.equal(textOfBody({ textBody, bodyValues: { 1: value('<p>a'), 2: value('b\n<c>') } }), 'a b <c>');
});

test('results of the server join below what was looked at, and wait above it', () => {
  const found = (id: string, at: number) => ({ accountId: 'A', id, at, snippet: null });
  const shown = [found('a', 90), found('b', 70), found('c', 50)];
  const fresh = [found('new', 80), found('old', 60), found('b', 70), found('last', 10)];
  const { rows, held } = mergeFound(shown, fresh, 2);
  assert.deepEqual(
    rows.map(one => one.id),
    ['a', 'b', 'old', 'c', 'last'],
  );
  assert.deepEqual(
    held.map(one => one.id),
    ['new'],
  );
  assert.deepEqual(
    mergeFound(rows, held, 0).rows.map(one => one.id),
    ['a', 'new', 'b', 'old', 'c', 'last'],
  );
});

test('what is asked of the server is a filter of RFC 8621, and nothing where an account cannot have it', () => {
  const names: Names = {
    accounts: [
      { id: 'A', name: 'Work', address: null },
      { id: 'B', name: 'Home', address: 'm@home.example' },
    ],
    mailboxes: [{ accountId: 'A', id: 'x', name: 'Boat house', role: null }],
  };
  const filterOf = (typed: string, accountId: string) => {
    const query = parseQuery(typed, [], NOW);
    return serverFilter(query, resolve(query, names), accountId, false);
  };
  assert.deepEqual(filterOf('boat', 'A'), { text: 'boat' });
  assert.deepEqual(filterOf('"old oars" -is:unread', 'A'), {
    operator: 'AND',
    conditions: [{ text: '"old oars"' }, { hasKeyword: '$seen' }],
  });
  assert.deepEqual(filterOf('in:boat', 'A'), { operator: 'OR', conditions: [{ inMailbox: 'x' }] });
  assert.equal(filterOf('in:boat', 'B'), null);
  assert.deepEqual([filterOf('x account:home', 'A'), filterOf('x account:home', 'B')], [null, { text: 'x' }]);
  assert.deepEqual(piecesOfMarks('a &lt;b&gt; <mark>c &amp; d</mark>'), [
    { text: 'a <b> ', hit: false },
    { text: 'c & d', hit: true },
  ]);
  const texts = suggest('tide in:bo', names).map(one => one.text);
  assert.deepEqual(texts, ['tide in:"Boat house" ']);
  assert.equal(suggest('is:unread x', names).find(one => one.value === 'unread')?.text, 'x ');
});

test('operators have names in the language of the person, beside the English ones', () => {
  const own = [
    ['von', 'from'],
    ['ordner', 'in'],
    ['à', 'to'],
    ['件名', 'subject'],
  ] as const;
  assert.deepEqual(parseQuery('Von:mara from:ada À:jo 件名：船 vonda', own, NOW).terms, [
    { field: 'from', text: 'mara', phrase: false, not: false },
    { field: 'from', text: 'ada', phrase: false, not: false },
    { field: 'to', text: 'jo', phrase: false, not: false },
    { field: 'subject', text: '船', phrase: false, not: false },
    { field: 'any', text: 'vonda', phrase: false, not: false },
  ]);
  const trash = { accountId: 'A', id: 'm1', name: 'Deleted Items', role: 'trash', shown: 'Papierkorb' };
  const names = { accounts: [], mailboxes: [trash] };
  const query = parseQuery('-ordner:papierkorb', own, NOW);
  const mailboxes = [{ accountId: 'A', id: 'm1' }];
  assert.deepEqual(resolve(query, names), [{ kind: 'in', mailboxes, not: true }]);
  const texts = suggest('boot ordner:pap', names, own).map(one => one.text);
  assert.equal(texts[0], 'boot ordner:Papierkorb ');
  assert.ok(
    suggest('', names, own).some(({ text }) => text === 'von:'),
    'the own name is offered',
  );
});
