import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import PostalMime, { type Email } from 'postal-mime';
import { type SampleMessage, sampleMail } from '../../infra/local/sample-mail.ts';

const NOW = new Date('2026-05-06T07:08:09Z');
const MAIL = sampleMail({ now: NOW });

test('both accounts have plenty of mail, in every mailbox and with every kind of flag', () => {
  const imap = MAIL.filter(message => message.account === 'imap');
  const pop = MAIL.filter(message => message.account === 'pop');
  assert.ok(imap.length + pop.length >= 60 && pop.length >= 25, `${imap.length} + ${pop.length}`);
  assert.deepEqual([...new Set(imap.map(message => message.mailbox))].sort(), [
    'Archive',
    'Drafts',
    'Entwürfe & Ideen',
    'INBOX',
    'Junk',
    'Projects/Boat house',
    'Sent',
    'Trash',
  ]);
  assert.ok(pop.every(message => message.mailbox === 'INBOX' && message.flags.length === 0));
  const flags = new Set(imap.flatMap(message => message.flags));
  for (const flag of ['\\Seen', '\\Flagged', '\\Answered', '\\Draft', 'travel'])
    assert.ok(flags.has(flag), flag);
  assert.ok(imap.some(message => message.mailbox === 'INBOX' && !message.flags.includes('\\Seen')));
});

test('the same moment gives the same bytes, none of them from the future', () => {
  assert.deepEqual(sampleMail({ now: NOW }), MAIL);
  assert.notDeepEqual(sampleMail({ now: new Date('2026-05-07T07:08:09Z') }), MAIL);
  assert.ok(MAIL.every(message => message.date.getTime() < NOW.getTime()));
});

test('only reserved addresses are named', () => {
  const texts = MAIL.filter(message => message.raw.length < 1 << 20).map(message =>
    message.raw.toString('latin1').replaceAll('=\r\n', ''),
  );
  const domains = texts.flatMap(
    text => text.match(/(?<=[\w.+-]@|https?:\/\/)[a-z0-9-]+(\.[a-z0-9-]+)+/gi) ?? [],
  );
  assert.ok(domains.length > 100);
  for (const domain of domains) assert.match(domain, /(^|\.)(example\.(com|org)|test|invalid)$/);
});

test('every message but the odd ones has the subject it was given, no Message-ID comes twice', async () => {
  const ids = new Map<string, Buffer>();
  for (const message of MAIL) {
    const id = /^message-id: (.*)$/im.exec(head(message))?.[1]?.trim();
    if (!id) continue;
    const other = ids.get(id);
    assert.ok(!other || other.equals(message.raw), id);
    ids.set(id, message.raw);
    assert.ok(/^subject: \S/im.test(head(message)), id);
  }
  const long = head(find('odd-long-subject')).split('\r\n');
  assert.ok(
    long.every(line => line.length <= 78),
    'folded',
  );
  assert.ok(((await parse('odd-long-subject')).subject ?? '').length > 900);
  assert.equal((await parse('odd-emoji')).subject, '👨‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🔧 ➡️ ⛵️ = ❤️‍🔥');
});

test('scripts and old charsets read as they were written', async () => {
  const expected = {
    'japanese-utf8': ['瀬戸内海の旅のご案内 🚢', '小豆島で二泊'],
    'japanese-jis': ['木造船の写真について', '大きいサイズ (300 dpi)'],
    'arabic-utf8': ['صور من معرض القوارب في الإسكندرية', '12 متراً'],
    'hebrew-utf8': ['תמונות מהנמל של יפו', 'סירה כחולה'],
    'hebrew-windows': ['המפה הישנה', 'סריקה מחר'],
    'russian-koi8': ['Письмо с Белого моря', 'ночи белые'],
    'korean-euc': ['부산 항구 축제', '꼭 오세요'],
    'pop-jis': ['港の天気', '水温 6 度'],
  };
  for (const [id, [subject, words]] of Object.entries(expected)) {
    const email = await parse(id);
    assert.equal(email.subject, subject);
    assert.ok(email.text?.includes(words ?? ''), id);
  }
  assert.ok(find('japanese-jis').raw.includes('\x1b$B'), 'escape to JIS X 0208');
});

