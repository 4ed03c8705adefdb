import { z } from 'zod';
import type { Table } from '../services.ts';
import { keys, prefix } from './keys.ts';
import { deleteRow, getRow, parseRow, putIf, queryAll, setIf } from './table.ts';

/** What changed, by accountId and type: a StateChange object's `changed` (RFC 8620 section 7.1). */
const changed = z.record(z.string(), z.record(z.string(), z.string()));

/**
 * PUSH#<id> beside a user's accounts: a PushSubscription (RFC 8620 section 7.2), and how its deliveries go. The address
 * and the keys are sealed to the vault: who may write a subscription cannot read one.
 */
export const pushRow = z.object({
  id: z.string(),
  deviceClientId: z.string(),
  /** JSON of `{ url, keys }`, sealed for `push:<id>`. */
  sealed: z.string(),
  types: z.array(z.string()).nullable(),
  verificationCode: z.string(),
  verified: z.boolean(),
  createdAt: z.number(),
  /** TTL, epoch seconds: nothing is sent after it. */
  expires: z.number(),
  /** One more with each change of what follows. */
  version: z.number(),
  /** Nothing is sent before, ms since the epoch. */
  nextAt: z.number(),
  /** The pause after each message, in ms; longer when the push service complained. */
  pause: z.number(),
  /** Failures in a row. */
  failures: z.number(),
  /** What is still to be told. */
  pending: changed.nullable(),
  /** For when somebody was asked to tell it, ms since the epoch; 0 for nobody. */
  flushAt: z.number(),
});

export type PushRow = z.infer<typeof pushRow>;
/** How deliveries of a subscription go. */
export type PushProgress = Pick<PushRow, 'nextAt' | 'pause' | 'failures' | 'pending' | 'flushAt'>;

/** A user's subscriptions, those that have expired left out. */
export async function listPushSubscriptions(table: Table, userId: string, now: number): Promise<PushRow[]> {
  const rows = await queryAll(table, keys.userPartition(userId), { prefix: prefix.pushSubscription });
  return rows.map(row => parseRow(row, pushRow)).filter(row => row.expires * 1000 > now);
}

/** One of them; null when there is none, or it has expired. */
export async function getPushSubscription(
  table: Table,
  userId: string,
  id: string,
  now: number,
): Promise<PushRow | null> {
  const row = await getRow(table, keys.pushSubscription(userId, id), pushRow);
  return row && row.expires * 1000 > now ? row : null;
}

/** Stores a new subscription. */
export async function addPushSubscription(table: Table, userId: string, row: PushRow): Promise<void> {
  await putIf(table, { ...keys.pushSubscription(userId, row.id), ...row }, 'attribute_not_exists(pk)');
}

/** Erases a subscription, address and keys included; one that is gone is no error. */
export async function deletePushSubscription(table: Table, userId: string, id: string): Promise<void> {
  await deleteRow(table, keys.pushSubscription(userId, id));
}

/** Changes what a client may change; false when the subscription is gone. */
export function changePushSubscription(
  table: Table,
  userId: string,
  id: string,
  change: Partial<Pick<PushRow, 'types' | 'expires' | 'verified'>>,
): Promise<boolean> {
  return setIf(table, keys.pushSubscription(userId, id), change, 'attribute_exists(pk)');
}

/** Notes how deliveries go; false when another process did since `row` was read, or the subscription is gone. */
export function putPushProgress(
  table: Table,
  userId: string,
  { id, version }: Pick<PushRow, 'id' | 'version'>,
  { nextAt, pause, failures, pending, flushAt }: PushProgress,
): Promise<boolean> {
  const next = { nextAt, pause, failures, pending, flushAt, version: version + 1 };
  const key = keys.pushSubscription(userId, id);
  return setIf(table, key, next, '#version = :known', { ':known': version });
}

const HOUR_MS = 3_600_000;
const madeRow = z.object({ made: z.string() });

/**
 * Counts a subscription that is about to be made: each sends a request to an address of the user's choice.
 * False when there were `limit` of them in this hour.
 */
export async function countPushSubscription(
  table: Table,
  userId: string,
  limit: number,
  now: number,
): Promise<boolean> {
  const key = keys.pushMade(userId);
  const hour = Math.floor(now / HOUR_MS);
  const found = await getRow(table, key, madeRow);
  const [inHour, made] = (found?.made ?? '0 0').split(' ').map(Number);
  const count = inHour === hour ? (made ?? 0) : 0;
  if (count >= limit) return false;
  const row = { ...key, made: `${hour} ${count + 1}`, expires: Math.ceil((now + 2 * HOUR_MS) / 1000) };
  // Beside another of this user at the very same time, one of the two is refused.
  return putIf(table, row, 'attribute_not_exists(pk) OR made = :made', { ':made': found?.made ?? '' });
}
