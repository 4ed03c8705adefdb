import { type MboxEvent, readMbox } from '../mime/mbox.ts';
import type { ImportJob } from '../store/jobs.ts';
import { type BlobFile, chunksOf } from './blob-file.ts';
import { MessageError } from './errors.ts';
import { readZip } from './import-zip.ts';
import { type Taken, takeMessage } from './take-message.ts';

/** Where to go on: entry of the zip, and octet of it; without a zip, octet of the file. */
export interface Position {
  entry: number;
  offset: number;
}

/** One thing of an imported file, and how far the file is handled with it. */
export interface ImportEntry {
  next: Position;
  /** Octets of the file. */
  bytes: number;
  found: Found;
}

export type Found =
  | {
      kind: 'message';
      message: Taken;
      /** Names of its mailbox and those above it, top first; none where the file does not say. */
      mailbox: string[];
      /** Whether it is of an mbox, where its header may tell keywords. */
      isMbox: boolean;
      at: string;
    }
  /** What cannot be imported: where it is in the file, and why. */
  | { kind: 'failure'; at: string; code: string; reason: string }
  /** A file that is no mail, or nothing at all. */
  | { kind: 'ignored' | 'nothing' };

/** What a reader has to know. */
export interface Reading {
  file: BlobFile;
  from: Position;
  forImap: boolean;
}

/** Everything in an imported file, from a position on, as it comes; holds one message at a time. */
export function readImport(job: ImportJob, reading: Reading): AsyncGenerator<ImportEntry, void> {
  if (job.type === 'zip') return readZip(reading);
  return job.type === 'mbox' ? readMboxFile(reading) : readEml(reading);
}

async function* readEml({ file, from, forImap }: Reading): AsyncGenerator<ImportEntry, void> {
  if (from.entry > 0) return;
  const found = await taken(chunksOf(file), forImap, { at: '0', mailbox: [], isMbox: false });
  yield { next: { entry: 1, offset: 0 }, bytes: file.size, found };
}

async function* readMboxFile({ file, from, forImap }: Reading): AsyncGenerator<ImportEntry, void> {
  const events = readMbox(chunksOf(file, from.offset), from.offset);
  for await (const { next, found } of mboxMessages(events, { forImap, mailbox: [], at: '' })) {
    const offset = Math.min(next, file.size);
    yield { next: { entry: 0, offset }, bytes: offset, found };
  }
}

interface Place {
  mailbox: string[];
  at: string;
}

/** The messages of an mbox; `next` is the octet after each. What comes before the first is one failure. */
export async function* mboxMessages(
  events: AsyncGenerator<MboxEvent, void>,
  { forImap, mailbox, at }: Place & { forImap: boolean },
): AsyncGenerator<{ next: number; found: Found }, void> {
  let isNoMbox = false;
  for (let step = await events.next(); !step.done; step = await events.next()) {
    const event = step.value;
    if (event.kind === 'bytes') isNoMbox ||= event.bytes.toString('latin1').trim() !== '';
    if (event.kind !== 'message') continue;
    if (isNoMbox) yield { next: event.offset, found: noMbox(at) };
    isNoMbox = false;
    let next = event.offset;
    const bytes = async function* () {
      for (let inner = await events.next(); !inner.done; inner = await events.next()) {
        if (inner.value.kind === 'bytes') yield inner.value.bytes;
        else if (inner.value.kind === 'end') {
          next = inner.value.next;
          return;
        }
      }
    };
    const place = { at: `${at}${event.offset}`, mailbox, isMbox: true };
    const found = await taken(bytes(), forImap, place);
    // A message that was given up in the middle is read past.
    if (next === event.offset) for await (const _ of bytes());
    yield { next, found };
  }
  if (isNoMbox) yield { next: Number.MAX_SAFE_INTEGER, found: noMbox(at) };
}

const noMbox = (at: string): Found => ({
  kind: 'failure',
  at: `${at}0`,
  code: 'no-mbox',
  reason: 'What is here does not begin with a From_ line, as messages of an mbox do.',
});

/** A message, or why it is none. */
export async function taken(
  chunks: AsyncIterable<Uint8Array>,
  forImap: boolean,
  place: Place & { isMbox: boolean },
): Promise<Found> {
  try {
    return { kind: 'message', message: await takeMessage(chunks, forImap), ...place };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { kind: 'failure', at: place.at, code: error.code, reason: error.message };
  }
}
