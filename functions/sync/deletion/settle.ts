import { parseLocation } from '../../store/keys.ts';
import { listDeleting } from '../../store/receipts.ts';
import type { DeletingRow } from '../../store/rows.ts';
import { commitRun, type RunContext } from '../context.ts';
import type { Look } from '../look.ts';
import { withoutHandled } from '../plan.ts';
import { acknowledge, withdraw } from './commits.ts';
import { groupByMailbox, isCurrent, type Listing, listMailbox } from './copies.ts';
import { deletesDestroyed, deletesStored } from './plan.ts';
import { ruleNow } from './rule.ts';

/** More intentions than one run makes, left by several that were killed. */
const MANY = 2_000;

/**
 * Brings to an end what a run that was killed, or lost its connection, had begun: before anything is pulled, which
 * would find messages missing. What is not listed any more gets its receipt. Throws SourceError.
 */
export async function settleDeletions(run: RunContext, { quarantined }: Look): Promise<void> {
  const rows = await listDeleting(run.services.table, run.account.id, MANY);
  const begun = rows.filter(({ attempted }) => attempted);
  if (begun.length === 0) return;
  const rule = quarantined > 0 ? null : await ruleNow(run);
  for (const [mailboxId, mine] of groupByMailbox(run, begun)) {
    const path = run.paths.get(mailboxId);
    if (path === undefined) continue;
    const listing = await listMailbox(run, { id: mailboxId, path }, null);
    const current = mine.filter(row => isCurrent(row, listing));
    const left = current.filter(({ location }) => listing.entries.has(location));
    const gone = current.filter(({ location }) => !listing.entries.has(location));
    await acknowledge(run, listing, gone, 'gone');
    const isMeant = ({ policy }: DeletingRow) =>
      rule !== null && (policy === 'whenDestroyed' ? deletesDestroyed(rule) : deletesStored(rule));
    await withdraw(
      run,
      left.filter(row => !isMeant(row) && row.policy !== 'whenDestroyed'),
      listing,
    );
    await forgetMarked(run, mailboxId, left, listing);
  }
}

/** What was marked as deleted and not yet expunged is invisible, and would count as lost. */
async function forgetMarked(
  run: RunContext,
  mailboxId: string,
  rows: readonly DeletingRow[],
  listing: Listing,
): Promise<void> {
  const marked = rows.filter(({ location }) => listing.entries.get(location)?.isDeleted);
  const uids = marked.flatMap(({ location }) => parseLocation(location)?.uid ?? []);
  const cursor = run.cursors.get(mailboxId);
  if (uids.length === 0 || cursor?.uidValidity !== listing.uidValidity) return;
  await commitRun(run, async () => ({ cursors: { [mailboxId]: withoutHandled(cursor, uids) } }));
}
