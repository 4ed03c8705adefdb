/**
 * The mbox format, RFC 4155 and its variant mboxrd, as streams. Pure.
 *
 * Reading: a message begins at a line that starts with `From ` and holds a time and a year, and that is the first
 * line of the file (then the word is enough) or follows an empty one. Its bytes are those that follow, as they are in
 * the file (LF or CRLF, any header, Content-Length of no account), but for two things: the empty line before the next
 * `From ` line or at the end of the file is the format's, not the message's; and a line of one or more `>` before
 * `From ` loses one of them. That is mboxrd; of an mboxo file, where only `From ` itself was quoted, it restores
 * everything but lines that had `>From ` already.
 */

/** What is read of an mbox. Offsets are octets from the beginning of the file. */
export type MboxEvent =
  /** A message begins; `offset` is that of its `From ` line. */
  | { kind: 'message'; offset: number; isUnterminated: boolean }
  /** Octets of the message, or, before the first message, of what is none. */
  | { kind: 'bytes'; bytes: Buffer }
  /** The message is complete; reading can begin again at `next`. */
  | { kind: 'end'; next: number };

const LF = 0x0a;
const CR = 0x0d;
const CAPITAL_F = 0x46;
const QUOTE = 0x3e;
const FROM = Buffer.from('From ');
/** A line of so many octets is no `From ` line, and is passed on in parts. */
const LONGEST_FROM_LINE = 1024;
/** In the place of the envelope sender: the message has no line break at its end, and the one that is there is ours. */
const UNTERMINATED = 'no-final-newline@mailferry.invalid';
const TIME = /^From \S.* \d{1,2}:\d\d(:\d\d)?( |$)/;
const YEAR = /\b(19|20)\d\d\b/;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Reading {
  /** Offset in the file of the octet after those that were taken. */
  at: number;
  isFirstLine: boolean;
  /** An empty line that belongs to the message only if it goes on. */
  blank: Buffer | null;
  inMessage: boolean;
  /** Whether what comes continues a line of which a part was passed on. */
  inLine: boolean;
}

/**
 * Reads an mbox that comes in chunks; holds no more than one chunk and one line of at most 1 kB.
 * @param start offset of the first chunk in the file: 0, or the `next` of an earlier reading
 */
export async function* readMbox(
  chunks: AsyncIterable<Uint8Array>,
  start = 0,
): AsyncGenerator<MboxEvent, void> {
  let isUnterminated = false;
  let held: Buffer | null = null;
  for await (const event of readLines(chunks, start)) {
    if (event.kind === 'message') isUnterminated = event.isUnterminated;
    if (event.kind !== 'bytes' || !isUnterminated) {
      held = null;
      yield event;
      continue;
    }
    // The line break at the very end is the one that is not the message's.
    if (held) yield { kind: 'bytes', bytes: held };
    const { bytes } = event;
    held = bytes.at(-1) === LF ? Buffer.from([LF]) : null;
    yield { kind: 'bytes', bytes: held ? bytes.subarray(0, -1) : bytes };
  }
}

async function* readLines(chunks: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<MboxEvent, void> {
  const reading: Reading = { at: start, isFirstLine: true, blank: null, inMessage: false, inLine: false };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    rest = all.subarray(yield* takeLines(reading, all, false));
  }
  yield* takeLines(reading, rest, true);
  if (reading.inMessage) yield { kind: 'end', next: reading.at };
}

/** Takes whole lines, and of one that is too long what there is of it; gives how many octets were taken. */
function* takeLines(reading: Reading, bytes: Buffer, isLast: boolean): Generator<MboxEvent, number> {
  const base = reading.at;
  let from = 0;
  /** Octets before this were passed on, or left out. */
  let passed = 0;
  while (from < bytes.length) {
    const lineBreak = bytes.indexOf(LF, from);
    const end = lineBreak < 0 ? bytes.length : lineBreak + 1;
    const isPart = lineBreak < 0 && !isLast;
    if (isPart && !reading.inLine && end - from < LONGEST_FROM_LINE) break;
    if (reading.inLine || isPlain(reading, bytes[from])) {
      reading.inLine = lineBreak < 0;
      reading.isFirstLine = false;
      from = end;
      continue;
    }
    if (from > passed) yield { kind: 'bytes', bytes: bytes.subarray(passed, from) };
    const line = bytes.subarray(from, end);
    const wait = isPart ? undecided(line) : 0;
    yield* takeLine(reading, line.subarray(0, line.length - wait), base + from);
    from = end - wait;
    passed = from;
    if (wait > 0) break;
    reading.inLine = lineBreak < 0;
  }
  if (from > passed) yield { kind: 'bytes', bytes: bytes.subarray(passed, from) };
  reading.at = base + from;
  return from;
}

/** Whether a line that begins with this octet is passed on without a look. */
const isPlain = ({ blank }: Reading, first: number | undefined) =>
  blank === null && first !== CAPITAL_F && first !== QUOTE && first !== LF && first !== CR;

