import { base32hexOf, sha256Of } from './identity.ts';

/** What decides the thread of an Email; ids as `asMessageIds` gives them, or with their brackets. */
export interface ThreadHints {
  references: readonly string[] | null;
  inReplyTo: readonly string[] | null;
  messageId: readonly string[] | null;
  emailId: string;
}

const bare = (id: string | undefined) => (id ?? '').trim().replace(/^<|>$/g, '').trim();

/**
 * The thread of an Email (RFC 8621 section 3), a pure function: `t` and 24 characters of the hash of the
 * conversation's root, which is the first of References, else of In-Reply-To, else Message-ID, else the
 * Email itself. Mail arrives in any order and over years; a root that needs no look-up always agrees.
 */
export function threadIdOf(hints: ThreadHints): string {
  const root =
    bare(hints.references?.[0]) || bare(hints.inReplyTo?.[0]) || bare(hints.messageId?.[0]) || hints.emailId;
  return `t${base32hexOf(sha256Of(Buffer.from(root, 'utf8')), 24)}`;
}
