import { PutCommand, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { sentenceSchema } from '../sentences/say.ts';
import type { Blobs, Table } from '../services.ts';
import { blobKeys, keys, prefix } from './keys.ts';
import { lookingRow } from './looking.ts';
import {
  chunk,
  deleteRow,
  deleteRows,
  getRow,
  getRows,
  type Item,
  parseRow,
  putIf,
  queryAll,
  queryRange,
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
  deletionPolicy: z.enum(['keep', 'afterDays', 'onceStored', 'whenDestroyed']),
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

/** SOURCE: how the account is doing. Written when something changes, at most once an hour otherwise. */
export const healthRow = z.object({
  phase: z.enum(['new', 'pulling', 'ok', 'failing', 'stopped']),
  code: z.string().nullable(),
  message: z.string(),
  /** The message, sentence by sentence; absent in what an older version wrote. */
  said: z.array(sentenceSchema).optional(),
  /** Milliseconds since the epoch, or null. */
  lastPullAt: z.number().nullable(),
  lastSuccessAt: z.number().nullable(),
  /** Failures in a row. */
  failures: z.number(),
  atSource: z.number().nullable(),
  /** The run that is at work, and until when it may be assumed to be alive. */
  leaseOwner: z.string().nullable(),
  leaseUntil: z.number(),
  /** Minutes between pulls, as the due list has it while all is well. */
  every: z.number().optional(),
  /** How mail arrives, for `sync/schedule.ts`: runs with new mail an hour, of late and by hour of the day. */
  arrivals: z.object({ at: z.number(), recent: z.number(), hours: z.array(z.number()) }).optional(),
  /** The fastest cadence until some time, because the server complained of the pace. */
  floor: z.object({ every: z.number(), until: z.number() }).optional(),
  /** Octets fetched on the last day (days since the epoch, UTC) on which some were. */
  fetched: z.object({ day: z.number(), bytes: z.number() }).optional(),
  /** When the server, refusing, said that it may be asked again. */
  retryAt: z.number().optional(),
});

/** DUE: when an account is pulled. Due-ness is computed from it each minute and not written. */
export const dueRow = z.object({
  sk: z.string(),
  /** Minutes between pulls. */
  every: z.number(),
  /** The minute (modulo `every`) at which this account is pulled. */
  phase: z.number(),
  /** Not before this time (ms), after failures. */
  notBefore: z.number(),
});

export type SourceAccount = z.infer<typeof sourceAccount>;
export type ArchiveAccount = z.infer<typeof archiveAccount>;
export type Account = SourceAccount | ArchiveAccount;
export type Health = z.infer<typeof healthRow>;
export type Due = z.infer<typeof dueRow>;

/** The health of an account that was never pulled. */
export const newHealth: Health = {
  phase: 'new',
  code: null,
  message: 'Waiting for the first pull.',
  lastPullAt: null,
  lastSuccessAt: null,
  failures: 0,
  atSource: null,
  leaseOwner: null,
  leaseUntil: 0,
};

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

/** Every account of the stack, removed ones left out: a scan, for tools that look at everything. */
export async function listAllAccounts(table: Table): Promise<Account[]> {
  const found: Account[] = [];
  const filter = { FilterExpression: 'sk = :account', ExpressionAttributeValues: { ':account': 'ACCOUNT' } };
  for await (const page of paginateScan({ client: table.client }, { TableName: table.name, ...filter })) {
    found.push(...(page.Items ?? []).map(item => parseRow(item, accountRow)));
  }
  return found.filter(account => !account.erasing).sort((a, b) => a.createdAt - b.createdAt);
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
  const entries = Object.entries(settings).map(([name, value], i) => ({ name, value, i }));
  if (entries.length === 0) return;
  await whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.account(accountId),
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(erasing)',
        UpdateExpression: `SET ${entries.map(({ i }) => `#n${i} = :v${i}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(entries.map(({ name, i }) => [`#n${i}`, name])),
        ExpressionAttributeValues: Object.fromEntries(entries.map(({ value, i }) => [`:v${i}`, value])),
      }),
    ),
  );
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
  return whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.account(accountId),
        ConditionExpression:
          'sealedRefreshToken = :token AND ' +
          '(attribute_not_exists(renewingUntil) OR renewingUntil < :now OR renewingUntil > :until)',
        UpdateExpression: 'SET renewingUntil = :until',
        ExpressionAttributeValues: { ':token': sealedRefreshToken, ':now': now, ':until': now + span },
      }),
    ),
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

