import type { Id } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { pullAccounts } from './accounts.ts';
import type { Database } from './db.ts';
import { pullChanges } from './feed.ts';
import { listStep } from './first-download.ts';
import { accountLock, exclusively } from './locks.ts';

/**
 * One look at an account that was just added, beside the cycle of all accounts: that may be busy with the bodies of
 * another for long, and somebody waits here for their first message.
 * @throws Unreachable, SignInNeeded, RequestRefused, MethodRefused
 */
export async function firstLook(db: Database, accountId: Id, call: Call): Promise<void> {
  await pullAccounts(db, call);
  await exclusively(accountLock(accountId), async () => {
    await pullChanges(db, accountId, call);
    await listStep(db, accountId, call);
  });
}
