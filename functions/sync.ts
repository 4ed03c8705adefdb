import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import type { MailAccountDiscovery, MailAccountTest } from './jmap/types.ts';
import { lambdaEntry } from './lambda.ts';
import { logger } from './logger.ts';
import { measuresOf, noteRun, type RunFacts } from './metrics.ts';
import { notice } from './push/changes.ts';
import { type PushRequest, push, tellNoticed } from './push/tell.ts';
import type { PullRequest, RedeemAnswer, RedeemRequest, Services, SourceTestRequest } from './services.ts';
import { discover } from './source/discover.ts';
import { getAccount } from './store/accounts.ts';
import { inParallel } from './store/table.ts';
import type { Ledger } from './sync/ledger.ts';
import { redeemCode } from './sync/redeem.ts';
import { type RunOutcome, runAccount } from './sync/run.ts';
import { PARALLEL_RUNS } from './sync/schedule.ts';
import { testSource } from './sync/test-source.ts';
import { verifySource } from './sync/verify.ts';
import { runJob } from './transfer/run-job.ts';

const pullRequest = z.object({
  accounts: z.array(z.string()).min(1).max(10),
  reason: z.enum(['due', 'asked', 'changed', 'continued']),
  dueAt: z.number().optional(),
  job: z.object({ kind: z.enum(['import', 'export']), id: z.string() }).optional(),
  retry: z.object({ since: z.number(), ids: z.array(z.string()).nullable() }).optional(),
});

const user = { userId: z.string() };
const pushRequest = z.object({
  push: z.union([
    z.object({ ...user, verify: z.string() }),
    z.object({ ...user, flush: z.string() }),
    z.object({ ...user, changed: z.record(z.string(), z.record(z.string(), z.string())) }),
  ]),
});

const discoverRequest = z.object({ discover: z.object({ address: z.string() }) });

const source = {
  protocol: z.enum(['imap', 'pop']),
  host: z.string(),
  port: z.number(),
  security: z.enum(['tls', 'starttls', 'none']),
  username: z.string(),
};

const verifyRequest = z.object({ verify: z.object({ accountId: z.string() }) });

const redeemRequest = z.object({
  redeem: z.object({
    provider: z.string(),
    code: z.string(),
    redirectUri: z.string(),
    sealedVerifier: z.string(),
    verifierOf: z.string(),
    accountId: z.string(),
    source: z.object(source),
  }),
});

const testRequest = z.object({
  test: z.object({
    ...source,
    sealedPassword: z.string(),
    oauthProvider: z.string().optional(),
    sealedRefreshToken: z.string().optional(),
    accountId: z.string(),
  }),
});

/** Left for the slice that is under way when the deadline comes, and for its commit. */
const RESERVE_MS = 30_000;
/** Left of that for the commit alone: by then the connection is dropped, so that nobody ends us in between. */
const LAST_RESERVE_MS = 10_000;
const DEFAULT_RUN_MS = 5 * 60_000;
/** A run that found another at work looks again when that one's lease may have ended. */
const BUSY_DELAY_SECONDS = 20;

/** Of a ledger: an answer of Lambda must fit into 6 MB. */
const MOST_FINDINGS = 1_000;

export interface RunTime {
  getRemainingTimeInMillis?(): number;
}

export type SyncAnswer =
  | SQSBatchResponse
  | MailAccountTest
  | MailAccountDiscovery
  | RedeemAnswer
  | Ledger
  | null;

export type SyncEvent =
  | SQSEvent
  | { test: SourceTestRequest }
  | { discover: { address: string } }
  | { redeem: RedeemRequest }
  | { verify: { accountId: string } }
  | { push: PushRequest };

/**
 * The sync function: queue messages naming accounts to pull (partial batch response) or devices to push to, or a
 * direct invocation that tries settings, looks for those of an address, completes a sign-in, compares an account with
 * its source, or pushes. It alone opens credentials and reaches servers.
 */
