import type { SourceErrorCode } from '../source/errors.ts';
import type { MailboxSnapshot, MailboxStatus, SourceEntry } from '../source/source.ts';
import type { MailboxCursor } from '../store/commit.ts';
import {
  addUids,
  coarseUids,
  countUids,
  eachUid,
  hasUid,
  newestUids,
  packUidSet,
  removeUids,
  type UidSet,
  unpackUidSet,
} from './ranges.ts';
import { isWithin } from './schedule.ts';

/** What a run does, decided without effects: from a snapshot of the source and what is stored. */

/** A loss of more than a tenth (and more than this many) is only believed when it is seen twice. */
const DOUBT_ABOVE = 10;

export interface MailboxPlan {
  /** Messages to fetch, newest first. */
  fetch: SourceEntry[];
  /** Messages already handled, with the keywords that the source now shows. */
  known: SourceEntry[];
  /** UIDs that were handled and are gone from the source. */
  gone: string[];
  /** True when so much is gone at once that this answer is not believed yet. */
  doubtful: boolean;
  /** The cursor to build on: reset when the stored UIDs no longer name the same messages. */
  cursor: MailboxCursor;
  /** When a complete listing was made although mod-sequences could have told what changed, ms since the epoch. */
  listedAt: number | null;
  /** Where the cursor was reset under a UIDVALIDITY that stored locations bear already: what they become. */
  renumbered: Renumbered | null;
  /** POP: the Emails at names that are not listed any more, by location. */
  lost?: ReadonlyMap<string, string>;
  /** POP: the Emails that were stored under names that are fetched now, by location; most new names have none. */
  owners?: ReadonlyMap<string, string>;
}

/** Locations under UIDVALIDITY `from` that have to make room: those of other messages get the same UIDs. */
export interface Renumbered {
  from: string;
  to: string;
}

/** The cursor of a mailbox that was never looked into. */
export function freshCursor(uidValidity: string): MailboxCursor {
  return { status: null, uidValidity, handled: '', stale: [], doubted: null, stuck: null };
}

/** Whether a cheap look shows that a mailbox may have changed since it was handled up to `seen`. */
export function hasChanged(seen: MailboxStatus | null | undefined, status: MailboxStatus): boolean {
  return (
    !seen ||
    seen.uidValidity !== status.uidValidity ||
    seen.uidNext !== status.uidNext ||
    seen.messages !== status.messages ||
    seen.highestModseq !== status.highestModseq
  );
}

/** Plans one IMAP mailbox from its snapshot. RFC 9051 section 2.3.1.1 for UIDVALIDITY. */
export function planImap(
  snapshot: MailboxSnapshot,
  stored: MailboxCursor | undefined,
  remoteId?: string,
  now = 0,
): MailboxPlan {
  const { cursor, renumbered } = cursorFor(stored, snapshot.status, remoteId);
  const handled = unpackUidSet(cursor.handled);
  const fetch: SourceEntry[] = [];
  const known: SourceEntry[] = [];
  const visible = snapshot.entries.filter(entry => !entry.isDeleted);
  for (const entry of visible) (hasUid(handled, Number(entry.uid)) ? known : fetch).push(entry);
  fetch.sort((a, b) => Number(b.uid) - Number(a.uid));
  const gone = goneFrom(snapshot, handled, visible);
  const missedBefore = unpackUidSet(cursor.doubted ?? '');
  const missedNow = gone.filter(uid => !hasUid(missedBefore, Number(uid)));
  const doubtful = isAlarming(missedNow.length, countUids(handled));
  const listedAt = snapshot.complete && snapshot.status.highestModseq !== null ? now : null;
  return { fetch, known, gone, doubtful, cursor: bounded(cursor), listedAt, renumbered };
}

/** The cursor of a mailbox of which so much is gone that a second look is waited for. */
export const withDoubt = (cursor: MailboxCursor, gone: readonly string[]): MailboxCursor => ({
  ...cursor,
  doubted: packUidSet(coarseUids(addUids([], gone.map(Number)), MOST_DOUBTED)),
});

/** Whether so many of so many messages are gone that one answer is not believed. */
export const isAlarming = (gone: number, of: number) => gone > Math.max(DOUBT_ABOVE, of / 10);

