import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { openPop3 } from '../../functions/source/pop3.ts';
import { headerName } from '../../functions/source/pop3-header-names.ts';
import { defaultLimits } from '../../functions/source/pop3-reader.ts';
import type { MailSource } from '../../functions/source/source.ts';
import { atEnd, bytesOf, closeAll, errorOf, serve, settingsFor } from '../support/pop-sessions.ts';
import { onTheWire, type PopAnswer, type ScriptedPopOptions } from '../support/scripted-pop-server.ts';

/** Servers without UIDL, and servers that lie. */

afterEach(closeAll);

async function openSource(options: ScriptedPopOptions, limits = defaultLimits): Promise<MailSource> {
  const server = await serve(options);
  const source = await openPop3(settingsFor(server.port), limits);
  atEnd(() => source.close(false));
  return source;
}

const mail = (text: string) => ({ uidl: 'unused', raw: Buffer.from(text, 'latin1') });
const refused: Readonly<Record<string, PopAnswer>> = { UIDL: client => client.send('-ERR unknown\r\n') };

async function namesOf(texts: readonly string[], options: ScriptedPopOptions = {}): Promise<string[]> {
  const source = await openSource({ mails: texts.map(mail), ...options, on: { ...refused, ...options.on } });
  const { entries } = await source.snapshot('INBOX', null);
  await source.close(true);
  return entries.map(({ uid }) => uid);
}

const one = 'Subject: one\r\nX: caf\xe9\r\n\r\nbody\r\n';
const two = 'Subject: two\r\n\r\nbody\r\n';
const three = 'Subject: three\r\n\r\n.\r\n';

describe('POP messages of a server without UIDL', () => {
  it('have names that last, whatever their order and their neighbours', async () => {
    const names = await namesOf([one, two, three]);
    assert.equal(new Set(names).size, 3);
    assert.deepEqual(await namesOf([three, one]), [names[2], names[0]]);
    assert.deepEqual(await namesOf([one, two, three], { pipelining: true }), names);
    const [other] = await namesOf([one.replace('one', 'uno')]);
    assert.equal(names.includes(other ?? ''), false);
  });

  it('keep their names when the server notes something in them', async () => {
    const [name] = await namesOf([one]);
    const noted = one.replace(
      'X: ',
      'Status: RO\r\nX-UID: 7\r\nX-Keywords: a\r\n b\r\nX-Status: A\r\ncontent-length: 6\r\nX-UIDL: 1\r\nX: ',
    );
    assert.deepEqual(await namesOf([noted]), [name]);
    assert.notDeepEqual(await namesOf([one.replace('X: ', 'X-Other: 1\r\nX: ')]), [name]);
  });

  it('are fetched by those names, and deleted by them', async () => {
    const server = await serve({ mails: [one, two].map(mail), on: refused });
    const source = await openPop3(settingsFor(server.port));
    const { entries, status } = await source.snapshot('INBOX', null);
    assert.deepEqual(
      [status.messages, entries.map(({ size }) => size)],
      [2, [Buffer.byteLength(one, 'latin1'), two.length]],
    );
    for await (const message of source.fetch('INBOX', entries.slice(1))) {
      assert.equal((await bytesOf(message)).toString(), two);
    }
    await source.mailboxes();
    assert.equal(server.received.filter(line => line.startsWith('TOP')).length, 2, 'asked once a session');
    const uid = entries[1]?.uid ?? '';
    assert.deepEqual(await source.remover?.remove('INBOX', [uid]), [uid]);
  });

  it('are told apart by what stands around them where their headers are the same', async () => {
    const texts = ['A: b\r\n\r\n1\r\n', 'A: b\r\n\r\nlonger\r\n', 'A: b\r\n\r\n2\r\n'];
    const source = await openSource({ mails: texts.map(mail), on: refused });
    const { entries } = await source.snapshot('INBOX', null);
    assert.equal(new Set(entries.map(({ uid }) => uid)).size, 3);
    const got: string[] = [];
    for await (const message of source.fetch('INBOX', entries)) got.push((await bytesOf(message)).toString());
    assert.deepEqual(got, texts);
    const gone = await source.remover?.remove(
      'INBOX',
      entries.map(({ uid }) => uid),
    );
    assert.deepEqual(gone, [entries[1]?.uid], 'the two alike are not told apart surely enough');
  });

  it('have a name from the header alone when the server sends all of them', async () => {
    const long = `${one}${'more\r\n'.repeat(5000)}`;
    const whole = Buffer.concat([Buffer.from('+OK\r\n'), onTheWire(Buffer.from(long, 'latin1'))]);
    const limits = { ...defaultLimits, chunkedFrom: 1000 };
    const names = async (options: ScriptedPopOptions) => {
      const source = await openSource(
        { mails: [mail(long)], ...options, on: { ...refused, ...options.on } },
        limits,
      );
      return (await source.snapshot('INBOX', null)).entries;
    };
    assert.deepEqual(await names({ on: { TOP: client => client.send(whole) } }), await names({}));
  });

  it('are all there when TOP fails for one of them', async () => {
    const source = await openSource({
      mails: [one, two].map(mail),
      on: {
        ...refused,
        TOP: (client, argument) =>
          client.send(argument.startsWith('1') ? '-ERR no\r\n' : '+OK\r\nA: b\r\n\r\n.\r\n'),
      },
    });
    const { entries } = await source.snapshot('INBOX', null);
    assert.equal(new Set(entries.map(({ uid }) => uid)).size, 2);
  });

  it('wait when TOP is refused for now', async () => {
    const TOP: PopAnswer = client => client.send('-ERR [SYS/TEMP] x\r\n');
    const source = await openSource({ mails: [mail(one)], on: { ...refused, TOP } });
    assert.equal((await errorOf(source.mailboxes())).code, 'temporary');
  });

  it('have a name without a size where LIST gives none', () => {
    const name = headerName(Buffer.from('A: b\r\n\r\n'), null);
    assert.match(name, /^TOP [0-9a-f]{64}$/);
    assert.equal(headerName(Buffer.from('A: b'), null), name);
  });
});

