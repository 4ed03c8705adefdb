import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { awsServices } from './aws-services.ts';
import type { MailAccountTest } from './jmap/types.ts';
import { logger } from './logger.ts';
import type { Services, SourceTestRequest } from './services.ts';
import { inParallel } from './store/table.ts';
import { type RunOutcome, runAccount } from './sync/run.ts';
import { testSource } from './sync/test-source.ts';

const pullRequest = z.object({
  accounts: z.array(z.string()).min(1).max(10),
  reason: z.enum(['due', 'asked', 'changed', 'continued']),
});

const testRequest = z.object({
  test: z.object({
    protocol: z.enum(['imap', 'pop']),
    host: z.string(),
    port: z.number(),
    security: z.enum(['tls', 'starttls', 'none']),
    username: z.string(),
    sealedPassword: z.string(),
    accountId: z.string(),
  }),
});

/** Runs at once in one invocation: most are idle checks that wait for the network. */
const PARALLEL_RUNS = 5;
/** Left for the last commit after a run has noticed its deadline. */
const RESERVE_MS = 30_000;
const DEFAULT_RUN_MS = 5 * 60_000;
/** A run that found another at work looks again when that one's lease may have ended. */
const BUSY_DELAY_SECONDS = 20;

export interface RunTime {
  getRemainingTimeInMillis?(): number;
}

export type SyncEvent = SQSEvent | { test: SourceTestRequest };

/**
 * The sync function: queue messages naming accounts to pull (partial batch response), or a direct invocation
 * that tries settings. It alone opens credentials and reaches mail servers.
 */
export function createHandler(services: Services) {
  return async (event: SyncEvent, time: RunTime = {}): Promise<SQSBatchResponse | MailAccountTest> => {
    if (!('Records' in event)) return testSource(services, testRequest.parse(event).test);
    const remaining = time.getRemainingTimeInMillis?.();
    const deadline = services.now() + (remaining === undefined ? DEFAULT_RUN_MS : remaining - RESERVE_MS);
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const record of event.Records) {
      try {
        await pull(services, record.body, deadline);
      } catch (error) {
        logger.error('pull request failed', { messageId: record.messageId, error: nameOf(error) });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

/** Pulls the accounts of one request; throws the first fault of our own, after all of them have come to an end. */
async function pull(services: Services, body: string, deadline: number): Promise<void> {
  const { accounts, reason } = pullRequest.parse(JSON.parse(body));
  const faults: unknown[] = [];
  await inParallel(
    accounts,
    async accountId => {
      try {
        const outcome = await runAccount(services, accountId, { deadline, reason });
        logger.info('run', { accountId, outcome });
        await follow(services, accountId, outcome, reason);
      } catch (error) {
        faults.push(error);
      }
    },
    PARALLEL_RUNS,
  );
  if (faults.length > 0) throw faults[0];
}

async function follow(
  services: Services,
  accountId: string,
  outcome: RunOutcome,
  reason: z.infer<typeof pullRequest>['reason'],
): Promise<void> {
  const next = [{ accounts: [accountId], reason: 'continued' as const }];
  if (outcome === 'continue') await services.queue.send(next);
  if (outcome === 'busy' && reason !== 'continued') {
    await services.queue.send(next, { delaySeconds: BUSY_DELAY_SECONDS });
  }
}

/** What of an error may be logged: a mail server's words may quote what it was sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

let ready: ReturnType<typeof createHandler> | undefined;

/** AWS Lambda entry. */
export const handler = (event: SyncEvent, context: RunTime) => {
  ready ??= createHandler(awsServices(process.env));
  return ready(event, context);
};
