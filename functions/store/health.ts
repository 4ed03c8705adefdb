import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { sentenceSchema } from '../sentences/say.ts';
import type { Table } from '../services.ts';
import { keys } from './keys.ts';
import { getRow, putIf, setIf } from './table.ts';

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

export type Health = z.infer<typeof healthRow>;

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
  const changes = { leaseUntil: until, fetched };
  return setIf(table, keys.health(accountId), changes, 'leaseOwner = :owner', { ':owner': owner });
}