describe('a POP server that lies', () => {
  const texts = ['first\r\n', 'second one\r\n', 'third\r\n'];
  const mails = texts.map((text, n) => ({ uidl: `id${n}`, raw: Buffer.from(text) }));

  /** Everything that can be had of a server, by name. */
  async function drain(
    on: Readonly<Record<string, PopAnswer>>,
    pipelining = false,
  ): Promise<{ sizes: (number | null)[]; got: string[] }> {
    const source = await openSource({ mails, pipelining, on });
    const { entries } = await source.snapshot('INBOX', null);
    const got: string[] = [];
    for await (const message of source.fetch('INBOX', entries)) {
      got.push('error' in message ? message.error.code : (await bytesOf(message)).toString());
    }
    return { sizes: entries.map(({ size }) => size), got };
  }

  it('about sizes is not believed', async () => {
    for (const [listed, sizes] of [
      ['1 1\r\n2 2\r\n3 3\r\n', [1, 2, 3]],
      ['1 99999\r\n2 3000000000\r\n3 7\r\n', [99_999, 3_000_000_000, 7]],
      [`1 ${2n ** 60n}\r\n2 ${'9'.repeat(400)}\r\n3 -5\r\n`, [null, null, null]],
      ['1\r\n2 x\r\n3 0x10\r\n', [null, null, 0]],
      ['', [null, null, null]],
    ] as const) {
      for (const pipelining of [false, true]) {
        const found = await drain({ LIST: client => client.send(`+OK\r\n${listed}.\r\n`) }, pipelining);
        assert.deepEqual(found.sizes, sizes);
        // Only what is announced beyond the limit is not asked for.
        const big = sizes.some(size => (size ?? 0) > defaultLimits.message);
        assert.deepEqual(
          [...found.got].sort(),
          (big ? ['first\r\n', 'protocol', 'third\r\n'] : texts).toSorted(),
        );
      }
    }
  });

  it('about the number of messages hides none', async () => {
    for (const count of [0, 2, 3, 4, 999_999_999]) {
      const { got } = await drain({ STAT: client => client.send(`+OK ${count} 1\r\n`) });
      assert.deepEqual(got, texts, `STAT ${count}`);
    }
  });

  it('about unique-ids hides none', async () => {
    for (const listed of [
      '1 id0\r\n1 id0\r\n2 id1\r\n3 id2\r\n3 id2\r\n',
      '1 id0\r\n2 id0\r\n3 id0\r\n',
      '3 id2\r\n1 id0\r\n',
      '1 id0\r\n1 other\r\n2 id1\r\n3 id1\r\n',
      '1\r\n2 \r\n3 id2\r\n',
      '',
    ]) {
      const { got } = await drain({ UIDL: client => client.send(`+OK\r\n${listed}.\r\n`) });
      assert.deepEqual(got.toSorted(), texts.toSorted(), JSON.stringify(listed));
    }
  });

  it('about messages that are not there fails those and no other', async () => {
    const { got } = await drain({
      UIDL: client => client.send('+OK\r\n1 id0\r\n2 id1\r\n3 id2\r\n9 id9\r\n0 id\r\n.\r\n'),
    });
    assert.deepEqual(got, ['refused', ...texts, 'refused']);
  });

  it('about what it answers is found out', async () => {
    for (const STAT of ['+OK', '+OK many', '+OK -1 0', 'OK 3 1', '']) {
      const source = await openSource({ mails, on: { STAT: client => client.send(`${STAT}\r\n`) } });
      assert.equal((await errorOf(source.mailboxes())).code, 'protocol', STAT);
    }
  });

  it('about the end of a message does not keep us for ever', async () => {
    const limits = { ...defaultLimits, message: 50_000 };
    const endless = Buffer.alloc(200_000, 'endless\r\n');
    for (const pipelining of [false, true]) {
      const source = await openSource(
        {
          mails,
          pipelining,
          on: { RETR: client => client.send(Buffer.concat([Buffer.from('+OK\r\n'), endless])) },
        },
        limits,
      );
      const { entries } = await source.snapshot('INBOX', null);
      const got: string[] = [];
      const error = await errorOf(
        (async () => {
          for await (const message of source.fetch('INBOX', entries)) {
            got.push('error' in message ? message.error.code : 'a message');
          }
        })(),
      );
      assert.deepEqual([got, error.code], [['protocol'], 'disconnected']);
    }
  });
});

