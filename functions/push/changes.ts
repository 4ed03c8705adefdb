import { receivedAtOf } from '../mime/identity.ts';
import type { Commit, CreatedEmail } from '../store/commit.ts';

/** TypeState of RFC 8620 section 7.1: the new state of each type that changed. */
export type TypeState = Record<string, string>;

/** What changed, by accountId: `changed` of a StateChange object. */
export type Changed = Record<string, TypeState>;

/** Mail of this age, in ms, is no news: a first pull brings years of it. */
const NEWS_MS = 2 * 86_400_000;

/** What the commits of a run, or of a request, mean to devices. */
export interface Noticed {
  /** Told of each commit. */
  add(accountId: string, commit: Commit): void;
  /** What changed, without deliveries. */
  changed(): Changed;
  /** For accounts that got mail which somebody may be waiting for: the state then, and the mailboxes that it is in. */
  delivered(): ReadonlyMap<string, { state: string; mailboxIds: ReadonlySet<string> }>;
}

/** Begins to collect. */
export function notice(): Noticed {
  const changed = new Map<string, TypeState>();
  const delivered = new Map<string, { state: string; mailboxIds: Set<string> }>();
  return {
    add(accountId, commit) {
      const types = typesOf(commit);
      if (Object.keys(types).length > 0) changed.set(accountId, { ...changed.get(accountId), ...types });
      const news = commit.created.filter(email => isNews(email, commit));
      if (news.length === 0) return;
      const mailboxIds = delivered.get(accountId)?.mailboxIds ?? new Set();
      for (const email of news) for (const id of email.mailboxIds) mailboxIds.add(id);
      delivered.set(accountId, { state: String(commit.n), mailboxIds });
    },
    changed: () => Object.fromEntries(changed),
    delivered: () => delivered,
  };
}

/** The types of RFC 8621 that a commit changes, with their state after it; empty for what only a run notes. */
export function typesOf(commit: Commit): TypeState {
  const { created, patched, destroyed, mailboxes, counters } = commit;
  const comesOrGoes = created.length + destroyed.length > 0;
  const isPatched = patched.some(patch => patch.keywords || patch.mailboxIds);
  const named = mailboxes.created.length + mailboxes.updated.length + mailboxes.destroyed.length > 0;
  const types = [
    ...(comesOrGoes || isPatched ? ['Email'] : []),
    ...(comesOrGoes ? ['Thread'] : []),
    ...(named || Object.keys(counters).length > 0 ? ['Mailbox'] : []),
  ];
  return Object.fromEntries(types.map(type => [type, String(commit.n)]));
}

/** Mail that came from a server of late and that nobody has read or written here. */
function isNews({ id, keywords, locations }: CreatedEmail, { by, at }: Commit): boolean {
  if (by !== 'run' || !locations.some(location => location.startsWith('UID'))) return false;
  return !keywords.includes('$seen') && !keywords.includes('$draft') && receivedAtOf(id) > at - NEWS_MS;
}

/** Both, with the later state of each type. */
export function merged(a: Changed, b: Changed): Changed {
  const all: Changed = { ...a };
  for (const [accountId, types] of Object.entries(b)) all[accountId] = { ...all[accountId], ...types };
  return all;
}

/** What of it a subscription wants to know: `types` of RFC 8620 section 7.2, null for all. */
export function ofTypes(changed: Changed, types: readonly string[] | null): Changed {
  if (types === null) return changed;
  const wanted: Changed = {};
  for (const [accountId, states] of Object.entries(changed)) {
    const kept = Object.entries(states).filter(([type]) => types.includes(type));
    if (kept.length > 0) wanted[accountId] = Object.fromEntries(kept);
  }
  return wanted;
}

/** Whether nothing changed. */
export const isNothing = (changed: Changed): boolean => Object.keys(changed).length === 0;
