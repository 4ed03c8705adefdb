import { z } from 'zod';
import { listEmails, type StoredEmail } from '../store/emails.ts';
import { catchUp } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import type { Head } from '../store/rows.ts';
import type { EmailState } from '../store/state.ts';
import { chunk, inParallel } from '../store/table.ts';
import { stateOf } from './changes.ts';
import { type Candidate, compileFilter, type EmailFilter, emailCondition } from './email-filter.ts';
import { compileSort } from './email-sort.ts';
import { statesAt } from './known-states.ts';
import { type AccountContext, accountMethod, resolveId } from './methods.ts';
import {
  cannotQueryChanges,
  limitGiven,
  limitOf,
  parseFilter,
  queryArguments,
  queryChangesArguments,
  type Window,
  windowOf,
} from './query.ts';
import { type MessageReader, messageReader } from './searched-message.ts';
import { type Id, MAIL } from './types.ts';

/** A row of a list is about five times as large as one that tells only the state. */
const PATIENCE = 5;
const LONGEST_LISTING = 1_000;
/** Messages read at once where a filter needs them. */
const MESSAGES_AT_ONCE = 16;

const emailArguments = { filter: z.unknown().optional(), collapseThreads: z.boolean().default(false) };

interface Query extends Window {
  filter: EmailFilter;
  test(email: Candidate): boolean | null;
  sort: ReturnType<typeof compileSort>;
  /** What more than the state of an Email the query looks at. */
  needsSummary: boolean;
  needsThread: boolean;
  read: MessageReader;
  collapseThreads: boolean;
}

/** Email/query, RFC 8621 section 4.4; newest first unless a sort is given. */
export const emailQuery = accountMethod(
  'Email/query',
  MAIL,
  { ...queryArguments, ...emailArguments },
  async (context, args) => {
    const { services, account } = context;
    const query = planQuery(context, args);
    const head = await catchUp(services, account.id);
    const answer = (await listNewest(context, query, head)) ?? (await listAll(context, query, head));
    return { queryState: stateOf(head), canCalculateChanges: false, ...answer };
  },
);

/** Email/queryChanges, RFC 8621 section 4.5. */
export const emailQueryChanges = accountMethod(
  'Email/queryChanges',
  MAIL,
  { ...queryChangesArguments, ...emailArguments },
  cannotQueryChanges,
);

type Arguments = Window & {
  filter?: unknown;
  sort: Parameters<typeof compileSort>[0] | null;
  collapseThreads: boolean;
};

function planQuery(context: AccountContext, args: Arguments): Query {
  const filter = parseFilter(args.filter, emailCondition);
  const { needs, test } = compileFilter(filter);
  const sort = compileSort(args.sort ?? []);
  const all = new Set([...needs, ...sort.needs]);
  const anchor = args.anchor === null ? null : resolveId(context, args.anchor);
  const { position, anchorOffset, limit, calculateTotal, collapseThreads } = args;
  return {
    ...{ position, anchor, anchorOffset, limit, calculateTotal, collapseThreads },
    ...{ filter, test, sort },
    needsSummary: all.has('summary') || all.has('message'),
    needsThread: all.has('thread'),
    read: messageReader(context),
  };
}

/**
 * The first part of the list, read newest first until the page is full. Null when that is no way to answer: another
 * order, an anchor, a total that no counter tells; or so few Emails match that the small rows are read sooner.
 */
async function listNewest(context: AccountContext, query: Query, head: Head) {
  const { services, account } = context;
  const needed = query.position + limitOf(query);
  if (!query.sort.newestFirst || query.needsThread || query.anchor !== null || query.position < 0)
    return null;
  if (!query.needsSummary && needed > LONGEST_LISTING && head.emails > LONGEST_LISTING) return null;
  const total = query.calculateTotal ? await totalByCounters(context, query, head) : undefined;
  if (total === null) return null;
  const found: Id[] = [];
  const accept = acceptor(query);
  let read = 0;
  const pageSize = Math.max(50, Math.min(500, needed));
  for await (const page of listEmails(services.table, account.id, { pageSize })) {
    for await (const email of accept(page.map(candidateOf))) {
      found.push(email.id);
      if (found.length >= needed) break;
    }
    read += page.length;
    if (found.length >= needed) break;
    if (!query.needsSummary && read > LONGEST_LISTING + PATIENCE * needed) return null;
  }
  return {
    position: query.position,
    ids: found.slice(query.position, needed),
    ...(total !== undefined && { total }),
    ...limitGiven(query),
  };
}

