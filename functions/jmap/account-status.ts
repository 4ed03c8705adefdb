import type { Services } from '../services.ts';
import type { Account, ArchiveAccount, SourceAccount } from '../store/accounts.ts';
import { getDue } from '../store/due.ts';
import { getHealth } from '../store/health.ts';
import { getLooking, isLooking } from '../store/looking.ts';
import { listMailboxes, listQuarantine } from '../store/mailboxes.ts';
import { getDeletion, getHead } from '../store/receipts.ts';
import { lookingDue, nextPull } from '../sync/schedule.ts';
import { ARCHIVE_WORDS, PAUSED_WORDS, statusWords } from './account-words.ts';
import { deletionWords } from './deletion-words.ts';
import { utcDate } from './email-properties.ts';
import type { MailAccount, MailAccountStatus } from './types.ts';

/** The MailAccount object of an account: everything but its credential. */
export async function mailAccountOf(services: Services, account: Account): Promise<MailAccount> {
  if (account.protocol === 'archive') return archiveOf(services, account);
  const { table } = services;
  const [notes, head, status] = await Promise.all([
    getDeletion(table, account.id),
    getHead(table, account.id),
    statusOf(services, account),
  ]);
  return {
    ...settingsOf(account),
    deletionFrozen: notes.frozen !== undefined,
    receipts: {
      count: head?.receipts ?? 0,
      since: dateOrNull(head?.receiptsSince ?? null),
      freed: head?.freed ?? 0,
    },
    status: { ...status, ...deletionWords(account, notes, status) },
  };
}

/** The settings that a client may see. */
export function settingsOf(account: Account): Omit<MailAccount, 'status' | 'deletionFrozen' | 'receipts'> {
  const { id, name, protocol, address } = account;
  if (protocol === 'archive') return { id, name, protocol, address, ...NO_SERVER };
  const { host, port, security, username } = account;
  const { deletionPolicy, deletionDays = null, paused = false } = account;
  const { authentication = 'password', oauthProvider = null } = account;
  return {
    ...{ id, name, protocol, address, host, port, security, username },
    ...{ authentication, oauthProvider, deletionPolicy, deletionDays, paused },
  };
}

async function statusOf({ table, now }: Services, account: SourceAccount): Promise<MailAccountStatus> {
  const { id } = account;
  const [health, due, mailboxes, quarantine, looking] = await Promise.all([
    getHealth(table, id),
    getDue(table, id),
    listMailboxes(table, id),
    listQuarantine(table, id),
    getLooking(table, account.userId),
  ]);
  const at = now();
  // As the source counts: a message in two mailboxes is two there, and one Email here.
  const stored = mailboxes.reduce((sum, mailbox) => sum + mailbox.totalEmails, 0);
  const timing = due && isLooking(looking, at) ? lookingDue(id, due) : due;
  return {
    ...(account.paused ? PAUSED_WORDS : statusWords({ account, health, stored, now: at })),
    lastPullAt: dateOrNull(health.lastPullAt),
    lastSuccessAt: dateOrNull(health.lastSuccessAt),
    nextPullAt: timing && !account.paused ? utcDate(nextPull(timing, at)) : null,
    stored,
    atSource: health.atSource,
    quarantined: quarantine.length,
  };
}

/** What an archive is instead of all that belongs to a server. */
const NO_SERVER = {
  ...{ host: null, port: null, security: null, username: null },
  ...{ authentication: null, oauthProvider: null },
  ...{ deletionPolicy: 'keep' as const, deletionDays: null, paused: false },
};

/** An archive has nothing to wait for: it is never pulled. */
async function archiveOf({ table }: Services, account: ArchiveAccount): Promise<MailAccount> {
  const mailboxes = await listMailboxes(table, account.id);
  return {
    ...settingsOf(account),
    deletionFrozen: false,
    receipts: { count: 0, since: null, freed: 0 },
    status: {
      ...ARCHIVE_WORDS,
      ...{ lastPullAt: null, lastSuccessAt: null, nextPullAt: null },
      stored: mailboxes.reduce((sum, mailbox) => sum + mailbox.totalEmails, 0),
      ...{ atSource: null, quarantined: 0 },
    },
  };
}

const dateOrNull = (ms: number | null) => (ms === null ? null : utcDate(ms));
