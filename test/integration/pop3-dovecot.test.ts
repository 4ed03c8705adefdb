import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { ImapFlow } from 'imapflow';
import { openPop3 } from '../../functions/source/pop3.ts';
import type { MailSource, Security, SourceSettings } from '../../functions/source/source.ts';
import { deliver, type MailServer } from '../../infra/local/mail-server.ts';
import { TEST_USER, testMailServer } from '../support/mail-server.ts';
import { errorOf } from '../support/pop-sessions.ts';

/** What POP can carry as it is: every line ends in CRLF. */
const messages: Readonly<Record<string, Buffer>> = {
  plain: Buffer.from('Subject: plain\r\n\r\nHello\r\n'),
  dots: Buffer.from('Subject: dots\r\n\r\n.\r\n..\r\n.leading\r\nend.\r\n.\r\n'),
  eightBit: Buffer.from('Subject: caf\xe9\r\n\r\n\xff\xfe\x80 na\xefve\r\n', 'latin1'),
  headerOnly: Buffer.from('Subject: header only\r\n'),
  emptyLines: Buffer.from('Subject: empty lines\r\n\r\n\r\n\r\n'),
  large: Buffer.alloc(12_000_000, 'Subject: large\r\n.and dotted, with some more text in the line\r\n\r\n'),
};
// A message has to end where a line does.
messages.large?.write('\r\n', 12_000_000 - 2);

function settingsFor(server: MailServer, security: Security): SourceSettings {
  const { pop, pops } = server.ports;
  return {
    protocol: 'pop',
    host: 'localhost',
    port: security === 'tls' ? (pops ?? 0) : pop,
    security,
    username: TEST_USER.name,
    password: TEST_USER.password,
    allowPrivateHosts: ['localhost'],
    timeout: 20_000,
    ...(server.certificate === null ? {} : { ca: server.certificate }),
  };
}

async function drain(source: MailSource): Promise<Buffer[]> {
  const { entries } = await source.snapshot('INBOX', null);
  const raws: Buffer[] = [];
  for await (const message of source.fetch('INBOX', entries)) {
    assert.ok(!('error' in message), 'a message failed');
    raws.push('chunks' in message ? await buffer(message.chunks) : message.raw);
  }
  return raws;
}

/** The same mailbox over IMAP. */
async function overImap(server: MailServer): Promise<Buffer[]> {
  const { host, ports } = server;
  const auth = { user: TEST_USER.name, pass: TEST_USER.password };
  const client = new ImapFlow({
    host,
    port: ports.imap,
    secure: false,
    doSTARTTLS: false,
    logger: false,
    auth,
  });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  const raws: Buffer[] = [];
  for await (const { source } of client.fetch('1:*', { source: true })) raws.push(source ?? Buffer.alloc(0));
  await client.logout();
  return raws;
}

function sorted(raws: readonly Buffer[]): string[] {
  return raws.map(raw => raw.toString('base64')).sort();
}