/** What was handled and is no longer to be seen: expunged, or waiting for it as \\Deleted. */
function goneFrom(snapshot: MailboxSnapshot, handled: UidSet, visible: readonly SourceEntry[]): string[] {
  if (snapshot.complete) {
    const left = removeUids(
      handled,
      visible.map(entry => Number(entry.uid)),
    );
    return [...eachUid(left)].map(String);
  }
  const deleted = snapshot.entries.filter(entry => entry.isDeleted).map(entry => entry.uid);
  return [...snapshot.vanished, ...deleted].filter(uid => hasUid(handled, Number(uid)));
}

/** Plans a POP maildrop: what UIDL lists and is not stored or quarantined. The server's order is oldest first. */
export function planPop(
  snapshot: MailboxSnapshot,
  stored: MailboxCursor | undefined,
  isKnown: (entry: SourceEntry) => boolean,
  { lost, owners }: Pick<MailboxPlan, 'lost' | 'owners'> = {},
): MailboxPlan {
  const fetch = snapshot.entries.filter(entry => !isKnown(entry)).reverse();
  return {
    fetch,
    known: [],
    gone: [],
    doubtful: false,
    listedAt: null,
    cursor: stored ?? freshCursor(snapshot.status.uidValidity),
    renumbered: null,
    ...(lost && { lost }),
    ...(owners && { owners }),
  };
}

/**
 * Whether a UIDL that is known must be another message's now: RFC 1939 section 7 forbids that it is used again, but
 * servers do that number their messages. Sizes in octets; a little more or less is only counted otherwise.
 */
export function isReused(known: number | null, listed: number | null): boolean {
  if (known === null || listed === null) return false;
  return Math.abs(known - listed) > Math.max(32, Math.max(known, listed) / 50);
}

/** The cursor of a mailbox that is handled up to this status. */
export function closedAt(cursor: MailboxCursor, plan: MailboxPlan, status: MailboxStatus): MailboxCursor {
  const listed = plan.listedAt === null ? {} : { fullAt: plan.listedAt };
  return { ...cursor, status, doubted: null, stuck: null, ...listed };
}

const DAY_MS = 86_400_000;

/**
 * Whether a mailbox is listed whole although its mod-sequences say what changed: once a day they are not trusted.
 * Others, and POP, are listed whole anyway.
 */
export function isFullDue(cursor: MailboxCursor | undefined, status: MailboxStatus, now: number): boolean {
  const hasModseq = status.highestModseq !== null && status.uidValidity !== 'pop';
  return hasModseq && status.messages > 0 && !isWithin(cursor?.fullAt ?? 0, DAY_MS, now);
}

/** The cursor after these UIDs were committed or quarantined. */
export function withHandled(cursor: MailboxCursor, uids: readonly string[]): MailboxCursor {
  return { ...cursor, handled: packUidSet(addUids(unpackUidSet(cursor.handled), uids.map(Number))) };
}

/** The cursor after these UIDs have left the mailbox. */
export function withoutHandled(cursor: MailboxCursor, uids: readonly string[]): MailboxCursor {
  return { ...cursor, handled: packUidSet(removeUids(unpackUidSet(cursor.handled), uids.map(Number))) };
}

/** Characters of the UIDs in a cursor, whose row and commit have to stay below the 400 KB of an item. */
const MOST_HANDLED = 220_000;
const MOST_DOUBTED = 50_000;

/** A cursor as it may be stored: of too many ranges of handled UIDs it tells the newest, and rows the others. */
export function bounded(cursor: MailboxCursor): MailboxCursor {
  const { handled, handledFrom = 0 } = cursor;
  if (handledFrom === 0 && handled.length <= MOST_HANDLED) return cursor;
  const told = unpackUidSet(handled).filter(([, last]) => last >= handledFrom);
  const newest = newestUids(told, MOST_HANDLED);
  const from = newest.length < told.length ? newest[0]?.[0] : handledFrom;
  return { ...cursor, handled: packUidSet(newest), ...(from && { handledFrom: from }) };
}

/** How often a message may break the session before it is set aside, so that it cannot block the others. */
const PATIENCE = 2;
/** The same where the server says "later", and may mean its limits: more than an hour, as runs back off. */
const LONG_PATIENCE = 6;

/**
 * The cursor after a fetch broke at a message, and whether that message has now to go to quarantine. `isNoted` says
 * that this try was counted before it began.
 */
