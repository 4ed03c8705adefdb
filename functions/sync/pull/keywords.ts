import type { MailboxStatus, SourceEntry } from '../../source/source.ts';
import type { MailboxCursor, PatchedEmail } from '../../store/commit.ts';
import { getLocations, listLocations } from '../../store/emails.ts';
import { imapLocationPrefix, type Location } from '../../store/keys.ts';
import type { EmailState } from '../../store/state.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from '../context.ts';
import { commitInHalves } from '../halves.ts';
import { closedAt, type MailboxPlan, type Pending } from '../plan.ts';
import { locationOf } from './fetch.ts';
import { changePatch, keywordPatch } from './keyword-patch.ts';

const PATCHES_A_COMMIT = 500;
/** More copies, or characters, are not remembered: the cursor has to stay small. What is shown is then only added. */
const MOST_COPIES = 200;
const MOST_CHARACTERS = 50_000;

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

/**
 * Takes over the keywords that the source shows for messages handled before; true when it closed the mailbox. Where
 * they are too many for one commit they go in several; an Email of which that is true alone keeps those it has.
 */
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
  const cursorWith = () => {
    const cursor = withCopies(cursorOf(run, mailbox, plan), copies);
    return { cursors: { [mailbox.id]: closing ? closedAt(cursor, plan, closing) : cursor } };
  };
  const commitPart = (emails: readonly (readonly Shown[])[], isLast: boolean) =>
    commitRun(run, async pending => {
      const states = await run.states.states(emails.flatMap(([copy]) => copy?.id ?? []));
      const patched = emails.flatMap(listed => {
        const state = states.get(listed[0]?.id ?? '');
        // What waits to be deleted there is not its Email's any more.
        const mine = listed.filter(({ location }) => state?.locations.includes(location));
        if (!state || mine.length === 0) return [];
        for (const message of mine) noteCopy(copies, message, state);
        return patchFor(mine, state, { complete, before, plan }, pending.get(state.id)) ?? [];
      });
      return { patched, ...(isLast && cursorWith()) };
    });
  const batches = chunk(byEmail(shown), PATCHES_A_COMMIT);
  for (const [i, batch] of batches.entries()) {
    const alone = async (_: unknown, isLast: boolean) => isLast && commitRun(run, async () => cursorWith());
    await commitInHalves(batch, commitPart, alone, i === batches.length - 1);
  }
  return closing !== null;
}

/** The copies of each Email together: what a listing shows of them is one change. */
function byEmail(shown: readonly Shown[]): Shown[][] {
  const emails = new Map<string, Shown[]>();
  for (const message of shown) {
    const copies = emails.get(message.id);
    if (copies) copies.push(message);
    else emails.set(message.id, [message]);
  }
  return [...emails.values()];
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
 * What the listed copies of an Email do to its keywords, in whatever order they are listed. An incremental listing
 * shows what changed, and an Email with one location is what that shows. A complete listing does not tell which of
 * several copies somebody changed, nor does an incremental one with more than one of them: only what differs from the
 * last time does.
 */
function patchFor(
  listed: readonly Shown[],
  state: EmailState,
  { complete, before, plan }: { complete: boolean; before: Copies; plan: MailboxPlan },
  pending: Pending | undefined,
): PatchedEmail | null {
  const all = [...new Set(listed.flatMap(({ keywords }) => keywords))];
  const isShared = listed.some(each => each.isShared);
  const isKnown = listed.every(({ uid }) => before[uid]);
  const isAll = isShared || state.locations.length === 1 || (!complete && (listed.length === 1 || !isKnown));
  if (isAll) return keywordPatch(state, all, pending, true);
  const changes = listed.flatMap(({ uid, keywords }) => {
    const last = before[uid];
    // With mod-sequences a change has been seen already; what another copy shows is no news.
    const isNews = last !== undefined || plan.listedAt === null;
    return isNews ? [{ before: last ?? [], shown: keywords }] : [];
  });
  return changePatch(state, changes, pending);
}

function noteCopy(copies: Copies, { uid, keywords, isShared }: Shown, { locations }: EmailState): void {
  if (locations.length > 1 && !isShared) copies[uid] = [...keywords];
  else delete copies[uid];
}

function withCopies({ copies: _, ...cursor }: MailboxCursor, copies: Copies): MailboxCursor {
  const count = Object.keys(copies).length;
  const isSmall = count <= MOST_COPIES && JSON.stringify(copies).length <= MOST_CHARACTERS;
  return count > 0 && isSmall ? { ...cursor, copies } : cursor;
}
