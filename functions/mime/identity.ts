import { createHash } from 'node:crypto';
import { type MessageDate, parseDate, stripComments } from './date.ts';
import type { HeaderField } from './header-block.ts';
import { fieldsNamed, rawValue } from './headers.ts';

/** Who a message is: a pure function of its octets, so that a second download is the same Email. */

/** Ends in the year 2109; its nine base32hex characters leave room for eight times as much. */
const MAX_TIME = 2 ** 42 - 1;
const TIME_CHARACTERS = 9;
/** How much of a checksum an emailId has, in base32hex. */
export const HASH_CHARACTERS = 20;

/**
 * The first `characters` × 5 bits of a hex checksum in lower-case base32hex (RFC 4648 section 7), whose
 * digits 0-9a-v are those of JavaScript's radix 32 and sort as ASCII.
 */
export function base32hexOf(hex: string, characters: number): string {
  return BigInt(`0x${hex.slice(0, Math.ceil((characters * 5) / 4))}`)
    .toString(32)
    .padStart(characters, '0')
    .slice(0, characters);
}

/** Lower-case hex SHA-256. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function receivedDate(value: string): MessageDate | null {
  // Comments may hold semicolons, so they go first.
  const text = stripComments(value.slice(-2000));
  const semicolon = text.lastIndexOf(';');
  return semicolon < 0 ? null : parseDate(text.slice(semicolon + 1).trim());
}

/**
 * When the message arrived, in milliseconds since the epoch: the topmost Received field, which the receiving
 * server wrote, else Date, which the sender did; clamped to [0, 2^42), and 0 when neither can be read.
 */
export function receivedAtIn(raw: Uint8Array, fields: readonly HeaderField[]): number {
  const received = fieldsNamed(fields, 'received')[0];
  const sent = fieldsNamed(fields, 'date')[0];
  const date =
    (received && receivedDate(rawValue(raw, received))) ?? (sent ? parseDate(rawValue(raw, sent)) : null);
  return date ? Math.min(Math.max(0, date.ms), MAX_TIME) : 0;
}

/**
 * Composes an emailId from its two halves: `e`, nine characters of time, twenty of the checksum. ASCII order is the order
 * of `receivedAt`.
 */
export function emailIdOf(receivedAt: number, sha256: string): string {
  const time = receivedAt.toString(32).padStart(TIME_CHARACTERS, '0');
  return `e${time}${base32hexOf(sha256, HASH_CHARACTERS)}`;
}

/** The part of an emailId that comes from the checksum: `base32hexOf(sha256, HASH_CHARACTERS)`. */
export const hashOf = (emailId: string): string => emailId.slice(1 + TIME_CHARACTERS);

/** The time inside an emailId, in milliseconds since the epoch. */
export function receivedAtOf(emailId: string): number {
  return Number.parseInt(emailId.slice(1, 1 + TIME_CHARACTERS), 32);
}
