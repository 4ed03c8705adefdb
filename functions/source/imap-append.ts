import { folder } from './imap-errors.ts';
import { keywordsToFlags } from './imap-keywords.ts';
import type { ImapSession } from './imap-session.ts';
import type { SourceWriter } from './source.ts';

/** Slowest upload that is waited for, in octets per millisecond: nothing shows how much of a literal has gone. */
const SLOWEST_UPLOAD = 16;

/**
 * APPEND (RFC 9051 section 6.3.12). A keyword that the mailbox does not keep is the server's to drop. When the
 * connection is lost meanwhile nobody knows whether the message is there: whoever tries again looks first.
 */
export async function appendMessage(
  session: ImapSession,
  path: string,
  raw: Uint8Array,
  keywords: readonly string[],
  receivedAt: number,
): ReturnType<SourceWriter['append']> {
  const { client, settings } = session;
  const action = `put a message into ${folder(path)}`;
  const flags = keywordsToFlags(keywords, []);
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const patience = settings.timeout + bytes.length / SLOWEST_UPLOAD;
  const answer = await session.run(
    action,
    () => client.append(path, bytes, flags, new Date(receivedAt)),
    patience,
  );
  const { uid, uidValidity } = session.accept(action, answer);
  // A UID without UIDVALIDITY was only guessed by imapflow: the server has no UIDPLUS.
  return uid && uidValidity ? { uidValidity: uidValidity.toString(), uid: String(uid) } : null;
}
