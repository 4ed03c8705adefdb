import { SourceError } from './errors.ts';
import { fetchMessages } from './pop3-fetch.ts';
import { listMaildrop, type Maildrop, maildropState } from './pop3-maildrop.ts';
import { defaultLimits, type Pop3Limits } from './pop3-reader.ts';
import { removeMessages } from './pop3-remove.ts';
import { openPop3Session, type Pop3Session } from './pop3-transport.ts';
import type {
  MailboxSnapshot,
  MailboxStatus,
  MailSource,
  SourceEntry,
  SourceMailbox,
  SourceSettings,
} from './source.ts';

/** POP knows one mailbox; RFC 8621 has a role for it. */
const inbox = 'INBOX';

/**
 * Opens a POP mailbox as a source. Nothing is deleted at the server but by its remover.
 *
 * @param settings with protocol `pop`
 * @param limits the longest answers that are taken, in bytes; a larger message is failed, not fetched
 * @throws SourceError when the server cannot be reached, trusted or logged in to
 */
export async function openPop3(
  settings: SourceSettings,
  limits: Pop3Limits = defaultLimits,
): Promise<MailSource> {
  const session = await openPop3Session(settings, limits);
  // The maildrop is locked while we are logged in (RFC 1939 section 4): one listing serves the whole session.
  let listed: Promise<Maildrop> | null = null;
  const maildrop = (): Promise<Maildrop> => {
    listed ??= listMaildrop(session, settings.host);
    return listed;
  };

  return {
    protocol: 'pop',
    writer: null,
    remover: {
      async remove(path, uids) {
        requireInbox(path);
        return removeMessages(session, await maildrop(), uids);
      },
    },
    // TOP of every message costs about as much as the messages.
    hints: null,
    mailboxes: async () => [describeInbox(statusOf(await maildrop()))],
    snapshot: (path, _since) => takeSnapshot(path, session, maildrop),
    async *fetch(path, entries) {
      requireInbox(path);
      yield* fetchMessages(entries, { session, maildrop, host: settings.host, limits });
    },
    async newest() {
      const { entries } = await takeSnapshot(inbox, session, maildrop);
      return entries.at(-1) ?? null;
    },
    async report() {
      const messages = await session.count();
      const { lines } = await session.capabilities();
      return { capabilities: [...lines], mailboxes: 1, messages };
    },
    async close(graceful) {
      // A farewell is not worth waiting for other answers; whatever goes wrong with it, the connection is dropped.
      if (graceful && !session.isBusy()) await session.quit().catch(() => {});
      session.destroy();
    },
  };
}

function describeInbox(status: MailboxStatus): SourceMailbox {
  return {
    path: inbox,
    name: inbox,
    parentPath: null,
    role: 'inbox',
    subscribed: true,
    selectable: true,
    status,
  };
}

function statusOf(maildrop: Maildrop): MailboxStatus {
  return {
    uidValidity: 'pop',
    uidNext: 0,
    messages: maildrop.numbers.size,
    highestModseq: maildropState(maildrop),
  };
}

async function takeSnapshot(
  path: string,
  session: Pop3Session,
  maildrop: () => Promise<Maildrop>,
): Promise<MailboxSnapshot> {
  requireInbox(path);
  const names = await maildrop();
  const sizes = names.sizes ?? (await session.sizes());
  const entries = [...names.numbers].map(([uid, number]): SourceEntry => {
    return { uid, size: sizes.get(number) ?? null, keywords: null };
  });
  return { status: statusOf(names), complete: true, entries, vanished: [] };
}

function requireInbox(path: string): void {
  if (path !== inbox) throw new SourceError('protocol', `A POP account has no mailbox but ${inbox}.`);
}
