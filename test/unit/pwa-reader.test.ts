import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toBody } from '../../pwa/src/mailbox/body-answer.ts';
import { isOwnServer, judge, parseResults } from '../../pwa/src/views/reader/authentication.ts';
import { parseCalendar } from '../../pwa/src/views/reader/calendar.ts';
import {
  contrast,
  darkBackground,
  darkText,
  isPaper,
  parseColour,
} from '../../pwa/src/views/reader/colours.ts';
import { inspectLink } from '../../pwa/src/views/reader/links.ts';
import { isTracker } from '../../pwa/src/views/reader/pixels.ts';
import { previewKind } from '../../pwa/src/views/reader/preview-kind.ts';
import { decodeHost } from '../../pwa/src/views/reader/punycode.ts';
import { headerText } from '../../pwa/src/views/reader/raw-headers.ts';
import { replyAddress } from '../../pwa/src/views/reader/reply.ts';
import { blocksOf, foldedBlocks, unflow } from '../../pwa/src/views/reader/text.ts';

const channel = fc.integer({ min: 0, max: 255 });
const opaque = fc.record({ r: channel, g: channel, b: channel, a: fc.constant(1) });
const WHITE = { r: 255, g: 255, b: 255, a: 1 };

test('contrast is that of WCAG', () => {
  assert.equal(Math.round(contrast(WHITE, { r: 0, g: 0, b: 0, a: 1 })), 21);
  assert.equal(contrast(WHITE, { r: 118, g: 118, b: 118, a: 1 }).toFixed(2), '4.54');
});

test('paper becomes dark, what is dark stays, and text is as legible on it as it was', () => {
  assert.ok(contrast(darkBackground(WHITE), WHITE) > 12, 'white becomes nearly black');
  fc.assert(
    fc.property(opaque, opaque, (text, ground) => {
      const dark = darkBackground(ground);
      if (!isPaper(ground)) return assert.deepEqual(dark, ground);
      assert.ok(!isPaper(dark), JSON.stringify({ ground, dark }));
      const before = contrast(text, ground);
      // Text that is as light as paper is turned as paper is.
      if (isPaper(text)) return;
      const after = contrast(darkText(text, ground, dark), dark);
      assert.ok(after >= Math.min(4.5, before) - 0.1, JSON.stringify({ text, ground, before, after }));
    }),
  );
  assert.deepEqual(parseColour('rgba(1, 2, 3, 0.5)'), { r: 1, g: 2, b: 3, a: 0.5 });
  assert.equal(parseColour('oklch(0.5 0.1 20)'), null);
});

test('flowing lines are put together, quotes and signatures stay what they are (RFC 3676)', () => {
  assert.equal(unflow('one \ntwo\nthree', false), 'one two\nthree');
  assert.equal(unflow('bro \nken ', true), 'broken');
  assert.equal(unflow('> a \n> b\n>> c \n> d', false), '> a b\n>> c \n> d');
  assert.equal(unflow('Bye \n-- \nAda', false), 'Bye \n-- \nAda');
  assert.equal(unflow(' From me\n >no quote', false), 'From me\n>no quote');
  fc.assert(fc.property(fc.string(), fc.boolean(), (text, delSp) => typeof unflow(text, delSp) === 'string'));
});

test('the line above the last quote belongs to it, and what Outlook quotes is a quote', () => {
  const [own, quote] = foldedBlocks(
    'Yes.\n\nOn Sat, 21 Nov 2026 at 10:00, Ada\n<ada@example.org> wrote:\n\n> no',
  );
  assert.deepEqual(own, { quoted: false, lines: ['Yes.'] });
  assert.equal(quote?.lines[0], 'On Sat, 21 Nov 2026 at 10:00, Ada');
  assert.deepEqual(
    blocksOf('Fine.\n-----Original Message-----\nFrom: Ada\n\nText').map(({ quoted }) => quoted),
    [false, true],
  );
  assert.equal(foldedBlocks('Note this:\n\n> a').length, 2);
});

test('a link is what it is, not what it says', () => {
  const warnings = (href: string, text = '') => inspectLink(href, text)?.warnings;
  assert.deepEqual(warnings('https://bank.example/a', 'bank.example'), []);
  assert.deepEqual(warnings('https://www.bank.example/a', 'https://bank.example/login'), []);
  assert.deepEqual(warnings('https://mail.bank.example/a', 'bank.example'), []);
  assert.deepEqual(warnings('https://bank.example.evil.example/', 'bank.example'), ['otherHost']);
  assert.deepEqual(warnings('https://notbank.example/', 'bank.example'), ['otherHost']);
  assert.deepEqual(warnings('https://evil.example/', 'Press here. Now'), []);
  assert.deepEqual(warnings('https://xn--80ak6aa92e.com/'), ['lookalike']);
  assert.deepEqual(warnings('https://xn--pple-43d.com/'), ['lookalike']);
  assert.deepEqual(warnings('https://xn--bcher-kva.example/', 'bücher.example'), ['foreignLetters']);
  assert.deepEqual(warnings('https://bank.example@evil.example/'), ['userName']);
  assert.deepEqual(warnings('http://192.0.2.1/'), ['address', 'notEncrypted']);
  assert.equal(inspectLink('javascript:alert(1)', ''), null);
});

