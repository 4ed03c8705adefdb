import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { SourceError } from '../../functions/source/errors.ts';
import { openPop3 } from '../../functions/source/pop3.ts';
import { createExchange } from '../../functions/source/pop3-exchange.ts';
import { defaultLimits } from '../../functions/source/pop3-reader.ts';
import type { LargeMessage, MailSource, SourceEntry, SourceSettings } from '../../functions/source/source.ts';
import { atEnd, bytesOf, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';
import { onTheWire, type PopClient, type ScriptedPopOptions } from '../support/scripted-pop-server.ts';

/** Large messages, and messages asked for ahead: the same bytes whichever way they come. */

afterEach(closeAll);

/** A source that gives messages of ten octets and more in chunks. */
async function openSource(
  options: ScriptedPopOptions,
  changes: Partial<SourceSettings> = {},
  limits = { ...defaultLimits, chunkedFrom: 10 },
): Promise<MailSource> {
  const server = await serve(options);
  const source = await openPop3(settingsFor(server.port, changes), limits);
  atEnd(() => source.close(false));
  return source;
}

const mail = (uidl: string, text: string) => ({ uidl, raw: Buffer.from(text, 'latin1') });
const entry = (uid: string, size: number | null = null): SourceEntry => ({ uid, size, keywords: null });
const head = Buffer.from('+OK\r\n');

/** The next message, which has to be a large one. */
async function large(messages: AsyncIterable<unknown>): Promise<LargeMessage> {
  for await (const message of { [Symbol.asyncIterator]: () => keepOpen(messages) }) {
    assert.ok(typeof message === 'object' && message !== null && 'chunks' in message, 'it is not in chunks');
    return message as LargeMessage;
  }
  assert.fail('there is no message');
}

/** Without `return`: leaving the loop does not end the fetching. */
function keepOpen<T>(messages: AsyncIterable<T>): AsyncIterator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  return { next: () => iterator.next() };
}

const raw = Buffer.from('.S: caf\xe9\r\n\r\n.dot\r\n..\r\n\xff\0bare\nlf\rcr\r\n.\n\r\nend\r\n', 'latin1');

