import type { MailboxStatus, SourceEntry } from '../source/source.ts';
import type { Commit, CommitDraft, Quarantined } from '../store/commit.ts';
import { objectKeyOf } from '../store/keys.ts';
import { listQuarantine } from '../store/mailboxes.ts';
import type { EmailState } from '../store/state.ts';
import { spendCandidate } from './candidates.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from './context.ts';
import type { FetchedSlice, StoredMessage } from './fetch.ts';
import { draftFound, draftUidls } from './found.ts';
import { closedAt, type MailboxPlan, type Pending, withHandled } from './plan.ts';
import { draftStaying, type StaysDestroyed, stayingDestroyed } from './staying-destroyed.ts';

/** Messages that were fetched together and are committed together. */
export interface SliceOfWork {
  /** What was asked for. */
  entries: readonly SourceEntry[];
  /** What became of it. */
  slice: FetchedSlice;
  /** UIDs of the new messages of the mailbox; others were in quarantine, and are tried again. */
  asked: ReadonlySet<string>;
  /** The status up to which the mailbox is handled with this commit; null when there is more to do. */
  closing: MailboxStatus | null;
}

/** Commits one slice with its cursor; the blobs are durable. */
export async function commitSlice(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { entries, slice, asked, closing }: SliceOfWork,
): Promise<void> {
  const uids = [...slice.stored, ...slice.quarantined].map(message => message.uid);
  if (uids.length === 0) return;
  const summaries = new Map(slice.stored.map(({ summary }) => [summary.emailId, summary]));
  const quarantined = await withSince(run, slice.quarantined, asked);
  const owners = ownersOf(plan, slice.stored);
  const staying = await stayingDestroyed(run, plan, slice.stored);
  const ids = [...summaries.keys(), ...owners.values()];
  await commitRun(
    run,
    async pending => {
      const states = await run.states.states(ids);
      const cursor = cursorOf(run, mailbox, plan);
      const before = uids.includes(cursor.stuck?.uid ?? '') ? { ...cursor, stuck: null } : cursor;
      const handled = run.source.protocol === 'imap' ? withHandled(before, uids) : before;
      return {
        ...draftStored(run, mailbox, { entries, stored: slice.stored, owners, staying }, states, pending),
        quarantined,
        released: slice.stored.filter(({ uid }) => !asked.has(uid)).map(({ location }) => location),
        cursors: {
          [mailbox.id]: closing ? closedAt(handled, plan, closing) : handled,
        },
      };
    },
    summaries,
  );
  for (const { summary } of slice.stored) spendCandidate(run, summary.emailId);
}

interface Stored {
  entries: readonly SourceEntry[];
  stored: readonly StoredMessage[];
  owners: ReadonlyMap<string, string>;
  staying: readonly StaysDestroyed[];
}

function draftStored(
  run: RunContext,
  mailbox: PulledMailbox,
  { entries, stored, owners, staying }: Stored,
  states: ReadonlyMap<string, EmailState>,
  pending: ReadonlyMap<string, Pending>,
): Pick<CommitDraft, 'created' | 'patched' | 'sizes' | 'objects' | 'deleting' | 'withdrawn'> {
  const gone = draftStaying(staying, states);
  const isGone = new Set(gone.patched.flatMap(({ locations }) => Object.keys(locations ?? {})));
  const alive = stored.filter(({ location }) => !isGone.has(location));
  const drafted = draftFound(run, mailbox, alive, states, pending);
  if (run.source.protocol === 'imap') {
    const patched = [...(drafted.patched ?? []), ...gone.patched];
    return { ...drafted, ...gone, patched, ...draftObjects(entries, stored) };
  }
  const sizes = new Map(entries.flatMap(({ uid, size }) => (size === null ? [] : [[uid, size] as const])));
  const named = draftUidls(stored, states, { sizes, owners });
  return { ...drafted, ...named, patched: [...named.patched, ...gone.patched] };
}

/** What the source calls the messages of this slice, so that they are known wherever else it lists them. */
function draftObjects(
  entries: readonly SourceEntry[],
  stored: readonly StoredMessage[],
): Pick<CommitDraft, 'objects'> {
  const emailIds = new Map(stored.map(({ uid, summary }) => [uid, summary.emailId]));
  const objects: NonNullable<Commit['objects']> = {};
  for (const { uid, size, emailId: remoteId } of entries) {
    const emailId = emailIds.get(uid);
    if (remoteId !== undefined && emailId !== undefined) objects[objectKeyOf(remoteId)] = { emailId, size };
  }
  return Object.keys(objects).length > 0 ? { objects } : {};
}

/**
 * Which Email was stored under each of these UIDLs before, as it was when the maildrop was listed: reading it again
 * would be one read for each message. It may be old only where another run has stored these names meanwhile. The
 * maildrop is locked for this session, so that run has stored the same bytes, which are the same Email; and when it
 * took the number of this commit, the commit is drafted again on the states that it left, where an owner that is gone
 * or has lost the name already is left alone.
 */
function ownersOf(plan: MailboxPlan, stored: readonly StoredMessage[]): Map<string, string> {
  const known = plan.owners ?? new Map<string, string>();
  return new Map(
    stored.flatMap(({ location }) => {
      const emailId = known.get(location);
      return emailId === undefined ? [] : [[location, emailId] as const];
    }),
  );
}

/** What failed once more stays in quarantine since when it came there. */
async function withSince(
  run: RunContext,
  quarantined: readonly Quarantined[],
  asked: ReadonlySet<string>,
): Promise<Quarantined[]> {
  if (quarantined.every(({ uid }) => asked.has(uid))) return [...quarantined];
  const kept = await listQuarantine(run.services.table, run.account.id);
  const known = new Map(kept.map(({ location, since, at }) => [location, since ?? at]));
  return quarantined.map(entry => {
    const since = known.get(entry.location);
    return since === undefined ? entry : { ...entry, since };
  });
}
