import { addressParser, decodeWords } from 'postal-mime';
import type { EmailAddress } from '../jmap/types.ts';
import { asBuffer, decodeHeaderBytes, repairC1 } from './charset.ts';
import { formatDate, parseDate, stripComments } from './date.ts';
import type { HeaderField } from './header-block.ts';

/** RFC 8621 section 4.1.2.4 */
export interface EmailAddressGroup {
  name: string | null;
  addresses: EmailAddress[];
}

/** RFC 8621 section 4.1.3 */
export interface EmailHeader {
  name: string;
  value: string;
}

/** RFC 8621 section 4.1.2.1: the value from after the colon, folds and leading space included. */
export function rawValue(raw: Uint8Array, field: HeaderField): string {
  return decodeHeaderBytes(asBuffer(raw).subarray(field.valueStart, field.end));
}

/** Every field with a name, in message order; names compare without case. */
export function fieldsNamed(fields: readonly HeaderField[], name: string): HeaderField[] {
  const wanted = name.toLowerCase();
  return fields.filter(f => f.name.length === wanted.length && f.name.toLowerCase() === wanted);
}

/** The raw value of the last field with a name, which RFC 8621 section 4.1.3 makes the one that counts. */
export function lastValue(raw: Uint8Array, fields: readonly HeaderField[], name: string): string | null {
  const field = fieldsNamed(fields, name).at(-1);
  return field ? rawValue(raw, field) : null;
}

/** All header fields in Raw form: the `headers` property of an Email or a body part. */
export function allHeaders(raw: Uint8Array, fields: readonly HeaderField[]): EmailHeader[] {
  return fields.map(field => ({ name: field.name, value: rawValue(raw, field) }));
}

/** Controls dropped, NFC; white space stays. */
function tidy(text: string): string {
  return repairC1(text)
    .replace(/(?!\t)\p{Cc}/gu, '')
    .normalize('NFC');
}

/** RFC 8621 section 4.1.2.2. Words that break RFC 2047's placement rules are decoded too, as mailers do. */
export function asText(raw: string): string {
  return tidy(decodeWords(raw.replace(/[\r\n]+/g, '').replace(/^[ \t]+/, '')));
}

/** For what addressParser already decoded. */
const clean = (text: string) => tidy(text).replace(/\s+/g, ' ').trim();

function toAddress(parsed: { name: string; address?: string }): EmailAddress {
  const name = clean(parsed.name);
  const email = clean(parsed.address ?? '');
  // A bare word, as in `To: root`, is an address without a domain rather than a name without an address.
  if (email === '' && name !== '' && !name.includes(' ')) return { name: null, email: name };
  return { name: name || null, email };
}

/** Longest address list that is read, in characters: postal-mime needs a second for a hostile one of 256 kB. */
const MAX_ADDRESS_LIST = 131_072;

/** RFC 8621 section 4.1.2.4: runs of mailboxes outside any group come in a group without a name. */
export function asGroupedAddresses(raw: string): EmailAddressGroup[] {
  const groups: EmailAddressGroup[] = [];
  let loose: EmailAddressGroup | null = null;
  for (const parsed of addressParser(raw.slice(0, MAX_ADDRESS_LIST).replace(/[\r\n]+/g, ' '))) {
    if (parsed.group) {
      groups.push({ name: clean(parsed.name) || null, addresses: parsed.group.map(toAddress) });
      loose = null;
    } else {
      if (!loose) {
        loose = { name: null, addresses: [] };
        groups.push(loose);
      }
      loose.addresses.push(toAddress(parsed));
    }
  }
  return groups;
}

/** RFC 8621 section 4.1.2.3: the mailboxes, those of groups included. */
export function asAddresses(raw: string): EmailAddress[] {
  return asGroupedAddresses(raw).flatMap(group => group.addresses);
}

/** The contents of each `<…>`, comments outside them dropped, white space removed; linear. */
function bracketed(raw: string): string[] {
  const found: string[] = [];
  let depth = 0;
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i];
    if (c === '(') {
      depth++;
    } else if (c === ')') {
      depth = Math.max(0, depth - 1);
    } else if (c === '<' && depth === 0) {
      const end = raw.indexOf('>', i);
      if (end < 0) break;
      const inner = raw.slice(raw.lastIndexOf('<', end) + 1, end).replace(/\s+/g, '');
      if (inner !== '') found.push(inner);
      i = end;
    }
  }
  return found;
}

/** RFC 8621 section 4.1.2.5. Ids without brackets, which some senders write, are taken when nothing else is there. */
export function asMessageIds(raw: string): string[] | null {
  const ids = bracketed(raw);
  if (ids.length > 0) return ids;
  const words = stripComments(raw)
    .split(/[\s,<>]+/)
    .filter(word => word !== '');
  const bare = words.length === 1 ? words : words.filter(word => word.includes('@'));
  return bare.length > 0 ? bare : null;
}

/** RFC 8621 section 4.1.2.6: RFC 3339 with the sender's offset, or null. */
export function asDate(raw: string): string | null {
  const date = parseDate(raw);
  return date && formatDate(date);
}

/** RFC 8621 section 4.1.2.7, the URLs of RFC 2369 headers. */
export function asURLs(raw: string): string[] | null {
  const urls = bracketed(raw);
  return urls.length > 0 ? urls : null;
}
