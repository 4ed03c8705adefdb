import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { say } from '../sentences/say.ts';
import type { Blobs } from '../services.ts';
import { TransferError } from './errors.ts';

/** Octets of one read of a stream, and of one of a look here and there. */
const CHUNK = 2 * 1024 * 1024;
const BLOCK = 256 * 1024;
const KEPT_BLOCKS = 8;

/** A blob as a file that is read from here to there. */
export interface BlobFile {
  blobs: Blobs;
  key: string;
  /** Octets. */
  size: number;
}

/** The octets of a file from `start` to `end`, a few MB at a time, the next ones asked for ahead. */
export async function* chunksOf(file: BlobFile, start = 0, end = file.size): AsyncGenerator<Buffer, void> {
  let next = start < end ? readAhead(file, start, end) : null;
  for (let from = start; next; ) {
    const bytes: Buffer = await next;
    from += bytes.length;
    next = from < end ? readAhead(file, from, end) : null;
    yield bytes;
  }
}

/** Nobody may be listening when it fails: then whoever waits for it is told. */
function readAhead(file: BlobFile, from: number, end: number): Promise<Buffer> {
  const reading = readExactly(file, from, Math.min(end, from + CHUNK));
  reading.catch(() => {});
  return reading;
}

async function readExactly({ blobs, key }: BlobFile, start: number, end: number): Promise<Buffer> {
  const bytes = await blobs.get(key, { start, end });
  if (bytes?.length !== end - start) {
    throw new TransferError('missing-file', say('job/missing-file'));
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A blob as yauzl reads a file. The directory is read in many small steps, so the last blocks are kept. */
export class BlobReader extends RandomAccessReader {
  /** What went wrong with the blob, and not with what is in it. */
  problem: unknown = null;
  readonly #file: BlobFile;
  readonly #blocks = new Map<number, Promise<Buffer>>();

  constructor(file: BlobFile) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#watched(start, end), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (position + length > this.#file.size) {
      // What a damaged directory or header names: the archive's fault, and not the blob's.
      callback(new Error('The archive names octets beyond its end.'));
      return;
    }
    this.#fill(buffer, offset, length, position).then(
      () => callback(null),
      (error: unknown) => callback(this.#noted(error)),
    );
  }

  async *#watched(start: number, end: number): AsyncGenerator<Buffer, void> {
    try {
      yield* chunksOf(this.#file, start, end);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  #noted(error: unknown): Error {
    this.problem ??= error;
    return error instanceof Error ? error : new Error('The blob could not be read.');
  }

  async #fill(buffer: Buffer, offset: number, length: number, position: number): Promise<void> {
    for (let done = 0; done < length; ) {
      const at = position + done;
      const block = await this.#block(Math.floor(at / BLOCK));
      done += block.copy(buffer, offset + done, at % BLOCK, (at % BLOCK) + length - done);
    }
  }

  #block(index: number): Promise<Buffer> {
    const known = this.#blocks.get(index);
    if (known) return known;
    const start = index * BLOCK;
    const reading = readExactly(this.#file, start, Math.min(this.#file.size, start + BLOCK));
    this.#blocks.set(index, reading);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    return reading;
  }
}
