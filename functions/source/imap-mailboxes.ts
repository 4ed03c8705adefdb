import type { ListResponse } from 'imapflow';
import { type ImapSession, offers } from './imap-session.ts';
import { type FoundStatus, listMailboxIds, STATUS_QUERY, statusOf } from './imap-status.ts';
import type { MailboxRole, SourceMailbox } from './source.ts';

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

const NOTHING: FoundStatus = { status: null, mailboxId: null };

/** Every mailbox, subscribed or not, with its status: LIST with STATUS (RFC 5819), else STATUS one by one. */
export async function listMailboxes(session: ImapSession): Promise<SourceMailbox[]> {
  const { client, validities } = session;
  const query = offers(client, 'LIST-STATUS') ? { statusQuery: STATUS_QUERY } : {};
  const listed = await session.run('list the folders', () => client.list(query));
  const ids = await listMailboxIds(session);
  const mailboxes: SourceMailbox[] = [];
  const seen = new Set<string>();
  for (const entry of session.accept('list the folders', listed)) {
    if (seen.has(entry.path)) continue;
    seen.add(entry.path);
    const selectable = isSelectable(entry);
    const found = selectable ? await statusOf(session, entry) : NOTHING;
    if (found.status) validities.set(entry.path, found.status.uidValidity);
    const mailboxId = found.mailboxId ?? ids.get(entry.pathAsListed) ?? null;
    mailboxes.push(toMailbox(entry, selectable, { ...found, mailboxId }));
  }
  return withParents(mailboxes, listed);
}

function toMailbox(entry: ListResponse, selectable: boolean, found: FoundStatus): SourceMailbox {
  const inbox = entry.path.toUpperCase() === 'INBOX';
  return {
    path: entry.path,
    name: entry.name.replace(/\p{Cc}/gu, ' ') || entry.path,
    parentPath: entry.parentPath || null,
    delimiter: entry.delimiter || null,
    ...(found.mailboxId !== null && { mailboxId: found.mailboxId }),
    role: inbox ? 'inbox' : selectable ? (ROLES[entry.specialUse ?? ''] ?? null) : null,
    subscribed: entry.subscribed === true,
    selectable,
    status: found.status,
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
