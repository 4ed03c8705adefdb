import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type {
  EmailAddress,
  EmailBodyPart,
  EmailBodyValue,
  Id,
  MailAccount,
  Mailbox,
  UTCDate,
} from '../../../functions/jmap/types.ts';
import type { Flags, Patch } from './merge.ts';
import { migrations } from './migrations.ts';
import { announce } from './observe.ts';
import { Blocked, reportOpened, reportTrouble } from './trouble.ts';

/** An Email's metadata. What the server said last and what is shown differ while an action waits to be sent. */
export interface StoredEmail extends Flags {
  accountId: Id;
  id: Id;
  blobId: Id;
  threadId: Id;
  /** octets of the raw message */
  size: number;
  receivedAt: UTCDate;
  from: EmailAddress[];
  to: EmailAddress[];
  subject: string;
  preview: string;
  hasAttachment: boolean;
  /** The server's own value; `keywords` and `mailboxIds` beside it are what is shown. */
  server: Flags;
  /** One key of index `list` for each list that this Email appears in; made by `listKeys`. */
  lists: string[];
  /** Set while it waits to be destroyed: it is shown nowhere. */
  destroyed?: true;
  /** The listing that last saw this Email; see `first-download.ts`. */
  generation: number;
  /** Set while the body is still to be downloaded: `[accountId, newest-first time]`. */
  wanted?: [Id, string];
  /** Set while the body is here: `[accountId, newest-first time]`. */
  kept?: [Id, string];
  /** octets that the body and the blobs of this Email take here; set once it was here, so that its size stays known */
  bodySize?: number;
  /** Set while its attachments could be fetched, because the body is here: `[accountId, newest-first time]`. */
  files?: [Id, string];
}

/** A downloaded body: immutable, and all that the reader needs beside the metadata. */
export interface StoredBody {
  accountId: Id;
  id: Id;
  cc: EmailAddress[];
  bcc: EmailAddress[];
  replyTo: EmailAddress[];
  sentAt: string | null;
  textBody: EmailBodyPart[];
  htmlBody: EmailBodyPart[];
  attachments: EmailBodyPart[];
  bodyValues: Record<string, EmailBodyValue>;
  /** plain parts whose lines are to be put together again (RFC 3676), by partId */
  flow?: Record<string, 'flowed' | 'delSp'>;
  /** the topmost Authentication-Results (RFC 8601); null where there is none, absent in bodies of older versions */
  authenticationResults?: string | null;
}

export interface StoredMailbox extends Mailbox {
  accountId: Id;
}

/** What a list shows of one Email of a thread. */
export interface ThreadMember extends Pick<StoredEmail, 'id' | 'lists' | 'hasAttachment'> {
  from: EmailAddress | null;
  unread: boolean;
  starred: boolean;
}

/** The Emails of a thread that are here: a projection of their rows, kept in the transactions that change those. */
export interface StoredThread {
  accountId: Id;
  id: Id;
  /** oldest first */
  members: ThreadMember[];
  /** Of each list that the thread appears in, the key of its newest Email there; made by `headsOf`. */
  heads: string[];
}

export type ActionName = 'star' | 'unstar' | 'read' | 'unread' | 'move' | 'destroy';

/** One action of the person, waiting to be sent or refused by the server. */
export interface OutboxRow {
  /** The order in which actions were taken. */
  seq: number;
  /** Idempotency key. */
  key: string;
  accountId: Id;
  action: ActionName;
  update: Record<Id, Patch>;
  /** Emails to be destroyed for good; `update` is empty then. */
  destroy?: Id[];
  /** `accountId/emailId` of every Email of `update` and `destroy`, for the index. */
  emails: string[];
  /** milliseconds since the epoch */
  createdAt: number;
  /** sending: it may or may not have reached the server; sending it again is harmless */
  state: 'waiting' | 'sending' | 'failed';
  attempts: number;
  /** Why the server refused it: a SetError or method error type, and the server's words. */
  refusal: { type: string; description: string } | null;
}

/** What a person wants of an account on this device without a network. */
export interface KeepingRow {
  accountId: Id;
  /** how far back bodies are downloaded, in days; null: all the way */
  days: number | null;
  /** what bodies and blobs may take, in octets */
  octets: number;
  attachments: boolean;
  /** Set while attachments are here that the person does not want any more. */
  filesLeft?: true;
  /** What is kept whatever its age. */
  pinned: { mailboxes: Id[]; threads: Id[]; emails: Id[] };
}

