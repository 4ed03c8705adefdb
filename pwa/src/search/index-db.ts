import type { BindingSpec, Database as Sqlite } from '@sqlite.org/sqlite-wasm';
import type { Id } from '../../../functions/jmap/types.ts';
import { indexed } from './fold.ts';

/** Raised when rows mean something else than before: an index of another version is thrown away. */
const VERSION = 1;

/** Bits of `messages.flags`. */
export const FLAGS = { unread: 1, starred: 2, attachment: 4 } as const;

/** What is searched of a message. */
export interface Texts {
  sender: string;
  recipient: string;
  subject: string;
  body: string;
}

/** A message for the index. `texts` is left out where only its flags can have changed. */
export interface Entry {
  accountId: Id;
  id: Id;
  /** milliseconds since the epoch */
  at: number;
  flags: number;
  mailboxIds: readonly Id[];
  texts?: Texts;
  /** Whether `texts` has what the message says, or only what a list shows of it. */
  complete: boolean;
}

/** Makes the tables of an empty database; answers false for one that is of another version and has to be thrown away. */
export function prepare(sqlite: Sqlite): boolean {
  sqlite.exec('PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -12000');
  // The index can be made again: a power cut may cost it. Killed processes do not. The journal keeps its file, since
  // each change of a file's size is a question to the browser's main process.
  sqlite.exec('PRAGMA journal_mode = PERSIST; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY');
  const version = Number(sqlite.selectValue('PRAGMA user_version'));
  if (version === VERSION) return true;
  if (version !== 0) return false;
  sqlite.transaction(() => {
    sqlite.exec(`
      CREATE TABLE messages (
        rowid INTEGER PRIMARY KEY, account TEXT NOT NULL, id TEXT NOT NULL,
        flags INTEGER NOT NULL, mailboxes TEXT NOT NULL, complete INTEGER NOT NULL,
        UNIQUE (account, id));
      CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
      CREATE VIRTUAL TABLE texts USING fts5 (
        sender, recipient, subject, body, content = '', contentless_delete = 1, prefix = '2 3',
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
      -- Twice the usual: each merge on the way writes again what the merge at the end writes.
      INSERT INTO texts (texts, rank) VALUES ('automerge', 8);
      PRAGMA user_version = ${VERSION};`);
  });
  return true;
}

/** A note that lies with the index and goes with it: how far the enrolment of all messages is. */
export function readNote(sqlite: Sqlite, name: string): string | null {
  return (sqlite.selectValue('SELECT value FROM notes WHERE name = ?', [name]) as string | undefined) ?? null;
}

export function writeNote(sqlite: Sqlite, name: string, value: string): void {
  run(sqlite, 'INSERT OR REPLACE INTO notes VALUES (?, ?)', [name, value]);
}

/** How a message stands in the index; null for one that does not. */
export function entryOf(sqlite: Sqlite, accountId: Id, id: Id): { rowid: number; complete: boolean } | null {
  const row = sqlite.selectArray('SELECT rowid, complete FROM messages WHERE account = ? AND id = ?', [
    accountId,
    id,
  ]);
  return row ? { rowid: Number(row[0]), complete: row[1] === 1 } : null;
}

/** Writes entries, and removes messages that are no more, in one transaction. Doing it again changes nothing. */
export function writeEntries(
  sqlite: Sqlite,
  entries: readonly Entry[],
  gone: readonly { accountId: Id; id: Id }[] = [],
): void {
  sqlite.transaction(() => {
    for (const { accountId, id } of gone) {
      const known = entryOf(sqlite, accountId, id);
      if (known) removeRows(sqlite, [known.rowid]);
    }
    // FTS5 writes a new segment whenever a rowid is smaller than the one before.
    const rows = entries.map(entry => ({ entry, rowid: placeOf(sqlite, entry) }));
    for (const { entry, rowid } of rows.sort((a, b) => a.rowid - b.rowid)) {
      if (entry.texts) writeTexts(sqlite, rowid, entry.texts);
    }
  });
}

function writeTexts(sqlite: Sqlite, rowid: number, texts: Texts): void {
  const { sender, recipient, subject, body } = texts;
  const values = [sender, recipient, subject, body].map(indexed);
  run(
    sqlite,
    'INSERT OR REPLACE INTO texts (rowid, sender, recipient, subject, body) VALUES (?, ?, ?, ?, ?)',
    [rowid, ...values],
  );
}

