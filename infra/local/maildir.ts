import { appendFileSync, existsSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MailServer } from './mail-server.ts';
import { giveTo, type MailOwner, MailServerError, makeFolder } from './mail-server-place.ts';
import { doveadm } from './mail-server-process.ts';

/** System flags and their letters in a Maildir file name. */
const FLAG_LETTERS: Readonly<Record<string, string>> = {
  '\\Draft': 'D',
  '\\Flagged': 'F',
  '\\Answered': 'R',
  '\\Seen': 'S',
  '\\Deleted': 'T',
};

let delivered = 0;

/**
 * Puts a message straight into a mailbox of a running server, byte for byte, as if it had arrived at `date`
 * (the INTERNALDATE; now by default). A missing mailbox is made and subscribed. `flags` are IMAP flags:
 * `\Seen` and so on, and keywords. Returns the file. Throws MailServerError `user` for an unknown user, `gone`
 * when the server's mail was removed.
 */
export async function deliver(
  server: Pick<MailServer, 'maildirs' | 'owner' | 'configFile'>,
  user: string,
  mailbox: string,
  raw: Uint8Array,
  flags: readonly string[] = [],
  date: Date = new Date(),
): Promise<string> {
  const maildir = server.maildirs.get(user);
  if (!maildir) throw new MailServerError('user', `The local mail server has no user ${user}.`);
  // A server that was stopped and cleaned away must not get its folders back.
  if (!existsSync(maildir))
    throw new MailServerError('gone', `The Maildir of ${user} is not there any more.`);
  const folder = mailboxFolder(maildir, mailbox);
  if (!existsSync(join(folder, 'cur'))) {
    if (folder !== maildir)
      for (const part of ['', 'cur', 'new', 'tmp']) makeFolder(join(folder, part), 0o700, server.owner);
    writeFileSync(join(folder, 'maildirfolder'), '', { mode: 0o600 });
    giveTo(join(folder, 'maildirfolder'), server.owner);
    await doveadm(server, ['mailbox', 'subscribe', '-u', user, mailbox]);
  }
  const letters = flags.map(flag => FLAG_LETTERS[flag] ?? keywordLetter(folder, flag, server.owner));
  delivered += 1;
  // maildir(5): seconds, then what makes it unique on this host.
  const base = `${Math.floor(date.getTime() / 1000)}.M${process.hrtime.bigint()}P${process.pid}Q${delivered}.mailferry`;
  const temporary = join(folder, 'tmp', base);
  writeFileSync(temporary, raw, { mode: 0o600 });
  giveTo(temporary, server.owner);
  utimesSync(temporary, date, date);
  const path = join(folder, 'cur', `${base}:2,${letters.sort().join('')}`);
  renameSync(temporary, path);
  return path;
}

/** Maildir++: `Projects/Boat house` lives in `.Projects.Boat house`, in modified UTF-7. */
function mailboxFolder(maildir: string, mailbox: string): string {
  if (mailbox.toUpperCase() === 'INBOX') return maildir;
  return join(maildir, `.${mailbox.split('/').map(encodeMailboxName).join('.')}`);
}

/** Modified UTF-7 of mailbox names (RFC 3501 section 5.1.3). */
export function encodeMailboxName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, run => {
    if (run === '&') return '&-';
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/** The letter of a keyword, from Dovecot's `dovecot-keywords` file beside the mail; a new one is added to it. */
function keywordLetter(folder: string, keyword: string, owner: MailOwner): string {
  const file = join(folder, 'dovecot-keywords');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const known = lines.findIndex(line => line.slice(line.indexOf(' ') + 1) === keyword);
  const index = known >= 0 ? known : lines.length;
  if (index > 25) throw new MailServerError('user', 'A Maildir holds at most 26 keywords.');
  if (known < 0) {
    appendFileSync(file, `${index} ${keyword}\n`, { mode: 0o600 });
    giveTo(file, owner);
  }
  return String.fromCharCode('a'.charCodeAt(0) + index);
}
