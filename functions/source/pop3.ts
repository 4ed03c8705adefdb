import { SourceError } from './errors.ts';
import { fetchMessages } from './pop3-fetch.ts';
import { type MaildropView, viewMaildrop } from './pop3-maildrop.ts';
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
  const maildrop = viewMaildrop(session, settings.host);

  return {
    protocol: 'pop',
    writer: null,
    remover: {
      async remove(path, uids) {
        requireInbox(path);
        return removeMessages(session, await maildrop.list(), uids);
      },
    },
    // TOP of every message costs about as much as the messages.
    hints: null,
    mailboxes: async () => [describeInbox(await statusOf(maildrop))],
    snapshot: (path, _since) => takeSnapshot(path, session, maildrop),
    async *fetch(path, entries) {
      requireInbox(path);
      yield* fetchMessages(entries, { session, maildrop: maildrop.list, host: settings.host, limits });
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

async function statusOf(maildrop: MaildropView): Promise<MailboxStatus> {
  const { messages, fingerprint } = await maildrop.state();
  return { uidValidity: 'pop', uidNext: 0, messages, highestModseq: fingerprint };
}

async function takeSnapshot(
  path: string,
  session: Pop3Session,
  maildrop: MaildropView,
): Promise<MailboxSnapshot> {
  requireInbox(path);
  const names = await maildrop.list();
  const sizes = names.sizes ?? (await session.sizes());
  const entries = [...names.numbers].map(([uid, number]): SourceEntry => {
    return { uid, size: sizes.get(number) ?? null, keywords: null };
  });
  return { status: await statusOf(maildrop), complete: true, entries, vanished: [] };
}

function requireInbox(path: string): void {
  if (path !== inbox) throw new SourceError('protocol', `A POP account has no mailbox but ${inbox}.`);
}
