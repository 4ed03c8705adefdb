import { createHash } from 'node:crypto';
import { say } from '../sentences/say.ts';
import { isForNow, SourceError } from './errors.ts';
import type { Reply } from './pop3-exchange.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import type { Pop3Session } from './pop3-transport.ts';

/**
 * Names for the messages of a server without UIDL: made of what TOP shows of each (RFC 1939 section 7), so that they
 * are the same in every session.
 */

/** As much of a header as a name is made of, in octets; a server may take no notice of the 0 in `TOP n 0`. */
const LONGEST_HEADER = 1024 * 1024;

/** Fields that mbox servers write into a message as it is read and handled. */
const volatileField =
  /^(status|x-status|x-uid|x-uidl|x-keywords|x-imap|x-imapbase|content-length|x-mozilla-status2?)[ \t]*:/i;

/**
 * Asks for the header of every message.
 *
 * @param sizes message number -> octets, from LIST
 * @returns message number -> name; empty for a message whose header the server does not show
 * @throws Pop3Refusal when the server knows no TOP, or not now; SourceError when the connection is lost
 */
export async function readHeaderNames(
  session: Pop3Session,
  sizes: ReadonlyMap<number, number | null>,
): Promise<Map<number, string>> {
  const messages = [...sizes].map(([number, size]) => ({ number, size }));
  const names = new Map<number, string>();
  let refused: Pop3Refusal | null = null;
  for await (const outcome of session.each('TOP', messages)) {
    const { number, size } = outcome.item;
    if ('reply' in outcome) names.set(number, headerName(await beginning(outcome.reply), size));
    else if (!(outcome.error instanceof Pop3Refusal) || isForNow(outcome.error.code)) throw outcome.error;
    else {
      refused = outcome.error;
      names.set(number, '');
    }
  }
  if (refused !== null && [...names.values()].every(name => name === '')) throw refused;
  return names;
}

/**
 * The lasting name of a message by its header. What the server itself changes between two sessions counts neither
 * in the bytes nor in the size. Pure.
 *
 * @param top the answer to TOP
 * @param size octets of the whole message, where they are known
 */
export function headerName(top: Buffer, size: number | null): string {
  const hash = createHash('sha256');
  let leftOut = 0;
  let isLeftOut = false;
  for (const line of top.toString('latin1').split('\r\n')) {
    if (line === '') break;
    // A line that begins with a blank belongs to the field before it.
    if (!/^[ \t]/.test(line)) isLeftOut = volatileField.test(line);
    if (isLeftOut) leftOut += line.length + 2;
    else hash.update(`${line}\r\n`, 'latin1');
  }
  return `TOP ${hash.digest('hex')} ${size === null ? '' : size - leftOut}`.trim();
}

/** The first octets of an answer; the rest of a long one is read and dropped. */
async function beginning({ body, chunks }: Reply): Promise<Buffer> {
  if (chunks === null) return (body ?? Buffer.alloc(0)).subarray(0, LONGEST_HEADER);
  const kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (length < LONGEST_HEADER) kept.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(kept).subarray(0, LONGEST_HEADER);
}

/** What a person is told where neither UIDL nor TOP is there. */
export function nameless(host: string, cause: unknown): SourceError {
  return new SourceError('protocol', say('protocol/no-names', { host }), { cause });
}
