import { type Spooled, spool } from '../sync/pull/spool.ts';
import { MessageError } from './errors.ts';

/** Up to this many octets a message is held in memory, above it in a temporary file. */
const IN_MEMORY = 4 * 1024 * 1024;
/** More than any provider takes: what is larger is no message, but a file that is cut in the wrong places. */
const LARGEST_MESSAGE = 150 * 1024 * 1024;

/** A message of a file, on this machine. A spooled one has to be removed. */
export type Taken = { raw: Buffer } | { file: Spooled };

/**
 * Takes a message off a stream. Throws MessageError for what can be none: `empty`, `too-large`, and with `forImap`
 * `nul`. Then the stream may not have been read to its end.
 * @param forImap IMAP servers give back every line with CR LF (RFC 9051 section 4.3): stored as it will come back
 */
export async function takeMessage(chunks: AsyncIterable<Uint8Array>, forImap: boolean): Promise<Taken> {
  const iterator = within(forImap ? withCrlf(chunks) : chunks)[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) break;
    held.push(value);
    size += value.length;
    if (size > IN_MEMORY) return { file: await spool(rest(held, iterator)) };
  }
  if (size === 0) throw new MessageError('empty', 'There is no message here.');
  return { raw: Buffer.concat(held) };
}

async function* rest(held: Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  while (held.length > 0) yield held.shift() as Uint8Array;
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
}

async function* within(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST_MESSAGE) throw new MessageError('too-large', 'This is larger than 150 MB.');
    yield chunk;
  }
}

async function* withCrlf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let afterCr = false;
  for await (const chunk of chunks) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    if (text.includes('\0')) throw new MessageError('nul', 'Mail servers take no message with NUL octets.');
    const bare = text.replace(/(?<!\r)\n/g, '\r\n');
    yield Buffer.from(
      afterCr && bare.startsWith('\r\n') && text.startsWith('\n') ? bare.slice(1) : bare,
      'latin1',
    );
    if (text !== '') afterCr = text.endsWith('\r');
  }
}
