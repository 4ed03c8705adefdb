import { rawBlobId } from '../mime/blob-id.ts';
import { BODY_PROPERTIES, type BodyProperty, emailBody } from '../mime/body.ts';
import { emailProperty, isHeaderProperty } from '../mime/header-property.ts';
import { parseStructure } from '../mime/structure.ts';
import type { StoredEmail } from '../store/emails.ts';
import type { EmailBodyValue, UTCDate } from './types.ts';

/** RFC 8621 section 4.2: what Email/get answers when no properties are named. */
export const DEFAULT_EMAIL_PROPERTIES: readonly string[] = [
  ...['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt'],
  ...['messageId', 'inReplyTo', 'references', 'sender', 'from', 'to', 'cc', 'bcc', 'replyTo'],
  ...['subject', 'sentAt', 'hasAttachment', 'preview', 'bodyValues', 'textBody', 'htmlBody', 'attachments'],
];

type Read = (email: StoredEmail) => unknown;

/** The properties that the rows tell. */
const FROM_ROW: Record<string, Read> = {
  id: ({ summary }) => summary.emailId,
  blobId: ({ summary }) => rawBlobId(summary.sha256),
  threadId: ({ summary }) => summary.threadId,
  mailboxIds: ({ state }) => asSet(state.mailboxIds),
  keywords: ({ state }) => asSet(state.keywords),
  size: ({ summary }) => summary.size,
  receivedAt: ({ summary }) => utcDate(summary.receivedAt),
  messageId: ({ summary }) => summary.messageId,
  inReplyTo: ({ summary }) => summary.inReplyTo,
  references: ({ summary }) => summary.references,
  from: ({ summary }) => summary.from,
  to: ({ summary }) => summary.to,
  cc: ({ summary }) => summary.cc,
  subject: ({ summary }) => summary.subject,
  sentAt: ({ summary }) => summary.sentAt,
  preview: ({ summary }) => summary.preview,
  hasAttachment: ({ summary }) => summary.hasAttachment,
};

/** A row holds a long list of addresses or ids, or a long subject, in a shortened form. */
const MAY_BE_SHORTENED = new Set(['messageId', 'inReplyTo', 'references', 'from', 'to', 'cc', 'subject']);

/** Whether Email/get knows a property, header properties (RFC 8621 section 4.1.3) included. */
export function isEmailProperty(name: string): boolean {
  return (
    Object.hasOwn(FROM_ROW, name) || BODY_PROPERTIES.includes(name as BodyProperty) || isHeaderProperty(name)
  );
}

/** The properties of an Email that its rows tell, and the names of those that need the raw message. */
export function fromRows(email: StoredEmail, properties: readonly string[]) {
  const known: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const name of properties) {
    const read = Object.hasOwn(FROM_ROW, name) ? FROM_ROW[name] : undefined;
    if (read && !(email.summary.isShortened && MAY_BE_SHORTENED.has(name))) known[name] = read(email);
    else missing.push(name);
  }
  return { known, missing };
}

export interface BodyArguments {
  bodyProperties?: string[] | undefined;
  fetchTextBodyValues: boolean;
  fetchHTMLBodyValues: boolean;
  fetchAllBodyValues: boolean;
  /** Octets; 0 for no limit. */
  maxBodyValueBytes: number;
}

/** Properties of an Email read from its raw message. */
export function fromMessage(
  raw: Uint8Array,
  sha256: string,
  properties: readonly string[],
  args: BodyArguments,
): Record<string, unknown> {
  const structure = parseStructure(raw);
  const read: Record<string, unknown> = { ...emailBody(raw, { ...args, sha256, properties, structure }) };
  for (const name of properties) {
    if (isHeaderProperty(name)) read[name] = emailProperty(raw, structure, name) ?? null;
  }
  return read;
}

/** The body values of an Email as Email/get answers it. */
export function bodyValuesOf(email: Record<string, unknown>): EmailBodyValue[] {
  return Object.values((email.bodyValues ?? {}) as Record<string, EmailBodyValue>);
}

/** UTCDate of RFC 8620 section 1.4: the fraction is left out when it is zero. */
export function utcDate(ms: number): UTCDate {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

const asSet = (values: readonly string[]) => Object.fromEntries(values.map(value => [value, true]));
