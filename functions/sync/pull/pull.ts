import type { FailedMessage, MailboxSnapshot, MailboxStatus, SourceEntry } from '../../source/source.ts';
import type { MailboxCursor } from '../../store/commit.ts';
import { listPlaces } from '../../store/emails.ts';
import { popLocation, prefix, quarantineId } from '../../store/keys.ts';
import { listQuarantine } from '../../store/mailboxes.ts';
import { reusedLocations } from '../../store/receipts.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, hasTime, isCutOff, listedFrom, type PulledMailbox, type RunContext } from '../context.ts';
import { watchListing } from '../deletion/anomalies.ts';
import { isReused, type MailboxPlan, planImap, planPop } from '../plan.ts';
import { addCandidatesOf } from '../recognise/candidates.ts';
import { commitRecognised, recognise, renumber } from '../recognise/known.ts';
import { closeMailbox, type Removals, removesNothing } from '../removals.ts';
import { commitSlice } from './commit-slice.ts';
import { fetchSlice, locationOf, octetsOf, slices } from './fetch.ts';
import { withRows } from './handled-rows.ts';
import { commitKeywords } from './keywords.ts';
import { createCommits, createPuts, type Puts } from './overlap.ts';
import { commitRefused, commitStuck, noteTry } from './stuck.ts';

/** A mailbox with more than this to handle makes the run hold the whole index. */
const MUCH = 300;
/** Far below the 400 KB of an item. */
const RELEASED_A_COMMIT = 1_000;

/** What a pull leaves to be done at the end of the run. */
export interface PullResult {
  /** False when the run's time was over before everything was fetched. */
  complete: boolean;
  removals: Removals | null;
}

/**
 * Brings one mailbox up to date: fetches what is new, newest first, and takes over the source's keywords. What
 * has gone is only noted: it may reappear in another mailbox, and is removed when all were pulled. `listing` is what
 * the source lists since the cursor, where it was asked already.
 */
export async function pullMailbox(
  run: RunContext,
  mailbox: PulledMailbox,
  listing?: MailboxSnapshot,
): Promise<PullResult> {
  const { snapshot, plan: listed } = await planMailbox(run, mailbox, listing);
  if (listed.fetch.length > MUCH) run.states.expectMuch();
  const recognised = await recognise(run, mailbox, listed);
  const handled = await commitRecognised(run, mailbox, listed, recognised);
  const plan = { ...listed, fetch: listed.fetch.filter(({ uid }) => !handled.has(uid)) };
  const retried = await quarantinedEntries(run, mailbox, plan);
  if (plan.fetch.length + plan.known.length > MUCH) run.states.expectMuch();
  const work = slices([...plan.fetch, ...retried], run.isCautious || plan.cursor.stuck !== null);
  const closing = removesNothing(plan) ? snapshot.status : null;
  const closedByKeywords = await commitKeywords(
    run,
    mailbox,
    plan,
    snapshot.complete,
    work.length === 0 ? closing : null,
  );
  const fetched = await fetchAll(run, mailbox, plan, work, closing);
  if (!fetched.complete) return { complete: false, removals: null };
  if (!plan.doubtful) await releaseGone(run, mailbox, plan, snapshot);
  if (closing && !fetched.missing) {
    // Now and not at the end of the run: the next run need not look into this mailbox again.
    if (!closedByKeywords && !fetched.closed) await closeMailbox(run, mailbox, plan, closing);
    return { complete: true, removals: null };
  }
  return { complete: true, removals: { mailbox, plan, status: fetched.missing ? null : snapshot.status } };
}

/** Lists a mailbox, and says what has to be done with it; where its UIDs are void, from the beginning. */
async function planMailbox(
  run: RunContext,
  mailbox: PulledMailbox,
  listing: MailboxSnapshot | undefined,
): Promise<{ snapshot: MailboxSnapshot; plan: MailboxPlan }> {
  const snapshot = listing ?? (await run.source.snapshot(mailbox.path, listedFrom(run, mailbox)));
  const stored = await withRows(run, mailbox.id, run.cursors.get(mailbox.id), snapshot);
  const plan =
    run.source.protocol === 'imap'
      ? planImap(snapshot, stored, mailbox.mailboxId, run.services.now())
      : await planMaildrop(run, snapshot, stored);
  await watchListing(run, mailbox, stored, snapshot, plan);
  if (plan.renumbered) await renumber(run, mailbox.id, plan.renumbered, plan.cursor);
  run.cursors.set(mailbox.id, plan.cursor);
  await addCandidatesOf(run, mailbox.id, plan.cursor);
  return { snapshot, plan };
}

/**
 * Fetches and commits slice after slice, each fetched while the one before it becomes durable and is committed. With
 * `closing`, the last commit also says that the mailbox is handled up to that status.
 */
async function fetchAll(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  work: readonly SourceEntry[][],
  closing: MailboxStatus | null,
): Promise<FetchedAll> {
  const puts = createPuts();
  try {
    return await fetchSlices(run, mailbox, plan, { work, closing, puts });
  } finally {
    // Temporary files go with the puts that have them; whoever commits a slice hears of their failures.
    await puts.all().catch(() => {});
  }
}

