import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ImapFlow, type StatusObject } from 'imapflow';
import { type SampleLogin, startSampleMailServer } from '../../infra/local/demo-mailboxes.ts';
import { stopMailServerOf } from '../../infra/local/mail-server.ts';
import { mailOwner, serverPlace } from '../../infra/local/mail-server-place.ts';
import { sampleMail } from '../../infra/local/sample-mail.ts';

const NOW = new Date('2026-05-06T07:08:09Z');

test('the sample mail is written once, kept afterwards, and the same login works again', async t => {
  const data = await dataFolder(t);
  const first = await startSampleMailServer(data, NOW);
  const file = join(data, 'demo', 'mail-server.json');
  const { imap, pop } = first;
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { imap, pop });
  assert.equal((await stat(file)).mode & 0o777, 0o600);

  const expected = sampleMail({ now: NOW });
  const client = await login(t, imap);
  for (const mailbox of new Set(expected.filter(each => each.account === 'imap').map(each => each.mailbox))) {
    const status = await client.status(mailbox, { messages: true });
    const there = expected.filter(each => each.account === 'imap' && each.mailbox === mailbox);
    assert.equal(messagesOf(status), there.length, mailbox);
  }
  await client.mailboxOpen('INBOX');
  assert.equal(((await client.search({ flagged: true })) || []).length, flaggedIn(expected));
  await client.messageFlagsAdd('1', ['changed-here']);
  await client.logout();
  await first.stop();

  const second = await startSampleMailServer(data);
  assert.deepEqual([second.imap, second.pop], [imap, pop]);
  const again = await login(t, second.imap);
  await again.mailboxOpen('INBOX');
  assert.deepEqual(await again.search({ keyword: 'changed-here' }), [1]);
  const maildrop = await login(t, { ...second.pop, port: second.imap.port });
  const status = await maildrop.status('INBOX', { messages: true });
  assert.equal(messagesOf(status), expected.filter(each => each.account === 'pop').length);
});

test('a port that somebody took in the meantime is replaced', async t => {
  const data = await dataFolder(t);
  const first = await startSampleMailServer(data, NOW);
  await first.stop();
  const squatter = createServer().listen(first.imap.port, '127.0.0.1');
  t.after(() => squatter.close());
  const second = await startSampleMailServer(data);
  assert.notEqual(second.imap.port, first.imap.port);
  assert.equal(second.pop.port, first.pop.port);
  await login(t, second.imap);
});

async function dataFolder(t: TestContext): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'mailferry-demo-'));
  t.after(async () => {
    const folder = join(data, 'demo');
    await stopMailServerOf(folder);
    await rm(serverPlace(folder, mailOwner()), { recursive: true, force: true });
    await rm(data, { recursive: true, force: true });
  });
  return data;
}

function messagesOf(status: StatusObject | false): number | undefined {
  return status ? status.messages : undefined;
}

function flaggedIn(mail: ReturnType<typeof sampleMail>): number {
  return mail.filter(
    each => each.account === 'imap' && each.mailbox === 'INBOX' && each.flags.includes('\\Flagged'),
  ).length;
}

async function login(t: TestContext, { host, port, username, password }: SampleLogin): Promise<ImapFlow> {
  const auth = { user: username, pass: password };
  const client = new ImapFlow({ host, port, secure: false, auth, logger: false, disableAutoIdle: true });
  client.on('error', () => {});
  t.after(() => client.close());
  await client.connect();
  return client;
}
