import type { Table } from '../services.ts';
import { keys, type Location, objectKeyOf, prefix } from './keys.ts';
import {
  type EmailRow,
  type EmailSummary,
  emailRow,
  type LocationRow,
  locationRow,
  type ObjectRow,
  objectRow,
  type StateRow,
  stateRow,
  threadRow,
} from './rows.ts';
import type { EmailState } from './state.ts';
import { getRows, inParallel, parseRow, queryAll, queryRange } from './table.ts';

/** An Email as readers see it: what never changes and what may. */
export interface StoredEmail {
  summary: EmailSummary;
  state: EmailState;
}

/** Above this many threads, one range read of all members is cheaper than a query for each. */
const WHOLE_INDEX_ABOVE = 150;

/** The Emails with these ids; those that do not exist (any more) are left out. */
export async function getEmails(
  table: Table,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, StoredEmail>> {
  const items = await getRows(
    table,
    [...new Set(ids)].flatMap(id => [keys.email(accountId, id), keys.state(accountId, id)]),
  );
  const emails = items.filter(item => String(item.sk).startsWith(prefix.email));
  return mergeEmails(emails, readStates(items));
}

/**
 * Emails newest first, page by page: the range of EMAIL# rows merged with that of STATE# rows. `before` starts
 * just after (older than) that emailId.
 */
export async function* listEmails(
  table: Table,
  accountId: string,
  options: { before?: string; pageSize?: number } = {},
): AsyncGenerator<StoredEmail[]> {
  const pk = keys.partition(accountId);
  const to = options.before ? `${prefix.email}${before(options.before)}` : `${prefix.email}~`;
  const pages = queryRange(table, pk, {
    from: prefix.email,
    to,
    descending: true,
    ...(options.pageSize && { pageSize: options.pageSize }),
  });
  for await (const page of pages) {
    const first = page.at(-1);
    const last = page[0];
    if (!first || !last) continue;
    const states = await queryAll(table, pk, {
      from: prefix.state + String(first.sk).slice(prefix.email.length),
      to: prefix.state + String(last.sk).slice(prefix.email.length),
    });
    yield [...mergeEmails(page, readStates(states)).values()];
  }
}

/** The current members of threads, by emailId: all of each thread, destroyed ones left out. */
export async function getThreadMembers(
  table: Table,
  accountId: string,
  threadIds: readonly string[],
): Promise<Map<string, EmailState>> {
  const wanted = [...new Set(threadIds)];
  if (wanted.length > WHOLE_INDEX_ABOVE) {
    const all = await getAllStates(table, accountId);
    const set = new Set(wanted);
    return new Map([...all].filter(([, state]) => set.has(state.threadId)));
  }
  const items: Record<string, unknown>[] = [];
  await inParallel(wanted, async threadId => {
    items.push(
      ...(await queryAll(table, keys.partition(accountId), { prefix: `${prefix.thread}${threadId}#` })),
    );
  });
  const rows = items.map(item => parseRow(item, threadRow));
  const states = await getRows(
    table,
    rows.map(row => keys.state(accountId, row.id)),
  );
  return mergeStates(rows, readStates(states));
}

/** The state of every Email of an account, from the two ranges of small rows. */
export async function getAllStates(table: Table, accountId: string): Promise<Map<string, EmailState>> {
  return (await getIndex(table, accountId)).states;
}

/** The state of every Email of an account, and the ids of those that were destroyed and left a tombstone. */
export async function getIndex(
  table: Table,
  accountId: string,
): Promise<{ states: Map<string, EmailState>; destroyed: Set<string> }> {
  const pk = keys.partition(accountId);
  const states = new Map<string, EmailState>();
  const destroyed = new Set<string>();
  // Page by page: the raw rows of a large account would fill the memory.
  for await (const page of queryRange(table, pk, { prefix: prefix.thread })) {
    for (const item of page) {
      const { sk: _, ...member } = parseRow(item, threadRow);
      states.set(member.id, member);
    }
  }
  for await (const page of queryRange(table, pk, { prefix: prefix.state })) {
    for (const row of readStates(page).values()) {
      // A destroyed Email may have a thread row yet, and one that came back late has only its state.
      if (row.destroyed) destroyed.add(row.id);
      if (row.destroyed) states.delete(row.id);
      else if (states.has(row.id)) states.set(row.id, row);
    }
  }
  return { states, destroyed };
}

/** The raw STATE# rows (tombstones too) of these Emails. */
export async function getStateRows(
  table: Table,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, StateRow>> {
  return readStates(
    await getRows(
      table,
      ids.map(id => keys.state(accountId, id)),
    ),
  );
}

/** Which Email was stored from each of these locations. */
export async function getLocations(
  table: Table,
  accountId: string,
  locations: readonly Location[],
): Promise<Map<Location, string>> {
  const rows = await getRows(
    table,
    [...new Set(locations)].map(location => keys.location(accountId, location)),
  );
  return toLocations(rows);
}

/** A location as it was stored: whose it is, by which commit and when, and whether its bytes were read there. */
export type Place = Omit<LocationRow, 'sk'>;

/** The rows of these locations. */
export async function getPlaces(
  table: Table,
  accountId: string,
  locations: readonly Location[],
): Promise<Map<Location, Place>> {
  const rows = await getRows(
    table,
    [...new Set(locations)].map(location => keys.location(accountId, location)),
  );
  return toPlaces(rows);
}

/** The rows of every location that begins with a prefix. */
export async function listPlaces(
  table: Table,
  accountId: string,
  locationPrefix: string,
): Promise<Map<Location, Place>> {
  return toPlaces(await queryAll(table, keys.partition(accountId), { prefix: locationPrefix }));
}

/** Which Email each of these ids of the source's own means, and the size it had there; unknown ones left out. */
export async function getObjects(
  table: Table,
  accountId: string,
  remoteIds: readonly string[],
): Promise<Map<string, Omit<ObjectRow, 'sk'>>> {
  const rows = await getRows(
    table,
    remoteIds.map(id => keys.object(accountId, objectKeyOf(id))),
  );
  const byKey = new Map(rows.map(item => parseRow(item, objectRow)).map(({ sk, ...row }) => [sk, row]));
  return new Map(
    remoteIds.flatMap(id => {
      const row = byKey.get(prefix.object + objectKeyOf(id));
      return row ? [[id, row] as const] : [];
    }),
  );
}

const toPlaces = (items: readonly Record<string, unknown>[]) =>
  new Map<Location, Place>(
    items.map(item => parseRow(item, locationRow)).map(({ sk, ...place }) => [sk, place]),
  );

/** Every location of an account that begins with a prefix, e.g. of one mailbox and UIDVALIDITY. */
export async function listLocations(
  table: Table,
  accountId: string,
  locationPrefix: string,
): Promise<Map<Location, string>> {
  return toLocations(await queryAll(table, keys.partition(accountId), { prefix: locationPrefix }));
}

function toLocations(items: readonly Record<string, unknown>[]): Map<Location, string> {
  return new Map(items.map(item => parseRow(item, locationRow)).map(row => [row.sk, row.emailId]));
}

function readStates(items: readonly Record<string, unknown>[]): Map<string, StateRow> {
  const rows = items.filter(item => String(item.sk).startsWith(prefix.state));
  return new Map(rows.map(item => parseRow(item, stateRow)).map(row => [row.id, row]));
}

function mergeEmails(
  emails: readonly Record<string, unknown>[],
  states: ReadonlyMap<string, StateRow>,
): Map<string, StoredEmail> {
  const merged = new Map<string, StoredEmail>();
  for (const item of emails) {
    const row = parseRow(item, emailRow);
    const { summary } = row;
    const changed = states.get(summary.emailId);
    if (!changed?.destroyed) merged.set(summary.emailId, { summary, state: changed ?? firstState(row) });
  }
  return merged;
}

/** The state that an Email was created with, from its row. */
export function firstState({ summary, mailboxIds, keywords, locations }: EmailRow): EmailState {
  return { id: summary.emailId, threadId: summary.threadId, mailboxIds, keywords, locations };
}

function mergeStates(
  rows: readonly EmailState[],
  states: ReadonlyMap<string, StateRow>,
): Map<string, EmailState> {
  const merged = new Map<string, EmailState>();
  for (const row of rows) {
    const changed = states.get(row.id);
    if (!changed?.destroyed) merged.set(row.id, changed ?? row);
  }
  return merged;
}

/** The greatest sort key below an id: ids are lower-case base32hex, so one character less and a high tail. */
function before(id: string): string {
  const last = id.charCodeAt(id.length - 1);
  return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}
