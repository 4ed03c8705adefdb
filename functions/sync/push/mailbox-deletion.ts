import { randomBytes } from 'node:crypto';
import { SourceError } from '../../source/errors.ts';
import type { SourceMailbox, SourceWriter } from '../../source/source.ts';
import { mailboxProperties } from '../../store/commit.ts';
import { parseLocation } from '../../store/keys.ts';
import { listAllMailboxes } from '../../store/mailboxes.ts';
import { getDeletion, listDeleting, MANY_DELETING, noteDeletion } from '../../store/receipts.ts';
import type { DeletingRow } from '../../store/rows.ts';
import { chunk } from '../../store/table.ts';
import { commitRun, type RunContext } from '../context.ts';
import { isPutOff } from '../deletion/plan.ts';
import type { PendingMailboxes } from '../mailboxes/pending.ts';
import { freshCursor } from '../plan.ts';
import { type Refusal, tell } from './refusals.ts';

/**
 * Deletes at the source the mailboxes that devices destroyed. DELETE takes along what is in a mailbox, and between a
 * count and DELETE mail may come. So a mailbox is first renamed to a name that nobody can guess and no delivery finds,
 * and counted there: empty it is deleted, else it gets its name back. The name is committed before RENAME, so that a run
 * that finds it knows what another one, which was killed, had begun; what has such a name is shown to nobody.
 */

/** Far below the 400 KB of an item. */
const WITHDRAWN_A_COMMIT = 1_000;

/**
 * Deletes the destroyed mailboxes that are empty at the source, those below others first. What is not deleted is noted
 * in `refusals`. Gives false while messages in one of them still wait to be deleted.
 */
export async function deleteMailboxes(
  run: RunContext,
  writer: SourceWriter,
  { destroyed, hidden }: PendingMailboxes,
  refusals: Refusal[],
): Promise<boolean> {
  if (destroyed.size === 0) return true;
  const listed = await listByPath(run);
  const waiting = await mailboxesWithDeletions(run);
  let isDone = true;
  let isKept = false;
  const deepestFirst = [...destroyed].sort(([, a], [, b]) => b.length - a.length);
  for (const [id, path] of deepestFirst) {
    const mailbox = listed.get(hidden.get(id) ?? '') ?? listed.get(path);
    if (!mailbox) continue;
    const { name } = listed.get(path) ?? { name: path };
    const leaving = { id, path, name, hiddenPath: mailbox.path === path ? null : mailbox.path };
    const hasMail = mailbox.path === path && (mailbox.status?.messages ?? 0) > 0;
    if (hasMail && waiting.ids.has(id) && !waiting.isPutOff) {
      isDone = false;
      continue;
    }
    const isTold = await tell(refusals, { undo: [], mailbox: { kind: 'delete', id } }, async () => {
      if (hasMail && waiting.ids.has(id)) {
        isKept = true;
        throw keptBecause(leaving, 'the server does not delete all of the mail in it');
      }
      await deleteEmpty(run, writer, leaving, listed);
    });
    if (isTold) listed.delete(mailbox.path);
  }
  // Asked once more by this run, before what the server does not delete is believed to be refused for good.
  if (isKept && run.lastFailure !== 'refused') await askAgain(run);
  return isDone;
}

/** A mailbox that is to go; `hiddenPath` where a run that was killed has renamed it. */
interface Leaving {
  id: string;
  path: string;
  /** For the person. */
  name: string;
  hiddenPath: string | null;
}

type Listed = ReadonlyMap<string, SourceMailbox>;

async function listByPath(run: RunContext): Promise<Map<string, SourceMailbox>> {
  return new Map((await run.source.mailboxes()).map(mailbox => [mailbox.path, mailbox]));
}

/** Throws SourceError `refused` where it has to stay; it has its name then. */
async function deleteEmpty(
  run: RunContext,
  writer: SourceWriter,
  leaving: Leaving,
  listed: Listed,
): Promise<void> {
  const { path } = leaving;
  const hiddenPath = leaving.hiddenPath ?? (await hide(run, writer, leaving, listed));
  if (hiddenPath === null) return writer.deleteMailbox(path);
  const now = leaving.hiddenPath === null ? await listByPath(run) : listed;
  try {
    const reason = reasonToKeep(hiddenPath, now);
    if (reason) throw keptBecause(leaving, reason);
    await writer.deleteMailbox(hiddenPath);
  } catch (error) {
    if (!(error instanceof SourceError) || error.code === 'disconnected' || error.code === 'timeout')
      throw error;
    await giveBack(run, writer, { ...leaving, hiddenPath });
    throw error;
  }
}

