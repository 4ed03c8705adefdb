import type { SourceError } from './errors.ts';

/** How the connection is protected: implicit TLS, STARTTLS/STLS (required, never opportunistic), or nothing. */
export type Security = 'tls' | 'starttls' | 'none';

/** What is needed to open a source. Times are absolute milliseconds since the epoch. */
export interface SourceSettings {
  protocol: 'imap' | 'pop';
  host: string;
  port: number;
  security: Security;
  username: string;
  password: string;
  /** Hosts that may be reached although they are private or loopback; `all` in local mode. */
  allowPrivateHosts: 'all' | readonly string[];
  /** Longest wait for one answer of the server, in milliseconds. */
  timeout: number;
  /** Extra trusted certificate authorities (PEM), for tests and for servers with a CA of their own. */
  ca?: string;
}

/** A mailbox role of RFC 8621 section 2, from SPECIAL-USE or guessed; null when it has none. */
export type MailboxRole =
  | 'inbox'
  | 'archive'
  | 'drafts'
  | 'junk'
  | 'sent'
  | 'trash'
  | 'all'
  | 'flagged'
  | null;

/** What a cheap look (IMAP LIST and STATUS; POP STAT and UIDL) tells of one mailbox. */
export interface SourceMailbox {
  /** Full path at the source, decoded to Unicode: `INBOX`, `Projects/Boat`. POP: always `INBOX`. */
  path: string;
  /** Last part of the path, for people. */
  name: string;
  /** Path of the parent mailbox, or null at the top. */
  parentPath: string | null;
  role: MailboxRole;
  subscribed: boolean;
  /** False for a \Noselect mailbox: it is shown as a parent, never pulled. */
  selectable: boolean;
  status: MailboxStatus | null;
}

/**
 * The part of a mailbox's cursor that tells whether anything changed. Two equal statuses mean that there is
 * nothing to do. Strings, because UIDVALIDITY and MODSEQ exceed what a JavaScript number can hold.
 */
export interface MailboxStatus {
  /** IMAP UIDVALIDITY; POP: the constant `pop`. */
  uidValidity: string;
  /** IMAP UIDNEXT; POP: 0. */
  uidNext: number;
  /** Number of messages. */
  messages: number;
  /** IMAP HIGHESTMODSEQ (RFC 7162); POP: sha256 (hex) of the UIDL listing; null where the server has neither. */
  highestModseq: string | null;
}

/** One message as the source lists it. */
export interface SourceEntry {
  /** IMAP UID in decimal, or the POP UIDL. */
  uid: string;
  /** RFC822.SIZE or LIST octets: a hint for batching, checked against the real length later. */
  size: number | null;
  /** JMAP keywords from the IMAP flags (`$seen`, `$flagged`, …, others lower-cased); null for POP. */
  keywords: string[] | null;
  /** IMAP \\Deleted: waiting to be expunged, and not visible over JMAP (RFC 8621 section 4.1.1). */
  isDeleted?: boolean;
}

/** The answer to "what changed since this cursor". */
export interface MailboxSnapshot {
  status: MailboxStatus;
  /** True: `entries` names every message of the mailbox. False: only those new or changed since the cursor. */
  complete: boolean;
  entries: SourceEntry[];
  /** UIDs that the server itself said are gone (VANISHED); empty when `complete`. */
  vanished: string[];
}

/** One fetched message; `raw` is byte for byte what the server holds. */
export interface FetchedMessage {
  uid: string;
  raw: Buffer;
}

/** A message that could not be fetched while the session lives on; it goes to quarantine. */
export interface FailedMessage {
  uid: string;
  error: SourceError;
}

/** What a `MailAccount/test` reports of a source that let us in. */
export interface SourceReport {
  /** The server's capabilities as it names them, upper-cased. */
  capabilities: string[];
  mailboxes: number;
  messages: number;
}

/**
 * A remote mailbox login, whichever protocol it speaks. One command at a time; every method throws
 * `SourceError` and nothing else, and settles within the timeout of the settings.
 */
export interface MailSource {
  readonly protocol: 'imap' | 'pop';
  /** Every mailbox with its status. */
  mailboxes(): Promise<SourceMailbox[]>;
  /** What changed in a mailbox since `since` (null: everything). */
  snapshot(path: string, since: MailboxStatus | null): Promise<MailboxSnapshot>;
  /** Fetches messages of one mailbox, small ones in ranged batches. A uid that is gone is skipped silently. */
  fetch(path: string, entries: readonly SourceEntry[]): AsyncIterable<FetchedMessage | FailedMessage>;
  /** The newest message of the INBOX, or null when it is empty: a test fetches it, to show that mail can be read. */
  newest(): Promise<SourceEntry | null>;
  /** What a person is told after a test. */
  report(): Promise<SourceReport>;
  /** What devices changed, told to the source; null for POP, where that state is ours alone. */
  readonly writer: SourceWriter | null;
  /** Ends the session: LOGOUT or QUIT when `graceful`, else drops the connection. Never throws. */
  close(graceful: boolean): Promise<void>;
}

/** Where a message went, when the server says so (UIDPLUS, RFC 4315). */
export interface CopiedTo {
  uidValidity: string;
  /** old UID -> new UID */
  uids: ReadonlyMap<string, string>;
}

/** The changes an IMAP source accepts. Each takes UIDs of one mailbox; UIDs that are gone are no error. */
export interface SourceWriter {
  /** UID STORE +FLAGS / -FLAGS for JMAP keywords. */
  storeKeywords(
    path: string,
    uids: readonly string[],
    add: readonly string[],
    remove: readonly string[],
  ): Promise<void>;
  /** UID MOVE (RFC 6851), or COPY, \Deleted and UID EXPUNGE; null when the server does not tell the new UIDs. */
  move(path: string, uids: readonly string[], toPath: string): Promise<CopiedTo | null>;
  /** UID COPY. */
  copy(path: string, uids: readonly string[], toPath: string): Promise<CopiedTo | null>;
}
