import type { MailboxStatus } from '../../source/source.ts';
import type { SourceAccount } from '../../store/accounts.ts';
import type { DeletingCopy, MailboxCursor } from '../../store/commit.ts';
import type { Freeze } from '../../store/receipts.ts';

/** What may be deleted at a source, decided without effects. Times are ms since the epoch. */

const DAY = 86_400_000;
/** A policy that counts in days need not look more often than this for what has become due. */
export const LOOK_EVERY_MS = 6 * 3_600_000;
/** A loss of more than a tenth, and of more than this many, is an anomaly. */
const LOSS_ABOVE = 10;

export type DeletionRule = Pick<SourceAccount, 'protocol' | 'deletionPolicy' | 'deletionDays'>;

/** One copy of a message as this session's listing shows it, with what is stored of it. */
export interface Copy extends Omit<DeletingCopy, 'policy'> {
  /** UID, or the POP name. */
  uid: string;
  /** Octets as the source lists it. */
  listedSize: number | null;
  /** Whether the stored bytes were read at this very location. */
  isFetched: boolean;
  /** stored: the Email is here; destroyed: a device destroyed it. */
  fate: 'stored' | 'destroyed';
  /** When it was stored from this location; null where that is not known. */
  storedAt: number | null;
  /** Whether the server may have been told already to delete it. */
  attempted: boolean;
}

export interface DueCopy extends Copy {
  policy: DeletingCopy['policy'];
}

/** Whether copies of Emails that are stored here, and stay here, are deleted by this rule some day. */
export const deletesStored = ({ deletionPolicy }: DeletionRule) =>
  deletionPolicy === 'onceStored' || deletionPolicy === 'afterDays';

/**
 * Whether what a device destroyed is deleted at the source, too: IMAP always, as every mail program does; POP under
 * every policy but `keep`.
 */
export const deletesDestroyed = ({ protocol, deletionPolicy }: DeletionRule) =>
  protocol === 'imap' || deletionPolicy !== 'keep';

/** When a copy is to be deleted: Infinity for never. */
export function dueAt(rule: DeletionRule, copy: Pick<Copy, 'fate' | 'storedAt'>): number {
  if (copy.fate === 'destroyed') return deletesDestroyed(rule) ? 0 : Number.POSITIVE_INFINITY;
  if (rule.deletionPolicy === 'onceStored') return 0;
  const { deletionPolicy, deletionDays } = rule;
  if (deletionPolicy !== 'afterDays' || !deletionDays || copy.storedAt === null)
    return Number.POSITIVE_INFINITY;
  return copy.storedAt + deletionDays * DAY;
}

/**
 * The copies that are due now, oldest message first: an emailId begins with its time. What was tried before, and may be
 * refused again, comes last.
 */
export function planDeletions(rule: DeletionRule, copies: readonly Copy[], now: number): DueCopy[] {
  const due = copies.filter(copy => dueAt(rule, copy) <= now && !isAmbiguous(rule, copy));
  const byAge = (a: Copy, b: Copy) => (a.emailId < b.emailId ? -1 : a.emailId > b.emailId ? 1 : 0);
  due.sort((a, b) => Number(a.attempted) - Number(b.attempted) || byAge(a, b));
  const policy = rule.deletionPolicy === 'afterDays' ? 'afterDays' : 'onceStored';
  return due.map(copy => ({ ...copy, policy: copy.fate === 'destroyed' ? 'whenDestroyed' : policy }));
}

/** What the server did not delete is left alone for so long, in ms. */
export const RETRY_MS = 3_600_000;

/** Whether what the server refused to delete still waits; a wait that is longer than ours was put by a wrong clock. */
export const isPutOff = ({ retryAt }: { retryAt: number }, now: number): boolean =>
  retryAt > now && retryAt <= now + RETRY_MS;

/**
 * When to look through the source again after everything due at `now` was handled; null: not by itself. `later` is
 * when others become due, or were to be tried again.
 */
export function nextLook(rule: DeletionRule, later: readonly number[], now: number): number | null {
  const isByDays = rule.deletionPolicy === 'afterDays';
  if (!isByDays && later.length === 0) return null;
  let first = isByDays ? now + (rule.deletionDays ?? 0) * DAY : Number.POSITIVE_INFINITY;
  for (const at of later) if (at < first) first = at;
  return isByDays ? Math.max(first, now + LOOK_EVERY_MS) : first;
}

/**
 * Whether two names of a listing may be one message's and then another's: POP names with a blank count messages that
 * share a unique-id (or have none), and move up when one of them goes.
 */
export const isAmbiguous = ({ protocol }: DeletionRule, { uid }: Pick<Copy, 'uid'>) =>
  protocol === 'pop' && uid.includes(' ');

/** Whether the bytes at the source have to be read again before they are deleted. */
export const needsProof = ({ isFetched, listedSize, size }: Copy) => !isFetched || listedSize !== size;

/** What is wrong with a listing, if anything, against what was there when the mailbox was last handled. */
export interface Seen {
  /** The mailbox's name, for the person. */
  name: string;
  /** Whether the stored UIDs are void. */
  isReset: boolean;
  /** Whether so much is gone that this listing is not believed yet. */
  isDoubtful: boolean;
}

/** The anomaly of an IMAP mailbox, or null. */
export function imapAnomaly({ name, isReset, isDoubtful }: Seen, at: number): Freeze | null {
  if (isReset) {
    return { code: 'reset', at, mailbox: name, reason: `the server has rebuilt the mailbox “${name}”` };
  }
  if (!isDoubtful) return null;
  const reason = `the server shows far fewer messages in “${name}” than before`;
  return { code: 'loss', at, mailbox: name, reason };
}

/**
 * The anomaly of a POP maildrop, or null. `known` is how many of the listed messages were handled before.
 */
export function popAnomaly(
  before: Pick<MailboxCursor, 'status'> | undefined,
  { listed, known }: { listed: number; known: number },
  at: number,
): Freeze | null {
  const earlier = before?.status?.messages ?? 0;
  if (earlier > 1 && listed > 0 && known === 0) {
    return { code: 'reset', at, reason: 'the server has given its messages new names (UIDL)' };
  }
  const lost = earlier - known;
  if (lost <= Math.max(LOSS_ABOVE, earlier / 10)) return null;
  return { code: 'loss', at, reason: 'the server shows far fewer messages than before' };
}

/** A maildrop's status after we deleted `count` of its messages: so that they do not count as a loss. */
export function withoutDeleted(status: MailboxStatus, count: number): MailboxStatus {
  return { ...status, messages: Math.max(0, status.messages - count), highestModseq: null };
}
