import { randomUUID } from 'node:crypto';
import { withinLimits } from '../deletion-limits.ts';
import { MailferryError } from '../errors.ts';
import type { PullRequest, RetryWish, Services } from '../services.ts';
import { limitsOf } from '../source/provider-limits.ts';
import type { MailSource, SourceSettings } from '../source/source.ts';
import { getAccount, getSourceAccount, type SourceAccount } from '../store/accounts.ts';
import { deleteDue, putDue } from '../store/due.ts';
import { getHealth, type Health, isLeased, putHealthIfFree } from '../store/health.ts';
import { catchUp } from '../store/log.ts';
import { type Budget, dayBudget, spentWords } from './budget.ts';
import { openInTurn, openUnlessBusy } from './connections.ts';
import type { RunContext } from './context.ts';
import { deleteAtSource, NOTHING_DELETED } from './deletion/deletion.ts';
import { isDeletionDue, readDeletion, type StoredDeletion } from './deletion/rule.ts';
import { settleDeletions } from './deletion/settle.ts';
import { erase } from './erase.ts';
import { failed, outOfBudget, report, type Seen, succeeded, working } from './health.ts';
import { keepLease, LEASE_MS, LeaseLostError } from './lease.ts';
import { compare, hasWork, type Look, look, readStore, type StoredSide } from './look.ts';
import { destroyMailboxes, emptyMailboxes } from './mailboxes/removal.ts';
import { settleMailboxes } from './mailboxes/settle.ts';
import { pushAndPull } from './pull/pull-all.ts';
import { initialDue, isOvertaken, isWithin } from './schedule.ts';
import { sourceSettings } from './settings.ts';
import { stateCache } from './state-cache.ts';

/** How often mailboxes whose status cannot show flag changes (no CONDSTORE) are listed whole. */
const UNMARKED_EVERY_MS = 15 * 60_000;

export interface RunOptions {
  /** When to stop taking on more, ms since the epoch. */
  deadline: number;
  reason: PullRequest['reason'];
  /** With `due`: when that was, ms since the epoch. */
  dueAt?: number | undefined;
  /** When the connection is dropped, whatever the server is doing; half a minute after the deadline by default. */
  cutOff?: number;
  /** What of the quarantine is tried again; by default all of it when a person asks, else nothing. */
  retry?: RetryWish | undefined;
  /** Told the code of what the run failed with. */
  onFailure?: (code: string) => void;
  /** How the source is opened; tests have sources of their own. */
  open?: (settings: SourceSettings) => Promise<MailSource>;
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
  const [account, health] = await Promise.all([
    getAccount(services.table, accountId),
    getHealth(services.table, accountId),
  ]);
  if (!account) {
    await deleteDue(services.table, accountId);
    return 'gone';
  }
  if (account.erasing) return (await erase(services, accountId)) ? 'gone' : 'busy';
  if (account.protocol === 'archive') return 'idle';
  if (account.paused) return leavePaused(services, accountId);
  if (health.phase === 'stopped' && options.reason !== 'asked') return 'idle';
  if (isLeased(health, services.now())) return 'busy';
  if (isOvertaken(health, options.dueAt, services.now())) return 'idle';
  return runWithSource(services, withinLimits(account, services.deletionLimits), health, options);
}

/** A run that was at work when the account was paused may have put it back on the due list. */
async function leavePaused({ table }: Services, accountId: string): Promise<RunOutcome> {
  await deleteDue(table, accountId);
  // Whoever resumed it just now had put it there first.
  const now = await getSourceAccount(table, accountId);
  if (now && !now.paused) await putDue(table, accountId, initialDue());
  return 'idle';
}

async function runWithSource(
  services: Services,
  account: SourceAccount,
  health: Health,
  options: RunOptions,
): Promise<RunOutcome> {
  const owner = randomUUID();
  const cutOff = options.cutOff ?? options.deadline + CUT_OFF_MS;
  const budget = dayBudget(limitsOf(account.host, account.protocol), health.fetched, services.now);
  let source: MailSource | null = null;
  let cut: NodeJS.Timeout | undefined;
  let graceful = false;
  let isIdle = false;
  // While the connection is made: an idle check takes as long as the slower of the two.
  const stored = readStored(services, account);
  stored.catch(() => {});
  try {
    const open = options.open ?? (settings => openInTurn(settings, 'run'));
    const settings = await sourceSettings(services, account.id, account);
    source = await openUnlessBusy(services, account.id, () => open(settings));
    cut = setTimeout(() => void source?.close(false), Math.max(0, cutOff - services.now()));
    const outcome = await lookAndWork(services, account, source, health, {
      ...options,
      stored,
      cutOff,
      budget,
      owner,
    });
    graceful = true;
    isIdle = outcome === 'idle';
    return outcome;
  } catch (error) {
    if (error instanceof LeaseLostError) return 'busy';
    const seen = { ...health, fetched: budget.fetched() };
    await report(services, account, health, failed(seen, services.now(), error), owner);
    if (!(error instanceof MailferryError)) throw error;
    options.onFailure?.(error.code);
    return 'failed';
  } finally {
    clearTimeout(cut);
    const closed = source?.close(graceful);
    // The goodbye is on its way, and its answer changes nothing: it would be a round trip of each idle check.
    if (!isIdle) await closed;
  }
}

