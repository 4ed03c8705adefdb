import { logger } from '../../functions/logger.ts';
import type { Services } from '../../functions/services.ts';
import { getAccount } from '../../functions/store/accounts.ts';
import { blobKeys, keys, prefix } from '../../functions/store/keys.ts';
import { getHead } from '../../functions/store/receipts.ts';
import { deleteRows, queryRange } from '../../functions/store/table.ts';
import { createHandler as createSweep } from '../../functions/sweep.ts';
import { sweep as sweepTransfers } from '../../functions/transfer/sweep.ts';

/**
 * The sweep on one machine. Nothing expires here by itself: what rules of the bucket and the table's time to live do on
 * AWS is done first, for every account, then the sweep itself.
 */
export function createHandler(services: Services) {
  const sweep = createSweep(services);
  return async (event: unknown, context: Parameters<typeof sweep>[1]) => {
    const users = new Set<string>();
    for (const accountId of await accountsOf(services)) {
      try {
        const user = (await getAccount(services.table, accountId))?.userId;
        if (user !== undefined && !users.has(user)) await expireRowsOf(services, user);
        if (user !== undefined) users.add(user);
        await expire(services, accountId);
      } catch (error) {
        logger.error('expiry failed', { accountId, error: error instanceof Error ? error.name : 'unknown' });
      }
    }
    return sweep(event, context);
  };
}

const DAY_MS = 86_400_000;

async function accountsOf({ blobVersions }: Services): Promise<Set<string>> {
  const found = new Set<string>();
  for (const kind of blobKeys.kinds) {
    for await (const accountId of blobVersions.folders(`${kind}/`)) found.add(accountId);
  }
  return found;
}

/** Removes of an account what is over: commits, imports and exports with their files, uploads and decoded parts. */
async function expire(services: Services, accountId: string): Promise<void> {
  await expireLog(services, accountId);
  await sweepTransfers(services, accountId);
  const file = blobKeys.uploadedFile(accountId, '');
  await discardOlder(services, blobKeys.parts(accountId), DAY_MS, () => true);
  await discardOlder(services, blobKeys.upload(accountId, ''), 7 * DAY_MS, key => !key.startsWith(file));
}

async function discardOlder(
  { blobVersions, now }: Services,
  below: string,
  age: number,
  isMeant: (key: string) => boolean,
): Promise<void> {
  for await (const blob of blobVersions.listed(below)) {
    if (blob.storedAt + age <= now() && isMeant(blob.key)) await blobVersions.discard([blob]);
  }
}

/** Of a user: subscriptions of devices that nobody has renewed. */
async function expireRowsOf({ table, now }: Services, userId: string): Promise<void> {
  const pk = keys.userPartition(userId);
  for await (const page of queryRange(table, pk, { attributes: ['sk', 'expires'] })) {
    const over = page.filter(({ expires }) => typeof expires === 'number' && expires * 1000 <= now());
    await deleteRows(
      table,
      over.map(({ sk }) => ({ pk, sk: String(sk) })),
    );
  }
}

/** Commits expire in their order, or nearly so; what no row follows from yet stays, whatever its age. */
async function expireLog({ table, now }: Services, accountId: string): Promise<void> {
  const pk = keys.partition(accountId);
  const applied = (await getHead(table, accountId))?.applied ?? 0;
  const attributes = ['sk', 'expires'];
  for await (const page of queryRange(table, pk, { prefix: prefix.log, attributes, pageSize: 100 })) {
    const over = page.filter(
      ({ sk, expires }) =>
        typeof expires === 'number' &&
        expires * 1000 <= now() &&
        Number(String(sk).slice(prefix.log.length)) <= applied,
    );
    await deleteRows(
      table,
      over.map(({ sk }) => ({ pk, sk: String(sk) })),
    );
    if (over.length < page.length) break;
  }
}
