import type { CopiedTo, SourceWriter } from '../source/source.ts';
import type { Commit, MailboxCursor, PatchedEmail } from '../store/commit.ts';
import { imapLocation, type Location, parseLocation } from '../store/keys.ts';
import { catchUp, letExpire, readUnpushed } from '../store/log.ts';
import type { EmailState } from '../store/state.ts';
import { commitRun, type RunContext } from './context.ts';
import { withHandled, withoutHandled } from './plan.ts';

/** The net effect of many commits on one Email: the last word on each keyword and each mailbox. */
export interface Wish {
  keywords: Record<string, boolean>;
  mailboxIds: Record<string, boolean>;
}

/** One thing to tell the source about one message. */
export type PushOperation =
  | { kind: 'keyword'; location: Location; keyword: string; present: boolean }
  | { kind: 'move' | 'copy'; emailId: string; location: Location; toMailboxId: string };

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
  for (const [keyword, present] of Object.entries(wish.keywords)) {
    for (const location of state.locations) operations.push({ kind: 'keyword', location, keyword, present });
  }
  const at = (mailboxId: string) => state.locations.find(l => parseLocation(l)?.mailboxId === mailboxId);
  const wanted = Object.entries(wish.mailboxIds);
  const leaving = wanted.filter(([id, present]) => !present && at(id)).map(([id]) => at(id) as Location);
  for (const [toMailboxId] of wanted.filter(([id, present]) => present && !at(id))) {
    const from = leaving.shift();
    const location = from ?? state.locations[0];
    if (location) operations.push({ kind: from ? 'move' : 'copy', emailId: state.id, location, toMailboxId });
  }
  return operations;
}

/**
 * Tells the source what devices changed after the pushed position, then commits the new position and the new
 * locations. Killed in between it is told again, which changes nothing: a keyword that is set stays set, and a
 * UID that was moved is no longer there to move.
 */
export async function push(run: RunContext, writer: SourceWriter): Promise<void> {
  const head = await catchUp(run.services, run.account.id);
  const commits = await readUnpushed(run.services, run.account.id, head);
  if (commits.length === 0) return;
  const wishes = foldWishes(commits);
  await run.states.at(head);
  const states = await run.states.states([...wishes.keys()]);
  const operations = [...wishes].flatMap(([id, wish]) => {
    const state = states.get(id);
    return state ? planPush(state, wish) : [];
  });
  await storeKeywords(run, writer, operations);
  const moved = await moveMessages(run, writer, operations);
  const last = commits.at(-1)?.n ?? head.applied;
  await commitRun(run, async () => ({ pushed: last, ...draftMoved(run, moved, states) }));
  await letExpire(run.services, run.account.id, commits);
}

async function storeKeywords(run: RunContext, writer: SourceWriter, operations: readonly PushOperation[]) {
  const keywords = operations.filter(operation => operation.kind === 'keyword');
  const groups = groupBy(keywords, o => `${mailboxOf(o.location)}\n${o.keyword}\n${o.present}`);
  for (const group of groups) {
    const first = group[0];
    const path = first && pathOf(run, mailboxOf(first.location));
    if (!first || !path) continue;
    const uids = group.map(operation => parseLocation(operation.location)?.uid ?? '');
    await writer.storeKeywords(
      path,
      uids,
      first.present ? [first.keyword] : [],
      first.present ? [] : [first.keyword],
    );
  }
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
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const moves = operations.filter(operation => operation.kind !== 'keyword');
  for (const group of groupBy(moves, o => `${mailboxOf(o.location)}\n${o.kind}\n${o.toMailboxId}`)) {
    const first = group[0];
    const from = first && pathOf(run, mailboxOf(first.location));
    const to = first && pathOf(run, first.toMailboxId);
    if (!first || !from || !to) continue;
    const uids = group.map(operation => parseLocation(operation.location)?.uid ?? '');
    const copied = await writer[first.kind](from, uids, to);
    for (const { emailId, kind, location, toMailboxId } of copied ? group : []) {
      const target = newLocation(copied as CopiedTo, location, toMailboxId);
      if (target) moved.push({ emailId, kind, from: location, to: target });
    }
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
