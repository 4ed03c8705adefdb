import type { Services } from '../services.ts';
import type { MailboxStatus, MailSource, SourceMailbox } from '../source/source.ts';
import type { SourceAccount } from '../store/accounts.ts';
import type { Commit, MailboxCursor } from '../store/commit.ts';
import { catchUp, readUnpushed } from '../store/log.ts';
import { listAllMailboxes, listCursors, listQuarantine } from '../store/mailboxes.ts';
import type { Head, MailboxRow } from '../store/rows.ts';
import { type MailboxChanges, planMailboxes } from './mailboxes/mailboxes.ts';
import { type PendingMailboxes, pendingMailboxes } from './mailboxes/pending.ts';
import { hasChanged, isFullDue } from './plan.ts';

/** What a cheap look at the source and at the store shows; enough to decide whether there is anything to do. */
export interface Look {
  source: SourceMailbox[];
  stored: MailboxRow[];
  cursors: Map<string, MailboxCursor>;
  head: Head;
  unpushed: Commit[];
  mailboxChanges: MailboxChanges;
  /** What devices did to mailboxes and the source has not been told. */
  pending: PendingMailboxes;
  /** Mailboxes that are neither here nor at the source, of which something is left to be cleared. */
  orphaned: string[];
  /** When this was, ms since the epoch. */
  at: number;
  /** Messages at the source, over all its mailboxes. */
  atSource: number;
  quarantined: number;
  /** Whether mailboxes without MODSEQ are listed although their status is the same: it does not show flags. */
  listUnmarked: boolean;
}

/** What the store holds of an account, as a look needs it. */
export interface StoredSide {
  head: Head;
  /** With the tombstones of destroyed ones. */
  mailboxes: MailboxRow[];
  cursors: Map<string, MailboxCursor>;
  quarantined: number;
  unpushed: Commit[];
}

/** Reads the store's side of a look; what devices changed only of a source that can be told (`hasWriter`). */
export async function readStore(
  services: Services,
  accountId: string,
  hasWriter: boolean,
): Promise<StoredSide> {
  const { table } = services;
  const head = await catchUp(services, accountId);
  const [mailboxes, cursors, quarantine, unpushed] = await Promise.all([
    listAllMailboxes(table, accountId),
    listCursors(table, accountId),
    listQuarantine(table, accountId),
    hasWriter ? readUnpushed(services, accountId, head) : [],
  ]);
  return { head, mailboxes, cursors, quarantined: quarantine.length, unpushed };
}

/**
 * Looks without writing: mailboxes with their status, against the stored cursors and the log. Outlook and other
 * servers without CONDSTORE show no change of flags in a status; `listUnmarked` has their mailboxes listed.
 */
export async function look(
  services: Services,
  account: SourceAccount,
  source: MailSource,
  listUnmarked: boolean,
): Promise<Look> {
  const seen = await source.mailboxes();
  const store = await readStore(services, account.id, source.writer !== null);
  return compare(account, seen, store, { at: services.now(), listUnmarked });
}

/** What both sides show beside each other. Pure. */
export function compare(
  { protocol }: Pick<SourceAccount, 'protocol'>,
  seen: SourceMailbox[],
  { head, mailboxes, cursors, quarantined, unpushed }: StoredSide,
  { at, listUnmarked }: Pick<Look, 'at' | 'listUnmarked'>,
): Look {
  const stored = mailboxes.filter(row => !row.destroyed);
  const pending = pendingMailboxes(unpushed, mailboxes, seen, cursors);
  return {
    source: seen,
    stored,
    cursors,
    head,
    unpushed,
    mailboxChanges: planMailboxes(protocol, seen, stored, cursors, { pending }),
    pending,
    orphaned: orphans(mailboxes, cursors, pending),
    at,
    atSource: seen.reduce((sum, mailbox) => sum + (mailbox.status?.messages ?? 0), 0),
    quarantined,
    listUnmarked,
  };
}

/** A device destroyed them, the source did so, and the run was killed before it cleared what they held. */
function orphans(
  rows: readonly MailboxRow[],
  cursors: ReadonlyMap<string, MailboxCursor>,
  { destroyed }: PendingMailboxes,
): string[] {
  const gone = rows.filter(row => row.destroyed && (cursors.get(row.id)?.uidValidity ?? '') !== '');
  return gone.map(({ id }) => id).filter(id => !destroyed.has(id));
}

/** Whether a run has anything to do; `retry` also counts what is in quarantine. */
export function hasWork(seen: Look, retry: boolean): boolean {
  if (Object.values(seen.mailboxChanges).some(changed => changed.length > 0)) return true;
  if (seen.unpushed.length + seen.orphaned.length > 0) return true;
  if (retry && seen.quarantined > 0) return true;
  const ids = new Map(seen.stored.map(mailbox => [mailbox.path, mailbox.id]));
  return seen.source.some(({ path, status }) => {
    const cursor = seen.cursors.get(ids.get(path) ?? '');
    return status && (needsPull(seen, cursor?.status, status) || isFullDue(cursor, status, seen.at));
  });
}

/** Whether a mailbox that was handled up to `handledTo` has to be looked into. */
export function needsPull(
  { listUnmarked }: Pick<Look, 'listUnmarked'>,
  handledTo: MailboxStatus | null | undefined,
  status: MailboxStatus,
): boolean {
  return hasChanged(handledTo, status) || (listUnmarked && status.highestModseq === null);
}
