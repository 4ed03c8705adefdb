import { MailferryError } from '../errors.ts';
import type { Sentence } from '../jmap/types.ts';
import { inEnglish, saidOtherwise, say, sentenceOf } from '../sentences/say.ts';
import type { Services } from '../services.ts';
import { SourceError } from '../source/errors.ts';
import type { SourceAccount } from '../store/accounts.ts';
import { deleteDue, getDue, putDue } from '../store/due.ts';
import { type Health, putHealthIfFree } from '../store/health.ts';
import { dueAfter, isFinal, isWithin, paced, slowedDown } from './schedule.ts';

/** What a person is told of an account, in words, and what it means for the next pull. */

const HOUR = 3_600_000;

/** What a run has seen, for the words and for the cadence. */
export interface Seen {
  atSource: number;
  quarantined: number;
  /** So much was gone at the source that a second look is waited for. */
  doubtful: boolean;
  /** Emails that this run created. */
  created: number;
}

const spoken = (said: Sentence[]): Pick<Health, 'message' | 'said'> => ({ message: inEnglish(said), said });

/** A run begins to work: the health row is its lease, too. */
export function working(health: Health, owner: string, atSource: number, now: number, until: number): Health {
  return {
    ...health,
    phase: 'pulling',
    code: null,
    ...spoken([say('status/first')]),
    lastPullAt: now,
    atSource,
    leaseOwner: owner,
    leaseUntil: until,
  };
}

/** Everything was looked at; `complete` is false when the run stopped at its deadline. */
export function succeeded(health: Health, now: number, seen: Seen, complete: boolean): Health {
  const { retryAt: _, ...kept } = health;
  return {
    ...kept,
    ...(complete && paced(health, now, seen.created > 0)),
    phase: complete ? 'ok' : 'pulling',
    code: null,
    ...spoken(complete ? whenOk(seen) : [say('status/first'), say('status/next-part')]),
    lastPullAt: now,
    lastSuccessAt: complete ? now : health.lastSuccessAt,
    failures: 0,
    atSource: seen.atSource,
    leaseOwner: null,
    leaseUntil: 0,
  };
}

function whenOk({ quarantined, doubtful }: Seen): Sentence[] {
  return [
    say('status/ok'),
    ...(quarantined > 0 ? [say('status/unreadable', { count: quarantined })] : []),
    ...(doubtful ? [say('status/doubtful')] : []),
  ];
}

const INTERNAL = 'Something went wrong here while fetching mail. It is tried again.';

/** A run could not go on. */
export function failed(health: Health, now: number, error: unknown): Health {
  const { retryAt: _, ...kept } = health;
  const known = error instanceof MailferryError;
  const code = known ? error.code : 'internal';
  const retryAfter = error instanceof SourceError ? error.retryAfter : undefined;
  return {
    ...kept,
    phase: isFinal(code) ? 'stopped' : 'failing',
    code,
    ...spoken([known ? sentenceOf(error) : saidOtherwise('internal', INTERNAL)]),
    lastPullAt: now,
    failures: health.failures + 1,
    leaseOwner: null,
    leaseUntil: 0,
    ...(code === 'throttled' && { floor: slowedDown(health, now) }),
    ...(retryAfter !== undefined && { retryAt: now + retryAfter }),
  };
}

/** Half an hour: what is new is looked for, and after midnight all goes on. */
const SPENT_RETRY_MS = 30 * 60_000;

/** What the provider allows in a day is used up, as far as we use it: no failure, and the history waits for tomorrow. */
export function outOfBudget(health: Health, now: number, seen: Seen, words: Sentence): Health {
  return {
    ...succeeded(health, now, seen, false),
    ...{ phase: 'failing', code: 'quota', ...spoken([words]) },
    retryAt: now + SPENT_RETRY_MS,
  };
}

/**
 * Writes health and what follows for the due list, unless another run has taken over. An idle poll writes
 * nothing, but once an hour and when the cadence moves by a step. `before` is what the row held, `owner` this run.
 */
export async function report(
  services: Services,
  account: SourceAccount,
  before: Health,
  after: Health,
  owner: string,
): Promise<void> {
  const now = services.now();
  const { table } = services;
  if (isOldNews(before, after, now)) return;
  if (!(await putHealthIfFree(table, account.id, after, owner, now))) return;
  const isWell = after.phase === 'ok' || after.phase === 'pulling';
  const present = isWell ? await getDue(table, account.id) : null;
  const due = dueAfter(account.id, after, present, { now, random: Math.random() });
  if (due === 'off') return deleteDue(table, account.id);
  if (due !== 'same') await putDue(table, account.id, due);
}

/** Whether what a run has to say is known already, and so recent that it need not be said again. Pure. */
export function isOldNews(
  before: Pick<Health, 'phase' | 'message' | 'atSource' | 'every' | 'lastPullAt'>,
  after: Pick<Health, 'phase' | 'message' | 'atSource' | 'every'>,
  now: number,
): boolean {
  const isSame =
    before.phase === after.phase &&
    before.message === after.message &&
    before.atSource === after.atSource &&
    before.every === after.every;
  return (
    isSame && after.phase === 'ok' && before.lastPullAt !== null && isWithin(before.lastPullAt, HOUR, now)
  );
}
