import { withinLimits } from '../../deletion-limits.ts';
import type { Table } from '../../services.ts';
import type { MailSource } from '../../source/source.ts';
import { getSourceAccount } from '../../store/accounts.ts';
import { type Deletion, getDeletion, listDeleting } from '../../store/receipts.ts';
import type { RunContext } from '../context.ts';
import type { Look } from '../look.ts';
import { type DeletionRule, isPutOff } from './plan.ts';

/** Whether anything may, and has to, be deleted at the source now. */

/** What the store says of deletions. */
export interface StoredDeletion {
  notes: Deletion;
  /** Whether a copy waits to be deleted. */
  isWaiting: boolean;
}

/** Reads the two rows that tell whether anything has to be deleted. */
export async function readDeletion(table: Table, accountId: string): Promise<StoredDeletion> {
  const [notes, waiting] = await Promise.all([
    getDeletion(table, accountId),
    listDeleting(table, accountId, 1),
  ]);
  return { notes, isWaiting: waiting.length > 0 };
}

/** Whether a run has anything to delete, or to look through for it. Pure. */
export function isDeletionDue(
  account: DeletionRule,
  { remover }: Pick<MailSource, 'remover'>,
  { head, quarantined, at }: Pick<Look, 'head' | 'quarantined' | 'at'>,
  { notes, isWaiting }: StoredDeletion,
): boolean {
  if (!remover || quarantined > 0 || notes.frozen) return false;
  return mustLookThrough(account, notes, at, head.applied) || (!isPutOff(notes, at) && isWaiting);
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
export async function ruleNow({ services, account }: RunContext): Promise<DeletionRule | null> {
  const { table, deletionLimits } = services;
  const [current, notes] = await Promise.all([
    getSourceAccount(table, account.id),
    getDeletion(table, account.id),
  ]);
  if (!current || current.erasing || current.paused || notes.frozen) return null;
  return withinLimits(current, deletionLimits);
}
