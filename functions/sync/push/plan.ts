import type { Commit, PatchedEmail } from '../../store/commit.ts';
import { type Location, parseLocation } from '../../store/keys.ts';
import type { EmailState } from '../../store/state.ts';

/** What the source is told of Emails, decided without effects. */

/** The net effect of many commits on one Email: the last word on each keyword, and whether it was made or moved. */
export interface Wish {
  keywords: Record<string, boolean>;
  isMoved: boolean;
  /** INTERNALDATE for the source, ms since the epoch, where a device imported it. */
  importedAt: number | null;
}

/** One thing to tell the source about one message. */
export type PushOperation = { emailId: string; threadId: string; location: Location } & (
  | { kind: 'keyword'; keyword: string; present: boolean }
  | { kind: 'move' | 'copy'; toMailboxId: string }
);

/** A message that has come to a mailbox; with a move, it has left another place. */
export interface Moved {
  emailId: string;
  kind: 'move' | 'copy';
  from: Location;
  to: Location;
}

/** Folds the devices' commits, in log order, into one wish for each Email. */
export function foldWishes(commits: readonly Commit[]): Map<string, Wish> {
  const wishes = new Map<string, Wish>();
  const wishOf = (id: string): Wish => wishes.get(id) ?? { keywords: {}, isMoved: false, importedAt: null };
  for (const { at, created, patched } of commits) {
    for (const { id, receivedAt } of created) {
      wishes.set(id, { ...wishOf(id), isMoved: true, importedAt: receivedAt ?? at });
    }
    for (const { id, keywords, mailboxIds } of patched) {
      const before = wishOf(id);
      const isMoved = before.isMoved || mailboxIds !== undefined;
      wishes.set(id, { ...before, keywords: { ...before.keywords, ...keywords }, isMoved });
    }
  }
  return wishes;
}

/**
 * What has to be told for one Email: each keyword at each of its locations; then, for each mailbox it is in and the
 * source does not have it in, a move from one that it has left, or a copy. Copies come first: what is moved is not
 * there any more to be copied.
 *
 * A keyword is told alone, as +FLAGS or -FLAGS, and so never takes back what another client did to another keyword;
 * of the same keyword the device has the last word. UNCHANGEDSINCE (RFC 7162) would only let a change of another
 * client win over the device's own, so it is not used.
 */
export function planPush(state: EmailState, wish: Wish): PushOperation[] {
  const operations: PushOperation[] = [];
  const email = { emailId: state.id, threadId: state.threadId };
  const locations = state.locations.filter(location => parseLocation(location) !== null);
  for (const [keyword, present] of Object.entries(wish.keywords)) {
    for (const location of locations)
      operations.push({ ...email, kind: 'keyword', location, keyword, present });
  }
  const [first] = locations;
  if (!wish.isMoved || first === undefined) return operations;
  const at = new Set(locations.map(mailboxOf));
  const missing = state.mailboxIds.filter(id => !at.has(id));
  const leaving = locations.filter(location => !state.mailboxIds.includes(mailboxOf(location)));
  const moves = missing.splice(0, leaving.length);
  const source = locations.find(location => !leaving.includes(location)) ?? first;
  for (const toMailboxId of missing)
    operations.push({ ...email, kind: 'copy', location: source, toMailboxId });
  for (const [i, toMailboxId] of moves.entries()) {
    operations.push({ ...email, kind: 'move', location: leaving[i] as Location, toMailboxId });
  }
  return operations;
}

/**
 * The copies that the source has in mailboxes which the Email has left, and that no move took; none while it has no
 * copy in a mailbox where it is, for then it might lose the only one.
 */
export function surplusCopies(state: EmailState, wish: Wish): Location[] {
  if (!wish.isMoved) return [];
  const isWanted = (location: Location) => state.mailboxIds.includes(mailboxOf(location));
  const locations = state.locations.filter(location => parseLocation(location) !== null);
  return locations.some(isWanted) ? locations.filter(location => !isWanted(location)) : [];
}

/**
 * Whether copies are left behind of which it is not known yet that they are surplus: the Email was moved or copied
 * where it belongs, and the source did not say where (COPYUID), so that only the next pull finds it there.
 */
export function leavesUnknown(state: EmailState, operations: readonly PushOperation[]): boolean {
  const own = operations.flatMap(operation =>
    operation.emailId === state.id && operation.kind !== 'keyword' ? [operation] : [],
  );
  const taken = new Set(own.flatMap(({ kind, location }) => (kind === 'move' ? [location] : [])));
  const isWanted = (location: Location) => state.mailboxIds.includes(mailboxOf(location));
  const locations = state.locations.filter(location => parseLocation(location) !== null);
  return own.length > 0 && !locations.some(isWanted) && locations.some(location => !taken.has(location));
}

/** An Email after messages of it were moved and copied. */
export function afterMoves(state: EmailState, moved: readonly Moved[]): EmailState {
  const locations = new Set(state.locations);
  for (const { emailId, kind, from, to } of moved) {
    if (emailId !== state.id) continue;
    if (kind === 'move') locations.delete(from);
    locations.add(to);
  }
  return { ...state, locations: [...locations] };
}

/** The Email as the source keeps it, after it refused to change it. */
export function undoing(operation: PushOperation): PatchedEmail {
  const { emailId: id, threadId, location } = operation;
  if (operation.kind === 'keyword') {
    return { id, threadId, keywords: { [operation.keyword]: !operation.present } };
  }
  const back = operation.kind === 'move' ? { [mailboxOf(location)]: true } : {};
  return { id, threadId, mailboxIds: { [operation.toMailboxId]: false, ...back } };
}

/** The mailbox that a location names; empty for one that names none. */
export const mailboxOf = (location: Location): string => parseLocation(location)?.mailboxId ?? '';

/** Groups by a key, in the order in which the keys first appear. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
