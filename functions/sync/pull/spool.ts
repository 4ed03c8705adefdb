import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SUMMARY_BYTES } from '../../mime/parse.ts';

/** A large message on the way from a source to its blob: a temporary file of this machine. */
export interface Spooled {
  path: string;
  /** Octets. */
  size: number;
  /** Of the whole message, lower-case hex. */
  sha256: string;
  /** Its first SUMMARY_BYTES octets: what its summary is made of. */
  head: Buffer;
}

/**
 * Writes a message to a temporary file while its checksum is made: the blob's key is the checksum, which is known
 * only at the end, and no more than the head is held in memory. Leaves no file behind when `chunks` throws.
 */
export async function spool(chunks: AsyncIterable<Uint8Array>): Promise<Spooled> {
  cleaned ??= removeLeftovers(tmpdir());
  await cleaned;
  const path = join(tmpdir(), `mailferry-${randomUUID()}.eml`);
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let size = 0;
  const watched = async function* () {
    for await (const chunk of chunks) {
      if (size < SUMMARY_BYTES) head.push(Buffer.from(chunk.subarray(0, SUMMARY_BYTES - size)));
      size += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(watched, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await removeSpooled({ path });
    throw error;
  }
  return { path, size, sha256: hash.digest('hex'), head: Buffer.concat(head) };
}

/** Removes the temporary file; a missing one is no error. */
export async function removeSpooled({ path }: Pick<Spooled, 'path'>): Promise<void> {
  await unlink(path).catch(() => {});
}

/** Once a process. */
let cleaned: Promise<void> | null = null;
const SPOOLED = /^mailferry-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.eml$/;
/** Nobody works on a file that was not written to for so long, in milliseconds. */
const LEFT_BEHIND_MS = 3_600_000;

/** A process that is killed leaves its messages behind, where room may be short and nobody else erases them. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const path of names.filter(name => SPOOLED.test(name)).map(name => join(folder, name))) {
    const written = (await stat(path).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (written < Date.now() - LEFT_BEHIND_MS) await removeSpooled({ path });
  }
}
