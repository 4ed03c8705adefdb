import type { SourceMailbox } from '../../source/source.ts';
import type { Commit, MailboxCursor, MailboxProperties } from '../../store/commit.ts';
import type { MailboxRow } from '../../store/rows.ts';

/** What devices did to mailboxes and the source has not been told. Pure. */

export interface PendingMailboxes {
  /** Made or changed: what devices say of them hides what the source says. */
  changed: ReadonlySet<string>;
  /** Destroyed, with their paths at the source: they are not to be made again. */
  destroyed: ReadonlyMap<string, string>;
  /** Those of them that a run which was killed had renamed to delete them, with the paths that they have now. */
  hidden: ReadonlyMap<string, string>;
  /** Mailbox id by path, where a run was killed after it told the source and before it could note it. */
  claimed: ReadonlyMap<string, string>;
}

export const NOTHING_PENDING: PendingMailboxes = {
  changed: new Set(),
  destroyed: new Map(),
  hidden: new Map(),
  claimed: new Map(),
};

/** @param rows every mailbox, the tombstones of destroyed ones too */
export function pendingMailboxes(
  unpushed: readonly Commit[],
  rows: readonly MailboxRow[],
  source: readonly SourceMailbox[],
  cursors: ReadonlyMap<string, MailboxCursor>,
): PendingMailboxes {
  const changed = new Set<string>();
  const gone = new Set<string>();
  for (const { mailboxes } of unpushed) {
    for (const { id } of [...mailboxes.created, ...mailboxes.updated]) changed.add(id);
    for (const id of mailboxes.destroyed) gone.add(id);
  }
  if (changed.size + gone.size === 0) return NOTHING_PENDING;
  const live = rows.filter(row => !row.destroyed);
  for (const row of rows) if (row.destroyed) changed.delete(row.id);
  const destroyed = rows.flatMap(({ id, path, destroyed }) =>
    destroyed && gone.has(id) && path !== null ? [[id, path] as const] : [],
  );
  const listed = new Set(source.map(({ path }) => path));
  const hidden = destroyed.flatMap(([id]) => {
    const path = cursors.get(id)?.hiddenPath;
    return path !== undefined && listed.has(path) ? [[id, path] as const] : [];
  });
  return {
    ...{ changed, destroyed: new Map(destroyed), hidden: new Map(hidden) },
    claimed: claims(live, changed, source),
  };
}

/**
 * Where the source has a mailbox at the path that one of ours is to get, and no other of ours has that path, it is
 * that one: made (or joined, when somebody else made it too) or renamed already.
 */
function claims(
  live: readonly MailboxProperties[],
  changed: ReadonlySet<string>,
  source: readonly SourceMailbox[],
): Map<string, string> {
  const listed = new Set(source.map(({ path }) => path));
  const taken = new Set(live.map(({ path }) => path));
  const claimed = new Map<string, string>();
  for (const [id, wanted] of wantedPaths(live, changed, source)) {
    const path = live.find(mailbox => mailbox.id === id)?.path ?? null;
    if (!listed.has(wanted) || wanted === path || claimed.has(wanted)) continue;
    if (taken.has(wanted) || (path !== null && listed.has(path))) continue;
    claimed.set(wanted, id);
  }
  return claimed;
}

/**
 * The paths that mailboxes are to have at the source: those that devices changed, and what lies below them. One is left
 * out that the source cannot have: its name holds the delimiter, or there is nothing below its parent.
 */
export function wantedPaths(
  live: readonly MailboxProperties[],
  changed: ReadonlySet<string>,
  source: readonly SourceMailbox[],
): Map<string, string> {
  const byId = new Map(live.map(mailbox => [mailbox.id, mailbox]));
  const listed = new Map(source.map(mailbox => [mailbox.path, mailbox]));
  const delimiters = delimitersOf(source);
  const known = new Map<string, string | null>();
  const pathOf = (mailbox: MailboxProperties, depth = 0): string | null => {
    const { id, path, parentId } = mailbox;
    const before = known.get(id);
    if (before !== undefined || depth > live.length) return before ?? null;
    const parent = parentId === null ? null : (byId.get(parentId) ?? null);
    const above = parent && pathOf(parent, depth + 1);
    const found = changed.has(id)
      ? joined(mailbox, parent && { ...parent, path: above }, {
          listed,
          delimiters,
          topPrefix: topPrefix(source),
        })
      : followed(path, parent?.path ?? null, above);
    known.set(id, found);
    return found;
  };
  const wanted = live.map(mailbox => [mailbox.id, pathOf(mailbox)] as const);
  return new Map(wanted.filter((pair): pair is [string, string] => pair[1] !== null));
}

interface Hierarchy {
  listed: ReadonlyMap<string, SourceMailbox>;
  delimiters: { below(path: string | null): string | null };
  topPrefix: string;
}

/** Parent, delimiter and name as one path; null where the source cannot have it. */
function joined(
  { name, path, role, parentId }: MailboxProperties,
  parent: { path: string | null } | null,
  { listed, delimiters, topPrefix: prefix }: Hierarchy,
): string | null {
  if (role === 'inbox') return path;
  if (parentId !== null && (parent?.path ?? null) === null) return null;
  const above = parent?.path ?? null;
  const delimiter = delimiters.below(above);
  const before = path === null ? undefined : listed.get(path);
  // What people are shown of a name is not always the name.
  const keeps = before?.name === name && before.parentPath !== undefined;
  const leaf = keeps
    ? before.path.slice(before.parentPath === null ? 0 : before.parentPath.length + 1)
    : name;
  if (delimiter !== null && leaf.includes(delimiter)) return null;
  if (above === null) return before?.parentPath === null ? leaf : prefix + leaf;
  return delimiter === null ? null : above + delimiter + leaf;
}

/** A mailbox goes where its parent goes. */
function followed(path: string | null, parentBefore: string | null, parent: string | null): string | null {
  if (path === null || parentBefore === null || parent === null || parent === parentBefore) return path;
  return path.startsWith(parentBefore) ? parent + path.slice(parentBefore.length) : path;
}

function delimitersOf(source: readonly SourceMailbox[]): Hierarchy['delimiters'] {
  const own = new Map(source.map(({ path, delimiter }) => [path, delimiter]));
  const usual = source.find(({ delimiter }) => delimiter)?.delimiter ?? null;
  return { below: path => (path === null ? usual : (own.get(path) ?? usual)) };
}

/** `INBOX.` at servers that have everything below the Inbox (RFC 2342), else nothing. */
function topPrefix(source: readonly SourceMailbox[]): string {
  const inbox = source.find(({ path }) => path.toUpperCase() === 'INBOX');
  const others = source.filter(mailbox => mailbox !== inbox);
  const prefix = inbox?.delimiter ? inbox.path + inbox.delimiter : null;
  const isAllBelow =
    prefix !== null && others.length > 0 && others.every(({ path }) => path.startsWith(prefix));
  return isAllBelow ? prefix : '';
}
