import { createHash } from 'node:crypto';

/**
 * Every key of the table and of the blobs, made here and nowhere else. One account is one partition; users,
 * the due list and the vault have partitions of their own.
 */
export interface Key {
  pk: string;
  sk: string;
}

/** Where a source keeps a message, in the form of its row's sort key: `UID#…` (IMAP) or `UIDL#…` (POP). */
export type Location = string;

const LOG_DIGITS = 12;
const UID_DIGITS = 10;

const accountPartition = (accountId: string) => `ACCOUNT#${accountId}`;
const inAccount = (accountId: string, sk: string): Key => ({ pk: accountPartition(accountId), sk });

/** Sort-key prefixes of the row kinds that are read as ranges. */
export const prefix = {
  log: 'LOG#',
  email: 'EMAIL#',
  state: 'STATE#',
  thread: 'THREAD#',
  mailbox: 'MAILBOX#',
  cursor: 'SOURCE#',
  uid: 'UID#',
  uidl: 'UIDL#',
  object: 'OBJECT#',
  quarantine: 'QUARANTINE#',
  deleting: 'DELETING#',
  receipt: 'RECEIPT#',
  import: 'IMPORT#',
  export: 'EXPORT#',
  dueJob: 'JOB#',
  userAccount: 'ACCOUNT#',
  looking: 'LOOKING#',
  pushSubscription: 'PUSH#',
  authorization: 'OAUTH#',
} as const;

/** Keys of rows, by the words of the design. */
export const keys = {
  partition: accountPartition,
  account: (accountId: string) => inAccount(accountId, 'ACCOUNT'),
  head: (accountId: string) => inAccount(accountId, 'HEAD'),
  health: (accountId: string) => inAccount(accountId, 'SOURCE'),
  cursor: (accountId: string, mailboxId: string) => inAccount(accountId, prefix.cursor + mailboxId),
  log: (accountId: string, n: number) =>
    inAccount(accountId, prefix.log + String(n).padStart(LOG_DIGITS, '0')),
  email: (accountId: string, emailId: string) => inAccount(accountId, prefix.email + emailId),
  state: (accountId: string, emailId: string) => inAccount(accountId, prefix.state + emailId),
  thread: (accountId: string, threadId: string, emailId: string) =>
    inAccount(accountId, `${prefix.thread}${threadId}#${emailId}`),
  mailbox: (accountId: string, mailboxId: string) => inAccount(accountId, prefix.mailbox + mailboxId),
  location: (accountId: string, location: Location) => inAccount(accountId, location),
  object: (accountId: string, objectKey: string) => inAccount(accountId, prefix.object + objectKey),
  quarantine: (accountId: string, location: Location) => inAccount(accountId, prefix.quarantine + location),
  deletion: (accountId: string) => inAccount(accountId, 'DELETION'),
  deleting: (accountId: string, location: Location) => inAccount(accountId, prefix.deleting + location),
  receipt: (accountId: string, location: Location) => inAccount(accountId, prefix.receipt + location),
  import: (accountId: string, id: string) => inAccount(accountId, prefix.import + id),
  export: (accountId: string, id: string) => inAccount(accountId, prefix.export + id),
  userPartition: (userId: string) => `USER#${userId}`,
  userAccount: (userId: string, accountId: string): Key => ({
    pk: `USER#${userId}`,
    sk: prefix.userAccount + accountId,
  }),
  pushSubscription: (userId: string, id: string): Key => ({
    pk: `USER#${userId}`,
    sk: prefix.pushSubscription + id,
  }),
  /** A sign-in at a provider that was begun. */
  authorization: (userId: string, id: string): Key => ({
    pk: `USER#${userId}`,
    sk: prefix.authorization + id,
  }),
  /** How many subscriptions a user has made of late. */
  pushMade: (userId: string): Key => ({ pk: `USER#${userId}`, sk: 'PUSHES-MADE' }),
  duePartition: 'DUE',
  due: (accountId: string): Key => ({ pk: 'DUE', sk: accountId }),
  /** In the due list, before every account: their ids begin with a small letter. */
  looking: (userId: string): Key => ({ pk: 'DUE', sk: prefix.looking + userId }),
  /** In the due list, before every account, too. */
  dueJob: ({ kind, accountId, id }: { kind: string; accountId: string; id: string }): Key => ({
    pk: 'DUE',
    sk: `${prefix.dueJob}${kind}#${accountId}#${id}`,
  }),
  /** That of the vault has the older name. */
  keyPair: (name: 'vault' | 'push'): Key => ({ pk: 'VAULT', sk: name === 'vault' ? 'KEY' : 'PUSH' }),
};