describe('large POP messages', () => {
  it('come in chunks, in their turn, and small ones between them whole', async () => {
    const texts = ['small\r\n', 'large and large\r\n', 'tiny\r\n', '0123456\r\n', '01234567\r\n'];
    for (const pipelining of [false, true]) {
      const mails = texts.map((text, n) => mail(`${n}`, text));
      const source = await openSource({ mails, pipelining });
      const { entries } = await source.snapshot('INBOX', null);
      const seen: [string, boolean][] = [];
      for await (const message of source.fetch('INBOX', entries)) {
        seen.push([(await bytesOf(message)).toString(), 'chunks' in message]);
      }
      const isLarge = [false, true, false, false, true];
      assert.deepEqual(
        seen,
        texts.map((text, n) => [text, isLarge[n]]),
      );
    }
  });

  it('end where the terminator ends, however it is split', async () => {
    const whole = Buffer.concat([head, onTheWire(raw)]);
    let cuts: number[] = [];
    const source = await openSource({
      mails: [mail('a', '')],
      on: { RETR: client => client.sendCut(whole, cuts) },
    });
    for (let cut = 1; cut < whole.length; cut += 1) {
      cuts = [cut];
      for await (const message of source.fetch('INBOX', [entry('a')])) {
        assert.deepEqual(await bytesOf(message), raw, `cut at ${cut}`);
      }
    }
    cuts = [...whole.keys()];
    for await (const message of source.fetch('INBOX', [entry('a')])) {
      assert.deepEqual(await bytesOf(message), raw);
    }
  });

  for (const how of ['end', 'destroy'] as const) {
    it(`fail when the connection is lost in the middle of them (${how})`, async () => {
      const source = await openSource({
        mails: [mail('a', '')],
        on: {
          RETR: async client => {
            await client.sendCut(Buffer.concat([head, Buffer.alloc(100_000, 'half a mess')]), []);
            client[how]();
          },
        },
      });
      const messages = source.fetch('INBOX', [entry('a')]);
      const error = await errorOf((async () => bytesOf(await large(messages)))());
      assert.equal(error.code, 'disconnected');
      assert.equal((await errorOf(source.report())).code, 'disconnected');
    });
  }

  it('fail when they stop coming, and not while their reader is busy', async () => {
    const line = Buffer.alloc(1000, `${'x'.repeat(98)}\r\n`);
    const source = await openSource(
      {
        mails: [mail('a', '')],
        on: { RETR: client => client.send(Buffer.concat([head, ...new Array<Buffer>(5000).fill(line)])) },
      },
      { timeout: 150 },
    );
    const { chunks } = await large(source.fetch('INBOX', [entry('a')]));
    let octets = 0;
    let isFirst = true;
    const error = await errorOf(
      (async () => {
        for await (const chunk of chunks) {
          octets += chunk.length;
          if (isFirst) await sleep(400);
          isFirst = false;
        }
      })(),
    );
    assert.deepEqual([octets, error.code], [5_000_000, 'timeout']);
  });

  it('end the session when their reader stops early, or never begins', async () => {
    for (const begins of [true, false]) {
      const mails = [mail('a', 'large enough\r\n'.repeat(20_000)), mail('b', 'b\r\n')];
      const source = await openSource({ mails });
      const messages = keepOpen(source.fetch('INBOX', [entry('a'), entry('b')]));
      const { value } = await messages.next();
      assert.ok(value !== undefined && 'chunks' in value, 'it is not in chunks');
      if (begins) for await (const _ of value.chunks) break;
      const error = await errorOf(Promise.resolve(messages.next()));
      assert.equal(error.code, 'disconnected');
      await source.close(true);
    }
  });

  it('fail above the limit as the one message that they are', async () => {
    const limits = { ...defaultLimits, chunkedFrom: 10, message: 100_000 };
    const mails = [mail('a', 'large enough\r\n'.repeat(20_000))];
    const source = await openSource({ mails }, {}, limits);
    const error = await errorOf(
      (async () => bytesOf(await large(source.fetch('INBOX', [entry('a', 10)]))))(),
    );
    assert.equal(error.code, 'protocol');
    assert.equal((await errorOf(source.report())).code, 'disconnected');
  });

  it('wait in the network, not in memory, for a reader that is slow', { timeout: 120_000 }, async () => {
    const piece = onTheWire(Buffer.alloc(76 * 20_000, `${'.x'.repeat(37)}\r\n`)).subarray(0, -3);
    const count = 33;
    let sent = 0;
    const source = await openSource(
      {
        mails: [mail('a', '')],
        on: {
          RETR: async client => {
            await client.send(head);
            for (; sent < count; sent += 1) await client.send(piece);
            await client.send('.\r\n');
          },
        },
      },
      {},
      defaultLimits,
    );
    const { chunks } = await large(source.fetch('INBOX', [entry('a', 1)]));
    const reader = chunks[Symbol.asyncIterator]();
    await reader.next();
    await sleep(300);
    let octets = 0;
    let ahead = 0;
    for (let next = await reader.next(); !next.done; next = await reader.next()) {
      octets += next.value.length;
      ahead = Math.max(ahead, sent * piece.length - octets);
    }
    assert.ok(octets > 45_000_000, `${octets} octets`);
    // The buffers of the system and what the message began with, of 50 MB.
    assert.ok(ahead < 25_000_000, `${ahead} octets were taken ahead of the reader`);
  });
});

