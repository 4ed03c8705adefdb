import { z } from 'zod';
import { awsServices } from './aws-services.ts';
import type { Services } from './services.ts';
import { listDue } from './store/accounts.ts';
import { chunk } from './store/table.ts';
import { isDue } from './sync/schedule.ts';

/** The input of the schedule: `{ "time": "<aws.scheduler.scheduled-time>" }`. */
const scheduledEvent = z.object({ time: z.iso.datetime() });

/** Queue messages carry up to ten accounts: one Lambda invocation pulls several idle mailboxes. */
const ACCOUNTS_A_MESSAGE = 10;

/** The dispatcher: once a minute, asks for a pull of every account that is due in this minute. */
export function createHandler(services: Services): (event: unknown) => Promise<{ due: number }> {
  return async event => {
    const now = Date.parse(scheduledEvent.parse(event).time);
    const due = (await listDue(services.table)).filter(row => isDue(row, now)).map(row => row.sk);
    await services.queue.send(chunk(due, ACCOUNTS_A_MESSAGE).map(accounts => ({ accounts, reason: 'due' })));
    return { due: due.length };
  };
}

let ready: ReturnType<typeof createHandler> | undefined;

/** AWS Lambda entry. */
export const handler = (event: unknown) => {
  ready ??= createHandler(awsServices(process.env));
  return ready(event);
};
