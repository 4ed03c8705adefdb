import { SourceError } from './errors.ts';
import type { Maildrop } from './pop3-maildrop.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import type { Pop3Session } from './pop3-transport.ts';

/**
 * Deletes messages for good: DELE marks them, and only the +OK to QUIT says that they are gone (RFC 1939
 * section 6). Whenever that did not come the connection is dropped instead, so that no later QUIT carries it out.
 *
 * @param uids names from this very session's listing; others, and names that several messages might have, are left out
 * @returns the uids that are gone now; the session is over then, unless there were none to delete
 * @throws SourceError when the server did not confirm; the session is over, and nothing counts as deleted
 */
export async function removeMessages(
  session: Pop3Session,
  maildrop: Maildrop,
  uids: readonly string[],
): Promise<readonly string[]> {
  const marked: string[] = [];
  try {
    for (const uid of new Set(uids)) {
      const number = maildrop.numbers.get(uid);
      if (number !== undefined && (await isMarked(session, number))) marked.push(uid);
    }
    if (marked.length > 0) await session.quit();
    return marked;
  } catch (error) {
    session.destroy();
    throw error instanceof Pop3Refusal ? unconfirmed(error) : error;
  }
}

async function isMarked(session: Pop3Session, number: number): Promise<boolean> {
  try {
    await session.delete(number);
    return true;
  } catch (error) {
    if (error instanceof Pop3Refusal) return false;
    throw error;
  }
}

function unconfirmed(cause: Pop3Refusal): SourceError {
  return new SourceError(
    'refused',
    'The server did not confirm that it deleted what it was told to delete. It is looked at again later.',
    { cause },
  );
}
