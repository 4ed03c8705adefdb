import type { MessageHint, SourceEntry } from '../../source/source.ts';
import type { CommitDraft, MailboxCursor, PatchedEmail } from '../../store/commit.ts';
import { getObjects, listLocations } from '../../store/emails.ts';
import {
  imapLocation,
  imapLocationPrefix,
  type Location,
  objectKeyOf,
  parseLocation,
} from '../../store/keys.ts';
import { listDeleting, MANY_DELETING } from '../../store/receipts.ts';
import type { EmailState } from '../../store/state.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, cursorOf, hasTime, type PulledMailbox, type RunContext } from '../context.ts';
import { commitInHalves } from '../halves.ts';
import { type MailboxPlan, type Renumbered, withHandled } from '../plan.ts';
import { locationOf } from '../pull/fetch.ts';
import { openCandidates, spendCandidate } from './candidates.ts';
import { draftFound, type FoundMessage, hasRoomAt } from './found.ts';
import { matchHints } from './recognise.ts';

/** Messages that are stored already and listed at a new place are recognised there, and not fetched again. */

const HINTS_A_CALL = 500;
const FOUND_A_COMMIT = 200;

/** A message that is an Email stored before. */
export interface Recognised {
  entry: SourceEntry;
  emailId: string;
  /** True where the source's own id of the message was not known yet. */
  isNewObject: boolean;
}

/**
 * The new messages of a mailbox that are stored already: those whose id at the source is known (OBJECTID, Gmail), and
 * those that are recognised as candidates, by a hint each, asked for only where sizes agree.
 */
export async function recognise(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
): Promise<Recognised[]> {
  const byObject = await recogniseObjects(run, plan.fetch);
  const known = new Set(byObject.map(({ entry }) => entry.uid));
  const candidates = openCandidates(run);
  const sizes = new Set(candidates.map(({ size }) => size));
  const likely = plan.fetch.filter(({ uid, size }) => size !== null && sizes.has(size) && !known.has(uid));
  const matched = matchHints(await hintsOf(run, mailbox.path, likely), candidates);
  const byHint = likely.flatMap(entry => {
    const emailId = matched.get(entry.uid)?.emailId;
    return emailId === undefined ? [] : [{ entry, emailId, isNewObject: entry.emailId !== undefined }];
  });
  return [...byObject, ...byHint];
}

/** Messages that the source names as it named a stored one; the size it lists has to agree, lest it is mistaken. */
async function recogniseObjects(run: RunContext, entries: readonly SourceEntry[]): Promise<Recognised[]> {
  const named = entries.flatMap(({ emailId }) => (emailId === undefined ? [] : [emailId]));
  const objects = await getObjects(run.services.table, run.account.id, named);
  return entries.flatMap(entry => {
    const object = objects.get(entry.emailId ?? '');
    const isSame = object !== undefined && object.size === entry.size;
    return isSame ? [{ entry, emailId: object.emailId, isNewObject: false }] : [];
  });
}

/** What the source tells of these messages without their bytes; nothing where it cannot. */
export async function hintsOf(
  run: RunContext,
  path: string,
  entries: readonly Pick<SourceEntry, 'uid'>[],
): Promise<MessageHint[]> {
  const hints: MessageHint[] = [];
  for (const part of chunk(entries, HINTS_A_CALL)) {
    run.checkLease();
    const uids = part.map(({ uid }) => uid);
    hints.push(...((await run.source.hints?.(path, uids)) ?? []));
  }
  return hints;
}

/**
 * Commits what was recognised: those Emails are in this mailbox, too. Gives the UIDs that are handled thereby; an
 * Email that was destroyed meanwhile is not brought back, and its message is fetched.
 */
