import { SourceError } from '../../source/errors.ts';
import type { CopiedTo, SourceMailbox, SourceWriter } from '../../source/source.ts';
import type { PatchedEmail } from '../../store/commit.ts';
import { getEmails } from '../../store/emails.ts';
import { imapLocation, type Location, parseLocation } from '../../store/keys.ts';
import { chunk } from '../../store/table.ts';
import type { RunContext } from '../context.ts';
import { toCandidate } from '../recognise/recognise.ts';
import { findAtSource } from './find.ts';
import { groupBy, type Moved, mailboxOf, type PushOperation, undoing } from './plan.ts';
import { type Refusal, tell } from './refusals.ts';

/** Emails whose summaries are read at once. */
const EMAILS_A_READ = 500;
/** Keywords that are flags of every IMAP mailbox (RFC 9051 section 2.3.2). */
export const SYSTEM_KEYWORDS: ReadonlySet<string> = new Set(['$seen', '$flagged', '$answered', '$draft']);

/**
 * Tells the keywords. Gives what follows at once: a keyword that the mailbox does not keep is taken back, so that
 * devices show what holds.
 */
export async function pushKeywords(
  run: RunContext,
  writer: SourceWriter,
  operations: readonly PushOperation[],
  refusals: Refusal[],
): Promise<PatchedEmail[]> {
  const dropped: PatchedEmail[] = [];
  const keywords = operations.filter(operation => operation.kind === 'keyword');
  for (const group of groupBy(keywords, o => `${placeOf(o)}\n${o.keyword}\n${o.present}`)) {
    const first = group[0];
    const path = first && run.paths.get(mailboxOf(first.location));
    if (!first || path === undefined) continue;
    const { keyword, present } = first;
    await tell(refusals, { undo: group.map(undoing) }, async () => {
      await checkValidity(writer, path, first.location);
      if (
        present &&
        !SYSTEM_KEYWORDS.has(keyword) &&
        (await writer.keptKeywords(path, [keyword])).length === 0
      ) {
        dropped.push(...group.map(undoing));
        return;
      }
      const [add, remove] = present ? [[keyword], []] : [[], [keyword]];
      await writer.storeKeywords(path, uidsOf(group), add, remove);
    });
  }
  return dropped;
}

/**
 * Copies, then moves. What a run that was killed has copied already is found in the target and not copied again; of a
 * move, the message that stayed behind is surplus then. Without COPYUID the next pull finds the new places.
 */
export async function pushMoves(
  run: RunContext,
  writer: SourceWriter,
  operations: readonly PushOperation[],
  seen: readonly SourceMailbox[],
  refusals: Refusal[],
): Promise<Moved[]> {
  const moved: Moved[] = [];
  for (const kind of ['copy', 'move'] as const) {
    const group = operations.flatMap(operation => (operation.kind === kind ? [operation] : []));
    const left = await leaveOutFound(run, group, seen, moved);
    for (const part of groupBy(left, o => `${placeOf(o)}\n${o.toMailboxId}`)) {
      const [first] = part;
      const from = first && run.paths.get(mailboxOf(first.location));
      const to = first && run.paths.get(first.toMailboxId);
      if (!first || from === undefined || to === undefined) continue;
      await tell(refusals, { undo: part.map(undoing) }, async () => {
        await checkValidity(writer, from, first.location);
        const copied = await writer[kind](from, uidsOf(part), to);
        for (const { emailId, location, toMailboxId } of copied ? part : []) {
          const target = newLocation(copied as CopiedTo, location, toMailboxId);
          if (target) moved.push({ emailId, kind, from: location, to: target });
        }
      });
    }
  }
  return moved;
}

type Transfer = Extract<PushOperation, { kind: 'move' | 'copy' }>;

/** What the target has already is noted as copied; gives the rest. */
async function leaveOutFound(
  run: RunContext,
  operations: readonly Transfer[],
  seen: readonly SourceMailbox[],
  moved: Moved[],
): Promise<Transfer[]> {
  const left: Transfer[] = [];
  for (const group of groupBy(operations, o => o.toMailboxId)) {
    const toMailboxId = group[0]?.toMailboxId ?? '';
    const found = new Map<string, Location>();
    for (const part of chunk(group, EMAILS_A_READ)) {
      const ids = part.map(({ emailId }) => emailId);
      const emails = await getEmails(run.services.table, run.account.id, ids);
      const candidates = [...emails.values()].map(({ summary }) => toCandidate(summary));
      for (const [id, location] of await findAtSource(run, toMailboxId, candidates, seen))
        found.set(id, location);
    }
    for (const operation of group) {
      const to = found.get(operation.emailId);
      if (to === undefined) left.push(operation);
      else moved.push({ emailId: operation.emailId, kind: 'copy', from: operation.location, to });
    }
  }
  return left;
}

function newLocation(copied: CopiedTo, from: Location, toMailboxId: string): Location | null {
  const uid = copied.uids.get(parseLocation(from)?.uid ?? '');
  return uid ? imapLocation(toMailboxId, copied.uidValidity, uid) : null;
}

const uidsOf = (operations: readonly PushOperation[]) =>
  operations.map(({ location }) => parseLocation(location)?.uid ?? '');

/** The mailbox and the UIDVALIDITY under which an operation names its message. */
function placeOf({ location }: PushOperation): string {
  const place = parseLocation(location);
  return `${place?.mailboxId}\n${place?.uidValidity}`;
}

/**
 * Throws SourceError `temporary` where the UIDs mean other messages by now (RFC 9051 section 2.3.1.1): a mailbox may have
 * been made anew since it was looked at. The next run pulls it first.
 */
async function checkValidity(writer: SourceWriter, path: string, location: Location): Promise<void> {
  if ((await writer.uidValidity(path)) === parseLocation(location)?.uidValidity) return;
  throw new SourceError(
    'temporary',
    `The server has rebuilt the folder “${path}”; it is read anew next time.`,
  );
}
