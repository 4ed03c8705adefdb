import type { MailboxSnapshot } from '../../source/source.ts';
import type { MailboxCursor } from '../../store/commit.ts';
import { freezeDeletion } from '../../store/receipts.ts';
import type { PulledMailbox, RunContext } from '../context.ts';
import { type MailboxPlan, voidsUids } from '../plan.ts';
import { deletesDestroyed, imapAnomaly, popAnomaly } from './plan.ts';

/**
 * Holds a listing against what was handled before, and freezes deletion where it does not go on from there. Call it
 * before anything of the plan is committed: afterwards the new listing is what later ones are held against.
 */
export async function watchListing(
  run: RunContext,
  mailbox: PulledMailbox,
  stored: MailboxCursor | undefined,
  snapshot: MailboxSnapshot,
  plan: MailboxPlan,
): Promise<void> {
  const { services, account, source } = run;
  if (!deletesDestroyed(account)) return;
  const { name, mailboxId } = mailbox;
  // The cursor of a mailbox that was missing, and counts as new, has no UIDVALIDITY.
  const isReset =
    Boolean(stored?.uidValidity) && stored !== undefined && voidsUids(stored, snapshot.status, mailboxId);
  const listed = snapshot.entries.length;
  const at = services.now();
  const anomaly =
    source.protocol === 'imap'
      ? imapAnomaly({ name, isReset, isDoubtful: plan.doubtful }, at)
      : popAnomaly(stored, { listed, known: listed - plan.fetch.length }, at);
  if (anomaly) await freezeDeletion(services.table, account.id, anomaly);
}
