import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/services.ts';
import { type Account, accountRow } from '../../functions/store/accounts.ts';
import { getEmails, listEmails } from '../../functions/store/emails.ts';
import { blobKeys, type Key, keys, prefix } from '../../functions/store/keys.ts';
import { catchUp, type LogStore } from '../../functions/store/log.ts';
import { listQuarantine } from '../../functions/store/mailboxes.ts';
import { type Head, headRow } from '../../functions/store/rows.ts';
import {
  deleteRows,
  getRow,
  getRows,
  type Item,
  inParallel,
  putRows,
  queryRange,
} from '../../functions/store/table.ts';
import { OperatorError } from './errors.ts';
import { type HowToRestore, howToRestore } from './restore-plan.ts';

const PARALLEL_BLOBS = 16;

/** What the restoration of an account works with. */
export interface AccountRestore {
  /** As it is now, and where the rows go. */
  store: LogStore;
  /** The table as it was. */
  from: Table;
  accountId: string;
  /** Not further than the earlier table, although the log goes on. */
  isBack: boolean;
  /** Makes the bytes of a message present again, for good: they may be there, hidden in a previous version, or lost. */
  bringBack(key: string): Promise<'there' | 'back' | 'lost'>;
}

/** What became of it. */
export interface RestoredAccount {
  how: HowToRestore['kind'];
  emails: number;
  /** Messages that were brought back, and those of which no version is left. */
  blobs: number;
  lostBlobs: number;
  /** sha256 of every message that the restored rows name. */
  named: ReadonlySet<string>;
}

/** How an account would be restored. Throws OperatorError where the earlier table does not know it. */
export async function planRestore({ store, from, accountId, isBack }: AccountRestore): Promise<HowToRestore> {
  const [account, restored, present] = await Promise.all([
    getRow(from, keys.account(accountId), accountRow),
    getRow(from, keys.head(accountId), headRow),
    getRow(store.table, keys.head(accountId), headRow),
  ]);
  if (!account)
    throw new OperatorError('usage', `There is no account ${accountId} in the table ${from.name}.`);
  const later: number[] = [];
  const range = { from: keys.log(accountId, (restored?.applied ?? 0) + 1).sk, to: `${prefix.log}~` };
  for await (const page of queryRange(store.table, keys.partition(accountId), {
    ...range,
    attributes: ['sk'],
  })) {
    later.push(...page.map(({ sk }) => Number(String(sk).slice(prefix.log.length))));
  }
  const logs = { restored: restored?.applied ?? 0, present: present?.applied ?? null, later };
  return howToRestore(logs, isBack ? 'back' : undefined);
}

/**
 * Brings an account back: its messages first, then its rows, then the position of its log, and last of all who it
 * belongs to and when it is pulled. Functions must stand still meanwhile. May be interrupted and repeated.
 */
export async function restoreAccount(run: AccountRestore): Promise<RestoredAccount> {
  const { store, from, accountId } = run;
  const how = await planRestore(run);
  const messages = await restoreBlobs(run);
  const head = (await getRow(from, keys.head(accountId), headRow)) ?? { applied: 0, pushed: 0, emails: 0 };
  if (how.kind === 'back') {
    // First, too: who repeats this knows by it that the log does not go on.
    await putHead(store.table, accountId, { ...head, applied: how.applied });
    await removeOthers(run);
  }
  await copyRows(run);
  await putHead(store.table, accountId, how.kind === 'back' ? { ...head, applied: how.applied } : head);
  await catchUp(store, accountId);
  await copyPlaces(run);
  return { how: how.kind, ...messages };
}

/** Every message that the earlier rows name is there before a row names it again. */
async function restoreBlobs({ store, from, accountId, bringBack }: AccountRestore) {
  const named = new Set<string>();
  let emails = 0;
  let blobs = 0;
  let lostBlobs = 0;
  const look = async (sha256: string, isUnknown: boolean) => {
    named.add(sha256);
    const key = blobKeys.raw(accountId, sha256);
    if (!isUnknown && (await store.blobs.head(key))) return;
    const found = await bringBack(key);
    if (found === 'back') blobs += 1;
    if (found === 'lost') lostBlobs += 1;
  };
  for await (const page of listEmails(from, accountId)) {
    emails += page.length;
    const known = await getEmails(
      store.table,
      accountId,
      page.map(({ summary }) => summary.emailId),
    );
    // What no row named may be about to be let go, although it is there yet.
    await inParallel(
      page,
      ({ summary }) => look(summary.sha256, !known.has(summary.emailId)),
      PARALLEL_BLOBS,
    );
  }
  for (const { sha256 } of await listQuarantine(from, accountId))
    if (sha256 !== null) await look(sha256, true);
  return { emails, blobs, lostBlobs, named };
}

/** The rows of now that the earlier table does not have: the account is as it was. */
async function removeOthers({ store, from, accountId }: AccountRestore): Promise<void> {
  const pk = keys.partition(accountId);
  for await (const page of queryRange(store.table, pk, { attributes: ['pk', 'sk'] })) {
    const present = page.map(({ sk }): Key => ({ pk, sk: String(sk) }));
    const kept = new Set((await getRows(from, present)).map(({ sk }) => sk));
    await deleteRows(
      store.table,
      present.filter(({ sk }) => !kept.has(sk) && sk !== keys.head(accountId).sk),
    );
  }
}

/** Commits that are here stay as they are: they never change, but for when they are forgotten. */
async function copyRows({ store, from, accountId }: AccountRestore): Promise<void> {
  const pk = keys.partition(accountId);
  const isCommit = ({ sk }: Item) => String(sk).startsWith(prefix.log);
  const skip = new Set([keys.head(accountId).sk, keys.account(accountId).sk]);
  for await (const page of queryRange(from, pk, {})) {
    const commits = page.filter(isCommit).map(({ sk }): Key => ({ pk, sk: String(sk) }));
    const here = new Set((await getRows(store.table, commits)).map(({ sk }) => sk));
    await putRows(
      store.table,
      page.filter(row => !here.has(row.sk) && !skip.has(String(row.sk))),
    );
  }
}

async function putHead(table: Table, accountId: string, head: Head): Promise<void> {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...keys.head(accountId), ...head } }),
  );
}

/** Its settings, its user's link to it, and its place on the due list. */
async function copyPlaces({ store, from, accountId }: AccountRestore): Promise<void> {
  const [row] = await getRows(from, [keys.account(accountId)]);
  const { userId }: Account = accountRow.parse(row);
  await putRows(store.table, await getRows(from, [keys.userAccount(userId, accountId)]));
  await putRows(store.table, row ? [row] : []);
  await putRows(store.table, await getRows(from, [keys.due(accountId)]));
}
