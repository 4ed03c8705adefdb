import type { MessageHint } from '../../source/source.ts';
import type { EmailSummary } from '../../store/rows.ts';

/** Which listed messages are Emails that are stored already, told from a few fields of their headers. Pure. */

/** What of a stored Email is needed to recognise its message. */
export type Candidate = Pick<EmailSummary, 'emailId' | 'sha256' | 'size' | 'messageId' | 'sentAt'>;

/** Keeps of a summary what a candidate is. */
export function toCandidate({ emailId, sha256, size, messageId, sentAt }: EmailSummary): Candidate {
  return { emailId, sha256, size, messageId, sentAt };
}

type Marks = Pick<MessageHint, 'size' | 'messageId' | 'sentAt'>;

/** Whether a message's size, Date and Message-ID are those of a stored Email; never so without a Message-ID. */
export function isSameMessage(hint: Marks, email: Marks): boolean {
  const key = keyOf(hint);
  return key !== null && key === keyOf(email);
}

/**
 * The Email of each message that matches exactly one candidate which no other message matches, by UID. Whatever is
 * ambiguous is left out: it has to be fetched, and its content decides.
 */
export function matchHints(
  hints: readonly MessageHint[],
  candidates: Iterable<Candidate>,
): Map<string, Candidate> {
  const emails = groupBy(candidates, keyOf);
  const messages = groupBy(hints, keyOf);
  const matched = new Map<string, Candidate>();
  for (const [key, [hint, ...others]] of messages) {
    const [email, ...otherEmails] = emails.get(key) ?? [];
    if (hint && email && others.length + otherEmails.length === 0) matched.set(hint.uid, email);
  }
  return matched;
}

/** What two different messages hardly ever share; null where a message does not tell enough of itself. */
function keyOf({ size, messageId, sentAt }: Marks): string | null {
  if (size === null || messageId === null || messageId.length === 0) return null;
  return JSON.stringify([size, sentAt, messageId]);
}

function groupBy<T>(items: Iterable<T>, key: (item: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name === null) continue;
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
