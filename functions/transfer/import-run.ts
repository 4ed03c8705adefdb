import { isDeepStrictEqual } from 'node:util';
import { summarize } from '../mime/parse.ts';
import type { Services } from '../services.ts';
import type { Account } from '../store/accounts.ts';
import { getImport, type ImportJob } from '../store/jobs.ts';
import { commit } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { type Commits, createCommits, createPuts, type Puts } from '../sync/pull/overlap.ts';
import { putMessage } from '../sync/pull/put-message.ts';
import { type StateCache, stateCache } from '../sync/state-cache.ts';
import { draftImport, type ImportSlice, type StoredMessage } from './import-draft.ts';
import { type Found, type ImportEntry, type Position, readImport } from './import-file.ts';
import { type JobLease, JobLostError } from './job-lease.ts';
import { mboxKeywords } from './mbox-keywords.ts';

const MESSAGES_A_SLICE = 150;
const BYTES_A_SLICE = 16 * 1024 * 1024;
/** Failures a slice: a file that is all damage is many small commits, not one that does not fit. */
const FAILURES_A_SLICE = 200;
/** A file of more slices makes the run hold the whole index of the account: few threads are read one by one. */
const FEW_SLICES = 2;

/** What one run of an import works with. */
export interface ImportRun {
  services: Services;
  account: Account;
  lease: JobLease;
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
}

/**
 * Imports from where the job is until the file ends (true) or the time is over (false). Blob first, then one commit for
 * each slice, which holds the position after it: whatever is killed, nothing is taken twice and nothing is left out. The
 * file is read, and the next blobs are put, while a slice is committed. At least one slice is committed. Throws
 * JobLostError, and TransferError for what ends the import.
 */
export async function runImport(run: ImportRun, job: ImportJob): Promise<boolean> {
  if (job.progress.done) return true;
  const commits = createCommits();
  try {
    return await importSlices(run, job, commits);
  } finally {
    // Whatever went wrong with the file, what was read before it counts.
    await commits.ended();
  }
}

async function importSlices(run: ImportRun, job: ImportJob, commits: Commits): Promise<boolean> {
  const { services, account, deadline } = run;
  const { entry, offset } = job.progress;
  const reading = {
    file: { blobs: services.blobs, key: job.blobKey, size: job.size },
    from: { entry, offset },
    forImap: account.protocol === 'imap',
  };
  const states = stateCache(services, account.id);
  let begun: Position = reading.from;
  let slice = newSlice(job, begun);
  let count = 0;
  let bytes = 0;
  const puts = createPuts();
  const finish = async (finished: ImportSlice) => {
    await puts.all();
    const from = begun;
    count += 1;
    if (count > FEW_SLICES) states.expectMuch();
    await commits.begin(() => commitSlice(run, states, job.id, from, finished));
  };
  try {
    for await (const found of readImport(job, reading)) {
      bytes += await take(run, puts, found, slice);
      slice.next = found.next;
      slice.bytes = found.bytes;
      if (!isFull(slice, bytes)) continue;
      await finish(slice);
      begun = slice.next;
      slice = newSlice(job, begun, slice.bytes);
      bytes = 0;
      if (services.now() >= deadline) return false;
    }
  } finally {
    // Temporary files go with the puts that have them.
    await puts.all();
  }
  await finish({ ...slice, bytes: job.size, done: true });
  return true;
}

const newSlice = (job: ImportJob, next: Position, bytes = job.progress.bytes): ImportSlice => ({
  ...{ stored: [], failures: [], ignored: 0 },
  ...{ next, bytes, done: false },
});

const isFull = ({ stored, failures }: ImportSlice, bytes: number) =>
  stored.length >= MESSAGES_A_SLICE || failures.length >= FAILURES_A_SLICE || bytes >= BYTES_A_SLICE;

/** Begins to make a message durable, and notes it in its slice in the order of the file. Gives its octets. */
async function take(run: ImportRun, puts: Puts, { found }: ImportEntry, slice: ImportSlice): Promise<number> {
  if (found.kind === 'failure') {
    const { at, code, reason } = found;
    slice.failures.push({ at, code, reason });
  }
  if (found.kind === 'ignored') slice.ignored += 1;
  if (found.kind !== 'message') {
    run.lease.check();
    return 0;
  }
  const { message } = found;
  const index = slice.stored.length;
  slice.stored.length += 1;
  await puts.add('raw' in message ? message.raw.length : message.file.head.length, async () => {
    slice.stored[index] = await store(run, found);
  });
  if (puts.hasFailed()) await puts.all();
  return 'raw' in message ? message.raw.length : message.file.size;
}

/** Checks the lease where the temporary file is removed, too, when the job is lost. */
async function store(
  { services, account, lease }: ImportRun,
  { message, isMbox, mailbox }: Found & { kind: 'message' },
): Promise<StoredMessage> {
  const { head, sha256, size } = await putMessage(services.blobs, account.id, message, lease.check);
  const keywords = isMbox ? mboxKeywords(head) : [];
  return { summary: summarize(head, sha256, size), keywords, mailbox };
}

/** Commits a slice where the job still is where the slice begins; another run may have been faster. */
async function commitSlice(
  { services, account, lease }: ImportRun,
  states: StateCache,
  id: string,
  begun: Position,
  slice: ImportSlice,
): Promise<void> {
  const { table } = services;
  const summaries = new Map(slice.stored.map(({ summary }) => [summary.emailId, summary]));
  const written = await commit(
    services,
    account.id,
    async head => {
      lease.check();
      await states.at(head);
      const [job, known, mailboxes] = await Promise.all([
        getImport(table, account.id, id),
        states.states([...summaries.keys()]),
        listMailboxes(table, account.id),
      ]);
      if (!job || job.progress.done) throw new JobLostError();
      const { entry, offset } = job.progress;
      if (!isDeepStrictEqual({ entry, offset }, { ...begun })) throw new JobLostError();
      const present = { protocol: account.protocol, states: known, mailboxes, now: services.now() };
      return draftImport(job, slice, present);
    },
    {
      summaries,
      expires: account.protocol !== 'imap',
      members: ids => states.members(ids),
      destroyed: ids => states.destroyed(ids),
    },
  );
  if (!written) throw new JobLostError();
  states.applied(written);
}
