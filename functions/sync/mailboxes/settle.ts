import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { commitInHalves } from '../halves.ts';
import type { Look } from '../look.ts';
import { freshCursor } from '../plan.ts';
import { addCandidatesIn } from '../recognise/candidates.ts';
import { type MailboxChanges, planMailboxes } from './mailboxes.ts';
import { findRenames } from './renames.ts';

/** Some accounts have thousands of mailboxes, and a commit has to stay below DynamoDB's 400 KB for an item. */
const MAILBOXES_A_COMMIT = 100;

/**
 * Makes the mailboxes those of the source: new ones, renamed ones, and those that changed. What the source does not
 * list is noted, and given back as `destroyed` (or `emptied`) only when another run missed it, too: the mail in it is
 * still here, and what devices did to it not yet lost. Says in the run where each mailbox is now.
 */
export async function settleMailboxes(run: RunContext, seen: Look): Promise<MailboxChanges> {
  const renames = await findRenames(run, seen);
  const { pending } = seen;
  const changes = planMailboxes(run.account.protocol, seen.source, seen.stored, seen.cursors, {
    renames,
    pending,
  });
  const { created, updated, destroyed, emptied, missed, back } = changes;
  await commitAll(created, part =>
    commitRun(run, async () => ({ mailboxes: { created: [...part], updated: [], destroyed: [] } })),
  );
  await commitAll(updated, part =>
    commitRun(run, async () => ({ mailboxes: { created: [], updated: [...part], destroyed: [] } })),
  );
  await commitMissed(run, missed, back);
  // What was in a mailbox that is not there any more may be in one that is new.
  const left = [...destroyed, ...emptied, ...missed];
  if (created.length > 0) for (const id of left) await addCandidatesIn(run, id);
  run.paths = pathsOf(seen, changes);
  return changes;
}

async function commitMissed(
  run: RunContext,
  missed: readonly string[],
  back: readonly string[],
): Promise<void> {
  if (missed.length + back.length === 0) return;
  const missedAt = run.services.now();
  await commitAll([...missed, ...back], ids => {
    const cursors = ids.map(id => {
      const { missedAt: _, ...cursor } = run.cursors.get(id) ?? freshCursor('');
      return [id, back.includes(id) ? cursor : { ...cursor, missedAt }] as const;
    });
    return commitRun(run, async () => ({ cursors: Object.fromEntries(cursors) }));
  });
}

/** What is known of some mailboxes weighs more than of others: the UIDs of a large one, a long name. */
async function commitAll<T>(
  items: readonly T[],
  commitPart: (part: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (const part of chunk(items, MAILBOXES_A_COMMIT)) await commitInHalves(part, commitPart);
}

/** Path at the source of each mailbox that can be opened, by mailboxId. */
function pathsOf({ stored, source, pending }: Look, changes: MailboxChanges): Map<string, string> {
  const selectable = new Set(source.filter(mailbox => mailbox.selectable).map(mailbox => mailbox.path));
  const here = [...stored, ...changes.created, ...changes.updated].map(({ id, path }) => [id, path] as const);
  // What a device destroyed is still there: its mail has to go from it, and then the mailbox itself.
  const all = new Map([...here, ...pending.destroyed]);
  return new Map(
    [...all].flatMap(([id, path]) => (path !== null && selectable.has(path) ? [[id, path]] : [])),
  );
}
