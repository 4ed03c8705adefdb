import { randomBytes } from 'node:crypto';
import { closeSync, fsync, open as openDescriptor, renameSync, writeFileSync } from 'node:fs';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { errnoOf } from './errors.ts';

const flush = promisify(fsync);
/** A bare descriptor: the FileHandle of `fs/promises` costs as much as the write. */
const openFile = promisify(openDescriptor);

/** What a file is made of: bytes, text, or a stream of bytes, opened when it is read and not before. */
type Content = Uint8Array | string | (() => Readable);

const TEMPORARY = '.tmp-';
/** Nobody works on a temporary file that was not written to for so long, in milliseconds. */
const LEFT_BEHIND_MS = 3_600_000;

/** Removes a file if its writer was killed before it had its name; any other stays. */
export async function removeIfLeft(path: string): Promise<void> {
  if (!basename(path).startsWith(TEMPORARY)) return;
  const written = (await stat(path).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
  if (written < Date.now() - LEFT_BEHIND_MS) await unlink(path).catch(() => undefined);
}

/**
 * Writes a file so that a crash or a power cut leaves either the old content or the new, never a part: temporary
 * file in the same folder, fsync, rename, fsync of the folder. The last step costs one more flush, and is what
 * makes the *name* durable: without it a message could be reported as stored and be missing after a power cut.
 * `mode` is that of the new file (default 0600).
 */
export async function writeDurably(path: string, content: Content, mode = 0o600): Promise<void> {
  const temporary = await writeTemporary(path, content, mode);
  try {
    renameSync(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a folder (mode 0700) in one that is there, unless it is there already; its name is durable then. */
export async function makeFolderDurably(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  // Also where it was there: whoever made it may not have come to this.
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

/** A new name beside the file that is to be; `removeIfLeft` knows it. */
export function temporaryFor(path: string): string {
  return join(dirname(path), `${TEMPORARY}${randomBytes(9).toString('hex')}`);
}

async function writeTemporary(path: string, content: Content, mode: number): Promise<string> {
  const temporary = temporaryFor(path);
  try {
    if (typeof content === 'function') await writeStream(temporary, content, mode);
    else await writeBytes(temporary, content, mode);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  return temporary;
}

async function writeStream(path: string, content: () => Readable, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    for await (const chunk of content()) await file.appendFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What waits for the disk (a new name, the flush) is done elsewhere; the rest costs less in place than the way there. */
async function writeBytes(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const file = await openFile(path, 'wx', mode);
  try {
    writeFileSync(file, content);
    await flush(file);
  } finally {
    closeSync(file);
  }
}

/** Flushes of folders that run, and those that wait for them: one flush makes every name durable that was there. */
const flushes = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();

/** Flushes a folder's names to the disk. Many who ask at the same time share one flush that begins after they asked. */
function syncFolder(folder: string): Promise<void> {
  const current = flushes.get(folder);
  if (!current) return startFlush(folder);
  current.next ??= current.running.catch(() => undefined).then(() => startFlush(folder));
  return current.next;
}

function startFlush(folder: string): Promise<void> {
  const running = flushFolder(folder);
  const entry = { running, next: null };
  flushes.set(folder, entry);
  const done = () => {
    if (flushes.get(folder) === entry && entry.next === null) flushes.delete(folder);
  };
  running.then(done, done);
  return running;
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