test('hosts are decoded as the browser encoded them (RFC 3492)', () => {
  for (const host of ['bücher.example', 'münchen.example', '例え.example', 'пример.example', 'a.b.example'])
    assert.equal(decodeHost(new URL(`https://${host}`).hostname), host);
  for (const odd of ['xn--', 'xn--a', 'xn---', 'xn--99999999999', 'xn--ü'])
    assert.equal(typeof decodeHost(odd), 'string');
  fc.assert(fc.property(fc.string(), text => typeof decodeHost(`xn--${text}`) === 'string'));
});

test('addresses that count readers are known, others are left alone', () => {
  for (const address of [
    'https://u1.ct.sendgrid.example/wf/open?upn=abc',
    'https://shop.us1.list-manage.com/track/open.php?u=1',
    'https://a.awstrack.me/I0/xyz',
    'https://news.example/o.gif?id=4',
  ])
    assert.equal(isTracker(address), true, address);
  for (const address of ['https://news.example/logo.png', 'https://shop.example/opening-hours.gif'])
    assert.equal(isTracker(address), false, address);
});

test('the checks of a server are read and judged (RFC 8601)', () => {
  const results = parseResults(
    'mx.example.com 1; dkim=pass (2048-bit; "a;b" key) header.d=Example.ORG header.i=@example.org;\r\n spf=softfail smtp.mailfrom="bounce@lists.example.net"; dmarc=pass (p=none) header.from=example.org',
  );
  assert.equal(results.server, 'mx.example.com');
  assert.deepEqual(
    results.checks.map(({ method, result }) => `${method}=${result}`),
    ['dkim=pass', 'spf=softfail', 'dmarc=pass'],
  );
  assert.equal(judge(results, 'ada@example.org').sender, 'confirmed');
  // What is confirmed is another sender than the one that is shown.
  assert.equal(judge(results, 'ada@bank.example').sender, 'unknown');
  const say = (text: string) => judge(parseResults(text), 'ada@mail.bank.example').sender;
  assert.equal(say('mx; dkim=pass header.d=bank.example'), 'confirmed');
  assert.equal(say('mx; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example'), 'unknown');
  assert.equal(
    say('mx; dmarc=fail header.from=mail.bank.example; spf=pass smtp.mailfrom=evil.example'),
    'failed',
  );
  assert.equal(say('spf=pass smtp.mailfrom=bank.example; dkim=none'), 'confirmed');
  assert.equal(say('mx; none'), 'unknown');
  assert.equal(say('mx (dkim=pass header.d=bank.example); dkim=none'), 'unknown');
  fc.assert(fc.property(fc.string(), text => judge(parseResults(text), text).server !== null));
});

test('only a server that brings the mail of an account is believed', () => {
  const own = (server: string, host: string | null, address: string) =>
    isOwnServer(server, { host, address });
  assert.equal(own('mx.example.com', 'imap.example.com', 'a@b.example'), true);
  assert.equal(own('mx.google.com', 'imap.gmail.com', 'a@firm.example'), true);
  assert.equal(own('mx1.messagingengine.com', 'imap.fastmail.com', 'a@b.example'), true);
  assert.equal(own('mx.evil.example', 'imap.example.com', 'a@example.com'), false);
  assert.equal(own('evil.co.uk', 'imap.good.co.uk', 'a@good.co.uk'), false);
  assert.equal(own('', null, 'a@b.example'), false);
});

const VTIMEZONE = `BEGIN:VTIMEZONE
TZID:Harbour Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`;

const event = (lines: string, method = 'REQUEST') =>
  parseCalendar(
    `BEGIN:VCALENDAR\r\nMETHOD:${method}\n${VTIMEZONE}\nBEGIN:VEVENT\n${lines}\nEND:VEVENT\nEND:VCALENDAR`,
  );

