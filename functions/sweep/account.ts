import { hashOf } from '../mime/identity.ts';
import type { Services } from '../services.ts';
import { type Account, getAccount } from '../store/accounts.ts';
import { getDue, putDue } from '../store/due.ts';
import { initialDue } from '../sync/schedule.ts';
import { sweepBlobs } from './orphans.ts';
import { readIndex } from './read-index.ts';
import { sweepReleased, sweepTombstones } from './tombstones.ts';

/** What one sweep of one account has removed; `complete` is false where its time was over before its end. */
export interface SweptAccount {
  rows: number;
  blobs: number;
  complete: boolean;
}

const DAY_MS = 86_400_000;
/** A run or a request commits within minutes of storing a blob: one of this age will not be named any more. */
const ORPHAN_MS = 7 * DAY_MS;
/** A table that was brought back from before an account was made knows nothing of it: there is time to notice. */
const ACCOUNTLESS_MS = 30 * DAY_MS;

/**
 * Removes what nothing names any more of one account: tombstones that nobody needs, then blobs. Notes nothing about
 * itself, so that it may be killed anywhere and begun again; writes nothing where there is nothing to remove.
 * @param deadline when to stop, ms since the epoch
 */
export async function sweepAccount(
  services: Services,
  accountId: string,
  deadline: number,
): Promise<SweptAccount> {
  const now = services.now();
  const account = await getAccount(services.table, accountId);
  if (account?.erasing) return resumeErasing(services, account);
  // The blobs of an account that was erased while a frozen run still stored some.
  if (!account) {
    const nothing = { names: new Set<string>(), before: now - ACCOUNTLESS_MS, deadline };
    return { rows: 0, ...(await sweepBlobs(services, accountId, nothing)) };
  }
  const index = await readIndex(services.table, accountId);
  if (!index) return { rows: 0, blobs: 0, complete: true };
  const released = await sweepReleased(services.table, accountId, index);
  const tombstones = await sweepTombstones(services.table, account, index);
  const { names } = index;
  for (const { id } of tombstones.kept) names.add(hashOf(id));
  const swept = await sweepBlobs(services, accountId, { names, before: now - ORPHAN_MS, deadline });
  return { rows: released + tombstones.rows, ...swept };
}

/** The request that removed it was killed before the account was due, so that no run has erased it. */
async function resumeErasing({ table }: Services, { id }: Account): Promise<SweptAccount> {
  if (!(await getDue(table, id))) await putDue(table, id, initialDue());
  return { rows: 0, blobs: 0, complete: true };
}
