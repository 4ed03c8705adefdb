import { isDeepStrictEqual } from 'node:util';
import type { MailboxRow } from '../store/rows.ts';
import { setError } from './errors.ts';
import { mailboxOf } from './mailbox-object.ts';
import { readMailbox, readMailboxPatch } from './mailbox-properties.ts';
import { rightsOf } from './mailbox-rights.ts';
import { depthOf, problemWith } from './mailbox-tree.ts';
import { emptyResult, type SetArguments, type SetResult } from './set.ts';
import type { Id, SetError } from './types.ts';

/** A Mailbox/set at work: what is worked on, and what came of it. Each step changes it. */
export interface Work {
  protocol: string;
  args: SetArguments & { onDestroyRemoveEmails: boolean };
  /** The ids that mailboxes get under their creation ids. */
  ids: ReadonlyMap<Id, Id>;
  /** Gives the id for a creation id of an earlier call. */
  resolve(id: Id): Id;
  tree: Map<Id, MailboxRow>;
  created: Set<Id>;
  updated: Set<Id>;
  /** Those that were there before this call. */
  destroyed: Set<Id>;
  result: SetResult;
}

/** Begins with the mailboxes as they are. */
export function beginWork(
  parts: Pick<Work, 'protocol' | 'args' | 'ids' | 'resolve'>,
  rows: readonly MailboxRow[],
): Work {
  const tree = new Map(rows.map(row => [row.id, row]));
  return {
    ...parts,
    tree,
    created: new Set(),
    updated: new Set(),
    destroyed: new Set(),
    result: emptyResult(),
  };
}

/** A creation id of this call names a mailbox as soon as that is made. */
function resolveHere({ ids, tree, resolve }: Work, id: Id): Id {
  const made = id.startsWith('#') ? ids.get(id.slice(1)) : undefined;
  return made !== undefined && tree.has(made) ? made : resolve(id);
}

/** Creates, a parent before what is created below it. */
export function createAll(work: Work): void {
  const waiting = new Map(Object.entries(work.args.create ?? {}));
  while (waiting.size > 0) {
    const isReady = ([, { parentId }]: [Id, Record<string, unknown>]) =>
      typeof parentId !== 'string' || !parentId.startsWith('#') || !waiting.has(parentId.slice(1));
    const [creationId, object] = [...waiting].find(isReady) ?? ([...waiting][0] as [Id, object]);
    waiting.delete(creationId);
    const error = create(work, creationId, object as Record<string, unknown>);
    if (error) work.result.notCreated[creationId] = error;
  }
}

function create(work: Work, creationId: Id, object: Record<string, unknown>): SetError | null {
  const read = readMailbox(object, id => resolveHere(work, id));
  if ('error' in read) return read.error;
  const id = work.ids.get(creationId) ?? '';
  const counts = { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
  const row = { id, ...read.settings, path: null, role: null, selectable: true, ...counts, c: 0 };
  const error = problemWith(work.tree, row, work.protocol);
  if (error) return error;
  work.tree.set(id, row);
  work.created.add(id);
  const made = Object.entries(mailboxOf(row, work.protocol));
  work.result.created[creationId] = Object.fromEntries(
    made.filter(([name, value]) => !isDeepStrictEqual(object[name], value)),
  );
  return null;
}

/** Updates, each on what the ones before it left. */
export function updateAll(work: Work): void {
  const destroyed = new Set((work.args.destroy ?? []).map(id => resolveHere(work, id)));
  for (const [key, patch] of Object.entries(work.args.update ?? {})) {
    const id = resolveHere(work, key);
    const error = destroyed.has(id)
      ? setError('willDestroy', 'This mailbox is destroyed in the same call.')
      : update(work, id, patch);
    if (error) work.result.notUpdated[id] = error;
    else work.result.updated[id] = null;
  }
}

function update(work: Work, id: Id, patch: Record<string, unknown>): SetError | null {
  const row = work.tree.get(id);
  if (!row) return notFound();
  const read = readMailboxPatch(patch, mailboxOf(row, work.protocol), other => resolveHere(work, other));
  if ('error' in read) return read.error;
  const changed = { ...row, ...read.settings };
  if (isDeepStrictEqual(changed, row)) return null;
  if (changed.name !== row.name || changed.parentId !== row.parentId) {
    const mayRename = rightsOf(row, work.protocol).mayRename;
    const error = mayRename
      ? problemWith(work.tree, changed, work.protocol)
      : setError('forbidden', 'This mailbox keeps its name and its place.');
    if (error) return error;
  }
  work.tree.set(id, changed);
  if (!work.created.has(id)) work.updated.add(id);
  return null;
}

/** Destroys, children before their parents. @param hasEmail tells for a mailbox that was there before this call */
export function destroyAll(work: Work, hasEmail: (id: Id) => boolean): void {
  const ids = (work.args.destroy ?? []).map(id => resolveHere(work, id));
  ids.sort((a, b) => depthOf(work.tree, b) - depthOf(work.tree, a));
  for (const id of new Set(ids)) {
    const error = destroy(work, id, hasEmail);
    if (error) work.result.notDestroyed[id] = error;
    else work.result.destroyed.push(id);
  }
}

function destroy(work: Work, id: Id, hasEmail: (id: Id) => boolean): SetError | null {
  const row = work.tree.get(id);
  if (!row) return notFound();
  if (!rightsOf(row, work.protocol).mayDelete) {
    return setError('forbidden', 'This mailbox cannot be destroyed.');
  }
  if ([...work.tree.values()].some(other => other.parentId === id)) {
    return setError('mailboxHasChild', 'There are mailboxes below this one.');
  }
  if (!work.args.onDestroyRemoveEmails && !work.created.has(id) && hasEmail(id)) {
    return setError('mailboxHasEmail', 'There are Emails in this mailbox.');
  }
  work.tree.delete(id);
  if (!work.created.delete(id)) work.destroyed.add(id);
  return null;
}

const notFound = () => setError('notFound', 'There is no mailbox with this id.');
