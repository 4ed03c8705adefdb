import type { BlobVersions } from '../../functions/services.ts';
import { type Account, accountRow } from '../../functions/store/accounts.ts';
import { type Due, readDueList } from '../../functions/store/due.ts';
import { type Health, healthRow } from '../../functions/store/health.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import type { LogStore } from '../../functions/store/log.ts';
import { getRows, parseRow } from '../../functions/store/table.ts';

/** How an account is doing, and when it is pulled. */
export interface AccountState {
  account: Account;
  /** Null where it was never pulled. */
  health: Health | null;
  /** Null where it is not pulled: an archive, paused, or stopped. */
  due: Due | null;
}

/**
 * Every account that is due or has stored mail, with its health. A scan would read the whole table for it: this reads
 * the due list, a row of a listing and two of the table for each account. Left out is an account that its server refused
 * before it brought a message.
 */
export async function readAccounts(
  { table }: LogStore,
  { folders }: Pick<BlobVersions, 'folders'>,
): Promise<AccountState[]> {
  const due = new Map<string, Due>();
  for await (const page of readDueList(table)) for (const row of page.due) due.set(row.sk, row);
  const ids = new Set(due.keys());
  for await (const id of folders(blobKeys.allRaws)) ids.add(id);
  const rows = await getRows(
    table,
    [...ids].flatMap(id => [keys.account(id), keys.health(id)]),
  );
  const health = new Map<string, Health>();
  const accounts: Account[] = [];
  for (const row of rows) {
    const id = String(row.pk).slice(keys.partition('').length);
    if (row.sk === keys.account(id).sk) accounts.push(parseRow(row, accountRow));
    else health.set(id, parseRow(row, healthRow));
  }
  return accounts
    .filter(({ erasing }) => !erasing)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    .map(account => ({
      account,
      health: health.get(account.id) ?? null,
      due: due.get(account.id) ?? null,
    }));
}
