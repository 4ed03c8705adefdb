import type { DestroyedEmail, PatchedEmail } from '../store/commit.ts';
import type { EmailState } from '../store/state.ts';
import type { Id } from './types.ts';

/** What `onDestroyRemoveEmails` of Mailbox/set (RFC 8621 section 2.5) does to Emails. Pure. */

/** Emails that leave their mailboxes in one commit. */
const EMAILS_A_COMMIT = 500;

export interface Emptying {
  patched: PatchedEmail[];
  destroyed: DestroyedEmail[];
  /** Whether that is all: otherwise it is committed, and the rest worked out again. */
  isAll: boolean;
}

/** Takes Emails out of mailboxes that are destroyed; those that are in no other are destroyed with them. */
export function emptyMailboxes(states: Iterable<EmailState>, mailboxIds: ReadonlySet<Id>): Emptying {
  const emptying: Emptying = { patched: [], destroyed: [], isAll: true };
  for (const { id, threadId, mailboxIds: all } of states) {
    const left = all.filter(mailboxId => mailboxIds.has(mailboxId));
    if (left.length === 0) continue;
    if (emptying.patched.length + emptying.destroyed.length >= EMAILS_A_COMMIT) {
      return { ...emptying, isAll: false };
    }
    if (left.length === all.length) emptying.destroyed.push({ id, threadId });
    else {
      const gone = Object.fromEntries(left.map(mailboxId => [mailboxId, false]));
      emptying.patched.push({ id, threadId, mailboxIds: gone });
    }
  }
  return emptying;
}
