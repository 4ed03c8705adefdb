/**
 * Reads one POP answer out of the bytes of a connection, whatever way they are cut into packets. Pure: it is
 * given chunks and says when the answer is whole.
 */

/** What follows a `+OK`: nothing, the lines of a listing, or a message. */
export type ReplyKind = 'line' | 'listing' | 'message';

/** The longest answers that are read, in bytes. */
export interface Pop3Limits {
  /** RFC 2449 section 4 allows 512; servers write stories here. */
  statusLine: number;
  /** UIDL, LIST and CAPA, for the whole maildrop. */
  listing: number;
  /** One message as it travels. */
  message: number;
}

export const defaultLimits: Pop3Limits = {
  statusLine: 8 * 1024,
  listing: 64 * 1024 * 1024,
  message: 256 * 1024 * 1024,
};

/** One answer of the server. */
export interface Reply {
  /** `+OK`, or else `-ERR` */
  ok: boolean;
  /** The rest of the status line, as the server wrote it: hostile text, not for people. */
  text: string;
  /** The dot-unstuffed lines with their CRLFs, byte for byte; null when the command has a single-line answer. */
  body: Buffer | null;
}

/**
 * What came instead of an answer: `tls` is a TLS record where plain text was expected, `not-pop` anything else
 * that is no status line, the others exceed the limits.
 */
export type ReplyFault = 'tls' | 'not-pop' | 'status-too-long' | 'body-too-long';

export type ReadResult =
  | { state: 'more'; inBody: boolean }
  | { state: 'done'; reply: Reply; rest: Buffer }
  | { state: 'fault'; fault: ReplyFault };

export interface ReplyReader {
  /** Takes the next bytes. Not to be called again after `done` or `fault`. */
  push(chunk: Buffer): ReadResult;
}

const crlf = Buffer.from('\r\n');
const stuffedLine = Buffer.from('\r\n.');
const terminator = Buffer.from('\r\n.\r\n');

/** Starts to read the answer to a command (RFC 1939 section 3). */
export function createReplyReader(kind: ReplyKind, limits: Pop3Limits): ReplyReader {
  let head: Buffer = Buffer.alloc(0);
  let status: { ok: boolean; text: string } | null = null;
  const body = createBodyReader(kind === 'message' ? limits.message : limits.listing);

  const inBody = (chunk: Buffer): ReadResult => {
    const end = body.push(chunk);
    if (end === 'too-long') return { state: 'fault', fault: 'body-too-long' };
    if (end === 'more' || status === null) return { state: 'more', inBody: true };
    return { state: 'done', reply: { ...status, body: end.body }, rest: end.rest };
  };

  return {
    push(chunk) {
      if (status !== null) return inBody(chunk);
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const fault = faultOf(head);
      if (fault !== null) return { state: 'fault', fault };
      const end = head.indexOf(crlf);
      if (end > limits.statusLine || (end < 0 && head.length > limits.statusLine)) {
        return { state: 'fault', fault: 'status-too-long' };
      }
      if (end < 0) return { state: 'more', inBody: false };
      status = parseStatus(head.subarray(0, end));
      const rest = head.subarray(end + crlf.length);
      if (kind === 'line' || !status.ok) return { state: 'done', reply: { ...status, body: null }, rest };
      return inBody(rest);
    },
  };
}

/** Whether the first bytes can no longer become `+OK` or `-ERR`. */
function faultOf(head: Buffer): ReplyFault | null {
  // TLS record of type alert (21) or handshake (22), version 3.x
  if ((head[0] === 21 || head[0] === 22) && (head.length < 2 || head[1] === 3)) return 'tls';
  const start = head.subarray(0, 4).toString('latin1').toUpperCase();
  const fits = ['+OK', '-ERR'].some(word => start.startsWith(word) || word.startsWith(start));
  return fits ? null : 'not-pop';
}

function parseStatus(line: Buffer): { ok: boolean; text: string } {
  const [, sign = '', text = ''] = /^([+-])\S*\s*(.*)$/s.exec(line.toString('utf8')) ?? [];
  return { ok: sign === '+', text };
}

interface BodyReader {
  push(chunk: Buffer): 'more' | 'too-long' | { body: Buffer; rest: Buffer };
}

/**
 * Collects chunks until CRLF.CRLF. Only whole chunks are kept and joined once at the end, so that the work
 * grows with the message and not with its square.
 */
function createBodyReader(limit: number): BodyReader {
  const chunks: Buffer[] = [];
  let length = 0;
  // The last bytes seen, where the terminator may have begun; at first the CRLF of the status line.
  let tail: Buffer = crlf;

  return {
    push(chunk) {
      const end = endOfBody(tail, chunk);
      length += end ?? chunk.length;
      // The dot and CRLF of the terminator may be among the bytes already counted.
      if (length > limit + 3) return 'too-long';
      if (end === null) {
        chunks.push(chunk);
        tail = lastBytes(tail, chunk);
        return 'more';
      }
      chunks.push(chunk.subarray(0, end));
      const raw = Buffer.concat(chunks, length);
      return { body: unstuff(raw.subarray(0, raw.length - 3)), rest: chunk.subarray(end) };
    },
  };
}

/** Where in the chunk the terminator ends, or null when it does not. */
function endOfBody(tail: Buffer, chunk: Buffer): number | null {
  const seam = Buffer.concat([tail, chunk.subarray(0, terminator.length - 1)]);
  const atSeam = seam.indexOf(terminator);
  if (atSeam >= 0) return atSeam + terminator.length - tail.length;
  const inside = chunk.indexOf(terminator);
  return inside < 0 ? null : inside + terminator.length;
}

function lastBytes(tail: Buffer, chunk: Buffer): Buffer {
  const keep = terminator.length - 1;
  if (chunk.length >= keep) return Buffer.from(chunk.subarray(-keep));
  return Buffer.concat([tail, chunk]).subarray(-keep);
}

/**
 * Takes the dot off each line that begins with one (RFC 1939 section 3), in place. A line begins after CRLF
 * only: bare CR and bare LF are content.
 */
function unstuff(raw: Buffer): Buffer {
  let read = raw[0] === 0x2e ? 1 : 0;
  let write = 0;
  while (read < raw.length) {
    const next = raw.indexOf(stuffedLine, read);
    const end = next < 0 ? raw.length : next + crlf.length;
    if (write !== read) raw.copyWithin(write, read, end);
    write += end - read;
    read = next < 0 ? end : end + 1;
  }
  return raw.subarray(0, write);
}
