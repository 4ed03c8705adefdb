import { SourceError } from '../../source/errors.ts';
import { parseLocation } from '../../store/keys.ts';
import { catchUp } from '../../store/log.ts';
import { freezeDeletion, getDeletion, listDeleting, noteDeletion } from '../../store/receipts.ts';
import type { DeletingRow } from '../../store/rows.ts';
import { chunk } from '../../store/table.ts';
import { hasTime, type RunContext } from '../context.ts';
import type { Look } from '../look.ts';
import { acknowledge, announce, withdraw } from './commits.ts';
import { groupByMailbox, isCurrent, type Listing, listMailbox, readCopies } from './copies.ts';
import { type DeletionRule, type DueCopy, isPutOff, nextLook, planDeletions, RETRY_MS } from './plan.ts';
import { prove } from './proof.ts';
import { mustLookThrough, ruleNow } from './rule.ts';

/**
 * Deletion at the source, the last step of a run. In this order, for each message: the Email is read again; its blob
 * is verified; this session's listing shows the message at its location; the intention is committed, which takes the
 * location from its Email; the source deletes and confirms; the receipt is committed. Killed anywhere in between, the
 * next run finds the intention: what is still listed is begun again, what is not gets its receipt.
 */

/** Messages that one run deletes at most. */
const MOST_A_RUN = 500;
/** Messages that IMAP is told of at once. */
const BATCH = 100;

/** What became of it. */
export interface Deletions {
  deleted: number;
  /** Whether more is due now. */
  more: boolean;
}

/** For a run that did not come to it. */
export const NOTHING_DELETED: Deletions = { deleted: 0, more: false };

/** Deletes at the source what is due; `seen` is the last look of the run. Throws SourceError. */
export async function deleteAtSource(run: RunContext, seen: Look): Promise<Deletions> {
  const { services, account } = run;
  if (!run.source.remover || seen.quarantined > 0) return NOTHING_DELETED;
  const [rule, notes] = await Promise.all([ruleNow(run), getDeletion(services.table, account.id)]);
  if (!rule) return NOTHING_DELETED;
  const now = services.now();
  const through = mustLookThrough(rule, notes, now, seen.head.applied);
  const waiting = isPutOff(notes, now) ? [] : await listDeleting(services.table, account.id, MOST_A_RUN);
  if (!through && waiting.length === 0) return NOTHING_DELETED;
  const commitsBefore = run.progress.commits;
  const pass = await passThrough(run, rule, { seen, waiting, through });
  const { applied } = await catchUp(services, account.id);
  const isOurs = applied - seen.head.applied === run.progress.commits - commitsBefore;
  // Where the server deletes nothing, the rest is not tried at the next poll either.
  const isStalled = pass.refused && pass.deleted === 0;
  const isThrough = through && (!pass.more || isStalled);
  const later = isStalled ? pass.later.filter(at => at > now) : pass.later;
  const retries = pass.refused ? [...later, now + RETRY_MS] : later;
  await noteDeletion(services.table, account.id, {
    rev: notes.rev,
    nextAt: through ? (pass.more && !isStalled ? 0 : nextLook(rule, retries, now)) : notes.nextAt,
    upTo: isThrough ? (isOurs ? applied : seen.head.applied) : notes.upTo,
    // Where others are deleted it goes on, until nothing but what the server refuses is left.
    retryAt: isStalled ? now + RETRY_MS : 0,
  });
  return { deleted: pass.deleted, more: pass.more && pass.deleted > 0 };
}

interface Work {
  seen: Look;
  waiting: readonly DeletingRow[];
  /** Whether every mailbox is looked through for what has become due. */
  through: boolean;
}

interface Pass {
  deleted: number;
  refused: boolean;
  more: boolean;
  later: number[];
}

async function passThrough(run: RunContext, rule: DeletionRule, work: Work): Promise<Pass> {
  const pass: Pass = { deleted: 0, refused: false, more: work.waiting.length >= MOST_A_RUN, later: [] };
  const open = [...run.paths].map(([id, path]) => ({ id, path }));
  const inMailbox = groupByMailbox(run, work.waiting);
  const closed = [...inMailbox].filter(([id]) => !run.paths.has(id)).flatMap(([, rows]) => rows);
  await withdraw(run, closed, null);
  for (const mailbox of open) {
    const rows = inMailbox.get(mailbox.id) ?? [];
    const through = work.through && deletesIn(work.seen, mailbox.path);
    if (rows.length === 0 && !through) continue;
    if (!hasTime(run) || pass.deleted >= MOST_A_RUN) return { ...pass, more: true };
    const goOn = await deleteInMailbox(run, mailbox, { rule, rows, through, pass });
    if (!goOn) return pass;
  }
  return pass;
}

