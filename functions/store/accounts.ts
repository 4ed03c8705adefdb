import { paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Blobs, Table } from '../services.ts';
import { blobKeys, keys, prefix } from './keys.ts';
import {
  chunk,
  deleteRow,
  deleteRows,
  getRow,
  getRows,
  inParallel,
  parseRow,
  putIf,
  queryAll,
  queryRange,
  setIf,
  whenConditionHolds,
} from './table.ts';

const everyAccount = {
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  address: z.string(),
  createdAt: z.number(),
  /** Set when the user removed the account: a sync run erases what is left. */
  erasing: z.boolean().optional(),
};

/** What an account does with the source's copies of what is stored here. */
export const deletionPolicy = z.enum(['keep', 'afterDays', 'onceStored', 'whenDestroyed']);

/** An account with a source: its settings, as its user gave them, with the credential sealed. */
const sourceAccount = z.object({
  ...everyAccount,
  protocol: z.enum(['imap', 'pop']),
  host: z.string(),
  port: z.number(),
  security: z.enum(['tls', 'starttls', 'none']),
  username: z.string(),
  sealedPassword: z.string(),
  /** What happens to the source's copy of what is stored here; what a device destroyed is never stored any more. */
  deletionPolicy,
  /** For `afterDays`: days after it was stored. */
  deletionDays: z.number().nullish(),
  /** How it signs in: by the password, where absent, or by OAuth with a refresh token of `oauthProvider`. */
  authentication: z.enum(['password', 'oauth']).optional(),
  /** Set while the person wants its server left alone: no run reaches for it, and it is not on the due list. */
  paused: z.boolean().optional(),
  /** Which of the stack's OAuth clients: `google`. */
  oauthProvider: z.string().optional(),
  /** The refresh token; `sealedPassword` is empty then. */
  sealedRefreshToken: z.string().optional(),
});

/** An account without a source, whose mail lives here only. Its address is empty where the person gave none. */
const archiveAccount = z.object({ ...everyAccount, protocol: z.literal('archive') });

/** ACCOUNT: what an account is. */
export const accountRow = z.discriminatedUnion('protocol', [sourceAccount, archiveAccount]);

export type SourceAccount = z.infer<typeof sourceAccount>;
export type ArchiveAccount = z.infer<typeof archiveAccount>;
export type Account = SourceAccount | ArchiveAccount;

/** One account by id; null when there is none. */
export function getAccount(table: Table, accountId: string): Promise<Account | null> {
  return getRow(table, keys.account(accountId), accountRow);
}

/** The same, where it has a source; null for an archive, too. */
export async function getSourceAccount(table: Table, accountId: string): Promise<SourceAccount | null> {
  const account = await getAccount(table, accountId);
  return account?.protocol === 'archive' ? null : account;
}

