import type { SourceError } from '../../source/errors.ts';
import type { FailedMessage, SourceEntry } from '../../source/source.ts';
import type { MailboxCursor } from '../../store/commit.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from '../context.ts';
import { commitInHalves } from '../halves.ts';
import { type MailboxPlan, withHandled, withRefused, withStuck, withTry } from '../plan.ts';
import { locationOf, toQuarantine } from './fetch.ts';

/** Messages that cannot be had must not block the others: they are counted, and at last set aside. */

/** Remembers where the session broke; a message that breaks it every time is set aside for good. */
export async function commitStuck(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  uid: string | undefined,
  error: SourceError,
): Promise<void> {
  if (uid === undefined) return;
  await commitRun(run, async () => {
    const { cursor, giveUp } = withStuck(cursorOf(run, mailbox, plan), uid, error.code, run.isCautious);
    if (!giveUp) return { cursors: { [mailbox.id]: cursor } };
    return setAside(run, mailbox, plan, cursor, [{ uid, error }]);
  });
}

const KILLED = {
  code: 'interrupted',
  message:
    'Mailferry was stopped each time it fetched this message: it may be too large, or come too slowly.',
};

/**
 * After a run that was killed: notes which message is tried, before it is. Gives false for one that was tried by run
 * after run, and all were killed: it is set aside.
 */
export async function noteTry(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { uid, size }: SourceEntry,
): Promise<boolean> {
  let isTried = true;
  await commitRun(run, async () => {
    const { cursor, giveUp } = withTry(cursorOf(run, mailbox, plan), uid);
    isTried = !giveUp;
    if (!giveUp) return { cursors: { [mailbox.id]: cursor } };
    return setAside(run, mailbox, plan, cursor, [{ uid, error: KILLED, size }]);
  });
  return isTried;
}

const MISSING = {
  code: 'missing',
  message: 'The mail server lists this message, and does not hand it out.',
};

/**
 * Counts the messages that the source puts off, and those that it lists and says nothing of when they are asked for;
 * what did not come for hours is set aside: until then the mailbox is listed again and again, and nothing is removed.
 */
export async function commitRefused(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  { refused, absent }: { refused: readonly FailedMessage[]; absent: readonly string[] },
): Promise<void> {
  if (refused.length + absent.length === 0 && cursorOf(run, mailbox, plan).refused === undefined) return;
  // Where the server names its limits, no message is to blame.
  const putOff = refused.filter(({ error }) => error.code === 'temporary');
  const counted = new Map<string, Failed>([
    ...putOff.map(message => [message.uid, message] as const),
    ...absent.map(uid => [uid, { uid, error: MISSING }] as const),
  ]);
  const after = () => withRefused(cursorOf(run, mailbox, plan), [...counted.keys()]);
  const failed = after().giveUp.flatMap(uid => counted.get(uid) ?? []);
  await commitInHalves(failed, (part, isLast) =>
    commitRun(run, async () =>
      setAside(run, mailbox, plan, isLast ? after().cursor : cursorOf(run, mailbox, plan), part),
    ),
  );
}

interface Failed {
  uid: string;
  error: { code: string; message: string };
  /** As listed, in octets. */
  size?: number | null;
}

function setAside(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  cursor: MailboxCursor,
  failed: readonly Failed[],
) {
  const uids = failed.map(({ uid }) => uid);
  return {
    quarantined: failed.map(({ uid, error, size = null }) => ({
      ...toQuarantine(mailbox, locationOf(run, mailbox, plan.cursor.uidValidity, uid), { uid, error }),
      size,
    })),
    cursors: { [mailbox.id]: run.source.protocol === 'imap' ? withHandled(cursor, uids) : cursor },
  };
}
