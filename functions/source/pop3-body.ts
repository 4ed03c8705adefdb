/**
 * Takes the bytes of a multi-line answer out of its transport form (RFC 1939 section 3): finds the lone dot that
 * ends it and takes the dot off each line that begins with one, whatever way the bytes are cut into packets. A line
 * begins after CRLF only: bare CR and bare LF are content.
 */
export interface BodyDecoder {
  /**
   * Takes the next bytes, which are its own from then on: they are changed in place. Not to be called again once
   * it gave a `rest`.
   *
   * @returns what they hold of the body, in order; and, when it ended, the bytes behind it, else null
   */
  push(chunk: Buffer): { pieces: Buffer[]; rest: Buffer | null };
}

/** Where the bytes so far end: on a line, after its CR, after its CRLF, or after a dot (and CR) that begins one. */
type Place = 'line' | 'cr' | 'start' | 'dot' | 'dot-cr';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const carriageReturn = Buffer.from('\r');
const dottedLine = Buffer.from('\r\n.');

/** Begins after the CRLF of the status line. */
export function createBodyDecoder(): BodyDecoder {
  let place: Place = 'start';

  return {
    push(chunk) {
      const pieces: Buffer[] = [];
      const seam = crossSeam(place, chunk, pieces);
      place = seam.place;
      if (seam.ended) return { pieces, rest: chunk.subarray(seam.at) };
      if (seam.at === chunk.length) return { pieces, rest: null };
      const { piece, rest, ...end } = unstuff(chunk, seam.at);
      place = end.place;
      if (piece.length > 0) pieces.push(piece);
      return { pieces, rest };
    },
  };
}

/** Reads the few bytes whose meaning hangs on how the chunk before ended, up to the middle of a line. */
function crossSeam(
  before: Place,
  chunk: Buffer,
  pieces: Buffer[],
): { place: Place; at: number; ended: boolean } {
  let place = before;
  let at = 0;
  while (place !== 'line' && at < chunk.length) {
    const byte = chunk[at];
    if (place === 'dot-cr') {
      if (byte === LF) return { place, at: at + 1, ended: true };
      // The dot was stuffed after all; what followed it is content.
      pieces.push(carriageReturn);
      place = 'line';
    } else if (place === 'dot') {
      place = byte === CR ? 'dot-cr' : 'line';
      if (byte === CR) at += 1;
    } else if (place === 'start') {
      place = byte === DOT ? 'dot' : 'line';
      if (byte === DOT) at += 1;
    } else {
      place = byte === LF ? 'start' : 'line';
      if (byte === LF) pieces.push(chunk.subarray(at, ++at));
    }
  }
  return { place, at, ended: false };
}

/** Decodes from the middle of a line to the end of the chunk or of the body, moving bytes over the dots. */
function unstuff(chunk: Buffer, from: number): { piece: Buffer; rest: Buffer | null; place: Place } {
  let write = from;
  let read = from;
  const keep = (end: number): void => {
    if (write !== read) chunk.copyWithin(write, read, end);
    write += end - read;
  };
  for (;;) {
    const dotted = chunk.indexOf(dottedLine, read);
    if (dotted < 0) break;
    const dot = dotted + 2;
    keep(dot);
    if (dot + 1 === chunk.length) return { piece: chunk.subarray(from, write), rest: null, place: 'dot' };
    if (chunk[dot + 1] === CR) {
      if (dot + 2 === chunk.length) {
        return { piece: chunk.subarray(from, write), rest: null, place: 'dot-cr' };
      }
      if (chunk[dot + 2] === LF) {
        return { piece: chunk.subarray(from, write), rest: chunk.subarray(dot + 3), place: 'start' };
      }
    }
    read = dot + 1;
  }
  // Before the bytes move.
  const place = placeAtEnd(chunk, read);
  keep(chunk.length);
  return { piece: chunk.subarray(from, write), rest: null, place };
}

function placeAtEnd(chunk: Buffer, from: number): Place {
  const last = chunk.length - 1;
  if (chunk[last] === CR) return 'cr';
  return chunk[last] === LF && last > from && chunk[last - 1] === CR ? 'start' : 'line';
}
