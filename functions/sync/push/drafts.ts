import type { CommitDraft, MailboxCursor, PatchedEmail } from '../../store/commit.ts';
import type { StoredEmail } from '../../store/emails.ts';
import { type Location, parseLocation } from '../../store/keys.ts';
import type { EmailState } from '../../store/state.ts';
import type { RunContext } from '../context.ts';
import { freshCursor, withHandled, withoutHandled } from '../plan.ts';
import type { Moved } from './plan.ts';

/** What a push commits. */

/** The new locations, and cursors that count them as handled, so that the pull does not fetch them again. */
export function draftMoved(
  run: RunContext,
  moved: readonly Moved[],
  states: ReadonlyMap<string, EmailState>,
): Pick<CommitDraft, 'patched' | 'cursors'> {
  const patches = new Map<string, PatchedEmail>();
  for (const { emailId: id, kind, from, to } of moved) {
    const threadId = states.get(id)?.threadId;
    if (!threadId) continue;
    const locations = {
      ...patches.get(id)?.locations,
      [to]: true,
      ...(kind === 'move' && { [from]: false }),
    };
    patches.set(id, { id, threadId, locations });
  }
  const known = moved.filter(({ emailId }) => states.has(emailId));
  const came = known.map(({ to }) => to);
  const left = known.filter(({ kind }) => kind === 'move').map(({ from }) => from);
  return { patched: [...patches.values()], cursors: withHandledAt(run, came, left) };
}

/** The cursors of the mailboxes to which messages came, and which they left, under the UIDVALIDITY that they have. */
export function withHandledAt(
  run: RunContext,
  came: readonly Location[],
  left: readonly Location[] = [],
): Record<string, MailboxCursor> {
  const cursors: Record<string, MailboxCursor> = {};
  const note = (location: Location, change: typeof withHandled) => {
    const place = parseLocation(location);
    if (!place) return;
    const known = cursors[place.mailboxId] ?? run.cursors.get(place.mailboxId);
    const cursor = known ?? freshCursor(place.uidValidity);
    if (cursor.uidValidity === place.uidValidity) {
      cursors[place.mailboxId] = change(cursor, [place.uid]);
    }
  };
  for (const location of came) note(location, withHandled);
  for (const location of left) note(location, withoutHandled);
  return cursors;
}

/** Copies that are the Emails' no more and are to be deleted at the source, which `deletion.ts` does. */
export function draftSurplus(
  surplus: ReadonlyMap<string, readonly Location[]>,
  emails: ReadonlyMap<string, StoredEmail>,
): Pick<CommitDraft, 'patched' | 'deleting'> {
  const known = [...surplus].filter(([id]) => emails.has(id));
  return {
    patched: known.map(([id, locations]) => ({
      id,
      threadId: emails.get(id)?.state.threadId ?? '',
      locations: Object.fromEntries(locations.map(location => [location, false])),
    })),
    deleting: known.flatMap(([emailId, locations]) => {
      const { sha256 = '', size = 0 } = emails.get(emailId)?.summary ?? {};
      return locations.map(location => ({
        location,
        emailId,
        sha256,
        size,
        policy: 'whenDestroyed' as const,
      }));
    }),
  };
}
