import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { SUMMARY_BYTES, summarize } from '../mime/parse.ts';
import type { Blobs, Table } from '../services.ts';
import type { Commit, CounterDelta, CreatedEmail } from './commit.ts';
import { firstState } from './emails.ts';
import { StoreError } from './errors.ts';
import { writeImports } from './jobs.ts';
import { blobKeys, KEPT_HERE, type Key, keys, type Location } from './keys.ts';
import { deleteOlder, NEWER, PARALLEL_WRITES } from './newer.ts';
import { writeDeletions } from './receipts.ts';
import { type EmailSummary, emailRow, emailSummary, type StateRow, stateRow } from './rows.ts';
import { applyPatch, type EmailState, initialState } from './state.ts';
import { getRows, inParallel, parseRow, putIf, putRows, whenConditionHolds } from './table.ts';

/** Where projections live. */
export interface Store {
  table: Table;
  blobs: Blobs;
}

/** What the writer of a commit has at hand. */
export interface WriterKnows {
  /** Summaries of created Emails, by emailId. */
  summaries?: ReadonlyMap<string, EmailSummary> | undefined;
  /** States of Emails as they were just before the commit, by emailId. */
  before?: ReadonlyMap<string, EmailState> | undefined;
}

/**
 * Applies one commit to the rows that follow from it. Every write is either immutable or conditional on its
 * commit number, so applying twice, or late, or by two functions at once, ends the same. Commits must be
 * applied in log order; HEAD is moved last. What the writer of the commit knows need not be read again.
 */
export async function applyCommit(
  store: Store,
  accountId: string,
  commit: Commit,
  { summaries = new Map(), before = new Map() }: WriterKnows = {},
): Promise<void> {
  await writeImmutableRows(store, accountId, commit, summaries);
  await writeStates(store.table, accountId, commit, before);
  await writeMailboxes(store.table, accountId, commit);
  await writeSourceRows(store.table, accountId, commit);
  await writeDeletions(store.table, accountId, commit);
  await writeImports(store.table, accountId, commit);
  await moveHead(store.table, accountId, commit);
}

async function writeImmutableRows(
  store: Store,
  accountId: string,
  commit: Commit,
  summaries: ReadonlyMap<string, EmailSummary>,
): Promise<void> {
  const rows: (Key & Record<string, unknown>)[] = [];
  const stored = { c: commit.n, at: commit.at };
  await inParallel(
    commit.created,
    async email => {
      const summary = summaries.get(email.id) ?? (await readSummary(store.blobs, accountId, email));
      const { mailboxIds, keywords, locations, threadId, id } = email;
      const initial = { mailboxIds, keywords, locations };
      const row = { summary: emailSummary.parse(summary), ...initial };
      rows.push({ ...keys.email(accountId, id), email: JSON.stringify(row), c: commit.n });
      const member = JSON.stringify({ threadId, id, ...initial });
      rows.push({ ...keys.thread(accountId, threadId, id), member, c: commit.n });
      for (const location of locations) {
        const place = { emailId: id, ...stored, ...sizeOf(commit, location), fetched: true };
        rows.push({ ...keys.location(accountId, location), place: JSON.stringify(place) });
      }
    },
    PARALLEL_WRITES,
  );
  for (const patch of commit.patched) {
    for (const [location, present] of Object.entries(patch.locations ?? {})) {
      if (!present || location === KEPT_HERE) continue;
      const place = { emailId: patch.id, ...stored, ...sizeOf(commit, location) };
      rows.push({ ...keys.location(accountId, location), place: JSON.stringify(place) });
    }
  }
  for (const [objectKey, object] of Object.entries(commit.objects ?? {})) {
    rows.push({ ...keys.object(accountId, objectKey), ...object });
  }
  await putRows(store.table, [...new Map(rows.map(row => [row.sk, row])).values()]);
}

function sizeOf({ sizes }: Commit, location: Location): { size?: number } {
  const size = sizes?.[location];
  return size === undefined ? {} : { size };
}