export function withStuck(
  cursor: MailboxCursor,
  uid: string,
  code: SourceErrorCode,
  isNoted = false,
): { cursor: MailboxCursor; giveUp: boolean } {
  const before = cursor.stuck?.uid === uid ? cursor.stuck.times : 0;
  const times = isNoted ? Math.max(before, 1) : before + 1;
  const patience = code === 'temporary' ? LONG_PATIENCE : PATIENCE;
  // Where the server names its limits, no message is to blame however often it happens.
  const giveUp = times >= patience && code !== 'throttled' && code !== 'quota';
  return { cursor: { ...cursor, stuck: giveUp ? null : { uid, times } }, giveUp };
}

/**
 * The cursor before a message is tried after a run that was killed; `giveUp` when the message was what all those
 * runs were at, so that it is not tried again.
 */
export function withTry(cursor: MailboxCursor, uid: string): { cursor: MailboxCursor; giveUp: boolean } {
  const before = cursor.stuck?.uid === uid ? cursor.stuck.times : 0;
  const giveUp = before >= PATIENCE;
  return { cursor: { ...cursor, stuck: giveUp ? null : { uid, times: before + 1 } }, giveUp };
}

/** Noted at once; more are counted when these are through. */
const MOST_REFUSED = 200;

/**
 * The cursor after a run in which the source put off these messages, and those it has put off for so many runs that
 * they go to quarantine: they would have the mailbox listed again and again for ever.
 */
export function withRefused(
  { refused, ...cursor }: MailboxCursor,
  uids: readonly string[],
): { cursor: MailboxCursor; giveUp: string[] } {
  const again = uids.filter(uid => refused?.uids.includes(uid));
  const [counted, times] = again.length > 0 && refused ? [again, refused.times + 1] : [uids, 1];
  if (counted.length === 0) return { cursor, giveUp: [] };
  if (times >= LONG_PATIENCE) return { cursor, giveUp: [...counted] };
  return { cursor: { ...cursor, refused: { uids: counted.slice(0, MOST_REFUSED), times } }, giveUp: [] };
}

/** What devices changed and the source has not been told: it hides the source's older value. */
export interface Pending {
  keywords: ReadonlySet<string>;
  mailboxIds: ReadonlySet<string>;
}

/**
 * Whether the stored UIDs of a mailbox no longer name the same messages: UIDVALIDITY changed (RFC 9051 section
 * 2.3.1.1), UIDNEXT went backwards, as with servers that make a mailbox anew under one constant UIDVALIDITY, or the
 * source says that it is another mailbox (`remoteId`, its MAILBOXID).
 */
export function voidsUids(
  stored: MailboxCursor,
  { uidValidity, uidNext }: MailboxStatus,
  remoteId?: string,
): boolean {
  const isOther = stored.remoteId !== undefined && remoteId !== undefined && stored.remoteId !== remoteId;
  const last = unpackUidSet(stored.handled).at(-1)?.[1] ?? 0;
  const isBackwards = uidNext > 0 && (uidNext <= last || uidNext < (stored.status?.uidNext ?? 0));
  return isOther || isBackwards || stored.uidValidity !== uidValidity;
}

/** The cursor that a snapshot can be held against: a fresh one where the stored UIDs are void. */
function cursorFor(
  stored: MailboxCursor | undefined,
  status: MailboxStatus,
  remoteId: string | undefined,
): Pick<MailboxPlan, 'cursor' | 'renumbered'> {
  const named = remoteId === undefined ? {} : { remoteId };
  if (stored && !voidsUids(stored, status, remoteId)) {
    return { cursor: { ...stored, ...named }, renumbered: null };
  }
  const fresh = { ...freshCursor(status.uidValidity), ...named };
  const stale = [
    ...new Set([...(stored?.stale ?? []), ...(stored?.uidValidity ? [stored.uidValidity] : [])]),
  ];
  if (!stale.includes(status.uidValidity)) return { cursor: { ...fresh, stale }, renumbered: null };
  const from = status.uidValidity;
  // The same name again after a run that was killed, and never one that is in use.
  const to = `${from}~${stored?.stale.length}`;
  return {
    cursor: { ...fresh, stale: stale.map(old => (old === from ? to : old)) },
    renumbered: { from, to },
  };
}
