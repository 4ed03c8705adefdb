import { z } from 'zod';

/**
 * One entry of an account's log: everything that changed, as deltas, so that whoever finds the projections
 * behind can roll them forward from the commit (and the blobs) alone.
 */

const flags = z.record(z.string(), z.boolean());

/** An Email that begins to exist (or exists again, after its destruction: `revived`). */
export const createdEmail = z.object({
  id: z.string(),
  sha256: z.string(),
  threadId: z.string(),
  mailboxIds: z.array(z.string()),
  keywords: z.array(z.string()),
  locations: z.array(z.string()),
  revived: z.boolean().optional(),
  /** What a device imported: the INTERNALDATE that the source is to give it, ms since the epoch. */
  receivedAt: z.number().optional(),
});

/** A change of an Email: per keyword, per mailbox, per location; true adds, false removes. Never whole sets. */
export const patchedEmail = z.object({
  id: z.string(),
  threadId: z.string(),
  keywords: flags.optional(),
  mailboxIds: flags.optional(),
  locations: flags.optional(),
});

export const mailboxProperties = z.object({
  id: z.string(),
  name: z.string(),
  /** Full path at the source; null for a mailbox that only exists here (POP's Archive and Trash). */
  path: z.string().nullable(),
  parentId: z.string().nullable(),
  role: z.string().nullable(),
  sortOrder: z.number(),
  isSubscribed: z.boolean(),
  selectable: z.boolean(),
});

/** Changes of a mailbox's four counters: total and unread Emails, total and unread Threads (RFC 8621 section 2). */
export const counterDelta = z.object({
  totalEmails: z.number(),
  unreadEmails: z.number(),
  totalThreads: z.number(),
  unreadThreads: z.number(),
});

const mailboxStatus = z.object({
  uidValidity: z.string(),
  uidNext: z.number(),
  messages: z.number(),
  highestModseq: z.string().nullable(),
});

/** How far one mailbox of the source has been handled. */
export const mailboxCursor = z.object({
  /** The status up to which everything was handled; null until the first time all was. */
  status: mailboxStatus.nullable(),
  /** UIDVALIDITY that `handled` belongs to. */
  uidValidity: z.string(),
  /** UIDs that are committed or quarantined, packed by sync/ranges.ts. Empty for POP, whose UIDL rows say it. */
  handled: z.string(),
  /** Where those are too many ranges: UIDs below this one are not among them, and the rows say which were handled. */
  handledFrom: z.number().optional(),
  /** Earlier UIDVALIDITYs whose locations have still to be cleared. */
  stale: z.array(z.string()),
  /** Where a suspicious loss was seen: the UIDs missed then, packed; a second look that misses them believes it. */
  doubted: z.string().nullable().default(null),
  /** The message at which a fetch broke, and how often in a row; a message that always does is quarantined. */
  stuck: z.object({ uid: z.string(), times: z.number() }).nullable(),
  /** Messages that the source puts off ("later"), and how many runs in a row; in the end they are quarantined. */
  refused: z.object({ uids: z.array(z.string()), times: z.number() }).optional(),
  /** When every message of a mailbox with mod-sequences was last listed, whatever those said, ms since the epoch. */
  fullAt: z.number().optional(),
  /** The keywords last seen at UIDs whose Emails are in other mailboxes, too: what differs from them is a change. */
  copies: z.record(z.string(), z.array(z.string())).optional(),
  /** The source's own id of the mailbox (OBJECTID, RFC 8474) to which the UIDs belong; a rename keeps it. */
  remoteId: z.string().optional(),
  /** When the source first did not list the mailbox, ms since the epoch; a second look believes it. */
  missedAt: z.number().optional(),
  /** The name that a mailbox gets at the source before it is deleted there: nobody else knows it. */
  hiddenPath: z.string().optional(),
});

export const quarantined = z.object({
  location: z.string(),
  path: z.string(),
  uid: z.string(),
  code: z.string(),
  reason: z.string(),
  /** sha256 of the raw bytes when they could be had. */
  sha256: z.string().nullable(),
  /** Octets: of the raw bytes, else as the source lists it; null where neither is known. */
  size: z.number().nullable().optional(),
  /** Since when it is kept apart, ms since the epoch, where it was tried again meanwhile. */
  since: z.number().optional(),
});

/**
 * An Email that ceases to exist. Where a device destroyed it: its bytes, which stay until the log forgets, and the
 * locations at which the source has to delete it.
 */
export const destroyedEmail = z.object({
  id: z.string(),
  threadId: z.string(),
  blob: z.object({ sha256: z.string(), size: z.number() }).optional(),
  locations: z.array(z.string()).optional(),
});

/** A copy at the source that is about to be deleted there, written before the server is told. */
export const deletingCopy = z.object({
  location: z.string(),
  emailId: z.string(),
  /** Of the bytes stored here, lower-case hex. */
  sha256: z.string(),
  /** Octets stored here. */
  size: z.number(),
  /** What asked for it; an Email that a device destroyed counts as `whenDestroyed` under every policy. */
  policy: z.enum(['afterDays', 'onceStored', 'whenDestroyed']),
});

