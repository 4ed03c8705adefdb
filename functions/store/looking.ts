import { z } from 'zod';
import type { Table } from '../services.ts';
import { keys } from './keys.ts';
import { getRow, putIf } from './table.ts';

/**
 * Whose devices are looking: beside the due list, so that the dispatcher reads both at once. A device says so by what
 * it asks of the API, and that is written at most once in ten minutes for a user, whatever they ask.
 */
export const lookingRow = z.object({
  accounts: z.array(z.string()),
  /** Milliseconds since the epoch. */
  seenAt: z.number(),
  /** TTL, epoch seconds. */
  expires: z.number(),
});

const WRITE_EVERY_MS = 10 * 60_000;
/** Longer than between two writes: a device that goes on looking is not lost in between. */
const LOOKING_MS = 15 * 60_000;

/** When this process has last seen a note of a user: it saves the reading. */
const seen = new WeakMap<Table['client'], Map<string, number>>();

/** Whether a note still holds. */
export const isLooking = (row: { seenAt: number } | null, now: number) =>
  row !== null && Math.abs(now - row.seenAt) < LOOKING_MS;

/** Notes that a device of this user is looking at these accounts. True when none was until now. */
export async function noteLooking(
  table: Table,
  userId: string,
  accounts: readonly string[],
  now: number,
): Promise<boolean> {
  const known = seen.get(table.client) ?? new Map<string, number>();
  seen.set(table.client, known);
  if (now - (known.get(userId) ?? 0) < WRITE_EVERY_MS) return false;
  const before = await getLooking(table, userId);
  const isRecent = before !== null && now - before.seenAt < WRITE_EVERY_MS;
  known.set(userId, isRecent ? before.seenAt : now);
  if (isRecent) return false;
  const expires = Math.ceil((now + LOOKING_MS) / 1000);
  const wrote = await putIf(
    table,
    { ...keys.looking(userId), accounts: [...accounts], seenAt: now, expires },
    'attribute_not_exists(pk) OR seenAt = :before',
    { ':before': before?.seenAt ?? 0 },
  );
  return wrote && !isLooking(before, now);
}

/** When a device of a user was last seen; null when none was for long. */
export function getLooking(table: Table, userId: string): Promise<z.infer<typeof lookingRow> | null> {
  return getRow(table, keys.looking(userId), lookingRow);
}
