import type { MailboxStatus } from '../source/source.ts';
import type { PatchedEmail } from '../store/commit.ts';
import { getLocations, listLocations } from '../store/emails.ts';
import { imapLocation, imapLocationPrefix, KEPT_HERE, type Location, parseLocation } from '../store/keys.ts';
import type { EmailState } from '../store/state.ts';
import { chunk } from '../store/table.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from './context.ts';
import { closedAt, isAlarming, type MailboxPlan, withDoubt, withoutHandled } from './plan.ts';

/** What one pulled mailbox leaves for the end of the run. */
export interface Removals {
  mailbox: PulledMailbox;
  plan: MailboxPlan;
  /** The status up to which the mailbox is handled now; null when something listed did not come. */
  status: MailboxStatus | null;
}

/** Whether closing a mailbox takes nothing away. */
export const removesNothing = ({ gone, cursor }: MailboxPlan) => gone.length + cursor.stale.length === 0;

const REMOVALS_A_COMMIT = 500;

/**
 * Closes a mailbox: takes away what has gone from the source, and commits that the mailbox is handled up to
 * its status. Run it when every mailbox was pulled, so that a message that was moved has been found at its new
 * place before it leaves the old one. An Email without any location left is destroyed, as at the source.
 */
export async function closeMailbox(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  status: MailboxStatus,
): Promise<void> {
  const cursor = cursorOf(run, mailbox, plan);
  const old = await staleLocations(run, mailbox, plan);
  const isLoss = cursor.doubted === null && (await losesMuch(run, mailbox, plan, old));
  if (plan.doubtful || isLoss || run.doubted.has(mailbox.id)) {
    run.doubted.add(mailbox.id);
    await commitRun(run, async () => ({
      cursors: { [mailbox.id]: withDoubt(cursor, plan.gone) },
    }));
    return;
  }
  const gone = plan.gone.map(uid => imapLocation(mailbox.id, plan.cursor.uidValidity, uid));
  await removeLocations(run, gone);
  await removeLocations(run, [...old.keys()]);
  const closed = closedAt({ ...withoutHandled(cursor, plan.gone), stale: [] }, plan, status);
  await commitRun(run, async () => ({ cursors: { [mailbox.id]: closed } }));
}

/** The locations of a mailbox under UIDVALIDITYs that it has no more, with the Email at each. */
async function staleLocations(
  run: RunContext,
  { id }: PulledMailbox,
  { cursor }: MailboxPlan,
): Promise<Map<Location, string>> {
  const found = new Map<Location, string>();
  for (const uidValidity of cursor.stale) {
    const prefix = imapLocationPrefix(id, uidValidity);
    for (const [location, emailId] of await listLocations(run.services.table, run.account.id, prefix)) {
      found.set(location, emailId);
    }
  }
  return found;
}

/** Whether much of what a mailbox had under a UIDVALIDITY before was not found in it again. */
async function losesMuch(
  run: RunContext,
  mailbox: PulledMailbox,
  { cursor }: MailboxPlan,
  old: ReadonlyMap<Location, string>,
): Promise<boolean> {
  if (old.size === 0) return false;
  const states = await run.states.states([...new Set(old.values())]);
  const here = imapLocationPrefix(mailbox.id, cursor.uidValidity);
  const had = [...old].filter(([location, id]) => states.get(id)?.locations.includes(location));
  const lost = had.filter(([, id]) => !states.get(id)?.locations.some(place => place.startsWith(here)));
  return isAlarming(lost.length, had.length);
}

/** Takes locations from their Emails; an Email that has none left is destroyed. */
export async function removeLocations(run: RunContext, gone: readonly Location[]): Promise<void> {
  const emailIds = await getLocations(run.services.table, run.account.id, gone);
  for (const batch of chunk([...emailIds], REMOVALS_A_COMMIT)) {
    await commitRun(run, async () => {
      const states = await run.states.states(batch.map(([, emailId]) => emailId));
      return draftRemovals(batch, states);
    });
  }
}

/** Pure: what the loss of these locations does to their Emails. */
export function draftRemovals(
  gone: readonly (readonly [Location, string])[],
  states: ReadonlyMap<string, EmailState>,
): { patched: PatchedEmail[]; destroyed: { id: string; threadId: string }[] } {
  const lost = new Map<string, Location[]>();
  for (const [location, emailId] of gone) {
    if (states.get(emailId)?.locations.includes(location)) {
      lost.set(emailId, [...(lost.get(emailId) ?? []), location]);
    }
  }
  const patched: PatchedEmail[] = [];
  const destroyed: { id: string; threadId: string }[] = [];
  for (const [id, locations] of lost) {
    const state = states.get(id) as EmailState;
    const left = state.locations.filter(location => !locations.includes(location));
    if (left.length === 0) destroyed.push({ id, threadId: state.threadId });
    else patched.push(patchFor(state, locations, left));
  }
  return { patched, destroyed };
}

function patchFor(state: EmailState, lost: readonly Location[], left: readonly Location[]): PatchedEmail {
  const stillIn = new Set(left.map(location => parseLocation(location)?.mailboxId));
  const goneFrom = lost
    .map(location => parseLocation(location)?.mailboxId)
    .filter((id): id is string => id !== undefined && !stillIn.has(id));
  const leaving = goneFrom.filter(id => state.mailboxIds.includes(id));
  // An Email has to be somewhere: where the source still has it, also when a device had taken it from there, or, where
  // the source's copies were deleted and it is kept, where it was.
  const isNowhere = leaving.length >= state.mailboxIds.length;
  const back = [...stillIn].filter((id): id is string => isNowhere && id !== undefined);
  const stays = isNowhere && back.length === 0 && left.includes(KEPT_HERE);
  const changes = [...leaving.map(id => [id, false] as const), ...back.map(id => [id, true] as const)];
  const mailboxIds = stays ? {} : Object.fromEntries(changes);
  return {
    id: state.id,
    threadId: state.threadId,
    locations: Object.fromEntries(lost.map(location => [location, false])),
    ...(Object.keys(mailboxIds).length > 0 && { mailboxIds }),
  };
}
