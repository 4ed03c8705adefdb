import type { Id, Sentence, UTCDate } from './types.ts';

/** Our own objects, `urn:mailferry:params:jmap:accounts`: accounts and what belongs to them. */

/**
 * A remote mailbox login of the user, or an archive without a server, `urn:mailferry:params:jmap:accounts`. Its id is the JMAP accountId.
 * On create and update the client may also send `password`, or `refreshToken` with `oauthProvider`; the server never
 * returns them.
 */
export interface MailAccount {
  id: Id;
  name: string;
  /** archive: an account without a server, whose mail lives here only; what belongs to a server is null then. */
  protocol: 'imap' | 'pop' | 'archive';
  /** e-mail address of the person at this account; an archive may have none: `""` */
  address: string;
  host: string | null;
  port: number | null;
  security: 'tls' | 'starttls' | 'none' | null;
  username: string | null;
  /** Follows from the credential that was sent last. */
  authentication: 'password' | 'oauth' | null;
  /** Where it signs in by OAuth: `google`. */
  oauthProvider: string | null;
  /**
   * What happens to the server's copy of what is stored here. keep: nothing; afterDays: it is deleted `deletionDays`
   * after it was stored; onceStored: at the end of the pull that stored it; whenDestroyed: when the Email is destroyed
   * here. In all but `keep` an Email that is destroyed here is deleted there, and with IMAP also in `keep`. What was
   * deleted there by days or once stored stays here.
   */
  deletionPolicy: 'keep' | 'afterDays' | 'onceStored' | 'whenDestroyed';
  /** 1 to 3650, needed for `afterDays`; null for every other policy. */
  deletionDays: number | null;
  /**
   * Whether something was found that makes deleting unsafe: then nothing is deleted at the server. Only the person
   * lifts it: an update may set it to false. Not part of the state string, like `status`; why is in `status`.
   */
  deletionFrozen: boolean;
  /** Whether the server is left alone: nothing is fetched, told or deleted there until a client sets it to false. */
  paused: boolean;
  /** What was deleted at the server because it is safely stored here. The list of them: MailAccount/receipts. */
  receipts: MailAccountReceipts;
  status: MailAccountStatus;
}

export interface MailAccountReceipts {
  count: number;
  /** Time of the first; null where there is none. */
  since: UTCDate | null;
  /** Octets, over all of them. */
  freed: number;
}

/**
 * One receipt, as MailAccount/receipts answers them. Its arguments: `accountId`, `after` (the `next` of the answer
 * before, or null) and `limit` (1 to 500, default 100). Its answer: `list`, and `next` or null. In no order of time.
 */
export interface MailAccountReceipt {
  id: Id;
  emailId: Id;
  /** The raw message, as long as it is stored here. */
  blobId: Id;
  /** Octets of the stored message. */
  size: number;
  /** Of the stored message, lower-case hex; verified before the server's copy was deleted. */
  sha256: string;
  deletedAt: UTCDate;
  /** The policy that asked for it; whenDestroyed also for what IMAP was told because it was destroyed here. */
  policy: 'afterDays' | 'onceStored' | 'whenDestroyed';
  /** confirmed: the server said so; gone: its answer was lost, and it no longer lists the message. */
  outcome: 'confirmed' | 'gone';
}

export interface MailAccountStatus {
  /** new: never pulled; pulling: a run is at work; ok; failing: is retried; stopped: waits for the person; paused: by them */
  phase: 'new' | 'pulling' | 'ok' | 'failing' | 'stopped' | 'paused';
  /** A SourceErrorCode when failing or stopped, else null. */
  code: string | null;
  /** A sentence for the person: what happens, with numbers while there is much to fetch. */
  message: string;
  /** The same, sentence by sentence. */
  messageSentences: Sentence[];
  /** A sentence: what the person should do; null while there is nothing to do but wait. */
  action: string | null;
  actionSentence: Sentence | null;
  lastPullAt: UTCDate | null;
  lastSuccessAt: UTCDate | null;
  /** When the next pull is due; null while none is: the account waits for the person. */
  nextPullAt: UTCDate | null;
  /** Messages stored here, over all mailboxes: one that is in two counts twice, as at the source. */
  stored: number;
  /** Messages the server was seen to hold at the last look, counted the same way; null before the first, and without one. */
  atSource: number | null;
  /** Messages kept apart because they could not be handled. */
  quarantined: number;
}

