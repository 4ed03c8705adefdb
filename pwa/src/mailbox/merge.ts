import type { Id } from '../../../functions/jmap/types.ts';

/** What can change about an Email once it exists (RFC 8621 section 4.1.1). */
export interface Flags {
  keywords: Record<string, true>;
  mailboxIds: Record<Id, true>;
}

/**
 * A JMAP PatchObject (RFC 8620 section 5.3) limited to what devices do: each path is `keywords/<keyword>` or
 * `mailboxIds/<id>`; `true` sets, `null` removes. Setting absolute values makes sending twice harmless.
 */
export type Patch = Record<string, true | null>;

/** The path of a keyword in a patch, escaped as a JSON pointer (RFC 6901). */
export function keywordPath(keyword: string): string {
  return `keywords/${keyword.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The path of a mailbox in a patch. */
export function mailboxPath(id: Id): string {
  return `mailboxIds/${id}`;
}

/** The flags after a patch; the arguments stay as they are. */
export function applyPatch(flags: Flags, patch: Patch): Flags {
  const next: Flags = { keywords: { ...flags.keywords }, mailboxIds: { ...flags.mailboxIds } };
  for (const [path, value] of Object.entries(patch)) {
    const slash = path.indexOf('/');
    const set = path.slice(0, slash) === 'keywords' ? next.keywords : next.mailboxIds;
    const name = path
      .slice(slash + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    if (value) set[name] = true;
    else delete set[name];
  }
  return next;
}

/** What a person sees: the server's value with everything on top that was done here and is not sent yet. */
export function shownFlags(server: Flags, pending: readonly Patch[]): Flags {
  return pending.reduce(applyPatch, server);
}

/** The patch that takes `after = applyPatch(before, patch)` back to `before`. */
export function inversePatch(before: Flags, patch: Patch): Patch {
  const inverse: Patch = {};
  for (const path of Object.keys(patch)) {
    const undone = applyPatch(before, { [path]: true });
    const wasSet = sameFlags(undone, before);
    inverse[path] = wasSet ? true : null;
  }
  return inverse;
}

/** True when both hold the same keywords and mailboxes. */
export function sameFlags(a: Flags, b: Flags): boolean {
  return sameKeys(a.keywords, b.keywords) && sameKeys(a.mailboxIds, b.mailboxIds);
}

function sameKeys(a: Record<string, true>, b: Record<string, true>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => key in b);
}

/**
 * True when every path of `earlier` is set again by `later`, so that sending `earlier` first changes nothing.
 * Only whole actions are ever left out: dropping a part could leave a message in no mailbox on the way.
 */
export function overrides(later: Record<Id, Patch>, earlier: Record<Id, Patch>): boolean {
  return Object.entries(earlier).every(([id, patch]) => {
    const over = later[id];
    return over !== undefined && Object.keys(patch).every(path => path in over);
  });
}

/** How a change of one Email's flags changes the counts of its mailboxes. */
export function countChanges(before: Flags, after: Flags): Map<Id, { total: number; unread: number }> {
  const changes = new Map<Id, { total: number; unread: number }>();
  const add = (flags: Flags, sign: 1 | -1) => {
    const unread = flags.keywords.$seen ? 0 : sign;
    for (const id of Object.keys(flags.mailboxIds)) {
      const change = changes.get(id) ?? { total: 0, unread: 0 };
      changes.set(id, { total: change.total + sign, unread: change.unread + unread });
    }
  };
  add(before, -1);
  add(after, 1);
  for (const [id, change] of changes) if (!change.total && !change.unread) changes.delete(id);
  return changes;
}
