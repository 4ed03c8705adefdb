import type { EmailAddressGroup } from './headers.ts';

/** The forms of RFC 8621 section 4.1.2 written as field values, unfolded; `fieldLine` folds them. */

interface Address {
  name: string | null;
  email: string;
}

/** Octets of UTF-8 in an encoded word: with a field's name before it, its line has 76 characters (RFC 2047 section 2). */
const WORD_OCTETS = 39;
const LINE = 76;
const ATOMS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/;

/** Unstructured text: as it is, or as encoded words where it is not printable ASCII. */
export function writeText(text: string): string {
  const plain = text.replace(/[\r\n\0]+/g, ' ');
  return /^[\x20-\x7e]*$/.test(plain) && !plain.includes('=?') ? plain : encodedWords(plain);
}

/** An address list; a name is an atom, a quoted string or encoded words (RFC 5322 section 3.4). */
export function writeAddresses(addresses: readonly Address[]): string {
  return addresses.map(writeAddress).join(', ');
}

/** The same in groups; a group without a name is only its members. */
export function writeGroups(groups: readonly EmailAddressGroup[]): string {
  return groups
    .map(({ name, addresses }) => {
      const members = writeAddresses(addresses);
      return name === null ? members : `${writePhrase(name)}: ${members};`;
    })
    .filter(text => text !== '')
    .join(', ');
}

/** Message-IDs in angle brackets. */
export const writeMessageIds = (ids: readonly string[]): string =>
  ids.map(id => `<${oneLine(id)}>`).join(' ');

/** URLs in angle brackets, RFC 2369 section 2. */
export const writeUrls = (urls: readonly string[]): string => urls.map(url => `<${oneLine(url)}>`).join(', ');

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** A Date of RFC 8620 section 1.4 as RFC 5322 writes it, in its own offset; null for what is none. */
export function writeDate(date: string): string | null {
  const at = DATE.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(at)) return null;
  const [, sign = '+', hours = '00', minutes = '00'] = /([+-])(\d\d):(\d\d)$/.exec(date) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const local = new Date(at + offset * 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]}`;
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  return `${day} ${local.getUTCFullYear()} ${time} ${sign}${hours}${minutes}`;
}

/** A parameter of Content-Type or Content-Disposition; RFC 2231 where it is not ASCII. */
export function writeParameter(name: string, value: string): string {
  const plain = oneLine(value);
  if (/^[\x20-\x7e]*$/.test(plain)) return `; ${name}="${plain.replace(/["\\]/g, '\\$&')}"`;
  const encoded = encodeURIComponent(plain).replace(/['()*!]/g, character => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `; ${name}*=utf-8''${encoded}`;
}

/** A header field with its line end, folded at blanks so that lines have 76 characters where they can. */
export function fieldLine(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of oneLine(value).split(' ')) {
    // A line of nothing but blanks would end the header.
    if (line.length + 1 + word.length > LINE && line.trim() !== '' && word !== '' && line !== `${name}:`) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  return `${[...lines, line.trimEnd()].join('\r\n')}\r\n`;
}

function writeAddress({ name, email }: Address): string {
  const address = oneLine(email).trim();
  return name === null || name === '' ? address : `${writePhrase(name)} <${address}>`;
}

function writePhrase(name: string): string {
  const plain = oneLine(name);
  if (ATOMS.test(plain) && !plain.includes('=?')) return plain;
  if (/^[\x20-\x7e]*$/.test(plain) && !plain.includes('=?')) return `"${plain.replace(/["\\]/g, '\\$&')}"`;
  return encodedWords(plain);
}

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_OCTETS) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map(part => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}

/** What a client gives can end no line. */
const oneLine = (text: string) => text.replace(/[\r\n\0]+/g, ' ');
