import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emailBody } from '../../functions/mime/body.ts';
import { emailIdOf, sha256Of } from '../../functions/mime/identity.ts';
import { summarize } from '../../functions/mime/parse.ts';
import { previewOfHtml, previewOfText } from '../../functions/mime/preview.ts';

const crlf = (...lines: string[]) => Buffer.from(lines.join('\r\n'), 'utf8');

test('a list row', () => {
  const raw = crlf(
    'Received: by mx; Mon, 23 Nov 2026 10:05:00 +0000',
    'Message-ID: <c@x>',
    'In-Reply-To: <b@x>',
    'References: <a@x> <b@x>',
    'From: =?utf-8?Q?J=C3=B6rg?= <j@x.example>',
    'To: a@x.example, B <b@x.example>',
    'Subject: =?UTF-8?B?44GT44KT44Gr44Gh44Gv?=',
    'Date: Mon, 23 Nov 2026 11:00:00 +0100',
    '',
    'Hello,',
    '  world',
  );
  const sha256 = sha256Of(raw);
  const receivedAt = Date.UTC(2026, 10, 23, 10, 5);
  const summary = summarize(raw);
  assert.deepEqual(summary, {
    emailId: emailIdOf(receivedAt, sha256),
    sha256,
    threadId: summarize(crlf('Message-ID: <a@x>', '', 'root')).threadId,
    receivedAt,
    size: raw.length,
    messageId: ['c@x'],
    inReplyTo: ['b@x'],
    references: ['a@x', 'b@x'],
    from: [{ name: 'Jörg', email: 'j@x.example' }],
    to: [
      { name: null, email: 'a@x.example' },
      { name: 'B', email: 'b@x.example' },
    ],
    cc: null,
    subject: 'こんにちは',
    sentAt: '2026-11-23T11:00:00+01:00',
    preview: 'Hello, world',
    hasAttachment: false,
    isShortened: false,
  });
  assert.deepEqual(summarize(raw, sha256), summary);
});

test('a message with nothing in it', () => {
  const summary = summarize(new Uint8Array(0));
  assert.deepEqual([summary.receivedAt, summary.subject, summary.from, summary.preview], [0, null, null, '']);
});

test('rows of hostile headers stay small, and say that they were shortened', () => {
  const ids = Array.from({ length: 3000 }, (_, i) => `<${i}@x>`);
  const people = Array.from({ length: 3000 }, (_, i) => `"Person ${i}" <${i}@x>`);
  const raw = crlf(
    `References: ${ids.join(' ')}`,
    `To: ${people.join(', ')}`,
    `From: "${'n'.repeat(5000)}" <${'e'.repeat(5000)}@x>`,
    `Subject: ${'🚀'.repeat(5000)}`,
    '',
    '🚀'.repeat(5000),
  );
  const row = summarize(raw);
  assert.equal(row.isShortened, true);
  assert.ok(JSON.stringify(row).length < 6000);
  assert.equal(row.references?.[0], '0@x');
  assert.equal(row.references?.at(-1), '2999@x');
  assert.equal(row.references?.length, 20);
  assert.equal(row.to?.length, 50);
  assert.deepEqual(row.to?.[0], { name: 'Person 0', email: '0@x' });
  assert.equal(row.subject, '🚀'.repeat(250));
  assert.equal(row.preview, '🚀'.repeat(128));
  assert.equal(row.threadId, summarize(crlf('Message-ID: <0@x>', '', '')).threadId);
});

test('previews of text: quotes go when there is more, padding goes, white space collapses', () => {
  assert.equal(previewOfText('> quoted\n> more\n\nMy   answer\n\tis yes\n'), 'My answer is yes');
  assert.equal(previewOfText('> only\n>> quoted\n'), 'only quoted');
  assert.equal(previewOfText('Sale\u00a0\u200c\u00a0\u034f \ufeff\u00ad now'), 'Sale now');
  assert.equal(previewOfText(`${'\u200c '.repeat(3000)}late`), 'late');
  assert.equal(previewOfText('می\u200cخواهم 👨‍👩‍👧'), 'می\u200cخواهم 👨‍👩‍👧');
  assert.equal(previewOfText(''), '');
});

