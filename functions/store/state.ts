import type { Commit, CounterDelta, CreatedEmail, PatchedEmail } from './commit.ts';

/** The part of an Email that changes: small, and enough for threads, counters and the planner. */
export interface EmailState {
  id: string;
  threadId: string;
  mailboxIds: readonly string[];
  keywords: readonly string[];
  locations: readonly string[];
}

/** The state an Email is created with. */
export function initialState(created: CreatedEmail): EmailState {
  const { id, threadId, mailboxIds, keywords, locations } = created;
  return { id, threadId, mailboxIds, keywords, locations };
}

/** A state with one patch applied. Pure; applying a patch twice gives the same. */
export function applyPatch(state: EmailState, patch: PatchedEmail): EmailState {
  return {
    ...state,
    mailboxIds: merge(state.mailboxIds, patch.mailboxIds),
    keywords: merge(state.keywords, patch.keywords),
    locations: merge(state.locations, patch.locations),
  };
}

/** Whether a patch would change the state at all. */
export function changes(state: EmailState, patch: PatchedEmail): boolean {
  return (
    differs(state.mailboxIds, patch.mailboxIds) ||
    differs(state.keywords, patch.keywords) ||
    differs(state.locations, patch.locations)
  );
}

/** Unread as RFC 8621 section 2 counts it: neither $seen nor $draft. */
export const isUnread = (state: EmailState) =>
  !state.keywords.includes('$seen') && !state.keywords.includes('$draft');

type EmailChanges = Pick<Commit, 'created' | 'patched' | 'destroyed'>;

/** The Emails before a commit, made into those after it. Pure. */
export function applyToMembers(
  before: ReadonlyMap<string, EmailState>,
  commit: EmailChanges,
): Map<string, EmailState> {
  const after = new Map(before);
  applyInPlace(after, commit);
  return after;
}

/** The same, on the map itself: for whoever keeps many Emails and would not copy them at each commit. */
export function applyInPlace(states: Map<string, EmailState>, commit: EmailChanges): void {
  for (const email of commit.created) states.set(email.id, initialState(email));
  for (const patch of commit.patched) {
    const state = states.get(patch.id);
    if (state) states.set(patch.id, applyPatch(state, patch));
  }
  for (const { id } of commit.destroyed) states.delete(id);
}

/**
 * What a commit does to the counters of each mailbox: the contributions of the touched threads after it minus
 * those before it. `before` and `after` hold all members of every touched thread. RFC 8621 section 2,
 * including its rule that Emails only in the Trash do not make a thread unread elsewhere.
 */
export function counterDeltas(
  before: Iterable<EmailState>,
  after: Iterable<EmailState>,
  trashId: string | null,
): Record<string, CounterDelta> {
  const deltas: Record<string, CounterDelta> = {};
  addContributions(deltas, before, trashId, -1);
  addContributions(deltas, after, trashId, 1);
  return withoutZeros(deltas);
}

/** Two sets of counter changes as one. */
export function addDeltas(
  a: Readonly<Record<string, CounterDelta>>,
  b: Readonly<Record<string, CounterDelta>>,
): Record<string, CounterDelta> {
  const sum = { ...a };
  for (const [mailboxId, d] of Object.entries(b)) {
    const before = sum[mailboxId];
    sum[mailboxId] = !before
      ? d
      : {
          totalEmails: before.totalEmails + d.totalEmails,
          unreadEmails: before.unreadEmails + d.unreadEmails,
          totalThreads: before.totalThreads + d.totalThreads,
          unreadThreads: before.unreadThreads + d.unreadThreads,
        };
  }
  return withoutZeros(sum);
}

function withoutZeros(deltas: Readonly<Record<string, CounterDelta>>): Record<string, CounterDelta> {
  return Object.fromEntries(
    Object.entries(deltas).filter(([, delta]) => Object.values(delta).some(change => change !== 0)),
  );
}

function addContributions(
  deltas: Record<string, CounterDelta>,
  states: Iterable<EmailState>,
  trashId: string | null,
  sign: 1 | -1,
): void {
  const threads = new Map<string, EmailState[]>();
  for (const state of states) {
    const members = threads.get(state.threadId);
    if (members) members.push(state);
    else threads.set(state.threadId, [state]);
  }
  for (const members of threads.values()) {
    const unreadInTrash = members.some(
      m => isUnread(m) && trashId !== null && m.mailboxIds.includes(trashId),
    );
    const unreadElsewhere = members.some(m => isUnread(m) && m.mailboxIds.some(id => id !== trashId));
    const counted = new Set<string>();
    for (const member of members) {
      for (const mailboxId of member.mailboxIds) {
        deltas[mailboxId] ??= { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
        const delta = deltas[mailboxId];
        delta.totalEmails += sign;
        if (isUnread(member)) delta.unreadEmails += sign;
        if (counted.has(mailboxId)) continue;
        counted.add(mailboxId);
        delta.totalThreads += sign;
        if (mailboxId === trashId ? unreadInTrash : unreadElsewhere) delta.unreadThreads += sign;
      }
    }
  }
}

function merge(set: readonly string[], patch: Record<string, boolean> | undefined): readonly string[] {
  if (!patch) return set;
  const merged = new Set(set);
  for (const [value, present] of Object.entries(patch)) {
    if (present) merged.add(value);
    else merged.delete(value);
  }
  return [...merged];
}

function differs(set: readonly string[], patch: Record<string, boolean> | undefined): boolean {
  return Object.entries(patch ?? {}).some(([value, present]) => set.includes(value) !== present);
}
