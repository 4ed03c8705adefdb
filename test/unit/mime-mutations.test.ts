import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { emailBody } from '../../functions/mime/body.ts';
import { SUMMARY_BYTES, summarize } from '../../functions/mime/parse.ts';
import { leaves, parseStructure } from '../../functions/mime/structure.ts';

/** Mail as it is found, damaged at random, and mail that is made to take long. */

/** A folder of folders of .eml files from elsewhere; without it a message of our own is damaged. */
const CORPUS = process.env.MAILFERRY_CORPUS ?? '../shared/corpus';

const own = Buffer.from(
  [
    'Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0100',
    'From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>',
    'Subject: =?iso-8859-1?b?SGVsbG8=?=',
    'References: <1@example.org> <2@example.org>',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b',
    'Content-Type: multipart/alternative; boundary=c',
    '',
    '--c',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'caf=C3=A9 =',
    '--c',
    'Content-Type: text/html',
    '',
    '<style>p{}</style><p>caf&eacute;<!-- x --></p>',
    '--c--',
    '--b',
    "Content-Disposition: attachment; filename*0*=utf-8''%e4; filename*1=b.bin",
    'Content-Transfer-Encoding: base64',
    '',
    'AAECAw==',
    '--b--',
    '',
  ].join('\r\n'),
);

function originals(): Buffer[] {
  if (!existsSync(CORPUS)) return [own];
  const files = readdirSync(CORPUS, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(entry => readdirSync(join(CORPUS, entry.name)).map(name => join(CORPUS, entry.name, name)))
    .filter(path => path.endsWith('.eml'));
  return [own, ...files.map(path => readFileSync(path).subarray(0, 60_000))];
}

type Mutation = (raw: Buffer) => Buffer;

const cut = (raw: Buffer, from: number, to: number, by: Uint8Array) =>
  Buffer.concat([raw.subarray(0, from), by, raw.subarray(to)]);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const junk = fc.oneof(
  fc.constantFrom(
    '\r\n\r\n',
    '\n',
    '\r',
    '\0',
    '--b\r\n',
    '--',
    '=?',
    '?=',
    '"',
    '(',
    '<',
    '>',
    '=',
    ';',
    ':',
    '\r\n ',
  ),
  fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    '&#',
  ),
  fc.string({ maxLength: 5 }),
);

/** Replaces a stretch by junk, repeats one, or puts one elsewhere. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat(40), junk).map(
    ([at, length, text]): Mutation =>
      raw => {
        const from = Math.floor(at * raw.length);
        return cut(raw, from, Math.min(raw.length, from + length), Buffer.from(text, 'utf8'));
      },
  ),
  fc.tuple(place, fc.nat(200), fc.nat(20)).map(
    ([at, length, times]): Mutation =>
      raw => {
        const from = Math.floor(at * raw.length);
        const piece = raw.subarray(from, from + length);
        return cut(raw, from, from, Buffer.concat(Array<Buffer>(times).fill(piece)));
      },
  ),
  fc.tuple(place, place, fc.nat(400)).map(
    ([at, to, length]): Mutation =>
      raw => {
        const from = Math.floor(at * raw.length);
        const there = Math.floor(to * raw.length);
        return cut(raw, there, there, raw.subarray(from, from + length));
      },
  ),
  place.map(
    (end): Mutation =>
      raw =>
        raw.subarray(0, Math.floor(end * raw.length)),
  ),
);

test('mail that was damaged anywhere has a row, a structure within its octets and a body', () => {
  const raws = originals();
  fc.assert(
    fc.property(
      fc.nat(raws.length - 1),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      (index, steps) => {
        const raw = steps.reduce((message, step) => step(message), raws[index] ?? own);
        const row = summarize(raw);
        assert.ok(Buffer.byteLength(JSON.stringify(row)) < 16_000, 'a row is small');
        for (const part of leaves(parseStructure(raw))) {
          assert.ok(
            part.start <= part.bodyStart && part.bodyStart <= part.bodyEnd && part.bodyEnd <= raw.length,
            'ranges are ordered and inside',
          );
        }
        const properties = ['textBody', 'htmlBody', 'attachments'];
        emailBody(raw, { sha256: row.sha256, properties });
      },
    ),
    { numRuns: 400, interruptAfterTimeLimit: 5_000 },
  );
});

/** A message of about so many octets: one piece again and again. */
function repeated(head: string, piece: string, octets: number): Buffer {
  return Buffer.from(head + piece.repeat(Math.floor((octets - head.length) / piece.length)), 'latin1');
}

const mixed = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
const costly: Readonly<Record<string, (octets: number) => Buffer>> = {
  'parts without end': octets =>
    repeated(mixed, '--b\r\nContent-Type: text/plain; name="a"\r\n\r\nx\r\n', octets),
  'multiparts in multiparts': octets => repeated('', mixed.replace('\r\n\r\n', '\r\n\r\n--b\r\n'), octets),
  'headers without end': octets => repeated('', 'Subject: b\r\n', octets),
  'one header without end': octets => repeated('Subject: ', 'x\r\n ', octets),
  'references without end': octets => repeated('References: ', '<a@b>', octets),
  'brackets without end': octets => repeated('Message-ID: ', '<(', octets),
  'addresses without end': octets => repeated('From: ', 'a:"b" <c@d>,', octets),
  'what may be boundaries': octets => repeated(mixed, '\n--', octets),
  'what may be headers of a part': octets => repeated(mixed.slice(0, -2), '--x: y\r\n', octets),
  'encoded words in names': octets =>
    repeated(mixed, `--b\r\nContent-Type: a/b; name="${'=?utf-8?b?YQ==?='.repeat(6_000)}"\r\n\r\n`, octets),
  'tags without end': octets => repeated('Content-Type: text/html\r\n\r\n', '<a b="', octets),
};

for (const [what, make] of Object.entries(costly)) {
  test(`${what} cost no more than their length`, () => {
    // No clock: what is not linear would not come back from so much within the time of all tests.
    const row = summarize(make(2_000_000), '0'.repeat(64));
    assert.ok(Buffer.byteLength(JSON.stringify(row)) < 16_000, 'a row is small');
  });
}

test('of a message of 50 MB only the beginning is read, wherever it is cut', () => {
  const raw = repeated(mixed, '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n', 50 * 1024 * 1024);
  const sha256 = '0'.repeat(64);
  const whole = summarize(raw, sha256);
  assert.deepEqual(summarize(raw.subarray(0, SUMMARY_BYTES), sha256, raw.length), whole);
  assert.equal(whole.size, raw.length);
});
