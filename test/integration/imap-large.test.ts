import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { SourceErrorCode } from '../../functions/source/errors.ts';
import { openImap } from '../../functions/source/imap.ts';
import type { LargeMessage, MailSource, SourceEntry } from '../../functions/source/source.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { expectFailure, SOON } from '../support/imap-failure.ts';
import { expunge, letter, open, USER, whole } from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';
import { type ScriptedCommand, scriptedImapServer } from '../support/scripted-imap-server.ts';

const MB = 1024 * 1024;
const SIZE = 6 * MB + 17;
const RAW = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), randomBytes(SIZE - 18)]);
const LARGE: SourceEntry = { uid: '1', size: SIZE, keywords: [] };
const SMALL: SourceEntry = { uid: '2', size: letter('next').length, keywords: [] };
const NEXT = { uid: 2, raw: letter('next') };

/** Where a UID FETCH begins in the message, or null when it asks for no bytes. */
function startOf({ args }: ScriptedCommand): number | null {
  const [, start] = /BODY\.PEEK\[\]<(\d+)\.\d+>/.exec(args) ?? [];
  return start === undefined ? null : Number(start);
}

function part(start: number | null, octets: number, raw = RAW): Buffer {
  const bytes = raw.subarray(start ?? 0, (start ?? 0) + octets);
  const item = start === null ? 'BODY[]' : `BODY[]<${start}>`;
  const head = `* 1 FETCH (UID 1 RFC822.SIZE ${raw.length} ${item} {${bytes.length}}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from(')\r\n')]);
}

async function first(source: MailSource, entry = LARGE): Promise<LargeMessage> {
  for await (const message of source.fetch('INBOX', [entry])) {
    assert.ok('chunks' in message, 'it comes in chunks');
    return message;
  }
  throw new Error('nothing came');
}

test('a message of 50 MB comes in chunks, octet for octet, and little of it is in memory', async t => {
  const server = await testMailServer(t);
  const line = Buffer.from(`${randomBytes(48).toString('base64')}\r\n`);
  const raw = Buffer.concat([Buffer.from('Subject: big\r\n\r\n'), Buffer.alloc(50 * MB, line)]);
  await deliver(server, USER, 'INBOX', raw);
  const expected = createHash('sha256').update(raw).digest('hex');
  const source = await open(t, server);
  const { entries } = await source.snapshot('INBOX', null);
  const [entry] = entries;
  assert.equal(entry?.size, raw.length);
  const { uid, chunks } = await first(source, entry);
  const hash = createHash('sha256');
  let [largest, octets] = [0, 0];
  for await (const chunk of chunks) {
    largest = Math.max(largest, chunk.length);
    octets += chunk.length;
    hash.update(chunk);
  }
  assert.deepEqual([uid, octets, hash.digest('hex')], ['1', raw.length, expected]);
  assert.ok(largest <= MB, `${largest} octets at once`);
});

test('from 4 MB on a message comes in chunks, whatever size was listed', async t => {
  for (const [size, listed, inChunks] of [
    [4 * MB - 1, 4 * MB - 1, false],
    [4 * MB, 4 * MB, true],
    [4 * MB + 1, 4 * MB + 1, true],
    [5 * MB, 100, true],
    [5 * MB, null, true],
    [300_000, null, false],
    [1_000, 50 * MB, false],
  ] as const) {
    const raw = randomBytes(size);
    const server = await scriptedImapServer(t, { messages: [{ uid: 1, raw }, NEXT] });
    const source = await openImap(server.settings);
    const kinds: boolean[] = [];
    for await (const message of source.fetch('INBOX', [{ ...LARGE, size: listed }, SMALL])) {
      if (message.uid === '1') kinds.push('chunks' in message);
      const { uid, ...rest } = await whole(message);
      assert.ok('raw' in rest && rest.raw.equals(uid === '1' ? raw : NEXT.raw), `${size} octets`);
    }
    assert.deepEqual(kinds, [inChunks], `${size} octets listed as ${listed}`);
    await source.close(true);
  }
});

const FETCHED = 5 * MB;
const broken: [
  what: string,
  answer: (command: ScriptedCommand, start: number) => string | Buffer,
  code: SourceErrorCode,
  sentence: RegExp,
][] = [
  ['NIL', ({ tag }) => `* 1 FETCH (UID 1 BODY[]<${FETCHED}> NIL)\r\n${tag} OK\r\n`, 'protocol', /cut short/],
  ['an empty chunk', ({ tag }) => `* 1 FETCH (UID 1 BODY[] "")\r\n${tag} OK\r\n`, 'protocol', /cut short/],
  ['no row', ({ tag }) => `${tag} OK\r\n`, 'protocol', /cut short/],
  ['too short a chunk', ({ tag }, start) => ok(part(start, 1000), tag), 'protocol', /cut short/],
  ['NO', ({ tag }) => `${tag} NO [SERVERBUG2] Broken\r\n`, 'refused', /Broken/],
  ['BAD', ({ tag }) => `${tag} BAD Broken\r\n`, 'protocol', /rules of IMAP/],
  ['the whole message', ({ tag }) => ok(part(null, SIZE), tag), 'protocol', /cut short/],
  ['its beginning again', ({ tag }) => ok(part(null, MB), tag), 'protocol', /cut short/],
  ['another place of it', ({ tag }) => ok(part(MB, MB), tag), 'protocol', /cut short/],
  ['another message', ({ tag }) => ok(other(part(FETCHED, MB)), tag), 'protocol', /cut short/],
];

function ok(rows: Buffer, tag: string): Buffer {
  return Buffer.concat([rows, Buffer.from(`${tag} OK\r\n`)]);
}

function other(row: Buffer): Buffer {
  return Buffer.from(row.toString('latin1').replace('UID 1', 'UID 9'), 'latin1');
}

for (const [what, answer, code, sentence] of broken) {
  test(`${what} in the middle of a large message fails it alone`, async t => {
    const server = await scriptedImapServer(t, {
      messages: [{ uid: 1, raw: RAW }, NEXT],
      answer: command => {
        const start = command.name === 'UID FETCH' && command.args.startsWith('1 ') ? startOf(command) : null;
        return start !== null && start >= FETCHED ? answer(command, start) : undefined;
      },
    });
    const source = await openImap(server.settings);
    const outcomes = [];
    for await (const message of source.fetch('INBOX', [LARGE, SMALL])) outcomes.push(await whole(message));
    const [failed, next] = outcomes;
    assert.ok(failed && 'error' in failed, 'it fails');
    expectFailure(code, sentence)(failed.error);
    assert.deepEqual(next, { uid: '2', raw: NEXT.raw });
    await source.close(true);
  });
}

test('an answer that comes one command too late is waited for', async t => {
  let asked = 0;
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: RAW }],
    answer: command => {
      if (command.name !== 'UID FETCH' || startOf(command) !== 2 * MB) return undefined;
      asked += 1;
      return asked === 1 ? `${command.tag} OK\r\n` : undefined;
    },
  });
  const source = await openImap(server.settings);
  const message = await whole(await first(source));
  assert.ok('raw' in message && message.raw.equals(RAW), 'octet for octet');
  await source.close(true);
});

for (const [what, reply, code] of [
  ['silence', 'silence', 'timeout'],
  ['BYE', '* BYE Good night\r\n', 'temporary'],
] as const) {
  test(`${what} in the middle of a large message is ${code}, and the next fetch says so too`, async t => {
    const server = await scriptedImapServer(t, {
      ...(code === 'timeout' ? { timeout: 4 * SOON } : {}),
      messages: [{ uid: 1, raw: RAW }, NEXT],
      answer: command => (command.name === 'UID FETCH' && startOf(command) === 5 * MB ? reply : undefined),
    });
    const source = await openImap(server.settings);
    await assert.rejects(first(source).then(whole), expectFailure(code));
    await assert.rejects(source.fetch('INBOX', [SMALL])[Symbol.asyncIterator]().next(), expectFailure(code));
    await source.close(false);
  });
}

test('a server that does not know parts is taken at its word, once', async t => {
  const server = await scriptedImapServer(t, {
    messages: [{ uid: 1, raw: RAW }],
    answer: command => (command.name === 'UID FETCH' ? ok(part(null, SIZE), command.tag) : undefined),
  });
  const source = await openImap(server.settings);
  const message = await whole(await first(source));
  assert.ok('raw' in message && message.raw.equals(RAW), 'octet for octet');
  assert.equal(server.commands.filter(command => command.startsWith('UID FETCH')).length, 1);
  await source.close(true);
});

test('a large message that is gone is skipped', async t => {
  const server = await testMailServer(t);
  for (let count = 0; count < 2; count += 1)
    await deliver(server, USER, 'INBOX', Buffer.alloc(8 * MB, 'x y\r\n'));
  const source = await open(t, server);
  const { entries } = await source.snapshot('INBOX', null);
  await expunge(server, '1');
  const outcomes = [];
  for await (const message of source.fetch('INBOX', entries)) outcomes.push(await whole(message));
  assert.deepEqual(
    outcomes.map(outcome => [outcome.uid, 'raw' in outcome]),
    [['2', true]],
  );
});
