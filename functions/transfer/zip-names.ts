/** What the name of a file in a zip says: whether it is mail, and to which mailbox it belongs. Pure. */

/** `other`: no mail; `nothing`: directories, and what programs leave in an archive for themselves. */
export interface ZipName {
  kind: 'eml' | 'mbox' | 'other' | 'nothing';
  /** Names of the mailbox and those above it, top first; none for what is in no directory. */
  mailbox: string[];
}

const MOST_LEVELS = 10;
/** Octets. */
const LONGEST_NAME = 200;

/** Reads the path of a file. A directory may be called `Inbox.mbox` and hold an `mbox`, as Apple Mail writes it. */
export function readZipName(path: string): ZipName {
  const parts = path.split(/[/\\]/);
  const file = parts.pop() ?? '';
  const directories = parts.filter(part => part !== '' && part !== '.' && part !== '..');
  const isPrivate = directories.includes('__MACOSX') || file.startsWith('.') || file === '';
  if (isPrivate || (file === 'manifest.json' && directories.length === 0)) {
    return { kind: 'nothing', mailbox: [] };
  }
  const lower = file.toLowerCase();
  if (lower.endsWith('.eml')) return { kind: 'eml', mailbox: mailboxNames(directories) };
  if (lower === 'mbox') {
    return { kind: 'mbox', mailbox: mailboxNames(directories.map(name => name.replace(/\.mbox$/i, ''))) };
  }
  // `Inbox.2.mbox` goes on where `Inbox.mbox` ended: an export of ours in parts.
  const base = /^(.+?)(\.\d+)?\.(mbox|mbx)$/i.exec(file)?.[1];
  if (base === undefined) return { kind: 'other', mailbox: [] };
  return { kind: 'mbox', mailbox: mailboxNames([...directories, base]) };
}

function mailboxNames(names: readonly string[]): string[] {
  return names.slice(0, MOST_LEVELS).map(mailboxName);
}

/** A name as a mailbox may have it: Net-Unicode (RFC 5198), one line, not empty, of bounded length. */
export function mailboxName(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu, ' ')
    .trim();
  return cut(clean, LONGEST_NAME).trim() || '_';
}

/** The beginning of a text, of at most so many octets as UTF-8, with whole characters only. */
export function cut(text: string, octets: number): string {
  let size = 0;
  let end = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > octets) break;
    end += character.length;
  }
  return text.slice(0, end);
}
