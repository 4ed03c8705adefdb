import { randomUUID } from 'node:crypto';
import { MailferryError } from '../errors.ts';
import type { PullRequest, RetryWish, Services } from '../services.ts';
import { openSource } from '../source/open.ts';
import type { MailSource } from '../source/source.ts';
import {
  type Account,
  deleteDue,
  getAccount,
  getHealth,
  type Health,
  putHealthIfFree,
} from '../store/accounts.ts';
import { chunk } from '../store/table.ts';
import { commitRun, hasTime, type PulledMailbox, type RunContext } from './context.ts';
import { erase } from './erase.ts';
import { failed, report, succeeded, working } from './health.ts';
import { keepLease, LEASE_MS, LeaseLostError } from './lease.ts';
import { hasWork, type Look, look, needsPull } from './look.ts';
import { destroyMailboxes } from './mailbox-removal.ts';
import { pullOrder } from './mailboxes.ts';
import { voidsUids } from './plan.ts';
import { pullMailbox } from './pull.ts';
import { push } from './push.ts';
import { closeMailbox, type Removals } from './removals.ts';
import { sourceSettings } from './settings.ts';
import { stateCache } from './state-cache.ts';

/** How often mailboxes whose status cannot show flag changes (no CONDSTORE) are listed whole. */
const UNMARKED_EVERY_MS = 15 * 60_000;

export interface RunOptions {
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
  reason: PullRequest['reason'];
  /** When the connection is dropped, whatever the server is doing; half a minute after the deadline by default. */
  cutOff?: number;
  /** What of the quarantine is tried again; by default all of it when a person asks, else nothing. */
  retry?: RetryWish | undefined;
}

const CUT_OFF_MS = 30_000;

/**
 * idle: nothing to do; done; continue: the deadline came first; waiting: it came first and nothing could be
 * committed, so that only the schedule goes on; busy: another run is at work; failed: said in the account's health;
 * gone: there is no such account (any more).
 */
export type RunOutcome = 'idle' | 'done' | 'continue' | 'waiting' | 'busy' | 'failed' | 'gone';

/**
 * One bounded pull of one account: look, push, pull, remove, as in docs/architecture.md. What goes wrong with
 * the source is written to the account's health and does not throw; a fault of our own does both.
 */
export async function runAccount(
  services: Services,
  accountId: string,
  options: RunOptions,
): Promise<RunOutcome> {
  const account = await getAccount(services.table, accountId);
  if (!account) {
    await deleteDue(services.table, accountId);
    return 'gone';
  }
  if (account.erasing) return (await erase(services, accountId)) ? 'gone' : 'busy';
  const health = await getHealth(services.table, accountId);
  if (health.phase === 'stopped' && options.reason !== 'asked') return 'idle';
  if (health.leaseUntil > services.now()) return 'busy';
  return runWithSource(services, account, health, options);
}

async function runWithSource(
  services: Services,
  account: Account,
  health: Health,
  options: RunOptions,
): Promise<RunOutcome> {
  const owner = randomUUID();
  const cutOff = options.cutOff ?? options.deadline + CUT_OFF_MS;
  let source: MailSource | null = null;
  let cut: NodeJS.Timeout | undefined;
  let graceful = false;
  try {
    source = await openSource(await sourceSettings(services, account.id, account));
    cut = setTimeout(() => void source?.close(false), Math.max(0, cutOff - services.now()));
    const outcome = await lookAndWork(services, account, source, health, { ...options, cutOff, owner });
    graceful = true;
    return outcome;
  } catch (error) {
    if (error instanceof LeaseLostError) return 'busy';
    await report(services, account, health, failed(health, services.now(), error), owner);
    if (error instanceof MailferryError) return 'failed';
    throw error;
  } finally {
    clearTimeout(cut);
    await source?.close(graceful);
  }
}

async function lookAndWork(
  services: Services,
  account: Account,
  source: MailSource,
  health: Health,
  { owner, deadline, cutOff, reason, retry: wish }: RunOptions & { owner: string; cutOff: number },
): Promise<RunOutcome> {
  const asked = reason === 'asked' ? { since: services.now(), ids: null } : null;
  const retry = wish ?? asked;
  const isLongAgo = services.now() - (health.lastPullAt ?? 0) > UNMARKED_EVERY_MS;
  const seen = await look(services, account, source, retry !== null || isLongAgo);
  if (!hasWork(seen, retry !== null)) {
    const idle = succeeded(health, services.now(), { ...seen, doubtful: false }, true);
    await report(services, account, health, idle, owner);
    return 'idle';
  }
  const now = services.now();
  const busy = working(health, owner, seen.atSource, now, now + LEASE_MS);
  if (!(await putHealthIfFree(services.table, account.id, busy, owner, now))) return 'busy';
  const lease = keepLease(services, account.id, owner);
  try {
    const result = await work(services, account, source, seen, {
      deadline,
      cutOff,
      retry,
      checkLease: lease.check,
      lastFailure: health.code,
    });
    const done = succeeded(health, services.now(), result, result.complete);
    await report(services, account, busy, done, owner);
    if (result.complete) return 'done';
    return result.hasProgressed ? 'continue' : 'waiting';
  } finally {
    lease.stop();
  }
}

interface WorkOptions {
  deadline: number;
  cutOff: number;
  retry: RetryWish | null;
  checkLease: () => void;
  lastFailure: string | null;
}

interface WorkResult {
  complete: boolean;
  hasProgressed: boolean;
  atSource: number;
  quarantined: number;
  doubtful: boolean;
}