describe('POP messages asked for ahead', () => {
  const texts = Array.from(
    { length: 60 },
    (_, n) => `${n}`.repeat(n % 9) + (n % 7 === 0 ? '\r\n.\r\n' : '\r\n'),
  );
  const mails = texts.map((text, n) => mail(`${n}`, text));

  it('come in order, none twice and none left out', async () => {
    const server = await serve({ mails, pipelining: true });
    const source = await openPop3(settingsFor(server.port));
    const { entries } = await source.snapshot('INBOX', null);
    const got: string[] = [];
    for await (const message of source.fetch('INBOX', entries)) got.push((await bytesOf(message)).toString());
    assert.deepEqual(got, texts);
    assert.ok(server.overlaps.length > 10, 'it never asked ahead');
    await source.close(true);
  });

  it('are asked for one by one where the server does not say that it can', async () => {
    const server = await serve({ mails });
    const source = await openPop3(settingsFor(server.port));
    const { entries } = await source.snapshot('INBOX', null);
    for await (const _ of source.fetch('INBOX', entries)) {
    }
    assert.deepEqual(server.overlaps, []);
    await source.close(true);
  });

  it('fail one by one when some are refused', async () => {
    const source = await openSource({
      mails,
      pipelining: true,
      on: {
        RETR: (client, number) =>
          client.send(Number(number) % 3 === 0 ? '-ERR no\r\n' : `+OK\r\n${number}\r\n.\r\n`),
      },
    });
    const { entries } = await source.snapshot('INBOX', null);
    const got: string[] = [];
    for await (const message of source.fetch('INBOX', entries)) {
      got.push('error' in message ? message.error.code : (await bytesOf(message)).toString().trim());
    }
    const expected = texts.map((_, n) => ((n + 1) % 3 === 0 ? 'refused' : `${n + 1}`));
    assert.deepEqual(got, expected);
  });

  it('are given as far as they came before the connection was lost', async () => {
    const source = await openSource({
      mails,
      pipelining: true,
      on: {
        RETR: async (client, number) => {
          if (number === '5') return client.end();
          await client.send(`+OK\r\n${number}\r\n.\r\n`);
        },
      },
    });
    const entries = ['0', '1', '2', '3', '4', '5'].map(uid => entry(uid));
    const got: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const message of source.fetch('INBOX', entries)) got.push(message.uid);
      })(),
    );
    assert.deepEqual([got, error.code], [['0', '1', '2', '3'], 'disconnected']);
  });

  it('leave the session usable when nobody wants the rest', async () => {
    for (const pipelining of [false, true]) {
      const server = await serve({ mails, pipelining });
      const source = await openPop3(settingsFor(server.port));
      const { entries } = await source.snapshot('INBOX', null);
      for await (const _ of source.fetch('INBOX', entries)) break;
      assert.equal((await source.report()).messages, 60);
      for await (const message of source.fetch('INBOX', entries.slice(9, 10))) {
        assert.equal((await bytesOf(message)).toString(), texts[9]);
      }
      const asked = server.received.filter(line => line.startsWith('RETR')).length;
      assert.ok(asked <= (pipelining ? 18 : 3), `${asked} messages were asked for`);
      await source.close(true);
    }
  });

  it('are not believed when one ends at a dot that the server did not escape', async () => {
    for (const pipelining of [false, true]) {
      const source = await openSource({
        mails,
        pipelining,
        on: {
          RETR: (client, number) =>
            client.send(number === '2' ? '+OK\r\nbefore\r\n.\r\nbehind it\r\n.\r\n' : '+OK\r\nok\r\n.\r\n'),
        },
      });
      const got: string[] = [];
      const error = await errorOf(
        (async () => {
          for await (const message of source.fetch(
            'INBOX',
            ['0', '1', '2'].map(uid => entry(uid)),
          )) {
            got.push('error' in message ? message.error.code : message.uid);
          }
        })(),
      );
      assert.deepEqual([got, error.code], [['0', 'protocol'], 'disconnected']);
    }
  });
});

describe('a POP answer that nobody asked for', () => {
  const mails = ['a', 'b', 'c'].map(uidl => mail(uidl, `${uidl}\r\n`));

  /** What a session gives of three messages, and how it ends, when the server answers RETR 1 with this. */
  async function outcomes(
    first: readonly string[],
    pipelining: boolean,
    size: number | null = null,
  ): Promise<string[]> {
    const RETR = async (client: PopClient, number: string): Promise<void> => {
      if (number !== '1') return client.send(`+OK\r\n${number}\r\n.\r\n`);
      for (const packet of first) await client.sendCut(Buffer.from(packet), []);
    };
    const source = await openSource({ mails, pipelining, on: { RETR } });
    const got: string[] = [];
    try {
      for await (const message of source.fetch(
        'INBOX',
        ['a', 'b', 'c'].map(uid => entry(uid, size)),
      )) {
        got.push('error' in message ? message.error.code : (await bytesOf(message)).toString().trim());
      }
    } catch (error) {
      got.push(error instanceof SourceError ? error.code : String(error));
    }
    return got;
  }

  it('is never the answer to a command that was not sent yet', async () => {
    const forged = '+OK\r\n1\r\n.\r\n+OK\r\nforged\r\n.\r\n';
    assert.deepEqual(await outcomes([forged], false), ['1', 'disconnected']);
  });

  it('is not held against the message behind it', async () => {
    for (const pipelining of [false, true]) {
      const cut = ['+OK\r\n1\r\n.\r\n', 'what a dot cut off\r\n.\r\n'];
      assert.deepEqual(await outcomes(cut, pipelining), ['1', 'disconnected']);
    }
    assert.deepEqual(await outcomes(['-ERR no\r\nmore words\r\n'], false), ['refused', 'disconnected']);
  });

  it('shows that a message, small or large, was cut off at a dot: LIST tells of more', async () => {
    for (const text of ['1', 'large enough']) {
      for (const pipelining of [false, true]) {
        const first = [`+OK\r\n${text}\r\n.\r\n`, 'what a dot cut off\r\n.\r\n'];
        assert.deepEqual(await outcomes(first, pipelining, 40), ['disconnected']);
        // Only a size that is wrong.
        assert.deepEqual(await outcomes(first.slice(0, 1), pipelining, 40), [text, '2', '3']);
      }
    }
  });

  it('has a message that is far shorter than LIST says asked for once more', async () => {
    for (const texts of [
      ['cut', 'x'.repeat(2_000)],
      ['a', 'a'],
    ]) {
      const answers = [...texts];
      const RETR = (client: PopClient) => client.send(`+OK\r\n${answers.shift()}\r\n.\r\n`);
      const source = await openSource({ mails: mails.slice(0, 1), on: { RETR } }, {}, defaultLimits);
      const got: string[] = [];
      for await (const message of source.fetch('INBOX', [entry('a', 2_002)])) {
        got.push((await bytesOf(message)).toString().trim());
      }
      assert.deepEqual(got, texts.slice(1), 'what comes twice is what the server has');
      assert.deepEqual(answers, []);
    }
  });

  it('is held against a message that has only that', async () => {
    assert.deepEqual(await outcomes(['garbage\r\n'], false), ['protocol', 'disconnected']);
  });
});