describe('POP from Dovecot', () => {
  for (const security of ['none', 'starttls', 'tls'] as const) {
    it(`fetches every message byte for byte (${security})`, async t => {
      const server = await testMailServer(t, { tls: true });
      for (const raw of Object.values(messages)) await deliver(server, TEST_USER.name, 'INBOX', raw);
      const source = await openPop3(settingsFor(server, security));
      const report = await source.report();
      const raws = await drain(source);
      await source.close(true);
      assert.deepEqual([report.mailboxes, report.messages], [1, 6]);
      assert.ok(report.capabilities.includes('UIDL'));
      assert.ok(sorted(raws).every((raw, index) => raw === sorted(Object.values(messages))[index]));
      const imap = sorted(await overImap(server));
      assert.ok(sorted(raws).every((raw, index) => raw === imap[index]));
    });
  }

  it('keeps bare CR and NUL; bare LF is CRLF to Dovecot, over POP as over IMAP', async t => {
    const server = await testMailServer(t);
    const raw = Buffer.from('Subject: odd\r\n\r\nbare\nlf\n.\nbare\rcr \0 nul\r\n');
    await deliver(server, TEST_USER.name, 'INBOX', raw);
    const source = await openPop3(settingsFor(server, 'none'));
    const raws = await drain(source);
    await source.close(true);
    const sent = 'Subject: odd\r\n\r\nbare\r\nlf\r\n.\r\nbare\rcr \0 nul\r\n';
    assert.deepEqual(raws, [Buffer.from(sent)]);
    // IMAP cannot carry NUL in a literal (RFC 9051 section 9): Dovecot sends 0x80 there instead.
    assert.deepEqual(await overImap(server), [Buffer.from(sent.replace('\0', '\x80'), 'latin1')]);
  });

  it('keeps the CRLF that POP puts behind a message which ends within a line', async t => {
    const server = await testMailServer(t);
    await deliver(server, TEST_USER.name, 'INBOX', Buffer.from('Subject: cut\r\n\r\nhere'));
    const source = await openPop3(settingsFor(server, 'none'));
    const raws = await drain(source);
    await source.close(true);
    assert.deepEqual(raws, [Buffer.from('Subject: cut\r\n\r\nhere\r\n')]);
  });

  it('sees what arrives between two sessions, keeps names, and leaves everything on the server', async t => {
    const server = await testMailServer(t);
    const look = async () => {
      const source = await openPop3(settingsFor(server, 'none'));
      const snapshot = await source.snapshot('INBOX', null);
      await drain(source);
      await source.close(true);
      return { state: snapshot.status.highestModseq, uids: snapshot.entries.map(({ uid }) => uid) };
    };
    const empty = await look();
    await deliver(server, TEST_USER.name, 'INBOX', Buffer.from('Subject: 1\r\n\r\n'));
    const one = await look();
    assert.deepEqual(await look(), one);
    await deliver(server, TEST_USER.name, 'INBOX', Buffer.from('Subject: 2\r\n\r\n'));
    const two = await look();
    assert.deepEqual([empty.uids.length, one.uids.length, two.uids.length], [0, 1, 2]);
    assert.equal(two.uids.includes(one.uids[0] ?? ''), true);
    assert.equal(new Set([empty.state, one.state, two.state]).size, 3);
  });

  it('deletes what it is told to, and nothing else', async t => {
    const server = await testMailServer(t);
    for (let n = 0; n < 40; n += 1) {
      await deliver(server, TEST_USER.name, 'INBOX', Buffer.from(`Subject: ${n}\r\n\r\n`));
    }
    const look = async () => {
      const source = await openPop3(settingsFor(server, 'none'));
      const { entries } = await source.snapshot('INBOX', null);
      return { source, uids: entries.map(({ uid }) => uid) };
    };
    const { source, uids } = await look();
    assert.ok((await source.report()).capabilities.includes('PIPELINING'), 'Dovecot offers PIPELINING');
    const doomed = uids.filter((_, n) => n % 2 === 0);
    assert.deepEqual(await source.remover?.remove('INBOX', [...doomed, 'not-there']), doomed);
    await source.close(true);
    const after = await look();
    assert.deepEqual(
      after.uids,
      uids.filter((_, n) => n % 2 === 1),
    );
    assert.equal((await drain(after.source)).length, 20);
    await after.source.close(true);
  });

  it('gives a message of 50 MB in chunks, byte for byte', { timeout: 120_000 }, async t => {
    const server = await testMailServer(t, { tls: true });
    const raw = Buffer.alloc(
      50_000_000,
      'Subject: large\r\n.and dotted, with some more text in the line\r\n\r\n',
    );
    raw.write('\r\n', raw.length - 2);
    await deliver(server, TEST_USER.name, 'INBOX', raw);
    await deliver(server, TEST_USER.name, 'INBOX', messages.plain ?? Buffer.alloc(0));
    for (const security of ['none', 'tls'] as const) {
      const source = await openPop3(settingsFor(server, security));
      const { entries } = await source.snapshot('INBOX', null);
      const sums: string[] = [];
      for await (const message of source.fetch('INBOX', entries)) {
        assert.ok(!('error' in message), 'a message failed');
        const hash = createHash('sha256');
        if ('raw' in message) hash.update(message.raw);
        else for await (const chunk of message.chunks) hash.update(chunk);
        sums.push(hash.digest('hex'));
      }
      await source.close(true);
      const expected = [raw, messages.plain ?? ''].map(bytes =>
        createHash('sha256').update(bytes).digest('hex'),
      );
      assert.deepEqual(sums.sort(), expected.sort());
    }
  });

  it('says what is wrong with a login', async t => {
    const server = await testMailServer(t);
    const error = await errorOf(openPop3({ ...settingsFor(server, 'none'), password: 'wrong' }));
    assert.equal(error.code, 'authentication');
    assert.match(error.message, /^localhost refused the user name or the password/);
    const noTls = await errorOf(openPop3(settingsFor(server, 'starttls')));
    assert.equal(noTls.code, 'tls');
  });
});
