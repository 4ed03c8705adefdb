import type { Table } from '../services.ts';
import type { DestroyedEmail, PatchedEmail } from '../store/commit.ts';
import { getEmails } from '../store/emails.ts';
import type { EmailState } from '../store/state.ts';
import type { Id } from './types.ts';

/** What `onDestroyRemoveEmails` of Mailbox/set (RFC 8621 section 2.5) does to Emails. */

/** Emails that leave their mailboxes in one commit. */
const EMAILS_A_COMMIT = 500;

export interface Emptying {
  patched: PatchedEmail[];
  destroyed: EmailState[];
  /** Whether that is all: otherwise it is committed, and the rest worked out again. */
  isAll: boolean;
}

/** Takes Emails out of mailboxes that are destroyed; those that are in no other are destroyed with them. Pure. */
export function emptyMailboxes(states: Iterable<EmailState>, mailboxIds: ReadonlySet<Id>): Emptying {
  const emptying: Emptying = { patched: [], destroyed: [], isAll: true };
  for (const state of states) {
    const { id, threadId, mailboxIds: all } = state;
    const left = all.filter(mailboxId => mailboxIds.has(mailboxId));
    if (left.length === 0) continue;
    if (emptying.patched.length + emptying.destroyed.length >= EMAILS_A_COMMIT) {
      return { ...emptying, isAll: false };
    }
    if (left.length === all.length) emptying.destroyed.push(state);
    else {
      const gone = Object.fromEntries(left.map(mailboxId => [mailboxId, false]));
      emptying.patched.push({ id, threadId, mailboxIds: gone });
    }
  }
  return emptying;
}

/** Destroyed Emails as a commit holds them: with what the source has to delete, and how it can be told from others. */
export async function toDestroyed(
  table: Table,
  accountId: string,
  states: readonly EmailState[],
): Promise<DestroyedEmail[]> {
  const ids = states.map(state => state.id);
  const emails = await getEmails(table, accountId, ids);
  return states.map(({ id, threadId, locations }) => {
    const summary = emails.get(id)?.summary;
    const blob = summary && { sha256: summary.sha256, size: summary.size };
    return { id, threadId, ...(blob && { blob }), locations: [...locations] };
  });
}
