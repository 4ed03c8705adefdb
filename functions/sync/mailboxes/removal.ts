import type { CommitDraft, PatchedEmail } from '../../store/commit.ts';
import { listLocations } from '../../store/emails.ts';
import { mailboxLocationPrefix, parseLocation } from '../../store/keys.ts';
import { listQuarantine } from '../../store/mailboxes.ts';
import type { EmailState } from '../../store/state.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { freshCursor } from '../plan.ts';
import { putInto } from '../push/appends.ts';
import { removeLocations } from '../removals.ts';

const PATCHES_A_COMMIT = 500;

/** Destroys mailboxes that the source no longer has, with what they hold. */
export async function destroyMailboxes(run: RunContext, mailboxIds: readonly string[]): Promise<void> {
  for (const id of mailboxIds) {
    await emptyMailbox(run, id, { mailboxes: { created: [], updated: [], destroyed: [id] } });
  }
}

/** Takes what they hold out of mailboxes that hold nothing at the source any more, and are there as parents only. */
export async function emptyMailboxes(run: RunContext, mailboxIds: readonly string[]): Promise<void> {
  for (const id of mailboxIds) await emptyMailbox(run, id, {});
}

/**
 * The Emails of a mailbox lose their locations in it first; what devices had put there and the source never learned
 * goes back to where the source keeps it. The last commit says that nothing of it is handled any more, and `end`.
 */
async function emptyMailbox(
  run: RunContext,
  mailboxId: string,
  end: Pick<CommitDraft, 'mailboxes'>,
): Promise<void> {
  const { table } = run.services;
  const inbox = [...run.paths].find(([, path]) => path.toUpperCase() === 'INBOX')?.[0];
  const locations = await listLocations(table, run.account.id, mailboxLocationPrefix(mailboxId));
  await removeLocations(run, [...locations.keys()]);
  const kept = await listQuarantine(table, run.account.id);
  const released = kept.map(entry => entry.location).filter(l => parseLocation(l)?.mailboxId === mailboxId);
  for (const part of chunk(released, PATCHES_A_COMMIT))
    await commitRun(run, async () => ({ released: part }));
  const inside = async () =>
    [...(await run.states.all()).values()].filter(state => state.mailboxIds.includes(mailboxId));
  if (run.source.writer && inbox !== undefined && inbox !== mailboxId) {
    // An import that never came to the source: who removes the mailbox takes care of it, because its wish is over.
    const homeless = (await inside()).filter(state => isOnlyHere(state, mailboxId));
    const ids = homeless.map(({ id }) => id);
    await putInto(run, run.source.writer, ids, inbox);
  }
  const patchedOut = async (most: number) =>
    (await inside()).slice(0, most).map(state => patchOut(state, mailboxId, inbox));
  while ((await inside()).length > PATCHES_A_COMMIT) {
    await commitRun(run, async () => ({ patched: await patchedOut(PATCHES_A_COMMIT) }));
  }
  await commitRun(run, async () => ({
    ...end,
    patched: await patchedOut(Number.POSITIVE_INFINITY),
    cursors: { [mailboxId]: freshCursor('') },
  }));
}

const isOnlyHere = ({ locations, mailboxIds }: EmailState, mailboxId: string) =>
  locations.length === 0 && mailboxIds.every(id => id === mailboxId);

/** What only exists here, and was in that mailbox alone, goes to the inbox. */
function patchOut(state: EmailState, mailboxId: string, inbox: string | undefined): PatchedEmail {
  const others = state.mailboxIds.filter(id => id !== mailboxId);
  const kept = state.locations.map(location => parseLocation(location)?.mailboxId);
  const atSource = kept.filter((id): id is string => id !== undefined && id !== mailboxId);
  const places = atSource.length > 0 || inbox === undefined ? atSource : [inbox];
  const back = others.length > 0 ? [] : places;
  const mailboxIds = { [mailboxId]: false, ...Object.fromEntries(back.map(id => [id, true])) };
  return { id: state.id, threadId: state.threadId, mailboxIds };
}
