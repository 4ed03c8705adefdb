import { randomUUID } from 'node:crypto';
import type { PullRequest, Services } from '../services.ts';
import { openSource } from '../source/open.ts';
import type { MailSource } from '../source/source.ts';
import {
  type Account,
  deleteDue,
  eraseAccount,
  getAccount,
  getHealth,
  type Health,
  takeLease,
} from '../store/accounts.ts';
import { commitRun, type PulledMailbox, type RunContext } from './context.ts';
import { failed, report, succeeded, working } from './health.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { hasWork, type Look, look } from './look.ts';
import { destroyMailboxes } from './mailbox-removal.ts';
import { pullOrder } from './mailboxes.ts';
import { hasChanged } from './plan.ts';
import { pullMailbox } from './pull.ts';
import { push } from './push.ts';
import { closeMailbox, type Removals } from './removals.ts';
import { sourceSettings } from './settings.ts';
import { stateCache } from './state-cache.ts';

export interface RunOptions {
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
  reason: PullRequest['reason'];
}

/**
 * idle: nothing to do; done; continue: the deadline came first; busy: another run is at work; failed: said in
 * the account's health; gone: there is no such account (any more).
 */
export type RunOutcome = 'idle' | 'done' | 'continue' | 'busy' | 'failed' | 'gone';

/**
 * One bounded pull of one account: look, push, pull, remove, as in docs/architecture.md. What goes wrong with
 * the source is written to the account's health and does not throw; a fault of the store does both.
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
  if (account.erasing) {
    await eraseAccount(services.table, services.blobs, accountId);
    return 'gone';
  }
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
  let source: MailSource | null = null;
  let held: Health = health;
  let graceful = false;
  try {
    source = await openSource(await sourceSettings(services, account.id, account));
    const seen = await look(services, account, source);
    const retry = options.reason === 'asked';
    if (!hasWork(seen, retry)) {
      graceful = true;
      await report(
        services,
        account,
        health,
        succeeded(health, services.now(), { ...seen, doubtful: false }, true),
      );
      return 'idle';
    }
    const owner = randomUUID();
    const now = services.now();
    held = working(health, owner, seen.atSource, now, now + LEASE_MS);
    if (!(await takeLease(services.table, account.id, held, now))) return 'busy';
    const lease = keepLease(services, account.id, owner);
    try {
      const result = await work(services, account, source, seen, {
        ...options,
        retry,
        checkLease: lease.check,
      });
      graceful = true;
      await report(services, account, held, succeeded(held, services.now(), result, result.complete));
      return result.complete ? 'done' : 'continue';
    } finally {
      lease.stop();
    }
  } catch (error) {
    await report(services, account, held, failed(held, services.now(), error));
    return 'failed';
  } finally {
    await source?.close(graceful);
  }
}

interface WorkOptions extends RunOptions {
  retry: boolean;
  checkLease: () => void;
}

interface WorkResult {
  complete: boolean;
  atSource: number;
  quarantined: number;
  doubtful: boolean;
}

async function work(
  services: Services,
  account: Account,
  source: MailSource,
  first: Look,
  { deadline, retry, checkLease }: WorkOptions,
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
    checkLease,
    retry,
  };
  const { created, updated } = first.mailboxChanges;
  await commitRun(run, async () => ({ mailboxes: { created, updated, destroyed: [] } }));
  run.paths = pathsOf(first);
  if (source.writer && first.unpushed.length > 0) await push(run, source.writer, first.head);
  const pulled = await pullAll(
    run,
    first.unpushed.length > 0 ? await look(services, account, source) : first,
  );
  if (pulled.complete && first.mailboxChanges.destroyed.length > 0) {
    await destroyMailboxes(run, first.mailboxChanges.destroyed);
  }
  const last = await look(services, account, source);
  return { ...pulled, atSource: last.atSource, quarantined: last.quarantined };
}

/** How often a run looks again for messages that were moved while it pulled. */
const LOOKS = 3;

/**
 * Pulls every mailbox that changed. Before anything is removed it looks again, so that a message that was moved
 * meanwhile is found at its new place before it leaves the old one.
 */
async function pullAll(run: RunContext, seen: Look): Promise<{ complete: boolean; doubtful: boolean }> {
  const open = new Map<string, Removals>();
  let current = seen;
  for (let round = 0; round < LOOKS; round++) {
    const changed = changedMailboxes(run, current, open, run.retry && round === 0);
    for (const mailbox of changed) {
      const result = await pullMailbox(run, mailbox);
      if (!result.complete) return { complete: false, doubtful: false };
      if (result.removals) open.set(mailbox.id, result.removals);
      else open.delete(mailbox.id);
    }
    if (changed.length === 0 || ![...open.values()].some(({ plan }) => plan.gone.length > 0)) break;
    current = await look(run.services, run.account, run.source);
  }
  for (const removal of open.values()) await closeMailbox(run, removal);
  return { complete: true, doubtful: [...open.values()].some(({ plan }) => plan.doubtful) };
}

/** The mailboxes to pull, in the order people want them; `open` ones count as handled up to what was seen. */
function changedMailboxes(
  run: RunContext,
  { source, quarantined }: Look,
  open: ReadonlyMap<string, Removals>,
  retry: boolean,
): PulledMailbox[] {
  const ids = new Map([...run.paths].map(([id, path]) => [path, id]));
  const changed = source.flatMap(mailbox => {
    const id = ids.get(mailbox.path);
    if (!id || !mailbox.status) return [];
    const handledTo = open.get(id)?.status ?? run.cursors.get(id)?.status;
    const again = (retry && quarantined > 0) || hasChanged(handledTo, mailbox.status);
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
