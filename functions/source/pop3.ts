import { SourceError } from './errors.ts';
import { listMaildrop, type Maildrop, maildropState } from './pop3-maildrop.ts';
import { defaultLimits, type Pop3Limits } from './pop3-reader.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import { removeMessages } from './pop3-remove.ts';
import { openPop3Session, type Pop3Session } from './pop3-transport.ts';
import type {
  FailedMessage,
  FetchedMessage,
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
    fetch: (path, entries) => fetchMessages(path, entries, { session, maildrop, settings, limits }),
    async newest() {
      const { entries } = await takeSnapshot(inbox, session, maildrop);
      return entries.at(-1) ?? null;
    },
    async report() {
      const messages = await session.count();
      return { capabilities: await capabilities(session), mailboxes: 1, messages };
    },
    async close(graceful) {
      // Whatever goes wrong with a farewell, the connection is dropped after it.
      if (graceful) await session.quit().catch(() => {});
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

interface FetchContext {
  session: Pop3Session;
  maildrop: () => Promise<Maildrop>;
  settings: SourceSettings;
  limits: Pop3Limits;
}

async function* fetchMessages(
  path: string,
  entries: readonly SourceEntry[],
  context: FetchContext,
): AsyncGenerator<FetchedMessage | FailedMessage> {
  requireInbox(path);
  const { numbers } = await context.maildrop();
  for (const entry of entries) {
    const number = numbers.get(entry.uid);
    if (number !== undefined) yield await fetchMessage(entry, number, context);
  }
}

/**
 * One message. Its length is not held against LIST: servers count line ends as they store them, or guess. Only
 * nothing where there should be something is a failure.
 *
 * @throws SourceError when the session cannot go on and the message is not to blame
 */
async function fetchMessage(
  { uid, size }: SourceEntry,
  number: number,
  { session, settings: { host }, limits }: FetchContext,
): Promise<FetchedMessage | FailedMessage> {
  if (size !== null && size > limits.message) return { uid, error: tooLarge(host, size) };
  try {
    const raw = await session.retrieve(number);
    return raw.length === 0 && size !== 0 ? { uid, error: empty(host) } : { uid, raw };
  } catch (error) {
    if (error instanceof Pop3Refusal) return { uid, error };
    // An answer that never ends or is no answer: the session is gone (the next command says so), but the message
    // has to be named, or it would stop every later run at the same place.
    if (error instanceof SourceError && error.code === 'protocol') return { uid, error };
    throw error;
  }
}

function tooLarge(host: string, size: number): SourceError {
  const megabytes = Math.round(size / 1_000_000);
  return new SourceError(
    'protocol',
    `A message at ${host} has ${megabytes} MB, more than Mailferry fetches.`,
  );
}

function empty(host: string): SourceError {
  return new SourceError('protocol', `${host} sent nothing for a message that it lists.`);
}

async function capabilities(session: Pop3Session): Promise<string[]> {
  try {
    return (await session.capabilities()).map(line => line.toUpperCase());
  } catch (error) {
    // CAPA is optional (RFC 2449 section 5).
    if (error instanceof Pop3Refusal) return [];
    throw error;
  }
}

function requireInbox(path: string): void {
  if (path !== inbox) throw new SourceError('protocol', `A POP account has no mailbox but ${inbox}.`);
}
