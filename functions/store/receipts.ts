import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from '../services.ts';
import type { Commit } from './commit.ts';
import { getPlaces } from './emails.ts';
import { keys, type Location, prefix } from './keys.ts';
import { deleteOlder, NEWER, PARALLEL_WRITES } from './newer.ts';
import { type DeletingRow, deletingRow, type Head, headRow, type ReceiptRow, receiptRow } from './rows.ts';
import { getRow, getRows, inParallel, parseRow, putIf, queryRange, setIf } from './table.ts';

/** Why deletion at the source is stopped until the person says otherwise. */
const freeze = z.object({
  /**
   * reset: UIDVALIDITY or the UIDLs are others than before; loss: much is gone that we did not delete; missing-blob: a
   * blob that should be there is not; checksum: its bytes are not those that were stored; mismatch: the source has
   * another message where a stored one should be.
   */
  code: z.enum(['reset', 'loss', 'missing-blob', 'checksum', 'mismatch']),
  /** A sentence for the person. */
  reason: z.string(),
  /** The name of the mailbox, where it is about one. */
  mailbox: z.string().optional(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});

/** DELETION: what runs remember of deleting at the source, and whether it is frozen. Beside the log. */
const deletionRow = z.object({
  /** Moves with every change of the person's; a run that began before it keeps its notes to itself. */
  rev: z.number().default(0),
  frozen: freeze.optional(),
  /** When the source is next looked through for what has become due, ms since the epoch; null: when asked to. */
  nextAt: z.number().nullable().default(0),
  /** Commit up to which everything stored was looked through. */
  upTo: z.number().default(0),
  /** Before this time (ms) what the server refused to delete is not tried again. */
  retryAt: z.number().default(0),
});

export type Freeze = z.infer<typeof freeze>;
export type Deletion = z.infer<typeof deletionRow>;

/** What is known of an account's deletion; of one that never deleted anything: look through everything. */
export async function getDeletion(table: Table, accountId: string): Promise<Deletion> {
  return (await getRow(table, keys.deletion(accountId), deletionRow)) ?? deletionRow.parse({});
}

/** Stops deletion at the source of an account until the person lifts it; the first reason stays. */
export async function freezeDeletion(table: Table, accountId: string, frozen: Freeze): Promise<void> {
  await setIf(table, keys.deletion(accountId), { frozen }, 'attribute_not_exists(frozen)');
}

/**
 * The person changed what is to be deleted: everything is looked through again, and a run that is at it does not say
 * that it was. `unfreeze` also lifts a freeze.
 */
export async function restartDeletion(
  table: Table,
  accountId: string,
  { unfreeze }: { unfreeze: boolean },
): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keys.deletion(accountId),
      UpdateExpression: `SET nextAt = :now, retryAt = :now ADD rev :one${unfreeze ? ' REMOVE frozen' : ''}`,
      ExpressionAttributeValues: { ':now': 0, ':one': 1 },
    }),
  );
}

/** Remembers how far a run came, unless the person changed something since it read `rev`. */
export async function noteDeletion(
  table: Table,
  accountId: string,
  { rev, nextAt, upTo, retryAt }: Omit<Deletion, 'frozen'>,
): Promise<void> {
  const isSame = rev === 0 ? 'attribute_not_exists(rev) OR rev = :rev' : 'rev = :rev';
  await setIf(table, keys.deletion(accountId), { rev, nextAt, upTo, retryAt }, isSame, { ':rev': rev });
}

/** More copies than these do not wait to be deleted at a source at once. */
export const MANY_DELETING = 10_000;

/** At most this many of the copies that are to be deleted. */
export async function listDeleting(table: Table, accountId: string, most: number): Promise<DeletingRow[]> {
  const rows: DeletingRow[] = [];
  const range = { prefix: prefix.deleting, pageSize: most };
  for await (const page of queryRange(table, keys.partition(accountId), range)) {
    rows.push(...page.map(item => parseRow(item, deletingRow)));
    if (rows.length >= most) break;
  }
  return rows.slice(0, most);
}

/** How many receipts there are, among others; null for an account without a commit. */
export const getHead = (table: Table, accountId: string): Promise<Head | null> =>
  getRow(table, keys.head(accountId), headRow);

/** The receipts of these locations. */
export async function getReceipts(
  table: Table,
  accountId: string,
  locations: readonly Location[],
): Promise<Map<Location, ReceiptRow>> {
  const rows = await getRows(
    table,
    locations.map(location => keys.receipt(accountId, location)),
  );
  return new Map(rows.map(item => parseRow(item, receiptRow)).map(row => [row.location, row]));
}

/**
 * Which of these locations the source has given to another message since it confirmed that the one stored from there
 * was deleted.
 */
export async function reusedLocations(
  table: Table,
  accountId: string,
  listed: readonly Location[],
): Promise<Location[]> {
  const head = await getHead(table, accountId);
  if (!head?.receipts) return [];
  const receipts = await getReceipts(table, accountId, listed);
  const places = await getPlaces(table, accountId, [...receipts.keys()]);
  return [...receipts.values()]
    .filter(({ location, c }) => (places.get(location)?.c ?? 0) < c)
    .map(({ location }) => location);
}

/** At most `most` receipts in the order of their locations, beginning after `after`. */
export async function listReceipts(
  table: Table,
  accountId: string,
  { after, most }: { after: Location | null; most: number },
): Promise<ReceiptRow[]> {
  const rows: ReceiptRow[] = [];
  const from = prefix.receipt + (after === null ? '' : `${after}!`);
  const range = { from, to: `${prefix.receipt}~`, pageSize: most };
  for await (const page of queryRange(table, keys.partition(accountId), range)) {
    rows.push(...page.map(item => parseRow(item, receiptRow)));
    if (rows.length >= most) break;
  }
  return rows.slice(0, most);
}

/** The rows that follow from a commit: what is to be deleted at the source, and what was. */
export async function writeDeletions(table: Table, accountId: string, commit: Commit): Promise<void> {
  const { n, destroyed, deleting = [], withdrawn = [], receipts = [] } = commit;
  const wanted = destroyed.flatMap(({ id: emailId, blob, locations = [] }) =>
    locations.flatMap(location =>
      blob ? [{ location, emailId, ...blob, policy: 'whenDestroyed' as const, attempted: false }] : [],
    ),
  );
  const attempts = deleting.map(copy => ({ ...copy, attempted: true }));
  await inParallel(
    [...wanted, ...attempts],
    async copy => {
      const row = { ...keys.deleting(accountId, copy.location), ...copy, c: n };
      await putIf(table, row, NEWER, { ':n': n });
    },
    PARALLEL_WRITES,
  );
  await inParallel(
    receipts,
    async entry => {
      const row = { ...keys.receipt(accountId, entry.location), ...entry, c: n };
      await putIf(table, row, NEWER, { ':n': n });
    },
    PARALLEL_WRITES,
  );
  // Without a tombstone: one that a late writer brings back is looked at once more, and withdrawn or found gone.
  const done = [...withdrawn, ...receipts.map(({ location }) => location)];
  await inParallel(
    done,
    location => deleteOlder(table, keys.deleting(accountId, location), n),
    PARALLEL_WRITES,
  );
}
