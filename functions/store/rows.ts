import { z } from 'zod';
import {
  commitSchema,
  deletingCopy,
  mailboxCursor,
  mailboxProperties,
  quarantined,
  receipt,
} from './commit.ts';

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

/**
 * What is only ever read and written whole is one attribute of JSON text: DynamoDB's own form of nested values costs
 * several times the processor time on both sides, and more octets.
 */
export function jsonText<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'This is no JSON.' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** EMAIL#<emailId>: immutable. */
export const emailRow = z
  .object({ sk: z.string(), email: jsonText(z.object({ summary: emailSummary, ...initial })) })
  .transform(({ sk, email }) => ({ sk, ...email }));

/** LOG#<n>: immutable, but for the time at which it expires. */
export const logRow = z.object({ commit: jsonText(commitSchema), expires: z.number().optional() });

/** THREAD#<threadId>#<emailId>: immutable; a thread's members with the state they were created with. */
export const threadRow = z
  .object({
    sk: z.string(),
    member: jsonText(z.object({ threadId: z.string(), id: z.string(), ...initial })),
  })
  .transform(({ sk, member }) => ({ sk, ...member }));

const state = z.object({
  id: z.string(),
  threadId: z.string(),
  ...initial,
  destroyed: z.boolean().optional(),
  /** The bytes of an Email that a device destroyed; absent where the source did. */
  blob: z.object({ sha256: z.string(), size: z.number() }).optional(),
});

/** STATE#<emailId>: what changed since; a tombstone when `destroyed`. */
export const stateRow = z
  .object({ sk: z.string(), state: jsonText(state), c: z.number() })
  .transform(({ state, ...row }) => ({ ...row, ...state }));

const place = z.object({
  emailId: z.string(),
  /** The commit that stored it from there, and when, ms since the epoch; absent on rows of earlier versions. */
  c: z.number().optional(),
  at: z.number().optional(),
  /** True where the Email was made of the bytes at this location; else it was recognised, moved or found again. */
  fetched: z.boolean().optional(),
  /** What the source listed as its size, in octets; POP only, where a UIDL may be given to another message. */
  size: z.number().optional(),
});

/** UID#… or UIDL#…: immutable; where a source keeps (or kept) an Email. */
export const locationRow = z
  .object({ sk: z.string(), place: jsonText(place) })
  .transform(({ sk, place }) => ({ sk, ...place }));

/** OBJECT#…: immutable; which Email a source means by an id of its own, and the size it listed. */
export const objectRow = z.object({ sk: z.string(), emailId: z.string(), size: z.number().nullable() });

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

/** DELETING#<location>: a copy that is to be deleted at the source. Gone once it was, or is not to be any more. */
export const deletingRow = deletingCopy.extend({
  sk: z.string(),
  c: z.number(),
  /** Whether the server may have been told already; then the location is no longer its Email's. */
  attempted: z.boolean(),
});

/** RECEIPT#<location> */
export const receiptRow = receipt.extend({ sk: z.string(), c: z.number() });

/**
 * HEAD: how far the projections are, how far the source was told, how many Emails there are, and how many receipts,
 * since when (ms since the epoch), for how many octets.
 */
export const headRow = z.object({
  applied: z.number(),
  pushed: z.number(),
  emails: z.number(),
  receipts: z.number().optional(),
  receiptsSince: z.number().optional(),
  freed: z.number().optional(),
});

export type EmailSummary = z.infer<typeof emailSummary>;
export type EmailRow = z.infer<typeof emailRow>;
export type LocationRow = z.infer<typeof locationRow>;
export type ObjectRow = z.infer<typeof objectRow>;
export type DeletingRow = z.infer<typeof deletingRow>;
export type ReceiptRow = z.infer<typeof receiptRow>;
export type StateRow = z.infer<typeof stateRow>;
export type MailboxRow = z.infer<typeof mailboxRow>;
export type CursorRow = z.infer<typeof cursorRow>;
export type QuarantineRow = z.infer<typeof quarantineRow>;
export type Head = z.infer<typeof headRow>;
