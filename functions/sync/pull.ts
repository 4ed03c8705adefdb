import type { MailboxStatus, SourceEntry } from '../source/source.ts';
import type { CommitDraft, CreatedEmail, MailboxCursor, PatchedEmail } from '../store/commit.ts';
import { getLocations, listLocations } from '../store/emails.ts';
import { imapLocationPrefix, type Location, popLocation, prefix } from '../store/keys.ts';
import { listQuarantine } from '../store/mailboxes.ts';
import { changes, type EmailState } from '../store/state.ts';
import { chunk } from '../store/table.ts';
import { commitRun, hasTime, type PulledMailbox, type RunContext } from './context.ts';
import { type FetchedSlice, fetchSlice, locationOf, type StoredMessage, slices } from './fetch.ts';
import { keywordPatch, type MailboxPlan, type Pending, planImap, planPop, withHandled } from './plan.ts';
import type { Removals } from './removals.ts';

/** A mailbox with more than this to handle makes the run hold the whole index. */
const MUCH = 300;
const PATCHES_A_COMMIT = 500;

/** What a pull leaves to be done at the end of the run. */
export interface PullResult {
  /** False when the run's time was over before everything was fetched. */
  complete: boolean;
  removals: Removals | null;
}

/**
 * Brings one mailbox up to date: fetches what is new, newest first, and takes over the source's keywords. What
 * has gone is only noted: it may reappear in another mailbox, and is removed when all were pulled.
 */
export async function pullMailbox(run: RunContext, mailbox: PulledMailbox): Promise<PullResult> {
  const stored = run.cursors.get(mailbox.id);
  const snapshot = await run.source.snapshot(mailbox.path, stored?.status ?? null);
  const plan =
    run.source.protocol === 'imap'
      ? planImap(snapshot, stored)
      : planPop(snapshot, stored, await knownUidls(run));
  const retried = await quarantinedEntries(run, mailbox, plan);
  if (plan.fetch.length + plan.known.length > MUCH) run.states.expectMuch();
  const work = slices([...plan.fetch, ...retried]);
  const nothingToRemove = plan.gone.length === 0 && plan.cursor.stale.length === 0;
  const closing = nothingToRemove ? snapshot.status : null;
  const closedByKeywords = await commitKeywords(
    run,
    mailbox,
    plan,
    snapshot.complete,
    work.length === 0 ? closing : null,
  );
  const fetched = await fetchAll(run, mailbox, plan, work, closing);
  if (!fetched.complete) return { complete: false, removals: null };
  const closed = closedByKeywords || fetched.closed;
  return {
    complete: true,
    removals: closed ? null : { mailbox, plan, status: fetched.missing ? null : snapshot.status },
  };
}

/**
 * Fetches and commits slice after slice, each fetched while the one before it is committed. With `closing`, the
 * last commit also says that the mailbox is handled up to that status.
 */
async function fetchAll(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  work: readonly SourceEntry[][],
  closing: MailboxStatus | null,
): Promise<{ complete: boolean; closed: boolean; missing: boolean }> {
  const asked = new Set(plan.fetch.map(entry => entry.uid));
  let missing = false;
  let closed = false;
  let committing: Promise<unknown> = Promise.resolve();
  for (const [i, entries] of work.entries()) {
    if (!hasTime(run)) {
      await committing;
      return { complete: false, closed, missing };
    }
    const slice = await fetchSlice(run, mailbox, plan.cursor.uidValidity, entries).catch(async error => {
      await committing;
      throw error;
    });
    missing ||= slice.missing.some(uid => asked.has(uid));
    const close = i === work.length - 1 && !missing ? closing : null;
    await committing;
    committing = commitSlice(run, mailbox, plan, slice, close);
    committing.catch(() => {}); // it is awaited before the next commit and after the loop, never lost
    closed = close !== null && slice.stored.length + slice.quarantined.length > 0;
  }
  await committing;
  return { complete: true, closed, missing };
}

/** The cursor as last committed in this run, or the plan's when the mailbox begins anew. */
function cursorOf(run: RunContext, mailbox: PulledMailbox, plan: MailboxPlan): MailboxCursor {
  const current = run.cursors.get(mailbox.id);
  return current?.uidValidity === plan.cursor.uidValidity ? current : plan.cursor;
}

async function commitSlice(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  slice: FetchedSlice,
  closing: MailboxStatus | null,
): Promise<void> {
  const uids = [...slice.stored, ...slice.quarantined].map(message => message.uid);
  if (uids.length === 0) return;
  const summaries = new Map(slice.stored.map(({ summary }) => [summary.emailId, summary]));
  const asked = new Set(plan.fetch.map(entry => entry.uid));
  await commitRun(
    run,
    async pending => {
      const states = await run.states.states([...summaries.keys()]);
      const before = cursorOf(run, mailbox, plan);
      const handled = run.source.protocol === 'imap' ? withHandled(before, uids) : before;
      return {
        ...draftStored(run, mailbox, slice.stored, states, pending),
        quarantined: slice.quarantined,
        released: slice.stored.filter(({ uid }) => !asked.has(uid)).map(({ location }) => location),
        cursors: { [mailbox.id]: closing ? { ...handled, status: closing, doubtedAt: null } : handled },
      };
    },
    summaries,
  );
}

