import { isForNow, SourceError } from '../source/errors.ts';
import type { CopiedTo, SourceWriter } from '../source/source.ts';
import type { Commit, MailboxCursor, PatchedEmail } from '../store/commit.ts';
import { getLocations } from '../store/emails.ts';
import { imapLocation, type Location, parseLocation } from '../store/keys.ts';
import { catchUp, letExpire, readUnpushed } from '../store/log.ts';
import type { EmailState } from '../store/state.ts';
import { chunk } from '../store/table.ts';
import { commitRun, type RunContext } from './context.ts';
import { withHandled, withoutHandled } from './plan.ts';

/** The net effect of many commits on one Email: the last word on each keyword and each mailbox. */
export interface Wish {
  keywords: Record<string, boolean>;
  mailboxIds: Record<string, boolean>;
}

/** One thing to tell the source about one message. */
export type PushOperation = { emailId: string; threadId: string; location: Location } & (
  | { kind: 'keyword'; keyword: string; present: boolean }
  | { kind: 'move' | 'copy'; toMailboxId: string }
);

/** Keeps a commit far below the 400 KB of an item. */
const PATCHES_A_COMMIT = 200;

/** How a server says no to one change; after anything else the session is not trusted. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['refused', 'protocol', 'temporary'],
  ...['throttled', 'quota'],
]);

/** Folds the devices' commits, in log order, into one wish for each Email. Pure. */
export function foldWishes(commits: readonly Commit[]): Map<string, Wish> {
  const wishes = new Map<string, Wish>();
  for (const { patched } of commits) {
    for (const { id, keywords, mailboxIds } of patched) {
      const before = wishes.get(id);
      wishes.set(id, {
        keywords: { ...before?.keywords, ...keywords },
        mailboxIds: { ...before?.mailboxIds, ...mailboxIds },
      });
    }
  }
  return wishes;
}

/**
 * What has to be told for one Email: each keyword at each of its locations; then, for each mailbox it should
 * newly be in, a move from one it should have left, or a copy. A copy in a mailbox it should have left and that
 * no move took stays at the source: nothing is deleted there. Pure.
 */
export function planPush(state: EmailState, wish: Wish): PushOperation[] {
  const operations: PushOperation[] = [];
  const email = { emailId: state.id, threadId: state.threadId };
  for (const [keyword, present] of Object.entries(wish.keywords)) {
    for (const location of state.locations) {
      operations.push({ ...email, kind: 'keyword', location, keyword, present });
    }
  }
  const at = (mailboxId: string) => state.locations.find(l => parseLocation(l)?.mailboxId === mailboxId);
  const wanted = Object.entries(wish.mailboxIds);
  const leaving = wanted.filter(([id, present]) => !present && at(id)).map(([id]) => at(id) as Location);
  for (const [toMailboxId] of wanted.filter(([id, present]) => present && !at(id))) {
    const from = leaving.shift();
    const location = from ?? state.locations[0];
    if (location) operations.push({ ...email, kind: from ? 'move' : 'copy', location, toMailboxId });
  }
  return operations;
}

/**
 * Tells the source what devices changed after the pushed position, then commits the new position and the new
 * locations. Killed in between it is told again, which changes nothing: a keyword that is set stays set, and a
 * UID that was moved is no longer there to move.
 *
 * What the source refuses keeps nothing else back: the position stays, so that it is told again by the next run;
 * what was refused for good twice is undone here. Gives the first refusal, for the person, or null.
 */
export async function push(run: RunContext, writer: SourceWriter): Promise<SourceError | null> {
  const head = await catchUp(run.services, run.account.id);
  const commits = await readUnpushed(run.services, run.account.id, head);
  if (commits.length === 0) return null;
  const wishes = foldWishes(commits);
  await run.states.at(head);
  const states = await addressable(run, await run.states.states([...wishes.keys()]));
  const operations = [...wishes].flatMap(([id, wish]) => {
    const state = states.get(id);
    return state ? planPush(state, wish) : [];
  });
  const refusals = await storeKeywords(run, writer, operations);
  const moved = await moveMessages(run, writer, operations, refusals);
  const givenUp = refusals.filter(({ error }) => !isForNow(error.code) && error.code === run.lastFailure);
  const done = givenUp.length === refusals.length;
  const last = commits.at(-1)?.n ?? head.applied;
  const parts = chunk(moved, PATCHES_A_COMMIT);
  for (const part of parts.slice(0, -1)) await commitRun(run, async () => draftMoved(run, part, states));
  for (const patched of chunk(undo(givenUp), PATCHES_A_COMMIT))
    await commitRun(run, async () => ({ patched }));
  await commitRun(run, async () => ({
    ...draftMoved(run, parts.at(-1) ?? [], states),
    ...(done && { pushed: last }),
  }));
  if (done) await letExpire(run.services, run.account.id, commits);
  return refusals[0]?.error ?? null;
}

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

