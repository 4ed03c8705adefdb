import type { MailboxCursor } from '../../store/commit.ts';
import { getEmails, getLocations, listLocations } from '../../store/emails.ts';
import { imapLocation, imapLocationPrefix, type Location, mailboxLocationPrefix } from '../../store/keys.ts';
import { chunk } from '../../store/table.ts';
import type { RunContext } from '../context.ts';
import { type Candidate, toCandidate } from './recognise.ts';

/** Emails that have lost a place at the source in this run, and so may be found at another one. */

/** What an Email is recognised by, and its lost places: each explains one place where it is found. */
export interface LostEmail {
  candidate: Candidate;
  /** Where it was when it first was said to have lost one. */
  locations: readonly Location[];
  open: Set<Location>;
  spent: Set<Location>;
}

const EMAILS_A_READ = 1_000;

/**
 * These Emails have lost these places, or may have, but for those that `isFound` says to have been found since. Saying
 * so again changes nothing.
 */
export async function addCandidates(
  run: RunContext,
  lost: Iterable<readonly [Location, string]>,
  isFound: (locations: readonly Location[]) => boolean = () => false,
): Promise<void> {
  const places = [...lost];
  const unknown = new Set(places.map(([, id]) => id).filter(id => !run.candidates.has(id)));
  for (const ids of chunk([...unknown], EMAILS_A_READ)) {
    const emails = await getEmails(run.services.table, run.account.id, ids);
    for (const [id, { summary, state }] of emails) {
      const { locations } = state;
      run.candidates.set(id, {
        candidate: toCandidate(summary),
        locations,
        open: new Set(),
        spent: new Set(),
      });
    }
  }
  for (const [location, id] of places) {
    const email = run.candidates.get(id);
    if (!email || email.spent.has(location) || !email.locations.includes(location)) continue;
    if (!isFound(email.locations)) email.open.add(location);
  }
}

/**
 * The Emails that a mailbox had under UIDVALIDITYs before the present one become candidates, unless they have been found
 * in it again: by a run that was stopped, after which what looks like them is another message.
 */
export async function addCandidatesOf(
  run: RunContext,
  mailboxId: string,
  { stale, uidValidity }: Pick<MailboxCursor, 'stale' | 'uidValidity'>,
): Promise<void> {
  const here = imapLocationPrefix(mailboxId, uidValidity);
  const isFound = (locations: readonly Location[]) => locations.some(place => place.startsWith(here));
  for (const old of stale) await addCandidatesUnder(run, imapLocationPrefix(mailboxId, old), isFound);
}

/** All Emails that a mailbox ever had become candidates. */
export async function addCandidatesIn(run: RunContext, mailboxId: string): Promise<void> {
  await addCandidatesUnder(run, mailboxLocationPrefix(mailboxId));
}

async function addCandidatesUnder(
  run: RunContext,
  prefix: string,
  isFound?: (locations: readonly Location[]) => boolean,
): Promise<void> {
  if (!run.source.hints) return;
  await addCandidates(run, await listLocations(run.services.table, run.account.id, prefix), isFound);
}

/**
 * The Emails at these UIDs of a mailbox become candidates, unless they are elsewhere, too: perhaps since a run that was
 * stopped has found them there.
 */
export async function addCandidatesAt(
  run: RunContext,
  mailboxId: string,
  uidValidity: string,
  uids: readonly string[],
): Promise<void> {
  const lost = new Set(uids.map(uid => imapLocation(mailboxId, uidValidity, uid)));
  const isFound = (locations: readonly Location[]) => locations.some(place => !lost.has(place));
  await addCandidates(run, await getLocations(run.services.table, run.account.id, [...lost]), isFound);
}

/** The Emails that have been found less often than they were lost. */
export function openCandidates(run: RunContext): Candidate[] {
  return [...run.candidates.values()].filter(({ open }) => open.size > 0).map(({ candidate }) => candidate);
}

/** An Email was found: what looks like it elsewhere is another message, unless it lost another place, too. */
export function spendCandidate(run: RunContext, emailId: string): void {
  const email = run.candidates.get(emailId);
  const [place] = email?.open ?? [];
  if (!email || place === undefined) return;
  email.open.delete(place);
  email.spent.add(place);
}
