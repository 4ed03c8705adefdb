/** Runs in the page: puts messages with their bodies into the device's database, through the app's own modules. */
import type { Email, EmailBodyPart, Id } from '../../functions/jmap/types.ts';
import { mailbox, newestFirst, type StoredBody } from '../../pwa/src/mailbox/db.ts';
import { EMAIL_STORES, type EmailTransaction, storeFromServer } from '../../pwa/src/mailbox/emails.ts';

/** Messages stored in one transaction, as in a step of the first download. */
const CHUNK = 200;
/** Between two messages, in milliseconds: 100,000 of them are four years. */
const APART = 20 * 60_000;

const TEXT = 'The tide turns at six, and the ferry leaves with it, whatever the harbour master says.\r\n';

/**
 * Adds messages `from` to `to` (exclusive), each older than the one before; three of four are in HTML, and one of ten
 * belongs to the conversation of the one before. The search index is told nothing: it has a benchmark of its own.
 */
export async function addMessages(from: number, to: number, newest: number): Promise<void> {
  const db = await mailbox();
  const inbox = (await db.getAll('mailboxes')).find(({ role }) => role === 'inbox');
  if (!inbox) throw new Error('There is no inbox on this device.');
  for (let start = from; start < to; start += CHUNK) {
    const indices = Array.from({ length: Math.min(CHUNK, to - start) }, (_, step) => start + step);
    const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
    const emails = indices.map(index => emailAt(index, inbox.id, newest - index * APART));
    await storeFromServer(transaction, inbox.accountId, emails, 1);
    const stores = { emails: transaction.objectStore('emails'), bodies: transaction.objectStore('bodies') };
    for (const index of indices) {
      const stored = await stores.emails.get([inbox.accountId, idOf(index)]);
      if (!stored) continue;
      const { wanted: _, ...rest } = stored;
      const kept: [Id, string] = [inbox.accountId, newestFirst(stored.receivedAt)];
      await stores.emails.put({ ...rest, kept, bodySize: 2_000 });
      await stores.bodies.put(bodyAt(index, inbox.accountId));
    }
    await transaction.objectStore('unindexed').clear();
    await transaction.done;
  }
}

const idOf = (index: number): Id => `bench-${index}`;

function emailAt(index: number, mailboxId: Id, at: number): Email {
  const sender = index % 97;
  return {
    id: idOf(index),
    blobId: idOf(index),
    threadId: `thread-${index % 10 === 9 ? index - 1 : index}`,
    mailboxIds: { [mailboxId]: true },
    keywords: { ...(index % 5 ? { $seen: true } : {}), ...(index % 50 ? {} : { $flagged: true }) },
    size: 3_000,
    receivedAt: new Date(at).toISOString(),
    from: [{ name: `Skipper ${sender}`, email: `skipper${sender}@harbour.example` }],
    to: [{ name: 'Mara', email: 'mara@example.org' }],
    subject: `Crossing ${index}`,
    preview: TEXT.repeat(2).trim(),
    hasAttachment: index % 9 === 0,
  } as Email;
}

function bodyAt(index: number, accountId: Id): StoredBody {
  const part = (partId: string, type: string) =>
    ({ partId, type, blobId: `${idOf(index)}-${partId}`, size: 1_000, charset: 'utf-8' }) as EmailBodyPart;
  const value = (text: string) => ({ value: text, isEncodingProblem: false, isTruncated: false });
  const text = `Crossing ${index}\r\n\r\n${TEXT.repeat(12)}`;
  const html = index % 4 !== 3;
  return {
    ...{ accountId, id: idOf(index), cc: [], bcc: [], replyTo: [], sentAt: null, attachments: [] },
    textBody: [part('1', 'text/plain')],
    htmlBody: [html ? part('2', 'text/html') : part('1', 'text/plain')],
    bodyValues: {
      1: value(text),
      ...(html ? { 2: value(`<p>${text.replaceAll('\r\n', '<br>\r\n')}</p>`) } : {}),
    },
  };
}
