import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { emailIdOf, receivedAtOf } from '../../functions/mime/identity.ts';
import { summarize } from '../../functions/mime/parse.ts';
import { threadIdOf } from '../../functions/mime/thread.ts';

const at = (header: string) => summarize(Buffer.from(`${header}\r\n\r\nbody`)).receivedAt;

test('an identity is the time and the checksum of the octets', () => {
  const raw = Buffer.from('Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nbody');
  const { emailId, sha256, receivedAt } = summarize(raw);
  assert.equal(sha256, createHash('sha256').update(raw).digest('hex'));
  assert.equal(receivedAt, Date.UTC(2026, 10, 23, 10));
  assert.match(emailId, /^e[0-9a-v]{29}$/);
  assert.equal(receivedAtOf(emailId), receivedAt);
  // Pinned: a change of this would make every stored message a new one.
  assert.equal(emailIdOf(1_795_428_000_000, 'f'.repeat(64)), 'e1k83ti880vvvvvvvvvvvvvvvvvvvv');
  assert.deepEqual(summarize(raw, sha256), summarize(raw));
});

test('the topmost Received counts, then Date, then nothing', () => {
  const sent = 'Date: Mon, 23 Nov 2026 09:00:00 +0000';
  const received = 'Received: by b (x; y);\r\n Mon, 23 Nov 2026 11:00:00 +0100 (CET; z)';
  const older = 'Received: by a; Mon, 23 Nov 2026 09:30:00 +0000';
  assert.equal(at(`${sent}\r\n${received}\r\n${older}`), Date.UTC(2026, 10, 23, 10));
  assert.equal(at(`Received: by b with nonsense\r\n${sent}`), Date.UTC(2026, 10, 23, 9));
  assert.equal(at('Subject: x'), 0);
  assert.equal(at('Date: soon'), 0);
});

test('times are clamped to [0, 2^42) ms', () => {
  assert.equal(at('Date: 1 Jan 1960 00:00:00 +0000'), 0);
  assert.equal(at('Date: 1 Jan 9999 00:00:00 +0000'), 2 ** 42 - 1);
});

test('any octets have an identity, always the same one, that knows its time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), octets => {
      const first = summarize(octets);
      assert.deepEqual(summarize(Buffer.from(octets)), first);
      assert.equal(receivedAtOf(first.emailId), first.receivedAt);
      assert.ok(first.receivedAt >= 0 && first.receivedAt < 2 ** 42);
    }),
  );
});

test('ASCII order of ids is the order of time', () => {
  const date = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const message = fc.tuple(date, fc.integer());
  fc.assert(
    fc.property(message, message, (a, b) => {
      const [first, second] = [a, b].map(([seconds, salt]) =>
        summarize(Buffer.from(`Date: ${new Date(seconds * 1000).toUTCString()}\n\n${salt}`)),
      );
      assert.ok(first && second);
      assert.equal(first.receivedAt, a[0] * 1000);
      if (first.receivedAt !== second.receivedAt) {
        assert.equal(first.emailId < second.emailId, first.receivedAt < second.receivedAt);
      }
    }),
  );
});

test('a thread is the hash of its root', () => {
  const hints = { references: null, inReplyTo: null, messageId: null, emailId: 'e1' };
  const root = threadIdOf({ ...hints, messageId: ['root@x'] });
  assert.match(root, /^t[0-9a-v]{24}$/);
  assert.equal(threadIdOf({ ...hints, messageId: ['b@x'], inReplyTo: [' <root@x> '] }), root);
  assert.equal(
    threadIdOf({ ...hints, messageId: ['c@x'], inReplyTo: ['b@x'], references: ['root@x', 'b@x'] }),
    root,
  );
  assert.notEqual(threadIdOf(hints), threadIdOf({ ...hints, emailId: 'e2' }));
  assert.equal(threadIdOf({ ...hints, messageId: [''] }), threadIdOf(hints));
});
