import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { errnoOf } from './errors.ts';

/** What a file is made of: bytes, text, or a stream of bytes. */
type Content = Uint8Array | string | Readable;

/**
 * Writes a file so that a crash or a power cut leaves either the old content or the new, never a part: temporary
 * file in the same folder, fsync, rename, fsync of the folder. The last step costs one more flush, and is what
 * makes the *name* durable: without it a message could be reported as stored and be missing after a power cut.
 * `mode` is that of the new file (default 0600).
 */
export async function writeDurably(path: string, content: Content, mode = 0o600): Promise<void> {
  const temporary = await writeTemporary(path, content, mode);
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * The content of a secret file (mode 0600) that is made once: the first caller's `make` wins, even against other
 * processes, and everyone gets the winner's bytes.
 */
export async function readOrMake(path: string, make: () => Promise<string> | string): Promise<string> {
  const present = await readFile(path, 'utf8').catch(ignoreMissing);
  if (present !== null) return present;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = await writeTemporary(path, await make(), 0o600);
  try {
    // link() refuses an existing name, which rename() would replace.
    await link(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(temporary);
  }
  return readFile(path, 'utf8');
}

/** Handler for a rejected read: null when the file does not exist, else the error again. */
export function ignoreMissing(error: unknown): null {
  const code = errnoOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

async function writeTemporary(path: string, content: Content, mode: number): Promise<string> {
  const temporary = join(dirname(path), `.tmp-${randomBytes(9).toString('hex')}`);
  const file = await open(temporary, 'wx', mode);
  try {
    if (content instanceof Readable) for await (const chunk of content) await file.appendFile(chunk);
    else await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await file.close();
  return temporary;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
