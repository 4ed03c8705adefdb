import { parseStructure } from '../mime/structure.ts';
import { normalKeyword } from './email-patch.ts';
import { setError } from './errors.ts';
import { MAX_KEYWORDS_PER_EMAIL, MAX_MAILBOXES_PER_EMAIL } from './limits.ts';
import type { Id, SetError } from './types.ts';

/** An EmailImport object of RFC 8621 section 4.8, read. */
export interface EmailImport {
  blobId: Id;
  mailboxIds: Id[];
  keywords: string[];
  /** Milliseconds since the epoch; null where the client leaves it to the message. */
  receivedAt: number | null;
}

const UTC_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/;
const PROPERTIES: ReadonlySet<string> = new Set(['blobId', 'mailboxIds', 'keywords', 'receivedAt']);

/** @param resolve gives the id for a creation id */
export function readImport(
  object: Record<string, unknown>,
  resolve: (id: Id) => Id,
): { email: EmailImport } | { error: SetError } {
  const { blobId, mailboxIds, keywords = {}, receivedAt = null } = object;
  const wrong = Object.keys(object).filter(name => !PROPERTIES.has(name));
  const mailboxes = membersOf(mailboxIds, resolve);
  const words = membersOf(keywords, normalKeyword);
  const at = receivedAt === null ? null : utcTimeOf(receivedAt);
  if (typeof blobId !== 'string') wrong.push('blobId');
  if (!mailboxes || mailboxes.length === 0) wrong.push('mailboxIds');
  if (!words) wrong.push('keywords');
  if (at === undefined) wrong.push('receivedAt');
  if (wrong.length > 0) {
    return { error: setError('invalidProperties', 'These properties are missing or not valid.', wrong) };
  }
  if ((mailboxes ?? []).length > MAX_MAILBOXES_PER_EMAIL) {
    return {
      error: setError('tooManyMailboxes', `An Email may be in ${MAX_MAILBOXES_PER_EMAIL} mailboxes.`),
    };
  }
  if ((words ?? []).length > MAX_KEYWORDS_PER_EMAIL) {
    return { error: setError('tooManyKeywords', `An Email may have ${MAX_KEYWORDS_PER_EMAIL} keywords.`) };
  }
  const email = { mailboxIds: mailboxes ?? [], keywords: words ?? [], receivedAt: at ?? null };
  return { email: { blobId: String(blobId), ...email } };
}

/**
 * The octets as a message; null where they are none. IMAP servers take no NUL and give back every line with CR LF (RFC
 * 9051 section 4.3), so for one a message is stored as it will come back.
 */
export function messageOf(bytes: Uint8Array, protocol: string): Uint8Array | null {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (parseStructure(raw).headers.length === 0 || raw.includes(0)) return null;
  return protocol === 'imap' ? withCrlf(raw) : raw;
}

function withCrlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const normal = text.replace(/(?<!\r)\n/g, '\r\n');
  return normal === text ? raw : Buffer.from(normal, 'latin1');
}

/** The members of a set, each once; null when it is none. */
function membersOf(value: unknown, normal: (name: string) => string | null): string[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members = new Set<string>();
  for (const [name, present] of Object.entries(value)) {
    const member = normal(name);
    if (present !== true || member === null) return null;
    members.add(member);
  }
  return [...members];
}

/** The time of a UTCDate (RFC 8620 section 1.4), ms since the epoch; undefined for what is none. */
export function utcTimeOf(value: unknown): number | undefined {
  const at = typeof value === 'string' && UTC_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
