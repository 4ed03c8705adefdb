import { createHash } from 'node:crypto';
import type { MailboxStatus, SourceEntry, SourceMailbox } from '../../source/source.ts';
import { imapLocation, type Location } from '../../store/keys.ts';
import type { RunContext } from '../context.ts';
import { voidsUids } from '../plan.ts';
import { hasUid, unpackUidSet } from '../ranges.ts';
import { hintsOf } from '../recognise/known.ts';
import { type Candidate, isSameMessage } from '../recognise/recognise.ts';

/**
 * Which of these messages a mailbox of the source has already among those that were not pulled yet: a run that was
 * killed after COPY or APPEND has left them there. Size and, where the source can be asked, Message-ID and Date tell
 * which to look at; their octets decide. A mailbox that was handled since `seen` is not asked. Gives locations by
 * emailId. Throws SourceError.
 * @param seen the source's mailboxes, as this run first listed them
 */
export async function findAtSource(
  run: RunContext,
  mailboxId: string,
  wanted: readonly Candidate[],
  seen: readonly SourceMailbox[],
): Promise<Map<string, Location>> {
  const found = new Map<string, Location>();
  const path = run.paths.get(mailboxId);
  if (path === undefined || wanted.length === 0) return found;
  const cursor = run.cursors.get(mailboxId);
  const before = seen.find(mailbox => mailbox.path === path)?.status;
  if (before && cursor?.status && isHandled(cursor.status, before)) return found;
  const { status, entries } = await run.source.snapshot(path, cursor?.status ?? null);
  if (cursor && voidsUids(cursor, status)) return found;
  const handled = unpackUidSet(cursor?.handled ?? '');
  const isHandledUid = (uid: number) => uid < (cursor?.handledFrom ?? 0) || hasUid(handled, uid);
  const sizes = new Set(wanted.map(({ size }) => size));
  const fresh = entries.filter(
    ({ uid, size, isDeleted }) =>
      !isDeleted && !isHandledUid(Number(uid)) && (size === null || sizes.has(size)),
  );
  const likely = await narrowed(run, path, fresh, wanted);
  const bySha = new Map(wanted.map(({ sha256, emailId }) => [sha256, emailId]));
  for await (const { uid, sha256 } of checksums(run, path, likely)) {
    const emailId = bySha.get(sha256);
    if (emailId !== undefined) found.set(emailId, imapLocation(mailboxId, status.uidValidity, uid));
  }
  return found;
}

const isHandled = (handled: MailboxStatus, { uidValidity, uidNext }: MailboxStatus) =>
  handled.uidValidity === uidValidity && uidNext > 0 && handled.uidNext >= uidNext;

async function narrowed(
  run: RunContext,
  path: string,
  entries: readonly SourceEntry[],
  wanted: readonly Candidate[],
): Promise<SourceEntry[]> {
  if (!run.source.hints || entries.length === 0) return [...entries];
  const hints = new Map((await hintsOf(run, path, entries)).map(hint => [hint.uid, hint]));
  return entries.filter(({ uid }) => {
    const hint = hints.get(uid);
    // Without a Message-ID nothing but the octets can tell.
    return hint && wanted.some(email => isSameMessage(hint, email) || email.messageId === null);
  });
}

async function* checksums(run: RunContext, path: string, entries: readonly SourceEntry[]) {
  if (entries.length === 0) return;
  for await (const message of run.source.fetch(path, entries)) {
    if ('error' in message) continue;
    const hash = createHash('sha256');
    if ('raw' in message) hash.update(message.raw);
    else for await (const chunk of message.chunks) hash.update(chunk);
    yield { uid: message.uid, sha256: hash.digest('hex') };
  }
}
