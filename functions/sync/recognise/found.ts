import type { CommitDraft, CreatedEmail, PatchedEmail } from '../../store/commit.ts';
import type { Location } from '../../store/keys.ts';
import type { EmailSummary } from '../../store/rows.ts';
import { changes, type EmailState } from '../../store/state.ts';
import type { PulledMailbox, RunContext } from '../context.ts';
import type { Pending } from '../plan.ts';
import { keywordPatch } from '../pull/keyword-patch.ts';

/** What a message that was found at the source does to the Emails. Pure. */

/** A message of the source that is durable here, by its content or because it was recognised. */
export interface FoundMessage {
  uid: string;
  location: Location;
  summary: Pick<EmailSummary, 'emailId' | 'sha256' | 'threadId'>;
  /** The keywords the source showed when it was listed. */
  keywords: readonly string[];
}

/** What is said of the messages beside the Emails themselves. */
export interface Listed {
  /** Sizes that a POP source listed, in octets, by UIDL. */
  sizes: ReadonlyMap<string, number>;
  /** Which Email was stored from a location before. */
  owners: ReadonlyMap<Location, string>;
}

/**
 * POP: the size of each message, by which it shows when its UIDL is given to another. Where that was so, the Email
 * that had it is at the source no more; it stays here. Pure.
 */
export function draftUidls(
  found: readonly FoundMessage[],
  states: ReadonlyMap<string, EmailState>,
  { sizes, owners }: Listed,
): Required<Pick<CommitDraft, 'patched' | 'sizes'>> {
  const patched = new Map<string, PatchedEmail>();
  const listed: Record<Location, number> = {};
  const patch = (id: string, location: Location, present: boolean) => {
    const threadId = states.get(id)?.threadId;
    if (threadId === undefined) return;
    const locations = { ...patched.get(id)?.locations, [location]: present };
    patched.set(id, { id, threadId, locations });
  };
  for (const { uid, location, summary } of found) {
    const owner = owners.get(location);
    if (owner !== undefined && owner !== summary.emailId) patch(owner, location, false);
    patch(summary.emailId, location, true);
    const size = sizes.get(uid);
    if (size !== undefined) listed[location] = size;
  }
  return { patched: [...patched.values()], sizes: listed };
}

/** Copies of one Email at a source: the row that names their places has to stay small. */
export const MOST_PLACES = 5_000;

/** Whether an Email can be at one more place; where it is already, it can. */
export function hasRoomAt(
  states: ReadonlyMap<string, EmailState>,
  emailId: string,
  location: Location,
): boolean {
  const locations = states.get(emailId)?.locations ?? [];
  return locations.length < MOST_PLACES || locations.includes(location);
}

/** Emails created, and known ones that were found at one more location. The same bytes are the same Email. */
export function draftFound(
  run: RunContext,
  mailbox: PulledMailbox,
  found: readonly FoundMessage[],
  states: ReadonlyMap<string, EmailState>,
  pending: ReadonlyMap<string, Pending>,
): Pick<CommitDraft, 'created' | 'patched'> {
  const created = new Map<string, CreatedEmail>();
  const patched = new Map<string, PatchedEmail>();
  for (const { location, summary, keywords } of found) {
    const { emailId: id, sha256, threadId } = summary;
    const state = states.get(id);
    const begun = created.get(id);
    if (begun) begun.locations.push(location);
    else if (!state) {
      created.set(id, {
        id,
        sha256,
        threadId,
        mailboxIds: [mailbox.id],
        keywords: [...keywords],
        locations: [location],
      });
    } else {
      const patch = foundAgain(run, mailbox, state, location, keywords, pending.get(id));
      if (changes(state, patch)) patched.set(id, mergePatch(patched.get(id), patch));
    }
  }
  return { created: [...created.values()], patched: [...patched.values()] };
}

/**
 * IMAP: the mailbox is one more of the Email's. POP has one mailbox, where the person may have moved the Email
 * away since: a UIDL that changed does not bring it back to the Inbox.
 */
function foundAgain(
  run: RunContext,
  mailbox: PulledMailbox,
  state: EmailState,
  location: Location,
  keywords: readonly string[],
  pending: Pending | undefined,
): PatchedEmail {
  const { id, threadId } = state;
  const place = { [location]: true };
  if (run.source.protocol === 'pop') return { id, threadId, locations: place };
  const added = keywordPatch(state, keywords, pending, false);
  return {
    ...(added ?? { id, threadId }),
    locations: place,
    ...(!pending?.mailboxIds.has(mailbox.id) && { mailboxIds: { [mailbox.id]: true } }),
  };
}

function mergePatch(first: PatchedEmail | undefined, second: PatchedEmail): PatchedEmail {
  return {
    ...second,
    ...(first?.keywords && { keywords: { ...first.keywords, ...second.keywords } }),
    locations: { ...first?.locations, ...second.locations },
  };
}