/** Where a line may turn out to be a quoted `From `: how much of it has to wait, one quote mark included. */
function undecided(line: Buffer): number {
  const quotes = quotesOf(line);
  const tail = line.subarray(quotes);
  const mayFollow = tail.length < FROM.length && tail.equals(FROM.subarray(0, tail.length));
  return quotes > 1 && mayFollow ? tail.length + 1 : 0;
}

/** A line that has to be looked at: it is passed on, held, or left out. */
function* takeLine(reading: Reading, line: Buffer, offset: number): Generator<MboxEvent, void> {
  const mayBegin = reading.isFirstLine || reading.blank !== null;
  if (mayBegin && isFromLine(line, reading.isFirstLine)) {
    if (reading.inMessage) yield { kind: 'end', next: offset };
    Object.assign(reading, { blank: null, inMessage: true, isFirstLine: false });
    yield { kind: 'message', offset, isUnterminated: line.includes(UNTERMINATED) };
    return;
  }
  if (reading.blank) yield { kind: 'bytes', bytes: reading.blank };
  reading.blank = null;
  if (isEmpty(line)) {
    reading.blank = Buffer.from(line);
    return;
  }
  reading.isFirstLine = false;
  const quotes = quotesOf(line);
  const isQuoted = quotes > 0 && line.subarray(quotes, quotes + FROM.length).equals(FROM);
  yield { kind: 'bytes', bytes: isQuoted ? line.subarray(1) : line };
}

const isEmpty = (line: Buffer) =>
  (line.length === 1 && line[0] === LF) || (line.length === 2 && line[0] === CR && line[1] === LF);

/** The first line of a file needs no more than the word: nothing comes before it that it could be a part of. */
function isFromLine(line: Buffer, isFirst: boolean): boolean {
  if (line.length >= LONGEST_FROM_LINE || !line.subarray(0, FROM.length).equals(FROM)) return false;
  if (isFirst) return true;
  const text = line.toString('latin1').trimEnd();
  return TIME.test(text) && YEAR.test(text);
}

function quotesOf(line: Buffer): number {
  let quotes = 0;
  while (line[quotes] === QUOTE) quotes += 1;
  return quotes;
}

/** What the writer has to know of a message. */
export interface MboxMessage {
  /** Ms since the epoch, for the `From ` line. */
  at: number;
  /** The last octet of the message; none of an empty one. */
  last: number | undefined;
}

/**
 * A message as one of an mboxrd file: `From ` line, quoted lines, an empty line. Read again it has the same octets, also
 * one that does not end with a line break.
 */
export async function* writeMbox(
  chunks: AsyncIterable<Uint8Array>,
  { at, last }: MboxMessage,
): AsyncGenerator<Buffer, void> {
  const isTerminated = last === LF;
  yield Buffer.from(`From ${isTerminated ? 'MAILER-DAEMON' : UNTERMINATED} ${asctime(at)}\n`);
  let rest: Buffer = Buffer.alloc(0);
  let inLine = false;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const quoting = quote(rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes, inLine);
    ({ rest, inLine } = quoting);
    yield* quoting.parts;
  }
  yield rest;
  yield Buffer.from(isTerminated ? '\n' : '\n\n');
}

/** Puts a `>` before each line that begins with `From `, or with quote marks and that. What is undecided is `rest`. */
function quote(bytes: Buffer, isInLine: boolean): { parts: Buffer[]; rest: Buffer; inLine: boolean } {
  const parts: Buffer[] = [];
  let inLine = isInLine;
  let from = 0;
  let passed = 0;
  const pass = (to: number) => {
    if (to > passed) parts.push(bytes.subarray(passed, to));
    passed = to;
  };
  while (from < bytes.length) {
    if (!inLine && (bytes[from] === QUOTE || bytes[from] === CAPITAL_F)) {
      let at = from;
      while (bytes[at] === QUOTE) at += 1;
      const word = bytes.subarray(at, at + FROM.length);
      if (word.length < FROM.length && word.equals(FROM.subarray(0, word.length))) {
        // All quote marks but one may go: which of them is the one that is added makes no difference.
        const wait = at - from > 1 ? at - 1 : from;
        pass(wait);
        return { parts, rest: Buffer.from(bytes.subarray(wait)), inLine: false };
      }
      if (word.equals(FROM)) {
        pass(from);
        parts.push(Buffer.from([QUOTE]));
      }
    }
    const lineBreak = bytes.indexOf(LF, from);
    inLine = lineBreak < 0;
    from = inLine ? bytes.length : lineBreak + 1;
  }
  pass(bytes.length);
  return { parts, rest: Buffer.alloc(0), inLine };
}

/** As C's asctime writes a time (UTC), which is what RFC 4155 wants. */
function asctime(ms: number): string {
  const time = new Date(Math.max(0, ms));
  const two = (number: number) => String(number).padStart(2, '0');
  const day = String(time.getUTCDate()).padStart(2, ' ');
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(':');
  return `${DAYS[time.getUTCDay()]} ${MONTHS[time.getUTCMonth()]} ${day} ${clock} ${time.getUTCFullYear()}`;
}
