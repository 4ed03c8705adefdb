import type { Commit } from '../store/commit.ts';
import { getAllStates, getThreadMembers } from '../store/emails.ts';
import { catchUp, readLog } from '../store/log.ts';
import type { EmailState } from '../store/state.ts';
import {
  type Change,
  changesArguments,
  commitsSince,
  foldChanges,
  type Position,
  parsePosition,
  stateOf,
} from './changes.ts';
import { getArguments, listAndNotFound, wantedIds, wantedProperties } from './get.ts';
import { accountMethod } from './methods.ts';
import { type Id, MAIL, type Thread } from './types.ts';

/** Thread/get, RFC 8621 section 3.1. */
export const threadGet = accountMethod('Thread/get', MAIL, getArguments, async (context, args) => {
  const { services, account } = context;
  const properties = wantedProperties(args.properties, ['id', 'emailIds']);
  const ids = wantedIds(context, args.ids);
  const head = await catchUp(services, account.id);
  const members = ids
    ? await getThreadMembers(services.table, account.id, ids)
    : await getAllStates(services.table, account.id);
  const threads: Thread[] = [...membership(members.values())].map(([id, emailIds]) => ({
    id,
    // The time of arrival leads the id, so the order of ids is that of receivedAt.
    emailIds: [...emailIds].sort(),
  }));
  return { state: stateOf(head), ...listAndNotFound(threads, ids, properties) };
});

/** Thread/changes, RFC 8621 section 3.2: a Thread exists while it has Emails. */
export const threadChanges = accountMethod(
  'Thread/changes',
  MAIL,
  changesArguments,
  async (context, { sinceState, maxChanges }) => {
    const { services, account } = context;
    const { since, commits } = await commitsSince(context, sinceState);
    const folded = foldChanges(commits, since, threadChangesOf, maxChanges);
    const touched = folded.updated;
    const members = await getThreadMembers(services.table, account.id, touched);
    // What was committed while the members were read may show in them already; its log entry undoes it.
    const later = await readLog(services, account.id, commits.at(-1)?.n ?? since.n);
    const history = [...commits, ...later];
    const now = membership(members.values());
    const before = membersAt(now, history, since);
    const after = membersAt(now, history, parsePosition(folded.newState) ?? since);
    return {
      oldState: sinceState,
      newState: folded.newState,
      hasMoreChanges: folded.hasMoreChanges,
      ...classify(touched, before, after),
    };
  },
);

type Membership = ReadonlyMap<Id, ReadonlySet<Id>>;

function membership(states: Iterable<EmailState>): Map<Id, Set<Id>> {
  const threads = new Map<Id, Set<Id>>();
  for (const { id, threadId } of states) {
    const emailIds = threads.get(threadId);
    if (emailIds) emailIds.add(id);
    else threads.set(threadId, new Set([id]));
  }
  return threads;
}

/** A Thread changes when an Email comes or goes. */
function threadChangesOf({ created, destroyed }: Commit): (Change & { emailId: Id; comes: boolean })[] {
  const change = (comes: boolean) => (email: { id: Id; threadId: Id }) => ({
    id: email.threadId,
    kind: 'updated' as const,
    emailId: email.id,
    comes,
  });
  return [...created.map(change(true)), ...destroyed.map(change(false))];
}

/** The members at an earlier position: those of now, with all that the log says since undone, newest first. */
function membersAt(now: Membership, history: readonly Commit[], at: Position): Membership {
  const then = new Map([...now].map(([id, emailIds]) => [id, new Set(emailIds)]));
  for (const commit of [...history].reverse()) {
    if (commit.n <= at.n) break;
    const changes = threadChangesOf(commit).slice(commit.n === at.n + 1 ? at.k : 0);
    for (const { id, emailId, comes } of changes.reverse()) {
      const emailIds = then.get(id) ?? new Set();
      then.set(id, emailIds);
      if (comes) emailIds.delete(emailId);
      else emailIds.add(emailId);
    }
  }
  return then;
}

function classify(touched: readonly Id[], before: Membership, after: Membership) {
  const lists = { created: [] as Id[], updated: [] as Id[], destroyed: [] as Id[] };
  for (const id of touched) {
    const was = before.get(id) ?? new Set();
    const is = after.get(id) ?? new Set();
    if (was.size === 0 && is.size > 0) lists.created.push(id);
    else if (was.size > 0 && is.size === 0) lists.destroyed.push(id);
    else if (was.size !== is.size || [...was].some(emailId => !is.has(emailId))) lists.updated.push(id);
  }
  return lists;
}
