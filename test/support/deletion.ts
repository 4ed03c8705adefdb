import assert from 'node:assert/strict';
import type { MailAccount, MailAccountReceipt } from '../../functions/jmap/types.ts';
import type { Services } from '../../functions/services.ts';
import { contentsOf } from './accounts.ts';
import { jmapClient } from './jmap.ts';

export const DAY_MS = 86_400_000;

/** What a person does to an account of `mara`, and sees of it, over the API. */
export function person(services: Services, accountId: string) {
  const client = jmapClient(services);
  const set = async (change: Record<string, unknown>) => {
    const answer = await client.call('MailAccount/set', { update: { [accountId]: change } });
    assert.equal(answer.notUpdated, null, JSON.stringify(answer.notUpdated));
  };
  return {
    set,
    async account(): Promise<MailAccount> {
      const { list } = await client.call('MailAccount/get', { ids: [accountId] });
      return list[0] as unknown as MailAccount;
    },
    async receipts(): Promise<MailAccountReceipt[]> {
      const found: MailAccountReceipt[] = [];
      for (let after: unknown = null; ; ) {
        const page = await client.call('MailAccount/receipts', { accountId, after, limit: 2 });
        found.push(...(page.list as unknown as MailAccountReceipt[]));
        if (page.next === null) return found;
        after = page.next;
      }
    },
    /** Destroys the Emails with these subjects. */
    async destroy(...subjects: string[]): Promise<void> {
      const { emails } = await contentsOf(services, accountId);
      const ids = emails
        .filter(({ summary }) => subjects.includes(summary.subject ?? ''))
        .map(({ summary }) => summary.emailId);
      assert.equal(ids.length, subjects.length, `no Emails ${subjects.join(', ')}`);
      const answer = await client.call('Email/set', { accountId, destroy: ids });
      assert.deepEqual(answer.destroyed, ids);
    },
    /** The subjects of all Emails, sorted. */
    async subjects(): Promise<string[]> {
      const { emails } = await contentsOf(services, accountId);
      return emails.map(({ summary }) => summary.subject ?? '').sort();
    },
  };
}
