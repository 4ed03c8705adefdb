import { openDB } from 'idb';
import { forgetBlobs } from './blobs.ts';
import { DATABASE, type KeepingRow, mailbox, type OutboxRow, wipeMailbox } from './db.ts';
import { removeFirstScreen } from './first-screen.ts';

/** Settings that outlive a rebuild: who is signed in, and what was chosen on this device. */
const SETTINGS = [
  ...['tokens', 'subject', 'config', 'language', 'pictureSenders', 'notInstalled'],
  ...['push', 'notify', 'told', 'deviceClientId'],
];
/** Longest wait for a browser that may never answer, in milliseconds. */
const PATIENCE = 15_000;

/** What of a database that cannot be used can still be read. */
export interface Rescue {
  /** changes that have not reached the server; null where they cannot be read */
  outbox: OutboxRow[] | null;
  settings: [name: string, value: unknown][];
  keeping: KeepingRow[];
}

/** True when a rebuild leaves the person signed in. */
export function staysSignedIn({ settings }: Rescue): boolean {
  return settings.some(([name]) => name === 'tokens');
}

/** Reads what can be read of a database, whatever its version, and changes nothing. */
export async function readRescue(name = DATABASE): Promise<Rescue> {
  const rescue: Rescue = { outbox: null, settings: [], keeping: [] };
  const db = await withPatience(openAsItIs(name)).catch(() => null);
  if (!db) return rescue;
  const rows = (await withPatience(db.getAll('outbox')).catch(() => null)) as unknown[] | null;
  rescue.outbox = rows?.filter(isRow) ?? null;
  rescue.keeping = ((await withPatience(db.getAll('keeping')).catch(() => [])) as KeepingRow[]).filter(
    isKeeping,
  );
  for (const setting of SETTINGS) {
    const value: unknown = await withPatience(db.get('settings', setting)).catch(() => undefined);
    if (value !== undefined) rescue.settings.push([setting, value]);
  }
  db.close();
  return rescue;
}

async function openAsItIs(name: string) {
  return openDB(name, undefined, {
    upgrade(_db, _old, _new, transaction) {
      // There is none, and looking for it must not make one.
      transaction.done.catch(() => {});
      transaction.abort();
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

/** A newer version may store it in another way: what this one would not understand is not taken over. */
function isRow(row: unknown): row is OutboxRow {
  const { accountId, action, update, emails, state } = row as Partial<OutboxRow>;
  return (
    typeof accountId === 'string' &&
    typeof action === 'string' &&
    typeof update === 'object' &&
    Array.isArray(emails) &&
    (state === 'waiting' || state === 'sending' || state === 'failed')
  );
}

function isKeeping(row: KeepingRow): boolean {
  return typeof row.octets === 'number' && Array.isArray(row.pinned?.mailboxes);
}

/**
 * Removes the device's database with all its mail, and begins a new one with what was rescued. What waited is sent,
 * and all mail comes again, newest first.
 * @throws when the browser does not let go of the old one, or stores nothing
 */
export async function rebuild({ outbox, settings, keeping }: Rescue): Promise<void> {
  await withPatience(wipeMailbox());
  removeFirstScreen();
  // Blobs that no row counts would stay for ever.
  await forgetBlobs().catch(() => {});
  const db = await withPatience(mailbox());
  const transaction = db.transaction(['settings', 'outbox', 'keeping'], 'readwrite');
  await Promise.all([
    ...settings.map(([name, value]) => transaction.objectStore('settings').put(value, name)),
    ...(outbox ?? []).map(row => transaction.objectStore('outbox').put(row)),
    ...keeping.map(row => transaction.objectStore('keeping').put(row)),
    transaction.done,
  ]);
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The browser does not answer.')), PATIENCE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
