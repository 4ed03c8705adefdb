import type { MailboxSnapshot } from '../../source/source.ts';
import { hasTime, listedFrom, type PulledMailbox, type RunContext } from '../context.ts';
import { planImap, voidsUids } from '../plan.ts';
import { addCandidatesAt } from './candidates.ts';

/** What another client moved from one mailbox to another is a move here, too, and not fetched again. */

/**
 * Lists the mailboxes that may have lost messages before those that gained some are pulled: what has left the one is
 * looked for in the other. Gives the listings, by mailboxId, so that nothing is listed twice.
 */
export async function listMoves(
  run: RunContext,
  changed: readonly PulledMailbox[],
): Promise<Map<string, MailboxSnapshot>> {
  const listings = new Map<string, MailboxSnapshot>();
  if (!run.source.hints || !changed.some(mailbox => mayHaveGained(run, mailbox))) return listings;
  for (const mailbox of changed.filter(each => mayHaveLost(run, each))) {
    if (!hasTime(run)) break;
    const cursor = run.cursors.get(mailbox.id);
    const listing = await run.source.snapshot(mailbox.path, listedFrom(run, mailbox));
    listings.set(mailbox.id, listing);
    const { gone, cursor: planned } = planImap(listing, cursor, mailbox.mailboxId);
    await addCandidatesAt(run, mailbox.id, planned.uidValidity, gone);
  }
  return listings;
}

/** Those whose UIDs are void first: what they keep is known before the others are asked for what they have lost. */
export function voidFirst(run: RunContext, changed: readonly PulledMailbox[]): PulledMailbox[] {
  const isVoid = ({ id, status, mailboxId }: PulledMailbox) => {
    const cursor = run.cursors.get(id);
    return cursor !== undefined && status !== null && voidsUids(cursor, status, mailboxId);
  };
  return [...changed.filter(isVoid), ...changed.filter(mailbox => !isVoid(mailbox))];
}

function mayHaveGained(run: RunContext, { id, status, mailboxId }: PulledMailbox): boolean {
  const cursor = run.cursors.get(id);
  if (!cursor?.status || !status) return true;
  return status.uidNext > cursor.status.uidNext || voidsUids(cursor, status, mailboxId);
}

/**
 * Whether a mailbox has fewer messages than it had and got; with mod-sequences any change may be a message that was
 * marked \\Deleted, and listing what changed is cheap.
 */
function mayHaveLost(run: RunContext, { id, status, mailboxId }: PulledMailbox): boolean {
  const cursor = run.cursors.get(id);
  if (!cursor?.status || !status || voidsUids(cursor, status, mailboxId)) return false;
  const { messages, uidNext } = cursor.status;
  return status.highestModseq !== null || status.messages - messages < status.uidNext - uidNext;
}
