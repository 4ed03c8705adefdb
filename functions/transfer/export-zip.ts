import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { writeMbox } from '../mime/mbox.ts';
import type { Blobs } from '../services.ts';
import type { MailboxProperties } from '../store/commit.ts';
import type { ExportJob } from '../store/jobs.ts';
import { messageReader } from './export-messages.ts';
import { emailName, mailboxPaths } from './export-names.ts';
import type { ExportedEmail } from './export-plan.ts';

/** What a file of an export is made of. */
export interface Part {
  type: ExportJob['type'];
  /** Which file of the export, from 1. */
  nth: number;
  emails: readonly ExportedEmail[];
  mailboxes: readonly MailboxProperties[];
  /** Throws when there is no time, or no right, to go on. */
  check(): void;
}

/** A file of an export as it is written. */
export interface WrittenPart {
  chunks: AsyncIterable<Buffer>;
  /** Emails of which the octets are missing; complete once `chunks` has ended. */
  missing: ReadonlySet<string>;
}

/** For an Email that is in no mailbox. */
const NOWHERE = '_';
/** What zip archives know of time begins in 1980. */
const FIRST_TIME = Date.UTC(1980, 0, 1);

/** An Email at the place of the archive where it is written. */
interface Entry {
  email: ExportedEmail;
  path: string;
}

/**
 * A zip archive: a folder for each mailbox with an .eml for each Email, or an .mbox (mboxrd) for each mailbox; an Email
 * that is in two is in both. Last comes manifest.json, which says of each Email its id, sha256, size, time, keywords and
 * files. The same Emails make the same octets.
 */
export function zipPart(blobs: Blobs, accountId: string, part: Part): WrittenPart {
  const archive = newArchive();
  const entries = entriesOf(part);
  const missing = new Set<string>();
  const { emlOf, mboxOf } = contents(blobs, accountId, { part, entries, missing });
  if (part.type === 'zip') {
    for (const folder of emptyFolders(part, entries)) archive.addFolder(folder);
    for (const entry of entries) archive.add(entry.path, entry.email.receivedAt, () => emlOf(entry));
  } else {
    for (const [path, messages] of byPath(entries)) {
      archive.add(path, messages[0]?.email.receivedAt ?? 0, () => mboxOf(messages));
    }
  }
  archive.add('manifest.json', 0, () => manifest(part, entries, missing));
  return { chunks: archive.chunks(), missing };
}

/** An archive as a stream. What goes wrong with any file in it is thrown where the stream is read. */
function newArchive() {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let fault: unknown = null;
  const fail = (error: unknown) => {
    fault ??= error;
    output.destroy();
  };
  zip.on('error', fail);
  return {
    addFolder: (path: string) => zip.addEmptyDirectory(path, { mtime: new Date(FIRST_TIME) }),
    /** The content is opened when it is its turn. */
    add(path: string, at: number, content: () => AsyncIterable<Buffer>): void {
      const options = { mtime: new Date(Math.max(at, FIRST_TIME)), mode: 0o100600 };
      zip.addReadStreamLazy(path, options, done => {
        const stream = Readable.from(content(), { objectMode: false });
        stream.on('error', fail);
        done(null, stream);
      });
    },
    async *chunks(): AsyncGenerator<Buffer> {
      zip.end();
      try {
        yield* output;
      } catch (error) {
        throw fault ?? error;
      }
      if (fault) throw fault;
    },
  };
}

/** The octets of the files, of which the messages are read in the order of the entries. */
function contents(
  blobs: Blobs,
  accountId: string,
  { part, entries, missing }: { part: Part; entries: readonly Entry[]; missing: Set<string> },
) {
  const sequence = entries.map(({ email }) => email);
  const reader = messageReader(blobs, accountId, sequence);
  const open = async ({ email }: Entry) => {
    part.check();
    const message = await reader.open();
    if (!message) missing.add(email.id);
    return message;
  };
  return {
    async *emlOf(entry: Entry): AsyncGenerator<Buffer> {
      yield* (await open(entry))?.chunks ?? [];
    },
    async *mboxOf(messages: readonly Entry[]): AsyncGenerator<Buffer> {
      for (const entry of messages) {
        const message = await open(entry);
        if (message) yield* writeMbox(message.chunks, { at: entry.email.receivedAt, last: message.last });
      }
    },
  };
}

/** In the order in which they are written: Emails newest first, but those of one .mbox together. */
function entriesOf({ type, nth, emails, mailboxes }: Part): Entry[] {
  const paths = mailboxPaths(mailboxes);
  const suffix = nth === 1 ? '.mbox' : `.${nth}.mbox`;
  const placesOf = ({ mailboxIds }: ExportedEmail) => {
    const known = mailboxIds.flatMap(id => paths.get(id) ?? []).sort();
    return known.length > 0 ? known : [NOWHERE];
  };
  const entries = emails.flatMap(email =>
    placesOf(email).map(place => ({
      email,
      path: type === 'mbox' ? place + suffix : `${place}/${emailName(email)}`,
    })),
  );
  return type === 'mbox' ? [...byPath(entries).values()].flat() : entries;
}

function byPath(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.path);
    if (group) group.push(entry);
    else groups.set(entry.path, [entry]);
  }
  return groups;
}

/** Mailboxes without mail are folders, too; once is enough. */
function emptyFolders({ nth, mailboxes }: Part, entries: readonly Entry[]): string[] {
  if (nth > 1) return [];
  const filled = new Set(entries.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  return [...mailboxPaths(mailboxes).values()].filter(path => !filled.has(path));
}

async function* manifest(
  { type, nth, emails }: Part,
  entries: readonly Entry[],
  missing: ReadonlySet<string>,
): AsyncGenerator<Buffer> {
  const files = new Map<string, string[]>();
  for (const { email, path } of entries) files.set(email.id, [...(files.get(email.id) ?? []), path]);
  yield Buffer.from(`{"format":"mailferry-export","type":"${type}","part":${nth},"emails":[`);
  for (const [i, { id, sha256, size, receivedAt, keywords }] of emails.entries()) {
    const time = new Date(receivedAt).toISOString();
    const entry = { id, sha256, size, receivedAt: time, keywords, files: files.get(id) ?? [] };
    const isMissing = missing.has(id) ? { missing: true } : {};
    yield Buffer.from(`${i > 0 ? ',' : ''}\n${JSON.stringify({ ...entry, ...isMissing })}`);
  }
  yield Buffer.from('\n]}\n');
}