/** The row of an Email whose writer died before writing it: parsed again from its blob. */
async function readSummary(blobs: Blobs, accountId: string, email: CreatedEmail): Promise<EmailSummary> {
  const key = blobKeys.raw(accountId, email.sha256);
  const [stored, head] = await Promise.all([
    blobs.head(key),
    blobs.get(key, { start: 0, end: SUMMARY_BYTES }),
  ]);
  if (!stored || !head)
    throw new StoreError('missing-blob', `The raw message of Email ${email.id} is missing.`);
  return summarize(head, email.sha256, stored.size);
}

async function writeStates(
  table: Table,
  accountId: string,
  commit: Commit,
  known: ReadonlyMap<string, EmailState>,
): Promise<void> {
  const changed = await statesAfter(table, accountId, commit, known);
  await inParallel(
    changed,
    async row => {
      const { c, ...state } = row;
      const item = { ...keys.state(accountId, row.id), state: JSON.stringify(state), c };
      await putIf(table, item, NEWER, { ':n': commit.n });
    },
    PARALLEL_WRITES,
  );
  await deleteDestroyed(table, accountId, commit);
}

/** An Email may have come back before a frozen function thaws: what is alive keeps its rows. */
async function deleteDestroyed(table: Table, accountId: string, commit: Commit): Promise<void> {
  if (commit.destroyed.length === 0) return;
  const states = await getRows(
    table,
    commit.destroyed.map(({ id }) => keys.state(accountId, id)),
  );
  const alive = new Set(
    states.map(item => parseRow(item, stateRow)).flatMap(row => (row.destroyed ? [] : row.id)),
  );
  const gone = commit.destroyed
    .filter(({ id }) => !alive.has(id))
    .flatMap(({ id, threadId }) => [keys.email(accountId, id), keys.thread(accountId, threadId, id)]);
  await inParallel(gone, key => deleteOlder(table, key, commit.n), PARALLEL_WRITES);
}

/** The STATE# rows that a commit makes, computed from the states before it. */
async function statesAfter(
  table: Table,
  accountId: string,
  commit: Commit,
  known: ReadonlyMap<string, EmailState>,
): Promise<Omit<StateRow, 'sk'>[]> {
  const { n } = commit;
  const unknown = commit.patched.map(patch => patch.id).filter(id => !known.has(id));
  const before = new Map([...known, ...(await currentStates(table, accountId, unknown))]);
  const rows = new Map<string, Omit<StateRow, 'sk'>>();
  const set = (state: EmailState) => rows.set(state.id, { ...copyState(state), c: n });
  for (const email of commit.created) if (email.revived) set(initialState(email));
  for (const patch of commit.patched) {
    const state = rows.get(patch.id) ?? before.get(patch.id);
    if (state) set(applyPatch(state, patch));
  }
  for (const { id, threadId, blob } of commit.destroyed) {
    const empty = { mailboxIds: [], keywords: [], locations: [] };
    rows.set(id, { id, threadId, ...empty, c: n, destroyed: true, ...(blob && { blob }) });
  }
  return [...rows.values()];
}