async function fetchSlices(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { work, closing, puts }: { work: readonly SourceEntry[][]; closing: MailboxStatus | null; puts: Puts },
): Promise<FetchedAll> {
  const asked = new Set(plan.fetch.map(entry => entry.uid));
  const refused: FailedMessage[] = [];
  const absent: string[] = [];
  let missing = false;
  let closed = false;
  const commits = createCommits();
  for (const [i, entries] of work.entries()) {
    if (!hasTime(run) || !run.budget.take(octetsOf(entries), i === 0)) {
      await commits.ended();
      return { complete: false, closed, missing };
    }
    if (run.isCautious && entries.length === 1) {
      await commits.ended();
      if (!(await noteTry(run, mailbox, plan, entries[0] as SourceEntry))) continue;
    }
    const slice = await fetchSlice(run, mailbox, plan.cursor.uidValidity, entries, puts);
    refused.push(...slice.refused.filter(({ uid }) => asked.has(uid)));
    missing ||= slice.missing.some(uid => asked.has(uid));
    const isPutOff = new Set(slice.refused.map(({ uid }) => uid));
    absent.push(...slice.missing.filter(uid => asked.has(uid) && !isPutOff.has(uid)));
    const close = i === work.length - 1 && !missing && !slice.broken ? closing : null;
    await commits.begin(async () => {
      await slice.durable;
      await commitSlice(run, mailbox, plan, { entries, slice, asked, closing: close });
      closed = close !== null && slice.stored.length + slice.quarantined.length > 0;
    });
    if (slice.broken) {
      await commits.ended();
      // Our own doing, and no message's fault: unless one alone takes longer than all the time that a run has.
      const isOurs = isCutOff(run);
      if (!isOurs || run.progress.commits === 0) {
        await commitStuck(run, mailbox, plan, slice.missing[0], slice.broken);
      }
      if (isOurs) return { complete: false, closed, missing };
      throw slice.broken;
    }
  }
  await commits.ended();
  await commitRefused(run, mailbox, plan, { refused, absent });
  return { complete: true, closed, missing };
}

interface FetchedAll {
  complete: boolean;
  /** True when a commit has said that the mailbox is handled up to its status. */
  closed: boolean;
  /** True when something listed did not come. */
  missing: boolean;
}

async function planMaildrop(
  run: RunContext,
  snapshot: MailboxSnapshot,
  cursor: MailboxCursor | undefined,
): Promise<MailboxPlan> {
  const { table } = run.services;
  const stored = await listPlaces(table, run.account.id, prefix.uidl);
  const isListed = new Set(snapshot.entries.map(({ uid }) => popLocation(uid)));
  // A server may give the UIDL of a deleted message to a new one (RFC 1939 section 7).
  const reused = new Set(await reusedLocations(table, run.account.id, [...isListed]));
  const kept = new Set((await listQuarantine(table, run.account.id)).map(entry => entry.location));
  const isKnown = ({ uid, size }: SourceEntry) => {
    const location = popLocation(uid);
    const known = reused.has(location) ? undefined : stored.get(location);
    return kept.has(location) || (known !== undefined && !isReused(known.size ?? null, size));
  };
  const lost = new Map<string, string>();
  for (const [at, { emailId }] of stored) if (!isListed.has(at) && !reused.has(at)) lost.set(at, emailId);
  const owners = new Map<string, string>();
  for (const { uid, size } of snapshot.entries) {
    const location = popLocation(uid);
    const emailId = stored.get(location)?.emailId;
    const mayBeFetched = kept.has(location) || !isKnown({ uid, size, keywords: null });
    if (emailId !== undefined && mayBeFetched) owners.set(location, emailId);
  }
  return planPop(snapshot, cursor, isKnown, { lost, owners });
}

/** What is in quarantine and wanted: it is tried once more, and not again by the runs that continue this one. */
async function quarantinedEntries(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
): Promise<SourceEntry[]> {
  const { retry } = run;
  if (!retry) return [];
  const entries = await listQuarantine(run.services.table, run.account.id);
  const listed = new Set(plan.fetch.map(entry => entry.uid));
  return entries
    .filter(entry => entry.path === mailbox.path && !listed.has(entry.uid))
    .filter(entry => entry.at < retry.since && (retry.ids?.includes(quarantineId(entry.location)) ?? true))
    .filter(entry => entry.location === locationOf(run, mailbox, plan.cursor.uidValidity, entry.uid))
    .map(({ uid, size = null }) => ({ uid, size, keywords: null }));
}

/** What has left the source leaves quarantine, too: nobody can read it any more. */
async function releaseGone(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { complete, entries }: MailboxSnapshot,
): Promise<void> {
  const kept = await listQuarantine(run.services.table, run.account.id);
  const locate = (uid: string) => locationOf(run, mailbox, plan.cursor.uidValidity, uid);
  const visible = entries.filter(entry => !entry.isDeleted).map(entry => entry.uid);
  const named = new Set((complete ? visible : plan.gone).map(locate));
  const released = kept
    .filter(({ path, location }) => path === mailbox.path && named.has(location) !== complete)
    .map(({ location }) => location);
  for (const part of chunk(released, RELEASED_A_COMMIT))
    await commitRun(run, async () => ({ released: part }));
}
