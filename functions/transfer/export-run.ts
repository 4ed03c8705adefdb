import type { Services } from '../services.ts';
import type { Account } from '../store/accounts.ts';
import type { ExportJob, JobName } from '../store/jobs.ts';
import type { JobLease } from './job-lease.ts';

/** What one run of an export works with. */
export interface ExportRun {
  services: Services;
  account: Account;
  name: JobName;
  lease: JobLease;
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
}

export async function runExport(_run: ExportRun, _job: ExportJob): Promise<boolean> {
  return true;
}
