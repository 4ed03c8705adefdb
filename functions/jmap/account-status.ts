import type { Services } from '../services.ts';
import { type Account, getDue, getHealth, type Health } from '../store/accounts.ts';
import { keys } from '../store/keys.ts';
import { listQuarantine } from '../store/mailboxes.ts';
import { headRow } from '../store/rows.ts';
import { getRow } from '../store/table.ts';
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
  const [health, due, head, quarantine] = await Promise.all([
    getHealth(table, id),
    getDue(table, id),
    getRow(table, keys.head(id), headRow),
    listQuarantine(table, id),
  ]);
  const { phase, code, message } = currentPhase(health, now());
  return {
    ...{ phase, code, message },
    lastPullAt: dateOrNull(health.lastPullAt),
    lastSuccessAt: dateOrNull(health.lastSuccessAt),
    nextPullAt: due ? utcDate(nextPull(due, now())) : null,
    stored: head?.emails ?? 0,
    atSource: health.atSource,
    quarantined: quarantine.length,
  };
}

/** A run that was killed could not say so: its lease tells. */
function currentPhase(health: Health, now: number): Pick<MailAccountStatus, 'phase' | 'code' | 'message'> {
  if (health.phase !== 'pulling' || health.leaseUntil >= now) return health;
  const message = 'The last pull was interrupted; it goes on at the next one.';
  return { phase: 'failing', code: health.code, message };
}

const dateOrNull = (ms: number | null) => (ms === null ? null : utcDate(ms));
