import type { Table } from '../services.ts';
import type { Account } from '../store/accounts.ts';
import type { MailboxCursor } from '../store/commit.ts';
import type { Place } from '../store/emails.ts';
import { keys, type Location, parseLocation, prefix } from '../store/keys.ts';
import { listCursors } from '../store/mailboxes.ts';
import { deleteOlder, deleteUnchanged, PARALLEL_WRITES } from '../store/newer.ts';
import { getReceipts } from '../store/receipts.ts';
import { deletingRow, locationRow, quarantineRow, type ReceiptRow, type StateRow } from '../store/rows.ts';
import { getRows, inParallel, parseRow, queryAll, queryRange } from '../store/table.ts';
import { hasUid, unpackUidSet } from '../sync/ranges.ts';
import type { Index } from './read-index.ts';

/**
 * What a tombstone is for, and when it is no longer:
 * - No late writer of an older commit may bring the Email back, and devices are told of its end: until the log has
 *   forgotten the commit that destroyed it. The log keeps a device's commit until the source was told of it.
 * - What waits to be deleted at the source (`DELETING#`) is verified against its blob, and stays destroyed when the source
 *   renames it (`sync/deletion/staying-destroyed.ts`): as long as such a row names it.
 * - What the source may still have by a name that we know (POP under `keep`, a deletion that was refused) stays destroyed
 *   when its name is lost, and `verify` counts it as destroyed: until a receipt, or the cursor, says that it is gone.
 * Whatever is not known keeps the tombstone. Gives how many went, and those that stay.
 */
export async function sweepTombstones(
  table: Table,
  account: Account,
  { tombstones }: Pick<Index, 'tombstones'>,
): Promise<{ rows: number; kept: StateRow[] }> {
  if (tombstones.length === 0) return { rows: 0, kept: [] };
  const needed = await stillNeeded(table, account, new Set(tombstones.map(({ id }) => id)));
  const idle = tombstones.filter(({ id }) => !needed.has(id));
  const haunted = await withLateRows(table, account.id, idle);
  const forgotten = new Set<string>();
  await inParallel(
    idle.filter(({ id }) => !haunted.has(id)),
    async ({ id, c }) => {
      // An Email that has come back meanwhile has a state of a later commit.
      if (await deleteUnchanged(table, keys.state(account.id, id), c)) forgotten.add(id);
    },
    PARALLEL_WRITES,
  );
  return { rows: forgotten.size, kept: tombstones.filter(({ id }) => !forgotten.has(id)) };
}

/** Marks of messages that have left quarantine, of which the log knows nothing any more. Gives how many went. */
export async function sweepReleased(
  table: Table,
  accountId: string,
  { oldest }: Pick<Index, 'oldest'>,
): Promise<number> {
  const rows = await queryAll(table, keys.partition(accountId), { prefix: prefix.quarantine });
  const over = rows.map(item => parseRow(item, quarantineRow)).filter(row => row.released && row.c < oldest);
  let gone = 0;
  await inParallel(
    over,
    async ({ location, c }) => {
      if (await deleteUnchanged(table, keys.quarantine(accountId, location), c)) gone += 1;
    },
    PARALLEL_WRITES,
  );
  return gone;
}

/** Those of these Emails that are to be deleted at the source, or that it may still have. */
async function stillNeeded(table: Table, account: Account, ids: ReadonlySet<string>): Promise<Set<string>> {
  const pk = keys.partition(account.id);
  const needed = new Set<string>();
  for await (const page of queryRange(table, pk, { prefix: prefix.deleting })) {
    for (const { emailId } of page.map(item => parseRow(item, deletingRow))) needed.add(emailId);
  }
  if (account.protocol === 'archive') return needed;
  const cursors = await listCursors(table, account.id);
  const places = { prefix: account.protocol === 'imap' ? prefix.uid : prefix.uidl };
  for await (const page of queryRange(table, pk, places)) {
    const theirs = page.map(item => parseRow(item, locationRow)).filter(({ emailId }) => ids.has(emailId));
    const receipts = await getReceipts(
      table,
      account.id,
      theirs.map(({ sk }) => sk),
    );
    for (const { sk, ...place } of theirs) {
      if (mayBeThere(sk, place, { receipt: receipts.get(sk), cursors })) needed.add(place.emailId);
    }
  }
  return needed;
}

/**
 * Whether the source may still have the message that was stored from a location. Pure. It has not when it was deleted
 * there since (a receipt that is younger than the place), or, with IMAP, when the mailbox was listed without it or its
 * UIDs were void since. Below `handledFrom` a cursor does not tell. What leaves a POP server without us is told by nothing.
 */
export function mayBeThere(
  location: Location,
  { c = 0 }: Pick<Place, 'c'>,
  known: { receipt: Pick<ReceiptRow, 'c'> | undefined; cursors: ReadonlyMap<string, MailboxCursor> },
): boolean {
  if (known.receipt && c < known.receipt.c) return false;
  const place = parseLocation(location);
  const cursor = place && known.cursors.get(place.mailboxId);
  if (!cursor) return true;
  if (cursor.uidValidity !== place.uidValidity) return cursor.stale.includes(place.uidValidity);
  const uid = Number(place.uid);
  return uid < (cursor.handledFrom ?? 0) || hasUid(unpackUidSet(cursor.handled), uid);
}

/**
 * Tombstones that hide rows of their Email, which a function that was frozen has written late: those rows go first, and
 * the tombstone with the next sweep.
 */
async function withLateRows(
  table: Table,
  accountId: string,
  tombstones: readonly StateRow[],
): Promise<Set<string>> {
  const rowsOf = ({ id, threadId }: StateRow) => [
    keys.email(accountId, id),
    keys.thread(accountId, threadId, id),
  ];
  const found = new Set((await getRows(table, tombstones.flatMap(rowsOf))).map(({ sk }) => sk));
  const haunted = tombstones.filter(row => rowsOf(row).some(({ sk }) => found.has(sk)));
  await inParallel(
    haunted,
    async row => {
      for (const key of rowsOf(row)) await deleteOlder(table, key, row.c);
    },
    PARALLEL_WRITES,
  );
  return new Set(haunted.map(({ id }) => id));
}
