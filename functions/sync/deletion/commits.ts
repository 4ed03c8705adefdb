import type { MailboxCursor, PatchedEmail, Receipt } from '../../store/commit.ts';
import { getPlaces } from '../../store/emails.ts';
import { KEPT_HERE, type Location, parseLocation } from '../../store/keys.ts';
import type { EmailState } from '../../store/state.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { withoutHandled } from '../plan.ts';
import type { Listing } from './copies.ts';
import { type Copy, type DueCopy, withoutDeleted } from './plan.ts';

/** What a deletion at the source leaves in the log: the intention, then the receipt, or that it was withdrawn. */

/** Messages a commit, far below the 400 KB of an item. */
const BATCH = 100;

/**
 * Commits the intention: from here on the copies are not their Emails' any more. Gives those that are still as they
 * were read.
 */
export async function announce(run: RunContext, copies: readonly DueCopy[]): Promise<DueCopy[]> {
  const ready: DueCopy[] = [];
  for (const batch of chunk(copies, BATCH)) {
    let meant: DueCopy[] = [];
    await commitRun(run, async () => {
      const states = await run.states.states(batch.map(({ emailId }) => emailId));
      meant = batch.filter(copy => isAsRead(copy, states.get(copy.emailId)));
      const deleting = meant
        .filter(({ attempted }) => !attempted)
        .map(({ location, emailId, sha256, size, policy }) => ({ location, emailId, sha256, size, policy }));
      const at = (copy: DueCopy) => states.get(copy.emailId)?.locations.includes(copy.location);
      return {
        deleting,
        patched: patches(meant.filter(at), states, ({ location }) => ({ [location]: false })),
      };
    });
    ready.push(...meant);
  }
  return ready;
}

/** A stored Email is here, at this location unless an earlier run has begun; a destroyed one may have come again. */
function isAsRead(copy: Copy, state: EmailState | undefined): boolean {
  if (copy.fate === 'destroyed') return true;
  return state !== undefined && (copy.attempted || state.locations.includes(copy.location));
}

/** What a receipt says of a copy. */
export type Named = Pick<Receipt, 'location' | 'emailId' | 'sha256' | 'size' | 'policy'>;

/** Commits the receipts; the Emails stay here, whatever becomes of other copies of them. */
export async function acknowledge(
  run: RunContext,
  { mailboxId, uidValidity }: Pick<Listing, 'mailboxId' | 'uidValidity'>,
  gone: readonly Named[],
  outcome: Receipt['outcome'],
): Promise<void> {
  for (const batch of chunk(gone, BATCH)) {
    const at = run.services.now();
    await commitRun(run, async () => {
      const states = await run.states.states(batch.map(({ emailId }) => emailId));
      const cursor = run.cursors.get(mailboxId);
      return {
        receipts: batch.map(({ location, emailId, sha256, size, policy }) => ({
          ...{ location, emailId, sha256, size, policy, at, outcome },
        })),
        patched: patches(
          batch.filter(({ policy }) => policy !== 'whenDestroyed' && run.source.protocol === 'imap'),
          states,
          () => ({ [KEPT_HERE]: true }),
        ),
        ...(cursor?.uidValidity === uidValidity && { cursors: { [mailboxId]: cursorAfter(cursor, batch) } }),
      };
    });
  }
}

/** The cursor of a mailbox that these have left: they are not missing from it. */
function cursorAfter(cursor: MailboxCursor, gone: readonly Pick<Named, 'location'>[]): MailboxCursor {
  const uids = gone.flatMap(({ location }) => parseLocation(location)?.uid ?? []);
  if (uids.length > 0) return withoutHandled(cursor, uids);
  return { ...cursor, status: cursor.status && withoutDeleted(cursor.status, gone.length) };
}

/** Takes back what is not to be deleted any more: what the listing still shows belongs to its Email again. */
export async function withdraw(
  run: RunContext,
  copies: readonly Named[],
  listing: Listing | null,
): Promise<void> {
  for (const batch of chunk(copies, BATCH)) {
    const { table } = run.services;
    const places = await getPlaces(
      table,
      run.account.id,
      batch.map(({ location }) => location),
    );
    await commitRun(run, async () => {
      const states = await run.states.states(batch.map(({ emailId }) => emailId));
      const shown = batch.filter(({ location, emailId, policy }) => {
        const entry = listing?.entries.get(location);
        const isSame = places.get(location)?.emailId === emailId;
        return policy !== 'whenDestroyed' && isSame && entry && !entry.isDeleted;
      });
      return {
        withdrawn: batch.map(({ location }) => location),
        patched: patches(shown, states, ({ location }) => ({ [location]: true })),
      };
    });
  }
}

/** One patch of locations for each Email that is here. */
function patches<T extends Pick<Named, 'location' | 'emailId'>>(
  copies: readonly T[],
  states: ReadonlyMap<string, EmailState>,
  change: (copy: T) => Record<Location, boolean>,
): PatchedEmail[] {
  const patched = new Map<string, PatchedEmail>();
  for (const copy of copies) {
    const state = states.get(copy.emailId);
    if (!state) continue;
    const { id, threadId } = state;
    const locations = { ...patched.get(id)?.locations, ...change(copy) };
    patched.set(id, { id, threadId, locations });
  }
  return [...patched.values()];
}