/** Writes the row of a message and answers its rowid. */
function placeOf(sqlite: Sqlite, entry: Entry): number {
  const { accountId, id, flags, texts, complete } = entry;
  const mailboxes = entry.mailboxIds.map(mailboxId => `|${mailboxId}|`).join('');
  const known = entryOf(sqlite, accountId, id);
  const done = complete || (!texts && known?.complete) ? 1 : 0;
  if (known) {
    const values = [flags, mailboxes, done, known.rowid];
    run(sqlite, 'UPDATE messages SET flags = ?, mailboxes = ?, complete = ? WHERE rowid = ?', values);
    return known.rowid;
  }
  const rowid = freeRowid(sqlite, entry.at);
  const values = [rowid, accountId, id, flags, mailboxes, done];
  run(sqlite, 'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)', values);
  return rowid;
}

/** Rowids rise with the date, so that a list newest first needs no sorting: room for so many messages a second. */
const PER_SECOND = 64;
const LATEST = 9_999_999_999;

/** The first rowid that can belong to a time. */
export function rowidAt(ms: number): number {
  const seconds = Math.floor((Number.isFinite(ms) ? ms : 0) / 1000);
  return Math.min(Math.max(0, seconds), LATEST) * PER_SECOND;
}

function freeRowid(sqlite: Sqlite, at: number): number {
  const first = rowidAt(at);
  // Thousands of one second go on into the next ones.
  for (let width = PER_SECOND; ; width *= 8) {
    const bounds = [first, first + width];
    const last = sqlite.selectValue(
      'SELECT max(rowid) FROM messages WHERE rowid >= ? AND rowid < ?',
      bounds,
    ) as number | null;
    if (last === null) return first;
    if (last + 1 < first + width) return last + 1;
  }
}

/** Removes all messages of accounts other than these. */
export function keepAccounts(sqlite: Sqlite, accountIds: readonly Id[]): void {
  const others = 'SELECT rowid FROM messages WHERE account NOT IN (SELECT value FROM json_each(?)) LIMIT 500';
  for (;;) {
    const rowids = sqlite.selectValues(others, [JSON.stringify(accountIds)]) as number[];
    if (rowids.length === 0) return;
    sqlite.transaction(() => removeRows(sqlite, rowids));
  }
}

function removeRows(sqlite: Sqlite, rowids: readonly number[]): void {
  for (const rowid of rowids) {
    run(sqlite, 'DELETE FROM texts WHERE rowid = ?', [rowid]);
    run(sqlite, 'DELETE FROM messages WHERE rowid = ?', [rowid]);
  }
}

/** How many messages can be found by all that they say. */
export function countComplete(sqlite: Sqlite): number {
  return Number(sqlite.selectValue('SELECT count(*) FROM messages WHERE complete = 1'));
}

/** Pages of FTS5 (4 kB each) that one step of a merge writes: a search waits for one step at most. */
const MERGE_PAGES = 100;
/** The note of how many messages the index had when it was merged last. */
const MERGED = 'merged';
/** It is merged again when it has so many times as many. */
const GROWN = 1.25;

/** Whether the index has grown so much that merging it is worth writing all of it again. */
export function isMergeDue(sqlite: Sqlite): boolean {
  return countComplete(sqlite) > Number(readNote(sqlite, MERGED) ?? 0) * GROWN;
}

/**
 * Merges what the index is made of into one part, step by step: a search looks into each part for itself. Stopped
 * anywhere, it begins anew. Section 6.9 of FTS5's documentation.
 * @param first whether this is the first step
 * @returns whether there is more to do
 */
export function mergeStep(sqlite: Sqlite, first: boolean): boolean {
  const before = Number(sqlite.changes(true));
  run(sqlite, "INSERT INTO texts (texts, rank) VALUES ('merge', ?)", [first ? -MERGE_PAGES : MERGE_PAGES]);
  // A step that changes nothing counts as one change.
  if (Number(sqlite.changes(true)) - before >= 2) return true;
  writeNote(sqlite, MERGED, String(countComplete(sqlite)));
  return false;
}

const prepared = new WeakMap<Sqlite, Map<string, ReturnType<Sqlite['prepare']>>>();

/** Runs a statement that is used again and again. */
function run(sqlite: Sqlite, sql: string, values: BindingSpec): void {
  let statements = prepared.get(sqlite);
  if (!statements) {
    statements = new Map();
    prepared.set(sqlite, statements);
  }
  let statement = statements.get(sql);
  if (!statement) {
    statement = sqlite.prepare(sql);
    statements.set(sql, statement);
  }
  statement.bind(values).stepReset();
}

/** Ends the statements that are kept; before the database is closed. */
export function release(sqlite: Sqlite): void {
  for (const statement of prepared.get(sqlite)?.values() ?? []) statement.finalize();
  prepared.delete(sqlite);
}
