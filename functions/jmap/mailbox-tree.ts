import type { MailboxRow } from '../store/rows.ts';
import { setError } from './errors.ts';
import { rightsOf } from './mailbox-rights.ts';
import type { Id, SetError } from './types.ts';

/** The mailboxes of an account while a Mailbox/set works on them, by id. */
export type MailboxTree = ReadonlyMap<Id, MailboxRow>;

/**
 * Why a mailbox cannot be where it is meant to be and have the name it is meant to have; null when it can. RFC 8621
 * section 2: no two siblings of one name, no loop.
 */
export function problemWith(tree: MailboxTree, mailbox: MailboxRow, protocol: string): SetError | null {
  const { id, name, parentId } = mailbox;
  const parent = parentId === null ? null : tree.get(parentId);
  if (parent === undefined) return invalid('There is no such parent.', 'parentId');
  if (parent && !rightsOf(parent, protocol).mayCreateChild) {
    return setError('forbidden', 'Nothing can be put below this mailbox.');
  }
  if (isWithin(tree, parentId, id)) return invalid('A mailbox cannot be below itself.', 'parentId');
  const siblings = [...tree.values()].filter(other => other.parentId === parentId && other.id !== id);
  if (siblings.some(other => other.name === name)) {
    return invalid('There is a mailbox of this name already.', 'name');
  }
  if (protocol !== 'imap') return null;
  if (parentId === null && name.toUpperCase() === 'INBOX') {
    return invalid('There is one Inbox only.', 'name');
  }
  const delimiter = delimiterOf(tree);
  if (delimiter !== null && name.includes(delimiter)) {
    return invalid(`A name at this mail server cannot hold '${delimiter}'.`, 'name');
  }
  return null;
}

/** Whether `id` is the mailbox `ancestor` or lies below it. */
export function isWithin(tree: MailboxTree, id: Id | null, ancestor: Id): boolean {
  const seen = new Set<Id>();
  for (let at = id; at !== null && !seen.has(at); at = tree.get(at)?.parentId ?? null) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}

/** How many parents a mailbox has. */
export function depthOf(tree: MailboxTree, id: Id): number {
  let depth = 0;
  for (let at = tree.get(id)?.parentId ?? null; at !== null && depth <= tree.size; depth++) {
    at = tree.get(at)?.parentId ?? null;
  }
  return depth;
}

/** What separates the parts of a path at the source, where one of its paths shows it. */
function delimiterOf(tree: MailboxTree): string | null {
  for (const { path, parentId } of tree.values()) {
    const parent = parentId === null ? null : (tree.get(parentId)?.path ?? null);
    if (path !== null && parent !== null && path.startsWith(parent) && path.length > parent.length) {
      return path.charAt(parent.length);
    }
  }
  return null;
}

const invalid = (description: string, property: string) =>
  setError('invalidProperties', description, [property]);
