import type { MailboxStatus, SourceEntry } from '../../source/source.ts';
import type { Commit, CommitDraft, MailboxCursor, Quarantined } from '../../store/commit.ts';
import { objectKeyOf } from '../../store/keys.ts';
import { listQuarantine } from '../../store/mailboxes.ts';
import type { EmailState } from '../../store/state.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from '../context.ts';
import { draftStaying, type StaysDestroyed, stayingDestroyed } from '../deletion/staying-destroyed.ts';
import { commitInHalves } from '../halves.ts';
import { closedAt, type MailboxPlan, type Pending, withHandled } from '../plan.ts';
import { spendCandidate } from '../recognise/candidates.ts';
import { draftFound, draftUidls, hasRoomAt, MOST_PLACES } from '../recognise/found.ts';
import type { FetchedSlice, StoredMessage } from './fetch.ts';

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

/** What became of some of the messages of a slice. */
type Part = Pick<FetchedSlice, 'stored' | 'quarantined'>;

/**
 * Commits one slice with its cursor; the blobs are durable. Where what the server says of its messages is too much for
 * one commit, they go in several; a message of which that is true alone is kept apart.
 */
export async function commitSlice(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { entries, slice, asked, closing }: SliceOfWork,
): Promise<void> {
  const since = await sinceOf(run, slice, asked);
  const owners = ownersOf(plan, slice.stored);
  const staying = await stayingDestroyed(run, plan, slice.stored);
  const commitPart = async ({ stored, quarantined }: Part, isLast: boolean) => {
    const summaries = new Map(stored.map(({ summary }) => [summary.emailId, summary]));
    const uids = [...stored, ...quarantined].map(({ uid }) => uid);
    const isHere = new Set(stored);
    const mine = staying.filter(({ message }) => isHere.has(message));
    await commitRun(
      run,
      async pending => {
        const states = await run.states.states([...summaries.keys(), ...owners.values()]);
        const handled = cursorAfter(run, mailbox, plan, uids);
        const fits = stored.filter(({ summary, location }) => hasRoomAt(states, summary.emailId, location));
        const isFit = new Set(fits);
        const surplus = stored.filter(each => !isFit.has(each)).map(each => kept(mailbox, each, MANY_COPIES));
        const apart = [...quarantined, ...surplus];
        return {
          ...draftStored(run, mailbox, { entries, stored: fits, owners, staying: mine }, states, pending),
          quarantined: apart.map(entry => ({ ...entry, ...since.get(entry.location) })),
          released: fits.filter(({ uid }) => !asked.has(uid)).map(({ location }) => location),
          cursors: { [mailbox.id]: isLast && closing ? closedAt(handled, plan, closing) : handled },
        };
      },
      summaries,
    );
    for (const { summary } of stored) spendCandidate(run, summary.emailId);
  };
  const messages = [...slice.stored, ...slice.quarantined];
  if (messages.length === 0) return;
  await commitInHalves(
    messages,
    (part, isLast) => commitPart(sorted(part), isLast),
    (message, isLast) => commitPart({ stored: [], quarantined: [tooLarge(mailbox, message)] }, isLast),
  );
}

function sorted(messages: readonly (StoredMessage | Quarantined)[]): Part {
  const part: Part = { stored: [], quarantined: [] };
  for (const message of messages) {
    if ('summary' in message) part.stored.push(message);
    else part.quarantined.push(message);
  }
  return part;
}

const TOO_LARGE = {
  code: 'too-large',
  reason: 'The mail server says too much about this message for it to be kept: too many flags or folders.',
};
const MANY_COPIES = {
  code: 'too-many-copies',
  reason: `The mail server has this message more than ${MOST_PLACES} times. This copy is left out.`,
};

/** A message of which the server says so much that no commit can hold it. */
function tooLarge(mailbox: PulledMailbox, message: StoredMessage | Quarantined): Quarantined {
  if ('summary' in message) return kept(mailbox, message, TOO_LARGE);
  return { ...message, reason: message.reason.slice(0, 300) };
}

/** A message that is kept apart although its bytes came. */
function kept(
  mailbox: PulledMailbox,
  { location, uid, summary: { sha256, size } }: StoredMessage,
  why: Pick<Quarantined, 'code' | 'reason'>,
): Quarantined {
  return { location, path: mailbox.path, uid, ...why, sha256, size };
}

/** The cursor with these messages handled. */
function cursorAfter(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  uids: readonly string[],
): MailboxCursor {
  const cursor = cursorOf(run, mailbox, plan);
  const before = uids.includes(cursor.stuck?.uid ?? '') ? { ...cursor, stuck: null } : cursor;
  return run.source.protocol === 'imap' ? withHandled(before, uids) : before;
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

/** Since when messages that are tried once more have been in quarantine, by location: they stay there since then. */
async function sinceOf(
  run: RunContext,
  { stored, quarantined }: Part,
  asked: ReadonlySet<string>,
): Promise<ReadonlyMap<string, { since: number }>> {
  if ([...stored, ...quarantined].every(({ uid }) => asked.has(uid))) return new Map();
  const kept = await listQuarantine(run.services.table, run.account.id);
  return new Map(kept.map(({ location, since, at }) => [location, { since: since ?? at }]));
}
