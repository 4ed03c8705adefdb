import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import { type Account, deleteDue, getDue, type Health, putDue, putHealthIfFree } from '../store/accounts.ts';
import { CADENCE_MINUTES, failedDue, initialDue, settledDue } from './schedule.ts';

/** What a person is told of an account, in words, and what it means for the next pull. */

const HOUR = 3_600_000;
/** What only the person can mend: trying again by ourselves may lock the account at its provider. */
const STOPS = new Set(['authentication', 'forbidden-host', 'sealed']);

/** A run begins to work: the health row is its lease, too. */
export function working(health: Health, owner: string, atSource: number, now: number, until: number): Health {
  return {
    ...health,
    phase: 'pulling',
    code: null,
    message: 'Fetching mail.',
    lastPullAt: now,
    atSource,
    leaseOwner: owner,
    leaseUntil: until,
  };
}

/** Everything was looked at; `complete` is false when the run stopped at its deadline. */
export function succeeded(
  health: Health,
  now: number,
  seen: { atSource: number; quarantined: number; doubtful: boolean },
  complete: boolean,
): Health {
  return {
    phase: complete ? 'ok' : 'pulling',
    code: null,
    message: complete ? okMessage(seen) : 'Fetching mail; the next part follows at once.',
    lastPullAt: now,
    lastSuccessAt: complete ? now : health.lastSuccessAt,
    failures: 0,
    atSource: seen.atSource,
    leaseOwner: null,
    leaseUntil: 0,
  };
}

function okMessage({ quarantined, doubtful }: { quarantined: number; doubtful: boolean }): string {
  const words = ['Up to date.'];
  if (quarantined > 0) {
    const messages = quarantined === 1 ? '1 message' : `${quarantined} messages`;
    words.push(`${messages} could not be read and stayed on the server.`);
  }
  if (doubtful) {
    words.push(
      'The server shows far fewer messages than before; nothing is removed here until a second look.',
    );
  }
  return words.join(' ');
}

/** A run could not go on. */
export function failed(health: Health, now: number, error: unknown): Health {
  const known = error instanceof MailferryError;
  const code = known ? error.code : 'internal';
  return {
    phase: STOPS.has(code) ? 'stopped' : 'failing',
    code,
    message: known ? error.message : 'Something went wrong here while fetching mail. It is tried again.',
    lastPullAt: now,
    lastSuccessAt: health.lastSuccessAt,
    failures: health.failures + 1,
    atSource: health.atSource,
    leaseOwner: null,
    leaseUntil: 0,
  };
}

/**
 * Writes health and what follows for the due list, unless another run has taken over. An idle poll writes
 * nothing, but once an hour. `before` is what the row held, `owner` this run.
 */
export async function report(
  services: Services,
  account: Account,
  before: Health,
  after: Health,
  owner: string,
): Promise<void> {
  const now = services.now();
  const { table } = services;
  if (isOldNews(before, after, now)) return;
  if (!(await putHealthIfFree(table, account.id, after, owner, now))) return;
  if (after.phase === 'stopped') return deleteDue(table, account.id);
  if (after.phase === 'failing') {
    return putDue(table, account.id, failedDue(account.id, after.failures, now, Math.random()));
  }
  const due = await getDue(table, account.id);
  const settled = after.phase === 'ok' && due?.every !== CADENCE_MINUTES;
  if (settled) await putDue(table, account.id, settledDue(account.id));
  else if (!due) await putDue(table, account.id, initialDue());
}

function isOldNews(before: Health, after: Health, now: number): boolean {
  const same =
    before.phase === after.phase && before.message === after.message && before.atSource === after.atSource;
  return same && after.phase === 'ok' && before.lastPullAt !== null && now - before.lastPullAt < HOUR;
}
