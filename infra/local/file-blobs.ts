import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Blobs, ByteRange } from '../../functions/services.ts';
import type { BlobAddresses } from './blob-addresses.ts';
import { ignoreMissing, makeFolderDurably, removeIfLeft, writeDurably } from './durable-file.ts';
import { errnoOf, LocalCloudError } from './errors.ts';
import { writeInThread } from './file-writer.ts';

/** What is larger is read from the gateway itself, which passes it on as it comes. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/** One part of a key. It cannot begin with a dot, so neither `..` nor our temporary files can be named. */
const SEGMENT = /^[A-Za-z0-9_=+@~-][A-Za-z0-9._=+@~-]{0,200}$/;

/**
 * `Blobs` as files below `folder`, one file a blob, its key as its path. A put returns when the bytes and their
 * name are flushed to the disk. Keys are checked: none can leave the folder; a bad one throws `LocalCloudError`.
 * The content type is not kept: the functions answer with the one they know. `address` is null but for what is too
 * large to be passed between processes; without `addresses` always.
 */
export function fileBlobs(folder: string, addresses: BlobAddresses | null = null): Blobs {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, ...segmentsOf(key));
  const { make, write } = writer(root);
  return {
    put: async (key, bytes) => write(pathOf(key), bytes),
    putFile: async (key, from) => write(pathOf(key), () => createReadStream(from)),
    async putStream(key, chunks) {
      let size = 0;
      const counted = async function* () {
        for await (const chunk of chunks) {
          size += chunk.length;
          yield chunk;
        }
      };
      await make(dirname(pathOf(key)));
      await writeDurably(pathOf(key), () => Readable.from(counted(), { objectMode: false }));
      return { size };
    },
    get: (key, range) => readRange(pathOf(key), range),
    async head(key) {
      const found = await stat(pathOf(key)).catch(ignoreMissing);
      return found?.isFile() ? { size: found.size } : null;
    },
    verify: (key, sha256, size) => verifyFile(pathOf(key), sha256, size),
    async delete(keys) {
      for (const path of keys.map(pathOf)) await unlink(path).catch(ignoreMissing);
    },
    list: prefix => list(folder, prefix),
    async address(key, { contentType, fileName }) {
      const size = (await stat(pathOf(key)).catch(ignoreMissing))?.size ?? 0;
      if (!addresses || size <= LARGEST_ANSWER) return null;
      return addresses.download(key, { contentType, fileName });
    },
    async uploadAddress(key, size) {
      if (!addresses) throw new LocalCloudError('setting', 'Nobody takes uploads of files here.');
      pathOf(key);
      return addresses.upload(key, size);
    },
  };
}

/**
 * Writes files below `root`, each when the names of all folders above it are durable: `make` sees to that, once for a
 * folder. `write` opens its content again where it has to begin again.
 */
function writer(root: string) {
  const made = new Map<string, Promise<void>>();
  const make = (folder: string): Promise<void> => {
    const known = made.get(folder);
    if (known) return known;
    const parent = dirname(folder);
    const making = (folder === root ? mkdir(parent, { recursive: true, mode: 0o700 }) : make(parent))
      .then(() => makeFolderDurably(folder))
      .then(async () => {
        for (const name of await readdir(folder)) await removeIfLeft(join(folder, name));
      });
    made.set(folder, making);
    making.catch(() => made.delete(folder));
    return making;
  };
  const write = async (path: string, content: Uint8Array | (() => Readable)) => {
    await make(dirname(path));
    await (content instanceof Uint8Array ? writeInThread(path, content) : writeDurably(path, content));
  };
  const writeAgain = (path: string, content: Uint8Array | (() => Readable)): Promise<void> =>
    write(path, content).catch(error => {
      if (errnoOf(error) !== 'ENOENT') throw error;
      // A folder was removed since it was made.
      made.clear();
      return write(path, content);
    });
  return { make, write: writeAgain };
}

function segmentsOf(key: string): string[] {
  const segments = key.split('/');
  if (!segments.every(segment => SEGMENT.test(segment))) {
    // The key itself could be anything, so the message carries only its fingerprint.
    const fingerprint = createHash('sha256').update(key).digest('hex').slice(0, 12);
    throw new LocalCloudError('setting', `A blob key is not allowed (fingerprint ${fingerprint}).`);
  }
  return segments;
}

/** A disk keeps no checksum, so the bytes are read. */
async function verifyFile(path: string, sha256: string, size: number): Promise<boolean> {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk);
      length += chunk.length;
    }
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
  return length === size && hash.digest('hex') === sha256;
}

async function readRange(path: string, range: ByteRange | undefined): Promise<Uint8Array | null> {
  const file = await open(path, 'r').catch(ignoreMissing);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const start = Math.min(range?.start ?? 0, size);
    const end = Math.max(start, Math.min(range?.end ?? size, size));
    const bytes = Buffer.alloc(end - start);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Walks only the folder that the prefix names; a prefix may end within a name, as in S3. */
async function* list(folder: string, prefix: string): AsyncIterable<string> {
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (parent !== '') segmentsOf(parent.slice(0, -1));
  yield* walk(join(folder, parent), parent, prefix);
}

async function* walk(path: string, keyPrefix: string, wanted: string): AsyncIterable<string> {
  const directory = await opendir(path).catch(ignoreMissing);
  if (directory === null) return;
  for await (const entry of directory) {
    await removeIfLeft(join(path, entry.name));
    const key = keyPrefix + entry.name;
    if (!SEGMENT.test(entry.name) || !`${key}/`.startsWith(wanted.slice(0, key.length + 1))) continue;
    if (entry.isDirectory()) yield* walk(join(path, entry.name), `${key}/`, wanted);
    else if (key.startsWith(wanted)) yield key;
  }
}
