import { asBuffer, decodeText, trimPartialUtf8 } from './charset.ts';
import { decodeBytes } from './decode.ts';
import { htmlToText } from './html-text.ts';
import type { MimePart } from './structure.ts';

/** RFC 8621 section 4.1.4: not more than 256 characters. Counted in UTF-16 units, the stricter way. */
const MAX_PREVIEW = 256;

/**
 * How much of a part is decoded, in octets before decoding. Most mail says enough at once; newsletters can put
 * 100 kB of styles before the first word.
 */
const LOOKS = { text: [4096, 65_536], html: [16_384, 262_144] };

/** A preview shorter than this is worth a longer look. */
const SHORT = 80;

/** Characters without width that senders pad preview lines with: soft hyphen, joiner, word joiner, BOM, … */
const PADDING = /\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff]/gu;

/** Words made of nothing but joiners and direction marks, which real words of some scripts need inside. */
const ONLY_MARKS = /^[\u200c-\u200f\u202a-\u202e\u2066-\u2069]*$/;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function collapse(text: string): string {
  const words = text
    .replace(PADDING, '')
    .replace(/\p{Cc}/gu, ' ')
    .split(/[\s\u2800\u3164]+/);
  return words.filter(word => !ONLY_MARKS.test(word)).join(' ');
}

/** At most 256 UTF-16 units, cut between the characters that a person sees. */
function cut(text: string): string {
  if (text.length <= MAX_PREVIEW) return text;
  const window = text.slice(0, MAX_PREVIEW + 64);
  const boundary = graphemes.segment(window).containing(MAX_PREVIEW)?.index ?? MAX_PREVIEW;
  if (boundary > 0) return text.slice(0, boundary).trimEnd();
  const last = text.charCodeAt(MAX_PREVIEW - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_PREVIEW - 1 : MAX_PREVIEW);
}

/** Lines without their line ends, overlong ones in pieces, so that a caller can stop when it has enough. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    for (let piece = at; piece < end; piece += 1024) yield text.slice(piece, Math.min(end, piece + 1024));
    at = end + 1;
  }
}

/** The preview of plain text: quoted lines dropped when there are others, white space collapsed. */
export function previewOfText(text: string): string {
  let own = '';
  let quoted = '';
  for (const line of linesOf(text)) {
    const isQuote = /^\s{0,3}>/.test(line);
    if (isQuote && (own !== '' || quoted.length > MAX_PREVIEW)) continue;
    const words = collapse(isQuote ? line.replace(/^[\s>]+/, '') : line);
    if (words === '') continue;
    if (isQuote) quoted += ` ${words}`;
    else own += own === '' ? words : ` ${words}`;
    if (own.length > MAX_PREVIEW) break;
  }
  return cut(own || quoted.trimStart());
}

/** The preview of an HTML document. */
export function previewOfHtml(html: string): string {
  const words = collapse(htmlToText(html, MAX_PREVIEW * 4));
  // Padding with entities can take thousands of characters; only then is a longer look paid for.
  return cut(words.length > SHORT ? words : collapse(htmlToText(html, MAX_PREVIEW * 64)));
}

function previewOfPart(raw: Uint8Array, part: MimePart): string {
  let preview = '';
  for (const look of part.type === 'text/html' ? LOOKS.html : LOOKS.text) {
    const end = Math.min(part.bodyEnd, part.bodyStart + look);
    const isCut = end < part.bodyEnd;
    const bytes = asBuffer(decodeBytes(raw.subarray(part.bodyStart, end), part.encoding));
    const { value } = decodeText(isCut ? trimPartialUtf8(bytes) : bytes, part.charset);
    preview = part.type === 'text/html' ? previewOfHtml(value) : previewOfText(value);
    if (!isCut || preview.length > SHORT) break;
  }
  return preview;
}

/**
 * A line of plain text that tells what a message says (RFC 8621 section 4.1.4): from the first plain text
 * that says anything, else from the first such HTML. Reads no more than it must.
 * @param textBody the parts of `textBody`, in order
 * @param htmlBody the parts of `htmlBody`, in order
 */
export function previewOf(
  raw: Uint8Array,
  textBody: readonly MimePart[],
  htmlBody: readonly MimePart[],
): string {
  const plain = textBody.filter(part => part.type === 'text/plain');
  const html = htmlBody.filter(part => part.type === 'text/html');
  for (const part of [...plain.slice(0, 3), ...html.slice(0, 3)]) {
    const preview = previewOfPart(raw, part);
    if (preview !== '') return preview;
  }
  return '';
}
