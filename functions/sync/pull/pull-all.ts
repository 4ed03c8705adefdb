import type { SourceError } from '../../source/errors.ts';
import { hasTime, type PulledMailbox, type RunContext } from '../context.ts';
import { type Look, look, needsPull } from '../look.ts';
import { pullOrder } from '../mailboxes/mailboxes.ts';
import { settleMailboxes } from '../mailboxes/settle.ts';
import { isFullDue, voidsUids } from '../plan.ts';
import { push } from '../push/push.ts';
import { listMoves, voidFirst } from '../recognise/moves.ts';
import { closeMailbox, type Removals } from '../removals.ts';
import { pullMailbox } from './pull.ts';

/**
 * Devices first: what they changed is told to the source before its mailboxes are listed, so that one listing
 * shows both. But where a mailbox changed, another client may have moved what a device means, so it is pulled
 * before; and where stored UIDs are void, they mean nothing until the whole pull was done.
 * With `isHeldBack` nothing is told: a mailbox that devices mean is missing, perhaps only for the moment.
 * `pulled` is false when the run's time was over before everything was; `refusal` is what the server did not take.
 */
export async function pushAndPull(
  run: RunContext,
  first: Look,
  isHeldBack: boolean,
): Promise<{ pulled: boolean; refusal: SourceError | null }> {
  const { writer } = run.source;
  if (!writer || isHeldBack || first.unpushed.length === 0) {
    return { pulled: await pullAll(run, first), refusal: null };
  }
  if (changedMailboxes(run, first, new Map(), false).length > 0) {
    const areUidsVoid = hasVoidUids(run, first);
    const pulled = await pullAll(run, first);
    if (!pulled && areUidsVoid) return { pulled, refusal: null };
  }
  const refusal = await push(run, writer, first.source);
  const pulled = await pullAll(run, await look(run.services, run.account, run.source, first.listUnmarked));
  return { pulled, refusal };
}

function hasVoidUids(run: RunContext, { source }: Look): boolean {
  const ids = new Map([...run.paths].map(([id, path]) => [path, id]));
  return source.some(({ path, status, mailboxId }) => {
    const cursor = run.cursors.get(ids.get(path) ?? '');
    return status && cursor && voidsUids(cursor, status, mailboxId);
  });
}

/** How often a run looks again for messages that were moved while it pulled. */
const LOOKS = 3;

/**
 * Pulls every mailbox that changed. Before anything is removed it looks again, so that a message that was moved
 * meanwhile is found at its new place before it leaves the old one. Gives false when the run's time was over.
 */
async function pullAll(run: RunContext, seen: Look): Promise<boolean> {
  const open = new Map<string, Removals>();
  let current = seen;
  for (let round = 0; round < LOOKS; round++) {
    // A mailbox that another client has made meanwhile may hold what has left the others.
    if (hasUnknown(run, current)) await settleMailboxes(run, current);
    const changed = changedMailboxes(run, current, open, run.retry !== null && round === 0);
    const listed = await listMoves(run, changed);
    for (const mailbox of voidFirst(run, changed)) {
      if (!hasTime(run)) return false;
      const result = await pullMailbox(run, mailbox, listed.get(mailbox.id));
      if (!result.complete) return false;
      if (result.removals) open.set(mailbox.id, result.removals);
      else open.delete(mailbox.id);
    }
    if (changed.length === 0 || ![...open.values()].some(({ plan }) => plan.gone.length > 0)) break;
    current = await look(run.services, run.account, run.source, false);
  }
  // What has left one mailbox may be what did not come from another: then the next run looks again.
  const mayRemove = [...open.values()].every(({ status }) => status !== null);
  for (const { mailbox, plan, status } of open.values()) {
    if (mayRemove && status) await closeMailbox(run, mailbox, plan, status);
  }
  return true;
}

function hasUnknown(run: RunContext, { mailboxChanges }: Look): boolean {
  const known = new Set(run.paths.values());
  return mailboxChanges.created.some(
    ({ path, selectable }) => selectable && path !== null && !known.has(path),
  );
}

/** The mailboxes to pull, in the order people want them; `open` ones count as handled up to what was seen. */
function changedMailboxes(
  run: RunContext,
  seen: Look,
  open: ReadonlyMap<string, Removals>,
  retry: boolean,
): PulledMailbox[] {
  const ids = new Map([...run.paths].map(([id, path]) => [path, id]));
  const changed = seen.source.flatMap(mailbox => {
    const id = ids.get(mailbox.path);
    if (!id || !mailbox.status || seen.pending.destroyed.has(id)) return [];
    const cursor = run.cursors.get(id);
    const handledTo = open.get(id)?.status ?? cursor?.status;
    const isDue = !open.has(id) && isFullDue(cursor, mailbox.status, seen.at);
    const again = isDue || (retry && seen.quarantined > 0) || needsPull(seen, handledTo, mailbox.status);
    return again ? [{ ...mailbox, id }] : [];
  });
  return pullOrder(changed);
}
