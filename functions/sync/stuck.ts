import type { SourceError } from '../source/errors.ts';
import type { FailedMessage, SourceEntry } from '../source/source.ts';
import type { MailboxCursor } from '../store/commit.ts';
import { commitRun, cursorOf, type PulledMailbox, type RunContext } from './context.ts';
import { locationOf, toQuarantine } from './fetch.ts';
import { type MailboxPlan, withHandled, withRefused, withStuck, withTry } from './plan.ts';

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

/** Counts the messages that the source puts off; what it put off for hours is set aside. */
export async function commitRefused(
  run: RunContext,
  mailbox: PulledMailbox,
  plan: MailboxPlan,
  refused: readonly FailedMessage[],
): Promise<void> {
  if (refused.length === 0 && cursorOf(run, mailbox, plan).refused === undefined) return;
  // Where the server names its limits, no message is to blame.
  const counted = new Map(
    refused.filter(({ error }) => error.code === 'temporary').map(message => [message.uid, message]),
  );
  await commitRun(run, async () => {
    const { cursor, giveUp } = withRefused(cursorOf(run, mailbox, plan), [...counted.keys()]);
    const failed = giveUp.flatMap(uid => counted.get(uid) ?? []);
    return setAside(run, mailbox, plan, cursor, failed);
  });
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
