import { isDeepStrictEqual } from 'node:util';
import type { RetryWish, Services } from '../services.ts';
import type { MailboxStatus, MailSource, SourceMailbox } from '../source/source.ts';
import type { SourceAccount } from '../store/accounts.ts';
import {
  type Commit,
  type CommitDraft,
  isEmptyDraft,
  type MailboxCursor,
  mailboxCursor,
} from '../store/commit.ts';
import { commit, readUnpushed } from '../store/log.ts';
import type { EmailSummary, Head } from '../store/rows.ts';
import type { Budget } from './budget.ts';
import { bounded, isFullDue, type MailboxPlan, type Pending } from './plan.ts';
import type { LostEmail } from './recognise/candidates.ts';
import type { StateCache } from './state-cache.ts';

/** A mailbox of the source with the id it has here. */
export interface PulledMailbox extends SourceMailbox {
  id: string;
}

/** What the steps of one run share. */
export interface RunContext {
  services: Services;
  account: SourceAccount;
  source: MailSource;
  states: StateCache;
  /** Path at the source of each mailbox that can be opened, by mailboxId. */
  paths: ReadonlyMap<string, string>;
  /** Cursors by mailboxId: as stored, planned anew where UIDs were void, and as this run has committed them. */
  cursors: Map<string, MailboxCursor>;
  /** When the run has to stop, ms since the epoch. */
  deadline: number;
  /** When its connection is dropped, whatever it is doing, ms since the epoch. */
  cutOff: number;
  /** What may be fetched of what the provider allows in a day. */
  budget: Budget;
  /** What this run has committed so far. */
  progress: Progress;
  /** Throws when another run has taken the lease. */
  checkLease(): void;
  /** What of the quarantine is tried again in this run; null: nothing. */
  retry: RetryWish | null;
  /** Code of the failure that the run before this one ended with; null when it did not fail. */
  lastFailure: string | null;
  /** Whether the run before this one was killed: perhaps by a message, so that each is noted before it is fetched. */
  isCautious: boolean;
  /** Mailboxes whose loss of messages was seen in this run: only another run's look believes it. */
  doubted: Set<string>;
  /** Emails that may be found at another place in this run, by id: their messages are recognised there. */
  candidates: Map<string, LostEmail>;
}

export interface Progress {
  commits: number;
  /** Emails created. */
  created: number;
}

/**
 * Whether there is still time for another batch. A run that has committed nothing yet goes on past its deadline, so
 * that runs that are continued always come to an end, however little time each has.
 */
export const hasTime = (run: RunContext) => run.services.now() < run.deadline || run.progress.commits === 0;

/** Whether the connection was dropped because the run's time was over. */
export const isCutOff = (run: RunContext) => run.services.now() >= run.cutOff;

/**
 * Commits for a run. `build` sees what devices changed and the source has not been told (`pending`), and is
 * called again whenever a device was faster, so that it always builds on what is there.
 */
export async function commitRun(
  run: RunContext,
  build: (pending: ReadonlyMap<string, Pending>) => Promise<Omit<CommitDraft, 'by'> | null>,
  summaries?: ReadonlyMap<string, EmailSummary>,
): Promise<Commit | null> {
  run.checkLease();
  const { services, account, states } = run;
  const done = await commit(
    services,
    account.id,
    async head => {
      await states.at(head);
      const unpushed = run.source.writer ? await readUnpushed(services, account.id, head) : [];
      const built = await build(pendingIn(unpushed));
      const draft = built && { ...notBack(head, built), cursors: changedCursors(run, built.cursors) };
      if (!draft || isEmptyDraft({ by: 'run', ...draft })) return null;
      // With nothing to tell before it, this commit moves the position on: the log behind it is not read again.
      return { by: 'run', ...(unpushed.length === 0 && { pushed: head.applied + 1 }), ...draft };
    },
    {
      ...(summaries && { summaries }),
      members: ids => states.members(ids),
      destroyed: ids => states.destroyed(ids),
    },
  );
  if (!done) return null;
  states.applied(done);
  run.progress.commits += 1;
  run.progress.created += done.created.length;
  for (const [mailboxId, cursor] of Object.entries(done.cursors)) run.cursors.set(mailboxId, cursor);
  return done;
}

/** Where another run has told the source more meanwhile, its position stays. */
function notBack<T extends Pick<CommitDraft, 'pushed'>>(head: Head, draft: T): T {
  if (draft.pushed === undefined || draft.pushed > head.pushed) return draft;
  const { pushed: _, ...rest } = draft;
  return rest as T;
}

/** The cursors that are not as they were: to list a mailbox and find it the same is no reason to write. */
function changedCursors(run: RunContext, cursors: Readonly<Record<string, MailboxCursor>> = {}) {
  const isSame = (id: string, cursor: MailboxCursor) => {
    const before = mailboxCursor.safeParse(run.cursors.get(id));
    return before.success && isDeepStrictEqual(before.data, mailboxCursor.parse(cursor));
  };
  const stored = Object.entries(cursors).map(([id, cursor]) => [id, bounded(cursor)] as const);
  return Object.fromEntries(stored.filter(([id, cursor]) => !isSame(id, cursor)));
}

/** What devices changed of each Email in these commits. */
function pendingIn(unpushed: readonly Commit[]): Map<string, Pending> {
  const pending = new Map<string, { keywords: Set<string>; mailboxIds: Set<string> }>();
  for (const { patched } of unpushed) {
    for (const patch of patched) {
      const entry = pending.get(patch.id) ?? { keywords: new Set(), mailboxIds: new Set() };
      for (const keyword of Object.keys(patch.keywords ?? {})) entry.keywords.add(keyword);
      for (const mailboxId of Object.keys(patch.mailboxIds ?? {})) entry.mailboxIds.add(mailboxId);
      pending.set(patch.id, entry);
    }
  }
  return pending;
}

/** Since when changes of a mailbox are asked for; null where every message has to be listed. */
export function listedFrom(run: RunContext, { id, status }: PulledMailbox): MailboxStatus | null {
  const cursor = run.cursors.get(id);
  const isFull = status !== null && isFullDue(cursor, status, run.services.now());
  return isFull ? null : (cursor?.status ?? null);
}

/** The cursor as last committed in this run, or as planned when nothing was yet. */
export function cursorOf(run: RunContext, mailbox: PulledMailbox, plan: MailboxPlan): MailboxCursor {
  return run.cursors.get(mailbox.id) ?? plan.cursor;
}
