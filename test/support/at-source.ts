import { once } from 'node:events';
import { connect } from 'node:net';
import { ImapFlow } from 'imapflow';
import type { SampleLogin } from '../../infra/local/demo-mailboxes.ts';

/** Every message of an IMAP account as Dovecot sends it, read by a client that shares nothing with ours but imapflow. */
export async function overImap({ host, port, username, password }: SampleLogin): Promise<Buffer[]> {
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
export async function overPop({ host, port, username, password }: SampleLogin): Promise<Buffer[]> {
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
