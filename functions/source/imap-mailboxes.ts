import type { ListResponse, StatusObject } from 'imapflow';
import { type ImapSession, openMailbox } from './imap-session.ts';
import type { MailboxRole, MailboxStatus, SourceMailbox } from './source.ts';

const STATUS_QUERY = { messages: true, uidNext: true, uidValidity: true, highestModseq: true };

/**
 * Roles (RFC 8621 section 2) by the attributes of RFC 6154. imapflow gives each attribute to one mailbox, by
 * SPECIAL-USE and else by names that are usual in many languages.
 */
const ROLES: Readonly<Record<string, MailboxRole>> = {
  '\\Inbox': 'inbox',
  '\\Archive': 'archive',
  '\\Drafts': 'drafts',
  '\\Junk': 'junk',
  '\\Sent': 'sent',
  '\\Trash': 'trash',
  '\\All': 'all',
  '\\Flagged': 'flagged',
};

/** Every mailbox, subscribed or not, with its status: LIST with STATUS (RFC 5819), else STATUS one by one. */
export async function listMailboxes(session: ImapSession): Promise<SourceMailbox[]> {
  const { client, validities } = session;
  const listed = await session.run('list the folders', () => client.list({ statusQuery: STATUS_QUERY }));
  const mailboxes: SourceMailbox[] = [];
  const seen = new Set<string>();
  for (const entry of session.accept('list the folders', listed)) {
    if (seen.has(entry.path)) continue;
    seen.add(entry.path);
    const selectable = isSelectable(entry);
    const status = selectable ? await statusOf(session, entry) : null;
    if (status) validities.set(entry.path, status.uidValidity);
    mailboxes.push(toMailbox(entry, selectable, status));
  }
  return withParents(mailboxes, listed);
}

function toMailbox(entry: ListResponse, selectable: boolean, status: MailboxStatus | null): SourceMailbox {
  const inbox = entry.path.toUpperCase() === 'INBOX';
  return {
    path: entry.path,
    name: entry.name.replace(/\p{Cc}/gu, ' ') || entry.path,
    parentPath: entry.parentPath || null,
    delimiter: entry.delimiter || null,
    role: inbox ? 'inbox' : selectable ? (ROLES[entry.specialUse ?? ''] ?? null) : null,
    subscribed: entry.subscribed === true,
    selectable,
    status,
  };
}

/** The status that came with LIST, or asked for by itself; null when the server refuses to tell. */
async function statusOf(session: ImapSession, entry: ListResponse): Promise<MailboxStatus | null> {
  const inline = toStatus(entry.status);
  if (inline) return inline;
  const asked = await session.run('count the messages', async () => {
    try {
      return await session.client.status(entry.path, STATUS_QUERY);
    } catch (error) {
      // NotFound: it was deleted since LIST. Anything else is a lost connection.
      if (session.client.usable) return null;
      throw error;
    }
  });
  if (!asked && !session.client.usable) session.accept('count the messages', false);
  return toStatus(asked || undefined);
}

function toStatus(found: StatusObject | undefined): MailboxStatus | null {
  if (!found?.uidValidity || found.messages === undefined || found.uidNext === undefined) return null;
  return {
    uidValidity: found.uidValidity.toString(),
    uidNext: found.uidNext,
    messages: found.messages,
    highestModseq: modseq(found.highestModseq),
  };
}

/** HIGHESTMODSEQ as a string; 0 means that the mailbox keeps none (RFC 7162 section 3.1.2.2). */
function modseq(value: bigint | undefined): string | null {
  return value ? value.toString() : null;
}

/**
 * Selects a mailbox afresh and gives the status that holds at that moment, with whether its mod-sequences can
 * be asked for changes.
 */
export async function selectStatus(
  session: ImapSession,
  path: string,
): Promise<{ status: MailboxStatus; condstore: boolean; qresync: boolean }> {
  const { client } = session;
  const mailbox = await openMailbox(session, path, { fresh: true });
  // Copied at once: imapflow moves these on with every later answer.
  const { uidValidity, exists, highestModseq, noModseq } = mailbox;
  let { uidNext } = mailbox;
  if (!uidNext) {
    const asked = await session.run('count the messages', () => client.status(path, { uidNext: true }));
    uidNext = asked ? (asked.uidNext ?? 0) : 0;
  }
  const keepsModseq = !noModseq && client.enabled.has('CONDSTORE');
  return {
    status: {
      uidValidity: uidValidity.toString(),
      uidNext,
      messages: exists,
      highestModseq: noModseq ? null : modseq(highestModseq),
    },
    condstore: keepsModseq,
    qresync: keepsModseq && client.enabled.has('QRESYNC'),
  };
}

/** A name with a line break can be listed, as a literal, but not be asked for. */
function isSelectable({ flags, path }: ListResponse): boolean {
  const lower = [...flags].map(flag => flag.toLowerCase());
  return !lower.includes('\\noselect') && !lower.includes('\\nonexistent') && !/[\0\r\n]/.test(path);
}

/** Adds parents that the server does not list, so that every `parentPath` names a mailbox of the answer. */
function withParents(mailboxes: SourceMailbox[], listed: readonly ListResponse[]): SourceMailbox[] {
  const paths = new Set(mailboxes.map(({ path }) => path));
  const all = [...mailboxes];
  for (const { path, delimiter } of listed) {
    const parts = delimiter ? path.split(delimiter) : [path];
    for (let depth = parts.length - 1; depth > 0; depth -= 1) {
      const parent = parts.slice(0, depth).join(delimiter);
      if (parent === '' || paths.has(parent)) continue;
      paths.add(parent);
      all.push({
        path: parent,
        name: parts[depth - 1] || parent,
        parentPath: parts.slice(0, depth - 1).join(delimiter) || null,
        delimiter,
        role: null,
        subscribed: false,
        selectable: false,
        status: null,
      });
    }
  }
  return all;
}