test('the long thread refers to all that came before', () => {
  const thread = MAIL.filter(message => /boat-house-\d+@/.test(head(message)));
  assert.ok(thread.length >= 12);
  const last = head(thread.at(-1));
  for (let index = 1; index < thread.length; index += 1)
    assert.ok(last.includes(`<boat-house-${index}@example.com>`));
});

test('attachments are what they say', async () => {
  const pdf = content(await parse('work-exhibition'), 'opening-night.pdf').toString('latin1');
  const table = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
  assert.ok(pdf.startsWith('%PDF-') && pdf.slice(table).startsWith('xref'));
  const photographs = await parse('family-photographs');
  assert.match(photographs.html ?? '', /cid:evening@example\.com/);
  const picture = content(photographs, 'evening.png');
  const data = picture.subarray(picture.indexOf('IDAT') + 4);
  assert.equal(inflateSync(data.subarray(0, data.indexOf('IEND') - 8)).length, 360 * (1 + 640 * 3));
  assert.equal(
    photographs.attachments.find(file => file.filename === 'evening.png')?.contentId,
    '<evening@example.com>',
  );
  assert.match(content(await parse('travel-ferry'), 'ferry.ics').toString(), /^BEGIN:VCALENDAR\r?\n/);
  assert.match(
    content(await parse('work-figures'), 'visitors.csv').toString(),
    /^month;visitors;tickets\r\n/,
  );
  const scans = await parse('work-scans');
  assert.equal(content(scans, 'page-015.txt').length, 0);
  assert.equal(content(scans, 'logbook-1911.zip').readUInt32BE(0), 0x504b0304);
  assert.equal(content(scans, 'Überfahrt – Ærø.dat').length, 5_000);
  assert.match(find('invitation-sailing').raw.toString(), /text\/calendar; charset=utf-8; method=REQUEST/);
  assert.match(find('forward-loan').raw.toString(), /Content-Type: message\/rfc822/);
  assert.match(find('bounce-1').raw.toString(), /multipart\/report; report-type=delivery-status/);
  assert.ok(
    find('large-recording').raw.length > 12_000_000 && find('large-recording').raw.length < 13_000_000,
  );
});

test('the odd ones break the rule they are here for', () => {
  const latin1 = find('odd-latin1').raw;
  assert.ok(latin1.includes(0xe5) && !latin1.includes('charset'));
  assert.ok(Buffer.from(latin1.toString('utf8')).compare(latin1) !== 0, 'no valid UTF-8');
  const broken = find('odd-broken').raw.toString();
  assert.ok(broken.includes('boundary="train"') && !broken.includes('--train--'));
  for (const id of ['odd-dots', 'pop-dots']) assert.match(find(id).raw.toString(), /\r\n\.\r\n\.\.\r\n/);
  assert.ok(!find('odd-bare-lf').raw.includes('\r'));
  const nameless = MAIL.filter(message => !/^(message-id|subject|date):/im.test(head(message)));
  assert.equal(nameless.length, 1);
  assert.ok(!find('pop-no-newline').raw.toString().endsWith('\n'));
  assert.match(find('odd-flowed').raw.toString(), /format=flowed/);
  assert.match(find('odd-deep-quote').raw.toString(), /^>{12} /m);
  const hostile = find('hostile-html').raw.toString();
  for (const part of ['<script>', 'onerror=', 'http-equiv', '<form', '<svg', '@import', 'javascript:']) {
    assert.ok(hostile.includes(part), part);
  }
  const twice = MAIL.filter(message => head(message).includes('<same-in-two@'));
  assert.deepEqual(twice.map(message => message.mailbox).sort(), ['INBOX', 'Projects/Boat house']);
  assert.deepEqual(twice[0]?.raw, twice[1]?.raw);
});

function head(message: SampleMessage | undefined): string {
  const text = message?.raw.subarray(0, 20_000).toString('latin1') ?? '';
  return text.slice(0, text.search(/\r?\n\r?\n/));
}

function find(id: string): SampleMessage {
  const message = MAIL.find(each => new RegExp(`^message-id: <${id}@`, 'im').test(head(each)));
  assert.ok(message, id);
  return message;
}

function parse(id: string): Promise<Email> {
  return PostalMime.parse(find(id).raw);
}

function content(email: Email, name: string): Buffer {
  const file = email.attachments.find(each => each.filename === name);
  assert.ok(file, name);
  return Buffer.from(file.content as ArrayBuffer);
}