export async function commitRecognised(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  recognised: readonly Recognised[],
): Promise<Set<string>> {
  const handled = new Set<string>();
  const commitPart = async (part: readonly Recognised[]) => {
    let alive: Recognised[] = [];
    await commitRun(run, async pending => {
      const states = await run.states.states(part.map(({ emailId }) => emailId));
      const locate = ({ uid }: SourceEntry) => locationOf(run, mailbox, plan.cursor.uidValidity, uid);
      alive = part.filter(
        ({ emailId, entry }) => states.has(emailId) && hasRoomAt(states, emailId, locate(entry)),
      );
      const found = alive.map(each => toFound(run, mailbox, plan, each, states));
      const uids = found.map(({ uid }) => uid);
      return {
        ...draftFound(run, mailbox, found, states, pending),
        ...draftNewObjects(alive),
        cursors: { [mailbox.id]: withHandled(cursorOf(run, mailbox, plan), uids) },
      };
    });
    for (const { entry, emailId } of alive) {
      handled.add(entry.uid);
      spendCandidate(run, emailId);
    }
  };
  // One of which too much is said to be kept is fetched, and kept apart then.
  const alone = async () => {};
  for (const part of chunk(recognised, FOUND_A_COMMIT)) {
    if (!hasTime(run)) break;
    await commitInHalves(part, commitPart, alone);
  }
  return handled;
}

function toFound(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { entry, emailId }: Recognised,
  states: ReadonlyMap<string, EmailState>,
): FoundMessage {
  const { uid, keywords } = entry;
  const location = locationOf(run, mailbox, plan.cursor.uidValidity, uid);
  // It is there, so that nothing is created of what a checksum would be needed for.
  const summary = { emailId, threadId: states.get(emailId)?.threadId ?? '', sha256: '' };
  return { uid, location, summary, keywords: keywords ?? [] };
}

function draftNewObjects(recognised: readonly Recognised[]): Pick<CommitDraft, 'objects'> {
  const named = recognised.filter(({ isNewObject }) => isNewObject);
  if (named.length === 0) return {};
  return {
    objects: Object.fromEntries(
      named.map(({ entry, emailId }) => [objectKeyOf(entry.emailId ?? ''), { emailId, size: entry.size }]),
    ),
  };
}

/**
 * A mailbox whose UIDs are void although its UIDVALIDITY is one that was there before: the stored locations give up
 * that UIDVALIDITY, because other messages get the same UIDs under it. Killed in between it is done again.
 */
export async function renumber(
  run: RunContext,
  mailboxId: string,
  { from, to }: Renumbered,
  cursor: MailboxCursor,
): Promise<void> {
  const prefix = imapLocationPrefix(mailboxId, from);
  const locations = await listLocations(run.services.table, run.account.id, prefix);
  for (const part of chunk([...locations], FOUND_A_COMMIT)) {
    await commitRun(run, async () => {
      const states = await run.states.states(part.map(([, emailId]) => emailId));
      const patches = new Map<string, PatchedEmail>();
      for (const [location, id] of part) {
        const state = states.get(id);
        if (!state?.locations.includes(location)) continue;
        const before = patches.get(id);
        const moved = { [location]: false, [under(location, to)]: true };
        const { threadId } = state;
        patches.set(id, { id, threadId, locations: { ...before?.locations, ...moved } });
      }
      return { patched: [...patches.values()] };
    });
  }
  await renumberDeleting(run, prefix, to);
  await commitRun(run, async () => ({ cursors: { [mailboxId]: cursor } }));
}

/** What waits to be deleted there is no longer at these UIDs either, and stays destroyed wherever it is now. */
async function renumberDeleting(run: RunContext, prefix: string, to: string): Promise<void> {
  const waiting = await listDeleting(run.services.table, run.account.id, MANY_DELETING);
  for (const part of chunk(
    waiting.filter(({ location }) => location.startsWith(prefix)),
    FOUND_A_COMMIT,
  )) {
    await commitRun(run, async () => ({
      withdrawn: part.map(({ location }) => location),
      deleting: part.map(({ location, emailId, sha256, size, policy }) => ({
        ...{ location: under(location, to), emailId, sha256, size, policy },
      })),
    }));
  }
}

function under(location: Location, uidValidity: string): Location {
  const place = parseLocation(location);
  return place ? imapLocation(place.mailboxId, uidValidity, place.uid) : location;
}
