import type { Email, Id, SetError } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { refusal } from './accounts.ts';
import { type AnsweredEmail, PART_PROPERTIES, PROPERTIES, toBody } from './body-answer.ts';
import type { StoredBody, StoredEmail } from './db.ts';
import { METADATA, newEmail } from './emails.ts';

/** Of an Email that is no Email yet there are no ids, mailboxes and keywords. */
const OF_THE_STORE = new Set<string>(['id', 'threadId', 'mailboxIds', 'keywords', 'receivedAt']);
/** Longest text that is asked for of one part, in octets. */
const MAX_VALUE = 1_000_000;

/**
 * Reads a message that was uploaded (Email/parse, RFC 8621 section 4.9), as the reader shows it.
 * @returns null when it is no message
 * @throws Unreachable, SignInNeeded, MethodRefused
 */
export async function parseShared(
  call: Call,
  accountId: Id,
  blobId: Id,
): Promise<{ email: StoredEmail; body: StoredBody } | null> {
  const properties = [...METADATA, ...PROPERTIES].filter(name => !OF_THE_STORE.has(name));
  const args = {
    ...{ accountId, blobIds: [blobId], properties: [...new Set(properties)] },
    ...{ bodyProperties: PART_PROPERTIES, maxBodyValueBytes: MAX_VALUE },
    ...{ fetchTextBodyValues: true, fetchHTMLBodyValues: true },
  };
  const answers = await call([['Email/parse', args, 'p']]);
  const { parsed } = answers.of<{ parsed: Record<Id, AnsweredEmail> | null }>('p');
  const found = parsed?.[blobId];
  if (!found) return null;
  const receivedAt = found.sentAt ? new Date(found.sentAt).toISOString() : new Date().toISOString();
  const described: Email = { ...found, id: blobId, blobId, receivedAt };
  const email = newEmail(accountId, described, { keywords: {}, mailboxIds: {} }, 0);
  // Whoever made the file could write into it that somebody had checked it.
  return { email, body: { ...toBody(accountId, { ...found, id: blobId }), authenticationResults: null } };
}

/**
 * Puts a message that was uploaded into a mailbox (Email/import, RFC 8621 section 4.8).
 * @returns its id, also where it was there already
 * @throws MethodRefused with the server's reason
 */
export async function importShared(call: Call, accountId: Id, blobId: Id, mailboxId: Id): Promise<Id> {
  const object = { blobId, mailboxIds: { [mailboxId]: true }, keywords: { $seen: true } };
  const answers = await call([['Email/import', { accountId, emails: { new: object } }, 'i']]);
  const set = answers.of<{
    created?: Record<string, { id: Id }> | null;
    notCreated?: Record<string, SetError & { existingId?: Id }> | null;
  }>('i');
  const id = set.created?.new?.id ?? set.notCreated?.new?.existingId;
  if (!id) throw refusal(set.notCreated?.new);
  return id;
}
