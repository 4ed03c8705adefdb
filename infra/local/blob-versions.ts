import { opendir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BlobVersions, ListedBlob } from '../../functions/services.ts';
import { ignoreMissing } from './durable-file.ts';

/** Before the name of a file that is being discarded: no blob's name begins with a dot. */
const TAKEN = '.taken-';

/**
 * `BlobVersions` of files below `folder`, as `fileBlobs` writes them: each put is a new file under the old name, so its
 * number and time say which put it is. A disk cannot be told to unlink a file only if it is still that one. So it gets
 * another name first, is looked at there, and gets its own name back when it was put again meanwhile. Whoever is killed
 * in between is made up for by the next listing.
 */
export function fileBlobVersions(folder: string): BlobVersions {
  const root = resolve(folder);
  return {
    async *folders(prefix) {
      const names = await readdir(join(root, prefix), { withFileTypes: true }).catch(ignoreMissing);
      for (const entry of names ?? []) if (entry.isDirectory()) yield entry.name;
    },
    listed: prefix => list(root, prefix),
    async discard(blobs) {
      for (const { key, version } of blobs) await discard(join(root, key), version);
    },
  };
}

async function* list(root: string, prefix: string): AsyncIterable<ListedBlob> {
  const directory = await opendir(join(root, prefix)).catch(ignoreMissing);
  if (directory === null) return;
  for await (const entry of directory) {
    const key = prefix + entry.name;
    if (entry.isDirectory()) yield* list(root, `${key}/`);
    else if (entry.name.startsWith(TAKEN)) await giveBack(join(root, key));
    else if (!entry.name.startsWith('.')) {
      const found = await look(join(root, key));
      if (found) yield { key, ...found };
    }
  }
}

async function look(path: string): Promise<Omit<ListedBlob, 'key'> | null> {
  const found = await stat(path, { bigint: true }).catch(ignoreMissing);
  return found && { version: `${found.ino}-${found.mtimeNs}`, storedAt: Number(found.mtimeMs) };
}

async function discard(path: string, version: string): Promise<void> {
  if ((await look(path))?.version !== version) return;
  const taken = join(dirname(path), TAKEN + path.slice(dirname(path).length + 1));
  await rename(path, taken).catch(ignoreMissing);
  if ((await look(taken))?.version === version) await unlink(taken).catch(ignoreMissing);
  else await rename(taken, path).catch(ignoreMissing);
}

/** Somebody was killed before they knew which put they had taken. */
async function giveBack(taken: string): Promise<void> {
  const name = taken.slice(dirname(taken).length + 1 + TAKEN.length);
  const path = join(dirname(taken), name);
  if (await look(path)) await unlink(taken).catch(ignoreMissing);
  else await rename(taken, path).catch(ignoreMissing);
}