/** Proof that a message was safely stored before the source's copy was deleted. */
export const receipt = deletingCopy.extend({
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** confirmed: the server said so; gone: its answer was lost, and it no longer lists the message. */
  outcome: z.enum(['confirmed', 'gone']),
});

/** What a source calls a message (`SourceEntry.emailId`), hashed, and which Email that is here. */
const objects = z.record(z.string(), z.object({ emailId: z.string(), size: z.number().nullable() }));

/** How far an import has come. */
export const importProgress = z.object({
  /** Entry of the zip and octet of it (of the file, where it is none) from which to go on. */
  entry: z.number(),
  offset: z.number(),
  /** Octets of the file that were handled. */
  bytes: z.number(),
  imported: z.number(),
  /** Messages that were here before. */
  duplicates: z.number(),
  failed: z.number(),
  /** Files of a zip that are no mail. */
  ignored: z.number(),
  done: z.boolean(),
});

const importStep = z.object({
  progress: importProgress,
  failures: z.array(z.object({ at: z.string(), code: z.string(), reason: z.string() })),
});

export const commitSchema = z.object({
  n: z.number().int().positive(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** Whose change it is: only a device's changes are told to the source. */
  by: z.enum(['run', 'device']),
  /** Tells a writer whose acknowledgement was lost that this commit is its own. */
  nonce: z.string(),
  created: z.array(createdEmail),
  patched: z.array(patchedEmail),
  destroyed: z.array(destroyedEmail),
  mailboxes: z.object({
    created: z.array(mailboxProperties),
    updated: z.array(mailboxProperties),
    destroyed: z.array(z.string()),
  }),
  counters: z.record(z.string(), counterDelta),
  cursors: z.record(z.string(), mailboxCursor),
  quarantined: z.array(quarantined),
  /** Locations that left quarantine because they were handled after all. */
  released: z.array(z.string()),
  /** The size that the source listed, in octets, of messages at POP locations of this commit. */
  sizes: z.record(z.string(), z.number()).optional(),
  /** The source's own ids of messages of this commit, by objectKey. */
  objects: objects.optional(),
  /** Copies that are no longer their Email's and are being deleted at the source. */
  deleting: z.array(deletingCopy).optional(),
  /** Locations that are not to be deleted after all, or cannot be any more. */
  withdrawn: z.array(z.string()).optional(),
  receipts: z.array(receipt).optional(),
  /** How far imports have come with this commit, by their ids, and what failed in it. */
  imports: z.record(z.string(), importStep).optional(),
  /** The log position up to which the source has been told of the devices' changes. */
  pushed: z.number().optional(),
  /** TTL, epoch seconds; absent on a device's commit until it was pushed. */
  expires: z.number().optional(),
});

export type CreatedEmail = z.infer<typeof createdEmail>;
export type PatchedEmail = z.infer<typeof patchedEmail>;
export type MailboxProperties = z.infer<typeof mailboxProperties>;
export type CounterDelta = z.infer<typeof counterDelta>;
export type MailboxCursor = z.infer<typeof mailboxCursor>;
export type Quarantined = z.infer<typeof quarantined>;
export type DestroyedEmail = z.infer<typeof destroyedEmail>;
export type DeletingCopy = z.infer<typeof deletingCopy>;
export type ImportProgress = z.infer<typeof importProgress>;
export type Receipt = z.infer<typeof receipt>;
export type Commit = z.infer<typeof commitSchema>;

/** What a writer wants to commit; the log adds number, time, counters and expiry. */
export type CommitDraft = { by: Commit['by'] } & Partial<
  Pick<
    Commit,
    | 'created'
    | 'patched'
    | 'destroyed'
    | 'mailboxes'
    | 'cursors'
    | 'quarantined'
    | 'released'
    | 'sizes'
    | 'objects'
    | 'deleting'
    | 'withdrawn'
    | 'receipts'
    | 'imports'
    | 'pushed'
  >
>;

/** The draft with every list present. */
export function completeDraft(draft: CommitDraft) {
  return {
    created: [],
    patched: [],
    destroyed: [],
    mailboxes: { created: [], updated: [], destroyed: [] },
    cursors: {},
    quarantined: [],
    released: [],
    ...draft,
  } satisfies Partial<Commit>;
}

/** True when a draft would change nothing. */
export function isEmptyDraft(draft: CommitDraft): boolean {
  const full = completeDraft(draft);
  return (
    full.created.length + full.patched.length + full.destroyed.length === 0 &&
    full.mailboxes.created.length + full.mailboxes.updated.length + full.mailboxes.destroyed.length === 0 &&
    Object.keys(full.cursors).length === 0 &&
    full.quarantined.length + full.released.length === 0 &&
    [draft.deleting, draft.withdrawn, draft.receipts].every(list => !list?.length) &&
    Object.keys(draft.imports ?? {}).length === 0 &&
    full.pushed === undefined
  );
}