/**
 * Renames it to the hidden name. Null where there is nothing to hide, because no mail can be in it, or where the server
 * refuses: then the count before has to do.
 */
async function hide(
  run: RunContext,
  writer: SourceWriter,
  leaving: Leaving,
  listed: Listed,
): Promise<string | null> {
  const { id, path } = leaving;
  const reason = reasonToKeep(path, listed);
  if (reason) throw keptBecause(leaving, reason);
  const mailbox = listed.get(path);
  // RENAME of the Inbox takes its mail and leaves the Inbox (RFC 9051 section 6.3.6).
  if (!mailbox?.selectable || path.toUpperCase() === 'INBOX') return null;
  const cursor = run.cursors.get(id) ?? freshCursor('');
  const before = mailbox.parentPath === null ? '' : path.slice(0, mailbox.parentPath.length + 1);
  const hiddenPath = cursor.hiddenPath ?? `${before}mailferry-deleting-${randomBytes(16).toString('hex')}`;
  await commitRun(run, async () => ({ cursors: { [id]: { ...cursor, hiddenPath } } }));
  try {
    await writer.renameMailbox(path, hiddenPath);
    return hiddenPath;
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'refused') throw error;
    return null;
  }
}

/**
 * Gives it its name back. Where another mailbox has that name by now it keeps the hidden one, and is shown as any other:
 * so is its mail.
 */
async function giveBack(
  run: RunContext,
  writer: SourceWriter,
  { id, path, hiddenPath }: Leaving,
): Promise<void> {
  try {
    await writer.renameMailbox(hiddenPath ?? path, path);
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'refused') throw error;
    const { hiddenPath: _, ...cursor } = run.cursors.get(id) ?? freshCursor('');
    await commitRun(run, async () => ({ cursors: { [id]: cursor } }));
  }
}

function reasonToKeep(path: string, listed: Listed): string | null {
  const mailbox = listed.get(path);
  if (!mailbox) return null;
  const { status, selectable } = mailbox;
  if (selectable && !status) return 'the server does not say whether there is mail in it';
  if (status && status.messages > 0) return 'there is still mail in it';
  const hasChild = [...listed.values()].some(({ parentPath }) => parentPath === path);
  return hasChild ? 'there is still a folder in it' : null;
}

function keptBecause({ name }: Leaving, reason: string): SourceError {
  return new SourceError(
    'refused',
    `The folder “${name}” was not deleted at the mail server, because ${reason}.`,
  );
}

/** Where messages are about to be deleted, nowhere while that is stopped or not possible; and whether that waits. */
async function mailboxesWithDeletions(run: RunContext): Promise<{ ids: Set<string>; isPutOff: boolean }> {
  const { services, account, source } = run;
  const notes = await getDeletion(services.table, account.id);
  if (!source.remover || notes.frozen) return { ids: new Set(), isPutOff: false };
  const rows = await listDeleting(services.table, account.id, MANY_DELETING);
  return { ids: new Set(rows.map(mailboxOf)), isPutOff: isPutOff(notes, services.now()) };
}

const mailboxOf = ({ location }: DeletingRow) => parseLocation(location)?.mailboxId ?? '';

async function askAgain({ services: { table }, account }: RunContext): Promise<void> {
  await noteDeletion(table, account.id, { ...(await getDeletion(table, account.id)), retryAt: 0 });
}

/** A mailbox that was refused for good is back, and is pulled anew: what was to be deleted in it is there, too. */
export async function undoDeletion(run: RunContext, id: string): Promise<void> {
  const { table } = run.services;
  const rows = await listAllMailboxes(table, run.account.id);
  const row = rows.find(mailbox => mailbox.id === id && mailbox.destroyed);
  if (!row) return;
  const waiting = await listDeleting(table, run.account.id, MANY_DELETING);
  const withdrawn = waiting.filter(entry => mailboxOf(entry) === id).map(({ location }) => location);
  for (const part of chunk(withdrawn, WITHDRAWN_A_COMMIT)) {
    await commitRun(run, async () => ({ withdrawn: part }));
  }
  await commitRun(run, async () => ({
    mailboxes: { created: [mailboxProperties.parse(row)], updated: [], destroyed: [] },
    cursors: { [id]: freshCursor('') },
  }));
}