/** How an account is doing. */
export async function getHealth(table: Table, accountId: string): Promise<Health> {
  return (await getRow(table, keys.health(accountId), healthRow)) ?? newHealth;
}

/** Replaces the health row whatever a run is doing. */
export async function putHealth(table: Table, accountId: string, health: Health): Promise<void> {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...keys.health(accountId), ...health } }),
  );
}

/** No lease is for longer, in ms: one that seems so was taken by a clock that ran ahead, and holds nobody off. */
const LONGEST_LEASE_MS = 60_000;

/** Whether the run that has the lease may be assumed to be alive. */
export const isLeased = ({ leaseUntil }: Pick<Health, 'leaseUntil'>, now: number): boolean =>
  leaseUntil > now && leaseUntil <= now + LONGEST_LEASE_MS;

/**
 * Replaces the health row, lease included, unless another run that is still alive holds the lease: then false.
 * The lease is an economy (two runs on one maildrop disturb each other); correctness comes from the log.
 */
export async function putHealthIfFree(
  table: Table,
  accountId: string,
  health: Health,
  owner: string,
  now: number,
): Promise<boolean> {
  return putIf(
    table,
    { ...keys.health(accountId), ...health },
    'attribute_not_exists(pk) OR leaseUntil < :now OR leaseUntil > :longest OR leaseOwner = :owner',
    { ':now': now, ':longest': now + LONGEST_LEASE_MS, ':owner': owner },
  );
}

/** Prolongs the lease, and notes what was fetched so far; false when another run has taken it. */
export async function renewLease(
  table: Table,
  accountId: string,
  { owner, until, fetched }: { owner: string; until: number; fetched: NonNullable<Health['fetched']> },
): Promise<boolean> {
  return whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.health(accountId),
        ConditionExpression: 'leaseOwner = :owner',
        UpdateExpression: 'SET leaseUntil = :until, fetched = :fetched',
        ExpressionAttributeValues: { ':owner': owner, ':until': until, ':fetched': fetched },
      }),
    ),
  );
}

/**
 * The due list, page by page, each with the notes of whose devices are looking and the jobs that wait (their sort keys);
 * all of these come first.
 */
export async function* readDueList(
  table: Table,
  pageSize?: number,
): AsyncGenerator<{ due: Due[]; looking: z.infer<typeof lookingRow>[]; jobs: string[] }> {
  for await (const page of queryRange(table, keys.duePartition, { ...(pageSize && { pageSize }) })) {
    const isOf = (kind: string) => (row: Item) => String(row.sk).startsWith(kind);
    const isAccount = (row: Item) => !isOf(prefix.looking)(row) && !isOf(prefix.dueJob)(row);
    yield {
      jobs: page.filter(isOf(prefix.dueJob)).map(row => String(row.sk)),
      looking: page.filter(isOf(prefix.looking)).map(row => parseRow(row, lookingRow)),
      due: page.filter(isAccount).map(row => parseRow(row, dueRow)),
    };
  }
}

/** When an account is pulled next; null when it is not on the due list. */
export function getDue(table: Table, accountId: string): Promise<Due | null> {
  return getRow(table, keys.due(accountId), dueRow);
}

/** Puts an account on the due list. */
export async function putDue(table: Table, accountId: string, due: Omit<Due, 'sk'>): Promise<void> {
  await putIf(table, { ...keys.due(accountId), ...due }, 'attribute_not_exists(erased)');
}

/** Takes an account off the due list: it is not pulled until it is put back. */
export async function deleteDue(table: Table, accountId: string): Promise<void> {
  await deleteRow(table, keys.due(accountId));
}
