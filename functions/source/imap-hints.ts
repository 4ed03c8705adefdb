import { summarize } from '../mime/parse.ts';
import { folder, isRefusal, meansLater } from './imap-errors.ts';
import { type ImapSession, openMailbox } from './imap-session.ts';
import { uidSets } from './imap-uids.ts';
import type { MessageHint } from './source.ts';

const QUERY = { uid: true, size: true, headers: ['DATE', 'MESSAGE-ID'] };

/**
 * RFC822.SIZE and the two header fields of these messages, a few hundred octets each. The fields are read by what makes
 * a stored summary, so that they compare. Left out: what is gone, and what the server refuses to read.
 */
export async function messageHints(
  session: ImapSession,
  path: string,
  uids: readonly string[],
): Promise<MessageHint[]> {
  const hints = new Map<string, MessageHint>();
  const wanted = new Set(uids);
  for (const set of uidSets(wanted)) {
    await openMailbox(session, path);
    await session.run(`read the headers of ${folder(path)}`, async () => {
      try {
        for await (const row of session.client.fetch(set, QUERY, { uid: true })) {
          const uid = String(row.uid);
          // A row without a header is somebody else's flag change.
          if (row.headers && wanted.has(uid)) hints.set(uid, toHint(uid, row.size, row.headers));
        }
      } catch (error) {
        if (!isRefusal(error) || meansLater(error)) throw error;
      }
    });
  }
  return [...hints.values()];
}

function toHint(uid: string, size: number | undefined, header: Buffer): MessageHint {
  const { messageId, sentAt } = summarize(header);
  return { uid, size: size ?? null, messageId, sentAt };
}
