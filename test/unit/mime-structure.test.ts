import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodedSize, decodePart } from '../../functions/mime/decode.ts';
import { findPart, leaves, type MimePart, parseStructure } from '../../functions/mime/structure.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const crlf = (...lines: string[]) => bytes(lines.join('\r\n'));

/** A tree as nested arrays: `['multipart/mixed', ['text/plain'], …]`. */
type Shape = [string, ...Shape[]];
const shape = (part: MimePart): Shape => [part.type, ...part.children.map(shape)];

/** The undecoded bodies of the leaves. */
const bodies = (raw: Uint8Array) =>
  leaves(parseStructure(raw)).map(part =>
    Buffer.from(raw.subarray(part.bodyStart, part.bodyEnd)).toString('latin1'),
  );

const MIXED = 'Content-Type: multipart/mixed; boundary="b"';

test('a message without MIME headers is one us-ascii text part', () => {
  const raw = crlf('Subject: x', '', 'one', 'two', '');
  const part = parseStructure(raw);
  assert.deepEqual(shape(part), ['text/plain']);
  assert.deepEqual([part.partId, part.charset, part.encoding], ['1', 'us-ascii', '7bit']);
  assert.deepEqual(bodies(raw), ['one\r\ntwo\r\n']);
});

for (const [name, end] of [
  ['CRLF', '\r\n'],
  ['LF', '\n'],
] as const) {
  test(`multiparts with ${name} line ends: preamble and epilogue are nobody's`, () => {
    const lines = [
      'X: y',
      MIXED,
      '',
      'preamble',
      '--b',
      '',
      'one',
      '--b  ',
      'Content-Type: text/html',
      '',
      'two',
    ];
    const raw = bytes([...lines, '', '--b--', 'epilogue', ''].join(end));
    assert.deepEqual(shape(parseStructure(raw)), ['multipart/mixed', ['text/plain'], ['text/html']]);
    assert.deepEqual(bodies(raw), ['one', `two${end}`]);
  });
}

test('mixed line ends within one message', () => {
  const raw = bytes(`${MIXED}\r\nX: y\n\r\n--b\n\none\r\n--b\r\n\r\ntwo\n--b--\r\n`);
  assert.deepEqual(bodies(raw), ['one', 'two']);
});

test('a missing last boundary ends at the end, and a nested one at the outer boundary', () => {
  assert.deepEqual(bodies(crlf(MIXED, '', '--b', '', 'one', '--b', '', 'two')), ['one', 'two']);
  const inner = ['--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', 'in'];
  const raw = crlf(MIXED, '', ...inner, '--b', '', 'out', '--b--');
  assert.deepEqual(shape(parseStructure(raw)), [
    'multipart/mixed',
    ['multipart/alternative', ['text/plain']],
    ['text/plain'],
  ]);
  assert.deepEqual(bodies(raw), ['in', 'out']);
});

test('one boundary may be the beginning of another', () => {
  const inner = ['--b', 'Content-Type: multipart/alternative; boundary=bb', '', '--bb', '', 'in', '--bb--'];
  const raw = crlf(MIXED, '', ...inner, '--b', '', '--bbb', 'out', '--b--');
  assert.deepEqual(bodies(raw), ['in', '--bbb\r\nout']);
});

test('nested multiparts with the same boundary', () => {
  const inner = ['--b', MIXED, '', '--b', '', 'in', '--b--'];
  const raw = crlf(MIXED, '', ...inner, '--b', '', 'out', '--b--');
  assert.deepEqual(shape(parseStructure(raw)), [
    'multipart/mixed',
    ['multipart/mixed', ['text/plain']],
    ['text/plain'],
  ]);
  assert.deepEqual(bodies(raw), ['in', 'out']);
});

test('a part header that runs into text or into a boundary', () => {
  const raw = crlf(MIXED, '', '--b', 'Content-Type: text/html', '<p>no blank line', '--b', 'X: y', '--b--');
  assert.deepEqual(shape(parseStructure(raw)), ['multipart/mixed', ['text/html'], ['text/plain']]);
  assert.deepEqual(bodies(raw), ['<p>no blank line', '']);
});

