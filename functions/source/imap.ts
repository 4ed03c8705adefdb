import { connectImap } from './imap-connect.ts';
import { fetchMessages } from './imap-fetch.ts';
import { messageHints } from './imap-hints.ts';
import { listMailboxes } from './imap-mailboxes.ts';
import { imapRemover } from './imap-remove.ts';
import type { ImapSession } from './imap-session.ts';
import { newestEntry, takeSnapshot } from './imap-snapshot.ts';
import { imapWriter } from './imap-write.ts';
import type { MailSource, SourceReport, SourceSettings } from './source.ts';

/** Longest wait for the answer to LOGOUT, in milliseconds: nothing depends on it. */
const LOGOUT_WAIT = 3_000;

/**
 * Opens an IMAP account (RFC 9051, RFC 3501) by imapflow: connects to the checked address, sets up TLS as the
 * settings demand, and logs in (see `connectImap`).
 *
 * Messages with \Deleted are listed, marked as such, until they are expunged. A mailbox outside the user's
 * personal namespace is only seen when the server lists it there.
 *
 * @throws SourceError of any code; its message never holds the password or the token
 */
export async function openImap(settings: SourceSettings): Promise<MailSource> {
  const session = await connectImap(settings);
  return {
    protocol: 'imap',
    mailboxes: () => listMailboxes(session),
    snapshot: (path, since) => takeSnapshot(session, path, since),
    fetch: (path, entries) => fetchMessages(session, path, entries),
    newest: () => newestEntry(session, 'INBOX'),
    report: () => report(session),
    writer: imapWriter(session),
    remover: imapRemover(session),
    hints: (path, uids) => messageHints(session, path, uids),
    close: graceful => close(session, graceful),
  };
}

async function report(session: ImapSession): Promise<SourceReport> {
  const mailboxes = await listMailboxes(session);
  return {
    capabilities: [...session.client.capabilities.keys()].map(name => name.toUpperCase()).sort(),
    mailboxes: mailboxes.filter(({ selectable }) => selectable).length,
    messages: mailboxes.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0),
  };
}

async function close({ client, settings }: ImapSession, graceful: boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    if (!graceful || !client.usable) return;
    const waited = new Promise<void>(resolve => {
      timer = setTimeout(resolve, Math.min(LOGOUT_WAIT, settings.timeout));
    });
    await Promise.race([client.logout(), waited]);
  } catch {
    // The connection is given up either way.
  } finally {
    clearTimeout(timer);
    client.close();
  }
}
