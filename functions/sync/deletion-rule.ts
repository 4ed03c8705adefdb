import { getSourceAccount } from '../store/accounts.ts';
import { getDeletion, listDeleting } from '../store/receipts.ts';
import type { RunContext } from './context.ts';
import { type DeletionRule, isPutOff } from './deletion-plan.ts';
import type { Look } from './look.ts';

/** Whether anything may, and has to, be deleted at the source now. */

/** Whether a run has anything to delete, or to look through for it. Reads two rows when it has not. */
export async function isDeletionDue(
  { services: { table, now }, account, source }: Pick<RunContext, 'services' | 'account' | 'source'>,
  { head, quarantined }: Pick<Look, 'head' | 'quarantined'>,
): Promise<boolean> {
  if (!source.remover || quarantined > 0) return false;
  const notes = await getDeletion(table, account.id);
  if (notes.frozen) return false;
  if (mustLookThrough(account, notes, now(), head.applied)) return true;
  return !isPutOff(notes, now()) && (await listDeleting(table, account.id, 1)).length > 0;
}

/** Whether every mailbox has to be looked through for what has become due. */
export function mustLookThrough(
  rule: DeletionRule,
  { nextAt, upTo }: { nextAt: number | null; upTo: number },
  now: number,
  applied: number,
): boolean {
  if (rule.deletionPolicy === 'keep') return false;
  return (nextAt !== null && nextAt <= now) || (rule.deletionPolicy === 'onceStored' && applied > upTo);
}

/** The rule as the person has it at this moment; null while nothing may be deleted. */
export async function ruleNow({ services: { table }, account }: RunContext): Promise<DeletionRule | null> {
  const [current, notes] = await Promise.all([
    getSourceAccount(table, account.id),
    getDeletion(table, account.id),
  ]);
  return !current || current.erasing || notes.frozen ? null : current;
}
