import { Worker } from 'node:worker_threads';
import { temporaryFor } from './durable-file.ts';

/** Octets that are handed to the thread at a time: enough to keep it busy, little beside what a run may use. */
const BATCH_BYTES = 1024 * 1024;
/** How long a file waits for others, in milliseconds: to wake a thread costs as much as to write a file. */
const GATHER_MS = 3;
const THREAD = new URL('./file-thread.mjs', import.meta.url);

interface Waiting {
  path: string;
  bytes: Uint8Array;
  resolve(): void;
  reject(error: Error): void;
}

/** What `file-thread.mjs` answers: for each file null, or why it is not on the disk. */
interface Answer {
  errors: readonly ({ code: string; message: string } | null)[];
}

const waiting: Waiting[] = [];
let waitingOctets = 0;
let thread: Worker | null = null;
let isBusy = false;
let gathering: NodeJS.Timeout | null = null;

/**
 * Writes a file as `writeDurably` does (temporary file, fsync, rename, fsync of the folder; mode 0600), in a thread that
 * takes what comes within a few milliseconds as one batch. The folder has to be there. Rejects with the errno of the
 * first step that failed. The thread starts with the first file, serves the whole process, and keeps it alive only
 * while it works.
 */
export function writeInThread(path: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ path, bytes, resolve, reject });
    waitingOctets += bytes.length;
    gather();
  });
}

/** Has what waits written when it is enough, or has waited long enough, and the thread is done with what it had. */
function gather(): void {
  if (isBusy || waiting.length === 0) return;
  if (waitingOctets < BATCH_BYTES) gathering ??= setTimeout(() => void writeWaiting(), GATHER_MS);
  else void writeWaiting();
}

async function writeWaiting(): Promise<void> {
  if (gathering) clearTimeout(gathering);
  gathering = null;
  isBusy = true;
  const batch = takeBatch();
  try {
    const { errors } = await writeBatch(batch);
    for (const [i, file] of batch.entries()) {
      const error = errors[i];
      if (error) file.reject(Object.assign(new Error(error.message), { code: error.code }));
      else file.resolve();
    }
  } catch (cause) {
    for (const { reject } of batch) reject(new Error('The thread that writes files ended.', { cause }));
  }
  isBusy = false;
  gather();
}

function takeBatch(): Waiting[] {
  let octets = 0;
  const more = waiting.findIndex(({ bytes }, i) => {
    octets += bytes.length;
    return octets > BATCH_BYTES && i > 0;
  });
  const batch = waiting.splice(0, more < 0 ? waiting.length : more);
  waitingOctets -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return batch;
}

/** The bytes are copied once, into memory that the thread then owns: their own is often part of a larger one. */
function writeBatch(batch: readonly Waiting[]): Promise<Answer> {
  const bytes = new Uint8Array(batch.reduce((sum, file) => sum + file.bytes.length, 0));
  let end = 0;
  const files = batch.map(file => {
    const start = end;
    bytes.set(file.bytes, start);
    end += file.bytes.length;
    return { path: file.path, temporary: temporaryFor(file.path), start, end };
  });
  return ask({ bytes: bytes.buffer, files }, [bytes.buffer]);
}

function ask(message: object, transfer: ArrayBuffer[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker =
      thread ?? new Worker(THREAD, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 2 } });
    thread = worker;
    worker.ref();
    const end = () => {
      worker.off('message', answered).off('error', failed).off('exit', failed);
      worker.unref();
    };
    const answered = (answer: Answer) => {
      end();
      resolve(answer);
    };
    const failed = (reason: unknown) => {
      end();
      thread = null;
      reject(reason);
    };
    worker.once('message', answered).once('error', failed).once('exit', failed);
    worker.postMessage(message, transfer);
  });
}
