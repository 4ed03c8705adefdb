import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DeletionLimits } from './deletion-limits.ts';
import type { MailAccountDiscovery, MailAccountTest } from './jmap/types.ts';
import type { Measure } from './metrics.ts';
import type { PushRequest } from './push/tell.ts';
import type { OAuthClient } from './source/oauth-client.ts';
import type { Commit } from './store/commit.ts';

/** The table and the client that reaches it: Amazon DynamoDB, or dynalite on one machine. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/** A half-open byte range of a blob: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  start: number;
  end: number;
}

/** What one PUT to an address may carry, in octets: 5 GiB, as S3 has it. */
export const MAX_UPLOAD_ADDRESS = 5 * 1024 ** 3;

/** Where raw bytes rest: S3, or files on one machine. Keys are made in `store/keys.ts` and nowhere else. */
export interface Blobs {
  /** Stores the bytes durably; returns when they are safe. Putting the same key twice is harmless. */
  put(key: string, bytes: Uint8Array, contentType?: string): Promise<void>;
  /** The same, with the bytes of a file of this machine: for what is too large to be held in memory. */
  putFile(key: string, path: string, contentType?: string): Promise<void>;
  /** Stores bytes as they come, whole or not at all, without holding many of them. Gives how many there were. */
  putStream(key: string, chunks: AsyncIterable<Uint8Array>, contentType?: string): Promise<{ size: number }>;
  /** The bytes, or the given range of them; null when there is no such blob. */
  get(key: string, range?: ByteRange): Promise<Uint8Array | null>;
  /** The stored size in bytes; null when there is no such blob. */
  head(key: string): Promise<{ size: number } | null>;
  /**
   * Whether the blob is there, has this size in octets, and its bytes have this sha256 (lower-case hex): as the
   * store's own record says, where that was made when the bytes came in, else read again and hashed.
   */
  verify(key: string, sha256: string, size: number): Promise<boolean>;
  /** Removes blobs; a missing one is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** Every key below a prefix. */
  list(prefix: string): AsyncIterable<string>;
  /**
   * A short-lived address from which a client may read the blob itself, for answers above Lambda's limit of
   * 6 MB; null where the function can answer with the bytes whatever their size (one machine).
   */
  address(key: string, options: { contentType: string; fileName: string }): Promise<string | null>;
  /**
   * A short-lived address to which a client may PUT exactly `size` octets (at most `MAX_UPLOAD_ADDRESS`), for uploads
   * above what a function can take in.
   */
  uploadAddress(key: string, size: number): Promise<string>;
}

/** A blob as a listing found it. */
export interface ListedBlob {
  key: string;
  /** When it was stored, ms since the epoch by the store's clock. */
  storedAt: number;
  /** Which put of it this is. */
  version: string;
}

/**
 * The blobs as the sweep sees them. A blob may be put again, and named by a commit, while the sweep looks at it: so what
 * it has listed is one put of a blob, and only that put is discarded.
 */
export interface BlobVersions {
  /** The names right below a prefix that ends with a slash, each once: `a1` for `raw/a1/…` below `raw/`. */
  folders(prefix: string): AsyncIterable<string>;
  /** Every blob below a prefix. */
  listed(prefix: string): AsyncIterable<ListedBlob>;
  /**
   * Lets blobs go, each only as it was listed: one that was put again since stays, at every moment. S3 takes a day or
   * two for it, and can bring a blob back for as long as previous versions are kept.
   */
  discard(blobs: readonly ListedBlob[]): Promise<void>;
}

/** What a sync function is asked to do; the body of one queue message. Up to ten accounts. */
export interface PullRequest {
  accounts: string[];
  /**
   * Why: the schedule; a person who pressed a button (then quarantine is tried again); a change of a device or of
   * the settings; a run that had to stop at its deadline.
   */
  reason: 'due' | 'asked' | 'changed' | 'continued';
  /** With `due`: when that was, ms since the epoch. */
  dueAt?: number | undefined;
  /** Instead of a pull: the import or export of the one account to work on. */
  job?: { kind: 'import' | 'export'; id: string } | undefined;
  /** Which messages of the quarantine are tried again; with `asked` and none of this, all of them. */
  retry?: RetryWish;
}

/** What a person wants tried again. It travels with the request until a run has tried it, however often it pauses. */
export interface RetryWish {
  /** When they asked, ms since the epoch: what was tried since is not tried a second time. */
  since: number;
  /** Ids of quarantined messages (`quarantineId`); null for all. */
  ids: string[] | null;
}

