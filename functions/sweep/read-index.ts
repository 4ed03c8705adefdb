import { hashOf } from '../mime/identity.ts';
import type { Table } from '../services.ts';
import { keys, prefix } from '../store/keys.ts';
import { headRow, type StateRow, stateRow } from '../store/rows.ts';
import { getRow, parseRow, queryRange } from '../store/table.ts';

/** What the small rows of an account say of its Emails. */
export interface Index {
  /**
   * The part of each emailId that is made of the checksum: a blob of such a name is one of theirs. Of all Emails and
   * tombstones, but for those in `tombstones`.
   */
  names: Set<string>;
  /** Tombstones whose commit the log has forgotten: no commit up to it can be told or applied any more. */
  tombstones: StateRow[];
  /** The number of the oldest commit that the log still has; the next one where it has none. */
  oldest: number;
}

/**
 * Reads it page by page; null where the log has forgotten what no row follows from yet, so that nobody knows what is
 * named. The log comes first: what it forgets meanwhile is left for the next sweep.
 */
export async function readIndex(table: Table, accountId: string): Promise<Index | null> {
  const pk = keys.partition(accountId);
  const oldest = await oldestCommit(table, accountId);
  if (oldest === null) return null;
  const names = new Set<string>();
  for await (const page of queryRange(table, pk, { prefix: prefix.thread, attributes: ['sk'] })) {
    for (const { sk } of page) names.add(hashOf(String(sk).slice(String(sk).lastIndexOf('#') + 1)));
  }
  const tombstones: StateRow[] = [];
  for await (const page of queryRange(table, pk, { prefix: prefix.state })) {
    for (const row of page.map(item => parseRow(item, stateRow))) {
      if (row.destroyed && row.c < oldest) tombstones.push(row);
      else names.add(hashOf(row.id));
    }
  }
  return { names, tombstones, oldest };
}

async function oldestCommit(table: Table, accountId: string): Promise<number | null> {
  const head = await getRow(table, keys.head(accountId), headRow);
  const next = (head?.applied ?? 0) + 1;
  const log = { prefix: prefix.log, attributes: ['sk'], pageSize: 1 };
  for await (const [first] of queryRange(table, keys.partition(accountId), log)) {
    if (!first) continue;
    const oldest = Number(String(first.sk).slice(prefix.log.length));
    return oldest <= next ? oldest : null;
  }
  return next;
}
