import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Text of a body part, with RFC 8621 section 4.1.4's mark for text that could not be read faithfully. */
export interface DecodedText {
  value: string;
  isEncodingProblem: boolean;
}

/** The characters of windows-1252 at 0x80 to 0x9F, as the WHATWG Encoding Standard has them. */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** Labels seen in mail that TextDecoder does not know, by their spelling without punctuation. */
const ALIASES = new Map([
  ['utf8mb4', 'utf-8'],
  ['latin1', 'iso-8859-1'],
  ['88591', 'iso-8859-1'],
  ['ansi', 'windows-1252'],
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['windows932', 'shift_jis'],
  ['ujis', 'euc-jp'],
  ['iso2022jp1', 'iso-2022-jp'],
  ['iso2022jp2', 'iso-2022-jp'],
  ['iso2022jpms', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['cp50221', 'iso-2022-jp'],
  ['cp936', 'gbk'],
  ['ms936', 'gbk'],
  ['windows936', 'gbk'],
  ['gb23121980', 'gbk'],
  ['cp949', 'euc-kr'],
  ['ms949', 'euc-kr'],
  ['cp950', 'big5'],
  ['ms950', 'big5'],
  ['cp874', 'windows-874'],
]);

/** A Buffer over the same memory, for Buffer's native search and decoding. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Replaces the C1 controls, which no mail means, by the windows-1252 characters of the same number.
 * TextDecoder reads windows-1252 as Latin-1 in Node 20.18.3 and later 20, 22.13 and others
 * (nodejs/node#56542), which turns “it’s” into “it\x92s”.
 */
export function repairC1(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, c => WINDOWS_1252[c.charCodeAt(0) - 0x80] ?? c);
}

function decodeWindows1252(bytes: Buffer): string {
  return repairC1(bytes.toString('latin1'));
}

/**
 * Decodes the bytes of a header field that are outside any encoded word. RFC 6532 allows UTF-8 only, but
 * 8-bit headers without a charset are common in old and in broken mail; what is not valid UTF-8 is nearly
 * always a superset of windows-1252's Latin letters, so reading it so shows more than U+FFFD would. Japanese
 * mailers also put ISO-2022-JP there bare, which its escape sequences give away. NUL octets are dropped.
 */
export function decodeHeaderBytes(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  let text: string;
  if (isAscii(buffer)) {
    text = buffer.toString('latin1');
    if (text.includes('\u001b$')) text = new TextDecoder('iso-2022-jp').decode(buffer);
  } else {
    text = isUtf8(buffer) ? buffer.toString('utf8') : decodeWindows1252(buffer);
  }
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

/** The decoder for a charset label, the name of windows-1252, or null for a charset that is not known. */
function decoderOf(label: string, fatal: boolean): TextDecoder | 'windows-1252' | null {
  const plain = label.replace(/[^a-z0-9]/g, '').replace(/^(?:x|cs)(?=[a-z])/, '');
  const codePage = /^(?:win|windows|cp|ms)(125[0-8])$/.exec(plain);
  const iso = /^iso8859(\d{1,2})$/.exec(plain);
  const guesses = [
    label,
    ALIASES.get(plain),
    codePage && `windows-${codePage[1]}`,
    iso && `iso-8859-${iso[1]}`,
  ];
  for (const guess of guesses) {
    if (!guess) continue;
    try {
      const decoder = new TextDecoder(guess, { fatal });
      return decoder.encoding === 'windows-1252' ? 'windows-1252' : decoder;
    } catch {
      // RangeError: not a label that TextDecoder knows. Try the next spelling.
    }
  }
  return null;
}

/** UTF-8 when the bytes are valid UTF-8, else windows-1252: for no charset, us-ascii, or one not known. */
function guessText(bytes: Buffer, known: boolean): DecodedText {
  if (isUtf8(bytes)) return { value: bytes.toString('utf8'), isEncodingProblem: !known && !isAscii(bytes) };
  return { value: decodeWindows1252(bytes), isEncodingProblem: true };
}

function decodeCharset(bytes: Buffer, charset: string | null): DecodedText {
  const label = (charset ?? '').trim().toLowerCase();
  if (label === '' || /^(?:us-?ascii|ascii|ansi_x3\.4-1968)$/.test(label)) return guessText(bytes, true);
  if (/^utf-?8$/.test(label) && isUtf8(bytes))
    return { value: bytes.toString('utf8'), isEncodingProblem: false };
  const strict = decoderOf(label, true);
  if (strict === null) return guessText(bytes, false);
  if (strict === 'windows-1252') return { value: decodeWindows1252(bytes), isEncodingProblem: false };
  try {
    return { value: strict.decode(bytes), isEncodingProblem: false };
  } catch {
    const lenient = decoderOf(label, false);
    const value = lenient instanceof TextDecoder ? lenient.decode(bytes) : decodeWindows1252(bytes);
    return { value, isEncodingProblem: true };
  }
}

/**
 * Decodes text of a body part (already free of its transfer encoding) for an EmailBodyValue, RFC 8621
 * section 4.1.4: best effort, U+FFFD for malformed sections, CRLF turned into LF. Never throws. A missing
 * charset, us-ascii and unknown ones are read as UTF-8 when valid, else as windows-1252.
 * @param charset as declared by the sender, in any spelling, or null
 */
export function decodeText(bytes: Uint8Array, charset: string | null): DecodedText {
  const { value, isEncodingProblem } = decodeCharset(asBuffer(bytes), charset);
  const text = value.charCodeAt(0) === 0xfeff ? value.slice(1) : value;
  return { value: text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text, isEncodingProblem };
}

/** Drops a UTF-8 sequence that a cut left incomplete at the end; other bytes stay as they are. */
export function trimPartialUtf8(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** The longest prefix of at most `max` UTF-16 units that does not end in half a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
