import type { ListResponse, StatusObject } from 'imapflow';
import { execute, type ImapArgument, wordsOf } from './imap-command.ts';
import { isRefusal, meansLater } from './imap-errors.ts';
import { type ImapSession, offers, openMailbox } from './imap-session.ts';
import type { MailboxStatus } from './source.ts';

/** What is asked of each mailbox. */
export const STATUS_QUERY = { messages: true, uidNext: true, uidValidity: true, highestModseq: true };

/** RFC 8474 section 7. */
const OBJECT_ID = /^[\w-]{1,255}$/;

/** A status with the identifier of the mailbox, each as far as the server tells it. */
export interface FoundStatus {
  status: MailboxStatus | null;
  mailboxId: string | null;
}

/** The status that came with LIST, or asked for by itself; null when the server refuses to tell. */
export async function statusOf(session: ImapSession, entry: ListResponse): Promise<FoundStatus> {
  const inline = toStatus(entry.status);
  if (inline) return { status: inline, mailboxId: null };
  const { client } = session;
  const asked = await session.run('count the messages', async () => {
    try {
      return await askStatus(session, entry);
    } catch (error) {
      // It was deleted since LIST, or may not be looked into. Anything else is a lost connection.
      if (isRefusal(error) && client.usable) return null;
      throw error;
    }
  });
  return asked ?? { status: null, mailboxId: null };
}

/** STATUS (RFC 9051 section 6.3.11), with MAILBOXID where there is OBJECTID: imapflow does not know that item. */
async function askStatus({ client }: ImapSession, { pathAsListed }: ListResponse): Promise<FoundStatus> {
  const { capabilities } = client;
  const items = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY'];
  if (capabilities.has('CONDSTORE') || capabilities.has('QRESYNC')) items.push('HIGHESTMODSEQ');
  if (capabilities.has('OBJECTID')) items.push('MAILBOXID');
  let found = new Map<string, string>();
  await execute(client, 'STATUS', [{ type: 'STRING', value: pathAsListed }, atoms(items)], {
    name: 'STATUS',
    onAnswer: ([, list]) => {
      found = itemsOf(list);
    },
  });
  const number = (name: string) => (isDigits(found.get(name)) ? Number(found.get(name)) : undefined);
  const big = (name: string) => (isDigits(found.get(name)) ? BigInt(found.get(name) ?? 0) : undefined);
  const status = toStatus({
    path: pathAsListed,
    messages: number('MESSAGES'),
    uidNext: number('UIDNEXT'),
    uidValidity: big('UIDVALIDITY'),
    highestModseq: big('HIGHESTMODSEQ'),
  });
  return { status, mailboxId: objectId(found.get('MAILBOXID')) };
}

/**
 * MAILBOXID (RFC 8474 section 4.3) of every mailbox by its name as listed, in one LIST with STATUS (RFC 5819). Empty
 * where the server has either not, or refuses both at once.
 */
export async function listMailboxIds(session: ImapSession): Promise<Map<string, string>> {
  const { client } = session;
  const ids = new Map<string, string>();
  if (!client.capabilities.has('OBJECTID') || !offers(client, 'LIST-STATUS')) return ids;
  const everything: ImapArgument[] = [
    { type: 'STRING', value: '' },
    { type: 'STRING', value: '*' },
    { type: 'ATOM', value: 'RETURN' },
    [{ type: 'ATOM', value: 'STATUS' }, atoms(['MAILBOXID'])],
  ];
  await session.run('list the folders', async () => {
    try {
      await execute(client, 'LIST', everything, {
        name: 'STATUS',
        onAnswer: ([name, list]) => {
          const [path] = wordsOf([name]);
          const id = objectId(itemsOf(list).get('MAILBOXID'));
          if (path && id) ids.set(path, id);
        },
      });
    } catch (error) {
      if (!isRefusal(error) || meansLater(error)) throw error;
    }
  });
  return ids;
}

/** An identifier of RFC 8474, or null when it is none. */
export function objectId(value: string | undefined): string | null {
  return value !== undefined && OBJECT_ID.test(value) ? value : null;
}

function toStatus(found: StatusObject | undefined): MailboxStatus | null {
  if (!found?.uidValidity || found.messages === undefined || found.uidNext === undefined) return null;
  return {
    uidValidity: found.uidValidity.toString(),
    uidNext: found.uidNext,
    messages: found.messages,
    highestModseq: modseq(found.highestModseq),
  };
}

/** HIGHESTMODSEQ as a string; 0 means that the mailbox keeps none (RFC 7162 section 3.1.2.2). */
function modseq(value: bigint | undefined): string | null {
  return value ? value.toString() : null;
}

/**
 * Selects a mailbox afresh and gives the status that holds at that moment, with whether its mod-sequences can
 * be asked for changes.
 */
export async function selectStatus(
  session: ImapSession,
  path: string,
): Promise<{ status: MailboxStatus; condstore: boolean; qresync: boolean }> {
  const { client } = session;
  const mailbox = await openMailbox(session, path, { fresh: true });
  // Copied at once: imapflow moves these on with every later answer.
  const { uidValidity, exists, highestModseq, noModseq } = mailbox;
  let { uidNext } = mailbox;
  if (!uidNext) {
    const asked = await session.run('count the messages', () => client.status(path, { uidNext: true }));
    uidNext = asked ? (asked.uidNext ?? 0) : 0;
  }
  const keepsModseq = !noModseq && client.enabled.has('CONDSTORE');
  return {
    status: {
      uidValidity: uidValidity.toString(),
      uidNext,
      messages: exists,
      highestModseq: noModseq ? null : modseq(highestModseq),
    },
    condstore: keepsModseq,
    qresync: keepsModseq && client.enabled.has('QRESYNC'),
  };
}

/** A list of names and values by turns. */
function itemsOf(list: unknown): Map<string, string> {
  const words = wordsOf(list);
  const items = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2)
    items.set((words[at] ?? '').toUpperCase(), words[at + 1] ?? '');
  return items;
}

/** At most as long as 2^64. */
function isDigits(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,20}$/.test(text);
}

function atoms(names: readonly string[]): ImapArgument[] {
  return names.map(value => ({ type: 'ATOM', value }));
}
