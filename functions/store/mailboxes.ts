import type { Table } from '../services.ts';
import { keys, prefix } from './keys.ts';
import {
  type CursorRow,
  cursorRow,
  type MailboxRow,
  mailboxRow,
  type QuarantineRow,
  quarantineRow,
} from './rows.ts';
import { parseRow, queryAll } from './table.ts';

/** The mailboxes of an account with their counters; destroyed ones left out. */
export async function listMailboxes(table: Table, accountId: string): Promise<MailboxRow[]> {
  return (await listAllMailboxes(table, accountId)).filter(mailbox => !mailbox.destroyed);
}

/** The same with the tombstones of destroyed ones, which hold what the mailboxes were. */
export async function listAllMailboxes(table: Table, accountId: string): Promise<MailboxRow[]> {
  const items = await queryAll(table, keys.partition(accountId), { prefix: prefix.mailbox });
  return items.map(item => parseRow(item, mailboxRow));
}

/** How far each mailbox of the source was handled, by mailboxId. */
export async function listCursors(table: Table, accountId: string): Promise<Map<string, CursorRow>> {
  const items = await queryAll(table, keys.partition(accountId), { prefix: prefix.cursor });
  const rows = items.map(item => parseRow(item, cursorRow));
  return new Map(rows.map(row => [row.sk.slice(prefix.cursor.length), row]));
}

/** The messages of an account that could not be handled. */
export async function listQuarantine(table: Table, accountId: string): Promise<QuarantineRow[]> {
  const items = await queryAll(table, keys.partition(accountId), { prefix: prefix.quarantine });
  return items.map(item => parseRow(item, quarantineRow)).filter(row => !row.released);
}
