import type { DestroyedEmail, PatchedEmail } from '../store/commit.ts';
import { getEmails } from '../store/emails.ts';
import { commit } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { stateOf } from './changes.ts';
import { createEmail } from './email-create.ts';
import { deltasOf, type EmailPatch, parsePatch } from './email-patch.ts';
import { setError } from './errors.ts';
import { type Drafted, draftEmails, type Ready } from './import.ts';
import { type AccountContext, accountMethod, resolveId } from './methods.ts';
import {
  checkSetSize,
  checkState,
  emptyResult,
  type SetArguments,
  type SetResult,
  setAnswer,
  setArguments,
} from './set.ts';
import { type Id, MAIL } from './types.ts';

/**
 * Email/set, RFC 8621 section 4.6: drafts are made, keywords and mailboxIds change, Emails are destroyed. All changes
 * of a call are one commit; when another writer was faster they are worked out again on what is there then. More than
 * fits into one is `requestTooLarge`. What is destroyed is gone for all devices at once, and later deleted at the
 * source if the account's deletion policy says so.
 */
export const emailSet = accountMethod('Email/set', MAIL, setArguments, async (context, args) => {
  const { services, account } = context;
  checkSetSize(args);
  const patches = new Map<Id, EmailPatch>();
  const unread = emptyResult();
  for (const [key, value] of Object.entries(args.update ?? {})) {
    const id = resolveId(context, key);
    const parsed = parsePatch(value, other => resolveId(context, other));
    if ('patch' in parsed) patches.set(id, parsed.patch);
    else unread.notUpdated[id] = parsed.error;
  }
  const ready = new Map<Id, Ready>();
  for (const [creationId, object] of Object.entries(args.create ?? {})) {
    const created = await createEmail(context, object);
    if ('error' in created) unread.notCreated[creationId] = created.error;
    else ready.set(creationId, created.ready);
  }
  let result = emptyResult();
  let oldState = '';
  const written = await commit(
    services,
    account.id,
    async head => {
      oldState = stateOf(head);
      checkState(args, oldState);
      const [built, drafted] = await Promise.all([
        buildPatches(context, args, patches),
        draftEmails(context, ready),
      ]);
      result = {
        ...built.result,
        created: drafted.made,
        notCreated: { ...unread.notCreated, ...drafted.notCreated },
        notUpdated: { ...built.result.notUpdated, ...unread.notUpdated },
      };
      const { patched, destroyed } = built;
      return { by: 'device', created: drafted.created, patched, destroyed };
    },
    // A device's change of an IMAP account is remembered until the server has been told; others are told nothing.
    {
      summaries: new Map([...ready.values()].map(({ summary }) => [summary.emailId, summary])),
      expires: account.protocol !== 'imap',
    },
  );
  const isTold =
    account.protocol === 'imap' ||
    (account.protocol === 'pop' && account.deletionPolicy !== 'keep' && written?.destroyed.length);
  if (written && isTold) context.pulls.add(account.id);
  for (const [creationId, { id }] of Object.entries(result.created as Drafted['made'])) {
    context.createdIds.set(creationId, id);
  }
  return setAnswer(oldState, written ? String(written.n) : oldState, result);
});

async function buildPatches(
  { services, account, createdIds }: AccountContext,
  args: SetArguments,
  patches: ReadonlyMap<Id, EmailPatch>,
): Promise<{ result: SetResult; patched: PatchedEmail[]; destroyed: DestroyedEmail[] }> {
  const result = emptyResult();
  const patched: PatchedEmail[] = [];
  const destroyed: DestroyedEmail[] = [];
  const destroy = new Set((args.destroy ?? []).map(id => resolveId({ createdIds }, id)));
  const [emails, mailboxes] = await Promise.all([
    getEmails(services.table, account.id, [...patches.keys(), ...destroy]),
    listMailboxes(services.table, account.id),
  ]);
  const usable = new Set(mailboxes.filter(mailbox => mailbox.selectable).map(mailbox => mailbox.id));
  for (const [id, patch] of patches) {
    if (destroy.has(id) && emails.has(id)) {
      result.notUpdated[id] = setError('willDestroy', 'The same call destroys this Email.');
      continue;
    }
    const email = emails.get(id);
    const compared = email ? deltasOf(email, patch, usable) : { error: notFound() };
    if ('error' in compared) {
      result.notUpdated[id] = compared.error;
      continue;
    }
    result.updated[id] = null;
    const { keywords, mailboxIds } = compared.deltas;
    if (!email || (!keywords && !mailboxIds)) continue;
    patched.push({
      ...{ id, threadId: email.state.threadId },
      ...(keywords && { keywords }),
      ...(mailboxIds && { mailboxIds }),
    });
  }
  for (const id of destroy) {
    const email = emails.get(id);
    if (email) {
      result.destroyed.push(id);
      destroyed.push({ id, threadId: email.state.threadId });
    } else result.notDestroyed[id] = notFound();
  }
  return { result, patched, destroyed };
}

const notFound = () => setError('notFound', 'There is no Email with this id.');