describe('any POP message', () => {
  it('is the same bytes through any packets, small or large, ahead or not', {
    timeout: 120_000,
  }, async () => {
    const byte = fc.oneof(fc.constantFrom(0x0d, 0x0a, 0x2e), fc.integer({ min: 0, max: 255 }));
    const body = fc
      .array(byte, { minLength: 1, maxLength: 40 })
      .map(bytes => Buffer.from([...bytes, 13, 10]));
    for (const pipelining of [false, true]) {
      let bodies: Buffer[] = [];
      let cuts: number[] = [];
      let unsent: Buffer[] = [];
      const source = await openSource({
        mails: [mail('1', ''), mail('2', ''), mail('3', '')],
        pipelining,
        on: {
          RETR: async (client, number) => {
            unsent.push(head, onTheWire(bodies[Number(number) - 1] ?? Buffer.alloc(0)));
            // Ahead: several answers in the same packets.
            if (pipelining && number !== '3') return;
            const whole = Buffer.concat(unsent);
            unsent = [];
            await client.sendCut(whole, cuts);
          },
        },
      });
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(body, body, body),
          fc.array(fc.nat(150), { maxLength: 10 }),
          async (raws, places) => {
            bodies = raws;
            cuts = places;
            const got: Buffer[] = [];
            const entries = ['1', '2', '3'].map(uid => entry(uid));
            for await (const message of source.fetch('INBOX', entries)) got.push(await bytesOf(message));
            assert.deepEqual(got, raws);
          },
        ),
        { numRuns: 120 },
      );
    }
  });
});

describe('an answer that comes octet by octet', () => {
  it('is held in few pieces, whole and in order', () => {
    const exchange = createExchange(
      'message',
      { ...defaultLimits, chunkedFrom: 1000 },
      async function* () {},
    );
    exchange.push(head);
    const sent: Buffer[] = [];
    const taken: Buffer[] = [];
    for (let i = 0; i < 200_000; i += 1) {
      const octets = Buffer.alloc(i % 20_000 === 19_999 ? 5_000 : 1, i % 251 || 1);
      sent.push(Buffer.from(octets));
      exchange.push(octets);
      if (i === 100_000) taken.push(...exchange.takePieces());
    }
    taken.push(...exchange.takePieces());
    assert.ok(taken.length < 300, `${taken.length} pieces`);
    assert.ok(Buffer.concat(taken).equals(Buffer.concat(sent)), 'octet for octet');
  });

  it('is the same whatever the sizes of its packets', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, 2, 3, 4_095, 4_096, 9_000), { maxLength: 150 }), sizes => {
        const exchange = createExchange('listing', defaultLimits, async function* () {});
        exchange.push(head);
        const sent = sizes.map((size, i) => Buffer.alloc(size, 100 + (i % 100)));
        for (const octets of sent) exchange.push(Buffer.from(octets));
        exchange.push(Buffer.from('\r\n.\r\n'));
        const whole = Buffer.concat([...sent, Buffer.from('\r\n')]);
        assert.ok(exchange.reply()?.body?.equals(whole), 'octet for octet');
      }),
      { numRuns: 60 },
    );
  });
});