/** A draft is work in progress of some other program: no policy takes it. */
function deletesIn({ source }: Look, path: string): boolean {
  return source.some(mailbox => mailbox.path === path && mailbox.role !== 'drafts');
}

/** Gives false when nothing more may be deleted in this run. */
async function deleteInMailbox(
  run: RunContext,
  mailbox: { id: string; path: string },
  { rule, rows, through, pass }: { rule: DeletionRule; rows: DeletingRow[]; through: boolean; pass: Pass },
): Promise<boolean> {
  const isPop = run.source.protocol === 'pop';
  const uids = rows.map(({ location }) => parseLocation(location)?.uid ?? '');
  const listing = await listMailbox(run, mailbox, through || isPop ? null : uids);
  const waiting = new Map(rows.map(row => [row.location, row]));
  const { copies, later } = await readCopies(run, listing, waiting, through ? rule : null);
  pass.later.push(...later);
  if (later.some(at => at <= run.services.now())) pass.more = true;
  const due = planDeletions(rule, copies, run.services.now());
  const named = new Set(due.map(({ location }) => location));
  const gone = rows.filter(
    row => row.attempted && isCurrent(row, listing) && !listing.entries.has(row.location),
  );
  await acknowledge(run, listing, gone, 'gone');
  await withdraw(
    run,
    rows.filter(row => !named.has(row.location) && !gone.includes(row)),
    listing,
  );
  const now = due.slice(0, MOST_A_RUN - pass.deleted);
  if (now.length < due.length) pass.more = true;
  // The QUIT that makes POP delete ends the session, so it comes once.
  for (const batch of chunk(now, isPop ? MOST_A_RUN : BATCH)) {
    if (!hasTime(run)) {
      pass.more = true;
      return false;
    }
    const { proven, undecided, anomaly } = await prove(run, listing, batch);
    if (anomaly) {
      await freezeDeletion(run.services.table, run.account.id, anomaly);
      return false;
    }
    const ready = await stillMeant(run, listing, await announce(run, proven));
    const done = await remove(run, listing, ready);
    pass.deleted += done.length;
    if (done.length < ready.length || undecided > 0) pass.refused = true;
  }
  return true;
}

/** The last question before the source is told: does the person still want this? What they do not is withdrawn. */
async function stillMeant(run: RunContext, listing: Listing, ready: readonly DueCopy[]): Promise<DueCopy[]> {
  run.checkLease();
  const rule = await ruleNow(run);
  const meant = rule ? planDeletions(rule, ready, run.services.now()) : [];
  const named = new Set(meant.map(({ location }) => location));
  // What a device destroyed waits until a freeze is lifted; what is stored is looked for again.
  const isOver = ({ policy }: DueCopy) => rule !== null || policy !== 'whenDestroyed';
  await withdraw(
    run,
    ready.filter(copy => !named.has(copy.location) && isOver(copy)),
    listing,
  );
  return meant;
}

async function remove(run: RunContext, listing: Listing, ready: readonly DueCopy[]): Promise<DueCopy[]> {
  if (ready.length === 0) return [];
  const uids = ready.map(({ uid }) => uid);
  const confirmed = new Set(await removeEach(run, listing.path, uids));
  const gone = ready.filter(({ uid }) => confirmed.has(uid));
  await acknowledge(run, listing, gone, 'confirmed');
  return gone;
}

/** A NO to many says nothing of each: they are tried by halves. */
async function removeEach(
  run: RunContext,
  path: string,
  uids: readonly string[],
): Promise<readonly string[]> {
  try {
    return (await run.source.remover?.remove(path, uids)) ?? [];
  } catch (error) {
    const isNo = error instanceof SourceError && error.code === 'refused';
    if (!isNo || run.source.protocol === 'pop') throw error;
    if (uids.length <= 1 || !hasTime(run)) return [];
    const half = Math.ceil(uids.length / 2);
    const first = await removeEach(run, path, uids.slice(0, half));
    return [...first, ...(await removeEach(run, path, uids.slice(half)))];
  }
}
