import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import type { SampleLogin } from '../../infra/local/demo-mailboxes.ts';
import { type LocalCloud, startLocalCloud } from '../support/local-cloud.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Every message of an IMAP account as Dovecot sends it, read by a client that shares nothing with ours but imapflow. */
async function overImap({ host, port, username, password }: SampleLogin): Promise<Buffer[]> {
  const auth = { user: username, pass: password };
  const client = new ImapFlow({ host, port, auth, secure: false, doSTARTTLS: false, logger: false });
  await client.connect();
  const found: Buffer[] = [];
  for (const mailbox of await client.list()) {
    if (mailbox.flags.has('\\Noselect') || mailbox.flags.has('\\NonExistent')) continue;
    const opened = await client.mailboxOpen(mailbox.path, { readOnly: true });
    if (opened.exists === 0) continue;
    for await (const message of client.fetch('1:*', { source: true }))
      found.push(message.source ?? Buffer.of());
  }
  await client.logout();
  return found;
}

/** Every message of a POP account, by the plainest client there is: read all, split at CRLF.CRLF, unstuff dots. */
async function overPop({ host, port, username, password }: SampleLogin): Promise<Buffer[]> {
  const socket = connect(port, host);
  let unread = Buffer.alloc(0);
  const until = async (end: string): Promise<Buffer> => {
    while (!unread.includes(end)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      unread = Buffer.concat([unread, chunk]);
    }
    const at = unread.indexOf(end) + end.length;
    const answer = unread.subarray(0, at);
    unread = unread.subarray(at);
    return answer;
  };
  const say = async (line: string) => {
    socket.write(`${line}\r\n`);
    return (await until('\r\n')).toString();
  };
  await until('\r\n');
  await say(`USER ${username}`);
  await say(`PASS ${password}`);
  const count = Number((await say('STAT')).split(' ')[1]);
  const found: Buffer[] = [];
  for (let n = 1; n <= count; n++) {
    await say(`RETR ${n}`);
    const stuffed = `\r\n${(await until('\r\n.\r\n')).toString('latin1').slice(0, -3)}`;
    found.push(Buffer.from(stuffed.replaceAll('\r\n..', '\r\n.').slice(2), 'latin1'));
  }
  await say('QUIT');
  socket.destroy();
  return found;
}

describe('the API hands out', () => {
  let cloud: LocalCloud;
  before(async () => {
    cloud = await startLocalCloud();
  });
  after(() => cloud.remove());

  const request = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${cloud.demo().token}`, 'content-type': 'application/json' };
    return fetch(new URL(path, cloud.url), { ...init, headers });
  };

  /** Downloads every message of an account, found by Email/query and Email/get as another JMAP client would. */
  async function overJmap(protocol: string): Promise<Buffer[]> {
    const session = await (await request('/.well-known/jmap')).json();
    const using = [...Object.keys(session.capabilities)];
    const call = async (...methodCalls: unknown[]) => {
      const answer = await request(session.apiUrl, {
        method: 'POST',
        body: JSON.stringify({ using, methodCalls }),
      });
      return (await answer.json()).methodResponses;
    };
    const [[, { list: accounts }]] = await call(['MailAccount/get', {}, '0']);
    const accountId = accounts.find((account: { protocol: string }) => account.protocol === protocol).id;
    const ids = { resultOf: '0', name: 'Email/query', path: '/ids' };
    const [, [, { list }]] = await call(
      ['Email/query', { accountId, limit: 500 }, '0'],
      ['Email/get', { accountId, '#ids': ids, properties: ['blobId', 'size'] }, '1'],
    );
    const found: Buffer[] = [];
    for (const { blobId, size } of list) {
      const path = session.downloadUrl
        .replace('{accountId}', accountId)
        .replace('{blobId}', blobId)
        .replace('{name}', 'message.eml')
        .replace('{type}', encodeURIComponent('message/rfc822'));
      const bytes = Buffer.from(await (await request(path)).arrayBuffer());
      assert.equal(bytes.length, size, 'the size is that of the bytes');
      found.push(bytes);
    }
    return found;
  }

  for (const [protocol, atSource] of [
    ['imap', overImap],
    ['pop', overPop],
  ] as const) {
    test(`each message of the ${protocol} account, byte for byte as Dovecot holds it`, async () => {
      const expected = await atSource(cloud.demo().mail[protocol]);
      const found = await overJmap(protocol);
      assert.deepEqual([...new Set(found.map(sha256))].sort(), [...new Set(expected.map(sha256))].sort());
      assert.equal(found.length, new Set(expected.map(sha256)).size, 'each Email once');
      const has = (what: string, test: (text: string) => boolean) =>
        assert.ok(
          found.some(bytes => test(bytes.toString('latin1'))),
          `${protocol} has ${what}`,
        );
      has('8-bit bytes', text => /[\x80-\xff]/.test(text));
      has('a line that begins with a dot', text => text.includes('\r\n.'));
      if (protocol === 'imap') has('12 MB', text => text.length > 12_000_000);
    });
  }
});
