import { SourceError } from './errors.ts';
import { folder, isRefusal, meansLater } from './imap-errors.ts';
import { readParts } from './imap-parts.ts';
import { type ImapSession, openMailbox } from './imap-session.ts';
import { BATCH_BYTES, type FetchStep, fetchSteps, LARGE_MESSAGE, uidSets } from './imap-uids.ts';
import {
  CHUNKED_FROM,
  type FailedMessage,
  type FetchedMessage,
  type LargeMessage,
  type SourceEntry,
} from './source.ts';

/** What a server answered for one message of a batch; `raw` is null for NIL, no body at all, or too much of it. */
interface Answer {
  raw: Buffer | null;
  size: number | null;
}

/**
 * Fetches messages of a mailbox with BODY.PEEK[], so that none becomes \Seen: small ones in batches, others by
 * themselves in parts. A message of CHUNKED_FROM octets and more is handed over part by part, so that nothing but
 * two batches, one handed over and one under way, or a few parts are in memory. A message that is gone is skipped; one whose bytes are missing or fewer
 * than the server says has failed, alone. Throws SourceError when the session is lost.
 */
export async function* fetchMessages(
  session: ImapSession,
  path: string,
  entries: readonly SourceEntry[],
): AsyncGenerator<FetchedMessage | LargeMessage | FailedMessage> {
  const steps = fetchSteps(entries);
  const begin = (step: FetchStep | undefined) => {
    if (!step || step.large) return null;
    const answers = fetchBatch(session, path, step.entries);
    answers.catch(() => {});
    return answers;
  };
  let coming = begin(steps[0]);
  try {
    for (const [i, step] of steps.entries()) {
      const answers = await (coming ?? begin(step));
      // Asked for while these are handed over, unless some of these have to be asked for by themselves.
      const isWhole = step.entries.every(entry => wholeBody(answers?.get(entry.uid), entry));
      coming = isWhole ? begin(steps[i + 1]) : null;
      for (const entry of step.entries) {
        const raw = wholeBody(answers?.get(entry.uid), entry);
        // What was refused, left out or cut is asked for by itself, to tell what is gone from what cannot be had.
        const outcome = raw ? { uid: entry.uid, raw } : await fetchAlone(session, path, entry);
        if (outcome) yield outcome;
      }
    }
  } finally {
    // Whoever stops in the middle finds the session free.
    await coming?.catch(() => {});
  }
}

/** One UID FETCH for a batch. A server that lied about a size cannot make it hold more than twice a batch. */
async function fetchBatch(
  session: ImapSession,
  path: string,
  entries: readonly SourceEntry[],
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const wanted = new Set(entries.map(({ uid }) => uid));
  const query = { uid: true, size: true, source: { start: 0, maxLength: LARGE_MESSAGE + 1 } };
  let held = 0;
  for (const set of uidSets(wanted)) {
    // Before each command: the caller may have used another mailbox meanwhile.
    await openMailbox(session, path);
    await session.run(`fetch messages of ${folder(path)}`, async () => {
      try {
        for await (const row of session.client.fetch(set, query, { uid: true })) {
          const uid = String(row.uid);
          // A row without size is somebody else's flag change.
          if (!wanted.has(uid) || (row.size === undefined && !row.source)) continue;
          const before = answers.get(uid);
          const room = 2 * BATCH_BYTES - held;
          const source = row.source && row.source.length <= Math.min(LARGE_MESSAGE, room) ? row.source : null;
          if (!before?.raw) held += source?.length ?? 0;
          answers.set(uid, { raw: before?.raw ?? source, size: row.size ?? before?.size ?? null });
        }
      } catch (error) {
        // One message that the server cannot read must not keep the others back.
        if (!isRefusal(error) || meansLater(error)) throw error;
      }
    });
  }
  return answers;
}

/** The bytes, unless there are none or fewer than announced: more is only a bad announcement. */
function wholeBody(answer: Answer | undefined, entry: SourceEntry): Buffer | null {
  const raw = answer?.raw;
  const size = answer?.size ?? entry.size ?? 0;
  return raw && raw.length > 0 && raw.length >= size ? raw : null;
}

/** One message by itself, whole or in chunks; null when it is gone. */
async function fetchAlone(
  session: ImapSession,
  path: string,
  entry: SourceEntry,
): Promise<FetchedMessage | LargeMessage | FailedMessage | null> {
  const { uid } = entry;
  const parts = readParts(session, path, entry);
  const head: Buffer[] = [];
  let octets = 0;
  try {
    while (octets < CHUNKED_FROM) {
      const next = await parts.next();
      if (next.done) return octets === 0 ? null : { uid, raw: Buffer.concat(head) };
      head.push(next.value);
      octets += next.value.length;
    }
  } catch (error) {
    const only = error instanceof SourceError && (error.code === 'protocol' || error.code === 'refused');
    if (only && session.client.usable) return { uid, error };
    throw error;
  }
  return { uid, chunks: following(head, parts) };
}

async function* following(head: Buffer[], parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // Let go of each part as it is handed over.
  for (let part = head.shift(); part; part = head.shift()) yield part;
  yield* parts;
}
