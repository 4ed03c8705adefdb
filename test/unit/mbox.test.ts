import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMbox, writeMbox } from '../../functions/mime/mbox.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

interface Read {
  messages: string[];
  offsets: number[];
  next: number[];
  /** Octets before the first message. */
  before: string;
}

async function read(file: Buffer | string, { size = 1 << 20, start = 0 } = {}): Promise<Read> {
  const bytes = Buffer.from(file as string);
  const found: Read = { messages: [], offsets: [], next: [], before: '' };
  let parts: Buffer[] = [];
  for await (const event of readMbox(cut(bytes.subarray(start), size), start)) {
    if (event.kind === 'bytes') parts.push(Buffer.from(event.bytes));
    else if (event.kind === 'message') {
      found.before += Buffer.concat(parts).toString('latin1');
      parts = [];
      found.offsets.push(event.offset);
    } else {
      found.messages.push(Buffer.concat(parts).toString('latin1'));
      found.next.push(event.next);
      parts = [];
    }
  }
  found.before += Buffer.concat(parts).toString('latin1');
  return found;
}

async function written(messages: readonly Buffer[], size = 1 << 20): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const message of messages) {
    for await (const part of writeMbox(cut(message, size), { at: 0, last: message.at(-1) })) parts.push(part);
  }
  return Buffer.concat(parts);
}

const FROM = 'From ada@example.org Mon Jan  1 12:00:00 2024\n';

test('messages begin at From_ lines, and lose the empty line before the next', async () => {
  const file = `${FROM}Subject: one\n\nHello.\n\n${FROM}Subject: two\n\nFrom here on.\n\n`;
  const { messages, offsets, next } = await read(file);
  assert.deepEqual(messages, ['Subject: one\n\nHello.\n', 'Subject: two\n\nFrom here on.\n']);
  assert.deepEqual(next, [offsets[1], file.length]);
});

test('line ends stay as they are in the file', async () => {
  const from = FROM.replace('\n', '\r\n');
  const { messages } = await read(`${from}Subject: one\r\n\r\nHello.\r\n\r\n${from}Subject: two\r\n\r\nx`);
  assert.deepEqual(messages, ['Subject: one\r\n\r\nHello.\r\n', 'Subject: two\r\n\r\nx']);
});

test('what looks like a From_ line is none after a line, or without time and year', async () => {
  const body = `Subject: one\n\nHe wrote:\n${FROM}\nFrom now on, all is well.\n`;
  assert.deepEqual((await read(`${FROM}${body}\n`)).messages, [body]);
});

test('From_ lines of several programs are understood', async () => {
  const lines = [
    'From - Sat Jan 13 10:11:12 2024',
    'From 1234567890@xxx Mon Apr 04 20:29:47 +0000 2011',
    'From MAILER-DAEMON Fri Jul  8 12:08:34 2011 +0200',
    'From bob@example.org  Tue Dec 24 9:05 1996',
    'From ???@??? Sun Feb 07 23:59:59 1999',
  ];
  const { messages } = await read(lines.map((line, i) => `${line}\nSubject: ${i}\n\nx\n\n`).join(''));
  assert.deepEqual(
    messages,
    lines.map((_, i) => `Subject: ${i}\n\nx\n`),
  );
});

test('quoting is taken back by one mark; a Content-Length that lies changes nothing', async () => {
  const file = `${FROM}Content-Length: 3\n\n>From me\n>>From you\n> From all\n>Fromage\n\n`;
  assert.deepEqual((await read(file)).messages, [
    'Content-Length: 3\n\nFrom me\n>From you\n> From all\n>Fromage\n',
  ]);
});

test('what comes before the first message is told apart', async () => {
  const { messages, before } = await read(`no mail\n\n${FROM}Subject: one\n\nx\n`);
  assert.deepEqual([before, messages], ['no mail\n', ['Subject: one\n\nx\n']]);
});

const part = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('From ', FROM, '>From ', '>>From x', '>', '\n', '\r\n', '\r', 'F', '\n\n'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('>'.repeat(1_100), 'x'.repeat(1_100)) },
);
const message = fc.array(part, { maxLength: 12 }).map(parts => Buffer.from(parts.join(''), 'utf8'));

test('any messages come back octet by octet, however the file is cut, from any message on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(),
      async (messages, size, nth) => {
        const file = await written(messages, size);
        assert.deepEqual(file, await written(messages), 'the same however it comes');
        const expected = messages.map(bytes => bytes.toString('latin1'));
        const whole = await read(file, { size });
        assert.deepEqual(whole.messages, expected);
        assert.equal(whole.before, '');
        const from = nth % messages.length;
        const again = await read(file, { size, start: whole.offsets[from] ?? 0 });
        assert.deepEqual(again.messages, expected.slice(from));
      },
    ),
    { numRuns: 80 },
  );
});

test('any octets are read without an error, the same however they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 20 }),
      fc.integer({ min: 1, max: 30 }),
      async (parts, size) => {
        const file = Buffer.from(parts.join(''));
        assert.deepEqual(await read(file, { size }), await read(file));
      },
    ),
    { numRuns: 80 },
  );
});