/** Emails created, and known ones that were found at one more location. The same bytes are the same Email. */
function draftStored(
  run: RunContext,
  mailbox: PulledMailbox,
  stored: readonly StoredMessage[],
  states: ReadonlyMap<string, EmailState>,
  pending: ReadonlyMap<string, Pending>,
): Pick<CommitDraft, 'created' | 'patched'> {
  const created = new Map<string, CreatedEmail>();
  const patched = new Map<string, PatchedEmail>();
  for (const { location, summary, keywords } of stored) {
    const { emailId: id, sha256, threadId } = summary;
    const state = states.get(id);
    const begun = created.get(id);
    if (begun) begun.locations.push(location);
    else if (!state) {
      created.set(id, {
        id,
        sha256,
        threadId,
        mailboxIds: [mailbox.id],
        keywords: [...keywords],
        locations: [location],
      });
    } else {
      const patch = foundAgain(run, mailbox, state, location, keywords, pending.get(id));
      if (changes(state, patch)) patched.set(id, mergePatch(patched.get(id), patch));
    }
  }
  return { created: [...created.values()], patched: [...patched.values()] };
}

/**
 * IMAP: the mailbox is one more of the Email's. POP has one mailbox, where the person may have moved the Email
 * away since: a UIDL that changed does not bring it back to the Inbox.
 */
function foundAgain(
  run: RunContext,
  mailbox: PulledMailbox,
  state: EmailState,
  location: Location,
  keywords: readonly string[],
  pending: Pending | undefined,
): PatchedEmail {
  const { id, threadId } = state;
  const place = { [location]: true };
  if (run.source.protocol === 'pop') return { id, threadId, locations: place };
  const added = keywordPatch(state, keywords, pending, false);
  return {
    ...(added ?? { id, threadId }),
    locations: place,
    ...(!pending?.mailboxIds.has(mailbox.id) && { mailboxIds: { [mailbox.id]: true } }),
  };
}

function mergePatch(first: PatchedEmail | undefined, second: PatchedEmail): PatchedEmail {
  return {
    ...second,
    ...(first?.keywords && { keywords: { ...first.keywords, ...second.keywords } }),
    locations: { ...first?.locations, ...second.locations },
  };
}

/** Takes over the keywords that the source shows for messages handled before; true when it closed the mailbox. */
async function commitKeywords(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  complete: boolean,
  closing: MailboxStatus | null,
): Promise<boolean> {
  const shown = plan.known.filter(entry => entry.keywords !== null);
  if (shown.length === 0) return false;
  const { uidValidity } = plan.cursor;
  const locate = (entry: SourceEntry) => locationOf(run, mailbox, uidValidity, entry.uid);
  const { table } = run.services;
  const locations = complete
    ? await listLocations(table, run.account.id, imapLocationPrefix(mailbox.id, uidValidity))
    : await getLocations(table, run.account.id, shown.map(locate));
  const batches = chunk(shown, PATCHES_A_COMMIT);
  for (const [i, batch] of batches.entries()) {
    const emails = batch.flatMap(entry => {
      const id = locations.get(locate(entry));
      return id ? [{ id, shown: entry.keywords ?? [] }] : [];
    });
    const close = i === batches.length - 1 ? closing : null;
    await commitRun(run, async pending => {
      const states = await run.states.states(emails.map(email => email.id));
      const patched = emails.flatMap(({ id, shown }) => {
        const state = states.get(id);
        if (!state) return [];
        const mayRemove = !complete || state.locations.length === 1;
        return keywordPatch(state, shown, pending.get(id), mayRemove) ?? [];
      });
      const cursor = { ...cursorOf(run, mailbox, plan), status: close, doubtedAt: null };
      return { patched, ...(close && { cursors: { [mailbox.id]: cursor } }) };
    });
  }
  return closing !== null;
}

async function knownUidls(run: RunContext): Promise<(uidl: string) => boolean> {
  const { table } = run.services;
  const stored = await listLocations(table, run.account.id, prefix.uidl);
  const kept = new Set((await listQuarantine(table, run.account.id)).map(entry => entry.location));
  return uidl => {
    const location = popLocation(uidl);
    return stored.has(location) || kept.has(location);
  };
}

/** What is in quarantine, when the person asked for a pull: it is tried once more. */
async function quarantinedEntries(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
): Promise<SourceEntry[]> {
  if (!run.retry) return [];
  const entries = await listQuarantine(run.services.table, run.account.id);
  const listed = new Set(plan.fetch.map(entry => entry.uid));
  return entries
    .filter(entry => entry.path === mailbox.path && !listed.has(entry.uid))
    .filter(entry => entry.location === locationOf(run, mailbox, plan.cursor.uidValidity, entry.uid))
    .map(entry => ({ uid: entry.uid, size: null, keywords: null }));
}