export function createHandler(services: Services) {
  return async (event: SyncEvent, lambda: RunTime = {}): Promise<SyncAnswer> => {
    if ('discover' in event) {
      const { address } = discoverRequest.parse(event).discover;
      return discover(address, { allowPrivateHosts: services.allowPrivateHosts });
    }
    if ('redeem' in event) return redeemCode(services, redeemRequest.parse(event).redeem);
    if ('verify' in event) return verify(services, verifyRequest.parse(event).verify.accountId);
    if ('push' in event) {
      await push(services, pushRequest.parse(event).push);
      return null;
    }
    if (!('Records' in event)) return testSource(services, testRequest.parse(event).test);
    const remaining = lambda.getRemainingTimeInMillis?.();
    const end = services.now() + (remaining ?? DEFAULT_RUN_MS + RESERVE_MS);
    const time = { deadline: end - RESERVE_MS, cutOff: end - LAST_RESERVE_MS };
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    const runs: RunFacts[] = [];
    for (const record of event.Records) {
      try {
        const body: unknown = JSON.parse(record.body);
        const pushed = pushRequest.safeParse(body);
        if (pushed.success) {
          await push(services, pushed.data.push);
          continue;
        }
        const request = read(body, services.now());
        await (request.job ? workOn(services, request, time) : pull(services, request, time, runs));
      } catch (error) {
        logger.error('pull request failed', { messageId: record.messageId, error: nameOf(error) });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    const measures = measuresOf(runs);
    if (measures.length > 0) services.measure?.(measures);
    return { batchItemFailures };
  };
}

/** The ledger of an account without its blobs, which whoever asks can look at; null where there is no such account. */
async function verify(services: Services, accountId: string): Promise<Ledger | null> {
  const account = await getAccount(services.table, accountId);
  if (!account || account.erasing) return null;
  const ledger = await verifySource(services, account);
  return { ...ledger, findings: ledger.findings.slice(0, MOST_FINDINGS) };
}

/**
 * Pulls the accounts of one request; throws the first fault of our own, after all of them have come to an end. Those
 * that are not begun when the time is over go back to the queue; the first few always are begun. What each came to is
 * noted in `runs`.
 */
async function pull(
  services: Services,
  { accounts, ...request }: PullRequest,
  time: { deadline: number; cutOff: number },
  runs: RunFacts[],
): Promise<void> {
  const faults: unknown[] = [];
  const left: string[] = [];
  let begun = 0;
  await inParallel(
    accounts,
    async accountId => {
      begun += 1;
      if (begun > PARALLEL_RUNS && services.now() >= time.deadline) {
        left.push(accountId);
        return;
      }
      try {
        const outcome = await telling(services, told =>
          noteRun(runs, told, request, (watched, onFailure) =>
            runAccount(watched, accountId, { ...time, ...request, onFailure }),
          ),
        );
        // Most runs find nothing, and a line for each would cost more than the looks themselves.
        if (outcome !== 'idle') logger.info('run', { accountId, outcome });
        await follow(services, { ...request, accounts: [accountId] }, outcome);
      } catch (error) {
        faults.push(error);
      }
    },
    PARALLEL_RUNS,
  );
  if (left.length > 0) await services.queue.send([{ ...request, accounts: left }]);
  if (faults.length > 0) throw faults[0];
}

/** Does work that commits, and tells the devices afterwards, also when it failed half-way. */
async function telling<T>(services: Services, work: (told: Services) => Promise<T>): Promise<T> {
  const noticed = notice();
  try {
    return await work({ ...services, onCommit: noticed.add });
  } finally {
    // That a device hears of it at once is a courtesy: it also looks by itself.
    await tellNoticed(services, noticed).catch((error: unknown) => {
      logger.error('push failed', { error: nameOf(error) });
    });
  }
}

/**
 * Works on an import or export; what is left of it goes back to the queue. A job that is busy is asked for again by
 * the schedule.
 */
async function workOn(services: Services, request: PullRequest, time: { deadline: number }): Promise<void> {
  const [accountId] = request.accounts;
  if (!request.job || accountId === undefined) return;
  const { job } = request;
  const outcome = await telling(services, told => runJob(told, { ...job, accountId }, time));
  logger.info('job', { accountId, job: request.job, outcome });
  if (outcome === 'continue') await services.queue.send([{ ...request, reason: 'continued' }]);
}

/** Who asks for a pull wants all of the quarantine tried again, unless the request names what of it. */
function read(body: unknown, now: number): PullRequest {
  const { retry, ...request } = pullRequest.parse(body);
  if (retry) return { ...request, retry };
  return request.reason === 'asked' ? { ...request, retry: { since: now, ids: null } } : request;
}

/**
 * What follows a run: the rest of it at once; when another was at work, a look after that one's lease may have ended.
 * What a person asked for is asked for until it is done.
 */
async function follow(
  services: Services,
  { dueAt: _, ...request }: PullRequest,
  outcome: RunOutcome,
): Promise<void> {
  const next: PullRequest = { ...request, reason: 'continued' };
  if (outcome === 'continue') await services.queue.send([next]);
  if (outcome !== 'busy' || (request.reason === 'continued' && !request.retry)) return;
  const again = request.reason === 'asked' ? request : next;
  await services.queue.send([again], { delaySeconds: BUSY_DELAY_SECONDS });
}

/** What of an error may be logged: a mail server's words may quote what it was sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** AWS Lambda entry. */
export const handler = lambdaEntry(createHandler);
