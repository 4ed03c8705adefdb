import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Commit,
  type CommitDraft,
  type CounterDelta,
  completeDraft,
  isEmptyDraft,
  type MailboxProperties,
} from './commit.ts';
import { getAllStates, getEmails, getStateRows, getThreadMembers } from './emails.ts';
import { StoreError } from './errors.ts';
import { KEPT_HERE, keys, prefix } from './keys.ts';
import { listMailboxes } from './mailboxes.ts';
import { applyCommit, type Store } from './projections.ts';
import { type EmailSummary, type Head, headRow, logRow } from './rows.ts';
import { addDeltas, applyToMembers, counterDeltas, type EmailState } from './state.ts';
import { getRow, type Item, inParallel, parseRow, putIf, queryAll, setIf } from './table.ts';

/** How long the log remembers: an older state gets `cannotCalculateChanges`. */
export const LOG_DAYS = 90;
const DAY_SECONDS = 86_400;
const MAX_RACES = 20;
/** Who has lost this many races waits a little before the next, so that two who keep meeting come apart. */
const PATIENT_RACES = 3;
const WAIT_MS = 5;
/** Octets of a commit as JSON text, which is how its row holds it; an item may have 400 KB. */
const MAX_COMMIT = 380_000;
const EMPTY_HEAD: Head = { applied: 0, pushed: 0, emails: 0 };

export interface LogStore extends Store {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Told of every commit that this process made. */
  onCommit?(accountId: string, commit: Commit): void;
}

export interface CommitOptions {
  /** Summaries of created Emails that the writer has at hand. */
  summaries?: ReadonlyMap<string, EmailSummary>;
  /** Members of the threads, when the writer keeps them; else they are read. */
  members?: (threadIds: readonly string[]) => Promise<ReadonlyMap<string, EmailState>>;
  /** Those of these ids that have a tombstone, when the writer keeps them; else they are read. */
  destroyed?: (ids: readonly string[]) => ReadonlySet<string> | null;
  /** False keeps the commit until it was pushed to the source. Default: it expires after LOG_DAYS. */
  expires?: boolean;
}

/**
 * The position of an account's log, after every projection was brought up to it. Reads two small ranges when
 * there is nothing to do.
 */
export async function catchUp(store: LogStore, accountId: string): Promise<Head> {
  let head = (await getRow(store.table, keys.head(accountId), headRow)) ?? EMPTY_HEAD;
  const behind = await queryLog(store, accountId, head.applied);
  if (behind.length === 0) return head;
  for (const commit of behind) await applyCommit(store, accountId, commit);
  head = (await getRow(store.table, keys.head(accountId), headRow)) ?? EMPTY_HEAD;
  return head;
}

/** The number of the last commit of an account, applied or not; 0 before the first. Writes nothing. */
export async function lastCommit(store: LogStore, accountId: string): Promise<number> {
  const { applied } = (await getRow(store.table, keys.head(accountId), headRow)) ?? EMPTY_HEAD;
  return (await queryLog(store, accountId, applied)).at(-1)?.n ?? applied;
}

/**
 * Writes one commit: one conditional PutItem, then its projections. `build` is given the head it builds on and
 * is called again when another writer took the number first; null (or nothing to change) writes nothing.
 * Throws StoreError `contended` after too many lost races, and `too-large` for more than fits into one item.
 */
export async function commit(
  store: LogStore,
  accountId: string,
  build: (head: Head) => Promise<CommitDraft | null> | CommitDraft | null,
  options: CommitOptions = {},
): Promise<Commit | null> {
  for (let race = 0; race < MAX_RACES; race++) {
    if (race > PATIENT_RACES) await sleep(Math.random() * WAIT_MS * race);
    const head = await catchUp(store, accountId);
    const draft = await build(head);
    if (!draft || isEmptyDraft(draft)) return null;
    const { entry, before } = await toCommit(store, accountId, head, draft, options);
    const text = JSON.stringify(withoutExpiry(entry));
    if (Buffer.byteLength(text) > MAX_COMMIT) {
      throw new StoreError('too-large', 'These changes are too many for one commit.');
    }
    if (await append(store, accountId, entry, text)) {
      await applyCommit(store, accountId, entry, { summaries: options.summaries, before });
      store.onCommit?.(accountId, entry);
      return entry;
    }
  }
  throw new StoreError(
    'contended',
    'This account is being changed by too many at once. Try again in a moment.',
  );
}

/**
 * The commits after `since`, up to the end of the log, in order. Throws StoreError `unknown-state` when the log
 * has forgotten some of them or `since` is ahead of it.
 */
export async function readLog(store: LogStore, accountId: string, since: number): Promise<Commit[]> {
  const head = await catchUp(store, accountId);
  const commits = await queryLog(store, accountId, since);
  const complete = since <= head.applied && commits.every((entry, i) => entry.n === since + 1 + i);
  if (!complete || (commits.at(-1)?.n ?? since) < head.applied) {
    throw new StoreError('unknown-state', `The log does not reach back to state ${since}.`);
  }
  return commits;
}

/** What devices changed that the source has not been told yet: the log after the pushed position. */
export async function readUnpushed(store: LogStore, accountId: string, head: Head): Promise<Commit[]> {
  if (head.applied <= head.pushed) return [];
  const commits = await queryLog(store, accountId, head.pushed);
  return commits.filter(entry => entry.by === 'device' && entry.n <= head.applied);
}

/**
 * Lets pushed commits expire: they were kept for the source and are now remembered for devices only. One that is gone
 * (its account is being erased, or another run let it expire) is left alone.
 */
export async function letExpire(
  store: LogStore,
  accountId: string,
  pushed: readonly Commit[],
): Promise<void> {
  await inParallel(pushed, async ({ n }) => {
    await setIf(store.table, keys.log(accountId, n), { expires: expiry(store) }, 'attribute_exists(pk)');
  });
}

