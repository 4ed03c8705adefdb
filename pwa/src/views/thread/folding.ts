import type { Id } from '../../../../functions/jmap/types.ts';
import type { StoredEmail } from '../../mailbox/db.ts';

/** Unread messages that are opened with a conversation at most, the newest. */
const OPEN_AT_MOST = 10;
/** Folded messages in a row that are still shown one by one. */
const LONGEST_RUN = 4;

/** One folded or open message, or several that are put behind a button. */
export type Part = { email: StoredEmail } | { hidden: Id[] };

/** What is open when a conversation is shown: the message that was asked for, and what is unread; pure. */
export function opensAtFirst(emails: readonly StoredEmail[], asked: Id): Set<Id> {
  const unread = emails.filter(email => !email.keywords.$seen).slice(-OPEN_AT_MOST);
  return new Set([asked, ...unread.map(email => email.id)]);
}

/** The parts of a conversation: of a long run of folded messages only the first and the last are shown; pure. */
export function folding(
  emails: readonly StoredEmail[],
  open: ReadonlySet<Id>,
  unfolded: ReadonlySet<Id>,
): Part[] {
  const parts: Part[] = [];
  let run: StoredEmail[] = [];
  const endRun = () => {
    const inner = run.length > LONGEST_RUN ? run.slice(1, -1) : [];
    const [first] = inner;
    if (first && !unfolded.has(first.id)) {
      const last = run.at(-1);
      parts.push({ email: run[0] ?? first }, { hidden: inner.map(email => email.id) });
      if (last) parts.push({ email: last });
    } else parts.push(...run.map(email => ({ email })));
    run = [];
  };
  for (const email of emails) {
    if (!open.has(email.id)) run.push(email);
    else {
      endRun();
      parts.push({ email });
    }
  }
  endRun();
  return parts;
}
