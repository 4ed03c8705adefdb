import { z } from 'zod';
import { SourceError } from './errors.ts';
import { folder } from './imap-errors.ts';
import { type ImapSession, openMailbox } from './imap-session.ts';
import type { SourceEntry } from './source.ts';

/** Largest message that is accepted, in octets. */
const LARGEST_MESSAGE = 2 * 1024 * 1024 * 1024;
/** By how much a message may be larger than announced, in octets, beside twice of what was announced. */
const UNANNOUNCED = 8 * 1024 * 1024;
/** Octets of one partial fetch: a few are in memory at once, and one round trip is not felt. */
const PART = 1024 * 1024;
/** How often a part is asked for that a message should have: some servers send an answer one command too late. */
const ATTEMPTS = 3;
/** Octets of the beginning of the message, by which an answer is known that ignores where it should start. */
const BEGINNING = 64;

/** One partial answer. `isThere`: the server knows the message, whether or not it gave any of these bytes. */
interface Part {
  bytes: Buffer | null;
  size: number | null;
  isThere: boolean;
}

/** What to ask for: from `start` on, of a message of about `size` octets that begins like this. */
interface Wanted {
  start: number;
  size: number;
  beginning: Buffer | null;
}

/**
 * The bytes of one message in parts of 1 MB, each by its own UID FETCH BODY.PEEK[]<start.length>: nothing at all when
 * the message is gone. Throws SourceError: `protocol` when the bytes are none, fewer than announced (RFC822.SIZE),
 * not those asked for, or without end; `refused` when the server cannot read the message; others for the session.
 */
export async function* readParts(
  session: ImapSession,
  path: string,
  entry: SourceEntry,
): AsyncGenerator<Buffer, void> {
  let total = 0;
  let size = entry.size ?? 0;
  let beginning: Buffer | null = null;
  for (;;) {
    const part: Part = await readPart(session, path, entry.uid, { start: total, size, beginning });
    if (total === 0 && !part.isThere) return;
    if (total === 0) size = part.size ?? size;
    if (size > LARGEST_MESSAGE) throw failed(session, 'is larger than Mailferry takes, says');
    const { bytes } = part;
    if (bytes) {
      beginning ??= Buffer.from(bytes.subarray(0, BEGINNING));
      total += bytes.length;
      const most = size > 0 ? Math.min(LARGEST_MESSAGE, 2 * size + UNANNOUNCED) : LARGEST_MESSAGE;
      if (total > most) throw failed(session, 'never ends at');
      yield bytes;
    }
    // RFC 9051 section 6.4.5: only the end of the message makes a part shorter. A longer one is all of it, from a
    // server that does not know parts.
    if (bytes?.length === PART) continue;
    if (total === 0) throw failed(session, 'came empty from');
    if (total < size) throw failed(session, 'came cut short from');
    return;
  }
}

async function readPart(session: ImapSession, path: string, uid: string, wanted: Wanted): Promise<Part> {
  let part: Part = { bytes: null, size: null, isThere: false };
  for (let attempt = 1; attempt <= ATTEMPTS && part.bytes === null; attempt += 1) {
    // Before each command: the caller may have used another mailbox meanwhile.
    await openMailbox(session, path);
    const ask = () => askFor(session, uid, wanted);
    part = await session.run(`fetch a message of ${folder(path)}`, ask);
    // Beyond the announced end there need not be anything.
    if (wanted.start > 0 && wanted.start >= wanted.size) break;
  }
  return part;
}

/** One command. What belongs to another message or another place in this one is not taken. */
async function askFor({ client }: ImapSession, uid: string, wanted: Wanted): Promise<Part> {
  const { start } = wanted;
  const query = { uid: true, size: start === 0, source: { start, maxLength: PART } };
  const part: Part = { bytes: null, size: null, isThere: false };
  for await (const row of client.fetch(uid, query, { uid: true })) {
    if (String(row.uid) !== uid) continue;
    part.isThere = true;
    part.size ??= row.size ?? null;
    const origin = partialOrigin.safeParse(row).data?.partialOrigins.get('');
    if (row.source && isWanted(row.source, origin, wanted)) part.bytes ??= row.source;
  }
  return part;
}

/** Whether an answer is from where it should be; without saying so it is not when it is the beginning again. */
function isWanted(bytes: Buffer, origin: number | undefined, { start, beginning }: Wanted): boolean {
  if (bytes.length === 0 || (origin ?? start) !== start) return false;
  if (start === 0) return true;
  const isBeginning = origin === undefined && beginning?.equals(bytes.subarray(0, BEGINNING));
  return bytes.length <= PART && !isBeginning;
}

/** Where imapflow says that the answer starts, `BODY[]<start>`; absent where the server did not say it. */
const partialOrigin = z.object({ partialOrigins: z.map(z.string(), z.number()) });

function failed(session: ImapSession, what: string): SourceError {
  const { host, port } = session.settings;
  return new SourceError('protocol', `A message ${what} ${host}:${port}.`);
}
