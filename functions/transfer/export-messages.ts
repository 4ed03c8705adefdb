import type { Blobs } from '../services.ts';
import { blobKeys } from '../store/keys.ts';
import { chunksOf } from './blob-file.ts';
import type { ExportedEmail } from './export-plan.ts';

/** Messages that are read before it is their turn: hides the store's latency. */
const AHEAD = 16;
const AHEAD_BYTES = 16 * 1024 * 1024;
/** Larger ones are read as they are written. */
const IN_MEMORY = 4 * 1024 * 1024;

/** A message about to be written. */
export interface Opened {
  chunks: AsyncIterable<Buffer>;
  /** The last octet; none of an empty one. */
  last: number | undefined;
}

/**
 * Reads messages in the order of `sequence`, each when `open` is called for the next one; null for one of which the
 * octets are missing. Holds a few MB, whatever the messages.
 */
export function messageReader(blobs: Blobs, accountId: string, sequence: readonly ExportedEmail[]) {
  const reading: { size: number; message: Promise<Opened | null> }[] = [];
  let begun = 0;
  const begin = () => {
    let bytes = reading.reduce((sum, { size }) => sum + size, 0);
    while (
      begun < sequence.length &&
      reading.length < AHEAD &&
      (reading.length === 0 || bytes < AHEAD_BYTES)
    ) {
      const email = sequence[begun] as ExportedEmail;
      const size = email.size > IN_MEMORY ? 0 : email.size;
      const message = openMessage(blobs, accountId, email);
      message.catch(() => {}); // whoever opens it is told
      reading.push({ size, message });
      bytes += size;
      begun += 1;
    }
  };
  return {
    async open(): Promise<Opened | null> {
      begin();
      const next = reading.shift();
      begin();
      return next ? next.message : null;
    },
  };
}

async function openMessage(
  blobs: Blobs,
  accountId: string,
  { sha256, size }: ExportedEmail,
): Promise<Opened | null> {
  const key = blobKeys.raw(accountId, sha256);
  if (size > IN_MEMORY) {
    const last = await blobs.get(key, { start: size - 1, end: size });
    return last?.length === 1 ? { chunks: chunksOf({ blobs, key, size }), last: last[0] } : null;
  }
  const bytes = await blobs.get(key);
  if (bytes?.length !== size) return null;
  return { chunks: once(Buffer.from(bytes.buffer, bytes.byteOffset, size)), last: bytes.at(-1) };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