test('a stray line or an mbox line in the header of a message costs no other field', () => {
  const raw = crlf(
    'From a@b Mon Nov 23 10:00:00 2026',
    'A: 1',
    'a gateway broke this',
    'Subject: x',
    '',
    'body',
  );
  const part = parseStructure(raw);
  assert.deepEqual(
    part.headers.map(field => field.name),
    ['A', 'Subject'],
  );
  assert.deepEqual(bodies(raw), ['body']);
});

test('a multipart in which no boundary is found still shows its words', () => {
  assert.deepEqual(shape(parseStructure(crlf(MIXED, '', '', ''))), ['multipart/mixed']);
  const raw = crlf('Content-Type: multipart/mixed', '', 'words');
  assert.deepEqual(shape(parseStructure(raw)), ['multipart/mixed', ['text/plain']]);
  assert.deepEqual(bodies(raw), ['words']);
});

test('an attached message is a leaf, also by default in a digest', () => {
  const message = [MIXED.replace('b"', 'c"'), '', '--c', '', 'deep', '--c--'];
  const raw = crlf(MIXED, '', '--b', 'Content-Type: message/rfc822', '', ...message, '--b--');
  assert.deepEqual(shape(parseStructure(raw)), ['multipart/mixed', ['message/rfc822']]);
  assert.deepEqual(bodies(raw), [message.join('\r\n')]);
  const digest = crlf(
    'Content-Type: multipart/digest; boundary=b',
    '',
    '--b',
    '',
    'Subject: x',
    '',
    'y',
    '--b--',
  );
  assert.deepEqual(shape(parseStructure(digest)), ['multipart/digest', ['message/rfc822']]);
});

test('types that cannot be read, comments and case', () => {
  const type = (value: string) => parseStructure(crlf(`Content-Type: ${value}`, '', 'x')).type;
  assert.equal(type('TEXT/HTML (a ; comment); charset=x'), 'text/html');
  assert.equal(type('text'), 'text/plain');
  assert.equal(type('nonsense nonsense'), 'text/plain');
  assert.equal(type('application-x-gzip'), 'application/octet-stream');
});

test('part ids number the leaves and find them again', () => {
  const inner = [
    '--b',
    'Content-Type: multipart/alternative; boundary=c',
    '',
    '--c',
    '',
    '1',
    '--c',
    '',
    '2',
    '--c--',
  ];
  const structure = parseStructure(crlf(MIXED, '', ...inner, '--b', '', '3', '--b--'));
  assert.deepEqual(
    leaves(structure).map(part => part.partId),
    ['1', '2', '3'],
  );
  assert.equal(structure.partId, null);
  assert.equal(findPart(structure, '2'), structure.children[0]?.children[1]);
  assert.equal(findPart(structure, '4'), null);
});

test('file names: RFC 2231 continuations and charsets, encoded words, quotes and none', () => {
  const name = (...fields: string[]) => parseStructure(crlf(...fields, '', 'x')).name;
  const disposition = 'Content-Disposition: attachment;';
  assert.equal(
    name(
      disposition,
      " filename*0*=utf-8'en'%E6%97%A5;",
      ' filename*1*=%E6%9C%AC%E8;',
      ' filename*2*=%AA%9E;',
      ' filename*3=.txt',
    ),
    '日本語.txt',
  );
  assert.equal(
    name(disposition, " filename*=iso-8859-1''na%EFve.txt;", ' filename="naive.txt"'),
    'naïve.txt',
  );
  assert.equal(name(disposition, ' filename*0="one ";', ' filename*1="two.txt"'), 'one two.txt');
  assert.equal(name(`${disposition} filename="=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=.pdf"`), '日本.pdf');
  assert.equal(name(`${disposition} filename="a \\"b\\"; c.txt"`), 'a "b"; c.txt');
  assert.equal(name(`${disposition} filename=my file (1).pdf; size=3`), 'my file (1).pdf');
  assert.equal(name('Content-Type: text/plain; name="old.txt"'), 'old.txt');
  assert.equal(name('Content-Type: text/plain'), null);
  assert.equal(name(`${disposition} filename="メモ.txt"`), 'メモ.txt');
});

