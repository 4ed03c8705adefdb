import { asBuffer } from './charset.ts';
import type { MimePart } from './structure.ts';

const EQUALS = 61;
const LF = 10;
const CR = 13;

/** Value of each octet as a base64 digit, URL-safe ones included; -1 for any other. */
const BASE64 = new Int8Array(256).fill(-1);
for (const [i, c] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  BASE64[c.charCodeAt(0)] = i;
}
BASE64[45] = 62;
BASE64[95] = 63;

/** Value of each octet as a hexadecimal digit; -1 for any other. */
const HEX = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) {
  const digit = i.toString(16);
  HEX[digit.charCodeAt(0)] = i;
  HEX[digit.toUpperCase().charCodeAt(0)] = i;
}

/** Whole octets in `digits` base64 digits since the last padding. */
const octets = (digits: number) => Math.floor((digits * 3) / 4);

function base64Size(bytes: Uint8Array): number {
  let size = 0;
  let digits = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if ((BASE64[byte] ?? -1) >= 0) {
      digits++;
    } else if (byte === EQUALS) {
      size += octets(digits);
      digits = 0;
    }
  }
  return size + octets(digits);
}

/** Skips what is no base64, and starts afresh after padding: some senders join separately encoded pieces. */
function decodeBase64Slowly(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(base64Size(bytes));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const digit = BASE64[byte] ?? -1;
    if (digit >= 0) {
      bits = ((bits << 6) | digit) & 0xffffff;
      held += 6;
      if (held >= 8) {
        held -= 8;
        out[at++] = bits >> held;
      }
    } else if (byte === EQUALS) {
      held = 0;
    }
  }
  return out.subarray(0, at);
}

function decodeBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  // Node's native decoder is ten times as fast, but what it makes of junk differs between its versions.
  const foreign = text.search(/[^A-Za-z0-9+/\r\n]/);
  const isPlain = foreign < 0 || /^={1,2}\s*$/.test(text.slice(foreign));
  return isPlain ? Buffer.from(text, 'base64') : decodeBase64Slowly(bytes);
}

/** Position after a soft line break whose `=` is at `at`, or -1. */
function softBreakEnd(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  while (bytes[i] === 32 || bytes[i] === 9) i++;
  if (i >= bytes.length) return bytes.length;
  if (bytes[i] === CR && bytes[i + 1] === LF) return i + 2;
  return bytes[i] === LF ? i + 1 : -1;
}

/** RFC 2045 section 6.7; a stray `=` stays, white space that transport added at line ends goes. */
function decodeQuotedPrintable(bytes: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let at = 0;
  // End of what must stay when a line ends: everything but unencoded white space.
  let solid = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === EQUALS) {
      const high = HEX[bytes[i + 1] ?? 0] ?? -1;
      const low = HEX[bytes[i + 2] ?? 0] ?? -1;
      if (high >= 0 && low >= 0) {
        out[at++] = (high << 4) | low;
        solid = at;
        i += 2;
        continue;
      }
      const next = softBreakEnd(bytes, i);
      if (next >= 0) {
        solid = at;
        i = next - 1;
        continue;
      }
    }
    if (byte === LF || (byte === CR && bytes[i + 1] === LF)) at = solid;
    out[at++] = byte;
    if (byte !== 32 && byte !== 9) solid = at;
  }
  return out.subarray(0, at);
}

/** Whether a transfer encoding is one that `decodeBytes` knows; others are left as they are (RFC 8621). */
export function isKnownEncoding(encoding: string): boolean {
  return ['7bit', '8bit', 'binary', 'base64', 'quoted-printable'].includes(encoding);
}

/** Undoes a Content-Transfer-Encoding as far as possible. Never throws. May share memory with its input. */
export function decodeBytes(bytes: Uint8Array, encoding: string): Buffer {
  if (encoding === 'base64') return decodeBase64(asBuffer(bytes));
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes);
  return asBuffer(bytes);
}

/** The content of a part: what a person who downloads it gets. May share memory with `raw`. */
export function decodePart(raw: Uint8Array, part: MimePart): Buffer {
  return decodeBytes(raw.subarray(part.bodyStart, part.bodyEnd), part.encoding);
}

/** The length of `decodePart` in octets, for base64 without decoding it. */
export function decodedSize(raw: Uint8Array, part: MimePart): number {
  if (part.encoding === 'base64') return base64Size(raw.subarray(part.bodyStart, part.bodyEnd));
  if (part.encoding === 'quoted-printable') return decodePart(raw, part).length;
  return part.bodyEnd - part.bodyStart;
}
