import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { z } from 'zod';
import type { ExportedZip } from './export-manifest.ts';

/** The manifest within a zip of an export (`functions/transfer/export-zip.ts`), as far as it is looked at. */
const zipManifest = z.object({
  format: z.literal('mailferry-export'),
  emails: z.array(
    z.object({
      id: z.string(),
      sha256: z.string(),
      size: z.number(),
      files: z.array(z.string()),
      missing: z.boolean().optional(),
    }),
  ),
});

/** A message of a zip. */
export interface ZippedMessage {
  zip: string;
  sha256: string;
  files: readonly string[];
}

/** What a zip holds, by id; and the ids of messages that are not as they should be. */
export interface ZipContent {
  messages: Map<string, ZippedMessage>;
  missing: string[];
}

/** What the zip itself says that it holds. */
export async function readZip(folder: string, name: string): Promise<ZipContent> {
  const { emails } = await manifestOf(join(folder, name));
  const there = emails.filter(({ missing }) => !missing);
  return {
    messages: new Map(there.map(({ id, sha256, files }) => [id, { zip: name, sha256, files }])),
    missing: emails.filter(({ missing }) => missing).map(({ id }) => id),
  };
}

/** Reads every file of a zip and compares it with the zip's own manifest. Gives the ids of what is not as it says. */
export async function damagedIn(folder: string, name: string): Promise<string[]> {
  const path = join(folder, name);
  const { emails } = await manifestOf(path);
  const found = new Map<string, string>();
  for await (const { zip, entry } of entries(path)) {
    if (!entry.fileName.endsWith('.eml')) continue;
    found.set(entry.fileName, await checksum(await zip.openReadStreamPromise(entry)));
  }
  const isWhole = ({ files, sha256 }: (typeof emails)[number]) =>
    files.length > 0 && files.every(file => found.get(file) === sha256);
  return emails.filter(email => !email.missing && !isWhole(email)).map(({ id }) => id);
}

/** Why a zip is not the one that was written; null when it is, octet by octet. */
export async function problemWithZip(
  folder: string,
  { name, size, sha256 }: ExportedZip,
): Promise<string | null> {
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (!found) return `${path} is not there.`;
  if (found.size !== size || (await checksum(createReadStream(path))) !== sha256) {
    return `${path} is not what was written.`;
  }
  return null;
}

async function manifestOf(path: string): Promise<z.infer<typeof zipManifest>> {
  for await (const { zip, entry } of entries(path)) {
    if (entry.fileName !== 'manifest.json') continue;
    return zipManifest.parse(JSON.parse(await text(await zip.openReadStreamPromise(entry))));
  }
  throw new Error(`${path} has no manifest.`);
}

async function* entries(path: string): AsyncGenerator<{ zip: ZipFile; entry: Entry }> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) yield { zip, entry };
  } finally {
    zip.close();
  }
}

/** The sha256 of what comes, in lower-case hex. */
export async function checksum(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
