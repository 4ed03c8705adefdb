import { z } from 'zod';
import { mailboxCursor, mailboxProperties, quarantined } from './commit.ts';

/** The schemas of the projection rows of an account. Keys are in keys.ts; `c` is the commit a row is true of. */

const address = z.object({ name: z.string().nullable(), email: z.string() });
const addresses = z.array(address).nullable();

/** What a list shows of an Email; follows from the raw bytes alone, so it never changes. */
export const emailSummary = z.object({
  emailId: z.string(),
  sha256: z.string(),
  threadId: z.string(),
  /** Milliseconds since the epoch. */
  receivedAt: z.number(),
  /** Octets of the raw message. */
  size: z.number(),
  messageId: z.array(z.string()).nullable(),
  inReplyTo: z.array(z.string()).nullable(),
  references: z.array(z.string()).nullable(),
  from: addresses,
  to: addresses,
  cc: addresses,
  subject: z.string().nullable(),
  /** RFC 3339 with the sender's offset. */
  sentAt: z.string().nullable(),
  preview: z.string(),
  hasAttachment: z.boolean(),
  /** True when a list or the subject was shortened to keep the row small. */
  isShortened: z.boolean(),
});

const initial = {
  mailboxIds: z.array(z.string()),
  keywords: z.array(z.string()),
  locations: z.array(z.string()),
};

/** EMAIL#<emailId>: immutable. */
export const emailRow = z.object({ sk: z.string(), summary: emailSummary });

/** THREAD#<threadId>#<emailId>: immutable; a thread's members with the state they were created with. */
export const threadRow = z.object({ sk: z.string(), threadId: z.string(), id: z.string(), ...initial });

/** STATE#<emailId>: what changed since; a tombstone when `destroyed`. */
export const stateRow = z.object({
  sk: z.string(),
  id: z.string(),
  threadId: z.string(),
  ...initial,
  c: z.number(),
  destroyed: z.boolean().optional(),
  expires: z.number().optional(),
});

/** UID#… or UIDL#…: immutable; where a source keeps (or kept) an Email. */
export const locationRow = z.object({ sk: z.string(), emailId: z.string() });

/** MAILBOX#<mailboxId>: properties and counters; a tombstone when `destroyed`. */
export const mailboxRow = mailboxProperties.extend({
  totalEmails: z.number(),
  unreadEmails: z.number(),
  totalThreads: z.number(),
  unreadThreads: z.number(),
  c: z.number(),
  destroyed: z.boolean().optional(),
});

/** SOURCE#<mailboxId>: how far the source's mailbox was handled. */
export const cursorRow = mailboxCursor.extend({ sk: z.string(), c: z.number() });

/** QUARANTINE#<location>; a tombstone when `released`. */
export const quarantineRow = quarantined.extend({
  sk: z.string(),
  c: z.number(),
  at: z.number(),
  released: z.boolean().optional(),
});

/** HEAD: how far the projections are, how far the source was told, and how many Emails there are. */
export const headRow = z.object({ applied: z.number(), pushed: z.number(), emails: z.number() });

export type EmailSummary = z.infer<typeof emailSummary>;
export type StateRow = z.infer<typeof stateRow>;
export type MailboxRow = z.infer<typeof mailboxRow>;
export type CursorRow = z.infer<typeof cursorRow>;
export type QuarantineRow = z.infer<typeof quarantineRow>;
export type Head = z.infer<typeof headRow>;
