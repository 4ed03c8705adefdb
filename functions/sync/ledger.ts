/**
 * The ledger of an account, message by message: what the source has = stored + destroyed here + quarantined + not
 * yet reached. Pure; `verify.ts` gathers what it is made of.
 */

/** What became of one message that the source has now. */
export type Fate =
  /** There is an Email for it, and its raw bytes. */
  | 'stored'
  /** A person destroyed the Email here; the source's copy stays by policy, or waits for its deletion. */
  | 'destroyed'
  /** It could not be handled, and the quarantine says why. */
  | 'quarantined'
  /** No run has come to it. */
  | 'not-reached'
  /** It counts as handled and there is nothing to show for it: the ledger does not hold. */
  | 'lost';

/** What is known of one message of the source. */
export interface Evidence {
  /** A commit or the quarantine counts it as handled: IMAP by the cursor, POP by a row for its UIDL. */
  isHandled: boolean;
  isQuarantined: boolean;
  /** The Email that its location leads to; null when no row does. */
  email: 'present' | 'destroyed' | 'missing' | null;
  /** Whether that Email's raw bytes are there in full. */
  hasBlob: boolean;
}

/** One message for which something is wrong. */
export interface Finding {
  /** Path at the source; for an Email that is not tied to a location, empty. */
  mailbox: string;
  /** IMAP UID or POP UIDL; the emailId where the raw bytes of an Email are missing. */
  id: string;
  why: string;
}

/** What one account has, and whether it accounts for everything. */
export interface Ledger {
  accountId: string;
  name: string;
  /** Messages that the source lists now. */
  atSource: number;
  stored: number;
  destroyed: number;
  quarantined: number;
  notReached: number;
  lost: number;
  /** Emails here, whether or not the source still has them. */
  emails: number;
  /** What does not hold; empty when everything does. */
  findings: Finding[];
  /** Why the source could not be asked; null when it was. */
  error: string | null;
}

/** Decides what became of a message. */
export function fateOf({ isHandled, isQuarantined, email, hasBlob }: Evidence): Fate {
  if (email === 'present' && hasBlob) return 'stored';
  if (email === 'destroyed') return 'destroyed';
  if (isQuarantined) return 'quarantined';
  if (!isHandled && email === null) return 'not-reached';
  return 'lost';
}

/** In words, why a message counts as lost. */
export function whyLost({ email, hasBlob }: Evidence): string {
  if (email === null) return 'It counts as handled, but no Email was stored for it.';
  if (email === 'missing') return 'Its location leads to an Email that does not exist.';
  return hasBlob ? 'It could not be placed.' : 'The raw bytes of its Email are missing or not whole.';
}

/** Whether a ledger holds: the source could be asked, nothing is lost, and every Email has its bytes. */
export function holds({ error, findings }: Ledger): boolean {
  return error === null && findings.length === 0;
}

/** A ledger that nothing was entered into yet. */
export function emptyLedger(accountId: string, name: string): Ledger {
  const counts = { atSource: 0, stored: 0, destroyed: 0, quarantined: 0, notReached: 0, lost: 0, emails: 0 };
  return { accountId, name, ...counts, findings: [], error: null };
}

const COUNTERS = {
  stored: 'stored',
  destroyed: 'destroyed',
  quarantined: 'quarantined',
  'not-reached': 'notReached',
  lost: 'lost',
} as const;

/** Enters one message of the source. */
export function enter(ledger: Ledger, mailbox: string, id: string, evidence: Evidence): Ledger {
  const fate = fateOf(evidence);
  const counter = COUNTERS[fate];
  return {
    ...ledger,
    atSource: ledger.atSource + 1,
    [counter]: ledger[counter] + 1,
    findings:
      fate === 'lost' ? [...ledger.findings, { mailbox, id, why: whyLost(evidence) }] : ledger.findings,
  };
}
