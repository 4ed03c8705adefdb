import assert from 'node:assert/strict';
import type { Services } from '../../functions/services.ts';
import type { SourceSettings } from '../../functions/source/source.ts';
import { putAccount, type SourceAccount } from '../../functions/store/accounts.ts';
import type { PatchedEmail } from '../../functions/store/commit.ts';
import { putDue } from '../../functions/store/due.ts';
import { getAllStates, getEmails, type StoredEmail } from '../../functions/store/emails.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import { listMailboxes } from '../../functions/store/mailboxes.ts';
import { seal } from '../../functions/store/vault.ts';
import { type RunOptions, type RunOutcome, runAccount } from '../../functions/sync/run.ts';
import { initialDue } from '../../functions/sync/schedule.ts';

type Login = Pick<SourceSettings, 'protocol' | 'port' | 'username' | 'password'> & Partial<SourceAccount>;

/** An account on a mail server on loopback, as the API would have made it. */
export async function testAccount(
  services: Services,
  id: string,
  { password, ...login }: Login,
): Promise<SourceAccount> {
  const account: SourceAccount = {
    id,
    userId: 'mara',
    name: id,
    address: 'mara@example.org',
    host: '127.0.0.1',
    security: 'none',
    sealedPassword: await seal(services, id, password),
    deletionPolicy: 'keep',
    createdAt: services.now(),
    ...login,
  };
  await putAccount(services.table, account);
  await putDue(services.table, id, initialDue());
  return account;
}

/** One run with time enough. */
export function pull(
  services: Services,
  accountId: string,
  options: Partial<RunOptions> = {},
): Promise<RunOutcome> {
  return runAccount(services, accountId, { deadline: services.now() + 60_000, reason: 'due', ...options });
}

/** All that is stored of an account, in a form that two accounts can be compared by. */
export interface Contents {
  emails: (StoredEmail & { raw: Buffer })[];
  /** mailbox name -> counters */
  counters: Record<string, number[]>;
  /** `<mailbox names> <keywords> <subject>` of each Email, sorted. */
  lines: string[];
}

/** Reads an account whole, blobs included. */
export async function contentsOf(services: Services, accountId: string): Promise<Contents> {
  const mailboxes = await listMailboxes(services.table, accountId);
  const names = new Map(mailboxes.map(mailbox => [mailbox.id, mailbox.name]));
  const states = await getAllStates(services.table, accountId);
  const stored = await getEmails(services.table, accountId, [...states.keys()]);
  const emails = await Promise.all(
    [...stored.values()].map(async email => {
      const raw = await services.blobs.get(blobKeys.raw(accountId, email.summary.sha256));
      return { ...email, raw: Buffer.from(raw ?? []) };
    }),
  );
  const lines = emails.map(({ summary, state }) => {
    const places = state.mailboxIds.map(id => names.get(id) ?? id).sort();
    return `${places.join('+')} ${[...state.keywords].sort().join('+')} ${summary.subject} ${summary.sha256}`;
  });
  return {
    emails,
    counters: Object.fromEntries(
      mailboxes.map(m => [m.name, [m.totalEmails, m.unreadEmails, m.totalThreads, m.unreadThreads]]),
    ),
    lines: lines.sort(),
  };
}

/** What a device does to the Email with this subject of an IMAP account: a commit that waits to be pushed. */
export async function changeOnDevice(
  services: Services,
  accountId: string,
  subject: string,
  patch: Partial<Pick<PatchedEmail, 'keywords' | 'mailboxIds'>>,
): Promise<void> {
  const { emails } = await contentsOf(services, accountId);
  const email = emails.find(({ summary }) => summary.subject === subject);
  assert.ok(email, `no Email ${subject}`);
  const { emailId: id, threadId } = email.summary;
  const patched = [{ id, threadId, ...patch }];
  await commit(services, accountId, () => ({ by: 'device', patched }), { expires: false });
}