async function currentStates(
  table: Table,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, EmailState>> {
  const changed = await getRows(
    table,
    ids.map(id => keys.state(accountId, id)),
  );
  const rows = new Map(changed.map(item => parseRow(item, stateRow)).map(row => [row.id, row]));
  const states = new Map<string, EmailState>([...rows].filter(([, row]) => !row.destroyed));
  // A frozen function may have brought back the first row of an Email that was destroyed: its tombstone holds.
  const unchanged = ids.filter(id => !rows.has(id));
  for (const item of await getRows(
    table,
    unchanged.map(id => keys.email(accountId, id)),
  )) {
    const state = firstState(parseRow(item, emailRow));
    states.set(state.id, state);
  }
  return states;
}

function copyState({ id, threadId, mailboxIds, keywords, locations }: EmailState) {
  return { id, threadId, mailboxIds: [...mailboxIds], keywords: [...keywords], locations: [...locations] };
}

const NO_COUNTERS: CounterDelta = { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };

async function writeMailboxes(table: Table, accountId: string, commit: Commit): Promise<void> {
  const { created, updated, destroyed } = commit.mailboxes;
  const n = commit.n;
  const isNew = new Set(created.map(mailbox => mailbox.id));
  await inParallel(created, async mailbox => {
    const counters = commit.counters[mailbox.id] ?? NO_COUNTERS;
    await putIf(table, { ...keys.mailbox(accountId, mailbox.id), ...mailbox, ...counters, c: n }, NEWER, {
      ':n': n,
    });
  });
  await inParallel(updated, async ({ id, ...properties }) => {
    await updateMailbox(
      table,
      keys.mailbox(accountId, id),
      n,
      properties,
      commit.counters[id] ?? NO_COUNTERS,
    );
  });
  const done = new Set([...isNew, ...updated.map(mailbox => mailbox.id), ...destroyed]);
  await inParallel(
    Object.entries(commit.counters).filter(([id]) => !done.has(id)),
    async ([id, delta]) => {
      await updateMailbox(table, keys.mailbox(accountId, id), n, {}, delta);
    },
  );
  await inParallel(destroyed, async id => {
    await updateMailbox(table, keys.mailbox(accountId, id), n, { destroyed: true }, NO_COUNTERS);
  });
}

async function updateMailbox(
  table: Table,
  key: Key,
  n: number,
  properties: Record<string, unknown>,
  counters: CounterDelta,
): Promise<void> {
  const set = Object.entries({ ...properties, c: n });
  const add = Object.entries(counters);
  const names = [...set, ...add].map(([name]) => [`#${name}`, name]);
  const values = [...set, ...add].map(([name, value]) => [`:${name}`, value]);
  await whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: key,
        ConditionExpression: 'attribute_exists(pk) AND c < :n',
        UpdateExpression:
          `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')} ` +
          `ADD ${add.map(([name]) => `#${name} :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names),
        ExpressionAttributeValues: { ...Object.fromEntries(values), ':n': n },
      }),
    ),
  );
}

async function writeSourceRows(table: Table, accountId: string, commit: Commit): Promise<void> {
  const n = commit.n;
  await inParallel(Object.entries(commit.cursors), async ([mailboxId, cursor]) => {
    await putIf(table, { ...keys.cursor(accountId, mailboxId), ...cursor, c: n }, NEWER, { ':n': n });
  });
  await inParallel(commit.quarantined, async entry => {
    const row = { ...keys.quarantine(accountId, entry.location), ...entry, c: n, at: commit.at };
    await putIf(table, row, NEWER, { ':n': n });
  });
  await inParallel(commit.released, async location => {
    // A tombstone, so that a late writer of the quarantine does not bring it back.
    const nothing = { path: '', uid: '', code: '', reason: '', sha256: null };
    const row = { ...keys.quarantine(accountId, location), location, ...nothing, c: n, at: commit.at };
    await putIf(table, { ...row, released: true }, NEWER, { ':n': n });
  });
}

async function moveHead(table: Table, accountId: string, commit: Commit): Promise<void> {
  const emails = commit.created.length - commit.destroyed.length;
  const start = commit.n === 1 ? 'attribute_not_exists(applied)' : 'applied = :before';
  const { receipts = [] } = commit;
  const freed = receipts.reduce((sum, { size }) => sum + size, 0);
  const [setSince, addReceipts] =
    receipts.length > 0
      ? [', receiptsSince = if_not_exists(receiptsSince, :at)', ', receipts :receipts, freed :freed']
      : ['', ''];
  await whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.head(accountId),
        ConditionExpression: start,
        UpdateExpression:
          `SET applied = :n, pushed = ${commit.pushed === undefined ? 'if_not_exists(pushed, :zero)' : ':pushed'}` +
          `${setSince} ADD emails :emails${addReceipts}`,
        ExpressionAttributeValues: {
          ':n': commit.n,
          ':emails': emails,
          ...(receipts.length > 0 && { ':at': commit.at, ':receipts': receipts.length, ':freed': freed }),
          ...(commit.n > 1 && { ':before': commit.n - 1 }),
          ...(commit.pushed === undefined ? { ':zero': 0 } : { ':pushed': commit.pushed }),
        },
      }),
    ),
  );
}
