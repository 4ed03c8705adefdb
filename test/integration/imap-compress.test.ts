import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openImap } from '../../functions/source/imap.ts';
import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';
import { expectFailure } from '../support/imap-failure.ts';
import { bodies, letter, settingsFor, USER, whole } from '../support/imap-source.ts';
import { testMailServer } from '../support/mail-server.ts';
import { type ScriptedCommand, scriptedImapServer } from '../support/scripted-imap-server.ts';

const MB = 1024 * 1024;
const PLUGIN = '/usr/lib/dovecot/modules/lib30_imap_zlib_plugin.so';

/** Passes a connection on and counts the octets that the server sends. */
async function countingProxy(t: TestContext, port: number) {
  let octets = 0;
  const proxy = createServer(client => {
    const server = connect(port, '127.0.0.1');
    server.on('data', chunk => {
      octets += chunk.length;
    });
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    client.pipe(server).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  const address = proxy.address();
  return { port: typeof address === 'object' && address ? address.port : 0, octets: () => octets };
}

async function withCompression(server: MailServer): Promise<void> {
  const plugins = '\nmail_plugins = zlib\nprotocol imap {\n  mail_plugins = zlib imap_zlib\n}\n';
  await appendFile(server.configFile, plugins);
  await doveadm(server, ['reload']);
  // Reloading drops connections for a moment; the new configuration holds once a session shows it.
  for (let tries = 0; tries < 100; tries += 1) {
    const source = await openImap(settingsFor(server)).catch(() => null);
    const report = await source?.report();
    await source?.close(true);
    if (report?.capabilities.includes('COMPRESS=DEFLATE')) return;
    await sleep(50);
  }
  throw new Error('Dovecot did not take its new configuration.');
}

test('mail comes deflated where that is offered and asked for', { skip: !existsSync(PLUGIN) }, async t => {
  const server = await testMailServer(t);
  await withCompression(server);
  const large = Buffer.from(`Subject: large\r\n\r\n${'the same line again and again\r\n'.repeat(200_000)}`);
  await deliver(server, USER, 'INBOX', letter('one'));
  await deliver(server, USER, 'INBOX', large);
  for (const compress of [true, false]) {
    const proxy = await countingProxy(t, server.ports.imap);
    const source = await openImap(settingsFor(server, { port: proxy.port, compress }));
    const before = proxy.octets();
    const snapshot = await source.snapshot('INBOX', null);
    const found = await bodies(source, 'INBOX', snapshot);
    assert.ok(found.get('2')?.equals(large), 'octet for octet');
    const received = proxy.octets() - before;
    if (compress) assert.ok(received < large.length / 10, `${received} octets`);
    else assert.ok(received > large.length, `${received} octets`);
    await source.close(true);
  }
});

test('a server of this machine is not asked to deflate, nor one that does not offer it', async t => {
  for (const [capabilities, compress, asked] of [
    ['COMPRESS=DEFLATE', undefined, false],
    ['COMPRESS=DEFLATE', true, true],
    ['', true, false],
  ] as const) {
    const raw = letter('one');
    const server = await scriptedImapServer(t, { capabilities, messages: [{ uid: 1, raw }] });
    const source = await openImap({ ...server.settings, ...(compress && { compress }) });
    const snapshot = await source.snapshot('INBOX', null);
    assert.deepEqual(await bodies(source, 'INBOX', snapshot), new Map([['1', raw]]));
    assert.equal(server.commands.includes('COMPRESS DEFLATE'), asked);
    await source.close(true);
  }
});

test('a server that refuses to deflate after all is read as it is', async t => {
  const server = await scriptedImapServer(t, {
    capabilities: 'COMPRESS=DEFLATE',
    answer: ({ name, tag }) => (name === 'COMPRESS' ? `${tag} NO Busy\r\n` : undefined),
  });
  const source = await openImap({ ...server.settings, compress: true });
  assert.equal((await source.snapshot('INBOX', null)).complete, true);
  assert.ok(server.commands.includes('COMPRESS DEFLATE'), 'asked');
  await source.close(true);
});

const bombs: [what: string, head: string, octets: number][] = [
  ['a line without end', '* 1 FETCH (UID 1 FLAGS (', 256 * MB],
  ['a literal of gigabytes', '* 1 FETCH (UID 1 BODY[]<0> {4000000000}\r\n', 256 * MB],
];

for (const [what, head, octets] of bombs) {
  test(`${what} that costs the server nothing ends the session, not the memory`, async t => {
    let sent = 0;
    let exploded: Promise<void> | null = null;
    const explode = async ({ send }: ScriptedCommand) => {
      await send(head);
      const zeros = Buffer.alloc(MB, 'a');
      while (sent < octets && server.sockets.size > 0) {
        await send(zeros);
        sent += MB;
      }
    };
    const server = await scriptedImapServer(t, {
      capabilities: 'COMPRESS=DEFLATE',
      messages: [{ uid: 1, raw: letter('one') }],
      answer: command => {
        if (command.name !== 'UID FETCH') return undefined;
        exploded = explode(command);
        return 'silence';
      },
    });
    const source = await openImap({ ...server.settings, compress: true });
    const peak = watchMemory(t);
    const fetching = source.fetch('INBOX', [{ uid: '1', size: 9, keywords: [] }])[Symbol.asyncIterator]();
    await assert.rejects(fetching.next(), expectFailure('protocol'));
    assert.ok(peak() < 150 * MB, `${peak()} octets more`);
    // It ends when the connection does.
    await exploded;
  });
}

test('messages that nobody asked for are dropped as they come', async t => {
  const raw = letter('one');
  const flood = async ({ send, tag }: ScriptedCommand) => {
    const junk = Buffer.concat([
      Buffer.from(`* 2 FETCH (UID 9 BODY[]<0> {${MB}}\r\n`),
      Buffer.alloc(MB),
      Buffer.from(')\r\n'),
    ]);
    for (let count = 0; count < 200; count += 1) await send(junk);
    await send(
      `* 1 FETCH (UID 1 RFC822.SIZE ${raw.length} BODY[]<0> {${raw.length}}\r\n${raw})\r\n${tag} OK\r\n`,
    );
  };
  const server = await scriptedImapServer(t, {
    capabilities: 'COMPRESS=DEFLATE',
    messages: [{ uid: 1, raw }],
    answer: command => {
      if (command.name !== 'UID FETCH') return undefined;
      void flood(command);
      return 'silence';
    },
  });
  const source = await openImap({ ...server.settings, compress: true });
  const peak = watchMemory(t);
  // In a batch, and by itself.
  for (const size of [raw.length, 1 * MB]) {
    for await (const message of source.fetch('INBOX', [{ uid: '1', size, keywords: [] }])) {
      assert.deepEqual(await whole(message), { uid: '1', raw });
    }
  }
  assert.ok(peak() < 150 * MB, `${peak()} octets more`);
  await source.close(true);
});

/** Watches how much more than now is held in buffers; what garbage is not collected yet counts too. */
function watchMemory(t: TestContext): () => number {
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  let most = 0;
  const look = () => {
    most = Math.max(most, held() - before);
  };
  const timer = setInterval(look, 5);
  t.after(() => clearInterval(timer));
  return () => {
    look();
    return most;
  };
}