test('an invitation is read, with its times in any zone (RFC 5545)', () => {
  const start = (line: string) => {
    const found = event(line)?.events[0]?.start;
    return found && `${found.kind} ${new Date(found.at).toISOString()}`;
  };
  assert.equal(start('DTSTART:20270510T160000Z'), 'fixed 2027-05-10T16:00:00.000Z');
  assert.equal(start('DTSTART;TZID=Europe/Berlin:20270510T180000'), 'fixed 2027-05-10T16:00:00.000Z');
  assert.equal(start('DTSTART;TZID=Harbour Time:20270510T180000'), 'fixed 2027-05-10T16:00:00.000Z');
  assert.equal(start('DTSTART;TZID="Harbour Time":20270110T180000'), 'fixed 2027-01-10T17:00:00.000Z');
  assert.equal(start('DTSTART;TZID=Harbour Time:20261231T180000'), 'fixed 2026-12-31T17:00:00.000Z');
  assert.equal(start('DTSTART;TZID=Nowhere:20270510T180000'), 'floating 2027-05-10T18:00:00.000Z');
  assert.equal(start('DTSTART;VALUE=DATE:20270510'), 'day 2027-05-10T00:00:00.000Z');
  assert.equal(start('DTSTART:tomorrow'), null);
  const calendar = event(`SUMMARY:Sail\\, and
  tea
DTSTART;VALUE=DATE:20270510
DTEND;VALUE=DATE:20270512
RRULE:FREQ=WEEKLY
ORGANIZER;CN="Ada; the first":mailto:ada@example.org
ATTENDEE;PARTSTAT=ACCEPTED;CN=Mara:MAILTO:mara@example.com`);
  const [found] = calendar?.events ?? [];
  assert.equal(calendar?.method, 'REQUEST');
  assert.equal(found?.title, 'Sail, and tea');
  assert.equal(new Date(found?.end?.at ?? 0).toISOString().slice(0, 10), '2027-05-11');
  assert.deepEqual(found?.organiser, { name: 'Ada; the first', address: 'ada@example.org', status: null });
  assert.deepEqual(found?.attendees, [{ name: 'Mara', address: 'mara@example.com', status: 'ACCEPTED' }]);
  assert.equal(found?.repeats, 'WEEKLY');
  const [long] = event('DTSTART:20270510T160000Z\nDURATION:PT1H30M')?.events ?? [];
  assert.equal((long?.end?.at ?? 0) - (long?.start?.at ?? 0), 90 * 60_000);
  assert.equal(parseCalendar('BEGIN:VCALENDAR\nEND:VCALENDAR'), null);
  fc.assert(fc.property(fc.string(), text => event(text) !== undefined));
});

test('headers are shown as they came, without the body', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.equal(headerText(bytes('A: b\r\n c\r\n\r\nbody')), 'A: b\n c\n');
  assert.equal(headerText(bytes('A: é\n\nbody')), 'A: é\n');
  assert.equal(headerText(new Uint8Array([65, 58, 233, 10, 10, 66])), 'A:é\n');
});

test('only what can do nothing is looked at', () => {
  const kind = (type: string, name = '', size = 1000) => previewKind({ type, name, size }, true);
  assert.equal(kind('image/png'), 'picture');
  assert.equal(kind('image/svg+xml'), null);
  assert.equal(kind('text/html'), null);
  assert.equal(kind('text/csv'), 'text');
  assert.equal(kind('application/pdf'), 'pdf');
  assert.equal(previewKind({ type: 'application/pdf', name: 'a.pdf', size: 10 }, false), null);
  assert.equal(kind('application/octet-stream', 'a.log'), 'text');
  assert.equal(kind('application/octet-stream', 'a.exe'), null);
  assert.equal(kind('image/png', 'a.png', 1e9), null);
});

test('of a body is stored what the reader needs: the topmost results, and how text flows', () => {
  const part = {
    ...{ partId: '1', blobId: 'b', size: 1, name: null, type: 'text/plain', charset: 'utf-8' },
    ...{ disposition: null, cid: null, language: null, location: null },
  };
  const body = toBody('A1', {
    id: 'e1',
    'header:Authentication-Results:asText:all': ['mx.own.example; spf=pass', 'mx.forged.example; dmarc=pass'],
    textBody: [{ ...part, 'header:Content-Type:asText': 'text/plain; format="flowed"; DelSp=Yes' }],
  });
  assert.equal(body.authenticationResults, 'mx.own.example; spf=pass');
  assert.deepEqual(body.flow, { 1: 'delSp' });
  assert.deepEqual(body.textBody, [part]);
  assert.equal(toBody('A1', { id: 'e2' }).authenticationResults, null);
});

test('an answer goes where the sender wants it, whatever the subject holds', () => {
  const from = [{ name: 'Ada', email: 'ada+boats@example.org' }];
  const answer = (subject: string, replyTo: { name: null; email: string }[] = []) =>
    replyAddress({ from, subject }, { replyTo });
  assert.equal(answer('High water'), 'mailto:ada%2Bboats@example.org?subject=Re%3A%20High%20water');
  assert.equal(
    answer('Re: Tide', [{ name: null, email: 'list@example.org' }]),
    'mailto:list@example.org?subject=Re%3A%20Tide',
  );
  assert.equal(
    answer('a\r\nBcc: b \ud800', []),
    'mailto:ada%2Bboats@example.org?subject=Re%3A%20a%20Bcc%3A%20b%20%EF%BF%BD',
  );
  assert.equal(replyAddress({ from: [{ name: null, email: 'nobody' }], subject: '' }, null), null);
});
