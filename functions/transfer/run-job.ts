import { randomUUID } from 'node:crypto';
import { say } from '../sentences/say.ts';
import type { Services } from '../services.ts';
import { getAccount } from '../store/accounts.ts';
import {
  changeJob,
  type ExportJob,
  endJob,
  getExport,
  getImport,
  type ImportJob,
  type JobName,
  takeJob,
} from '../store/jobs.ts';
import { blobKeys } from '../store/keys.ts';
import { catchUp } from '../store/log.ts';
import { TransferError } from './errors.ts';
import { type ExportRun, runExport } from './export-run.ts';
import { runImport } from './import-run.ts';
import { JOB_LEASE_MS, type JobLease, JobLostError, keepJob } from './job-lease.ts';
import { sweep } from './sweep.ts';

/** done; continue: there is more, for which another run is needed; busy: another is at work; gone: there is no such job. */
export type JobOutcome = 'done' | 'continue' | 'busy' | 'failed' | 'gone';

/** Runs in a row that come to nothing, after which a job is given up. */
const MOST_ATTEMPTS = 8;
/** How long a job is remembered after its end, and the files of an export are kept. */
export const JOB_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * One bounded run of an import or export. What is wrong with the file ends the job and does not throw; a fault of our
 * own does, and the job is tried again until it has come to nothing too often.
 */
export async function runJob(
  services: Services,
  name: JobName,
  options: { deadline: number } & Pick<ExportRun, 'limits'>,
): Promise<JobOutcome> {
  const { table } = services;
  const account = await getAccount(table, name.accountId);
  const job = await (name.kind === 'import' ? getImport : getExport)(table, name.accountId, name.id);
  if (!account || account.erasing || !job || job.endedAt !== undefined) {
    await endJob(table, name);
    return 'gone';
  }
  const owner = randomUUID();
  const now = services.now();
  if (!(await takeJob(table, name, { owner, now, until: now + JOB_LEASE_MS }))) return 'busy';
  const lease = keepJob(services, name, owner);
  try {
    if (job.attempts >= MOST_ATTEMPTS) {
      throw new TransferError('internal', say('job/internal'));
    }
    await sweep(services, account.id);
    return await work({ services, account, name, lease, ...options });
  } catch (error) {
    if (error instanceof JobLostError) return 'busy';
    if (!(error instanceof TransferError)) {
      await changeJob(table, name, owner, 0);
      throw error;
    }
    await end(services, name, lease, { problem: error.message, problemCode: error.code });
    return 'failed';
  } finally {
    lease.stop();
  }
}

/** The job is read again under the lease, and after the log was rolled forward: the run before may have changed it. */
async function work({ name, lease, ...run }: ExportRun): Promise<JobOutcome> {
  const { services, account } = run;
  const { table } = services;
  const ended = new JobLostError();
  await catchUp(services, account.id);
  if (name.kind === 'import') {
    const job = await getImport(table, account.id, name.id);
    if (!job || job.endedAt !== undefined) throw ended;
    const isDone = await runImport({ ...run, lease }, job);
    if (!isDone) return pause(services, name, lease);
    await finishImport(services, name, lease, job);
    // A source has still to be told.
    if (account.protocol === 'imap')
      await services.queue.send([{ accounts: [account.id], reason: 'changed' }]);
    return 'done';
  }
  const job = await getExport(table, account.id, name.id);
  if (!job || job.endedAt !== undefined) throw ended;
  const isDone = await runExport({ ...run, lease, name }, job);
  if (!isDone) return pause(services, name, lease);
  await end(services, name, lease);
  return 'done';
}

async function pause({ table }: Services, name: JobName, { owner }: JobLease): Promise<JobOutcome> {
  await changeJob(table, name, owner, 0);
  return 'continue';
}

/** The file was uploaded for this alone; S3 removes it later where this does not. */
async function finishImport(
  services: Services,
  name: JobName,
  lease: JobLease,
  job: ImportJob,
): Promise<void> {
  await end(services, name, lease);
  const isFile = job.blobKey.startsWith(blobKeys.uploadedFile(name.accountId, ''));
  if (isFile) await services.blobs.delete([job.blobKey]);
}

async function end(
  { table, now }: Services,
  name: JobName,
  { owner }: JobLease,
  more: Partial<Pick<ExportJob, 'problem' | 'problemCode'>> = {},
): Promise<void> {
  const at = now();
  const expires = Math.floor((at + JOB_DAYS * DAY_MS) / 1000);
  if (!(await changeJob(table, name, owner, 0, { endedAt: at, expires, ...more }))) throw new JobLostError();
  await endJob(table, name);
}
