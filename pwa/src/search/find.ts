import type { Database as Sqlite } from '@sqlite.org/sqlite-wasm';
import type { Id } from '../../../functions/jmap/types.ts';
import { FLAGS, rowidAt } from './index-db.ts';
import type { Condition } from './query.ts';

/** A condition with the names of mailboxes and accounts looked up. */
export type Resolved =
  | Exclude<Condition, { kind: 'in' | 'account' }>
  | { kind: 'in'; mailboxes: readonly { accountId: Id; id: Id }[]; not: boolean }
  | { kind: 'account'; accountIds: readonly Id[]; not: boolean };

/** One page of a search. */
export interface Search {
  /** FTS5 expressions; see `toFts` */
  match: string | null;
  exclude: string | null;
  conditions: readonly Resolved[];
  limit: number;
  /** Go on after this rowid. */
  before: number | null;
}

export interface Hit {
  rowid: number;
  accountId: Id;
  id: Id;
}

/** The next hits, newest first. */
export function find(sqlite: Sqlite, search: Search): Hit[] {
  const { match, exclude, before } = search;
  const key = match === null ? 'messages.rowid' : 'texts.rowid';
  const where: string[] = [];
  const values: (string | number)[] = [];
  const and = (sql: string, ...bound: (string | number)[]) => {
    where.push(sql);
    values.push(...bound);
  };
  if (match !== null) and('texts MATCH ?', exclude === null ? match : `(${match}) NOT (${exclude})`);
  else if (exclude !== null)
    and('messages.rowid NOT IN (SELECT rowid FROM texts WHERE texts MATCH ?)', exclude);
  if (before !== null) and(`${key} < ?`, before);
  for (const condition of search.conditions) and(...sqlOf(condition, key));
  const from = match === null ? 'messages' : 'texts CROSS JOIN messages ON messages.rowid = texts.rowid';
  const rows = sqlite.selectArrays(
    `SELECT messages.rowid, account, id FROM ${from} WHERE ${where.join(' AND ') || '1'} ORDER BY ${key} DESC LIMIT ?`,
    [...values, search.limit],
  );
  return rows.map(([rowid, accountId, id]) => ({
    rowid: Number(rowid),
    accountId: String(accountId),
    id: String(id),
  }));
}

function sqlOf(condition: Resolved, key: string): [string, ...(string | number)[]] {
  switch (condition.kind) {
    case 'unread':
    case 'starred':
    case 'attachment':
      return [`(flags & ${FLAGS[condition.kind]}) ${condition.not ? '=' : '<>'} 0`];
    case 'before':
      return [`${key} ${condition.not ? '>=' : '<'} ?`, rowidAt(condition.time)];
    case 'after':
      return [`${key} ${condition.not ? '<' : '>='} ?`, rowidAt(condition.time)];
    case 'account': {
      const { accountIds, not } = condition;
      return [`account ${not ? 'NOT ' : ''}IN (${accountIds.map(() => '?').join(', ')})`, ...accountIds];
    }
    case 'in': {
      const each = condition.mailboxes.map(() => '(account = ? AND instr(mailboxes, ?) > 0)');
      const values = condition.mailboxes.flatMap(({ accountId, id }) => [accountId, `|${id}|`]);
      return [`${condition.not ? 'NOT ' : ''}(${each.join(' OR ') || '0'})`, ...values];
    }
  }
}