/** A blob of an Email that is in the cache of blobs, and counts as part of that Email. */
export interface BlobRow {
  accountId: Id;
  blobId: Id;
  emailId: Id;
  octets: number;
  /** Set when it has to go from the cache: it counts no more. */
  gone?: 1;
}

/** How far the device is with one account. */
export interface FeedRow {
  accountId: Id;
  emailState: string | null;
  mailboxState: string | null;
  /** Set while the list of all Emails is downloaded, newest first; null when it is complete. */
  listing: { anchor: Id | null; fetched: number; total: number | null } | null;
  generation: number;
  /** milliseconds since the epoch of the last successful look */
  updatedAt: number | null;
  /** octets of bodies and blobs that are here */
  bodyBytes: number;
  /** True when the budget or the browser's quota is used up. */
  full: boolean;
}

/** An Email that the search index has not followed yet: it is new, changed, gone, or its body came. */
export interface UnindexedRow {
  accountId: Id;
  id: Id;
  /** newest-first time; '' for one that is gone */
  at: string;
  /** Another one each time, so that a change is not lost that comes while the one before is indexed. */
  mark: number;
}

export interface Schema extends DBSchema {
  accounts: { key: Id; value: MailAccount };
  mailboxes: { key: [Id, Id]; value: StoredMailbox; indexes: { account: Id } };
  emails: {
    key: [Id, Id];
    value: StoredEmail;
    indexes: {
      account: Id;
      list: string;
      wanted: [Id, string];
      kept: [Id, string];
      files: [Id, string];
    };
  };
  threads: { key: [Id, Id]; value: StoredThread; indexes: { list: string } };
  bodies: { key: [Id, Id]; value: StoredBody };
  outbox: { key: number; value: OutboxRow; indexes: { account: Id; email: string } };
  feeds: { key: Id; value: FeedRow };
  keeping: { key: Id; value: KeepingRow };
  blobs: { key: [Id, Id]; value: BlobRow; indexes: { email: [Id, Id]; gone: number } };
  unindexed: { key: [Id, Id]; value: UnindexedRow; indexes: { newest: string } };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

/** The version of the database that this version of the app has. */
export const LATEST_VERSION = migrations.length;

/** How long other tabs may take to let go of an older version, in milliseconds. */
const LETTING_GO = 5_000;

/**
 * Opens a database and brings it up to `version`. `onGone` is called when it has to be opened again.
 * @throws DOMException as IndexedDB's open() does; see `trouble.ts`
 */
export async function openMailbox(
  name: string,
  onGone: () => void = () => {},
  version = LATEST_VERSION,
): Promise<Database> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const opening = openDB<Schema>(name, version, {
    async upgrade(db, oldVersion, _newVersion, transaction) {
      for (const migrate of migrations.slice(oldVersion, version)) await migrate(db, transaction);
    },
    blocking(_current, _blocked, event) {
      // Another tab brings a newer version: let it, and open again at the next use.
      (event.target as IDBDatabase).close();
      onGone();
    },
    blocked() {
      timer = setTimeout(() => reportTrouble(new Blocked()), LETTING_GO);
    },
    terminated: onGone,
  });
  return opening.finally(() => clearTimeout(timer));
}

/** The name of the app's database. */
export const DATABASE = 'mailferry';
let opened: Promise<Database> | null = null;

/** The app's database, opened at the first use. */
export function mailbox(): Promise<Database> {
  opened ??= openMailbox(DATABASE, () => {
    opened = null;
    // Another tab signed out, or somebody cleared the browser's storage: the views have to look.
    announce('status');
  });
  opened.then(reportOpened, error => {
    opened = null;
    reportTrouble(error);
  });
  return opened;
}

/** Removes everything from the device. */
export async function wipeMailbox(): Promise<void> {
  // What could not be opened need not be closed.
  (await opened?.catch(() => null))?.close();
  opened = null;
  await deleteDB(DATABASE);
}

/** The key of one Email among the settings and in the outbox. */
export function emailKey(accountId: Id, id: Id): string {
  return `${accountId}/${id}`;
}

const LATEST = 9_999_999_999_999;

/** A time that sorts newest first as a string. What claims to be older than 1970 counts as of 1970. */
export function newestFirst(receivedAt: UTCDate): string {
  const time = Date.parse(receivedAt);
  const known = Number.isFinite(time) ? Math.min(Math.max(0, time), LATEST) : 0;
  return String(LATEST - known).padStart(13, '0');
}
