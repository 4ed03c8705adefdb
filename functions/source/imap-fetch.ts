import { SourceError } from './errors.ts';
import { folder, isRefusal, meansLater } from './imap-errors.ts';
import { type ImapSession, LARGEST_MESSAGE, openMailbox } from './imap-session.ts';
import { fetchSteps, LARGE_MESSAGE, uidSets } from './imap-uids.ts';
import type { FailedMessage, FetchedMessage, SourceEntry } from './source.ts';

type Outcome = FetchedMessage | FailedMessage;

/** What a server answered for one message of a batch; `raw` is null for NIL or no body at all. */
interface Answer {
  raw: Buffer | null;
  size: number | null;
}

/** Octets of one partial fetch of a large message. */
const CHUNK = 1024 * 1024;

/**
 * Fetches messages of a mailbox with BODY.PEEK[], so that none becomes \Seen: small ones in batches, large ones
 * in chunks. Nothing but one batch or one large message is in memory. A message that is gone is skipped; one
 * whose bytes are missing or fewer than the server says is a FailedMessage. Throws SourceError when the session
 * is lost.
 */
export async function* fetchMessages(
  session: ImapSession,
  path: string,
  entries: readonly SourceEntry[],
): AsyncGenerator<Outcome> {
  for (const step of fetchSteps(entries)) {
    // Before each step: the caller may have used another mailbox meanwhile.
    await openMailbox(session, path);
    const action = `fetch messages of ${folder(path)}`;
    yield* await session.run(action, async () => {
      if (!step.large) return fetchBatch(session, step.entries);
      const outcomes: Outcome[] = [];
      for (const entry of step.entries) outcomes.push(...(await fetchLarge(session, entry)));
      return outcomes;
    });
  }
}

async function fetchBatch(session: ImapSession, entries: readonly SourceEntry[]): Promise<Outcome[]> {
  const answers = new Map<string, Answer>();
  try {
    await readBodies(session, entries, answers);
  } catch (error) {
    // One message that the server cannot read must not keep the others back.
    if (!isRefusal(error) || meansLater(error)) throw error;
  }
  const outcomes: Outcome[] = [];
  for (const entry of entries) {
    const answer = answers.get(entry.uid);
    // What is refused or left out is asked for by itself, to tell what is gone from what cannot be had.
    outcomes.push(...(await (answer ? judge(session, entry, answer) : fetchLarge(session, entry))));
  }
  return outcomes;
}

/** One UID FETCH for a batch. A server that lied about a size cannot send more than a little too much. */
async function readBodies(
  session: ImapSession,
  entries: readonly SourceEntry[],
  answers: Map<string, Answer>,
): Promise<void> {
  const wanted = new Set(entries.map(({ uid }) => uid));
  const query = { uid: true, size: true, source: { start: 0, maxLength: LARGE_MESSAGE + 1 } };
  for (const set of uidSets(wanted)) {
    for await (const row of session.client.fetch(set, query, { uid: true })) {
      const uid = String(row.uid);
      // A row without size is somebody else's flag change.
      if (!wanted.has(uid) || (row.size === undefined && !row.source)) continue;
      const before = answers.get(uid);
      answers.set(uid, {
        raw: row.source || before?.raw || null,
        size: row.size ?? before?.size ?? null,
      });
    }
  }
}

async function judge(session: ImapSession, entry: SourceEntry, answer: Answer): Promise<Outcome[]> {
  const { raw } = answer;
  const size = answer.size ?? entry.size ?? 0;
  if (raw && raw.length > 0 && raw.length >= size && raw.length <= LARGE_MESSAGE) {
    return [{ uid: entry.uid, raw }];
  }
  // Larger than announced, or cut short: the other way of fetching decides.
  return fetchLarge(session, entry);
}

/** Fetches one message in chunks. */
async function fetchLarge(session: ImapSession, entry: SourceEntry): Promise<Outcome[]> {
  const { client } = session;
  const { uid } = entry;
  try {
    const { meta, content } = await client.download(uid, undefined, {
      uid: true,
      chunkSize: CHUNK,
      maxBytes: LARGEST_MESSAGE + 1,
    });
    if (!content) return await missing(session, uid);
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk as Buffer);
    return [verified(session, uid, Buffer.concat(chunks), meta.expectedSize ?? entry.size ?? 0)];
  } catch (error) {
    if (!client.usable || meansLater(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (isRefusal(error)) return [failed(session, uid, 'is refused by')];
    if (code === 'DownloadOverflow') return [failed(session, uid, 'never ends as sent by')];
    if (code === 'DownloadIncomplete') return await missing(session, uid);
    throw error;
  }
}

function verified(session: ImapSession, uid: string, raw: Buffer, size: number): Outcome {
  if (raw.length === 0) return failed(session, uid, 'came empty from');
  if (raw.length > LARGEST_MESSAGE) return failed(session, uid, 'is larger than Mailferry takes, says');
  // More than announced is only a bad announcement (some servers estimate); less is a message cut short.
  if (raw.length < size) return failed(session, uid, 'came cut short from');
  return { uid, raw };
}

/** Nothing came for this UID: the message is gone, or the server has it but no bytes of it. */
async function missing(session: ImapSession, uid: string): Promise<Outcome[]> {
  const row = await session.client.fetchOne(uid, { uid: true, size: true }, { uid: true });
  return row ? [failed(session, uid, 'came empty from')] : [];
}

function failed(session: ImapSession, uid: string, what: string): FailedMessage {
  const { host, port } = session.settings;
  return { uid, error: new SourceError('protocol', `A message ${what} ${host}:${port}.`) };
}
