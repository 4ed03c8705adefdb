import type { IDBPTransaction, StoreNames } from 'idb';
import type { Id } from '../../../functions/jmap/types.ts';
import type { Database, Schema, StoredEmail } from './db.ts';
import { regroup } from './threads.ts';

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** Rows that a migration holds at a time: there may be a hundred thousand. */
const ROWS = 500;

/** One step for each version, never changed once released: an old database walks through those it lacks. */
export const migrations: ((db: Database, transaction: Upgrade) => void | Promise<void>)[] = [
  db => {
    db.createObjectStore('accounts', { keyPath: 'id' });
    db.createObjectStore('mailboxes', { keyPath: ['accountId', 'id'] }).createIndex('account', 'accountId');
    const emails = db.createObjectStore('emails', { keyPath: ['accountId', 'id'] });
    emails.createIndex('account', 'accountId');
    emails.createIndex('list', 'lists', { multiEntry: true });
    emails.createIndex('wanted', 'wanted');
    emails.createIndex('kept', 'kept');
    db.createObjectStore('bodies', { keyPath: ['accountId', 'id'] });
    const outbox = db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
    outbox.createIndex('account', 'accountId');
    outbox.createIndex('email', 'emails', { multiEntry: true });
    db.createObjectStore('feeds', { keyPath: 'accountId' });
    db.createObjectStore('settings');
  },
  async (db, transaction) => {
    const threads = db.createObjectStore('threads', { keyPath: ['accountId', 'id'] });
    threads.createIndex('list', 'heads', { multiEntry: true });
    const emails = transaction.objectStore('emails');
    for (let after: [Id, Id] | [] | undefined = []; after; ) {
      const page: StoredEmail[] = await emails.getAll(IDBKeyRange.lowerBound(after, true), ROWS);
      for (const accountId of new Set(page.map(email => email.accountId))) {
        await regroup(
          threads,
          accountId,
          page.filter(email => email.accountId === accountId),
        );
      }
      const last = page.at(-1);
      after = last && [last.accountId, last.id];
    }
  },
  db => {
    const unindexed = db.createObjectStore('unindexed', { keyPath: ['accountId', 'id'] });
    unindexed.createIndex('newest', 'at');
  },
  async (db, transaction) => {
    db.createObjectStore('keeping', { keyPath: 'accountId' });
    const blobs = db.createObjectStore('blobs', { keyPath: ['accountId', 'blobId'] });
    blobs.createIndex('email', ['accountId', 'emailId']);
    blobs.createIndex('gone', 'gone');
    const emails = transaction.objectStore('emails');
    emails.createIndex('files', 'files');
    for (let cursor = await emails.openCursor(); cursor; cursor = await cursor.continue()) {
      const { value } = cursor;
      if (value.kept && value.hasAttachment) await cursor.update({ ...value, files: value.kept });
    }
  },
];
