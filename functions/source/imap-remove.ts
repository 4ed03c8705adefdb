import { folder } from './imap-errors.ts';
import { type ImapSession, offers, openMailbox } from './imap-session.ts';
import { uidSets } from './imap-uids.ts';
import type { SourceRemover } from './source.ts';

/** Deletes messages by UID EXPUNGE (RFC 4315 section 2.1); null without UIDPLUS, because EXPUNGE takes others too. */
export function imapRemover(session: ImapSession): SourceRemover | null {
  if (!offers(session.client, 'UIDPLUS')) return null;
  return { remove: (path, uids) => remove(session, path, uids) };
}

/** What was there before and is not there afterwards: the tagged OK alone does not say that a message is gone. */
async function remove(
  session: ImapSession,
  path: string,
  uids: readonly string[],
): Promise<readonly string[]> {
  const { client } = session;
  const action = `delete messages from ${folder(path)}`;
  const gone: string[] = [];
  for (const set of uidSets(uids)) {
    await openMailbox(session, path, { write: true });
    const before = await present(session, set, action);
    if (before.size === 0) continue;
    const named = uidSets(before).join(',');
    session.accept(action, await session.run(action, () => client.messageDelete(named, { uid: true })));
    const after = await present(session, named, action);
    gone.push(...[...before].filter(uid => !after.has(uid)));
  }
  return gone;
}

/** Which of these UIDs the mailbox has now: UID FETCH (UID). */
async function present(session: ImapSession, set: string, action: string): Promise<Set<string>> {
  return session.run(action, async () => {
    const found = new Set<string>();
    for await (const row of session.client.fetch(set, { uid: true }, { uid: true })) {
      if (row.uid) found.add(String(row.uid));
    }
    return found;
  });
}
