import { z } from 'zod';
import { rawBlobId } from '../mime/blob-id.ts';
import { sha256Of } from '../mime/identity.ts';
import { summarize } from '../mime/parse.ts';
import type { CreatedEmail } from '../store/commit.ts';
import { getEmails } from '../store/emails.ts';
import { blobKeys, KEPT_HERE } from '../store/keys.ts';
import { commit } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import type { EmailSummary } from '../store/rows.ts';
import { readBlob } from './blob.ts';
import { stateOf } from './changes.ts';
import { MethodError, setError } from './errors.ts';
import { type EmailImport, messageOf, readImport } from './import-email.ts';
import { LIMITS } from './limits.ts';
import { type AccountContext, accountMethod, resolveId } from './methods.ts';
import { checkState } from './set.ts';
import { type Id, MAIL, type SetError } from './types.ts';

const importArguments = {
  ifInState: z.string().nullable().default(null),
  emails: z.record(
    z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, 'is not an Id'),
    z.record(z.string(), z.unknown()),
  ),
};

/** A message whose octets are durable, and which is to become an Email. */
export interface Ready extends Omit<EmailImport, 'blobId'> {
  summary: EmailSummary;
}

/**
 * Email/import, RFC 8621 section 4.8: messages that were uploaded become Emails, all of a call in one commit. The same
 * octets are the same Email, so what is here already is `alreadyExists`. The next run puts them into their mailboxes
 * at an IMAP source, with `receivedAt` as INTERNALDATE; of other accounts they live here alone. Here an Email's time
 * is always that of its own Received or Date field.
 */
export const emailImport = accountMethod('Email/import', MAIL, importArguments, async (context, args) => {
  const asked = Object.entries(args.emails);
  if (asked.length > LIMITS.maxObjectsInSet) {
    throw new MethodError('requestTooLarge', `A call may import at most ${LIMITS.maxObjectsInSet} messages.`);
  }
  const refused: Record<Id, SetError> = {};
  const ready = new Map<Id, Ready>();
  for (const [creationId, object] of asked) {
    const read = readImport(object, id => resolveId(context, id));
    const stored = 'error' in read ? read : await store(context, read.email);
    if ('error' in stored) refused[creationId] = stored.error;
    else ready.set(creationId, stored.ready);
  }
  return commitEmails(context, ready, refused, args.ifInState);
});

/** Makes Emails of messages in one commit, by creation id, and gives what a method that creates answers. */
export async function commitEmails(
  context: AccountContext,
  ready: ReadonlyMap<Id, Ready>,
  refused: Readonly<Record<Id, SetError>>,
  ifInState: string | null,
) {
  const { services, account, createdIds } = context;
  let oldState = '';
  let result: Drafted = { created: [], made: {}, notCreated: {} };
  const written = await commit(
    services,
    account.id,
    async head => {
      oldState = stateOf(head);
      checkState({ ifInState }, oldState);
      result = await draftEmails(context, ready);
      return { by: 'device', created: result.created };
    },
    {
      summaries: new Map([...ready.values()].map(({ summary }) => [summary.emailId, summary])),
      expires: account.protocol !== 'imap',
    },
  );
  if (written && account.protocol === 'imap') context.pulls.add(account.id);
  for (const [creationId, { id }] of Object.entries(result.made)) createdIds.set(creationId, id);
  const notCreated = { ...refused, ...result.notCreated };
  return {
    oldState,
    newState: written ? String(written.n) : oldState,
    created: Object.keys(result.made).length > 0 ? result.made : null,
    notCreated: Object.keys(notCreated).length > 0 ? notCreated : null,
  };
}

async function store(
  context: AccountContext,
  email: EmailImport,
): Promise<{ ready: Ready } | { error: SetError }> {
  const bytes = await readBlob(context.services.blobs, context.account.id, email.blobId);
  if (bytes === 'notFound') {
    return { error: setError('invalidProperties', 'There is no such blob.', ['blobId']) };
  }
  if (bytes === 'tooLarge') {
    return { error: setError('tooLarge', 'This message is too large. Import it as a file (MailImport).') };
  }
  return storeMessage(context, bytes, email);
}

/** Makes the octets of a message durable under its own name, before anything names them. */
export async function storeMessage(
  { services, account }: AccountContext,
  bytes: Uint8Array,
  email: Omit<EmailImport, 'blobId'>,
): Promise<{ ready: Ready } | { error: SetError }> {
  const raw = messageOf(bytes, account.protocol);
  if (!raw) return { error: setError('invalidEmail', 'This is no message (RFC 5322).') };
  const sha256 = sha256Of(raw);
  await services.blobs.put(blobKeys.raw(account.id, sha256), raw, 'message/rfc822');
  return { ready: { ...email, summary: summarize(raw, sha256) } };
}

/** What is committed of messages that are durable, and what is answered for each. */
export interface Drafted {
  created: CreatedEmail[];
  made: Record<Id, { id: Id; blobId: Id; threadId: Id; size: number }>;
  notCreated: Record<Id, SetError & { existingId?: Id }>;
}

/** Drafts the Emails of messages, by creation id; one that is here already is `alreadyExists`. */
export async function draftEmails(
  { services, account }: AccountContext,
  ready: ReadonlyMap<Id, Ready>,
): Promise<Drafted> {
  const ids = [...ready.values()].map(({ summary }) => summary.emailId);
  const [known, mailboxes] = await Promise.all([
    getEmails(services.table, account.id, ids),
    listMailboxes(services.table, account.id),
  ]);
  const exists = new Set(known.keys());
  const usable = new Set(mailboxes.filter(mailbox => mailbox.selectable).map(mailbox => mailbox.id));
  const drafted: Drafted = { created: [], made: {}, notCreated: {} };
  for (const [creationId, { summary, mailboxIds, keywords, receivedAt }] of ready) {
    const { emailId: id, sha256, threadId, size } = summary;
    if (exists.has(id)) {
      const error = setError('alreadyExists', 'This message is here already.');
      drafted.notCreated[creationId] = { ...error, existingId: id };
    } else if (!mailboxIds.every(mailboxId => usable.has(mailboxId))) {
      const error = setError('invalidProperties', 'There is no such mailbox to put mail into.', [
        'mailboxIds',
      ]);
      drafted.notCreated[creationId] = error;
    } else {
      exists.add(id);
      drafted.made[creationId] = { id, blobId: rawBlobId(sha256), threadId, size };
      const locations = account.protocol === 'imap' ? [] : [KEPT_HERE];
      const arrived = receivedAt ?? (summary.receivedAt || services.now());
      const email = { id, sha256, threadId, mailboxIds, keywords, locations, receivedAt: arrived };
      drafted.created.push(email);
    }
  }
  return drafted;
}
