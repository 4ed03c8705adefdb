import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import { renewLease } from '../store/health.ts';
import type { Budget } from './budget.ts';

/** How long a run may be silent before another one takes over: short, so that a killed run is soon replaced. */
export const LEASE_MS = 20_000;
const RENEW_MS = 5_000;

/** Another run has taken over this account; this one stops before its next commit. */
export class LeaseLostError extends MailferryError {
  override name = 'LeaseLostError';

  constructor() {
    super('lease-lost', 'Another pull of this account has taken over.');
  }
}

/**
 * Renews a run's lease while it works, and with it notes what was fetched of the day's budget. `check` throws
 * LeaseLostError once another run has it.
 */
export function keepLease(
  services: Services,
  accountId: string,
  owner: string,
  budget: Pick<Budget, 'fetched'>,
): { check(): void; stop(): void } {
  let lost = false;
  const timer = setInterval(async () => {
    try {
      const until = services.now() + LEASE_MS;
      lost ||= !(await renewLease(services.table, accountId, { owner, until, fetched: budget.fetched() }));
    } catch {
      // A renewal that fails is tried again at the next tick; correctness does not depend on the lease.
    }
  }, RENEW_MS);
  return {
    check() {
      if (lost) throw new LeaseLostError();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