/** What the source did not do, and why. */
interface Refusal {
  operations: readonly PushOperation[];
  error: SourceError;
}

/** Tells one group; a refusal is noted, and anything else is the end of the session. */
async function tell(
  group: readonly PushOperation[],
  refusals: Refusal[],
  command: () => Promise<void>,
): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SourceError) || !REFUSALS.has(error.code)) throw error;
    refusals.push({ operations: group, error });
  }
}

/** The Emails as the source keeps them, after it refused to change them. Pure. */
function undo(refusals: readonly Refusal[]): PatchedEmail[] {
  return refusals
    .flatMap(({ operations }) => operations)
    .map(operation => {
      const { emailId: id, threadId, location } = operation;
      if (operation.kind === 'keyword') {
        return { id, threadId, keywords: { [operation.keyword]: !operation.present } };
      }
      const back = operation.kind === 'move' ? { [mailboxOf(location)]: true } : {};
      return { id, threadId, mailboxIds: { [operation.toMailboxId]: false, ...back } };
    });
}

async function storeKeywords(
  run: RunContext,
  writer: SourceWriter,
  operations: readonly PushOperation[],
): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const keywords = operations.filter(operation => operation.kind === 'keyword');
  for (const group of groupBy(keywords, o => `${mailboxOf(o.location)}\n${o.keyword}\n${o.present}`)) {
    const first = group[0];
    const path = first && pathOf(run, mailboxOf(first.location));
    if (!first || !path) continue;
    const uids = group.map(operation => parseLocation(operation.location)?.uid ?? '');
    const [add, remove] = first.present ? [[first.keyword], []] : [[], [first.keyword]];
    await tell(group, refusals, () => writer.storeKeywords(path, uids, add, remove));
  }
  return refusals;
}

interface Moved {
  emailId: string;
  kind: 'move' | 'copy';
  from: Location;
  to: Location;
}

async function moveMessages(
  run: RunContext,
  writer: SourceWriter,
  operations: readonly PushOperation[],
  refusals: Refusal[],
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const moves = operations.filter(operation => operation.kind !== 'keyword');
  for (const group of groupBy(moves, o => `${mailboxOf(o.location)}\n${o.kind}\n${o.toMailboxId}`)) {
    const first = group[0];
    const from = first && pathOf(run, mailboxOf(first.location));
    const to = first && pathOf(run, first.toMailboxId);
    if (!first || !from || !to) continue;
    const uids = group.map(operation => parseLocation(operation.location)?.uid ?? '');
    await tell(group, refusals, async () => {
      const copied = await writer[first.kind](from, uids, to);
      for (const { emailId, kind, location, toMailboxId } of copied ? group : []) {
        const target = newLocation(copied as CopiedTo, location, toMailboxId);
        if (target) moved.push({ emailId, kind, from: location, to: target });
      }
    });
  }
  return moved;
}

function newLocation(copied: CopiedTo, from: Location, toMailboxId: string): Location | null {
  const uid = copied.uids.get(parseLocation(from)?.uid ?? '');
  return uid ? imapLocation(toMailboxId, copied.uidValidity, uid) : null;
}

/** The new locations, and cursors that count them as handled, so that the pull does not fetch them again. */
function draftMoved(run: RunContext, moved: readonly Moved[], states: ReadonlyMap<string, EmailState>) {
  const patches = new Map<string, PatchedEmail>();
  const cursors: Record<string, MailboxCursor> = {};
  const note = (location: Location, present: boolean) => {
    const place = parseLocation(location);
    const cursor = place && (cursors[place.mailboxId] ?? run.cursors.get(place.mailboxId));
    if (!place || cursor?.uidValidity !== place.uidValidity) return;
    cursors[place.mailboxId] = present
      ? withHandled(cursor, [place.uid])
      : withoutHandled(cursor, [place.uid]);
  };
  for (const { emailId: id, kind, from, to } of moved) {
    const threadId = states.get(id)?.threadId;
    if (!threadId) continue;
    const locations = {
      ...patches.get(id)?.locations,
      [to]: true,
      ...(kind === 'move' && { [from]: false }),
    };
    patches.set(id, { id, threadId, locations });
    note(to, true);
    if (kind === 'move') note(from, false);
  }
  return { patched: [...patches.values()], cursors };
}

const mailboxOf = (location: Location) => parseLocation(location)?.mailboxId ?? '';

function pathOf(run: RunContext, mailboxId: string): string | null {
  return run.paths.get(mailboxId) ?? null;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
