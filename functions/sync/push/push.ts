import { isForNow, type SourceError } from '../../source/errors.ts';
import type { SourceMailbox, SourceWriter } from '../../source/source.ts';
import type { Commit, CommitDraft, PatchedEmail } from '../../store/commit.ts';
import { getEmails, getLocations } from '../../store/emails.ts';
import { type Location, parseLocation } from '../../store/keys.ts';
import { catchUp, letExpire, readUnpushed } from '../../store/log.ts';
import type { EmailState } from '../../store/state.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { pushImports } from './appends.ts';
import { draftMoved, draftSurplus } from './drafts.ts';
import { deleteMailboxes } from './mailbox-deletion.ts';
import { pushMailboxes, undoMailbox } from './mailboxes.ts';
import { pushKeywords, pushMoves } from './messages.ts';
import {
  afterMoves,
  foldWishes,
  leavesUnknown,
  type Moved,
  planPush,
  surplusCopies,
  type Wish,
} from './plan.ts';
import type { Refusal } from './refusals.ts';

/** Keeps a commit far below the 400 KB of an item. */
const PATCHES_A_COMMIT = 200;

/**
 * Tells the source what devices changed after the pushed position: mailboxes made and renamed, messages imported,
 * keywords, copies and moves, mailboxes destroyed; then commits the new position and the new locations. Killed in
 * between it is told again, which changes nothing: a keyword that is set stays set, a UID that was moved is no longer
 * there to move, and what was copied or appended is found before it is copied or appended again.
 *
 * What the source refuses keeps nothing else back: the position stays, so that it is told again by the next run;
 * what was refused for good twice is undone here. Gives the first refusal, for the person, or null.
 * @param seen the source's mailboxes, as this run first listed them
 */
export async function push(
  run: RunContext,
  writer: SourceWriter,
  seen: readonly SourceMailbox[],
): Promise<SourceError | null> {
  const head = await catchUp(run.services, run.account.id);
  const commits = await readUnpushed(run.services, run.account.id, head);
  if (commits.length === 0) return null;
  const refusals: Refusal[] = [];
  const touched = commits.some(({ mailboxes }) => Object.values(mailboxes).some(ids => ids.length > 0));
  const pending = touched ? await pushMailboxes(run, writer, refusals) : null;
  const wishes = foldWishes(commits);
  const isInTime = await pushImports(run, writer, wishes, seen, refusals);
  const { patched, isKnown, ...told } = await pushMessages(run, writer, wishes, { seen, refusals });
  let { drafts } = told;
  let isEmptied = true;
  if (pending && pending.destroyed.size > 0) {
    // What leaves these mailboxes has to be on its way before they go.
    await commitAll(run, drafts, null);
    drafts = [];
    isEmptied = await deleteMailboxes(run, writer, pending, refusals);
  }
  const givenUp = refusals.filter(({ error }) => !isForNow(error.code) && error.code === run.lastFailure);
  const isDone = isInTime && isKnown && isEmptied && givenUp.length === refusals.length;
  for (const { mailbox } of givenUp) if (mailbox) await undoMailbox(run, mailbox);
  const undone = [...patched, ...givenUp.flatMap(({ undo }) => undo)];
  const all = [...chunk(undone, PATCHES_A_COMMIT).map(part => () => ({ patched: part })), ...drafts];
  await commitAll(run, all, isDone ? last(commits) : null);
  if (isDone) await letExpire(run.services, run.account.id, commits);
  return refusals[0]?.error ?? null;
}

type Draft = Omit<CommitDraft, 'by'>;

/** Tells the keywords, copies and moves, and gives what follows here. */
async function pushMessages(
  run: RunContext,
  writer: SourceWriter,
  wishes: ReadonlyMap<string, Wish>,
  { seen, refusals }: { seen: readonly SourceMailbox[]; refusals: Refusal[] },
): Promise<{ patched: PatchedEmail[]; drafts: (() => Draft)[]; isKnown: boolean }> {
  await run.states.at(await catchUp(run.services, run.account.id));
  const states = await addressable(run, await run.states.states([...wishes.keys()]));
  const operations = [...wishes].flatMap(([id, wish]) => {
    const state = states.get(id);
    return state ? planPush(state, wish) : [];
  });
  const patched = await pushKeywords(run, writer, operations, refusals);
  const moved = await pushMoves(run, writer, operations, seen, refusals);
  const drafts = chunk(moved, PATCHES_A_COMMIT).map(part => () => draftMoved(run, part, states));
  const isUnknown = (state: EmailState) => leavesUnknown(afterMoves(state, moved), operations);
  const isKnown = !run.source.remover || refusals.length > 0 || ![...states.values()].some(isUnknown);
  return { patched, drafts: [...drafts, ...(await surplusDrafts(run, wishes, states, moved))], isKnown };
}

/** What the source has of an Email in mailboxes which that has left is deleted there. */
async function surplusDrafts(
  run: RunContext,
  wishes: ReadonlyMap<string, Wish>,
  states: ReadonlyMap<string, EmailState>,
  moved: readonly Moved[],
): Promise<(() => Draft)[]> {
  if (!run.source.remover) return [];
  const surplus = [...wishes].flatMap(([id, wish]) => {
    const state = states.get(id);
    const locations = state ? surplusCopies(afterMoves(state, moved), wish) : [];
    return locations.length > 0 ? [[id, locations] as const] : [];
  });
  const drafts: (() => Draft)[] = [];
  for (const part of chunk(surplus, PATCHES_A_COMMIT)) {
    const ids = part.map(([id]) => id);
    const emails = await getEmails(run.services.table, run.account.id, ids);
    drafts.push(() => draftSurplus(new Map(part), emails));
  }
  return drafts;
}

/** Commits one draft after the other; with the last, how far the source has been told. */
async function commitAll(
  run: RunContext,
  drafts: readonly (() => Draft)[],
  pushed: number | null,
): Promise<void> {
  for (const draft of drafts.slice(0, -1)) await commitRun(run, async () => draft());
  await commitRun(run, async () => ({ ...drafts.at(-1)?.(), ...(pushed !== null && { pushed }) }));
}

const last = (commits: readonly Commit[]): number => commits.at(-1)?.n ?? 0;

/**
 * The Emails with only the locations at which the source still keeps them: under the UIDVALIDITY that the mailbox
 * has now, and with a UID that no other message has got since. What a device means is never done to another one.
 */
async function addressable(
  run: RunContext,
  states: ReadonlyMap<string, EmailState>,
): Promise<Map<string, EmailState>> {
  const all = [...states.values()].flatMap(state => state.locations);
  const owners = await getLocations(run.services.table, run.account.id, all);
  const isCurrent = (location: Location) => {
    const place = parseLocation(location);
    const cursor = run.cursors.get(place?.mailboxId ?? '');
    return !cursor || cursor.uidValidity === place?.uidValidity;
  };
  const keeps = (id: string) => (location: Location) => owners.get(location) === id && isCurrent(location);
  return new Map(
    [...states].map(([id, state]) => [id, { ...state, locations: state.locations.filter(keeps(id)) }]),
  );
}
