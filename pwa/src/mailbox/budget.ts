import type { Id } from '../../../functions/jmap/types.ts';
import { type KeepingRow, newestFirst, type StoredEmail } from './db.ts';

/** What bodies and blobs of one account may take where nobody chose, in octets. */
const USUAL_OCTETS = 500_000_000;
/** What a person can choose, in days (null: everything) and in octets. */
export const DAYS: readonly (number | null)[] = [7, 30, 90, 365, null];
export const OCTETS = [50_000_000, 200_000_000, USUAL_OCTETS, 1_000_000_000, 2_000_000_000, 5_000_000_000];
/** Largest attachment that is fetched before anybody opens it, in octets. */
export const MAX_ATTACHMENT = 25_000_000;

const DAY = 24 * 3600 * 1000;

/** What is kept of an account where nobody chose: everything that fits. */
export function usualKeeping(accountId: Id): KeepingRow {
  const pinned = { mailboxes: [], threads: [], emails: [] };
  return { accountId, days: null, octets: USUAL_OCTETS, attachments: false, pinned };
}

/** A mailbox, thread or Email that a person can keep on this device whatever its age. */
export type PinTarget = { accountId: Id } & ({ mailboxId: Id } | { threadId: Id } | { emailId: Id });

/** The list of pins that a target belongs to, and its id there. */
export function pinOf(target: PinTarget): { kind: keyof KeepingRow['pinned']; id: Id } {
  if ('mailboxId' in target) return { kind: 'mailboxes', id: target.mailboxId };
  if ('threadId' in target) return { kind: 'threads', id: target.threadId };
  return { kind: 'emails', id: target.emailId };
}

/** With a target pinned, or no longer; the row itself stays as it is. */
export function withPin(keeping: KeepingRow, target: PinTarget, pinned: boolean): KeepingRow {
  const { kind, id } = pinOf(target);
  const others = keeping.pinned[kind].filter(one => one !== id);
  return { ...keeping, pinned: { ...keeping.pinned, [kind]: pinned ? [...others, id] : others } };
}

/** True when an Email is kept whatever its age: by itself, with its thread, or with a mailbox that it is shown in. */
export function isPinned(
  { pinned }: KeepingRow,
  email: Pick<StoredEmail, 'id' | 'threadId' | 'mailboxIds'>,
): boolean {
  return (
    pinned.emails.includes(email.id) ||
    pinned.threads.includes(email.threadId) ||
    pinned.mailboxes.some(id => email.mailboxIds[id])
  );
}

/** Sorts before every time, so that what is pinned comes first and goes never. */
const PINNED = '!';
/** Between what is pinned and the newest of the rest. */
export const FIRST_UNPINNED = '0';

/** The rank of an Email among what is wanted or kept: what sorts last goes first. */
export function rankOf(receivedAt: string, pinned: boolean): string {
  return (pinned ? PINNED : '') + newestFirst(receivedAt);
}

/** An Email with its ranks as its pins ask for; the same object where they do already. */
export function ranked(email: StoredEmail, pinned: boolean): StoredEmail {
  const again = (key: [Id, string] | undefined): [Id, string] | undefined =>
    key && [key[0], (pinned ? PINNED : '') + key[1].replace(PINNED, '')];
  const current = email.wanted ?? email.kept ?? email.files;
  if (!current || current[1].startsWith(PINNED) === pinned) return email;
  const next = { ...email };
  for (const name of ['wanted', 'kept', 'files'] as const) {
    const key = again(email[name]);
    if (key) next[name] = key;
  }
  return next;
}

/** Of two ranks the one that goes later. */
export function laterToGo(one: string, other: string): string {
  if (one < other) return one;
  return other;
}

/** True when a rank is that of something pinned. */
export function isPinnedRank(rank: string): boolean {
  return rank.startsWith(PINNED);
}

/**
 * The last rank that the days of a budget let in; what sorts after it is too old.
 * @param now milliseconds since the epoch
 */
export function lastRank({ days }: Pick<KeepingRow, 'days'>, now: number): string {
  return days === null ? '\uffff' : rankOf(new Date(now - days * DAY).toISOString(), false);
}

/**
 * What an account may take at most, in octets: its budget, and under a limit of the whole device no more than it has
 * and that limit leaves.
 */
export function limitOf(octets: number, own: number, all: number, deviceLimit: number | null): number {
  return deviceLimit === null ? octets : Math.min(octets, Math.max(0, own + deviceLimit - all));
}

/** What a choice of days would take here, estimated from the metadata. */
export interface Forecast {
  emails: number;
  /** octets of texts and the pictures within them */
  texts: number;
  /** octets of attachments */
  attachments: number;
}

/** The part of a message without attachments that its texts take, where none is known yet: transfer encodings go. */
const USUAL_PART = 0.6;
/** Octets of the texts of a message with attachments, where none is known yet. */
const USUAL_TEXT = 20_000;
/** Octets of a file for each that its base64 takes (RFC 2045 section 6.8: lines of 76). */
const BASE64 = 0.74;

type Measured = Pick<StoredEmail, 'size' | 'hasAttachment' | 'bodySize' | 'receivedAt' | 'wanted' | 'kept'>;

/**
 * What each number of days would take. What was here before counts as it was, the rest as messages of this account
 * usually do.
 * @param emails metadata of all Emails of the account, in any order; read once
 * @param now milliseconds since the epoch
 * @returns one forecast for each of `days`
 */
export function forecast(
  emails: readonly Measured[],
  days: readonly (number | null)[],
  now: number,
): Forecast[] {
  const plain = { size: 0, text: 0 };
  for (const { bodySize, size, hasAttachment } of emails) {
    if (bodySize === undefined || hasAttachment) continue;
    plain.size += size;
    plain.text += bodySize;
  }
  const part = plain.size > 0 ? Math.min(1, plain.text / plain.size) : USUAL_PART;
  const result = days.map(() => ({ emails: 0, texts: 0, attachments: 0 }));
  const since = days.map(one => (one === null ? Number.NEGATIVE_INFINITY : now - one * DAY));
  for (const email of emails) {
    const { texts, attachments } = expected(email, part);
    const received = Date.parse(email.receivedAt) || 0;
    const rank = (email.kept ?? email.wanted)?.[1];
    for (const [position, sum] of result.entries()) {
      const inside = received >= (since[position] ?? 0) || (rank !== undefined && isPinnedRank(rank));
      if (!inside) continue;
      sum.emails += 1;
      sum.texts += texts;
      sum.attachments += attachments;
    }
  }
  return result;
}

function expected({ size, hasAttachment, bodySize }: Measured, part: number) {
  if (!hasAttachment) return { texts: Math.round(bodySize ?? size * part), attachments: 0 };
  const texts = Math.min(size, bodySize ?? USUAL_TEXT);
  return { texts, attachments: Math.round(Math.max(0, size - texts) * BASE64) };
}
