import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { SourceError } from '../../functions/source/errors.ts';
import { openPop3 } from '../../functions/source/pop3.ts';
import { defaultLimits } from '../../functions/source/pop3-reader.ts';
import { settingsFor } from '../support/pop-sessions.ts';

/** Servers that answer anything at all. */

/** What is sent for each line that comes in, and what becomes of the connection then. */
interface Turn {
  bytes: Buffer;
  after: 'stay' | 'end' | 'destroy';
}

const TIMEOUT = 60;
/** Far more than the time-outs of a few commands one after the other, on a machine that has other things to do. */
const HUNG = 20_000;

let server: Server;
let script: readonly Turn[] = [];
const open = new Set<Socket>();

before(async () => {
  server = createServer({ noDelay: true }, socket => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    let next = 0;
    const answer = () => {
      const turn = script[next];
      next += 1;
      if (turn === undefined || socket.destroyed || socket.writableEnded) return;
      socket.write(turn.bytes);
      if (turn.after === 'end') socket.end();
      if (turn.after === 'destroy') socket.resetAndDestroy();
    };
    answer();
    socket.on('data', chunk => {
      for (const byte of chunk) if (byte === 10) answer();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  for (const socket of open) socket.destroy();
  await new Promise(resolve => server.close(resolve));
});

const fragment = fc.oneof(
  fc.constantFrom(
    '+OK',
    '+OK 2 20',
    '+OK\r\n',
    '-ERR',
    '-ERR [IN-USE] x\r\n',
    '+ ',
    '+\r\n',
    '\r\n',
    '.',
    '\r\n.\r\n',
  ),
  fc.constantFrom(
    '1 a\r\n',
    '2 b\r\n',
    '2 a\r\n',
    '1 10\r\n',
    'USER\r\n',
    'PIPELINING\r\n',
    'SASL PLAIN\r\n',
    'STLS\r\n',
  ),
  fc.constantFrom(
    '\r',
    '\n',
    '\0',
    '..',
    '* OK IMAP\r\n',
    '\x16\x03\x01',
    '99999999999999999999 x\r\n',
    '-1 a\r\n',
  ),
  fc.string({ maxLength: 6 }),
);
const bytes = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fragment, { maxLength: 8 }).map(parts => Buffer.from(parts.join(''), 'latin1')),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map(octets => Buffer.from(octets)) },
);
const good = fc.constantFrom(
  '+OK\r\n',
  '+OK 2 20\r\n',
  '+OK\r\n1 a\r\n2 b\r\n.\r\n',
  '+OK\r\n1 10\r\n2 10\r\n.\r\n',
);
const turn = fc.record({
  bytes: fc.oneof(
    { weight: 5, arbitrary: good.map(text => Buffer.from(text)) },
    { weight: 2, arbitrary: bytes },
  ),
  after: fc.constantFrom(
    'stay' as const,
    'stay' as const,
    'stay' as const,
    'stay' as const,
    'end' as const,
    'destroy' as const,
  ),
});
/** Half of the conversations get as far as the maildrop. */
const login = ['+OK\r\n', '-ERR\r\n', '+OK\r\n', '+OK\r\n'].map(
  (text): Turn => ({ bytes: Buffer.from(text), after: 'stay' }),
);
const conversation = fc
  .tuple(fc.boolean(), fc.array(turn, { maxLength: 14 }))
  .map(([isIn, turns]) => [...(isIn ? login : []), ...turns]);

/** Waits for the end of a step; any failure but a SourceError is thrown. */
async function settled(step: Promise<unknown>): Promise<unknown> {
  const timer = new AbortController();
  const hung = sleep(HUNG, null, { signal: timer.signal }).then(
    () => assert.fail('it hangs'),
    () => null,
  );
  try {
    return await Promise.race([step, hung]);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return null;
  } finally {
    timer.abort();
  }
}

async function converse(): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const settings = settingsFor(port, { timeout: TIMEOUT, host: '127.0.0.1' });
  let source: Awaited<ReturnType<typeof openPop3>> | null = null;
  await settled(
    openPop3(settings, { ...defaultLimits, listing: 4_000, message: 4_000, chunkedFrom: 12 }).then(made => {
      source = made;
    }),
  );
  const made = source as Awaited<ReturnType<typeof openPop3>> | null;
  if (made === null) return;
  await settled(made.snapshot('INBOX', null));
  const entries = ['a', 'b'].map(uid => ({ uid, size: 10, keywords: null }));
  const fetch = async () => {
    for await (const message of made.fetch('INBOX', entries)) {
      if (!('chunks' in message)) continue;
      for await (const chunk of message.chunks) assert.ok(chunk.length > 0, 'no empty chunks');
    }
  };
  await settled(fetch());
  await settled(made.remover?.remove('INBOX', ['a']) ?? Promise.resolve());
  await settled(made.report());
  await settled(made.close(true));
}

test('whatever a POP server sends, each step ends, and fails with nothing but a SourceError', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async turns => {
      script = turns;
      await converse();
      for (const socket of open) socket.destroy();
    }),
    { numRuns: 120, endOnFailure: true },
  );
});
