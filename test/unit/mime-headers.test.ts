import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText } from '../../functions/mime/charset.ts';
import { formatDate, parseDate } from '../../functions/mime/date.ts';
import {
  emailProperty,
  isHeaderProperty,
  parseHeaderProperty,
} from '../../functions/mime/header-property.ts';
import {
  asAddresses,
  asDate,
  asGroupedAddresses,
  asMessageIds,
  asText,
  asURLs,
} from '../../functions/mime/headers.ts';
import { parseStructure } from '../../functions/mime/structure.ts';

/** The example of RFC 8621 sections 4.1.2.3 and 4.1.2.4. */
const LIST =
  ' "  James Smythe" <james@example.com>, Friends:\r\n  jane@example.com, =?UTF-8?Q?John_Sm=C3=AEth?=\r\n  <john@example.com>;';
const james = { name: 'James Smythe', email: 'james@example.com' };
const friends = [
  { name: null, email: 'jane@example.com' },
  { name: 'John Smîth', email: 'john@example.com' },
];

test('addresses of the RFC, flat and grouped', () => {
  assert.deepEqual(asAddresses(LIST), [james, ...friends]);
  assert.deepEqual(asGroupedAddresses(LIST), [
    { name: null, addresses: [james] },
    { name: 'Friends', addresses: friends },
  ]);
});

test('addresses as they come', () => {
  assert.deepEqual(asAddresses(' joe@example.com (Joe)'), [{ name: 'Joe', email: 'joe@example.com' }]);
  assert.deepEqual(asAddresses(' undisclosed-recipients:;'), []);
  assert.deepEqual(asAddresses(' root'), [{ name: null, email: 'root' }]);
  assert.deepEqual(asAddresses(' =?utf-8?Q?a=2Cb?= <c@d>, <e@f>,,'), [
    { name: 'a,b', email: 'c@d' },
    { name: null, email: 'e@f' },
  ]);
  assert.deepEqual(asAddresses(' =?windows-1252?Q?O=92Neil?= <o@n>'), [{ name: 'O’Neil', email: 'o@n' }]);
});

test('text: folds, encoded words of several charsets, controls, normal form', () => {
  assert.equal(asText('  folded\r\n subject'), 'folded subject');
  assert.equal(asText(' =?UTF-8?Q?a?=\r\n =?utf-8?B?Yg==?= c'), 'ab c');
  assert.equal(asText(' =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?='), '日本');
  assert.equal(asText(' =?windows-1256?B?48fh?='), 'مال');
  assert.equal(asText(' =?utf-8?B?8J+agA==?='), '🚀');
  assert.equal(asText(' =?windows-1252?Q?it=92s?='), 'it’s');
  assert.equal(asText(' =?us-ascii?Q?a=00b=0Dc?='), 'abc');
  assert.equal(asText(' e\u0301'), 'é');
  assert.equal(asText(' 50% =? off'), '50% =? off');
});

test('headers with 8-bit octets and no charset: UTF-8 if it is, else windows-1252, and bare ISO-2022-JP', () => {
  const subject = (octets: Buffer) => {
    const raw = Buffer.concat([Buffer.from('Subject: '), octets, Buffer.from('\n\n')]);
    return emailProperty(raw, parseStructure(raw), 'subject');
  };
  assert.equal(subject(Buffer.from('Grüße 日本')), 'Grüße 日本');
  assert.equal(subject(Buffer.from('Gr\xfc\xdfe \x80 5', 'latin1')), 'Grüße € 5');
  assert.equal(subject(Buffer.from('\x1b$BF|K\\\x1b(B!', 'latin1')), '日本!');
  assert.equal(subject(Buffer.from('a\0b')), 'ab');
});

test('message ids and URLs', () => {
  assert.deepEqual(asMessageIds(' <a@b> (c <x@y>)\r\n\t<d(e)@f>'), ['a@b', 'd(e)@f']);
  assert.deepEqual(asMessageIds(' Your message of Monday <a@b>'), ['a@b']);
  assert.deepEqual(asMessageIds(' bare@id'), ['bare@id']);
  assert.equal(asMessageIds(' '), null);
  assert.deepEqual(asURLs(' (x) <mailto:l@e?subject=\r\n help>, <https://e/?a=1,2>'), [
    'mailto:l@e?subject=help',
    'https://e/?a=1,2',
  ]);
  assert.equal(asURLs(' NO'), null);
});