/**
 * A message of the source that could not be handled, as `MailAccount/quarantine` lists it.
 *
 * MailAccount/quarantine: `{ accountId, position = 0, limit = 500 }` ->
 *   `{ accountId, position, total, list: QuarantinedMessage[] }`, the latest first.
 * MailAccount/retry: `{ accountId, ids: Id[] | null }` -> `{ accountId, queued: Id[], notFound: Id[] }`: asks for a run
 *   that tries these once more, or with null all of them. One that was handled leaves the list; one that was not stays
 *   in it with the new reason and `triedAt`. The account's `status.quarantined` counts them.
 */
export interface QuarantinedMessage {
  id: Id;
  /** Path of the mailbox at the source. */
  mailbox: string;
  /** The source's own name of the message: UID or UIDL. */
  uid: string;
  /** Octets, of the raw bytes or as the source lists it; null where neither is known. */
  size: number | null;
  /** A SourceErrorCode, or `unreadable`: the bytes came and could not be understood. */
  code: string;
  /** A sentence for the person. */
  reason: string;
  reasonSentence: Sentence;
  /** Lower-case hex, of the raw bytes; null where they could not be had. */
  sha256: string | null;
  /** Where the raw bytes can be downloaded; null where they could not be had. */
  blobId: Id | null;
  since: UTCDate;
  /** The last try. */
  triedAt: UTCDate;
}

/**
 * The answer of MailAccount/test. Arguments: either the settings of a create (protocol, host, port, security,
 * username, password) or `{id}` of an existing account, optionally with settings that replace its own.
 */
export interface MailAccountTest {
  ok: boolean;
  /** A SourceErrorCode, or null when ok. */
  code: string | null;
  /** A sentence for the person. */
  message: string;
  messageSentences: Sentence[];
  found: { capabilities: string[]; mailboxes: number; messages: number } | null;
}

/**
 * The answer of MailAccount/discover, whose one argument is `address`: how the mailbox of this address can be reached.
 * What it tells comes from shipped knowledge, DNS, the domain's own web server and a look at the servers themselves.
 */
export interface MailAccountDiscovery {
  /** As it was understood: trimmed, the domain in lower case and as ASCII (punycode). */
  address: string;
  /** The provider's name where it is known. */
  provider: string | null;
  /** Best first. */
  proposals: MailAccountProposal[];
  /** Index of the proposal to take unless the person wants something else; null where there is none. */
  recommended: number | null;
  /** Why IMAP, or why POP, in a sentence or two for the person. */
  protocolAdvice: string;
  protocolAdviceSentence: Sentence;
  /** Pages that the person may need, such as where to make an app password. */
  help: (Sentence & { url: string })[];
  /** Sentences that support the recommendation: what the server offers. */
  reasons: string[];
  reasonSentences: Sentence[];
  /** Sentences that the person should read before they go on. */
  warnings: string[];
  warningSentences: Sentence[];
}

/** Settings that may open a mailbox; the names are those of MailAccount. The password is never part of it. */
export interface MailAccountProposal {
  protocol: 'imap' | 'pop';
  host: string;
  port: number;
  security: 'tls' | 'starttls';
  username: string;
  /** `oauth`: the provider takes no password here. */
  authentication: 'password' | 'oauth';
  /** With whom to sign in by OAuth, also where a password does it too: `google`, `microsoft`, `yahoo`, … */
  oauthProvider: string | null;
  /** Whether that can be done here, by `MailAccount/authorize`; not where nobody has registered this Mailferry there. */
  canAuthorize?: boolean;
  /** Who says so: our list of providers, DNS (RFC 6186), the domain's own autoconfig file, or a lucky try. */
  source: 'provider' | 'srv' | 'autoconfig' | 'probe';
  /** The server answered there just now, over TLS with a valid certificate. */
  confirmed: boolean;
  /** What the server names before sign-in, upper-cased; null where it was not asked or did not say. */
  capabilities: string[] | null;
}

