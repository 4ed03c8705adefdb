import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MailferryError } from './errors.ts';
import { lambdaEntry } from './lambda.ts';
import { logger } from './logger.ts';
import type { Services } from './services.ts';
import { blobKeys } from './store/keys.ts';
import { sweepAccount } from './sweep/account.ts';

/**
 * The input of the schedule: `{ "time": "<aws.scheduler.scheduled-time>" }`. Each account has its turn every `days` days
 * (7 where it is not said), whatever the number of accounts: what there is to remove is in no hurry.
 */
const scheduledEvent = z.object({ time: z.iso.datetime(), days: z.int().min(1).default(7) });

const DAY_MS = 86_400_000;
/** Left for the rows and blobs that are just being removed when the deadline comes. */
const RESERVE_MS = 30_000;
const DEFAULT_MS = 10 * 60_000;

export interface SweepAnswer {
  /** Accounts that were swept, and those whose turn it was and for which no time was left. */
  accounts: number;
  left: number;
  /** Rows and blobs that were removed. */
  rows: number;
  blobs: number;
}

interface RunTime {
  getRemainingTimeInMillis?(): number;
}

/**
 * The sweep: once a day, removes of the accounts whose turn it is what nothing names any more. It finds accounts by their
 * blobs, so that archives and what is left of erased accounts are among them. It may be killed anywhere: it notes
 * nothing, and the next sweep finds what is left. Throws MailferryError `sweep` when an account could not be swept, after
 * all the others were.
 */
export function createHandler(services: Services) {
  return async (event: unknown, lambda: RunTime = {}): Promise<SweepAnswer> => {
    const { time, days } = scheduledEvent.parse(event);
    const remaining = lambda.getRemainingTimeInMillis?.() ?? DEFAULT_MS;
    const deadline = services.now() + remaining - RESERVE_MS;
    const day = Math.floor(Date.parse(time) / DAY_MS);
    const answer: SweepAnswer = { accounts: 0, left: 0, rows: 0, blobs: 0 };
    let faults = 0;
    for (const accountId of await accountsOfDay(services, day, days)) {
      if (services.now() >= deadline) {
        answer.left += 1;
        continue;
      }
      try {
        const { rows, blobs, complete } = await sweepAccount(services, accountId, deadline);
        answer.rows += rows;
        answer.blobs += blobs;
        if (complete) answer.accounts += 1;
        else answer.left += 1;
      } catch (error) {
        faults += 1;
        logger.error('sweep failed', { accountId, error: error instanceof Error ? error.name : 'unknown' });
      }
    }
    logger.info('sweep', { ...answer });
    if (faults > 0) throw new MailferryError('sweep', `${faults} accounts could not be swept; see the log.`);
    return answer;
  };
}

/** In another order each time, so that the end of a list that is too long for one sweep has its turn, too. */
async function accountsOfDay({ blobVersions }: Services, day: number, days: number): Promise<string[]> {
  const found: { accountId: string; place: number }[] = [];
  for await (const accountId of blobVersions.folders(blobKeys.allRaws)) {
    if (numberOf(accountId) % days === day % days) {
      found.push({ accountId, place: numberOf(`${accountId} ${day}`) });
    }
  }
  return found.sort((a, b) => a.place - b.place).map(({ accountId }) => accountId);
}

/** The same number for the same text, as if by chance. */
const numberOf = (text: string) => createHash('sha256').update(text).digest().readUInt32BE(0);

/** AWS Lambda entry. */
export const handler = lambdaEntry(createHandler);
