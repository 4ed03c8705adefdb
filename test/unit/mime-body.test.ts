import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBlobId, partBlobId, rawBlobId } from '../../functions/mime/blob-id.ts';
import { emailBody, isBodyPartProperty, truncateValue } from '../../functions/mime/body.ts';

const SHA = 'ab'.repeat(32);
const ALL = ['bodyStructure', 'textBody', 'htmlBody', 'attachments', 'bodyValues', 'hasAttachment'];
const crlf = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8');

interface Part {
  type: string;
  /** Further header lines. */
  with?: string[];
  children?: Part[];
  body?: string;
}

let boundaries = 0;

function compose(part: Part): string[] {
  const boundary = `boundary${boundaries++}`;
  const type = part.children ? `${part.type}; boundary="${boundary}"` : part.type;
  const children = (part.children ?? []).flatMap(child => [`--${boundary}`, ...compose(child)]);
  const body = part.children ? [...children, `--${boundary}--`] : [part.body ?? 'content'];
  return [`Content-Type: ${type}`, ...(part.with ?? []), '', ...body];
}

const message = (part: Part) => crlf('Subject: x', ...compose(part));

/** A leaf that is named by a header of its own. */
const leaf = (name: string, type: string, disposition?: string): Part => ({
  type,
  with: [`Content-Id: <${name}>`, ...(disposition ? [`Content-Disposition: ${disposition}`] : [])],
});
const alternative = (...children: Part[]): Part => ({ type: 'multipart/alternative', children });
const mixed = (...children: Part[]): Part => ({ type: 'multipart/mixed', children });
const related = (...children: Part[]): Part => ({ type: 'multipart/related', children });

function lists(part: Part): {
  textBody: string;
  htmlBody: string;
  attachments: string;
  hasAttachment: boolean;
} {
  const body = emailBody(message(part), { sha256: SHA, properties: ALL, bodyProperties: ['cid'] });
  const names = (parts: typeof body.textBody) => (parts ?? []).map(p => p.cid ?? '?').join('');
  return {
    textBody: names(body.textBody),
    htmlBody: names(body.htmlBody),
    attachments: names(body.attachments),
    hasAttachment: body.hasAttachment ?? false,
  };
}

test('the example of RFC 8621 section 4.1.4', () => {
  const html = related(leaf('E', 'text/html'), leaf('F', 'image/jpeg'));
  const plain = mixed(
    leaf('B', 'text/plain', 'inline'),
    leaf('C', 'image/jpeg', 'inline'),
    leaf('D', 'text/plain', 'inline'),
  );
  const inner = mixed(
    alternative(plain, html),
    leaf('G', 'image/jpeg', 'attachment'),
    leaf('H', 'application/x-excel'),
    leaf('J', 'message/rfc822'),
  );
  assert.deepEqual(
    lists(mixed(leaf('A', 'text/plain', 'inline'), inner, leaf('K', 'text/plain', 'inline'))),
    {
      textBody: 'ABCDK',
      htmlBody: 'AEK',
      attachments: 'CFGHJ',
      hasAttachment: true,
    },
  );
});

test('one kind of body serves both, and alternatives choose', () => {
  const [a, b] = [leaf('A', 'text/plain'), leaf('B', 'text/html')];
  assert.deepEqual(lists(a), { textBody: 'A', htmlBody: 'A', attachments: '', hasAttachment: false });
  assert.deepEqual(lists(alternative(b)), {
    textBody: 'B',
    htmlBody: 'B',
    attachments: '',
    hasAttachment: false,
  });
  assert.deepEqual(lists(alternative(a, b)), {
    textBody: 'A',
    htmlBody: 'B',
    attachments: '',
    hasAttachment: false,
  });
  const calendar = lists(alternative(a, b, leaf('C', 'text/calendar')));
  assert.deepEqual(calendar, { textBody: 'A', htmlBody: 'B', attachments: 'C', hasAttachment: true });
});

test('related: pictures of the HTML are no attachment to a person; the root need not come first', () => {
  const [html, picture] = [leaf('A', 'text/html'), leaf('B', 'image/png')];
  const expected = { textBody: 'A', htmlBody: 'A', attachments: 'B', hasAttachment: false };
  assert.deepEqual(lists(related(html, picture)), expected);
  assert.deepEqual(lists(related(picture, html)), expected);
  const started = { ...related(leaf('C', 'text/plain'), html), type: 'multipart/related; start="<A>"' };
  assert.equal(lists(started).htmlBody, 'A');
});

test('hasAttachment', () => {
  const has = (...parts: Part[]) => lists(mixed(leaf('A', 'text/plain'), ...parts)).hasAttachment;
  assert.equal(has(leaf('B', 'application/pdf')), true);
  assert.equal(has(leaf('B', 'application/pdf', 'inline; filename=a.pdf')), true);
  assert.equal(has(leaf('B', 'image/png', 'attachment')), true);
  assert.equal(has(leaf('B', 'image/png', 'inline')), false);
  assert.equal(has(leaf('B', 'application/pgp-signature')), false);
  assert.equal(has(leaf('B', 'message/rfc822')), true);
  assert.equal(has(), false);
});

