import { createHash } from 'node:crypto';
import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import type { Account } from '../store/accounts.ts';
import { changeJob, type ExportJob, type JobName } from '../store/jobs.ts';
import { blobKeys } from '../store/keys.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { type PART_LIMITS, planPart } from './export-plan.ts';
import { zipPart } from './export-zip.ts';
import { JOB_LEASE_MS, type JobLease, JobLostError } from './job-lease.ts';

/** What one run of an export works with. */
export interface ExportRun {
  services: Services;
  account: Account;
  name: JobName;
  lease: JobLease;
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
  /** How much a file may hold; for tests. */
  limits?: typeof PART_LIMITS | undefined;
}

/** How long after the deadline a file may still be written. */
const GRACE_MS = 10_000;

/** A file could not be finished in the time there was: the next run makes a smaller one. */
class OutOfTimeError extends MailferryError {
  override name = 'OutOfTimeError';
}

/**
 * Writes files of an export until all Emails are in one (true) or the time is over (false). A file is complete before
 * the job knows of it, and holds no more than one run can write: one that was killed in between writes it again, under
 * the same name. Throws JobLostError.
 */
export async function runExport(run: ExportRun, first: ExportJob): Promise<boolean> {
  const { services, deadline } = run;
  let job = first;
  let longest = 0;
  for (;;) {
    const begun = services.now();
    if (longest > 0 && begun + longest >= deadline) return false;
    try {
      const { changed, isLast } = await exportPart(run, job);
      if (isLast) return true;
      job = changed;
    } catch (error) {
      if (error instanceof OutOfTimeError) return false;
      throw error;
    }
    longest = Math.max(longest, services.now() - begun, 1);
  }
}

async function exportPart(
  { services, account, name, lease, deadline, limits }: ExportRun,
  job: ExportJob,
): Promise<{ changed: ExportJob; isLast: boolean }> {
  const { table, blobs, now } = services;
  const check = () => {
    lease.check();
    if (now() >= deadline + GRACE_MS)
      throw new OutOfTimeError('time', 'There is no time left for this file.');
  };
  const { emails, isLast } = await planPart(table, account.id, job, limits);
  if (emails.length === 0 && job.files.length > 0) return { changed: job, isLast };
  const nth = job.files.length + 1;
  const key = blobKeys.export(account.id, job.id, nth);
  const mailboxes = await listMailboxes(table, account.id);
  const part = zipPart(blobs, account.id, { type: job.type, nth, emails, mailboxes, check });
  const hash = createHash('sha256');
  const { size } = await blobs.putStream(key, hashed(part.chunks, hash), 'application/zip');
  lease.check();
  const file = { name: `export-${nth}.zip`, key, size, sha256: hash.digest('hex') };
  const changed: ExportJob = {
    ...job,
    ...{ after: emails.at(-1)?.id ?? job.after, files: [...job.files, file], attempts: 1 },
    exported: job.exported + emails.length - part.missing.size,
    missing: job.missing + part.missing.size,
  };
  const { after, files, exported, missing } = changed;
  const change = { after, files, exported, missing, attempts: 0 };
  const isOurs = await changeJob(table, name, lease.owner, now() + JOB_LEASE_MS, change);
  if (!isOurs) throw new JobLostError();
  return { changed, isLast };
}

async function* hashed(
  chunks: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
