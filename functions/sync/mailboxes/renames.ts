import type { MessageHint, SourceMailbox } from '../../source/source.ts';
import type { MailboxCursor, MailboxProperties } from '../../store/commit.ts';
import { getEmails, getLocations } from '../../store/emails.ts';
import { imapLocation } from '../../store/keys.ts';
import { chunk } from '../../store/table.ts';
import type { RunContext } from '../context.ts';
import type { Look } from '../look.ts';
import { voidsUids } from '../plan.ts';
import { countUids, eachUid, unpackUidSet } from '../ranges.ts';
import { hintsOf } from '../recognise/known.ts';
import { isSameMessage } from '../recognise/recognise.ts';
import { sameObjects } from './mailboxes.ts';

/** Mailboxes that another client renamed, told without OBJECTID by the messages in them. */

/** A mailbox that is not listed any more, and one that is new and may be the same. */
export interface Pair {
  stored: MailboxProperties;
  cursor: MailboxCursor;
  mailbox: SourceMailbox;
}

/**
 * The pairs worth a closer look: the same UIDVALIDITY, and UIDs that go on where they were. Those whose last part of
 * the name is the same come first (a parent was renamed), then those with the most messages. Pure.
 */
export function renamePairs(
  absent: readonly MailboxProperties[],
  appeared: readonly SourceMailbox[],
  cursors: ReadonlyMap<string, MailboxCursor>,
): Pair[] {
  const pairs = absent.flatMap(stored => {
    const cursor = cursors.get(stored.id);
    if (!cursor?.status || stored.path === null) return [];
    const { uidValidity, uidNext } = cursor.status;
    return appeared
      .filter(({ mailboxId }) => mailboxId === undefined || cursor.remoteId === undefined)
      .filter(({ status }) => status?.uidValidity === uidValidity && status.uidNext >= uidNext)
      .map(mailbox => ({ stored, cursor, mailbox }));
  });
  const count = ({ cursor }: Pair) => countUids(unpackUidSet(cursor.handled));
  const keepsName = ({ stored, mailbox }: Pair) => Number(stored.name === mailbox.name);
  return pairs.sort((a, b) => keepsName(b) - keepsName(a) || count(b) - count(a));
}

/**
 * Renames of parents that follow from those of what is in them: neither holds a message, so nothing but the name
 * tells. Pure.
 */
export function parentRenames(
  renames: ReadonlyMap<string, string>,
  stored: readonly MailboxProperties[],
  source: readonly SourceMailbox[],
  mayBe: (stored: MailboxProperties, mailbox: SourceMailbox) => boolean,
): Map<string, string> {
  const byId = new Map(stored.map(mailbox => [mailbox.id, mailbox]));
  const byPath = new Map(source.map(mailbox => [mailbox.path, mailbox]));
  const found = new Map(renames);
  for (const [path, id] of found) {
    const before = byId.get(byId.get(id)?.parentId ?? '');
    const after = byPath.get(byPath.get(path)?.parentPath ?? '');
    if (!before || !after || found.has(after.path) || !mayBe(before, after)) continue;
    if (![...found.values()].includes(before.id)) found.set(after.path, before.id); // and its parent, in this loop
  }
  return found;
}

/** Comparisons in one run: each is a few headers where the answer is no. */
const MOST_PAIRS = 200;

/** Which new path is which stored mailbox, as far as the messages in them prove it. */
export async function findRenames(run: RunContext, seen: Look): Promise<Map<string, string>> {
  const { created, destroyed, emptied, missed } = seen.mailboxChanges;
  const isAbsent = new Set([...destroyed, ...emptied, ...missed]);
  const isNew = new Set(created.map(({ path }) => path));
  // Where there is another mailbox now under the old name, too, the old one may be elsewhere.
  const isAnother = new Set(seen.source.filter(mailbox => isReplaced(seen, mailbox)).map(({ path }) => path));
  const absent = seen.stored.filter(({ id, path }) => isAbsent.has(id) || isAnother.has(path ?? ''));
  const appeared = seen.source.filter(({ path }) => isNew.has(path));
  if (absent.length === 0 || appeared.length === 0 || !run.source.hints) return new Map();
  const renames = sameObjects(seen.source, seen.stored, seen.cursors);
  const found = new Set(renames.values());
  for (const pair of renamePairs(absent, appeared, seen.cursors).slice(0, MOST_PAIRS)) {
    if (renames.has(pair.mailbox.path) || found.has(pair.stored.id)) continue;
    if (!(await holdsSameMessages(run, pair))) continue;
    renames.set(pair.mailbox.path, pair.stored.id);
    found.add(pair.stored.id);
  }
  const isEmpty = ({ status }: SourceMailbox) => (status?.messages ?? 0) === 0;
  return parentRenames(renames, seen.stored, seen.source, (stored, mailbox) => {
    const handled = seen.cursors.get(stored.id)?.handled ?? '';
    return isAbsent.has(stored.id) && isNew.has(mailbox.path) && isEmpty(mailbox) && handled === '';
  });
}

function isReplaced({ stored, cursors }: Look, { path, status, mailboxId }: SourceMailbox): boolean {
  const cursor = cursors.get(stored.find(each => each.path === path)?.id ?? '');
  return cursor !== undefined && status !== null && voidsUids(cursor, status, mailboxId);
}

const FIRST_HINTS = 20;

/**
 * Whether the messages of the new mailbox are those that were handled in the old one, UID by UID: not one may be
 * another, and one at least has to be recognised. Some servers give every mailbox the same UIDVALIDITY, so that equal
 * UIDs prove nothing, and what is wrongly taken for handled would never be fetched.
 */
async function holdsSameMessages(run: RunContext, { stored, cursor, mailbox }: Pair): Promise<boolean> {
  const uids = [...eachUid(unpackUidSet(cursor.handled))].reverse().map(String);
  let recognised = 0;
  for (const part of [uids.slice(0, FIRST_HINTS), ...chunk(uids.slice(FIRST_HINTS), 500)]) {
    const hints = await hintsOf(
      run,
      mailbox.path,
      part.map(uid => ({ uid })),
    );
    const verdict = await compare(run, stored.id, cursor.uidValidity, hints);
    if (verdict === null) return false;
    recognised += verdict;
  }
  return recognised > 0;
}

/** How many of these messages are recognised; null when one of them is another than the stored one. */
async function compare(
  run: RunContext,
  mailboxId: string,
  uidValidity: string,
  hints: readonly MessageHint[],
): Promise<number | null> {
  const { table } = run.services;
  const locate = ({ uid }: MessageHint) => imapLocation(mailboxId, uidValidity, uid);
  const ids = await getLocations(table, run.account.id, hints.map(locate));
  const emails = await getEmails(table, run.account.id, [...ids.values()]);
  let recognised = 0;
  for (const hint of hints) {
    const summary = emails.get(ids.get(locate(hint)) ?? '')?.summary;
    if (!summary) continue; // in quarantine, or gone here
    if (isSameMessage(hint, summary)) recognised += 1;
    else if (hint.messageId !== null || summary.messageId !== null) return null;
    else if (hint.size !== summary.size || hint.sentAt !== summary.sentAt) return null;
  }
  return recognised;
}
