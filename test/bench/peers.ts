import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { findProgram, mailOwner, makeFolder } from '../../infra/local/mail-server-place.ts';
import { type Cost, measureProgram } from './measure.ts';

/** The tools that people use today, and the bare socket as the limit of all of them. */

export interface Login {
  port: number;
  username: string;
  password: string;
}

/** A tool that brings a mailbox up to date each time it is called. */
export type Peer = () => Promise<Cost>;

/** mbsync (isync) between IMAP and a Maildir, both ways, which is its default and ours; null when it is not installed. */
export function mbsync(folder: string, { port, username, password }: Login): Peer | null {
  const program = findProgram('mbsync');
  if (!program) return null;
  const mail = join(folder, 'mbsync');
  mkdirSync(mail, { recursive: true });
  const config = join(folder, 'mbsyncrc');
  const lines = [
    ...['IMAPAccount far', 'Host 127.0.0.1', `Port ${port}`, `User ${username}`, `Pass "${password}"`],
    ...['SSLType None', 'AuthMechs LOGIN', '', 'IMAPStore far', 'Account far', ''],
    ...['MaildirStore near', `Path ${mail}/`, `Inbox ${mail}/INBOX`, 'SubFolders Verbatim', ''],
    ...[
      'Channel all',
      'Far :far:',
      'Near :near:',
      'Patterns *',
      'Create Near',
      'Sync All',
      'SyncState *',
      '',
    ],
  ];
  writeFileSync(config, lines.join('\n'), { mode: 0o600 });
  return () => measureProgram(program, ['-q', '-c', config, 'all']);
}

/** getmail6 from POP into a Maildir, leaving all at the server; null when it is not installed. */
export function getmail(folder: string, { port, username, password }: Login): Peer | null {
  const program = findProgram('getmail');
  if (!program) return null;
  const mail = join(folder, 'getmail');
  const owner = mailOwner();
  for (const part of ['', 'cur', 'new', 'tmp']) makeFolder(join(mail, part), 0o700, owner);
  // It refuses to deliver as root.
  const asOwner = owner.uid === userInfo().uid ? [] : ['user = nobody'];
  const lines = [
    ...['[retriever]', 'type = SimplePOP3Retriever', 'server = 127.0.0.1', `port = ${port}`],
    ...[`username = ${username}`, `password = ${password}`],
    ...['[destination]', 'type = Maildir', `path = ${mail}/`, ...asOwner],
    ...['[options]', 'read_all = false', 'delete = false', 'verbose = 0', ''],
  ];
  writeFileSync(join(folder, 'getmailrc'), lines.join('\n'), { mode: 0o600 });
  return () => measureProgram(program, [`--getmaildir=${folder}`, '--rcfile=getmailrc'], { HOME: folder });
}

/** Seconds in which the socket gives every octet of an IMAP mailbox, with nothing done to them. */
export function drainImap({ port, username, password }: Login): Promise<number> {
  const commands = [
    `a LOGIN ${username} "${password}"`,
    'b EXAMINE INBOX',
    'c UID FETCH 1:* BODY.PEEK[]',
    'd LOGOUT',
  ];
  return drain(port, commands, 'd OK');
}

/** The same over POP, all commands sent at once (RFC 2449 section 6.6). */
export function drainPop({ port, username, password }: Login, messages: number): Promise<number> {
  const retrieve = Array.from({ length: messages }, (_, i) => `RETR ${i + 1}`);
  return drain(port, [`USER ${username}`, `PASS ${password}`, ...retrieve, 'QUIT'], 'Logging out.');
}

/** Sends all commands and reads until the connection ends. Throws Error when the last words are others. */
function drain(port: number, commands: readonly string[], lastWords: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = createConnection({ host: '127.0.0.1', port });
    let tail = '';
    socket.on('data', chunk => {
      tail = (tail + chunk.subarray(-200).toString('latin1')).slice(-400);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (tail.includes(lastWords)) resolve((performance.now() - startedAt) / 1000);
      else reject(new Error('The server did not come to the end of a plain drain.'));
    });
    socket.write(commands.map(command => `${command}\r\n`).join(''));
  });
}