/**
 * The location of an IMAP message. Zero-padded so that a range of UIDs is a range of rows. Joined and not interpolated:
 * V8 keeps what a long interpolation was made of, and a run holds one for each message.
 */
export function imapLocation(mailboxId: string, uidValidity: string, uid: string): Location {
  return ['UID', mailboxId, uidValidity, uid.padStart(UID_DIGITS, '0')].join('#');
}

/**
 * Among the locations of an Email of which a copy was deleted at the source by policy: it stays here, whatever becomes
 * of other copies. Names no place, and has no row.
 */
export const KEPT_HERE: Location = 'KEPT';

/** The common prefix of all locations of one mailbox under one UIDVALIDITY. */
export const imapLocationPrefix = (mailboxId: string, uidValidity: string) =>
  `UID#${mailboxId}#${uidValidity}#`;

/** The common prefix of all locations that a mailbox ever had. */
export const mailboxLocationPrefix = (mailboxId: string) => `UID#${mailboxId}#`;

/** The location of a POP message. UIDLs may hold any printable character, so the key holds their hash. */
export function popLocation(uidl: string): Location {
  return prefix.uidl + createHash('sha256').update(uidl).digest('base64url').slice(0, 32);
}

/** What a source's own id of a message (EMAILID, X-GM-MSGID) is kept under: it may be any string. */
export const objectKeyOf = (remoteId: string) =>
  createHash('sha256').update(remoteId).digest('base64url').slice(0, 32);

/** Mailbox, UIDVALIDITY and UID of an IMAP location; null for a POP one. */
export function parseLocation(
  location: Location,
): { mailboxId: string; uidValidity: string; uid: string } | null {
  const [kind, mailboxId, uidValidity, uid] = location.split('#');
  if (kind !== 'UID' || !mailboxId || !uidValidity || !uid) return null;
  return { mailboxId, uidValidity, uid: String(Number(uid)) };
}

/** How a quarantined message is named over the API: an Id of RFC 8620, which a location is not. */
export const quarantineId = (location: Location) =>
  `q${createHash('sha256').update(location).digest('base64url').slice(0, 27)}`;

/** How a receipt is named over the API. */
export const receiptId = (location: Location) =>
  `d${createHash('sha256').update(location).digest('base64url').slice(0, 27)}`;

const BLOB_KINDS = ['raw', 'part', 'upload', 'export'] as const;

/** Keys of blobs. */
export const blobKeys = {
  raw: (accountId: string, sha256: string) => `raw/${accountId}/${sha256}.eml`,
  /** Below it, a folder for each account with messages. */
  allRaws: 'raw/',
  /** Every message of an account. */
  raws: (accountId: string) => `raw/${accountId}/`,
  parts: (accountId: string) => `part/${accountId}/`,
  part: (accountId: string, sha256: string, partId: string) => `part/${accountId}/${sha256}-${partId}`,
  /** What a device uploaded and no Email has taken up (yet). */
  upload: (accountId: string, sha256: string) => `upload/${accountId}/${sha256}`,
  /** A file that was uploaded to be imported: its checksum is not known. */
  uploadedFile: (accountId: string, id: string) => `upload/${accountId}/file-${id}`,
  /** What an export wrote. */
  export: (accountId: string, id: string, nth: number) => `export/${accountId}/${id}/export-${nth}.zip`,
  exports: (accountId: string) => `export/${accountId}/`,
  prefixes: (accountId: string) => BLOB_KINDS.map(kind => `${kind}/${accountId}/`),
  /** What all keys begin with, before the account. */
  kinds: BLOB_KINDS,
};