async function queryLog(store: LogStore, accountId: string, after: number): Promise<Commit[]> {
  const items = await queryAll(store.table, keys.partition(accountId), {
    from: keys.log(accountId, after + 1).sk,
    to: `${prefix.log}~`,
  });
  return items.map(commitOf);
}

/** A time to live is only known to DynamoDB as an attribute of its own. */
const withoutExpiry = ({ expires: _, ...entry }: Commit) => entry;

function commitOf(item: Item): Commit {
  const { commit, expires } = parseRow(item, logRow);
  return { ...commit, ...(expires !== undefined && { expires }) };
}

async function toCommit(
  store: LogStore,
  accountId: string,
  head: Head,
  draft: CommitDraft,
  options: CommitOptions,
): Promise<{ entry: Commit; before: ReadonlyMap<string, EmailState> }> {
  const marked = await markRevived(store, accountId, completeDraft(draft), options);
  const full = draft.by === 'device' ? await withTraces(store, accountId, marked) : marked;
  const { counters, before } = await countersOf(store, accountId, full, options);
  const entry: Commit = {
    ...full,
    n: head.applied + 1,
    at: store.now(),
    nonce: randomUUID(),
    counters,
    ...(options.expires !== false && { expires: expiry(store) }),
  };
  return { entry, before };
}

type FullDraft = ReturnType<typeof completeDraft>;

/** A created Email that has a tombstone needs a STATE# row to speak louder than it. */
async function markRevived(
  store: LogStore,
  accountId: string,
  draft: FullDraft,
  options: CommitOptions,
): Promise<FullDraft> {
  const ids = draft.created.map(email => email.id);
  const tombstones =
    options.destroyed?.(ids) ?? new Set((await getStateRows(store.table, accountId, ids)).keys());
  if (tombstones.size === 0) return draft;
  return {
    ...draft,
    created: draft.created.map(email => (tombstones.has(email.id) ? { ...email, revived: true } : email)),
  };
}

/** What a device destroys is deleted at the source, too: the commit says where that was, and which bytes stay here. */
async function withTraces(store: LogStore, accountId: string, draft: FullDraft): Promise<FullDraft> {
  if (draft.destroyed.length === 0) return draft;
  const ids = draft.destroyed.map(({ id }) => id);
  const emails = await getEmails(store.table, accountId, ids);
  const destroyed = draft.destroyed.map(entry => {
    const email = emails.get(entry.id);
    if (!email) return entry;
    const { sha256, size } = email.summary;
    const locations = email.state.locations.filter(location => location !== KEPT_HERE);
    return { ...entry, blob: { sha256, size }, locations };
  });
  return { ...draft, destroyed };
}

/** What the draft does to the counters, and the states before it of the Emails that it counts. */
async function countersOf(
  store: LogStore,
  accountId: string,
  draft: FullDraft,
  options: CommitOptions,
): Promise<{ counters: Record<string, CounterDelta>; before: ReadonlyMap<string, EmailState> }> {
  const counted = draft.patched.filter(patch => patch.keywords || patch.mailboxIds);
  const touched = [...draft.created, ...counted, ...draft.destroyed];
  const threadIds = [...new Set(touched.map(email => email.threadId))];
  const { created, updated, destroyed } = draft.mailboxes;
  if (threadIds.length + created.length + updated.length + destroyed.length === 0) {
    return { counters: {}, before: new Map() };
  }
  const known = await listMailboxes(store.table, accountId);
  const trash = trashOf(known);
  const trashAfter = trashOf(mailboxesAfter(known, draft));
  if (trash !== trashAfter) return recount(store, accountId, draft, trash, trashAfter);
  const read = options.members ?? (wanted => getThreadMembers(store.table, accountId, wanted));
  const before = await read(threadIds);
  return { counters: counterDeltas(before.values(), applyToMembers(before, draft).values(), trash), before };
}

/** Another mailbox is the trash now, which decides for every thread where it counts as unread. */
async function recount(
  store: LogStore,
  accountId: string,
  draft: FullDraft,
  trash: string | null,
  trashAfter: string | null,
): Promise<{ counters: Record<string, CounterDelta>; before: ReadonlyMap<string, EmailState> }> {
  const before = await getAllStates(store.table, accountId);
  const after = applyToMembers(before, draft);
  const taken = counterDeltas(before.values(), [], trash);
  return { counters: addDeltas(taken, counterDeltas([], after.values(), trashAfter)), before };
}

const trashOf = (mailboxes: readonly MailboxProperties[]) =>
  mailboxes.find(mailbox => mailbox.role === 'trash')?.id ?? null;

function mailboxesAfter(known: readonly MailboxProperties[], { mailboxes }: FullDraft): MailboxProperties[] {
  const after = new Map(known.map(mailbox => [mailbox.id, mailbox]));
  for (const mailbox of [...mailboxes.created, ...mailboxes.updated]) after.set(mailbox.id, mailbox);
  for (const id of mailboxes.destroyed) after.delete(id);
  return [...after.values()];
}

/** True when the commit is in the log, by this write or by an earlier try whose answer was lost. */
async function append(store: LogStore, accountId: string, entry: Commit, text: string): Promise<boolean> {
  const key = keys.log(accountId, entry.n);
  const row = { ...key, commit: text, ...(entry.expires !== undefined && { expires: entry.expires }) };
  if (await putIf(store.table, row, 'attribute_not_exists(pk)')) return true;
  const winner = await getRow(store.table, key, logRow);
  return winner?.commit.nonce === entry.nonce;
}

function expiry(store: LogStore): number {
  return Math.floor(store.now() / 1000) + LOG_DAYS * DAY_SECONDS;
}