/**
 * The answer of MailAccount/authorize `{ oauthProvider?, create | id }`, which begins a sign-in at the provider (RFC 6749
 * section 4.1, RFC 7636): for a new account with the properties of a create, without a credential, or for one that
 * exists. The person goes to `url`, and comes back to `/accounts/authorized` of this origin, with what the provider adds
 * to the address, in its query or its fragment.
 */
export interface MailAccountAuthorization {
  url: string;
  /** It cannot be completed after that. */
  expires: UTCDate;
  /** The account, or the id that the new one will have. */
  accountId: Id;
}

/**
 * The answer of MailAccount/redeem `{ state, code, iss? }` or, where the provider sent the person back with an error,
 * `{ state, error }`. Each sign-in is completed once, by the user who began it, within ten minutes. What goes wrong is an
 * answer and not an error; nothing is changed then.
 */
export interface MailAccountRedemption {
  ok: boolean;
  /**
   * null when ok; expired: it has run out, was completed already or is not this user's; denied: the person said no;
   * notGranted: the provider did; noRefreshToken: it gave no lasting permission; notFound: the account is gone;
   * overQuota; configuration; or a SourceErrorCode: of the mail server, or of the provider's token endpoint.
   */
  code: string | null;
  /** A sentence for the person. */
  message: string;
  /** The account, made or changed; else the one it was meant for, where there is one. */
  accountId: Id | null;
  provider: string | null;
}

/** How an import or export is. */
interface Job {
  id: Id;
  /** waiting: not begun; running: also between two runs of the server; failed: given up, `message` says why */
  status: 'waiting' | 'running' | 'done' | 'failed';
  /** A sentence for the person, when failed; else null. */
  message: string | null;
  messageSentence: Sentence | null;
  createdAt: UTCDate;
  endedAt: UTCDate | null;
}

/**
 * Mail that is imported from a file, `urn:mailferry:params:jmap:accounts`. MailImport/set creates
 * `{ blobId, type, mailboxId, folders }` and destroys, which ends the import and takes nothing back; there is no update.
 * MailImport/upload `{ accountId, size }` -> `{ accountId, blobId, url, expires }` says where the file is sent before: to
 * the session's uploadUrl where `url` is null (then the blobId is of that answer), else by one PUT to `url`.
 * What is here already stays as it is and is counted.
 */
export interface MailImport extends Job {
  blobId: Id;
  /** On create also null: found out by how the file begins. */
  type: 'mbox' | 'eml' | 'zip';
  /** Where messages go; on create also null: the Inbox. */
  mailboxId: Id;
  /**
   * Whether the directories of a zip are mailboxes (an .mbox file is one, too), made where they are missing. Then only
   * what is in none goes to `mailboxId`, and a message that is here already is put into its mailbox, too.
   */
  folders: boolean;
  /** Octets of the file, and how many of them were handled. */
  size: number;
  bytes: number;
  /** Messages that became Emails, were here before, could not be taken; files of a zip that are no mail. */
  imported: number;
  duplicates: number;
  failed: number;
  ignored: number;
  /** What could not be taken, the first hundred: where (file of the zip, octet of the mbox), and why. */
  failures: { at: string; code: string; reason: string; reasonSentence: Sentence }[];
}

/**
 * All mail of an account as files to be downloaded, `urn:mailferry:params:jmap:accounts`. MailExport/set creates
 * `{ type }` and destroys; there is no update. Of an account that is large there are several files, each complete.
 */
export interface MailExport extends Job {
  /** mbox: zip archives with an .mbox for each mailbox; zip: zip archives with a folder for each mailbox and an .eml for each Email */
  type: 'mbox' | 'zip';
  /** Emails when it began, how many of them are written, and of how many the octets are missing. */
  total: number;
  exported: number;
  missing: number;
  /** Complete files; `url` is relative to the session's origin. */
  files: { name: string; size: number; sha256: string; blobId: Id; url: string }[];
  /** Until when the files are kept; null while they are written. */
  expires: UTCDate | null;
}
