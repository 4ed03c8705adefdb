import { asBuffer, decodeHeaderBytes } from './charset.ts';
import { type HeaderField, readHeaderBlock } from './header-block.ts';
import { type Parameterized, parseParameters } from './parameters.ts';

/**
 * One MIME entity as byte ranges of the raw message: nothing is decoded but what decides the structure.
 * All offsets are octets from the start of the message.
 */
export interface MimePart {
  /** `1`, `2`, … in document order over the leaves; null if and only if the part is a multipart. */
  partId: string | null;
  headers: readonly HeaderField[];
  /** `text/plain`; lower-cased, without parameters; the implicit type when there is none. */
  type: string;
  /** The charset parameter, else the implicit `us-ascii`, else null: RFC 8621 section 4.1.4. */
  charset: string | null;
  /** Content-Transfer-Encoding, lower-cased; `7bit` when there is none. */
  encoding: string;
  /** Content-Disposition, lower-cased, without parameters. */
  disposition: string | null;
  /** File name from Content-Disposition, else the name from Content-Type. */
  name: string | null;
  /** Content-Id without brackets. */
  cid: string | null;
  /** Content-Id of the root of a multipart/related, from its start parameter (RFC 2387 section 3.2). */
  rootCid: string | null;
  /** First octet of the header. */
  start: number;
  bodyStart: number;
  /** End of the body: before the line break that belongs to the next boundary. */
  bodyEnd: number;
  /** Empty unless a multipart. `message/*` is a leaf: its insides are a message of their own. */
  children: MimePart[];
}

/** Limits on hostile messages; what lies beyond stays readable as one opaque part. */
export const MAX_DEPTH = 100;
export const MAX_PARTS = 10_000;
const MAX_FIELDS = 20_000;
const MAX_BOUNDARY = 512;

const CR = 13;
const HYPHEN = 45;
const DELIMITER = Buffer.from('\n--');

/** A multipart whose boundary can still come. */
interface Level {
  part: MimePart;
  boundary: string;
  childType: string;
}

interface Scan {
  bytes: Buffer;
  stack: Level[];
  /** Boundary -> positions in `stack`, innermost last: one look-up a line however deep the nesting. */
  open: Map<string, number[]>;
  parts: number;
  fields: number;
}

interface Hit {
  /** Index in the stack of the multipart whose boundary this is. */
  level: number;
  closes: boolean;
  /** Where the body before it ends. */
  bodyEnd: number;
  /** Start of the line after it. */
  next: number;
}

function firstField(bytes: Buffer, fields: readonly HeaderField[], name: string): string | null {
  for (const field of fields) {
    if (field.name.length === name.length && field.name.toLowerCase() === name) {
      return decodeHeaderBytes(bytes.subarray(field.valueStart, field.end));
    }
  }
  return null;
}

function contentType(value: string, hasBoundary: boolean): string {
  if (/^[^/\s]+\/[^/\s]+$/.test(value)) return value;
  if (value === 'multipart' || value === 'multipart/') return hasBoundary ? 'multipart/mixed' : 'text/plain';
  // RFC 2045 section 5.2 takes an unreadable type for text; what says that it is a program's is none.
  return value.startsWith('application') ? 'application/octet-stream' : 'text/plain';
}

function implicitCharset(declared: Parameterized | null, type: string): string | null {
  return declared === null || type.startsWith('text/') ? 'us-ascii' : null;
}

function contentId(value: string | null | undefined): string | null {
  return value ? (/<([^<>]*)>/.exec(value)?.[1] ?? value).replace(/\s+/g, '') || null : null;
}

/** Reads the header of the entity at `start`. */
function readEntity(scan: Scan, start: number, defaultType: string): { part: MimePart; boundary: string } {
  const { bytes } = scan;
  const { fields, bodyStart } = readHeaderBlock(bytes, start, {
    maxFields: MAX_FIELDS - scan.fields,
    isMessage: start === 0,
    isBoundary: lineStart => delimiterAt(scan, lineStart) !== null,
  });
  scan.fields += fields.length;
  const declaredType = firstField(bytes, fields, 'content-type');
  const declared = declaredType?.trim() ? parseParameters(declaredType) : null;
  const placed = firstField(bytes, fields, 'content-disposition');
  const disposition = placed?.trim() ? parseParameters(placed) : null;
  // Boundaries are compared as octets, one octet a character.
  const boundary = Buffer.from(declared?.params.get('boundary') ?? '', 'utf8').toString('latin1');
  const type = declared ? contentType(declared.value, boundary !== '') : defaultType;
  const encoding = parseParameters(firstField(bytes, fields, 'content-transfer-encoding') ?? '').value;
  const cid = firstField(bytes, fields, 'content-id');
  const part: MimePart = {
    partId: '',
    headers: fields,
    type,
    charset: declared?.params.get('charset') || implicitCharset(declared, type),
    encoding: encoding || '7bit',
    disposition: disposition?.value || null,
    name: disposition?.params.get('filename') || declared?.params.get('name') || null,
    cid: contentId(cid),
    rootCid: contentId(declared?.params.get('start')),
    start,
    bodyStart,
    bodyEnd: bytes.length,
    children: [],
  };
  return { part, boundary };
}