test('depth and number of parts are bounded, and the rest is still there', () => {
  const deep = Array.from(
    { length: 300 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
  );
  const nested = bytes(`${deep.join('')}\nend`);
  let depth = 0;
  for (let part: MimePart | undefined = parseStructure(nested); part; part = part.children[0]) depth++;
  assert.equal(depth, 101);
  const wide = bytes(`${MIXED}\n\n${'--b\n\nx\n'.repeat(20_000)}--b--\n`);
  const parts = leaves(parseStructure(wide));
  assert.equal(parts.length, 10_000);
  assert.ok((parts.at(-1)?.bodyEnd ?? 0) >= wide.length - 1);
});

test('transfer encodings, also broken ones', () => {
  const decoded = (encoding: string, body: string) => {
    const raw = bytes(`Content-Transfer-Encoding: ${encoding}\n\n${body}`);
    return decodePart(raw, parseStructure(raw)).toString('utf8');
  };
  assert.equal(decoded('base64', 'aGVs\r\nbG8='), 'hello');
  assert.equal(decoded('BASE64 (comment)', 'aGVs!!\n bG8'), 'hello');
  assert.equal(decoded('base64', 'aGk=aGk='), 'hihi');
  assert.equal(
    decoded('quoted-printable', 'caf=C3=A9 =\r\nau=3d=\n lait  \r\n=20\n100= x=ZZ'),
    'café au= lait\r\n \n100= x=ZZ',
  );
  assert.equal(decoded('x-unknown', 'a=20b'), 'a=20b');
  assert.equal(decoded('8bit', '.\n..\ndots'), '.\n..\ndots');
});

/** Octets that hit the parser's branches more often than chance would. */
const fragments = fc.constantFrom(
  ...[
    '\r\n',
    '\n',
    '\r',
    '--b',
    '--b--',
    '--c',
    '\n--b\n',
    '\r\n--c\r\n',
    'Content-Type: ',
    'multipart/mixed; boundary=b\n',
  ],
  ...[
    'multipart/alternative; boundary="c"\n',
    'text/html; charset=utf-8',
    'message/rfc822\n',
    'Content-Transfer-Encoding: base64\n',
  ],
  ...[
    'Content-Transfer-Encoding: quoted-printable\n',
    '=?utf-8?Q?=',
    '?=',
    '=E3',
    'aGk=',
    '<a href="',
    '>',
    '(',
    '"',
    ';',
    ' ',
    '\0',
    '日',
  ],
);
const anyMessage = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map(octets => Buffer.from(octets)),
  fc.array(fragments, { maxLength: 60 }).map(parts => bytes(parts.join(''))),
  fc
    .array(fc.oneof(fragments, fc.string({ maxLength: 9 })), { maxLength: 60 })
    .map(parts => Buffer.from(parts.join(''), 'latin1')),
);

test('any octets: ranges are ordered and inside, sizes are those of the decoded parts', () => {
  fc.assert(
    fc.property(anyMessage, raw => {
      let last = 0;
      for (const part of leaves(parseStructure(raw))) {
        assert.ok(part.start >= last && part.start <= part.bodyStart && part.bodyStart <= part.bodyEnd);
        assert.ok(part.bodyEnd <= raw.length);
        assert.equal(decodedSize(raw, part), decodePart(raw, part).length);
        last = part.bodyEnd;
      }
    }),
    { numRuns: 1000 },
  );
});

test('base64 of anything, wrapped anyhow, comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (octets, width) => {
      const body = Buffer.from(octets)
        .toString('base64')
        .replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
      const raw = bytes(`Content-Transfer-Encoding: base64\r\n\r\n${body}`);
      const part = parseStructure(raw);
      assert.deepEqual(decodePart(raw, part), Buffer.from(octets));
      assert.equal(decodedSize(raw, part), octets.length);
    }),
  );
});
