import { SourceError } from '../../source/errors.ts';
import type { SourceWriter } from '../../source/source.ts';
import { listMailboxes } from '../../store/mailboxes.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { type Look, look } from '../look.ts';
import { type PendingMailboxes, wantedPaths } from '../mailboxes/pending.ts';
import { destroyMailboxes } from '../mailboxes/removal.ts';
import { settleMailboxes } from '../mailboxes/settle.ts';
import { undoDeletion } from './mailbox-deletion.ts';
import { type MailboxOperation, planMailboxPush } from './mailbox-plan.ts';
import { type Refusal, tell } from './refusals.ts';

const EMAILS_A_COMMIT = 500;

/**
 * Makes, renames and subscribes at the source what devices made, renamed and subscribed here, and then looks again: a
 * mailbox is known by the path that it was to get, and keeps its id. Killed in between, the next look knows it by the
 * same. Gives what devices did to mailboxes, all of it told but the deletions.
 */
export async function pushMailboxes(
  run: RunContext,
  writer: SourceWriter,
  refusals: Refusal[],
): Promise<PendingMailboxes> {
  const seen = await look(run.services, run.account, run.source, false);
  if (seen.pending.changed.size === 0) return seen.pending;
  await settleMailboxes(run, seen);
  const live = await listMailboxes(run.services.table, run.account.id);
  const operations = planMailboxPush(live, seen.pending.changed, seen.source);
  let isTold = false;
  for (const operation of operations) {
    const isCreate = operation.kind === 'create' || (operation.kind === 'impossible' && isNew(operation.id));
    const refusal = { undo: [], ...(isCreate && { mailbox: { kind: 'create' as const, id: operation.id } }) };
    const done = await tell(refusals, refusal, () => perform(run, writer, operation));
    isTold ||= done;
  }
  if (isTold) await settleTold(run, seen);
  return seen.pending;

  function isNew(id: string): boolean {
    return live.some(mailbox => mailbox.id === id && mailbox.path === null);
  }
}

async function perform(run: RunContext, writer: SourceWriter, operation: MailboxOperation): Promise<void> {
  if (operation.kind === 'create') await writer.createMailbox(operation.path);
  else if (operation.kind === 'rename') await writer.renameMailbox(operation.path, operation.newPath);
  else if (operation.kind === 'subscribe') await writer.subscribe(operation.path, operation.subscribed);
  else if (operation.kind === 'join') await join(run, operation.id, operation.into);
  else throw new SourceError('refused', operation.reason);
}

/** Somebody else made the same mailbox: what is in ours goes into that one. */
async function join(run: RunContext, id: string, into: string): Promise<void> {
  const all = [...(await run.states.all()).values()].filter(state => state.mailboxIds.includes(id));
  for (const states of chunk(all, EMAILS_A_COMMIT)) {
    const mailboxIds = { [id]: false, [into]: true };
    const patched = states.map(state => ({ id: state.id, threadId: state.threadId, mailboxIds }));
    await commitRun(run, async () => ({ patched }));
  }
  await commitRun(run, async () => ({ mailboxes: { created: [], updated: [], destroyed: [id] } }));
}

/** Notes where the mailboxes are now, also one that the server made under a name somewhat different. */
async function settleTold(run: RunContext, before: Look): Promise<void> {
  const after = await look(run.services, run.account, run.source, false);
  const { changed, claimed } = after.pending;
  const wanted = wantedPaths(after.stored, changed, after.source);
  const listed = new Set(after.source.map(({ path }) => path));
  const known = new Set(before.source.map(({ path }) => path));
  const appeared = after.source.filter(({ path }) => !known.has(path) && !claimed.has(path));
  const adopted = after.stored.flatMap(({ id, name, path }) => {
    if (path !== null || !changed.has(id) || listed.has(wanted.get(id) ?? '')) return [];
    const found = appeared.filter(mailbox => mailbox.name === name);
    return found.length === 1 && found[0] ? [[found[0].path, id] as const] : [];
  });
  const pending = { ...after.pending, claimed: new Map([...claimed, ...adopted]) };
  await settleMailboxes(run, { ...after, pending });
}

/** What was refused for good: a mailbox that was to be made goes, one that was to go is back and is pulled anew. */
export async function undoMailbox(
  run: RunContext,
  { kind, id }: NonNullable<Refusal['mailbox']>,
): Promise<void> {
  return kind === 'create' ? destroyMailboxes(run, [id]) : undoDeletion(run, id);
}
