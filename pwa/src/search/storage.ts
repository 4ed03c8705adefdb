import type { SAHPoolUtil, Database as Sqlite, Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { prepare, release } from './index-db.ts';
import { FOLDER } from './protocol.ts';

const FILE = '/index.sqlite3';
/** Tries to get hold of the files, and the wait between them in milliseconds: a tab that closes lets go of them late. */
const TRIES = 10;
const WAIT = 300;

const POOL = {
  name: 'mailferry-search',
  directory: FOLDER,
  // The database, its journal, and room to spare.
  initialCapacity: 4,
  // What another tab still holds is there a moment later.
  preserveOnInitFailure: true,
  forceReinitIfPreviouslyFailed: true,
};

/** The index on the disk. It belongs to one worker at a time. */
export interface Storage {
  readonly sqlite: Sqlite;
  /** Throws the index away and begins an empty one. */
  renew(): Promise<void>;
  /** Removes the index from the device; nothing works afterwards. */
  remove(): Promise<void>;
}

/** Whether the browser lets a worker keep files here: a private window mostly does not. */
async function canKeepFiles(): Promise<boolean> {
  try {
    const root = await navigator.storage.getDirectory();
    await root.getDirectoryHandle(FOLDER, { create: true });
    return 'createSyncAccessHandle' in FileSystemFileHandle.prototype;
  } catch {
    return false;
  }
}

async function loadSqlite(): Promise<Sqlite3Static> {
  // Only the pool of access handles is used: it needs neither shared memory nor another worker.
  const vfs = { opfs: true, 'opfs-vfs': true, 'opfs-wl': true, kvvfs: true };
  Object.assign(globalThis, { sqlite3ApiConfig: { disable: { vfs } } });
  const { default: init } = await import('@sqlite.org/sqlite-wasm');
  return init();
}

async function openPool(sqlite3: Sqlite3Static): Promise<SAHPoolUtil> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await sqlite3.installOpfsSAHPoolVfs(POOL);
    } catch (error) {
      if (left <= 1) throw error;
      await new Promise(resolve => setTimeout(resolve, WAIT));
    }
  }
}

/** Opens the index, or an empty one where there is none or one that cannot be read; null where none can be kept. */
export async function openStorage(): Promise<Storage | null> {
  if (!(await canKeepFiles())) return null;
  const pool = await openPool(await loadSqlite());
  let sqlite: Sqlite | null = null;
  const close = () => {
    if (sqlite) release(sqlite);
    sqlite?.close();
    sqlite = null;
  };
  const open = () => {
    sqlite = new pool.OpfsSAHPoolDb(FILE);
    return prepare(sqlite);
  };
  const renew = async () => {
    close();
    await pool.wipeFiles();
    open();
  };
  try {
    if (!open()) await renew();
  } catch {
    await renew();
  }
  return {
    get sqlite() {
      if (!sqlite) throw new Error('The index is closed.');
      return sqlite;
    },
    renew,
    async remove() {
      close();
      await pool.removeVfs();
    },
  };
}
