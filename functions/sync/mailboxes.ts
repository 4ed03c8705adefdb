import { createHash } from 'node:crypto';
import type { SourceMailbox } from '../source/source.ts';
import type { MailboxProperties } from '../store/commit.ts';

/** Which mailboxes an account has, compared with those of its source. Pure. */

export interface MailboxChanges {
  created: MailboxProperties[];
  updated: MailboxProperties[];
  destroyed: string[];
}

const ROLE_ORDER = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash'];
const AFTER_ROLES = 20;

/** POP has one mailbox, and gets Archive and Trash from us, shared by all devices. */
const OURS: readonly { name: string; role: 'archive' | 'trash' }[] = [
  { name: 'Archive', role: 'archive' },
  { name: 'Trash', role: 'trash' },
];

/**
 * What has to change so that the stored mailboxes are those of the source. An id is a hash of the path, so that
 * a run that was killed and began again comes to the same one.
 */
export function planMailboxes(
  protocol: 'imap' | 'pop',
  source: readonly SourceMailbox[],
  stored: readonly MailboxProperties[],
): MailboxChanges {
  const byPath = new Map(stored.filter(mailbox => mailbox.path !== null).map(m => [m.path, m]));
  const ids = new Map(source.map(({ path }) => [path, byPath.get(path)?.id ?? idOf(path)]));
  const wanted = source.map(mailbox => toProperties(mailbox, ids));
  if (protocol === 'pop') wanted.push(...OURS.map(ownMailbox));
  const storedById = new Map(stored.map(mailbox => [mailbox.id, mailbox]));
  const wantedIds = new Set(wanted.map(mailbox => mailbox.id));
  return {
    created: wanted.filter(mailbox => !storedById.has(mailbox.id)),
    updated: wanted.filter(mailbox => {
      const before = storedById.get(mailbox.id);
      return before !== undefined && !same(before, mailbox);
    }),
    destroyed: stored.filter(mailbox => !wantedIds.has(mailbox.id)).map(mailbox => mailbox.id),
  };
}

/** INBOX first, then by role and name: what people look at first is pulled first. */
export function pullOrder<T extends { role: string | null; path: string }>(mailboxes: readonly T[]): T[] {
  const rank = (mailbox: T) => (mailbox.role ? ROLE_ORDER.indexOf(mailbox.role) : AFTER_ROLES);
  return [...mailboxes].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

function toProperties(mailbox: SourceMailbox, ids: ReadonlyMap<string, string>): MailboxProperties {
  const { path, name, parentPath, role, subscribed, selectable } = mailbox;
  return {
    id: ids.get(path) ?? '',
    name: role === 'inbox' && path.toUpperCase() === 'INBOX' ? 'Inbox' : name,
    path,
    parentId: parentPath === null ? null : (ids.get(parentPath) ?? null),
    role,
    sortOrder: role ? ROLE_ORDER.indexOf(role) : AFTER_ROLES,
    isSubscribed: subscribed,
    selectable,
  };
}

function ownMailbox({ name, role }: { name: string; role: 'archive' | 'trash' }): MailboxProperties {
  return {
    id: idOf(`mailferry:${role}`),
    name,
    path: null,
    parentId: null,
    role,
    sortOrder: ROLE_ORDER.indexOf(role),
    isSubscribed: true,
    selectable: true,
  };
}

function idOf(path: string): string {
  return `m${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}

function same(a: MailboxProperties, b: MailboxProperties): boolean {
  return (
    a.name === b.name &&
    a.path === b.path &&
    a.parentId === b.parentId &&
    a.role === b.role &&
    a.sortOrder === b.sortOrder &&
    a.isSubscribed === b.isSubscribed &&
    a.selectable === b.selectable
  );
}
