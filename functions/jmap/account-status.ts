import type { Services } from '../services.ts';
import { type Account, getDue, getHealth, type Health } from '../store/accounts.ts';
import { listMailboxes, listQuarantine } from '../store/mailboxes.ts';
import { nextPull } from '../sync/schedule.ts';
import { utcDate } from './email-properties.ts';
import type { MailAccount, MailAccountStatus } from './types.ts';

/** The MailAccount object of an account: everything but its password. */
export async function mailAccountOf(services: Services, account: Account): Promise<MailAccount> {
  return { ...settingsOf(account), status: await statusOf(services, account) };
}

/** The settings that a client may see. */
export function settingsOf(account: Account): Omit<MailAccount, 'status'> {
  const { id, name, protocol, address, host, port, security, username, deletionPolicy } = account;
  return { id, name, protocol, address, host, port, security, username, deletionPolicy };
}

async function statusOf({ table, now }: Services, { id }: Account): Promise<MailAccountStatus> {
  const [health, due, mailboxes, quarantine] = await Promise.all([
    getHealth(table, id),
    getDue(table, id),
    listMailboxes(table, id),
    listQuarantine(table, id),
  ]);
  const { phase, code, message } = currentPhase(health, now());
  return {
    ...{ phase, code, message },
    lastPullAt: dateOrNull(health.lastPullAt),
    lastSuccessAt: dateOrNull(health.lastSuccessAt),
    nextPullAt: due ? utcDate(nextPull(due, now())) : null,
    // As the source counts: a message in two mailboxes is two there, and one Email here.
    stored: mailboxes.reduce((sum, mailbox) => sum + mailbox.totalEmails, 0),
    atSource: health.atSource,
    quarantined: quarantine.length,
  };
}

/** A run that was killed could not say so: its lease tells. One that paused at its deadline has given it back. */
function currentPhase(health: Health, now: number): Pick<MailAccountStatus, 'phase' | 'code' | 'message'> {
  const isAlive = health.leaseOwner === null || health.leaseUntil >= now;
  if (health.phase !== 'pulling' || isAlive) return health;
  const message = 'The last pull was interrupted; it goes on at the next one.';
  return { phase: 'failing', code: health.code, message };
}

const dateOrNull = (ms: number | null) => (ms === null ? null : utcDate(ms));
