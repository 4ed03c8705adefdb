import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  createReplyReader,
  defaultLimits,
  mayBeAnswer,
  type ReplyKind,
  type Status,
} from '../../functions/source/pop3-reader.ts';
import { onTheWire } from '../support/scripted-pop-server.ts';

/** Reads one answer that arrives in packets ending at these offsets; null when it is never whole. */
function read(
  bytes: Buffer,
  cuts: readonly number[],
  kind: ReplyKind = 'message',
): (Status & { body: Buffer }) | null {
  const reader = createReplyReader(kind, defaultLimits);
  const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
  const pieces: Buffer[] = [];
  let start = 0;
  for (const end of ends) {
    // A copy: the reader changes what it is given.
    const result = reader.push(Buffer.from(bytes.subarray(start, end)));
    assert.ok(result.state !== 'fault', 'a good answer was refused');
    pieces.push(...result.pieces);
    if (result.state === 'done') {
      assert.equal(end, bytes.length, 'the answer ended before its terminator');
      assert.equal(result.rest.length, 0);
      return { ...result.status, body: Buffer.concat(pieces) };
    }
    start = end;
  }
  return null;
}

function answerOf(raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from('+OK 42 octets\r\n'), onTheWire(raw)]);
}

/** What RFC 1939 can carry: lines that end in CRLF. */
function asLines(raw: Buffer): Buffer {
  return raw.length === 0 || raw.subarray(-2).equals(Buffer.from('\r\n'))
    ? raw
    : Buffer.concat([raw, Buffer.from('\r\n')]);
}

const tricky = Buffer.from(
  '.leading\r\n..two\r\n.\n.\r.\r\n\r\n.\r\n\n.\r\n\0nul \xff\xfe 8-bit\r\nbare\nlf bare\rcr\r\r\n.. \r\n\r\n',
  'latin1',
);

describe('reading POP answers', () => {
  it('gives the same bytes wherever the answer is cut in two', () => {
    const bytes = answerOf(tricky);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      assert.deepEqual(read(bytes, [cut])?.body, asLines(tricky), `cut at ${cut}`);
    }
  });

  it('gives the same bytes when every byte is a packet of its own', () => {
    const bytes = answerOf(tricky);
    assert.deepEqual(read(bytes, [...bytes.keys()].slice(1))?.body, asLines(tricky));
  });

  it('takes a packet that is exactly a dot, or a dot and CRLF, for what it is in its place', () => {
    const raw = Buffer.from('one\r\n.\r\ntwo\r\n');
    const bytes = answerOf(raw); // …one CRLF ..CRLF two CRLF .CRLF
    const stuffed = bytes.indexOf('..\r\n');
    assert.deepEqual(read(bytes, [stuffed, stuffed + 1, stuffed + 4])?.body, raw);
    assert.deepEqual(read(bytes, [stuffed + 1, stuffed + 4, bytes.length - 3])?.body, raw);
    assert.deepEqual(read(bytes, [bytes.length - 3, bytes.length - 2])?.body, raw);
  });

  it('knows an empty message', () => {
    assert.deepEqual(read(Buffer.from('+OK\r\n.\r\n'), [])?.body, Buffer.alloc(0));
    assert.deepEqual(read(Buffer.from('+OK\r\n.\r\n'), [5, 6, 7])?.body, Buffer.alloc(0));
  });

  it('does not end a message at a lone dot between bare line feeds', () => {
    for (const ending of ['\n.\r\n', '\r\n.\n', '\n.\n', '\r.\r']) {
      assert.equal(read(Buffer.from(`+OK\r\nbody${ending}`), []), null, JSON.stringify(ending));
    }
  });

  it('reads no body after -ERR, whatever was asked', () => {
    const refused = { sign: 'error', text: '[IN-USE] no', body: Buffer.alloc(0) };
    assert.deepEqual(read(Buffer.from('-ERR [IN-USE] no\r\n'), [3, 9]), refused);
  });

  it('knows a challenge only where one may come', () => {
    for (const [line, text] of [
      ['+ \r\n', ''],
      ['+\r\n', ''],
      ['+ eyJ9\r\n', 'eyJ9'],
    ] as const) {
      const status = read(Buffer.from(line), [1], 'sasl');
      assert.deepEqual([status?.sign, status?.text], ['challenge', text]);
      assert.equal(createReplyReader('line', defaultLimits).push(Buffer.from(line)).state, 'fault');
    }
    assert.equal(read(Buffer.from('+OK in\r\n'), [1, 2], 'sasl')?.sign, 'ok');
  });

  it('tells what may follow an answer from what a message left behind', () => {
    for (const bytes of ['', '+', '+OK', '-ERR x', '-']) assert.equal(mayBeAnswer(Buffer.from(bytes)), true);
    for (const bytes of ['. ', 'text', '\r\n', '+x']) assert.equal(mayBeAnswer(Buffer.from(bytes)), false);
  });

  it('hands back what came after the answer', () => {
    const result = createReplyReader('line', defaultLimits).push(Buffer.from('+OK\r\n+OK forged\r\n'));
    assert.equal(result.state === 'done' ? result.rest.toString() : null, '+OK forged\r\n');
  });

  it('names what is no answer at the first byte that shows it', () => {
    const faultOf = (bytes: Buffer | string) => {
      const result = createReplyReader('line', { ...defaultLimits, statusLine: 20 }).push(Buffer.from(bytes));
      return result.state === 'fault' ? result.fault : result.state;
    };
    assert.equal(faultOf('* OK IMAP4rev1 ready'), 'not-pop');
    assert.equal(faultOf('H'), 'not-pop');
    assert.equal(faultOf('+O'), 'more');
    assert.equal(faultOf(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])), 'tls');
    assert.equal(faultOf(`+OK ${'x'.repeat(40)}`), 'status-too-long');
    assert.equal(faultOf(`+OK ${'x'.repeat(40)}\r\n`), 'status-too-long');
  });

  it('takes a message up to the limit and none beyond', () => {
    const limits = { ...defaultLimits, message: 10 };
    const push = (body: string) =>
      createReplyReader('message', limits).push(Buffer.from(`+OK\r\n${body}\r\n.\r\n`)).state;
    assert.equal(push('12345678'), 'done');
    assert.equal(push('123456789'), 'fault');
    const endless = createReplyReader('message', limits);
    assert.equal(endless.push(Buffer.from('+OK\r\n12345678')).state, 'more');
    assert.equal(endless.push(Buffer.from('12345678')).state, 'fault');
  });

  it('gives back any bytes from any packets', () => {
    // Mostly the bytes that matter, so that terminators and stuffing occur in odd places.
    const byte = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(0x0d, 0x0a, 0x2e) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    );
    const body = fc.array(byte, { maxLength: 60 }).map(bytes => Buffer.from(bytes));
    fc.assert(
      fc.property(body, fc.array(fc.nat(90), { maxLength: 20 }), (raw, cuts) => {
        const bytes = answerOf(raw);
        const inside = cuts.filter(cut => cut > 0 && cut < bytes.length);
        assert.deepEqual(read(bytes, inside)?.body, asLines(raw));
      }),
      { numRuns: 5000 },
    );
  });
});