test('dates, whatever the sender made of RFC 5322', () => {
  const iso = (text: string) => {
    const date = parseDate(text);
    return date && new Date(date.ms).toISOString();
  };
  const expected = '2026-11-23T09:05:00.000Z';
  for (const text of [
    'Mon, 23 Nov 2026 10:05:00 +0100',
    'Mon, 23 Nov 2026 10:05 +0100 (CET)',
    '23 Nov 26 09:05:00 GMT',
    'Mon,23 Nov 2026 04:05:00 EST',
    'Monday, 23-Nov-26 09:05:00 UTC',
    'Mon (comment; here), 23 Nov 2026 09:05:00 (nested (comment)) Z',
    'Mon Nov 23 09:05:00 2026',
    'Mon Nov 23 10:05:00 CET 2026',
    'Mon, 23 Nov 2026 9:05:00 am -0000',
    'Mon, 23 November 2026 18:05:00 GMT+0900',
    '2026-11-23T10:05:00+01:00',
    '2026-11-23 09:05:00',
  ]) {
    assert.equal(iso(text), expected, text);
  }
  assert.equal(iso('1 Jan 99 00:00:00 +0000'), '1999-01-01T00:00:00.000Z');
  assert.equal(iso('1 Jan 120 00:00:00 +0000'), '2020-01-01T00:00:00.000Z');
  for (const text of ['', 'yesterday', '99 Foo 2026', 'Mon, 32 Nov 2026 00:00:00 +0000', ';;;']) {
    assert.equal(iso(text), null, text);
  }
});

test('dates keep the offset of the sender', () => {
  assert.equal(asDate(' Mon, 23 Nov 2026 10:05:00 +0530'), '2026-11-23T10:05:00+05:30');
  assert.equal(asDate(' Mon, 23 Nov 2026 10:05:00 -0800'), '2026-11-23T10:05:00-08:00');
  assert.equal(asDate(' Mon, 23 Nov 2026 10:05:00 +0000'), '2026-11-23T10:05:00Z');
  assert.equal(formatDate({ ms: 0, offset: -90 }), '1969-12-31T22:30:00-01:30');
});

test('header properties: forms, :all, the last instance, and what RFC 8621 forbids', () => {
  const raw = Buffer.from('Subject: one\nX-A: 1\nsubject:  two\nFrom: a@b\nList-Post: <mailto:l@e>\n\n');
  const structure = parseStructure(raw);
  const value = (name: string) => emailProperty(raw, structure, name);
  assert.equal(value('subject'), 'two');
  assert.equal(value('header:Subject'), '  two');
  assert.deepEqual(value('header:SUBJECT:asText:all'), ['one', 'two']);
  assert.deepEqual(value('header:From:asGroupedAddresses'), [
    { name: null, addresses: [{ name: null, email: 'a@b' }] },
  ]);
  assert.deepEqual(value('header:list-post:asURLs'), ['mailto:l@e']);
  assert.equal(value('header:X-None'), null);
  assert.deepEqual(value('header:X-None:all'), []);
  assert.equal(value('replyTo'), null);
  assert.deepEqual((value('headers') as unknown[])[1], { name: 'X-A', value: ' 1' });
  assert.equal(value('nonsense'), undefined);
  for (const name of [
    'header:From:asDate',
    'header:Received:asText',
    'header:',
    'header:a:asFoo',
    'header:a:all:asText',
  ]) {
    assert.equal(parseHeaderProperty(name), null, name);
    assert.equal(isHeaderProperty(name), false, name);
  }
  assert.equal(isHeaderProperty('header:X-A:asAddresses:all'), true);
});

test('charsets of body text', () => {
  const text = (octets: number[] | string, charset: string | null) => {
    const { value, isEncodingProblem } = decodeText(
      typeof octets === 'string' ? Buffer.from(octets) : Buffer.from(octets),
      charset,
    );
    return [value, isEncodingProblem];
  };
  assert.deepEqual(text('a\r\nb\rc\n', null), ['a\nb\rc\n', false]);
  assert.deepEqual(text('\ufeffé', 'UTF-8'), ['é', false]);
  assert.deepEqual(text('é', null), ['é', false]);
  assert.deepEqual(text([0xe9, 0x80], null), ['é€', true]);
  assert.deepEqual(text([0xe9, 0x92], 'ISO-8859-1'), ['é’', false]);
  assert.deepEqual(text([0x61, 0xff], 'utf-8'), ['a\ufffd', true]);
  assert.deepEqual(text([0x93, 0xfa, 0x96, 0x7b], 'Shift_JIS'), ['日本', false]);
  assert.deepEqual(text([0x93, 0xfa, 0x87, 0x40], 'cp932'), ['日①', false]);
  assert.deepEqual(text([0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], 'iso-2022-jp'), ['日', false]);
  assert.deepEqual(text([0xc8, 0xd5, 0xb1, 0xbe], 'gb18030'), ['日本', false]);
  assert.deepEqual(text([0xd0, 0xd2], 'koi8-r'), ['пр', false]);
  assert.deepEqual(text([0xe3, 0xc7, 0xe1], 'cp1256'), ['مال', false]);
  assert.deepEqual(text('a+AOk-', 'utf-7'), ['a+AOk-', false]);
  assert.deepEqual(text('é', 'no-such-charset'), ['é', true]);
});
