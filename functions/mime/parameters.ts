import { decodeWords } from 'postal-mime';
import { decodeText, repairC1 } from './charset.ts';

/** A structured header value such as that of Content-Type: a lower-cased value and its parameters. */
export interface Parameterized {
  value: string;
  params: ReadonlyMap<string, string>;
}

/** One piece of a parameter that RFC 2231 section 3 lets a sender cut up. */
interface Section {
  index: number;
  isEncoded: boolean;
  value: string;
}

/** More than any honest header has; the rest of a hostile one is not read. */
const MAX_SECTIONS = 500;
const MAX_LENGTH = 100_000;

/** Parameters whose unquoted value may hold spaces in the wild, and whose value may hold encoded words. */
const isFileName = (key: string) => key === 'name' || key === 'filename';

function skipComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (c === '\\') at++;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return at + 1;
  }
  return text.length;
}

/** The value before the first `;`, without comments and white space. */
function readValue(text: string): { value: string; at: number } {
  let value = '';
  let at = 0;
  while (at < text.length && text[at] !== ';') {
    if (text[at] === '(') {
      at = skipComment(text, at);
    } else {
      value += text[at];
      at++;
    }
  }
  return { value: value.replace(/[\s"]+/g, '').toLowerCase(), at };
}

function readQuoted(text: string, start: number): { value: string; at: number } {
  let value = '';
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at++) {
    // Only \" and \\ are unescaped: mailers on Windows put whole paths here without escaping them.
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    value += text[at] ?? '';
  }
  const end = text.indexOf(';', at);
  return { value, at: end < 0 ? text.length : end };
}

function readSections(text: string, start: number): Map<string, Section[]> {
  const found = new Map<string, Section[]>();
  let at = start;
  for (let count = 0; at < text.length && count < MAX_SECTIONS; count++) {
    const semicolon = text.indexOf(';', at + 1);
    const limit = semicolon < 0 ? text.length : semicolon;
    const equals = text.indexOf('=', at + 1);
    if (equals < 0) break;
    if (equals > limit) {
      at = limit;
      continue;
    }
    const rawKey = text
      .slice(at + 1, equals)
      .trim()
      .toLowerCase();
    const match = /^([^*]*)(?:\*(\d{1,4}))?(\*)?$/.exec(rawKey);
    let valueStart = equals + 1;
    while (/\s/.test(text[valueStart] ?? '')) valueStart++;
    let value: string;
    if (text[valueStart] === '"') {
      ({ value, at } = readQuoted(text, valueStart));
    } else {
      value = text.slice(valueStart, Math.max(valueStart, limit)).trim();
      if (!isFileName(match?.[1] ?? '')) value = value.replace(/[\s(].*$/s, '');
      at = Math.max(valueStart, limit);
    }
    if (!match?.[1]) continue;
    const section = { index: Number(match[2] ?? -1), isEncoded: match[3] === '*', value };
    const list = found.get(match[1]);
    if (list) list.push(section);
    else found.set(match[1], [section]);
  }
  return found;
}

function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let out = 0;
  for (let at = 0; at < bytes.length; at++, out++) {
    const hex = bytes[at] === 37 ? bytes.toString('latin1', at + 1, at + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes[out] = Number.parseInt(hex, 16);
      at += 2;
    } else {
      bytes[out] = bytes[at] ?? 0;
    }
  }
  return bytes.subarray(0, out);
}

function joinSections(key: string, sections: Section[]): string {
  const extended = sections.filter(section => section.isEncoded || section.index >= 0);
  if (extended.length === 0) return decodePlain(key, sections[0]?.value ?? '');
  extended.sort((a, b) => a.index - b.index);
  if (!extended.some(section => section.isEncoded)) {
    return decodePlain(key, extended.map(section => section.value).join(''));
  }
  let charset: string | null = null;
  const bytes = extended.map((section, i) => {
    if (!section.isEncoded) return Buffer.from(section.value, 'utf8');
    const tagged = i === 0 ? /^([^']*)'[^']*'(.*)$/s.exec(section.value) : null;
    if (tagged) charset = tagged[1] || null;
    return percentDecode(tagged?.[2] ?? section.value);
  });
  return decodeText(Buffer.concat(bytes), charset).value;
}

/** RFC 2047 forbids encoded words in parameters; Outlook and others put them into file names all the same. */
function decodePlain(key: string, value: string): string {
  return isFileName(key) && value.includes('=?') ? repairC1(decodeWords(value)) : value;
}

/**
 * Parses a Content-Type or Content-Disposition value (RFC 2045 section 5.1), with the continuations and
 * charsets of RFC 2231. Forgiving, linear in the length, never throws.
 * @param text the raw value, decoded from bytes
 */
export function parseParameters(text: string): Parameterized {
  const line = text.slice(0, MAX_LENGTH).replace(/[\r\n]+/g, '');
  const { value, at } = readValue(line);
  const params = new Map<string, string>();
  for (const [key, sections] of readSections(line, at)) {
    params.set(
      key,
      joinSections(key, sections)
        .replace(/\p{Cc}+/gu, '')
        .trim(),
    );
  }
  return { value, params };
}