test('body parts with their default properties', () => {
  const raw = crlf(
    'Content-Type: multipart/mixed; boundary=b',
    ...['', '--b', '', 'text'],
    ...[
      '--b',
      'Content-Type: Image/PNG; name="x"',
      'Content-Transfer-Encoding: base64',
      'Content-Id: < c@d >',
    ],
    ...['Content-Disposition: ATTACHMENT; filename="bild.png"', 'Content-Language: de, en (both)'],
    ...['Content-Location: http://e/', ' x.png', '', 'aGVsbG8=', '--b--'],
  );
  const { attachments, bodyStructure } = emailBody(raw, { sha256: SHA, properties: ALL });
  const text = {
    ...{ partId: '1', blobId: `p${SHA}-1`, size: 4, name: null, type: 'text/plain', charset: 'us-ascii' },
    ...{ disposition: null, cid: null, language: null, location: null },
  };
  const image = {
    ...{ partId: '2', blobId: `p${SHA}-2`, size: 5, name: 'bild.png', type: 'image/png', charset: null },
    ...{ disposition: 'attachment', cid: 'c@d', language: ['de', 'en'], location: 'http://e/x.png' },
  };
  assert.deepEqual(attachments, [image]);
  assert.deepEqual(bodyStructure, {
    ...{ partId: null, blobId: null, size: 0, name: null, type: 'multipart/mixed', charset: null },
    ...{ disposition: null, cid: null, language: null, location: null },
    subParts: [text, image],
  });
});

test('header properties of body parts, and only what was asked for', () => {
  const raw = message({ type: 'text/plain', with: ['X-A: 1', 'x-a: =?utf-8?Q?=C3=A9?='] });
  const bodyProperties = ['partId', 'header:X-A:asText', 'header:X-A:all'];
  assert.deepEqual(emailBody(raw, { sha256: SHA, properties: ['textBody'], bodyProperties }), {
    textBody: [{ partId: '1', 'header:X-A:asText': 'é', 'header:X-A:all': [' 1', ' =?utf-8?Q?=C3=A9?='] }],
  });
  assert.equal(isBodyPartProperty('header:X-A:asText'), true);
  assert.equal(isBodyPartProperty('header:Date:asURLs'), false);
  assert.equal(isBodyPartProperty('nonsense'), false);
});

test('body values: which parts, line ends, charsets, problems', () => {
  const raw = message(
    mixed(
      alternative(
        { type: 'text/plain; charset=iso-2022-jp', body: '\x1b$BF|K\\\x1b(B' },
        {
          type: 'text/html; charset=utf-8',
          with: ['Content-Transfer-Encoding: quoted-printable'],
          body: '<p>=C3=A9\r\n</p>',
        },
      ),
      { type: 'text/csv; charset=utf-8', with: ['Content-Transfer-Encoding: x-odd'], body: '..a' },
      { type: 'image/png', body: 'x' },
    ),
  );
  const values = (options: object) =>
    emailBody(raw, { sha256: SHA, properties: ['bodyValues'], ...options }).bodyValues;
  const whole = { isTruncated: false, isEncodingProblem: false };
  const [plain, html, csv] = [
    { ...whole, value: '日本' },
    { ...whole, value: '<p>é\n</p>' },
    { value: '..a', isTruncated: false, isEncodingProblem: true },
  ];
  assert.deepEqual(values({}), {});
  assert.deepEqual(values({ fetchTextBodyValues: true }), { 1: plain });
  assert.deepEqual(values({ fetchHTMLBodyValues: true }), { 2: html });
  assert.deepEqual(values({ fetchAllBodyValues: true }), { 1: plain, 2: html, 3: csv });
});

test('truncation keeps characters and tags whole', () => {
  assert.deepEqual(truncateValue('日本', 6, false), { value: '日本', isTruncated: false });
  assert.deepEqual(truncateValue('日本', 5, false), { value: '日', isTruncated: true });
  assert.deepEqual(truncateValue('a🚀', 4, false), { value: 'a', isTruncated: true });
  assert.deepEqual(truncateValue('hi <a href="x">', 9, true), { value: 'hi ', isTruncated: true });
  assert.deepEqual(truncateValue('hi <a href="x">', 9, false), { value: 'hi <a hre', isTruncated: true });
  assert.deepEqual(truncateValue('<b>hi</b> there', 11, true), { value: '<b>hi</b> t', isTruncated: true });
});

test('blob ids', () => {
  assert.deepEqual(parseBlobId(rawBlobId(SHA)), { sha256: SHA, partId: null });
  assert.deepEqual(parseBlobId(partBlobId(SHA, '12')), { sha256: SHA, partId: '12' });
  for (const id of ['', SHA, `r${SHA}-1`, `p${SHA}`, `p${SHA}-0`, `p${SHA}-1/..`, `R${SHA}`, `r${SHA}\n`]) {
    assert.equal(parseBlobId(id), null, id);
  }
});
