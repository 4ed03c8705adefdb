import { getEmails, getLocations, listLocations } from '../store/emails.ts';
import { imapLocation, imapLocationPrefix, type Location, mailboxLocationPrefix } from '../store/keys.ts';
import { chunk } from '../store/table.ts';
import type { RunContext } from './context.ts';
import { type Candidate, toCandidate } from './recognise.ts';

/** Emails that have lost a place at the source in this run, and so may be found at another one. */

/** What an Email is recognised by, and its lost places: each explains one place where it is found. */
export interface LostEmail {
  candidate: Candidate;
  open: Set<Location>;
  spent: Set<Location>;
}

const EMAILS_A_READ = 1_000;

/** These Emails have lost these places, or may have. Saying so again changes nothing. */
export async function addCandidates(
  run: RunContext,
  lost: Iterable<readonly [Location, string]>,
): Promise<void> {
  const places = [...lost];
  const unknown = new Set(places.map(([, id]) => id).filter(id => !run.candidates.has(id)));
  for (const ids of chunk([...unknown], EMAILS_A_READ)) {
    const emails = await getEmails(run.services.table, run.account.id, ids);
    for (const [id, { summary }] of emails) {
      run.candidates.set(id, { candidate: toCandidate(summary), open: new Set(), spent: new Set() });
    }
  }
  for (const [location, id] of places) {
    const email = run.candidates.get(id);
    if (email && !email.spent.has(location)) email.open.add(location);
  }
}

/** The Emails that a mailbox had under these UIDVALIDITYs become candidates. */
export async function addCandidatesOf(
  run: RunContext,
  mailboxId: string,
  validities: readonly string[],
): Promise<void> {
  for (const uidValidity of validities) {
    await addCandidatesUnder(run, imapLocationPrefix(mailboxId, uidValidity));
  }
}

/** All Emails that a mailbox ever had become candidates. */
export async function addCandidatesIn(run: RunContext, mailboxId: string): Promise<void> {
  await addCandidatesUnder(run, mailboxLocationPrefix(mailboxId));
}

async function addCandidatesUnder(run: RunContext, prefix: string): Promise<void> {
  if (!run.source.hints) return;
  await addCandidates(run, await listLocations(run.services.table, run.account.id, prefix));
}

/** The Emails at these UIDs of a mailbox become candidates. */
export async function addCandidatesAt(
  run: RunContext,
  mailboxId: string,
  uidValidity: string,
  uids: readonly string[],
): Promise<void> {
  const locations = uids.map(uid => imapLocation(mailboxId, uidValidity, uid));
  await addCandidates(run, await getLocations(run.services.table, run.account.id, locations));
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