/** The open multipart that the line at `at`, which begins with `--`, is a boundary of. */
function delimiterAt(scan: Scan, at: number): Omit<Hit, 'bodyEnd'> | null {
  const { bytes } = scan;
  if (scan.open.size === 0 || bytes[at] !== HYPHEN || bytes[at + 1] !== HYPHEN) return null;
  const newline = bytes.indexOf(10, at + 2);
  const end = newline < 0 ? bytes.length : newline;
  if (end - at > MAX_BOUNDARY + 80) return null;
  // RFC 2046 section 5.1.1 lets white space follow a boundary. The whole line is compared, because one
  // boundary may be the beginning of another.
  const text = bytes.toString('latin1', at + 2, end).trimEnd();
  const opens = scan.open.get(text)?.at(-1) ?? -1;
  const closes = text.endsWith('--') ? (scan.open.get(text.slice(0, -2))?.at(-1) ?? -1) : -1;
  if (opens < 0 && closes < 0) return null;
  const next = newline < 0 ? bytes.length : newline + 1;
  return { level: Math.max(opens, closes), closes: closes > opens, next };
}

/** The next boundary of any open multipart at or after the line that starts at `from`. */
function nextDelimiter(scan: Scan, from: number): Hit | null {
  const { bytes } = scan;
  let newline = bytes.indexOf(DELIMITER, Math.max(0, from - 1));
  while (newline >= 0) {
    const found = delimiterAt(scan, newline + 1);
    if (found) return { ...found, bodyEnd: bytes[newline - 1] === CR ? newline - 1 : newline };
    newline = bytes.indexOf(DELIMITER, newline + 1);
  }
  return null;
}

function push(scan: Scan, part: MimePart, boundary: string): void {
  const childType = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  const positions = scan.open.get(boundary);
  if (positions) positions.push(scan.stack.length);
  else scan.open.set(boundary, [scan.stack.length]);
  scan.stack.push({ part, boundary, childType });
}

function pop(scan: Scan): MimePart | null {
  const level = scan.stack.pop();
  if (!level) return null;
  const positions = scan.open.get(level.boundary);
  positions?.pop();
  if (positions?.length === 0) scan.open.delete(level.boundary);
  return level.part;
}

function endAt(part: MimePart | null, bodyEnd: number): void {
  if (part) part.bodyEnd = Math.max(part.bodyStart, bodyEnd);
}

/** Adds the part that begins after a boundary to its multipart; true when it is a multipart, now open. */
function addChild(scan: Scan, hit: Hit, part: MimePart, boundary: string): boolean {
  scan.stack[hit.level]?.part.children.push(part);
  scan.parts++;
  if (!part.type.startsWith('multipart/')) return false;
  if (scan.stack.length >= MAX_DEPTH) {
    part.type = 'application/octet-stream';
    return false;
  }
  if (boundary === '' || boundary.length > MAX_BOUNDARY) return false;
  push(scan, part, boundary);
  return true;
}

/**
 * Numbers the leaves, and gives a multipart in which no boundary was found its content as one text part, so
 * that a person sees the words of a broken message.
 */
function finish(bytes: Buffer, part: MimePart, count: { leaves: number }): void {
  if (!part.type.startsWith('multipart/')) {
    part.partId = String(++count.leaves);
    return;
  }
  part.partId = null;
  if (part.children.length === 0 && bytes.toString('latin1', part.bodyStart, part.bodyEnd).trim() !== '') {
    const { encoding, bodyStart, bodyEnd } = part;
    const bare = { headers: [], disposition: null, name: null, cid: null, rootCid: null, children: [] };
    const text = { partId: '', type: 'text/plain', charset: 'us-ascii' };
    part.children.push({ ...bare, ...text, encoding, start: bodyStart, bodyStart, bodyEnd });
  }
  for (const child of part.children) finish(bytes, child, count);
}

/**
 * Finds the MIME structure (RFC 2045, RFC 2046) of a message without decoding bodies: one native search for
 * line starts with `--`. Takes LF, CRLF or both, unfinished and nested multiparts, boundaries that repeat.
 * Linear in the length, bounded in depth and parts, never throws.
 * @param raw the message, octet for octet
 */
export function parseStructure(raw: Uint8Array): MimePart {
  const bytes = asBuffer(raw);
  const scan: Scan = { bytes, stack: [], open: new Map(), parts: 0, fields: 0 };
  const { part: root, boundary } = readEntity(scan, 0, 'text/plain');
  if (root.type.startsWith('multipart/') && boundary !== '' && boundary.length <= MAX_BOUNDARY) {
    push(scan, root, boundary);
  }
  // What the octets at the cursor belong to when it is no open multipart: a leaf, or an epilogue.
  let current: MimePart | null = null;
  let cursor = root.bodyStart;
  while (scan.stack.length > 0) {
    const hit = nextDelimiter(scan, cursor);
    if (!hit) break;
    endAt(current, hit.bodyEnd);
    while (scan.stack.length > hit.level + 1) endAt(pop(scan), hit.bodyEnd);
    cursor = hit.next;
    if (hit.closes) {
      current = pop(scan);
      continue;
    }
    const childType = scan.stack[hit.level]?.childType ?? 'text/plain';
    const child = readEntity(scan, hit.next, childType);
    cursor = child.part.bodyStart;
    current = addChild(scan, hit, child.part, child.boundary) ? null : child.part;
    if (scan.parts >= MAX_PARTS) break;
  }
  finish(bytes, root, { leaves: 0 });
  return root;
}

/** The leaf with a part id, or null. */
export function findPart(structure: MimePart, partId: string): MimePart | null {
  return leaves(structure).find(part => part.partId === partId) ?? null;
}

/** Every part that is no multipart, depth first. */
export function leaves(structure: MimePart): MimePart[] {
  return structure.partId === null ? structure.children.flatMap(leaves) : [structure];
}
