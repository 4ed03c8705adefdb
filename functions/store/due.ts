import { z } from 'zod';
import type { Table } from '../services.ts';
import { keys, prefix } from './keys.ts';
import { lookingRow } from './looking.ts';
import { deleteRow, getRow, type Item, parseRow, putIf, queryRange } from './table.ts';

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

export type Due = z.infer<typeof dueRow>;

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