/** What the store says, read while the source is being opened. */
interface Stored {
  side: StoredSide;
  deletion: StoredDeletion;
}

async function readStored(services: Services, { id, protocol }: SourceAccount): Promise<Stored> {
  const [side, deletion] = await Promise.all([
    readStore(services, id, protocol === 'imap'),
    readDeletion(services.table, id),
  ]);
  return { side, deletion };
}

async function lookAndWork(
  services: Services,
  account: SourceAccount,
  source: MailSource,
  health: Health,
  {
    owner,
    stored,
    deadline,
    cutOff,
    budget,
    reason,
    retry: wish,
  }: RunOptions & { owner: string; stored: Promise<Stored>; cutOff: number; budget: Budget },
): Promise<RunOutcome> {
  const asked = reason === 'asked' ? { since: services.now(), ids: null } : null;
  const retry = wish ?? asked;
  const isLongAgo = !isWithin(health.lastPullAt ?? 0, UNMARKED_EVERY_MS, services.now());
  const [mailboxes, { side, deletion }] = await Promise.all([source.mailboxes(), stored]);
  const listUnmarked = retry !== null || isLongAgo;
  const seen = compare(account, mailboxes, side, { at: services.now(), listUnmarked });
  const deletes = isDeletionDue(account, source, seen, deletion);
  if (!deletes && !hasWork(seen, retry !== null)) {
    const idle = succeeded(health, services.now(), { ...seen, doubtful: false, created: 0 }, true);
    await report(services, account, health, idle, owner);
    return 'idle';
  }
  const now = services.now();
  const busy = working(health, owner, seen.atSource, now, now + LEASE_MS);
  if (!(await putHealthIfFree(services.table, account.id, busy, owner, now))) return 'busy';
  const lease = keepLease(services, account.id, owner, budget);
  try {
    const result = await work(services, account, source, await refreshed(services, account, source, seen), {
      deadline,
      cutOff,
      budget,
      retry,
      checkLease: lease.check,
      lastFailure: health.code,
      isCautious: wasKilled(health),
    });
    const end = services.now();
    const counted = { ...health, fetched: budget.fetched() };
    const isSpent = budget.isSpent() && !result.complete;
    const words = spentWords(limitsOf(account.host, account.protocol), end);
    const done = isSpent
      ? outOfBudget(counted, end, result, words)
      : succeeded(counted, end, result, result.complete);
    await report(services, account, busy, done, owner);
    if (result.complete) return 'done';
    return result.hasProgressed && !isSpent ? 'continue' : 'waiting';
  } finally {
    lease.stop();
  }
}

/**
 * The look again, where another writer came between the reads and the lease: they were made before the source was even
 * open, and a run that began with an old cursor would commit it again.
 */
async function refreshed(
  services: Services,
  account: SourceAccount,
  source: MailSource,
  seen: Look,
): Promise<Look> {
  const { applied } = await catchUp(services, account.id);
  if (applied === seen.head.applied) return seen;
  const side = await readStore(services, account.id, source.writer !== null);
  return compare(account, seen.source, side, seen);
}

/** Whether the run before this one ended without a word, its lease left behind. */
const wasKilled = ({ phase, leaseOwner }: Health) => phase === 'pulling' && leaseOwner !== null;

interface WorkOptions {
  deadline: number;
  cutOff: number;
  budget: Budget;
  retry: RetryWish | null;
  checkLease: () => void;
  lastFailure: string | null;
  isCautious: boolean;
}

interface WorkResult extends Seen {
  complete: boolean;
  hasProgressed: boolean;
}

async function work(
  services: Services,
  account: SourceAccount,
  source: MailSource,
  first: Look,
  { deadline, cutOff, budget, retry, checkLease, lastFailure, isCautious }: WorkOptions,
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
    budget,
    progress: { commits: 0, created: 0 },
    checkLease,
    retry,
    lastFailure,
    isCautious,
    doubted: new Set(),
    candidates: new Map(),
  };
  const { destroyed, emptied, missed } = await settleMailboxes(run, first);
  const isHeldBack = missed.length > 0;
  await settleDeletions(run, first);
  const { pulled, refusal } = await pushAndPull(run, first, isHeldBack);
  if (pulled) await destroyMailboxes(run, destroyed);
  if (pulled) await emptyMailboxes(run, emptied);
  const last = pulled ? await look(services, account, source, false) : first;
  if (pulled && last.orphaned.length > 0) await destroyMailboxes(run, last.orphaned);
  // What devices changed while this run was at work goes on at once, not at the next pull.
  const isUpToDate = pulled && (last.unpushed.length === 0 || isHeldBack);
  // Last of all: for POP it ends the session.
  const { deleted, more } = pulled && !isHeldBack ? await deleteAtSource(run, last) : NOTHING_DELETED;
  // Said only now: what a server refuses to change keeps nothing else back.
  if (refusal && pulled) throw refusal;
  return {
    complete: isUpToDate && !more,
    hasProgressed: run.progress.commits > 0,
    created: run.progress.created,
    atSource: last.atSource - deleted,
    quarantined: last.quarantined,
    doubtful: run.doubted.size > 0 || isHeldBack,
  };
}
