import type { MailboxProperties } from '../store/commit.ts';
import { cut } from './zip-names.ts';

/** What files of an export are called: names that every system takes. Pure. */

/** Octets. */
const LONGEST_FOLDER = 100;
const LONGEST_SUBJECT = 80;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
const ID_DIGITS = 10;

/** Text as a file name may hold it; empty text stays empty. */
export function safeName(text: string, octets: number): string {
  const safe = text
    .normalize('NFC')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/\s+/g, ' ');
  const name = cut(safe, octets)
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '');
  return RESERVED.test(name) ? `_${name}` : name;
}

/**
 * The path of each mailbox, by its id, with `/` between the names. No two are the same where large and small letters
 * are; none ends like `.2`, which is how the second part of an mbox is told.
 */
export function mailboxPaths(mailboxes: readonly MailboxProperties[]): Map<string, string> {
  const byId = new Map(mailboxes.map(mailbox => [mailbox.id, mailbox]));
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  const pathOf = (mailbox: MailboxProperties, depth: number): string => {
    const known = paths.get(mailbox.id);
    if (known !== undefined) return known;
    const parent = mailbox.parentId === null ? undefined : byId.get(mailbox.parentId);
    const above = parent && depth < 20 ? `${pathOf(parent, depth + 1)}/` : '';
    const name = safeName(mailbox.name, LONGEST_FOLDER).replace(/\.\d+$/, '$&_') || '_';
    let path = above + name;
    for (let nth = 2; taken.has(path.toLowerCase()); nth++) path = `${above}${name} (${nth})`;
    taken.add(path.toLowerCase());
    paths.set(mailbox.id, path);
    return path;
  };
  const sorted = [...mailboxes].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const mailbox of sorted) pathOf(mailbox, 0);
  return paths;
}

/** `2024-01-31 235959 Subject 0123456789.eml`: in order of time, and the same in every export. */
export function emailName({
  receivedAt,
  subject,
  sha256,
}: {
  receivedAt: number;
  subject: string | null;
  sha256: string;
}): string {
  const time = new Date(receivedAt).toISOString();
  const stamp = `${time.slice(0, 10)} ${time.slice(11, 19).replaceAll(':', '')}`;
  const words = safeName(subject ?? '', LONGEST_SUBJECT) || 'no subject';
  return `${stamp} ${words} ${sha256.slice(0, ID_DIGITS)}.eml`;
}
