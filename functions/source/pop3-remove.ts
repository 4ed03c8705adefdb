import { isForNow, SourceError } from './errors.ts';
import type { Maildrop } from './pop3-maildrop.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import type { Pop3Session } from './pop3-transport.ts';

/**
 * Deletes messages for good: DELE marks them, and only the +OK to QUIT says that they are gone (RFC 1939
 * section 6). Whenever that did not come the connection is dropped instead, so that no later QUIT carries it out.
 * A message that the server does not let go stays, and the others go.
 *
 * @param uids names from this very session's listing; those that it does not have, and those that might mean
 *   another message than they did last time, are left out
 * @returns the uids that are gone now; the session is over then, unless there was none to delete
 * @throws SourceError when the server did not confirm; the session is over, and nothing counts as deleted
 */
export async function removeMessages(
  session: Pop3Session,
  maildrop: Maildrop,
  uids: readonly string[],
): Promise<readonly string[]> {
  const listed = [...new Set(uids)].flatMap(uid => {
    const number = maildrop.numbers.get(uid);
    return number === undefined || maildrop.ambiguous.has(uid) ? [] : [{ uid, number, size: null }];
  });
  const marked: string[] = [];
  try {
    for await (const outcome of session.each('DELE', listed)) {
      if ('reply' in outcome) marked.push(outcome.item.uid);
      else if (!(outcome.error instanceof Pop3Refusal)) throw outcome.error;
    }
    if (marked.length === 0) return [];
    await session.quit();
    return marked;
  } catch (error) {
    throw error instanceof Pop3Refusal ? unconfirmed(error) : error;
  } finally {
    if (listed.length > 0) session.destroy();
  }
}

function unconfirmed(cause: Pop3Refusal): SourceError {
  return new SourceError(
    isForNow(cause.code) ? cause.code : 'refused',
    'The server did not confirm that it deleted the messages which it was told to delete. They count as kept.',
    { cause, retryAfter: cause.retryAfter },
  );
}
