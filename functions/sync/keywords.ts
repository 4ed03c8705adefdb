import type { MailboxStatus, SourceEntry } from '../source/source.ts';
import type { MailboxCursor, PatchedEmail } from '../store/commit.ts';
import { getLocations, listLocations } from '../store/emails.ts';
import { imapLocationPrefix, type Location } from '../store/keys.ts';
import type { EmailState } from '../store/state.ts';
import { chunk } from '../store/table.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from './context.ts';
import { locationOf } from './fetch.ts';
import { changePatch, closedAt, keywordPatch, type MailboxPlan, type Pending } from './plan.ts';

const PATCHES_A_COMMIT = 500;
/** More copies are not remembered: the cursor has to stay small. What is shown is then only added. */
const MOST_COPIES = 200;

/** A message handled before, with its Email and what the source shows of it now. */
interface Shown {
  uid: string;
  location: Location;
  id: string;
  keywords: readonly string[];
  /** True where all copies of a message share their keywords: labels of Gmail. */
  isShared: boolean;
}

type Copies = Record<string, string[]>;

/** Takes over the keywords that the source shows for messages handled before; true when it closed the mailbox. */
export async function commitKeywords(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  complete: boolean,
  closing: MailboxStatus | null,
): Promise<boolean> {
  const shown = await emailsOf(run, mailbox, plan, complete);
  if (shown.length === 0) return false;
  const before = plan.cursor.copies ?? {};
  const copies: Copies = complete ? {} : { ...before };
  const batches = chunk(shown, PATCHES_A_COMMIT);
  for (const [i, batch] of batches.entries()) {
    const isLast = i === batches.length - 1;
    await commitRun(run, async pending => {
      const states = await run.states.states(batch.map(({ id }) => id));
      const patched = new Map<string, PatchedEmail>();
      for (const message of batch) {
        const state = states.get(message.id);
        // What waits to be deleted there is not its Email's any more.
        if (!state?.locations.includes(message.location)) continue;
        noteCopy(copies, message, state);
        const patch = patchFor(message, state, { complete, before, plan }, pending.get(message.id));
        if (patch) patched.set(message.id, patch);
      }
      const cursor = isLast ? withCopies(cursorOf(run, mailbox, plan), copies) : null;
      const closed = cursor && closing ? closedAt(cursor, plan, closing) : cursor;
      return { patched: [...patched.values()], ...(closed && { cursors: { [mailbox.id]: closed } }) };
    });
  }
  return closing !== null;
}

async function emailsOf(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  complete: boolean,
): Promise<Shown[]> {
  const known = plan.known.filter(entry => entry.keywords !== null);
  if (known.length === 0) return [];
  const { uidValidity } = plan.cursor;
  const locate = (entry: SourceEntry) => locationOf(run, mailbox, uidValidity, entry.uid);
  const { table } = run.services;
  const locations = complete
    ? await listLocations(table, run.account.id, imapLocationPrefix(mailbox.id, uidValidity))
    : await getLocations(table, run.account.id, known.map(locate));
  return known.flatMap(entry => {
    const location = locate(entry);
    const id = locations.get(location);
    const isShared = entry.labels !== undefined;
    return id ? [{ uid: entry.uid, location, id, keywords: entry.keywords ?? [], isShared }] : [];
  });
}

/**
 * An incremental listing shows what changed, and an Email with one location is what that shows. A complete listing
 * does not tell which of several copies somebody changed: only what differs from the last time does.
 */
function patchFor(
  { uid, keywords, isShared }: Shown,
  state: EmailState,
  { complete, before, plan }: { complete: boolean; before: Copies; plan: MailboxPlan },
  pending: Pending | undefined,
): PatchedEmail | null {
  const isAll = !complete || isShared || state.locations.length === 1;
  if (isAll) return keywordPatch(state, keywords, pending, true);
  const last = before[uid];
  if (last) return changePatch(state, last, keywords, pending);
  // With mod-sequences a change has been seen already; what another copy shows is no news.
  return plan.listedAt === null ? keywordPatch(state, keywords, pending, false) : null;
}

function noteCopy(copies: Copies, { uid, keywords, isShared }: Shown, { locations }: EmailState): void {
  if (locations.length > 1 && !isShared) copies[uid] = [...keywords];
  else delete copies[uid];
}

function withCopies({ copies: _, ...cursor }: MailboxCursor, copies: Copies): MailboxCursor {
  const count = Object.keys(copies).length;
  return count > 0 && count <= MOST_COPIES ? { ...cursor, copies } : cursor;
}
