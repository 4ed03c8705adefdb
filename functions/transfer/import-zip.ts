import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { readMbox } from '../mime/mbox.ts';
import { say } from '../sentences/say.ts';
import { BlobReader } from './blob-file.ts';
import { TransferError } from './errors.ts';
import { type Found, type ImportEntry, mboxMessages, type Reading, taken } from './import-file.ts';
import { cut, readZipName, type ZipName } from './zip-names.ts';

/** Mail deflates to a tenth at best. What claims to grow more than this, beyond the first MB, is made to do harm. */
const MOST_RATIO = 200;
const FREE_BYTES = 100 * 1024 * 1024;
/** Octets of a name that a report repeats. */
const SHOWN_NAME = 100;

/**
 * Everything in a zip archive that is mail: .eml files, and .mbox files message by message. It is read by its directory,
 * here and there; nothing is unpacked but what is passed on. Throws TransferError `not-readable` for what is no zip, and
 * `zip-bomb` for one that would unpack to more than 200 times its size.
 */
export async function* readZip(reading: Reading): AsyncGenerator<ImportEntry, void> {
  const { file, from } = reading;
  const reader = new BlobReader(file);
  if (from.entry === 0 && from.offset === 0) await checkSize(reader, file.size);
  const zip = await opened(reader, file.size);
  let index = -1;
  let packed = 0;
  for await (const entry of entriesOf(zip, reader)) {
    index += 1;
    packed += entry.compressedSize;
    if (index < from.entry) continue;
    const offset = index === from.entry ? from.offset : 0;
    yield* readEntry({ ...reading, from: { entry: index, offset } }, { zip, reader, entry, packed });
  }
}

async function opened(reader: BlobReader, size: number): Promise<ZipFile> {
  try {
    // Names are checked here, and never become paths.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
    return await fromRandomAccessReaderPromise(reader, size, options);
  } catch (error) {
    throw unreadable(reader, error);
  }
}

async function* entriesOf(zip: ZipFile, reader: BlobReader): AsyncGenerator<Entry, void> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    throw unreadable(reader, error);
  }
}

function unreadable({ problem }: BlobReader, cause: unknown): unknown {
  if (cause instanceof TransferError) return cause;
  if (problem) return problem;
  return new TransferError('not-readable', say('job/not-readable'), { cause });
}

/** Entries may share their octets, so that a small file claims to hold petabytes: the whole directory is added up. */
async function checkSize(reader: BlobReader, size: number): Promise<void> {
  let unpacked = 0;
  for await (const entry of entriesOf(await opened(reader, size), reader)) {
    unpacked += entry.uncompressedSize;
    if (unpacked > FREE_BYTES + MOST_RATIO * size) {
      throw new TransferError('zip-bomb', say('job/zip-bomb'));
    }
  }
}

interface Opened {
  zip: ZipFile;
  reader: BlobReader;
  entry: Entry;
  /** Packed octets up to the end of this entry. */
  packed: number;
}

async function* readEntry(reading: Reading, opened: Opened): AsyncGenerator<ImportEntry, void> {
  const { file, from } = reading;
  const { entry, packed } = opened;
  const next = { entry: from.entry + 1, offset: 0 };
  const bytes = Math.min(packed, file.size);
  const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  const name = readZipName(path);
  const at = cut(path.replace(/\p{Cc}/gu, ' '), SHOWN_NAME);
  const refused = refusalOf(entry, name, at);
  if (refused) {
    yield { next, bytes, found: refused };
    return;
  }
  try {
    if (name.kind === 'mbox') yield* readMboxEntry(reading, opened, name, at);
    else {
      const chunks = await opened.zip.openReadStreamPromise(entry);
      const place = { at, mailbox: name.mailbox, isMbox: false };
      const found = await taken(chunks, reading.forImap, place);
      chunks.destroy();
      yield { next, bytes, found };
      return;
    }
  } catch (error) {
    if (opened.reader.problem) throw opened.reader.problem;
    if (error instanceof TransferError || !isOfTheFile(error)) throw error;
    const found = failure(at, 'damaged', 'This file of the archive is damaged, at least from here on.');
    yield { next, bytes, found };
    return;
  }
  yield { next, bytes, found: { kind: 'nothing' } };
}

/** Inflating, and what the library finds wrong, throws plain errors; a full disk or a lost connection has a name. */
function isOfTheFile(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    error instanceof Error && (code === undefined || (typeof code === 'string' && code.startsWith('Z_')))
  );
}

function refusalOf(entry: Entry, { kind }: ZipName, at: string): Found | null {
  if (kind === 'nothing') return { kind: 'nothing' };
  if (kind === 'other') return { kind: 'ignored' };
  if (entry.isEncrypted()) {
    return failure(at, 'encrypted', 'This file of the archive is encrypted. Pack it without a password.');
  }
  if (!entry.canDecodeFileData()) {
    return failure(at, 'unsupported', 'This file of the archive is packed in a way that is not known here.');
  }
  return null;
}

const failure = (at: string, code: string, reason: string): Found => ({ kind: 'failure', at, code, reason });

/** What was handled of it before is unpacked again and skipped: deflate has no other way. */
async function* readMboxEntry(
  { file, from, forImap }: Reading,
  { zip, entry, packed }: Opened,
  { mailbox }: ZipName,
  at: string,
): AsyncGenerator<ImportEntry, void> {
  const stream = await zip.openReadStreamPromise(entry);
  const events = readMbox(skipped(stream, from.offset), from.offset);
  const share = entry.compressedSize / Math.max(1, entry.uncompressedSize);
  const before = packed - entry.compressedSize;
  for await (const { next, found } of mboxMessages(events, { forImap, mailbox, at: `${at} ` })) {
    const offset = Math.min(next, entry.uncompressedSize);
    const bytes = Math.min(file.size, Math.round(before + offset * share));
    yield { next: { entry: from.entry, offset }, bytes, found };
  }
}

async function* skipped(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    const from = Math.min(left, chunk.length);
    left -= from;
    if (from < chunk.length) yield chunk.subarray(from);
  }
}
