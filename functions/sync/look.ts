import type { Services } from '../services.ts';
import type { MailSource, SourceMailbox } from '../source/source.ts';
import type { Account } from '../store/accounts.ts';
import type { Commit, MailboxCursor } from '../store/commit.ts';
import { catchUp, readUnpushed } from '../store/log.ts';
import { listCursors, listMailboxes, listQuarantine } from '../store/mailboxes.ts';
import type { Head, MailboxRow } from '../store/rows.ts';
import { type MailboxChanges, planMailboxes } from './mailboxes.ts';
import { hasChanged } from './plan.ts';

/** What a cheap look at the source and at the store shows; enough to decide whether there is anything to do. */
export interface Look {
  source: SourceMailbox[];
  stored: MailboxRow[];
  cursors: Map<string, MailboxCursor>;
  head: Head;
  unpushed: Commit[];
  mailboxChanges: MailboxChanges;
  /** Messages at the source, over all its mailboxes. */
  atSource: number;
  quarantined: number;
}

/** Looks without writing: mailboxes with their status, against the stored cursors and the log. */
export async function look(services: Services, account: Account, source: MailSource): Promise<Look> {
  const seen = await source.mailboxes();
  const { table } = services;
  const head = await catchUp(services, account.id);
  const [stored, cursors, quarantine, unpushed] = await Promise.all([
    listMailboxes(table, account.id),
    listCursors(table, account.id),
    listQuarantine(table, account.id),
    source.writer ? readUnpushed(services, account.id, head) : [],
  ]);
  return {
    source: seen,
    stored,
    cursors,
    head,
    unpushed,
    mailboxChanges: planMailboxes(account.protocol, seen, stored),
    atSource: seen.reduce((sum, mailbox) => sum + (mailbox.status?.messages ?? 0), 0),
    quarantined: quarantine.length,
  };
}

/** Whether a run has anything to do; `retry` also counts what is in quarantine. */
export function hasWork(seen: Look, retry: boolean): boolean {
  const { created, updated, destroyed } = seen.mailboxChanges;
  if (created.length + updated.length + destroyed.length + seen.unpushed.length > 0) return true;
  if (retry && seen.quarantined > 0) return true;
  const ids = new Map(seen.stored.map(mailbox => [mailbox.path, mailbox.id]));
  return seen.source.some(
    ({ path, status }) => status && hasChanged(seen.cursors.get(ids.get(path) ?? '')?.status, status),
  );
}