describe('POP unique-ids', () => {
  it('of more messages than there is memory for are refused before they are read', async () => {
    const lines = `+OK\r\n${'1 a\r\n'.repeat(1_000_001)}.\r\n`;
    const source = await openSource({ mails: [mail(one)], on: { UIDL: client => client.send(lines) } });
    const error = await errorOf(source.snapshot('INBOX', null));
    assert.deepEqual([error.code, /more messages than/.test(error.message)], ['protocol', true]);
  });

  const listing = (ids: readonly string[]): PopAnswer => {
    const lines = ids.map((id, i) => `${i + 1} ${id}\r\n`).join('');
    return client => client.send(`+OK\r\n${lines}.\r\n`);
  };

  it('of any length give names that are short, last and differ', async () => {
    const ids = ['x'.repeat(70), 'y'.repeat(5_000), `${'y'.repeat(5_000)}z`];
    const names = await namesOf([one, two, three], { on: { UIDL: listing(ids) } });
    assert.equal(new Set(names).size, 3);
    assert.equal(names[0], ids[0]);
    assert.ok(
      names.every(name => name.length < 300),
      'a name is written into rows',
    );
    assert.deepEqual(await namesOf([two, three], { on: { UIDL: listing(ids.slice(1)) } }), names.slice(1));
  });

  it('that look like the names of repeated ones hide no message', async () => {
    const size = Buffer.byteLength(two);
    for (const ids of [
      ['x', 'x', `x ${size}.1`],
      [`x ${size}.1`, 'x', 'x'],
    ]) {
      const names = await namesOf([two, two, two], { on: { UIDL: listing(ids) } });
      assert.equal(new Set(names).size, 3, `${names}`);
    }
  });
});
