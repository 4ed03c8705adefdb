import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type CommitDraft, mailboxProperties } from '../store/commit.ts';
import { commit } from '../store/log.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import type { EmailState } from '../store/state.ts';
import { stateOf } from './changes.ts';
import { statesAt } from './known-states.ts';
import { beginWork, createAll, destroyAll, updateAll, type Work } from './mailbox-changing.ts';
import { type Emptying, emptyMailboxes } from './mailbox-emptying.ts';
import { type AccountContext, accountMethod, resolveId } from './methods.ts';
import { checkSetSize, checkState, type SetArguments, setAnswer, setArguments } from './set.ts';
import { type Id, MAIL } from './types.ts';

type Arguments = SetArguments & { onDestroyRemoveEmails: boolean };

/**
 * Mailbox/set, RFC 8621 section 2.5. All of a call is one commit: creates, updates, destroys, in this order, children
 * destroyed before their parents. A mailbox that is made here is there at once; an IMAP source is told by the next run,
 * and until then it has no path. Only a mailbox with very much mail is emptied in several commits before.
 */
export const mailboxSet = accountMethod(
  'Mailbox/set',
  MAIL,
  { ...setArguments, onDestroyRemoveEmails: z.boolean().default(false) },
  async (context, args) => {
    checkSetSize(args);
    const { createdIds } = context;
    const ids = new Map(Object.keys(args.create ?? {}).map(creationId => [creationId, newMailboxId()]));
    let oldState: string | null = null;
    for (;;) {
      const done = await commitOnce(context, args, ids, oldState);
      oldState ??= done.oldState;
      if (!done.emptying.isAll) continue;
      const { result } = done.work;
      for (const creationId of Object.keys(result.created)) {
        createdIds.set(creationId, ids.get(creationId) ?? '');
      }
      return setAnswer(oldState, done.newState, result);
    }
  },
);

interface Done {
  work: Work;
  emptying: Emptying;
  oldState: string;
  newState: string;
}

/** @param began the state that the call began with, when it has committed something already */
async function commitOnce(
  context: AccountContext,
  args: Arguments,
  ids: ReadonlyMap<Id, Id>,
  began: string | null,
): Promise<Done> {
  const { services, account } = context;
  const parts = { protocol: account.protocol, args, ids, resolve: (id: Id) => resolveId(context, id) };
  let done: Omit<Done, 'newState'> | null = null;
  const written = await commit(
    services,
    account.id,
    async head => {
      if (began === null) checkState(args, stateOf(head));
      const work = beginWork(parts, await listMailboxes(services.table, account.id));
      const states = args.destroy?.length ? await statesAt(services, account.id, head) : new Map();
      const emptying = workOut(work, states);
      done = { work, emptying, oldState: stateOf(head) };
      return draftOf(work, emptying);
    },
    { expires: account.protocol !== 'imap' },
  );
  const deletes =
    account.protocol === 'pop' && account.deletionPolicy !== 'keep' && written?.destroyed.length;
  if (written && (account.protocol === 'imap' || deletes)) context.pulls.add(account.id);
  const { work, emptying, oldState } = done as unknown as Omit<Done, 'newState'>;
  return { work, emptying, oldState, newState: written ? String(written.n) : oldState };
}

function workOut(work: Work, states: ReadonlyMap<string, EmailState>): Emptying {
  createAll(work);
  updateAll(work);
  const filled = new Set([...states.values()].flatMap(state => state.mailboxIds));
  destroyAll(work, id => filled.has(id));
  return emptyMailboxes(states.values(), work.destroyed);
}

function draftOf({ tree, created, updated, destroyed }: Work, emptying: Emptying): CommitDraft {
  const { patched, destroyed: emails } = emptying;
  if (!emptying.isAll) return { by: 'device', patched, destroyed: emails };
  // Without counters: those are the log's.
  const rows = (ids: ReadonlySet<Id>) => [...ids].map(id => mailboxProperties.parse(tree.get(id)));
  const mailboxes = { created: rows(created), updated: rows(updated), destroyed: [...destroyed] };
  return { by: 'device', patched, destroyed: emails, mailboxes };
}

/** Of the shape of those that are made from a path, which cannot be known yet. */
const newMailboxId = (): Id => `m${randomBytes(8).toString('hex')}`;
