import { z } from 'zod';
import { lambdaEntry } from './lambda.ts';
import type { PullRequest, Services } from './services.ts';
import { readDueList } from './store/due.ts';
import { dueJobOf } from './store/jobs.ts';
import { isLooking } from './store/looking.ts';
import { chunk } from './store/table.ts';
import { ACCOUNTS_A_MESSAGE, dueNow } from './sync/schedule.ts';

/** The input of the schedule: `{ "time": "<aws.scheduler.scheduled-time>" }`. */
const scheduledEvent = z.object({ time: z.iso.datetime() });

/**
 * The dispatcher: once a minute, asks for a pull of every account that is due in this minute. It reads the due list
 * page by page and sends as it reads, so that neither its memory nor the first pull depends on how long the list is.
 */
export function createHandler(services: Services): (event: unknown) => Promise<{ due: number }> {
  return async event => {
    const now = Date.parse(scheduledEvent.parse(event).time);
    const lookedAt = new Set<string>();
    let waiting: string[] = [];
    let count = 0;
    const send = async (accounts: readonly string[]) => {
      if (accounts.length === 0) return;
      const messages = chunk(accounts, ACCOUNTS_A_MESSAGE);
      await services.queue.send(messages.map(ids => ({ accounts: ids, reason: 'due', dueAt: now })));
    };
    for await (const { due, looking, jobs } of readDueList(services.table)) {
      await services.queue.send(jobs.flatMap(jobRequest));
      // Those who look come first in the list.
      for (const row of looking.filter(note => isLooking(note, now))) {
        for (const id of row.accounts) lookedAt.add(id);
      }
      const found = dueNow(due, lookedAt, now);
      count += found.length;
      waiting.push(...found.map(row => row.sk));
      const full = waiting.length - (waiting.length % ACCOUNTS_A_MESSAGE);
      await send(waiting.slice(0, full));
      waiting = waiting.slice(full);
    }
    await send(waiting);
    return { due: count };
  };
}

/** A job is asked for each minute until it has ended: a run that finds another at work on it ends at once. */
function jobRequest(sk: string): PullRequest[] {
  const job = dueJobOf(sk);
  return job ? [{ accounts: [job.accountId], reason: 'due', job: { kind: job.kind, id: job.id } }] : [];
}

/** AWS Lambda entry. */
export const handler = lambdaEntry(createHandler);
