import type { MailboxObject } from 'imapflow';
import { codeOf, execute, type ImapArgument } from './imap-command.ts';
import { folder, isRefusal } from './imap-errors.ts';
import { keptFlags, keywordsToFlags } from './imap-keywords.ts';
import { type ImapSession, openMailbox } from './imap-session.ts';
import { uidSets, uidsIn } from './imap-uids.ts';

/** What to change, and the mod-sequence since which a message must not have changed (null: whatever it did). */
export interface KeywordChange {
  add: readonly string[];
  remove: readonly string[];
  unchangedSince: string | null;
}

/**
 * UID STORE +FLAGS.SILENT and -FLAGS.SILENT. A keyword that the mailbox does not keep (PERMANENTFLAGS) is left
 * out: the next listing shows what holds. UNCHANGEDSINCE (RFC 7162 section 3.1.3) goes with the first of the two
 * commands, which moves the mod-sequence on; the second is for what the first has changed. Gives what was MODIFIED.
 */
export async function storeKeywords(
  session: ImapSession,
  path: string,
  uids: readonly string[],
  change: KeywordChange,
): Promise<readonly string[]> {
  const sets = uidSets(uids);
  if (sets.length === 0) return [];
  const { client } = session;
  const mailbox = await openMailbox(session, path, { write: true });
  const adding = keptFlags(keywordsToFlags(change.add, knownFlags(mailbox)), mailbox.permanentFlags);
  const removing = keywordsToFlags(change.remove, knownFlags(mailbox));
  const isConditional = !mailbox.noModseq && client.enabled.has('CONDSTORE');
  const since = isConditional ? change.unchangedSince : null;
  const action = `change keywords in ${folder(path)}`;
  const modified: string[] = [];
  // A run for each command: each has the whole timeout.
  for (const set of sets) {
    let condition = since;
    let left = uidsIn(set, uids);
    for (const [operation, flags] of [
      ['+FLAGS.SILENT', adding],
      ['-FLAGS.SILENT', removing],
    ] as const) {
      if (flags.length === 0 || left.length === 0) continue;
      const named = uidSets(left).join(',');
      const kept = await session.run(action, () => store(session, named, operation, flags, condition));
      const changed = new Set(uidsIn(kept, left));
      modified.push(...changed);
      left = left.filter(uid => !changed.has(uid));
      condition = null;
    }
  }
  return modified;
}

/** The keywords that STORE would keep here. */
export async function keptKeywords(
  session: ImapSession,
  path: string,
  keywords: readonly string[],
): Promise<readonly string[]> {
  const mailbox = await openMailbox(session, path, { write: true });
  const isKept = (keyword: string) =>
    keptFlags(keywordsToFlags([keyword], knownFlags(mailbox)), mailbox.permanentFlags).length > 0;
  return keywords.filter(isKept);
}

/** One UID STORE. Gives the set of UIDs that were MODIFIED, empty when none was. */
async function store(
  { client }: ImapSession,
  set: string,
  operation: string,
  flags: readonly string[],
  unchangedSince: string | null,
): Promise<string> {
  const modifier: ImapArgument[] = unchangedSince === null ? [] : [words('UNCHANGEDSINCE', unchangedSince)];
  const args: ImapArgument[] = [
    { type: 'SEQUENCE', value: set },
    ...modifier,
    { type: 'ATOM', value: operation },
    words(...flags),
  ];
  const modifiedIn = ([code = '', uids = '']: string[]) => (code.toUpperCase() === 'MODIFIED' ? uids : '');
  try {
    return modifiedIn(await execute(client, 'UID STORE', args));
  } catch (error) {
    // Some say NO where every message has changed.
    const uids = isRefusal(error) ? modifiedIn(codeOf((error as { response?: unknown }).response)) : '';
    if (uids === '') throw error;
    return uids;
  }
}

function words(...values: string[]): ImapArgument[] {
  return values.map(value => ({ type: 'ATOM', value }));
}

function knownFlags(mailbox: MailboxObject): string[] {
  return [...(mailbox.flags ?? []), ...(mailbox.permanentFlags ?? [])];
}
