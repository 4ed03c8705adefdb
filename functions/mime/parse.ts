import type { EmailAddress } from '../jmap/types.ts';
import { bodyLists, hasAttachment } from './body-lists.ts';
import { cutText } from './charset.ts';
import { asAddresses, asDate, asMessageIds, asText, lastValue } from './headers.ts';
import { emailIdOf, receivedAtIn, sha256Of } from './identity.ts';
import { previewOf } from './preview.ts';
import { parseStructure } from './structure.ts';
import { threadIdOf } from './thread.ts';

/**
 * What a row of a message list needs of an Email, and what its table row holds: typically about 1 kB as JSON,
 * at most about 5 kB. Everything follows from the octets of the message alone.
 */
export interface EmailSummary {
  emailId: string;
  /** Of the raw message, lower-case hex; `rawBlobId(sha256)` is its blobId. */
  sha256: string;
  threadId: string;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  /** Octets of the raw message. */
  size: number;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  cc: EmailAddress[] | null;
  subject: string | null;
  /** RFC 3339 with the sender's offset. */
  sentAt: string | null;
  preview: string;
  hasAttachment: boolean;
  /** True when a list or the subject was shortened: `emailProperty` on the message gives it whole. */
  isShortened: boolean;
}

const MAX_SUBJECT = 500;
const MAX_IDS = 20;
const MAX_ID_LENGTH = 256;
const MAX_IDS_LENGTH = 1000;
const MAX_ADDRESSES = 50;
const MAX_ADDRESSES_LENGTH = 1000;
const MAX_NAME = 128;
const MAX_EMAIL = 320;
/** How much of a header value is looked at, in characters. */
const MAX_VALUE = 8192;

/** Collects what fits, and whether anything did not. */
interface Shortening {
  isShortened: boolean;
}

/** The beginning of a value, up to the last `end` mark in it, so that no item is cut in two. */
function beginning(value: string, max: number, end: string, mark: Shortening): string {
  if (value.length <= max) return value;
  mark.isShortened = true;
  const head = cutText(value, max);
  return head.slice(0, head.lastIndexOf(end) + 1) || head;
}

/** The value of an id list; of that of an endless thread, its beginning and its end. */
function idList(value: string, mark: Shortening): string {
  if (value.length <= 2 * MAX_VALUE) return value;
  const tail = value.slice(-MAX_VALUE);
  return `${beginning(value, MAX_VALUE, '>', mark)} ${tail.slice(Math.max(0, tail.indexOf('<')))}`;
}

/** The first id, which is the root of the thread, and as many of the last as there is room for. */
function shortenIds(ids: string[] | null, mark: Shortening): string[] | null {
  if (!ids) return null;
  const fits = ids.filter(id => id.length <= MAX_ID_LENGTH);
  const [first, ...rest] = fits;
  let room = MAX_IDS_LENGTH - (first?.length ?? 0);
  let from = rest.length;
  while (from > 0 && rest.length - from < MAX_IDS - 1 && room >= (rest[from - 1]?.length ?? 0)) {
    from--;
    room -= rest[from]?.length ?? 0;
  }
  if (from === 0 && fits.length === ids.length) return ids;
  mark.isShortened = true;
  return first === undefined ? null : [first, ...rest.slice(from)];
}

function shortenAddresses(addresses: EmailAddress[], mark: Shortening): EmailAddress[] {
  const kept: EmailAddress[] = [];
  let room = MAX_ADDRESSES_LENGTH;
  for (const { name, email } of addresses) {
    const short = { name: name && cutText(name, MAX_NAME), email: cutText(email, MAX_EMAIL) };
    room -= (short.name?.length ?? 0) + short.email.length;
    if (kept.length === MAX_ADDRESSES || room < 0) break;
    if (short.name !== name || short.email !== email) mark.isShortened = true;
    kept.push(short);
  }
  if (kept.length < addresses.length) mark.isShortened = true;
  return kept;
}

/**
 * A summary is made of this much of a message, in octets: enough for every message but those that are nearly all
 * attachment, and little enough to be held in memory whatever the message.
 */
export const SUMMARY_BYTES = 16 * 1024 * 1024;

/**
 * Reads of a message what its list row needs: one pass for the structure, the header fields of the row, and
 * the beginning of one text part. Attachments are never decoded. Never throws, whatever the octets.
 * @param message the message, octet for octet; its first SUMMARY_BYTES octets suffice where `size` is given
 * @param sha256 the checksum of the whole message in lower-case hex, if the caller already has it
 * @param size octets of the whole message
 */
export function summarize(
  message: Uint8Array,
  sha256: string = sha256Of(message),
  size: number = message.length,
): EmailSummary {
  const raw = message.subarray(0, SUMMARY_BYTES);
  const structure = parseStructure(raw);
  const mark: Shortening = { isShortened: false };
  const value = (name: string) => lastValue(raw, structure.headers, name);
  const ids = (name: string) => asMessageIds(idList(value(name) ?? '', mark));
  const addresses = (name: string) => {
    const text = value(name);
    return text === null ? null : shortenAddresses(asAddresses(beginning(text, MAX_VALUE, ',', mark)), mark);
  };
  const receivedAt = receivedAtIn(raw, structure.headers);
  const emailId = emailIdOf(receivedAt, sha256);
  const [messageId, inReplyTo, references] = [ids('message-id'), ids('in-reply-to'), ids('references')];
  const subject = value('subject');
  const text = subject === null ? null : asText(cutText(subject, MAX_VALUE));
  const shortText = text && cutText(text, MAX_SUBJECT);
  if (shortText !== text || (subject?.length ?? 0) > MAX_VALUE) mark.isShortened = true;
  const sentAt = value('date');
  const lists = bodyLists(structure);
  return {
    emailId,
    sha256,
    threadId: threadIdOf({ references, inReplyTo, messageId, emailId }),
    receivedAt,
    size,
    messageId: shortenIds(messageId, mark),
    inReplyTo: shortenIds(inReplyTo, mark),
    references: shortenIds(references, mark),
    from: addresses('from'),
    to: addresses('to'),
    cc: addresses('cc'),
    subject: shortText,
    sentAt: sentAt === null ? null : asDate(sentAt),
    preview: previewOf(raw, lists.textBody, lists.htmlBody),
    hasAttachment: hasAttachment(lists),
    isShortened: mark.isShortened,
  };
}
