import { randomBytes } from 'node:crypto';
import { fieldLine } from './compose-header.ts';

/** A part of a message that is to be written: its own header fields, and a body or parts. */
export interface NewPart {
  /** Lower-cased type, `text/plain`. */
  type: string;
  /** Parameters of the Content-Type as they are written after it. */
  parameters: string;
  /** Further header fields, each with its line end; Content-Transfer-Encoding is not among them. */
  lines: readonly string[];
  /** Text of ours is written so that people can read it; the octets of a blob stay what they are. */
  isText: boolean;
  body: Buffer | readonly NewPart[];
}

const MAX_LINE = 998;
const QUOTED_LINE = 75;
const BASE64_LINE = 76;

/** A message (RFC 5322, RFC 2045) of header fields, each with its line end, and its root part. */
export function compose(lines: readonly string[], root: NewPart): Buffer {
  return Buffer.concat([Buffer.from([...lines, fieldLine('MIME-Version', '1.0')].join('')), writePart(root)]);
}

function writePart(part: NewPart): Buffer {
  return part.body instanceof Buffer
    ? writeLeaf(part, part.body)
    : writeMultipart(part, part.body as NewPart[]);
}

function header({ type, parameters, lines }: NewPart, more: string, encoding: string | null): Buffer {
  const own = [
    fieldLine('Content-Type', `${type}${parameters}${more}`),
    ...(encoding ? [fieldLine('Content-Transfer-Encoding', encoding)] : []),
  ];
  return Buffer.from(`${[...own, ...lines].join('')}\r\n`);
}

function writeMultipart(part: NewPart, parts: readonly NewPart[]): Buffer {
  const boundary = `=_${randomBytes(18).toString('base64url')}`;
  const written = parts.flatMap(one => [
    Buffer.from(`--${boundary}\r\n`),
    writePart(one),
    Buffer.from('\r\n'),
  ]);
  const end = Buffer.from(`--${boundary}--\r\n`);
  return Buffer.concat([header(part, `; boundary="${boundary}"`, null), ...written, end]);
}

function writeLeaf(part: NewPart, body: Buffer): Buffer {
  if (part.isText) {
    const text = body.toString('latin1').replace(/\r\n?|\n/g, '\r\n');
    if (isPlain(text)) return Buffer.concat([header(part, '', '7bit'), Buffer.from(text, 'latin1')]);
    return Buffer.concat([
      header(part, '', 'quoted-printable'),
      Buffer.from(quotedPrintable(text), 'latin1'),
    ]);
  }
  // RFC 2046 section 5.2.1: a message inside is not encoded.
  if (part.type === 'message/rfc822') return Buffer.concat([header(part, '', '8bit'), body]);
  const lines = body.toString('base64').match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? [];
  return Buffer.concat([header(part, '', 'base64'), Buffer.from(lines.map(line => `${line}\r\n`).join(''))]);
}

const isPlain = (text: string) =>
  !/[^\t\r\n -~]/.test(text) && text.split('\r\n').every(line => line.length <= MAX_LINE);

/** RFC 2045 section 6.7, of text whose characters are octets. */
function quotedPrintable(text: string): string {
  return text.split('\r\n').map(quotedLine).join('\r\n');
}

function quotedLine(line: string): string {
  const written: string[] = [];
  let current = '';
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? '';
    const isBlankAtEnd = i === line.length - 1 && /[\t ]/.test(character);
    const isSafe = /[\t\x20-\x3c\x3e-\x7e]/.test(character) && !isBlankAtEnd;
    const next = isSafe
      ? character
      : `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
    if (current.length + next.length > QUOTED_LINE) {
      written.push(`${current}=`);
      current = '';
    }
    current += next;
  }
  return [...written, current].join('\r\n');
}
