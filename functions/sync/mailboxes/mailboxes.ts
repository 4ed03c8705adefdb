import { createHash } from 'node:crypto';
import type { SourceMailbox } from '../../source/source.ts';
import type { MailboxCursor, MailboxProperties } from '../../store/commit.ts';
import { NOTHING_PENDING, type PendingMailboxes } from './pending.ts';

/** Which mailboxes an account has, compared with those of its source. Pure. */

export interface MailboxChanges {
  created: MailboxProperties[];
  updated: MailboxProperties[];
  /** Those that another run, too, did not find at the source. */
  destroyed: string[];
  /** Those that are there as parents only (\\Noselect), as another run found, too, and still have Emails here. */
  emptied: string[];
  /** Those that this look does not find, or finds empty so, for the first time: one answer is not believed. */
  missed: string[];
  /** Those that were missed and are there again. */
  back: string[];
}

/** Mailbox id by the path that it has now. */
export type Renames = ReadonlyMap<string, string>;

const ROLE_ORDER = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash'];
const AFTER_ROLES = 20;

interface OwnMailbox {
  name: string;
  role: 'inbox' | 'archive' | 'trash';
}

/** POP has one mailbox, and gets Archive and Trash from us, shared by all devices. */
const OURS: readonly OwnMailbox[] = [
  { name: 'Archive', role: 'archive' },
  { name: 'Trash', role: 'trash' },
];

/** The mailboxes with which an archive begins. */
export const archiveMailboxes = (): MailboxProperties[] =>
  [{ name: 'Inbox', role: 'inbox' } as const, ...OURS].map(ownMailbox);

/**
 * What has to change so that the stored mailboxes are those of the source. A new id is a hash of the path, so that
 * a run that was killed and began again comes to the same one. A mailbox keeps its id under a new path when the
 * source says that it is the same (OBJECTID), or `renames` does. What is `pending` is as devices want it: their names
 * stay, what they destroyed does not come back, and what the source has not yet is not missing.
 */
export function planMailboxes(
  protocol: 'imap' | 'pop',
  source: readonly SourceMailbox[],
  stored: readonly MailboxProperties[],
  cursors: ReadonlyMap<string, MailboxCursor>,
  { renames = new Map(), pending = NOTHING_PENDING }: { renames?: Renames; pending?: PendingMailboxes } = {},
): MailboxChanges {
  const sameOnes = new Map([...sameObjects(source, stored, cursors), ...renames, ...pending.claimed]);
  const leaving = new Set([...pending.destroyed.values(), ...pending.hidden.values()]);
  const listed = source.filter(({ path }) => !leaving.has(path));
  const ids = idsByPath(listed, stored, sameOnes);
  const before = new Map(stored.map(mailbox => [mailbox.id, mailbox]));
  const wanted = listed.map(mailbox => withOurs(toProperties(mailbox, ids), before, pending));
  if (protocol === 'pop') wanted.push(...OURS.map(ownMailbox));
  const wantedIds = new Set(wanted.map(mailbox => mailbox.id));
  // Without a path it lives here, or the source is still to be told.
  const isElsewhere = ({ id, path }: MailboxProperties) => path !== null && !pending.changed.has(id);
  const absent = stored.filter(each => !wantedIds.has(each.id) && isElsewhere(each)).map(({ id }) => id);
  const wasMissed = (id: string) => cursors.get(id)?.missedAt !== undefined;
  const isHollow = ({ id, selectable }: MailboxProperties) =>
    !selectable && !pending.changed.has(id) && (cursors.get(id)?.uidValidity ?? '') !== '';
  const hollow = wanted.filter(isHollow).map(({ id }) => id);
  const lost = [...absent, ...hollow];
  return {
    created: wanted.filter(mailbox => !before.has(mailbox.id)),
    updated: wanted.filter(mailbox => {
      const stored = before.get(mailbox.id);
      return stored !== undefined && !same(stored, mailbox);
    }),
    destroyed: absent.filter(wasMissed),
    emptied: hollow.filter(wasMissed),
    missed: lost.filter(id => !wasMissed(id)),
    back: [...wantedIds].filter(id => wasMissed(id) && !hollow.includes(id)),
  };
}

/** The mailboxes of the source whose MAILBOXID (RFC 8474) a stored one has under another path. */
export function sameObjects(
  source: readonly SourceMailbox[],
  stored: readonly MailboxProperties[],
  cursors: ReadonlyMap<string, MailboxCursor>,
): Map<string, string> {
  const byObject = new Map<string, MailboxProperties>();
  for (const mailbox of stored) {
    const remoteId = cursors.get(mailbox.id)?.remoteId;
    if (remoteId !== undefined) byObject.set(remoteId, mailbox);
  }
  const found = new Map<string, string>();
  for (const { path, mailboxId } of source) {
    const mailbox = mailboxId === undefined ? undefined : byObject.get(mailboxId);
    if (mailbox && mailbox.path !== path) found.set(path, mailbox.id);
  }
  return found;
}

function idsByPath(
  source: readonly SourceMailbox[],
  stored: readonly MailboxProperties[],
  renames: Renames,
): Map<string, string> {
  const moved = new Set(renames.values());
  const taken = new Set(stored.map(({ id }) => id));
  const kept = new Map(
    stored.flatMap(({ id, path }) => (path === null || moved.has(id) ? [] : [[path, id] as const])),
  );
  return new Map(
    source.map(({ path }) => [path, renames.get(path) ?? kept.get(path) ?? freeId(path, taken)] as const),
  );
}

/** An id for a new mailbox; one that was renamed keeps the id that its old path gave it. */
function freeId(path: string, taken: ReadonlySet<string>): string {
  let id = idOf(path);
  for (let nth = 2; taken.has(id); nth++) id = idOf(`${path}\n${nth}`);
  return id;
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

/** The source keeps no order, and does not know yet what devices have just said. */
function withOurs(
  mailbox: MailboxProperties,
  stored: ReadonlyMap<string, MailboxProperties>,
  { changed }: PendingMailboxes,
): MailboxProperties {
  const before = stored.get(mailbox.id);
  if (!before) return mailbox;
  const { name, parentId, isSubscribed, sortOrder } = before;
  const order = before.role === mailbox.role ? { sortOrder } : {};
  return changed.has(mailbox.id)
    ? { ...mailbox, ...order, name, parentId, isSubscribed }
    : { ...mailbox, ...order };
}

function ownMailbox({ name, role }: OwnMailbox): MailboxProperties {
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
