import type { SourceError } from './errors.ts';
import {
  createReplyReader,
  type Pop3Limits,
  type ReplyFault,
  type ReplyKind,
  type Status,
} from './pop3-reader.ts';

/** One answer of the server. A `+OK` to a command with a multi-line answer has a `body` or, a long one, `chunks`. */
export interface Reply extends Status {
  /** The dot-unstuffed lines with their CRLFs, byte for byte; null when there are none or they come as `chunks`. */
  body: Buffer | null;
  /**
   * The same of a message that is too long to be held. It may be read once; who stops early, or asks for a later
   * answer before it was read, loses the connection. Throws SourceError.
   */
  chunks: AsyncIterable<Uint8Array> | null;
}

/** One command whose answer is awaited: what came of it so far, and who waits for more. */
export interface Exchange {
  /**
   * Reads the next bytes.
   *
   * @returns the bytes behind the answer when it is whole, null while it is not, or why it never will be
   */
  push(chunk: Buffer): Buffer | null | ReplyFault;
  /** The answer, or the beginning of one that is given in chunks; null as long as neither is here. */
  reply(): Reply | null;
  /** Whether the body has begun to come, and has not ended. */
  inBody(): boolean;
  /** Whether the body is a message, where servers go wrong about its end. */
  isMessage: boolean;
  /** Whether the answer is given in chunks and not whole yet. */
  isStreaming(): boolean;
  /** Takes the pieces that wait to be given as chunks. */
  takePieces(): Buffer[];
  /** Whether pieces wait, or none will come any more. */
  isReadable(): boolean;
  /** Why there will be no answer; set by the connection. */
  error: SourceError | null;
  /** Not written yet: it waits for the answers before it, because the server takes one command at a time. */
  unsent: string | null;
  /** Called when there is something new; set by who waits, and null while nobody does. */
  wake: (() => void) | null;
}

/** A server that sends octet by octet has each held with a hundred octets of overhead: many such are put together. */
const FEW_PIECES = 64;
const SMALL_PIECE = 4 * 1024;
const BLOCK = 64 * 1024;

/**
 * Starts an exchange. Pure but for what it collects.
 *
 * @param chunks gives the body of this exchange in chunks, once it proves too long to be held
 */
export function createExchange(
  kind: ReplyKind,
  limits: Pop3Limits,
  chunks: (exchange: Exchange) => AsyncIterable<Uint8Array>,
): Exchange {
  const reader = createReplyReader(kind, limits);
  let status: Status | null = null;
  let isWhole = false;
  let reply: Reply | null = null;
  let pieces: Buffer[] = [];
  let length = 0;
  /** Where small pieces are put together; the last of the pieces is from `from` to `used`, if there is anything. */
  let block: Buffer = Buffer.alloc(0);
  let [from, used] = [0, 0];

  const exchange: Exchange = {
    push(chunk) {
      const result = reader.push(chunk);
      if (result.state === 'fault') return result.fault;
      status = result.status;
      for (const piece of result.pieces) keep(piece);
      isWhole = result.state === 'done';
      if (status !== null && reply === null) reply = replyOf(status);
      return result.state === 'done' ? result.rest : null;
    },
    reply: () => reply,
    inBody: () => status !== null && !isWhole,
    isMessage: kind === 'message',
    isStreaming: () => !isWhole && (reply?.chunks ?? null) !== null,
    takePieces() {
      from = used;
      return pieces.splice(0);
    },
    isReadable: () => isWhole || pieces.length > 0,
    error: null,
    unsent: null,
    wake: null,
  };
  return exchange;

  function keep(piece: Buffer): void {
    length += piece.length;
    if (pieces.length < FEW_PIECES || piece.length >= SMALL_PIECE) {
      from = used;
      pieces.push(piece);
      return;
    }
    if (used + piece.length > block.length) {
      block = Buffer.allocUnsafeSlow(BLOCK);
      from = used = 0;
    }
    if (from < used) pieces.pop();
    piece.copy(block, used);
    used += piece.length;
    pieces.push(block.subarray(from, used));
  }

  function replyOf(status: Status): Reply | null {
    if (kind === 'message' && length >= limits.chunkedFrom) {
      return { ...status, body: null, chunks: chunks(exchange) };
    }
    if (!isWhole) return null;
    const hasBody = status.sign === 'ok' && (kind === 'message' || kind === 'listing');
    const body = hasBody ? Buffer.concat(pieces, length) : null;
    pieces = [];
    return { ...status, body, chunks: null };
  }
}
