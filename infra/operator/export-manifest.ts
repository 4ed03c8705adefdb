import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { counted } from '../text-table.ts';
import { OperatorError } from './errors.ts';

/** `manifest.json` of a customer's export: what was written, and how far it is. */

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const zipFile = z.object({
  /** Path below the folder of the export. */
  name: z.string().regex(/^[A-Za-z0-9_-]+\/export-\d+\.zip$/),
  /** Octets. */
  size: count,
  sha256,
  /** Messages; the zip's own manifest has the sha256 of each. */
  messages: count,
  /** Ids of those which, when it was read again after it was written, did not have their sha256. */
  damaged: z.array(z.string()),
});

const exportedAccount = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]+$/),
  name: z.string(),
  address: z.string(),
  protocol: z.enum(['imap', 'pop', 'archive']),
  /** The commit that the export is up to; null while it is under way. */
  commit: count.nullable(),
  /** Emails of the account at that commit. */
  emails: count,
  /** Ids of those of which the raw bytes are missing here, or are not what they were. */
  missing: z.array(z.string()),
  /** A line of JSON for each Email: its sha256, keywords, mailboxes, and the files that hold it. */
  index: z.object({ name: z.string(), sha256 }).nullable(),
  zips: z.array(zipFile),
});

export const manifestSchema = z.object({
  format: z.literal('mailferry-customer-export'),
  version: z.literal(1),
  customer: z.string(),
  awsAccount: z.string(),
  region: z.string(),
  /** The table that it was read from: a customer that is made anew has another. */
  table: z.string(),
  begunAt: z.string(),
  /** When all of it was written and read again; null before. */
  verifiedAt: z.string().nullable(),
  accounts: z.array(exportedAccount),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ExportedAccount = Manifest['accounts'][number];
export type ExportedZip = ExportedAccount['zips'][number];

const FILE = 'manifest.json';

/** Reads the manifest of a folder; null where there is none. Throws OperatorError `export`. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(error => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new OperatorError('export', `${join(folder, FILE)} is not the manifest of an export.`, { cause });
  }
}

/** Writes the manifest, whole or not at all. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Writes a file under another name, flushes it, and gives it its own. */
export async function writeDurably(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    // Each goes on where the one before it ended.
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
    else for await (const chunk of content) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

/** What the account of a stack is at. */
export interface AccountPosition {
  id: string;
  name: string;
  /** Its last commit. */
  commit: number;
}

/**
 * Why a customer must not be deleted with this export; nothing when it may. `now` is null where the table is gone
 * already, so that there is nothing newer. Pure.
 */
export function exportProblems(
  manifest: Manifest,
  customer: { id: string; awsAccount: string },
  now: { table: string; accounts: readonly AccountPosition[] } | null,
): string[] {
  if (manifest.customer !== customer.id || manifest.awsAccount !== customer.awsAccount) {
    return [`This is an export of ${manifest.customer} in the AWS account ${manifest.awsAccount}.`];
  }
  if (manifest.verifiedAt === null) return ['The export was not finished, or not verified.'];
  if (now && now.table !== manifest.table) return ['The export is of an earlier stack of this customer.'];
  const exported = new Map(manifest.accounts.map(account => [account.id, account]));
  const stale = (now?.accounts ?? []).flatMap(({ id, name, commit }) => {
    const found = exported.get(id);
    if (!found) return [`${id} (${name}) is not in the export.`];
    return found.commit === commit ? [] : [`${id} (${name}) has changed since the export.`];
  });
  const missing = manifest.accounts.flatMap(({ id, name, missing }) =>
    missing.length > 0
      ? [`${id} (${name}): the raw bytes of ${counted(missing.length, 'message')} are missing.`]
      : [],
  );
  return [...stale, ...missing];
}