test('previews have at most 256 UTF-16 units and never half a character', () => {
  const family = '👨‍👩‍👧';
  assert.equal(previewOfText(`${'x'.repeat(252)}${family}y`), 'x'.repeat(252));
  assert.equal(previewOfText(`${'x'.repeat(255)}🚀🚀`), 'x'.repeat(255));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), text => {
      const preview = previewOfText(text);
      assert.ok(preview.length <= 256);
      assert.ok(preview.isWellFormed());
    }),
  );
});

test('previews of HTML: what is shown, not what is written', () => {
  assert.equal(
    previewOfHtml(
      '<!doctype html><head><title>t</title><STYLE>p > a {}</STYLE></head><!-- <p>no</p> --><p>One<br>two</p>' +
        '<script>if (a < b) "</p>"</script><table><tr><td>thr<b>ee</b></td><td>f&ouml;ur &amp; 5 &lt; 6</td></tr></table>',
    ),
    'One two three föur & 5 < 6',
  );
  assert.equal(previewOfHtml('<a title="x > y" href=\'<\'>link</a> 1 < 2 <unfinished'), 'link 1 < 2');
  assert.equal(previewOfHtml(`<p>${'&zwnj;&nbsp;&#847;'.repeat(500)}</p>Words`), 'Words');
  assert.equal(previewOfHtml('<style>never closed'), '');
});

test('the preview comes from the text, from the HTML when the text is empty, and from behind long styles', () => {
  const alternative = (text: string, html: string) =>
    crlf(
      'Content-Type: multipart/alternative; boundary=b',
      ...['', '--b', 'Content-Type: text/plain; charset=utf-8', '', text],
      ...[
        '--b',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        html,
      ],
      '--b--',
    );
  assert.equal(summarize(alternative('text', '<p>html</p>')).preview, 'text');
  assert.equal(summarize(alternative(' \r\n\u200b', '<p>h=C3=A9</p>')).preview, 'hé');
  assert.equal(
    summarize(alternative('', `<style>${'a {}\r\n'.repeat(20_000)}</style><p>far</p>`)).preview,
    'far',
  );
  assert.equal(summarize(crlf('Content-Type: application/pdf', '', 'x')).preview, '');
});

test('a cut inside a character of a long text does not turn it into another charset', () => {
  for (const padding of ['', 'x', 'xx']) {
    const preview = summarize(crlf('Subject: x', '', padding + '日'.repeat(3000))).preview;
    assert.match(preview, /^x{0,2}日+$/);
  }
});

test('any octets give a row and a body, and the row repeats the identity', () => {
  const lines = fc.constantFrom(
    ...[
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: multipart/related; boundary=b; start="<x>"',
    ],
    ...[
      'Content-Type: text/html',
      'Content-Type: text/plain; charset=iso-2022-jp',
      'Content-Transfer-Encoding: base64',
    ],
    ...[
      'Subject: =?utf-8?Q?=',
      'From: a <',
      'To: g: a@b, "',
      'References: <',
      'Date: Mon, 1',
      '',
      '',
      '--b',
      '--b--',
      '<a',
      '\x1b$B',
      '&#',
    ],
  );
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map(octets => Buffer.from(octets)),
    fc
      .array(fc.oneof(lines, fc.string({ maxLength: 12 })), { maxLength: 40 })
      .map(all => Buffer.from(all.join('\n'), 'latin1')),
  );
  const properties = ['bodyStructure', 'textBody', 'htmlBody', 'attachments', 'bodyValues', 'hasAttachment'];
  fc.assert(
    fc.property(message, fc.nat(50), (raw, maxBodyValueBytes) => {
      const { emailId, sha256, receivedAt, preview } = summarize(raw);
      assert.equal(emailId, emailIdOf(receivedAt, sha256Of(raw)));
      assert.ok(preview.length <= 256);
      const body = emailBody(raw, { sha256, properties, fetchAllBodyValues: true, maxBodyValueBytes });
      for (const { value } of Object.values(body.bodyValues ?? {})) {
        assert.ok(maxBodyValueBytes === 0 || Buffer.byteLength(value) <= maxBodyValueBytes);
      }
    }),
    { numRuns: 1000 },
  );
});
