import type { SourceMailbox } from '../../source/source.ts';
import type { MailboxProperties } from '../../store/commit.ts';
import { wantedPaths } from '../mailboxes/pending.ts';

/** One thing to tell the source about one mailbox. */
export type MailboxOperation = { id: string } & (
  | { kind: 'create'; path: string }
  | { kind: 'rename'; path: string; newPath: string }
  | { kind: 'subscribe'; path: string; subscribed: boolean }
  /** The source has it under another of our ids already. */
  | { kind: 'join'; into: string }
  /** The source cannot have it: `reason` is a sentence for the person. */
  | { kind: 'impossible'; reason: string }
);

interface Step {
  mailbox: MailboxProperties;
  wanted: string;
}

/**
 * What has to be told so that the source's mailboxes are as devices want them, in an order in which each can be done:
 * parents first, and what is in the way of another moves before it. `live` are the mailboxes as they are here, whose
 * paths are those that the source lists. Pure.
 */
export function planMailboxPush(
  live: readonly MailboxProperties[],
  changed: ReadonlySet<string>,
  source: readonly SourceMailbox[],
): MailboxOperation[] {
  const wanted = wantedPaths(live, changed, source);
  const chosen = live.filter(({ id }) => changed.has(id));
  const operations: MailboxOperation[] = impossible(chosen.filter(({ id }) => !wanted.has(id)));
  const paths = new Map(source.map(({ path, delimiter }) => [path, delimiter ?? null]));
  const current = new Map(live.map(({ id, path }) => [id, path]));
  let steps: Step[] = chosen.flatMap(mailbox => {
    const path = wanted.get(mailbox.id);
    return path === undefined ? [] : [{ mailbox, wanted: path }];
  });
  while (steps.length > 0) {
    const step = nextStep(steps, current, paths);
    steps = steps.filter(other => other !== step);
    const { id } = step.mailbox;
    const path = current.get(id) ?? null;
    const owner = live.find(other => other.id !== id && current.get(other.id) === step.wanted);
    if (path === null && owner) operations.push({ kind: 'join', id, into: owner.id });
    else if (path === null) operations.push({ kind: 'create', id, path: step.wanted });
    else if (path !== step.wanted) {
      operations.push({ kind: 'rename', id, path, newPath: step.wanted });
      rename(path, step.wanted, current, paths);
    }
    if (path === null) paths.set(step.wanted, null);
    if (!owner || path !== null) current.set(id, step.wanted);
  }
  return [...operations, ...subscriptions(live, changed, wanted, source)];
}

/** What no server could have; the reason that a person is told first is a parent's, and not that of what is below. */
function impossible(mailboxes: readonly MailboxProperties[]): MailboxOperation[] {
  const ids = new Set(mailboxes.map(({ id }) => id));
  const isBelow = ({ parentId }: MailboxProperties) => Number(ids.has(parentId ?? ''));
  return [...mailboxes]
    .sort((a, b) => isBelow(a) - isBelow(b))
    .map(mailbox => ({ kind: 'impossible', id: mailbox.id, reason: reasonFor(mailbox) }));
}

/** One whose parent is done and whose path is free; where there is none, the server may say no. */
function nextStep(
  steps: readonly Step[],
  current: ReadonlyMap<string, string | null>,
  paths: ReadonlyMap<string, unknown>,
): Step {
  const waiting = new Set(steps.map(({ mailbox }) => mailbox.id));
  const ready = steps.filter(({ mailbox }) => !waiting.has(mailbox.parentId ?? ''));
  const isFree = ({ mailbox, wanted }: Step) => !paths.has(wanted) || current.get(mailbox.id) === wanted;
  return ready.find(isFree) ?? ready[0] ?? (steps[0] as Step);
}

/** RENAME takes along what lies below (RFC 9051 section 6.3.6). */
function rename(
  from: string,
  to: string,
  current: Map<string, string | null>,
  paths: Map<string, string | null>,
): void {
  const delimiter = paths.get(from) ?? null;
  const moved = (path: string) =>
    path === from || (delimiter !== null && path.startsWith(from + delimiter))
      ? to + path.slice(from.length)
      : path;
  for (const [id, path] of current) if (path !== null) current.set(id, moved(path));
  for (const [path, below] of [...paths]) {
    if (moved(path) === path) continue;
    paths.delete(path);
    paths.set(moved(path), below);
  }
}

function subscriptions(
  live: readonly MailboxProperties[],
  changed: ReadonlySet<string>,
  wanted: ReadonlyMap<string, string>,
  source: readonly SourceMailbox[],
): MailboxOperation[] {
  const before = new Map(source.map(({ path, subscribed }) => [path, subscribed]));
  return live.flatMap(({ id, path, isSubscribed: subscribed }) => {
    const newPath = wanted.get(id);
    if (!changed.has(id) || newPath === undefined) return [];
    // What is created is subscribed thereby.
    const is = path === null ? true : before.get(path);
    return is === undefined || is === subscribed
      ? []
      : [{ kind: 'subscribe' as const, id, path: newPath, subscribed }];
  });
}

function reasonFor({ name, parentId }: MailboxProperties): string {
  const why =
    parentId === null
      ? 'its name holds the character that separates folders there'
      : 'its name holds the character that separates folders there, or nothing can be below its parent';
  return `The mail server cannot have the folder “${name}”: ${why}.`;
}
