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
  /** Empty where `accessToken` is there. */
  password: string;
  /**
   * Signs in by OAuth (OAUTHBEARER of RFC 7628, else XOAUTH2) instead of by the password: gives a token that is
   * valid now; with `renew`, another one than the server has just refused. Throws SourceError `authentication`.
   */
  accessToken?: (options?: { renew: boolean }) => Promise<string>;
  /** Hosts that may be reached although they are private or loopback; `all` in local mode. */
  allowPrivateHosts: 'all' | readonly string[];
  /** Longest wait for one answer of the server, in milliseconds. */
  timeout: number;
  /** IMAP COMPRESS=DEFLATE (RFC 4978) where it is offered; by default with every server but one of this machine. */
  compress?: boolean;
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
  /** What separates the parts of a path below this mailbox; null where there is no hierarchy. */
  delimiter?: string | null;
  /** OBJECTID MAILBOXID (RFC 8474), which a rename does not change; absent where the server has none. */
  mailboxId?: string;
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
  /** IMAP HIGHESTMODSEQ (RFC 7162); POP: sha256 (hex) of what UIDL lists, or LIST where there is none; null without. */
  highestModseq: string | null;
}

/** One message as the source lists it. */
export interface SourceEntry {
  /** IMAP UID in decimal, or the POP UIDL. */
  uid: string;
  /** RFC822.SIZE or LIST octets: a hint for batching, checked against the real length later. */
  size: number | null;
  /** JMAP keywords from the IMAP flags (`$seen`, `$flagged`, …, others lower-cased); null for POP. */
  keywords: readonly string[] | null;
  /** IMAP \\Deleted: waiting to be expunged, and not visible over JMAP (RFC 8621 section 4.1.1). */
  isDeleted?: boolean;
  /** OBJECTID EMAILID (RFC 8474) or Gmail's X-GM-MSGID: two entries that share one hold the same bytes. */
  emailId?: string;
  /** Gmail's X-GM-LABELS, decoded to Unicode: where else the message is. Absent for every other server. */
  labels?: string[];
}

/**
 * What tells that an entry is a message already stored, without fetching it whole: read from the message's own
 * Date and Message-ID fields by `mime/`, so that they compare with a stored summary.
 */
export interface MessageHint {
  uid: string;
  size: number | null;
  messageId: string[] | null;
  /** The Date field as `summarize` gives it: ISO 8601, or null. */
  sentAt: string | null;
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

/**
 * A message too large to be held in memory. `chunks` gives its bytes, once, and has to be read to its end before the
 * next message is asked for. It throws SourceError: after `protocol` or `refused` only this message has failed; the
 * next one tells whether the session still lives.
 */
export interface LargeMessage {
  uid: string;
  chunks: AsyncIterable<Uint8Array>;
}

/** From this size on, in octets, a source gives a message in chunks. */
export const CHUNKED_FROM = 4 * 1024 * 1024;

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
  fetch(
    path: string,
    entries: readonly SourceEntry[],
  ): AsyncIterable<FetchedMessage | LargeMessage | FailedMessage>;
  /** The newest message of the INBOX, or null when it is empty: a test fetches it, to show that mail can be read. */
  newest(): Promise<SourceEntry | null>;
  /** What a person is told after a test. */
  report(): Promise<SourceReport>;
  /** What devices changed, told to the source; null for POP, where that state is ours alone. */
  readonly writer: SourceWriter | null;
  /** Deletes messages; null where the server cannot expunge just those that are named (IMAP without UIDPLUS). */
  readonly remover: SourceRemover | null;
  /**
   * What tells entries apart without their bytes, to recognise messages that are stored already; null where asking
   * costs as much as fetching (POP). UIDs that are gone are left out.
   */
  hints: ((path: string, uids: readonly string[]) => Promise<MessageHint[]>) | null;
  /** Ends the session: LOGOUT or QUIT when `graceful`, else drops the connection. Never throws. */
  close(graceful: boolean): Promise<void>;
}

/** Where a message went, when the server says so (UIDPLUS, RFC 4315). */
export interface CopiedTo {
  uidValidity: string;
  /** old UID -> new UID */
  uids: ReadonlyMap<string, string>;
}

/** Deletes at the source for good. Only `sync/deletion/deletion.ts` uses it. */
export interface SourceRemover {
  /**
   * Deletes these messages and no other, and gives the uids that the server confirmed to be gone. IMAP: \\Deleted,
   * then UID EXPUNGE (RFC 4315), never a bare EXPUNGE. POP: DELE for each, then QUIT, whose +OK makes it so
   * (RFC 1939 section 6): the session is over afterwards. A uid that is not there any more is not given.
   */
  remove(path: string, uids: readonly string[]): Promise<readonly string[]>;
}

/** The changes an IMAP source accepts. Each takes UIDs of one mailbox; UIDs that are gone are no error. */
export interface SourceWriter {
  /** UIDVALIDITY as SELECT gives it: it holds for the UIDs of the commands on this mailbox that follow at once. */
  uidValidity(path: string): Promise<string>;
  /**
   * UID STORE +FLAGS / -FLAGS for JMAP keywords. With `unchangedSince` (a mod-sequence, RFC 7162 section 3.1.3)
   * a message that changed after it is left alone; gives the uids of those. Without CONDSTORE it says nothing.
   */
  storeKeywords(
    path: string,
    uids: readonly string[],
    add: readonly string[],
    remove: readonly string[],
    unchangedSince?: string,
  ): Promise<readonly string[]>;
  /** Those of these keywords that the mailbox keeps when they are stored: PERMANENTFLAGS (RFC 9051 section 7.1). */
  keptKeywords(path: string, keywords: readonly string[]): Promise<readonly string[]>;
  /** UID MOVE (RFC 6851), or COPY, \Deleted and UID EXPUNGE; null when the server does not tell the new UIDs. */
  move(path: string, uids: readonly string[], toPath: string): Promise<CopiedTo | null>;
  /** UID COPY. */
  copy(path: string, uids: readonly string[], toPath: string): Promise<CopiedTo | null>;
  /** APPEND (RFC 9051 section 6.3.12), with INTERNALDATE `receivedAt` (ms since the epoch). Null without APPENDUID. */
  append(
    path: string,
    raw: Uint8Array,
    keywords: readonly string[],
    receivedAt: number,
  ): Promise<{ uidValidity: string; uid: string } | null>;
  /** CREATE, then SUBSCRIBE. A mailbox that is there already is no error. */
  createMailbox(path: string): Promise<void>;
  /** RENAME, subscription included. */
  renameMailbox(path: string, newPath: string): Promise<void>;
  /** DELETE and UNSUBSCRIBE. One that is gone already is no error. The caller makes sure that it is empty. */
  deleteMailbox(path: string): Promise<void>;
  /** SUBSCRIBE or UNSUBSCRIBE. That a server keeps no subscriptions is no error: its next listing says what holds. */
  subscribe(path: string, subscribed: boolean): Promise<void>;
}
