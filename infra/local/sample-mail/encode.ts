/** Longest run of bytes whose base64 encoded-word stays within 75 characters (RFC 2047 section 2). */
const WORD_BYTES = 42;

/** Header text as it is when ASCII, else as folded base64 encoded-words (RFC 2047) of UTF-8. */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return foldWords(text);
  const words: string[] = [];
  let word = '';
  // By grapheme, so that no character (nor an emoji of several) is cut in two.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(word + segment) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += segment;
  }
  words.push(word);
  return words.map(each => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

/** Entries of a header list, one to a line. */
export function foldList(entries: readonly string[]): string {
  return entries.join('\r\n ');
}

/** Base64 in lines of 76 characters, each ended by CRLF but the last. */
export function encodeBase64(bytes: Uint8Array): Buffer {
  const pieces: string[] = [];
  // 57 bytes make 76 characters.
  for (let at = 0; at < bytes.length; at += 57) {
    pieces.push(
      Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(57, bytes.length - at)).toString('base64'),
    );
  }
  return Buffer.from(pieces.join('\r\n'), 'latin1');
}

/** Quoted-printable (RFC 2045 section 6.7) of UTF-8 text that has CRLF line ends. */
export function encodeQuotedPrintable(text: string): string {
  return text.split('\r\n').map(encodeLine).join('\r\n');
}

function encodeLine(line: string): string {
  const rows: string[] = [];
  let row = '';
  const bytes = Buffer.from(line, 'utf8');
  for (const [index, byte] of bytes.entries()) {
    const plain =
      byte === 0x20 || byte === 0x09 ? index < bytes.length - 1 : byte > 0x20 && byte < 0x7f && byte !== 0x3d;
    const unit = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (row.length + unit.length > 75) {
      rows.push(`${row}=`);
      row = '';
    }
    row += unit;
  }
  return [...rows, row].join('\r\n');
}

function foldWords(text: string): string {
  return text.replace(/(.{1,70})( |$)/g, (_, run, end) => (end ? `${run}\r\n ` : run));
}

const reverseTables = new Map<string, Map<string, number[]>>();

/**
 * Text in an old charset of one or two bytes a character that Node can only decode: every code is decoded
 * once to find its character. Throws RangeError for a character that the charset has not.
 */
export function encodeLegacy(
  charset: 'euc-jp' | 'euc-kr' | 'gbk' | 'koi8-r' | 'windows-1255',
  text: string,
): Buffer {
  const table = reverseTables.get(charset) ?? reverseTable(charset);
  reverseTables.set(charset, table);
  const bytes = [...text].flatMap(character => {
    const code = character.charCodeAt(0) < 0x80 ? [character.charCodeAt(0)] : table.get(character);
    if (!code) throw new RangeError(`${charset} has no ${character}`);
    return code;
  });
  return Buffer.from(bytes);
}

function reverseTable(charset: string): Map<string, number[]> {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, number[]>();
  const add = (code: number[]) => {
    const character = decoder.decode(Uint8Array.from(code));
    if (!character.includes('\ufffd') && [...character].length === 1 && !table.has(character))
      table.set(character, code);
  };
  for (let high = 0x80; high <= 0xff; high += 1) add([high]);
  for (let high = 0xa1; high <= 0xfe; high += 1) for (let low = 0xa1; low <= 0xfe; low += 1) add([high, low]);
  return table;
}

/** ISO-2022-JP (RFC 1468): JIS X 0208 between escapes, ASCII elsewhere, each line ending in ASCII. */
export function encodeIso2022Jp(text: string): Buffer {
  const pieces: Buffer[] = [];
  for (const run of text.match(/\P{ASCII}+|\p{ASCII}+/gu) ?? []) {
    if (run.charCodeAt(0) < 0x80) pieces.push(Buffer.from(run, 'ascii'));
    else {
      const jis = encodeLegacy('euc-jp', run).map(byte => byte & 0x7f);
      pieces.push(Buffer.from('\x1b$B'), Buffer.from(jis), Buffer.from('\x1b(B'));
    }
  }
  return Buffer.concat(pieces);
}
