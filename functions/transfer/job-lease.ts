import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import { getAccount } from '../store/accounts.ts';
import { changeJob, type JobName } from '../store/jobs.ts';

/** How long a run may be silent before another one takes the job over. */
export const JOB_LEASE_MS = 30_000;
const RENEW_MS = 8_000;

/** The job was cancelled, taken over, or its account is being removed; this run stops before its next step. */
export class JobLostError extends MailferryError {
  override name = 'JobLostError';

  constructor() {
    super('job-lost', 'This import or export is not ours any more.');
  }
}

/** A run's hold on a job. */
export interface JobLease {
  owner: string;
  /** Throws JobLostError once the job is not this run's any more. */
  check(): void;
  stop(): void;
}

/** Renews a run's lease while it works. An account that is being removed loses it, and is erased after it ended. */
export function keepJob(services: Services, name: JobName, owner: string): JobLease {
  let until = services.now() + JOB_LEASE_MS;
  let isLost = false;
  const timer = setInterval(async () => {
    try {
      const next = services.now() + JOB_LEASE_MS;
      const account = await getAccount(services.table, name.accountId);
      isLost ||= !account || account.erasing === true;
      isLost ||= !(await changeJob(services.table, name, owner, next));
      until = next;
    } catch {
      // A renewal that fails is tried again at the next tick.
    }
  }, RENEW_MS);
  return {
    owner,
    check() {
      if (isLost || services.now() >= until) throw new JobLostError();
    },
    stop: () => clearInterval(timer),
  };
}
