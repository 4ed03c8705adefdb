import type { CopyResponseObject } from 'imapflow';
import { appendMessage } from './imap-append.ts';
import { folder } from './imap-errors.ts';
import { imapHierarchy } from './imap-hierarchy.ts';
import { type ImapSession, offers, openMailbox } from './imap-session.ts';
import { keptKeywords, storeKeywords } from './imap-store.ts';
import { uidSets } from './imap-uids.ts';
import type { CopiedTo, SourceWriter } from './source.ts';

/** The changes that an IMAP server takes. All use UID commands, for which a UID that is gone is no error. */
export function imapWriter(session: ImapSession): SourceWriter {
  return {
    uidValidity: async path => (await openMailbox(session, path, { write: true })).uidValidity.toString(),
    storeKeywords: (path, uids, add, remove, unchangedSince) =>
      storeKeywords(session, path, uids, { add, remove, unchangedSince: unchangedSince ?? null }),
    keptKeywords: (path, keywords) => keptKeywords(session, path, keywords),
    move: (path, uids, toPath) => transfer(session, path, uids, toPath, true),
    copy: (path, uids, toPath) => transfer(session, path, uids, toPath, false),
    append: (path, raw, keywords, receivedAt) => appendMessage(session, path, raw, keywords, receivedAt),
    ...imapHierarchy(session),
  };
}

async function transfer(
  session: ImapSession,
  path: string,
  uids: readonly string[],
  toPath: string,
  leave: boolean,
): Promise<CopiedTo | null> {
  const sets = uidSets(uids);
  if (sets.length === 0 || (leave && path === toPath)) return null;
  const { client } = session;
  await openMailbox(session, path, { write: true });
  const action = `${leave ? 'move' : 'copy'} messages from ${folder(path)} to ${folder(toPath)}`;
  const answers: CopyResponseObject[] = [];
  for (const set of sets) {
    const answer = leave
      ? () => moveSet(session, set, toPath, action)
      : () => client.messageCopy(set, toPath, { uid: true });
    answers.push(session.accept(action, await session.run(action, answer)));
  }
  return copiedTo(answers);
}

/**
 * UID MOVE (RFC 6851), else UID COPY, \Deleted and UID EXPUNGE of just these UIDs (RFC 4315). Without UIDPLUS
 * they stay behind with \Deleted: a bare EXPUNGE would also take what somebody else marked.
 */
async function moveSet(
  session: ImapSession,
  set: string,
  toPath: string,
  action: string,
): Promise<CopyResponseObject> {
  const { client } = session;
  if (offers(client, 'MOVE')) {
    return session.accept(action, await client.messageMove(set, toPath, { uid: true }));
  }
  const copied = session.accept(action, await client.messageCopy(set, toPath, { uid: true }));
  const removed = offers(client, 'UIDPLUS')
    ? await client.messageDelete(set, { uid: true })
    : await client.messageFlagsAdd(set, ['\\Deleted'], { uid: true, silent: true });
  session.accept(action, removed);
  return copied;
}

/** The COPYUID answers of all commands as one, or null when one of them had none. */
function copiedTo(answers: readonly CopyResponseObject[]): CopiedTo | null {
  const uids = new Map<string, string>();
  let validity: bigint | undefined;
  for (const { uidMap, uidValidity } of answers) {
    if (!uidMap || !uidValidity || (validity ?? uidValidity) !== uidValidity) return null;
    validity = uidValidity;
    for (const [from, to] of uidMap) uids.set(String(from), String(to));
  }
  return validity === undefined ? null : { uidValidity: validity.toString(), uids };
}