/** The total as the counters know it, for everything or one mailbox; null for any other filter. */
async function totalByCounters(
  { services, account }: AccountContext,
  { filter, collapseThreads }: Query,
  head: Head,
): Promise<number | null> {
  if (filter === null) return collapseThreads ? null : head.emails;
  if (!('condition' in filter) || Object.keys(filter.condition).join() !== 'inMailbox') return null;
  const mailboxes = await listMailboxes(services.table, account.id);
  const mailbox = mailboxes.find(({ id }) => id === filter.condition.inMailbox);
  return mailbox ? (collapseThreads ? mailbox.totalThreads : mailbox.totalEmails) : 0;
}

/** The complete list of results, cut to the window. */
async function listAll(context: AccountContext, query: Query, head: Head) {
  const candidates = await readAll(context, query, head);
  const passing: Candidate[] = [];
  for await (const email of passed(candidates, query)) passing.push(email);
  const sorted = query.sort.sort(passing);
  return windowOf(
    (query.collapseThreads ? firstOfThreads(sorted, new Set()) : sorted).map(email => email.id),
    query,
  );
}

async function readAll(
  { services, account }: AccountContext,
  query: Query,
  head: Head,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  if (query.needsSummary) {
    for await (const page of listEmails(services.table, account.id)) {
      candidates.push(...page.map(candidateOf));
    }
  } else {
    const states = await statesAt(services, account.id, head);
    for (const state of states.values()) candidates.push({ id: state.id, state, summary: null, thread: [] });
  }
  return query.needsThread ? withThreads(candidates) : candidates;
}

function withThreads(candidates: readonly Candidate[]): Candidate[] {
  const threads = new Map<Id, EmailState[]>();
  for (const { state } of candidates) {
    const members = threads.get(state.threadId);
    if (members) members.push(state);
    else threads.set(state.threadId, [state]);
  }
  return candidates.map(email => ({ ...email, thread: threads.get(email.state.threadId) ?? [] }));
}

function candidateOf({ summary, state }: StoredEmail): Candidate {
  return { id: summary.emailId, state, summary, thread: [] };
}

/** Lets Emails pass in the order of the list, and only the first of each Thread when they are collapsed. */
function acceptor(query: Query): (emails: readonly Candidate[]) => AsyncIterable<Candidate> {
  const seen = new Set<Id>();
  return async function* accepted(emails) {
    for await (const email of passed(emails, query)) {
      if (!query.collapseThreads || firstOfThreads([email], seen).length) yield email;
    }
  };
}

function firstOfThreads(emails: readonly Candidate[], seen: Set<Id>): Candidate[] {
  return emails.filter(({ state }) => !seen.has(state.threadId) && seen.add(state.threadId));
}

/** The Emails that pass the filter, in order. Messages are read, some at a time, only where the rows do not tell. */
async function* passed(emails: readonly Candidate[], { test, read }: Query): AsyncGenerator<Candidate> {
  for (const some of chunk(emails, MESSAGES_AT_ONCE)) {
    const verdicts = new Map(some.map(email => [email, test(email)]));
    const open = some.filter(email => verdicts.get(email) === null && email.summary !== null);
    await inParallel(
      open,
      async email => {
        if (email.summary) verdicts.set(email, test({ ...email, message: await read(email.summary) }));
      },
      MESSAGES_AT_ONCE,
    );
    for (const email of some) if (verdicts.get(email)) yield email;
  }
}
