import { createHash } from 'node:crypto';
import { say } from '../sentences/say.ts';
import type {
  CommitDraft,
  CreatedEmail,
  ImportProgress,
  MailboxProperties,
  PatchedEmail,
} from '../store/commit.ts';
import type { ImportJob } from '../store/jobs.ts';
import { KEPT_HERE } from '../store/keys.ts';
import type { EmailSummary } from '../store/rows.ts';
import type { EmailState } from '../store/state.ts';
import { TransferError } from './errors.ts';
import type { Position } from './import-file.ts';

/** What a slice of an imported file does to an account, decided without effects. */

/** A message whose octets are durable. */
export interface StoredMessage {
  summary: EmailSummary;
  keywords: readonly string[];
  /** Names of its mailbox and those above it, top first; none where the file does not say. */
  mailbox: readonly string[];
}

export interface Failure {
  at: string;
  code: string;
  reason: string;
}

/** Things of the file that were handled together and are committed together. */
export interface ImportSlice {
  stored: StoredMessage[];
  failures: Failure[];
  ignored: number;
  next: Position;
  bytes: number;
  /** Whether the file ends with it. */
  done: boolean;
}

/** What is there. */
export interface Present {
  protocol: 'imap' | 'pop' | 'archive';
  states: ReadonlyMap<string, EmailState>;
  mailboxes: readonly MailboxProperties[];
  now: number;
}

/** More failures are counted, and not reported. */
const MOST_FAILURES = 100;
/** More directories than that are no mailboxes: their mail goes where that of no directory goes. */
const MOST_MAILBOXES = 500;

/**
 * The commit of a slice. The same octets are the same Email, so what is here already stays as it is and is counted; but
 * where directories are mailboxes, it is put into the one where the file has it, too. Throws TransferError `no-mailbox`.
 */
export function draftImport(
  job: ImportJob,
  slice: ImportSlice,
  { protocol, states, mailboxes, now }: Present,
): CommitDraft {
  const tree = mailboxTree(job, protocol, mailboxes);
  const created = new Map<string, CreatedEmail>();
  const patched = new Map<string, PatchedEmail>();
  let duplicates = 0;
  for (const { summary, keywords, mailbox } of slice.stored) {
    const { emailId: id, sha256, threadId } = summary;
    const mailboxId = tree.idOf(job.folders ? mailbox : []);
    const begun = created.get(id);
    const state = states.get(id);
    if (!begun && !state) {
      const receivedAt = summary.receivedAt || now;
      // Of an account that is not IMAP it lives here alone, and no source can take it away.
      const locations = protocol === 'imap' ? [] : [KEPT_HERE];
      const email = { id, sha256, threadId, keywords: [...keywords], locations, receivedAt };
      created.set(id, { ...email, mailboxIds: [mailboxId] });
      continue;
    }
    duplicates += 1;
    if (!job.folders) continue;
    if (begun) {
      if (!begun.mailboxIds.includes(mailboxId)) begun.mailboxIds.push(mailboxId);
    } else if (!state?.mailboxIds.includes(mailboxId)) {
      const mailboxIds = { ...patched.get(id)?.mailboxIds, [mailboxId]: true };
      patched.set(id, { id, threadId, mailboxIds });
    }
  }
  const failures = slice.failures.slice(0, Math.max(0, MOST_FAILURES - job.failures.length));
  return {
    by: 'device',
    created: [...created.values()],
    patched: [...patched.values()],
    mailboxes: { created: tree.made, updated: [], destroyed: [] },
    imports: { [job.id]: { progress: progressOf(job, slice, created.size, duplicates), failures } },
  };
}

function progressOf(
  { progress }: ImportJob,
  { next, bytes, failures, ignored, done }: ImportSlice,
  imported: number,
  duplicates: number,
): ImportProgress {
  return {
    ...next,
    bytes,
    imported: progress.imported + imported,
    duplicates: progress.duplicates + duplicates,
    failed: progress.failed + failures.length,
    ignored: progress.ignored + ignored,
    done,
  };
}

interface Tree {
  /** The mailbox with these names, made if it is missing; the job's own for no names. */
  idOf(names: readonly string[]): string;
  made: MailboxProperties[];
}

function mailboxTree(
  job: ImportJob,
  protocol: Present['protocol'],
  mailboxes: readonly MailboxProperties[],
): Tree {
  const usable = new Map(
    mailboxes.filter(({ selectable }) => selectable).map(mailbox => [mailbox.id, mailbox]),
  );
  if (!usable.has(job.mailboxId)) {
    throw new TransferError('no-mailbox', say('job/no-mailbox'));
  }
  const all = [...mailboxes];
  const made: MailboxProperties[] = [];
  const isOurs = (id: string) => id.startsWith(idPrefix(job));
  let count = mailboxes.filter(({ id }) => isOurs(id)).length;
  const child = (parentId: string | null, name: string, path: string): MailboxProperties | null => {
    const siblings = all.filter(mailbox => mailbox.parentId === parentId);
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    const isInbox = (mailbox: MailboxProperties) =>
      parentId === null && mailbox.role === 'inbox' && same(name, 'Inbox');
    const found =
      siblings.find(mailbox => mailbox.name === name) ??
      siblings.find(mailbox => same(mailbox.name, name) || isInbox(mailbox));
    if (found) return found;
    count += 1;
    if (count > MOST_MAILBOXES) return null;
    const mailbox = newMailbox(job, { name, parentId, path });
    all.push(mailbox);
    made.push(mailbox);
    return mailbox;
  };
  return {
    made,
    idOf(names) {
      let at: MailboxProperties | null = null;
      for (const [level, name] of names.entries()) {
        const path = names.slice(0, level + 1).join('/');
        at = child(at?.id ?? null, protocol === 'imap' ? atServer(name) : name, path);
        if (!at) return job.mailboxId;
      }
      return at?.selectable ? at.id : job.mailboxId;
    },
  };
}

/** What servers use between the names of a path cannot be part of one. */
const atServer = (name: string) => name.replace(/[./\\]/g, '_');

/** The id follows from import and path, so that a commit that is built again makes the same mailbox. */
function newMailbox(
  job: ImportJob,
  { name, parentId, path }: { name: string; parentId: string | null; path: string },
): MailboxProperties {
  const hash = createHash('sha256').update(`${job.id}\n${path}`).digest('hex').slice(0, 12);
  return {
    ...{ id: `${idPrefix(job)}${hash}`, name, parentId, path: null, role: null },
    ...{ sortOrder: 20, isSubscribed: true, selectable: true },
  };
}

const idPrefix = ({ id }: ImportJob) => `m${id.slice(-6)}`;
