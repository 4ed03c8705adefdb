import { isDeepStrictEqual } from 'node:util';
import { summarize } from '../mime/parse.ts';
import type { Services } from '../services.ts';
import type { Account } from '../store/accounts.ts';
import { getEmails } from '../store/emails.ts';
import { getImport, type ImportJob } from '../store/jobs.ts';
import { commit } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { putMessage } from '../sync/put-message.ts';
import { draftImport, type ImportSlice, type StoredMessage } from './import-draft.ts';
import { type Found, type ImportEntry, type Position, readImport } from './import-file.ts';
import { type JobLease, JobLostError } from './job-lease.ts';
import { mboxKeywords } from './mbox-keywords.ts';

/** Threads of so few messages are read one by one, and not with the whole account. */
const MESSAGES_A_SLICE = 150;
const BYTES_A_SLICE = 16 * 1024 * 1024;
/** Failures a slice: a file that is all damage is many small commits, not one that does not fit. */
const FAILURES_A_SLICE = 200;
const PARALLEL_PUTS = 8;

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
 * each slice, which holds the position after it: whatever is killed, nothing is taken twice and nothing is left out. At
 * least one slice is committed. Throws JobLostError, and TransferError for what ends the import.
 */
export async function runImport(run: ImportRun, job: ImportJob): Promise<boolean> {
  if (job.progress.done) return true;
  const { services, account, deadline } = run;
  const { entry, offset } = job.progress;
  const reading = {
    file: { blobs: services.blobs, key: job.blobKey, size: job.size },
    from: { entry, offset },
    forImap: account.protocol === 'imap',
  };
  let begun: Position = reading.from;
  let slice = newSlice(job, begun);
  const putting = puts(run);
  for await (const found of readImport(job, reading)) {
    await putting.take(found, slice);
    slice.next = found.next;
    slice.bytes = found.bytes;
    if (!isFull(slice, putting.bytes())) continue;
    await putting.all();
    await commitSlice(run, job.id, begun, slice);
    begun = slice.next;
    slice = newSlice(job, begun, slice.bytes);
    if (services.now() >= deadline) return false;
  }
  await putting.all();
  await commitSlice(run, job.id, begun, { ...slice, bytes: job.size, done: true });
  return true;
}

const newSlice = (job: ImportJob, next: Position, bytes = job.progress.bytes): ImportSlice => ({
  ...{ stored: [], failures: [], ignored: 0 },
  ...{ next, bytes, done: false },
});

const isFull = ({ stored, failures }: ImportSlice, bytes: number) =>
  stored.length >= MESSAGES_A_SLICE || failures.length >= FAILURES_A_SLICE || bytes >= BYTES_A_SLICE;

/** Makes messages durable, some at a time, and notes each in its slice in the order of the file. */
function puts({ services, account, lease }: ImportRun) {
  const waiting = new Set<Promise<void>>();
  let fault: { error: unknown } | null = null;
  let bytes = 0;
  const store = async (found: Found & { kind: 'message' }, slice: ImportSlice, index: number) => {
    const { head, sha256, size } = await putMessage(services.blobs, account.id, found.message);
    const summary = summarize(head, sha256, size);
    const keywords = found.isMbox ? mboxKeywords(head) : [];
    slice.stored[index] = { summary, keywords, mailbox: found.mailbox } satisfies StoredMessage;
  };
  const all = async () => {
    await Promise.all(waiting);
    bytes = 0;
    if (fault) throw fault.error;
  };
  return {
    all,
    bytes: () => bytes,
    async take({ found }: ImportEntry, slice: ImportSlice): Promise<void> {
      lease.check();
      if (found.kind === 'failure') {
        const { at, code, reason } = found;
        slice.failures.push({ at, code, reason });
      }
      if (found.kind === 'ignored') slice.ignored += 1;
      if (found.kind !== 'message') return;
      bytes += 'raw' in found.message ? found.message.raw.length : found.message.file.size;
      const index = slice.stored.length;
      slice.stored.length += 1;
      const put: Promise<void> = store(found, slice, index)
        .catch(error => {
          fault ??= { error };
        })
        .finally(() => waiting.delete(put));
      waiting.add(put);
      if (waiting.size >= PARALLEL_PUTS) await Promise.race(waiting);
      if (fault) await all();
    },
  };
}

/** Commits a slice where the job still is where the slice begins; another run may have been faster. */
async function commitSlice(
  { services, account, lease }: ImportRun,
  id: string,
  begun: Position,
  slice: ImportSlice,
): Promise<void> {
  const { table } = services;
  const summaries = new Map(slice.stored.map(({ summary }) => [summary.emailId, summary]));
  const written = await commit(
    services,
    account.id,
    async () => {
      lease.check();
      const job = await getImport(table, account.id, id);
      if (!job || job.progress.done) throw new JobLostError();
      const { entry, offset } = job.progress;
      if (!isDeepStrictEqual({ entry, offset }, { ...begun })) throw new JobLostError();
      const emails = await getEmails(table, account.id, [...summaries.keys()]);
      const states = new Map([...emails].map(([emailId, { state }]) => [emailId, state]));
      const mailboxes = await listMailboxes(table, account.id);
      const present = { protocol: account.protocol, states, mailboxes, now: services.now() };
      return draftImport(job, slice, present);
    },
    { summaries, expires: account.protocol !== 'imap' },
  );
  if (!written) throw new JobLostError();
}