/** The accounts of a user, oldest first; removed ones left out. */
export async function listAccounts(table: Table, userId: string): Promise<Account[]> {
  const links = await queryAll(table, keys.userPartition(userId), { prefix: prefix.userAccount });
  const rows = await getRows(
    table,
    links.map(link => keys.account(String(link.sk).slice(prefix.userAccount.length))),
  );
  return rows
    .map(item => parseRow(item, accountRow))
    .filter(account => account.userId === userId && !account.erasing)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** Parts of the table that are scanned side by side: one after the other a large table takes many minutes. */
const SCAN_SEGMENTS = 8;

/** Every account of the stack, removed ones left out: a scan, for tools that look at everything. */
export async function listAllAccounts(table: Table): Promise<Account[]> {
  const found: Account[] = [];
  const filter = { FilterExpression: 'sk = :account', ExpressionAttributeValues: { ':account': 'ACCOUNT' } };
  const segments = Array.from({ length: SCAN_SEGMENTS }, (_, Segment) => Segment);
  await inParallel(segments, async Segment => {
    const part = { TableName: table.name, Segment, TotalSegments: SCAN_SEGMENTS, ...filter };
    for await (const page of paginateScan({ client: table.client }, part)) {
      found.push(...(page.Items ?? []).map(item => parseRow(item, accountRow)));
    }
  });
  return found
    .filter(account => !account.erasing)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/**
 * Creates or replaces an account's settings and the link from its user. The link goes first: without its account it
 * is nothing, but an account without its link would be pulled and seen by nobody.
 */
export async function putAccount(table: Table, account: Account): Promise<void> {
  const link = keys.userAccount(account.userId, account.id);
  await putIf(table, { ...link }, 'attribute_not_exists(pk)');
  await putIf(table, { ...keys.account(account.id), ...account }, 'attribute_not_exists(erasing)');
}

/**
 * Changes only these settings: a refresh token that was rotated since the account was read stays. An account that is
 * gone, or is being erased, is left alone.
 */
export async function changeSettings(
  table: Table,
  accountId: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const isThere = 'attribute_exists(pk) AND attribute_not_exists(erasing)';
  await setIf(table, keys.account(accountId), settings, isThere);
}

/**
 * Takes the turn to renew with this refresh token for so many ms, because a provider that rotates may take one that comes
 * twice for a stolen one. False while another process has it, and when the account has another token.
 */
export function beginRenewal(
  table: Table,
  accountId: string,
  sealedRefreshToken: string,
  now: number,
  span: number,
): Promise<boolean> {
  return setIf(
    table,
    keys.account(accountId),
    { renewingUntil: now + span },
    'sealedRefreshToken = :token AND ' +
      '(attribute_not_exists(renewingUntil) OR renewingUntil < :now OR renewingUntil > :until)',
    { ':token': sealedRefreshToken, ':now': now, ':until': now + span },
  );
}

/** Gives the turn back, where the refresh token is the same afterwards. */
export async function endRenewal(table: Table, accountId: string, sealedRefreshToken: string): Promise<void> {
  await whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.account(accountId),
        ConditionExpression: 'sealedRefreshToken = :token',
        UpdateExpression: 'REMOVE renewingUntil',
        ExpressionAttributeValues: { ':token': sealedRefreshToken },
      }),
    ),
  );
}

/** Stores the refresh token that followed `before`; false when the person has signed in again meanwhile, or has gone. */
export async function replaceRefreshToken(
  table: Table,
  accountId: string,
  before: string,
  after: string,
): Promise<boolean> {
  return whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.account(accountId),
        ConditionExpression: 'sealedRefreshToken = :before',
        UpdateExpression: 'SET sealedRefreshToken = :after REMOVE renewingUntil',
        ExpressionAttributeValues: { ':before': before, ':after': after },
      }),
    ),
  );
}

/** Takes an account from its user at once; a sync run erases its rows and blobs afterwards. */
export async function markErasing(table: Table, account: Account): Promise<void> {
  await putIf(table, { ...keys.account(account.id), ...account, erasing: true }, 'attribute_exists(pk)');
  await deleteRow(table, keys.userAccount(account.userId, account.id));
}

/**
 * Deletes every blob, then every row of an account, its settings last but for the place on the due list, which brings the
 * account back until all is done. Can be interrupted and repeated.
 */
export async function eraseAccount(table: Table, blobs: Blobs, accountId: string): Promise<void> {
  for (const below of blobKeys.prefixes(accountId)) {
    const found: string[] = [];
    for await (const key of blobs.list(below)) found.push(key);
    for (const batch of chunk(found, 1_000)) await blobs.delete(batch);
  }
  const pk = keys.partition(accountId);
  for await (const page of queryRange(table, pk, { attributes: ['pk', 'sk'] })) {
    const rows = page.map(item => ({ pk, sk: String(item.sk) })).filter(key => key.sk !== 'ACCOUNT');
    await deleteRows(table, rows);
  }
  await deleteRow(table, keys.account(accountId));
  await deleteRow(table, keys.due(accountId));
}
