import { type BodyDecoder, createBodyDecoder } from './pop3-body.ts';
import { CHUNKED_FROM } from './source.ts';

/**
 * Reads one POP answer out of the bytes of a connection, whatever way they are cut into packets. Pure: it is
 * given chunks, gives what they hold, and says when the answer is whole.
 */

/** What follows a `+OK`: nothing, the lines of a listing, or a message; `sasl` may be `+ ` for a challenge. */
export type ReplyKind = 'line' | 'sasl' | 'listing' | 'message';

/** The longest answers that are read, in bytes. */
export interface Pop3Limits {
  /** RFC 2449 section 4 allows 512; servers write stories here. */
  statusLine: number;
  /** UIDL, LIST and CAPA, for the whole maildrop. */
  listing: number;
  /** One message, dot-unstuffed. */
  message: number;
  /** A message of this length or more is given in chunks and never held as a whole. */
  chunkedFrom: number;
}

export const defaultLimits: Pop3Limits = {
  statusLine: 8 * 1024,
  listing: 64 * 1024 * 1024,
  message: 2 * 1024 * 1024 * 1024,
  chunkedFrom: CHUNKED_FROM,
};

/** The first line of an answer. */
export interface Status {
  /** `+OK`, `-ERR`, or `+ ` (RFC 5034 section 4: the server waits for the client to say something) */
  sign: 'ok' | 'error' | 'challenge';
  /** The rest of the line, as the server wrote it: hostile text, not for people. */
  text: string;
}

/**
 * What came instead of an answer: `tls` is a TLS record where plain text was expected, `not-pop` anything else
 * that is no status line, the others exceed the limits.
 */
export type ReplyFault = 'tls' | 'not-pop' | 'status-too-long' | 'body-too-long';

/** `pieces` is what the chunk held of the body, dot-unstuffed; `status` is null as long as its line is not whole. */
export type ReadResult =
  | { state: 'more'; status: Status | null; pieces: Buffer[] }
  | { state: 'done'; status: Status; pieces: Buffer[]; rest: Buffer }
  | { state: 'fault'; fault: ReplyFault };

export interface ReplyReader {
  /** Takes the next bytes, which may be changed in place. Not to be called again after `done` or `fault`. */
  push(chunk: Buffer): ReadResult;
}

const crlf = Buffer.from('\r\n');

/** Starts to read the answer to a command (RFC 1939 section 3). */
export function createReplyReader(kind: ReplyKind, limits: Pop3Limits): ReplyReader {
  const longest = kind === 'message' ? limits.message : limits.listing;
  let head: Buffer = Buffer.alloc(0);
  let status: Status | null = null;
  let body: BodyDecoder | null = null;
  let length = 0;

  const readBody = (whole: Status, decoder: BodyDecoder, chunk: Buffer): ReadResult => {
    const { pieces, rest } = decoder.push(chunk);
    for (const piece of pieces) length += piece.length;
    if (length > longest) return { state: 'fault', fault: 'body-too-long' };
    if (rest === null) return { state: 'more', status: whole, pieces };
    return { state: 'done', status: whole, pieces, rest };
  };

  return {
    push(chunk) {
      if (status !== null && body !== null) return readBody(status, body, chunk);
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const fault = faultOf(head, kind);
      if (fault !== null) return { state: 'fault', fault };
      const end = head.indexOf(crlf);
      if (end > limits.statusLine || (end < 0 && head.length > limits.statusLine)) {
        return { state: 'fault', fault: 'status-too-long' };
      }
      if (end < 0) return { state: 'more', status: null, pieces: [] };
      status = parseStatus(head.subarray(0, end));
      const rest = head.subarray(end + crlf.length);
      if (kind === 'line' || kind === 'sasl' || status.sign !== 'ok') {
        return { state: 'done', status, pieces: [], rest };
      }
      body = createBodyDecoder();
      return readBody(status, body, rest);
    },
  };
}

/** Whether bytes can begin an answer; what cannot is what a message left behind that had an unescaped lone dot. */
export function mayBeAnswer(bytes: Buffer): boolean {
  return bytes.length === 0 || faultOf(bytes, 'line') === null;
}

/** Whether the first bytes can no longer become a status line. */
function faultOf(head: Buffer, kind: ReplyKind): ReplyFault | null {
  // TLS record of type alert (21) or handshake (22), version 3.x
  if ((head[0] === 21 || head[0] === 22) && (head.length < 2 || head[1] === 3)) return 'tls';
  const start = head.subarray(0, 4).toString('latin1').toUpperCase();
  if (kind === 'sasl' && /^\+[ \r]/.test(start)) return null;
  const fits = ['+OK', '-ERR'].some(word => start.startsWith(word) || word.startsWith(start));
  return fits ? null : 'not-pop';
}

function parseStatus(line: Buffer): Status {
  const [, sign = '', text = ''] = /^(\S*)\s*(.*)$/s.exec(line.toString('utf8')) ?? [];
  if (sign === '+') return { sign: 'challenge', text };
  return { sign: sign.startsWith('+') ? 'ok' : 'error', text };
}