async function work(
  services: Services,
  account: Account,
  source: MailSource,
  first: Look,
  { deadline, cutOff, retry, checkLease, lastFailure }: WorkOptions,
): Promise<WorkResult> {
  const states = stateCache(services, account.id);
  const run: RunContext = {
    services,
    account,
    source,
    states,
    cursors: new Map(first.cursors),
    paths: new Map(),
    deadline,
    cutOff,
    progress: { commits: 0, created: 0 },
    checkLease,
    retry,
    lastFailure,
    doubted: new Set(),
    candidates: new Map(),
  };
  await commitMailboxes(run, first.mailboxChanges);
  run.paths = pathsOf(first);
  const pulled = await pushAndPull(run, first);
  if (pulled && first.mailboxChanges.destroyed.length > 0) {
    await destroyMailboxes(run, first.mailboxChanges.destroyed);
  }
  const last = pulled ? await look(services, account, source, false) : first;
  // What devices changed while this run was at work goes on at once, not at the next pull.
  const complete = pulled && last.unpushed.length === 0;
  return {
    complete,
    hasProgressed: run.progress.commits > 0,
    atSource: last.atSource,
    quarantined: last.quarantined,
    doubtful: run.doubted.size > 0,
  };
}

/** Some accounts have thousands of mailboxes, and a commit has to stay below DynamoDB's 400 KB for an item. */
const MAILBOXES_A_COMMIT = 100;

async function commitMailboxes(run: RunContext, changes: Look['mailboxChanges']): Promise<void> {
  for (const created of chunk(changes.created, MAILBOXES_A_COMMIT)) {
    await commitRun(run, async () => ({ mailboxes: { created, updated: [], destroyed: [] } }));
  }
  for (const updated of chunk(changes.updated, MAILBOXES_A_COMMIT)) {
    await commitRun(run, async () => ({ mailboxes: { created: [], updated, destroyed: [] } }));
  }
}

/**
 * Devices first: what they changed is told to the source before its mailboxes are listed, so that one listing
 * shows both. But where a mailbox changed, another client may have moved what a device means, so it is pulled
 * before; and where stored UIDs are void, they mean nothing until the whole pull was done.
 * Gives false when the run's time was over before everything was pulled.
 */
async function pushAndPull(run: RunContext, first: Look): Promise<boolean> {
  const { writer } = run.source;
  if (!writer || first.unpushed.length === 0) return pullAll(run, first);
  if (changedMailboxes(run, first, new Map(), false).length > 0) {
    const areUidsVoid = hasVoidUids(run, first);
    const pulled = await pullAll(run, first);
    if (!pulled && areUidsVoid) return pulled;
  }
  const refusal = await push(run, writer);
  const pulled = await pullAll(run, await look(run.services, run.account, run.source, first.listUnmarked));
  // Said only now: what a server refuses to change keeps no mail back.
  if (refusal && pulled) throw refusal;
  return pulled;
}

function hasVoidUids(run: RunContext, { source }: Look): boolean {
  const ids = new Map([...run.paths].map(([id, path]) => [path, id]));
  return source.some(({ path, status }) => {
    const cursor = run.cursors.get(ids.get(path) ?? '');
    return status && cursor && voidsUids(cursor, status);
  });
}

/** How often a run looks again for messages that were moved while it pulled. */
const LOOKS = 3;

/**
 * Pulls every mailbox that changed. Before anything is removed it looks again, so that a message that was moved
 * meanwhile is found at its new place before it leaves the old one. Gives false when the run's time was over.
 */
async function pullAll(run: RunContext, seen: Look): Promise<boolean> {
  const open = new Map<string, Removals>();
  let current = seen;
  for (let round = 0; round < LOOKS; round++) {
    const changed = changedMailboxes(run, current, open, run.retry !== null && round === 0);
    for (const mailbox of changed) {
      if (!hasTime(run)) return false;
      const result = await pullMailbox(run, mailbox);
      if (!result.complete) return false;
      if (result.removals) open.set(mailbox.id, result.removals);
      else open.delete(mailbox.id);
    }
    if (changed.length === 0 || ![...open.values()].some(({ plan }) => plan.gone.length > 0)) break;
    current = await look(run.services, run.account, run.source, false);
  }
  // What has left one mailbox may be what did not come from another: then the next run looks again.
  const mayRemove = [...open.values()].every(({ status }) => status !== null);
  for (const { mailbox, plan, status } of open.values()) {
    if (mayRemove && status) await closeMailbox(run, mailbox, plan, status);
  }
  return true;
}

/** The mailboxes to pull, in the order people want them; `open` ones count as handled up to what was seen. */
function changedMailboxes(
  run: RunContext,
  seen: Look,
  open: ReadonlyMap<string, Removals>,
  retry: boolean,
): PulledMailbox[] {
  const ids = new Map([...run.paths].map(([id, path]) => [path, id]));
  const changed = seen.source.flatMap(mailbox => {
    const id = ids.get(mailbox.path);
    if (!id || !mailbox.status) return [];
    const handledTo = open.get(id)?.status ?? run.cursors.get(id)?.status;
    const again = (retry && seen.quarantined > 0) || needsPull(seen, handledTo, mailbox.status);
    return again ? [{ ...mailbox, id }] : [];
  });
  return pullOrder(changed);
}

/** Path at the source of each mailbox that can be opened, by mailboxId. */
function pathsOf({ stored, mailboxChanges, source }: Look): Map<string, string> {
  const selectable = new Set(source.filter(mailbox => mailbox.selectable).map(mailbox => mailbox.path));
  const all = [...stored, ...mailboxChanges.created, ...mailboxChanges.updated];
  return new Map(all.flatMap(({ id, path }) => (path !== null && selectable.has(path) ? [[id, path]] : [])));
}
