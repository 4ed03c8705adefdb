import { z } from 'zod';
import type { Account } from '../store/accounts.ts';
import { getEmails, type StoredEmail } from '../store/emails.ts';
import { blobKeys } from '../store/keys.ts';
import { catchUp } from '../store/log.ts';
import { stateOf } from './changes.ts';
import { utcDate } from './email-properties.ts';
import { MethodError, setError } from './errors.ts';
import { commitEmails, type Ready, storeMessage } from './import.ts';
import { readImport } from './import-email.ts';
import { LIMITS, MAX_IN_MEMORY } from './limits.ts';
import {
  type AccountContext,
  accountMethod,
  idSchema,
  type Method,
  ownAccount,
  resolveId,
} from './methods.ts';
import { checkState, creationId } from './set.ts';
import { type Id, MAIL, type SetError } from './types.ts';

const COPIED: ReadonlySet<string> = new Set(['id', 'mailboxIds', 'keywords', 'receivedAt']);

const copyArguments = {
  fromAccountId: idSchema,
  ifFromInState: z.string().nullable().default(null),
  ifInState: z.string().nullable().default(null),
  create: z.record(creationId, z.record(z.string(), z.unknown())),
  onSuccessDestroyOriginal: z.boolean().default(false),
  destroyFromIfInState: z.string().nullable().default(null),
};

const copy = accountMethod('Email/copy', MAIL, copyArguments, async (context, args) => {
  const asked = Object.entries(args.create);
  if (asked.length > LIMITS.maxObjectsInSet) {
    throw new MethodError('requestTooLarge', `A call may copy at most ${LIMITS.maxObjectsInSet} Emails.`);
  }
  const from = await fromAccount(context, args.fromAccountId);
  checkState({ ifInState: args.ifFromInState }, stateOf(await catchUp(context.services, from.id)));
  const ids = asked.map(([, { id }]) => resolveId(context, String(id)));
  const emails = await getEmails(context.services.table, from.id, [...new Set(ids)]);
  const refused: Record<Id, SetError> = {};
  const ready = new Map<Id, Ready>();
  for (const [i, [name, object]] of asked.entries()) {
    const copied = await copyOne(context, from, emails.get(ids[i] ?? ''), object);
    if ('error' in copied) refused[name] = copied.error;
    else ready.set(name, copied.ready);
  }
  return { fromAccountId: from.id, ...(await commitEmails(context, ready, refused, args.ifInState)) };
});

/**
 * Email/copy, RFC 8621 section 4.7: into another account of the same user, with mailboxes of that one. The Email has the
 * same id there, because its octets are the same, unless an IMAP account wants other line ends.
 */
export const emailCopy: Method = {
  ...copy,
  /** `onSuccessDestroyOriginal`, RFC 8620 section 5.4. */
  follow(args, answer) {
    const made = Object.keys((answer.created ?? {}) as object);
    if (args.onSuccessDestroyOriginal !== true || made.length === 0) return null;
    const create = args.create as Record<Id, { id: Id }>;
    const destroy = [...new Set(made.map(name => create[name]?.id))];
    const ifInState = args.destroyFromIfInState ?? null;
    return { name: 'Email/set', args: { accountId: args.fromAccountId, ifInState, destroy } };
  },
};

/** The other account, the user's own, too. Throws MethodError. */
export async function fromAccount(context: AccountContext, id: Id): Promise<Account> {
  const account = await ownAccount(context, resolveId(context, id));
  if (!account) throw new MethodError('fromAccountNotFound', 'You have no account with this fromAccountId.');
  if (account.id !== context.account.id) return account;
  throw new MethodError('invalidArguments', 'fromAccountId: copies go to another account.');
}

async function copyOne(
  context: AccountContext,
  from: Account,
  email: StoredEmail | undefined,
  object: Record<string, unknown>,
): Promise<{ ready: Ready } | { error: SetError }> {
  const wrong = Object.keys(object).filter(name => !COPIED.has(name));
  if (wrong.length > 0)
    return { error: setError('invalidProperties', 'These cannot be set in a copy.', wrong) };
  if (!email) return { error: setError('notFound', 'There is no Email with this id.') };
  const { summary, state } = email;
  const keywords = Object.fromEntries(state.keywords.map(keyword => [keyword, true]));
  const receivedAt = utcDate(summary.receivedAt);
  const { id: _, ...given } = object;
  const read = readImport({ blobId: 'copied', keywords, receivedAt, ...given }, id => resolveId(context, id));
  if ('error' in read) return read;
  if (summary.size > MAX_IN_MEMORY)
    return { error: setError('tooLarge', 'This message is too large to be copied.') };
  const raw = await context.services.blobs.get(blobKeys.raw(from.id, summary.sha256));
  if (!raw) return { error: setError('notFound', 'The octets of this Email are missing.') };
  return storeMessage(context, raw, read.email);
}
