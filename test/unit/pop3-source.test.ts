import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { openPop3 } from '../../functions/source/pop3.ts';
import { defaultLimits, type Pop3Limits } from '../../functions/source/pop3-reader.ts';
import type {
  FailedMessage,
  FetchedMessage,
  MailSource,
  SourceEntry,
  SourceSettings,
} from '../../functions/source/source.ts';
import { atEnd, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';
import { onTheWire, type ScriptedPopOptions } from '../support/scripted-pop-server.ts';

afterEach(closeAll);

async function openSource(
  options: ScriptedPopOptions,
  changes: Partial<SourceSettings> = {},
  limits: Pop3Limits = defaultLimits,
): Promise<MailSource> {
  const server = await serve(options);
  const source = await openPop3(settingsFor(server.port, changes), limits);
  atEnd(() => source.close(false));
  return source;
}

async function fetchAll(source: MailSource, entries: readonly SourceEntry[]) {
  const fetched: (FetchedMessage | FailedMessage)[] = [];
  for await (const message of source.fetch('INBOX', entries)) {
    assert.ok(!('chunks' in message), 'a small message came in chunks');
    fetched.push(message);
  }
  return fetched;
}

/** uid -> text or error code */
function outcomes(fetched: readonly (FetchedMessage | FailedMessage)[]): Record<string, string> {
  return Object.fromEntries(
    fetched.map(message => [
      message.uid,
      'raw' in message ? message.raw.toString('latin1') : message.error.code,
    ]),
  );
}

const mail = (uidl: string, text: string) => ({ uidl, raw: Buffer.from(text, 'latin1') });
const entry = (uid: string, size: number | null = null): SourceEntry => ({ uid, size, keywords: null });
const three = [mail('a', 'one\r\n'), mail('b', 'two!\r\n'), mail('c', '.three\r\n')];

describe('a POP mailbox as a source', () => {
  it('shows one INBOX with every message in it', async () => {
    const source = await openSource({ mails: three });
    const [inbox, ...others] = await source.mailboxes();
    const snapshot = await source.snapshot('INBOX', null);
    assert.deepEqual(others, []);
    assert.deepEqual([inbox?.path, inbox?.role, inbox?.selectable], ['INBOX', 'inbox', true]);
    assert.deepEqual(inbox?.status, snapshot.status);
    assert.deepEqual([snapshot.status.uidValidity, snapshot.status.messages], ['pop', 3]);
    assert.match(snapshot.status.highestModseq ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual([snapshot.complete, snapshot.vanished], [true, []]);
    assert.deepEqual(snapshot.entries, [entry('a', 5), entry('b', 6), entry('c', 8)]);
    assert.equal(source.writer, null);
  });

  it('has a status that changes with the messages and not with their order', async () => {
    const stateOf = async (uidls: string[]) => {
      const source = await openSource({ mails: uidls.map(uidl => mail(uidl, 'x\r\n')) });
      return (await source.mailboxes())[0]?.status?.highestModseq;
    };
    const state = await stateOf(['a', 'b', 'c']);
    assert.equal(await stateOf(['c', 'a', 'b']), state);
    assert.notEqual(await stateOf(['a', 'b']), state);
    assert.notEqual(await stateOf(['a', 'b', 'd']), state);
    assert.notEqual(await stateOf(['a', 'bc']), await stateOf(['ab', 'c']));
  });

  it('fetches by unique-id, in the order asked for, and skips what is gone', async () => {
    const source = await openSource({ mails: three });
    const fetched = await fetchAll(source, [entry('c'), entry('gone'), entry('a', 999)]);
    assert.deepEqual(Object.entries(outcomes(fetched)), [
      ['c', '.three\r\n'],
      ['a', 'one\r\n'],
    ]);
  });

  it('fails the one message that the server refuses and goes on', async () => {
    const source = await openSource({
      mails: three,
      on: {
        RETR: (client, number) =>
          client.send(number === '2' ? '-ERR [SYS/TEMP] later\r\n' : '+OK\r\nbody\r\n.\r\n'),
      },
    });
    const { entries } = await source.snapshot('INBOX', null);
    assert.deepEqual(outcomes(await fetchAll(source, entries)), {
      a: 'body\r\n',
      b: 'temporary',
      c: 'body\r\n',
    });
  });

  it('does not take nothing for a message', async () => {
    const source = await openSource({ mails: three, on: { RETR: client => client.send('+OK\r\n.\r\n') } });
    const fetched = await fetchAll(source, [entry('a', 5), entry('b', null), entry('c', 0)]);
    assert.deepEqual(outcomes(fetched), { a: 'protocol', b: 'protocol', c: '' });
  });

  it('fetches no message above the limit, announced or not', async () => {
    const limits = { ...defaultLimits, message: 20 };
    const mails = [mail('big', `${'x'.repeat(40)}\r\n`), mail('small', 'ok\r\n')];
    const honest = await openSource({ mails }, {}, limits);
    const { entries } = await honest.snapshot('INBOX', null);
    assert.deepEqual(outcomes(await fetchAll(honest, entries)), { big: 'protocol', small: 'ok\r\n' });
    const lying = await openSource({ mails }, {}, limits);
    const seen: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const message of lying.fetch('INBOX', [entry('big', 1), entry('small', 4)])) {
          seen.push(message.uid);
        }
      })(),
    );
    assert.deepEqual([seen, error.code], [['big'], 'disconnected']);
  });

  it('settles in its timeout when the server hangs in the middle of a message', async () => {
    const source = await openSource(
      { mails: three, on: { RETR: client => client.send('+OK\r\nhalf a mess') } },
      { timeout: 100 },
    );
    const error = await errorOf(fetchAll(source, [entry('a')]));
    assert.equal(error.code, 'timeout');
    assert.equal((await errorOf(source.report())).code, 'disconnected');
    await source.close(true);
  });

  it('waits for a slow message as long as it moves', async () => {
    const source = await openSource(
      {
        mails: three,
        on: {
          RETR: async client => {
            await client.send('+OK\r\n');
            for (let piece = 0; piece < 5; piece += 1) {
              await sleep(300);
              await client.send(`${'piece'.repeat(120)}\r\n`);
            }
            await client.send('.\r\n');
          },
        },
      },
      { timeout: 1000 },
    );
    assert.deepEqual(outcomes(await fetchAll(source, [entry('a')])), {
      a: `${'piece'.repeat(120)}\r\n`.repeat(5),
    });
  });

  it('does not wait for a message that only drips', async () => {
    const source = await openSource(
      {
        mails: three,
        on: {
          RETR: async client => {
            await client.send('+OK\r\n');
            for (let piece = 0; piece < 200; piece += 1) {
              await sleep(30);
              await client.send('.');
            }
          },
        },
      },
      { timeout: 300 },
    );
    assert.equal((await errorOf(fetchAll(source, [entry('a')]))).code, 'timeout');
  });

  it('closes in the middle of a command', async () => {
    const source = await openSource({ mails: three, on: { RETR: () => {} } });
    const fetching = errorOf(fetchAll(source, [entry('a')]));
    await source.mailboxes();
    await source.close(false);
    assert.equal((await fetching).code, 'disconnected');
  });

  it('says goodbye when asked to, and not else', async () => {
    for (const graceful of [true, false]) {
      const server = await serve({ mails: three });
      const source = await openPop3(settingsFor(server.port));
      await source.close(graceful);
      await source.close(graceful);
      assert.equal(server.received.includes('QUIT'), graceful);
    }
  });

  it('never deletes', async () => {
    const server = await serve({ mails: three });
    const source = await openPop3(settingsFor(server.port));
    await source.mailboxes();
    await fetchAll(source, (await source.snapshot('INBOX', null)).entries);
    await source.close(true);
    assert.equal(
      server.received.some(line => line.startsWith('DELE')),
      false,
    );
  });

  it('reports what it found, also where there is no CAPA', async () => {
    const source = await openSource({ mails: three });
    const capabilities = ['TOP', 'USER', 'UIDL', 'SASL PLAIN', 'STLS'];
    assert.deepEqual(await source.report(), { capabilities, mailboxes: 1, messages: 3 });
    const old = await openSource({ mails: three, on: { CAPA: client => client.send('-ERR\r\n') } });
    assert.deepEqual(await old.report(), { capabilities: [], mailboxes: 1, messages: 3 });
  });

  it('says what is missing where there is neither UIDL nor TOP, and waits where they are refused for now', async () => {
    const without = await openSource({
      mails: three,
      on: { UIDL: client => client.send('-ERR\r\n'), TOP: client => client.send('-ERR\r\n') },
    });
    const error = await errorOf(without.mailboxes());
    assert.equal(error.code, 'protocol');
    assert.match(error.message, /UIDL nor TOP/);
    const busy = await openSource({ on: { UIDL: client => client.send('-ERR [SYS/TEMP] x\r\n') } });
    assert.equal((await errorOf(busy.mailboxes())).code, 'temporary');
  });

  it('refuses a listing that is none, and mailboxes that POP cannot have', async () => {
    const source = await openSource({ on: { UIDL: client => client.send('+OK\r\n<html>\r\n.\r\n') } });
    assert.equal((await errorOf(source.mailboxes())).code, 'protocol');
    assert.equal((await errorOf(source.snapshot('Sent', null))).code, 'protocol');
  });

  it('keeps unique-ids apart that differ in bytes beyond ASCII', async () => {
    const listing = Buffer.from('+OK\r\n1 x\xe9\r\n2 x\xe8\r\n3 x\r\n.\r\n', 'latin1');
    const source = await openSource({ mails: three, on: { UIDL: client => client.send(listing) } });
    const { entries } = await source.snapshot('INBOX', null);
    assert.deepEqual(
      entries.map(({ uid }) => uid),
      ['x\xe9', 'x\xe8', 'x'],
    );
  });

  it('loses no message to unique-ids that are repeated or missing', async () => {
    const bodies = ['first\r\n', 'another\r\n', 'third one\r\n', 'same\r\n', 'sam2\r\n', 'no id\r\n'];
    const source = await openSource({
      mails: bodies.map(body => mail('', body)),
      on: { UIDL: client => client.send('+OK\r\n1 twin\r\n2 twin\r\n3 own\r\n4 all\r\n5 all\r\n.\r\n') },
    });
    const { entries, status } = await source.snapshot('INBOX', null);
    assert.equal(status.messages, 6);
    assert.equal(new Set(entries.map(({ uid }) => uid)).size, 6);
    const fetched = outcomes(await fetchAll(source, entries));
    assert.deepEqual(Object.values(fetched), bodies);
    assert.equal(fetched.own, 'third one\r\n');
  });

  it('names a repeated unique-id so that a new message behind it is new', async () => {
    const uidsOf = async (...texts: string[]) => {
      const source = await openSource({ mails: texts.map(text => mail('twin', text)) });
      return (await source.snapshot('INBOX', null)).entries.map(({ uid }) => uid);
    };
    const before = await uidsOf('first\r\n', 'second one\r\n');
    const after = await uidsOf('second one\r\n', 'the third one\r\n');
    assert.deepEqual(
      after.filter(uid => before.includes(uid)),
      [before[1]],
    );
  });

  it('fetches any bytes through any packets', async () => {
    const byte = fc.oneof(fc.constantFrom(0x0d, 0x0a, 0x2e), fc.integer({ min: 0, max: 255 }));
    const body = fc
      .array(byte, { minLength: 1, maxLength: 40 })
      .map(bytes => Buffer.from([...bytes, 13, 10]));
    let whole = Buffer.alloc(0);
    let cuts: number[] = [];
    const source = await openSource({
      mails: three,
      on: { RETR: client => client.sendCut(whole, cuts) },
    });
    await fc.assert(
      fc.asyncProperty(body, fc.array(fc.nat(60), { maxLength: 8 }), async (raw, places) => {
        whole = Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(raw)]);
        cuts = places;
        assert.deepEqual(await fetchAll(source, [entry('a')]), [{ uid: 'a', raw }]);
      }),
      { numRuns: 150 },
    );
  });
});
