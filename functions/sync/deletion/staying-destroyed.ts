import type { CommitDraft } from '../../store/commit.ts';
import { getStateRows } from '../../store/emails.ts';
import { type Location, parseLocation } from '../../store/keys.ts';
import { getReceipts, listDeleting, MANY_DELETING } from '../../store/receipts.ts';
import type { EmailState } from '../../store/state.ts';
import type { RunContext } from '../context.ts';
import type { MailboxPlan } from '../plan.ts';
import type { StoredMessage } from '../pull/fetch.ts';

/**
 * Messages that a device destroyed, and that the source still has, but names otherwise now (UIDVALIDITY or UIDLs were
 * reset): they stay destroyed. What somebody brings back, or a copy that came later, is an Email again.
 */

/** A message at its new place, and at which one it was to be deleted; POP only knows that it is hidden. */
export interface StaysDestroyed {
  message: StoredMessage;
  from: Location | null;
}

/** Which of these messages are such. Reads nothing where none of their Emails was destroyed. */
export async function stayingDestroyed(
  run: RunContext,
  plan: MailboxPlan,
  stored: readonly StoredMessage[],
): Promise<StaysDestroyed[]> {
  const ids = [...new Set(stored.map(({ summary }) => summary.emailId))];
  const suspects = [...(run.states.destroyed(ids) ?? ids)];
  if (suspects.length === 0) return [];
  const { table } = run.services;
  const rows = [...(await getStateRows(table, run.account.id, suspects)).values()];
  // Of what the source destroyed there are no bytes in the tombstone.
  const byDevice = new Set(rows.filter(row => row.destroyed && row.blob).map(row => row.id));
  const messages = stored.filter(({ summary }) => byDevice.has(summary.emailId));
  if (messages.length === 0) return [];
  const places = await (run.source.protocol === 'imap' ? voidPlaces(run) : lostNames(run, plan, byDevice));
  const staying = messages.flatMap(message => {
    const left = places.get(message.summary.emailId) ?? [];
    // Each place that is void explains one new one; POP's names are not used up, there being nothing to delete by.
    const from = run.source.protocol === 'imap' ? left.shift() : left[0];
    if (from === undefined) return [];
    return [{ message, from: run.source.protocol === 'imap' ? from : null }];
  });
  // With one copy more than was destroyed the Email is here again, and so are all of them.
  const count = (of: readonly StoredMessage[], id: string) =>
    of.filter(({ summary }) => summary.emailId === id).length;
  const explained = staying.map(({ message }) => message);
  const isOver = (id: string) => count(explained, id) < count(messages, id);
  return staying.filter(({ message }) => !isOver(message.summary.emailId));
}

/** IMAP: where Emails wait to be deleted at UIDs that mean nothing any more, by emailId. */
async function voidPlaces(run: RunContext): Promise<Map<string, Location[]>> {
  const places = new Map<string, Location[]>();
  for (const { emailId, location } of await listDeleting(run.services.table, run.account.id, MANY_DELETING)) {
    const place = parseLocation(location);
    const cursor = run.cursors.get(place?.mailboxId ?? '');
    const isVoid = place !== null && cursor !== undefined && cursor.uidValidity !== place.uidValidity;
    if (isVoid) places.set(emailId, [...(places.get(emailId) ?? []), location]);
  }
  return places;
}

/** POP: names of these Emails that are not listed any more, though nobody here has deleted them, by emailId. */
async function lostNames(
  run: RunContext,
  { lost }: MailboxPlan,
  emailIds: ReadonlySet<string>,
): Promise<Map<string, Location[]>> {
  const places = new Map<string, Location[]>();
  const named = [...(lost ?? [])].filter(([, emailId]) => emailIds.has(emailId));
  const receipts = await getReceipts(
    run.services.table,
    run.account.id,
    named.map(([location]) => location),
  );
  for (const [location, emailId] of named) {
    if (!receipts.has(location)) places.set(emailId, [...(places.get(emailId) ?? []), location]);
  }
  return places;
}

/** They are known at their new places, and IMAP's are deleted there. Pure; an Email that is here again is not such. */
export function draftStaying(
  staying: readonly StaysDestroyed[],
  states: ReadonlyMap<string, EmailState>,
): Required<Pick<CommitDraft, 'patched' | 'deleting' | 'withdrawn'>> {
  const gone = staying.filter(({ message }) => !states.has(message.summary.emailId));
  const moved = gone.filter(({ from }) => from !== null);
  return {
    patched: gone.map(({ message: { location, summary } }) => ({
      id: summary.emailId,
      threadId: summary.threadId,
      locations: { [location]: true },
    })),
    deleting: moved.map(({ message: { location, summary } }) => ({
      ...{ location, emailId: summary.emailId, sha256: summary.sha256, size: summary.size },
      policy: 'whenDestroyed' as const,
    })),
    withdrawn: moved.flatMap(({ from }) => from ?? []),
  };
}
