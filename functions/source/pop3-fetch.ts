import { SourceError } from './errors.ts';
import type { Maildrop } from './pop3-maildrop.ts';
import type { Pop3Limits } from './pop3-reader.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import type { Numbered, Outcome, Pop3Session } from './pop3-transport.ts';
import type { FailedMessage, FetchedMessage, LargeMessage, SourceEntry } from './source.ts';

/** What fetching needs of its session. */
export interface FetchContext {
  session: Pop3Session;
  maildrop: () => Promise<Maildrop>;
  host: string;
  limits: Pop3Limits;
}

interface Wanted extends Numbered {
  uid: string;
}

/**
 * Fetches messages by their names, in the order asked for; what is not there any more is skipped, and what is
 * announced to be larger than the limit is failed without asking for it.
 *
 * @throws SourceError when the session cannot go on and no message is to blame
 */
export async function* fetchMessages(
  entries: readonly SourceEntry[],
  { session, maildrop, host, limits }: FetchContext,
): AsyncGenerator<FetchedMessage | LargeMessage | FailedMessage> {
  const { numbers } = await maildrop();
  const wanted: Wanted[] = [];
  for (const { uid, size } of entries) {
    const number = numbers.get(uid);
    if (number === undefined) continue;
    if (size !== null && size > limits.message) yield { uid, error: tooLarge(host, size) };
    else wanted.push({ uid, number, size });
  }
  const doubt = createDoubt(session);
  const short: Wanted[] = [];
  for (const again of [false, true]) {
    for await (const outcome of session.each('RETR', again ? short.splice(0) : wanted)) {
      const message = fetched(outcome, host);
      const { size } = outcome.item;
      if ('raw' in message) await doubt(message.raw.length, size);
      const isShort = 'raw' in message && isFarShorter(message.raw.length, size);
      if (isShort && !again && short.length < DOUBTS) short.push(outcome.item);
      else yield 'chunks' in message ? { ...message, chunks: doubted(message.chunks, size, doubt) } : message;
    }
  }
}

/**
 * Servers count line ends otherwise than they send them, count fields that they leave out, or estimate. A message that
 * has not even this share of its size was perhaps cut off on the way, by a proxy that looks into mail: it is asked for
 * once more. What comes twice is what the server has.
 */
const LEAST_SHARE = 0.5;
const LEAST_LOSS = 1_024;

const isFarShorter = (length: number, size: number | null) =>
  size !== null && length < size * LEAST_SHARE && size - length > LEAST_LOSS;

/** So many messages are looked into before a server's sizes are taken for what they are: wrong. */
const DOUBTS = 8;

type Doubt = (length: number, size: number | null) => Promise<void>;

/**
 * A server that forgets to escape a lone dot ends the message there for us, and the rest of it looks like an answer
 * that is none. So a message that is shorter than LIST says is believed when a further answer has come behind it.
 * Throws SourceError when there is none.
 */
function createDoubt(session: Pop3Session): Doubt {
  let doubts = 0;
  return async (length, size) => {
    if (size === null || length >= size || doubts >= DOUBTS) return;
    doubts += 1;
    await session.confirm();
  };
}

async function* doubted(
  chunks: AsyncIterable<Uint8Array>,
  size: number | null,
  doubt: Doubt,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    yield chunk;
  }
  await doubt(length, size);
}

/**
 * One message. Its length is not held against LIST: servers count line ends as they store them, or guess. Only
 * nothing where there should be something is a failure.
 */
function fetched(outcome: Outcome<Wanted>, host: string): FetchedMessage | LargeMessage | FailedMessage {
  const { uid, size } = outcome.item;
  if ('error' in outcome) {
    const { error } = outcome;
    // An answer that never ends or is no answer: the session is gone (the next command says so), but the message
    // has to be named, or it would stop every later run at the same place.
    if (error instanceof Pop3Refusal || error.code === 'protocol') return { uid, error };
    throw error;
  }
  const { body, chunks } = outcome.reply;
  if (chunks !== null) return { uid, chunks };
  const raw = body ?? Buffer.alloc(0);
  return raw.length === 0 && size !== 0 ? { uid, error: empty(host) } : { uid, raw };
}

function tooLarge(host: string, size: number): SourceError {
  const megabytes = Math.round(size / 1_000_000);
  return new SourceError(
    'protocol',
    `A message at ${host} has ${megabytes} MB, more than Mailferry fetches.`,
  );
}

function empty(host: string): SourceError {
  return new SourceError('protocol', `${host} sent nothing for a message that it lists.`);
}
