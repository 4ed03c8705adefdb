import { summarize } from '../../mime/parse.ts';
import { isForNow, SourceError } from '../../source/errors.ts';
import type { FailedMessage, FetchedMessage, LargeMessage, SourceEntry } from '../../source/source.ts';
import type { Quarantined } from '../../store/commit.ts';
import { imapLocation, type Location, popLocation } from '../../store/keys.ts';
import type { EmailSummary } from '../../store/rows.ts';
import type { PulledMailbox, RunContext } from '../context.ts';
import type { Puts } from './overlap.ts';
import { putMessage } from './put-message.ts';
import { type Spooled, spool } from './spool.ts';

/** A message whose bytes are durable and whose row is ready, waiting for its commit. */
export interface StoredMessage {
  uid: string;
  location: Location;
  summary: EmailSummary;
  /** The keywords the source showed when it was listed. */
  keywords: readonly string[];
}

/** What became of one slice of messages. */
export interface FetchedSlice {
  /** Waits until every message that came is durable and in `stored` or `quarantined`; throws what kept one from it. */
  durable: Promise<void>;
  stored: StoredMessage[];
  quarantined: Quarantined[];
  /** UIDs that were asked for and neither came nor failed: gone meanwhile, or left out by the server. */
  missing: string[];
  /** Those of the missing that the source puts off: it asks to come back later for them. */
  refused: FailedMessage[];
  /** What broke the session, when something did; what had come until then is in the slice. */
  broken?: SourceError;
}

const FIRST_SLICE = 25;
const SLICE = 200;
const SLICE_BYTES = 16 * 1024 * 1024;
const UNKNOWN_SIZE = 64 * 1024;

/**
 * Cuts messages into slices that are fetched, stored and committed together: bounded in number and bytes (a
 * single larger message is a slice of its own), the first one small so that the newest mail shows at once.
 * `singly` cuts the first of them to one message each: after a session broke, to find the message that breaks it.
 */
export function slices(entries: readonly SourceEntry[], singly = false): SourceEntry[][] {
  if (singly) return [...entries.slice(0, SLICE).map(entry => [entry]), ...slices(entries.slice(SLICE))];
  const cut: SourceEntry[][] = [];
  let slice: SourceEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.size ?? UNKNOWN_SIZE;
    const full = slice.length >= (cut.length === 0 ? FIRST_SLICE : SLICE) || bytes + size > SLICE_BYTES;
    if (slice.length > 0 && full) {
      cut.push(slice);
      slice = [];
      bytes = 0;
    }
    slice.push(entry);
    bytes += size;
  }
  if (slice.length > 0) cut.push(slice);
  return cut;
}

/** Octets that a slice will be, as the source lists it. */
export const octetsOf = (entries: readonly SourceEntry[]): number =>
  entries.reduce((sum, { size }) => sum + (size ?? UNKNOWN_SIZE), 0);

/**
 * Fetches one slice and begins to make each message durable by `puts`, also when the session broke in the middle. Blob
 * first: when the slice is `durable`, it can be committed; the next one can be fetched before.
 */
export async function fetchSlice(
  run: RunContext,
  mailbox: PulledMailbox,
  uidValidity: string,
  entries: readonly SourceEntry[],
  puts: Puts,
): Promise<FetchedSlice> {
  const slice: Omit<FetchedSlice, 'durable'> = { stored: [], quarantined: [], missing: [], refused: [] };
  const waiting = new Set(entries.map(entry => entry.uid));
  const listed = new Map(entries.map(entry => [entry.uid, entry]));
  try {
    for await (const arrived of run.source.fetch(mailbox.path, entries)) {
      const message = 'chunks' in arrived ? await spooled(arrived) : arrived;
      if (isFailed(message) && isForNow(message.error.code)) {
        slice.refused.push(message);
        continue;
      }
      waiting.delete(message.uid);
      const location = locationOf(run, mailbox, uidValidity, message.uid);
      if (isFailed(message)) {
        const size = listed.get(message.uid)?.size ?? null;
        slice.quarantined.push({ ...toQuarantine(mailbox, location, message), size });
        continue;
      }
      const place: Place = { mailbox, location, keywords: listed.get(message.uid)?.keywords ?? [] };
      const octets = 'raw' in message ? message.raw.length : message.file.head.length;
      await puts.add(octets, () => store(run, place, message, slice));
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    slice.broken = error;
  }
  slice.missing.push(...waiting);
  const durable = puts.all();
  // Whoever commits the slice hears of it.
  durable.catch(() => {});
  return Object.assign(slice, { durable });
}

/** The location of a message of this run's source. */
export function locationOf(
  run: RunContext,
  mailbox: { id: string },
  uidValidity: string,
  uid: string,
): Location {
  return run.source.protocol === 'imap' ? imapLocation(mailbox.id, uidValidity, uid) : popLocation(uid);
}

/** A large message that is on this machine now, or the reason why it is not. */
async function spooled({ uid, chunks }: LargeMessage): Promise<SpooledMessage | FailedMessage> {
  try {
    return { uid, file: await spool(chunks) };
  } catch (error) {
    const isMessageOnly = error instanceof SourceError && MESSAGE_ONLY.has(error.code);
    if (isMessageOnly) return { uid, error };
    throw NO_ROOM.has((error as NodeJS.ErrnoException | null)?.code ?? '') ? noRoom(error) : error;
  }
}

/** Of the file system. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** It is the message's fault only where it happens again and again, as with any that breaks the session. */
function noRoom(cause: unknown): SourceError {
  const sentence = 'There was no room here for a large message while it was fetched. It is tried again.';
  return new SourceError('temporary', sentence, { cause });
}

/** After these a source goes on with the next message (`LargeMessage`). */
const MESSAGE_ONLY: ReadonlySet<string> = new Set(['protocol', 'refused']);

interface SpooledMessage {
  uid: string;
  file: Spooled;
}

interface Place {
  mailbox: PulledMailbox;
  location: Location;
  keywords: readonly string[];
}

async function store(
  run: RunContext,
  { mailbox, location, keywords }: Place,
  message: FetchedMessage | SpooledMessage,
  slice: Pick<FetchedSlice, 'stored' | 'quarantined'>,
): Promise<void> {
  const { uid } = message;
  // Who has taken the lease may be erasing the account.
  const { blobs } = run.services;
  const { sha256, head, size } = await putMessage(blobs, run.account.id, message, run.checkLease);
  try {
    slice.stored.push({ uid, location, keywords, summary: summarize(head, sha256, size) });
  } catch (cause) {
    const reason = `This message could not be read: ${cause instanceof Error ? cause.message : 'unknown error'}.`;
    slice.quarantined.push({ location, path: mailbox.path, uid, code: 'unreadable', reason, sha256, size });
  }
}

/** A message kept apart, with the reason in the source's words. */
export function toQuarantine(
  mailbox: PulledMailbox,
  location: Location,
  { uid, error }: { uid: string; error: Pick<SourceError, 'message'> & { code: string } },
): Quarantined {
  return { location, path: mailbox.path, uid, code: error.code, reason: error.message, sha256: null };
}

function isFailed(message: FetchedMessage | SpooledMessage | FailedMessage): message is FailedMessage {
  return 'error' in message;
}
