/** Where one header field lies in the message. Its value is decoded only when somebody asks. */
export interface HeaderField {
  /** As it is spelt in the message. */
  name: string;
  /** First octet of the name. */
  start: number;
  /** First octet after the colon. */
  valueStart: number;
  /** End of the value, before its line break; folded lines included. */
  end: number;
}

export interface HeaderBlock {
  fields: HeaderField[];
  /** First octet of the body: after the blank line, or where something that is no header begins. */
  bodyStart: number;
}

export interface HeaderBlockOptions {
  /** Most fields to record; further ones are read past. */
  maxFields: number;
  /** True for the header of the message itself, which is forgiven more than that of a part. */
  isMessage: boolean;
  /** Tells whether a line that begins with `--` is a boundary, which ends an unfinished header. */
  isBoundary?: (lineStart: number) => boolean;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const HYPHEN = 45;
const MAX_NAME = 512;

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

/** The ends of a field name and of the colon after it, or null when the line is no header field. */
function fieldName(
  bytes: Buffer,
  start: number,
  end: number,
): { nameEnd: number; valueStart: number } | null {
  let at = start;
  const limit = Math.min(end, start + MAX_NAME);
  while (at < limit) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON || byte <= 32 || byte >= 127) break;
    at++;
  }
  const nameEnd = at;
  // Obsolete syntax allows white space before the colon (RFC 5322 section 4.5.8).
  while (at < limit && isBlank(bytes[at])) at++;
  return nameEnd > start && at < end && bytes[at] === COLON ? { nameEnd, valueStart: at + 1 } : null;
}

function lineEnd(bytes: Buffer, start: number): { end: number; next: number } {
  const newline = bytes.indexOf(LF, start);
  const next = newline < 0 ? bytes.length : newline + 1;
  let end = newline < 0 ? bytes.length : newline;
  while (end > start && bytes[end - 1] === CR) end--;
  return { end, next };
}

function isFromLine(bytes: Buffer, start: number): boolean {
  const from = bytes[start] === 62 ? start + 1 : start;
  return bytes.toString('latin1', from, from + 5) === 'From ';
}

/**
 * Reads the header of a message or part (RFC 5322 section 2.2) that starts at `start`, in linear time, with
 * LF or CRLF line ends. A line that cannot be a header ends the block and belongs to the body, except that
 * in the header of a message an mbox `From ` line, or a stray line that a header follows, is skipped: a
 * gateway that broke one Received line should not cost the subject.
 */
export function readHeaderBlock(bytes: Buffer, start: number, options: HeaderBlockOptions): HeaderBlock {
  const fields: HeaderField[] = [];
  let current: HeaderField | null = null;
  let at = start;
  while (at < bytes.length) {
    const { end, next } = lineEnd(bytes, at);
    if (end === at) return { fields, bodyStart: next };
    if (bytes[at] === HYPHEN && options.isBoundary?.(at)) return { fields, bodyStart: at };
    const name = isBlank(bytes[at]) ? null : fieldName(bytes, at, end);
    if (name) {
      current = {
        name: bytes.toString('latin1', at, name.nameEnd),
        start: at,
        valueStart: name.valueStart,
        end,
      };
      if (fields.length < options.maxFields) fields.push(current);
    } else if (current && isBlank(bytes[at])) {
      current.end = end;
    } else if (!options.isMessage || !canSkip(bytes, at, next, start)) {
      return { fields, bodyStart: at };
    }
    at = next;
  }
  return { fields, bodyStart: bytes.length };
}

/** Whether a line of a message's header that is no header may be read past. */
function canSkip(bytes: Buffer, at: number, next: number, start: number): boolean {
  if (at === start && isFromLine(bytes, at)) return true;
  if (next >= bytes.length || isBlank(bytes[next])) return false;
  return fieldName(bytes, next, lineEnd(bytes, next).end) !== null;
}
