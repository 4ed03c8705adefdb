import type { SourceAccount } from './store/accounts.ts';

/** What an operator allows accounts to delete at their mail servers; without limits, everything that they can ask for. */
export interface DeletionLimits {
  /** `keep` is always allowed. */
  policies: readonly SourceAccount['deletionPolicy'][];
  /** The fewest days that `afterDays` may count. */
  minimumDays: number;
}

type Rule = Pick<SourceAccount, 'deletionPolicy' | 'deletionDays'>;

/**
 * What an account may do of what it was set to: limits may have come later than its settings. A policy that is not
 * allowed keeps everything, and days are at least those of the limits. Pure.
 */
export function withinLimits<Account extends Rule>(
  account: Account,
  limits: DeletionLimits | undefined,
): Account {
  const { deletionPolicy, deletionDays } = account;
  if (!limits || deletionPolicy === 'keep') return account;
  if (!limits.policies.includes(deletionPolicy)) {
    return { ...account, deletionPolicy: 'keep', deletionDays: null };
  }
  if (deletionPolicy !== 'afterDays' || !deletionDays) return account;
  return { ...account, deletionDays: Math.max(deletionDays, limits.minimumDays) };
}

/** What of new settings the limits do not allow: the property, and a sentence for the person; null when they do. */
export function refusedByLimits(
  { deletionPolicy, deletionDays }: Partial<Rule>,
  limits: DeletionLimits | undefined,
): { name: keyof Rule; message: string } | null {
  if (!limits || deletionPolicy === undefined || deletionPolicy === 'keep') return null;
  if (!limits.policies.includes(deletionPolicy)) {
    const message =
      'Your provider does not allow that mail is deleted at its server this way. Choose another.';
    return { name: 'deletionPolicy', message };
  }
  if (deletionPolicy !== 'afterDays' || (deletionDays ?? limits.minimumDays) >= limits.minimumDays)
    return null;
  const message = `Your provider allows that mail is deleted after ${limits.minimumDays} days at the earliest.`;
  return { name: 'deletionDays', message };
}