/** The queue between those who ask for a pull and the sync function: SQS, or a loop on one machine. */
export interface PullQueue {
  /** Delivers after `delaySeconds` (0 to 900, default 0), at least once. */
  send(requests: readonly PullRequest[], options?: { delaySeconds?: number }): Promise<void>;
}

/**
 * The keeper of the key pair to which credentials are sealed: KMS (GenerateDataKeyPairWithoutPlaintext and
 * Decrypt, with an encryption context), or a key file on one machine. The API may only `generate`.
 */
export interface VaultKeeper {
  /** A new P-256 key pair: the public key (SPKI DER) and the private key (PKCS #8 DER), wrapped. */
  generate(
    context: Record<string, string>,
  ): Promise<{ publicKey: Uint8Array; wrappedPrivateKey: Uint8Array }>;
  /** The private key (PKCS #8 DER). Only the sync function may. */
  unwrap(wrappedPrivateKey: Uint8Array, context: Record<string, string>): Promise<Uint8Array>;
}

/** The settings of a source with its credential sealed, as the API hands them to the sync function for a test. */
export interface SourceTestRequest {
  protocol: 'imap' | 'pop';
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
  /** Sealed by `store/vault.ts` for this context; the API cannot open it again. Empty where it signs in by OAuth. */
  sealedPassword: string;
  /** Instead of the password: a refresh token of this provider, sealed the same way. */
  oauthProvider?: string | undefined;
  sealedRefreshToken?: string | undefined;
  /** The account id, or for settings that were never saved an id made for this test: the vault's context. */
  accountId: string;
}

/** The code that a person came back with from a provider, as the API hands it to the sync function. */
export interface RedeemRequest {
  /** As in the account's settings: `google`. */
  provider: string;
  code: string;
  /** The same that the code was sent to. */
  redirectUri: string;
  /** Sealed by `store/vault.ts` for `verifierOf`. */
  sealedVerifier: string;
  verifierOf: string;
  /** For which the refresh token is sealed. */
  accountId: string;
  /** The mail server that has to let the person in. */
  source: Pick<SourceTestRequest, 'protocol' | 'host' | 'port' | 'security' | 'username'>;
}

/** What became of it: a refresh token that the API can store and not read, or why there is none. */
export type RedeemAnswer =
  | { ok: true; sealedRefreshToken: string }
  | { ok: false; code: string; message: string };

/**
 * Asks the sync function, which alone opens credentials and reaches mail servers, to try a source: a
 * synchronous Lambda invocation with `{ test: SourceTestRequest }`, or a message to its process.
 */
export interface SourceTester {
  test(request: SourceTestRequest): Promise<MailAccountTest>;
  /** Finds the settings for an e-mail address, the same way with `{ discover: { address } }`. */
  discover(address: string): Promise<MailAccountDiscovery>;
  /** Exchanges the code of a sign-in for a refresh token, the same way with `{ redeem: RedeemRequest }`. */
  redeem(request: RedeemRequest): Promise<RedeemAnswer>;
}

/**
 * Asks the sync function to push to devices: an asynchronous Lambda invocation with `{ push: PushRequest }`, or with a
 * delay (1 to 900 seconds) a message in the queue; on one machine a message to its process.
 */
export interface Pusher {
  ask(request: PushRequest, options?: { delaySeconds?: number }): Promise<void>;
}

/** All that the functions need of their surroundings. Local mode hands in its own. */
export interface Services {
  table: Table;
  blobs: Blobs;
  /** The same blobs, for those who let them go when nothing names them any more; only sweep uses it. */
  blobVersions: BlobVersions;
  queue: PullQueue;
  tester: SourceTester;
  pusher: Pusher;
  vaultKeeper: VaultKeeper;
  /**
   * How this stack is registered with providers that sign in by OAuth, by name (`google`). The API has them without
   * secrets, to send people there; sync, which asks for tokens, with them.
   */
  oauthClients: Readonly<Record<string, OAuthClient>>;
  /** Mail hosts that may be reached although private or loopback. */
  allowPrivateHosts: 'all' | readonly string[];
  /** What accounts may delete at their mail servers; without it, all that they can ask for. */
  deletionLimits?: DeletionLimits | undefined;
  /** Whom a push service may turn to (RFC 8292 section 2.1): a `mailto:` or `https:` address; only sync uses it. */
  pushContact: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Writes metrics down; there is nobody to read them on one machine. Only sync has something to say. */
  measure?(measures: readonly Measure[]): void;
  /** Told of every commit, once it is in the log; a handler sets it for the time of one request or run. */
  onCommit?(accountId: string, commit: Commit): void;
}
