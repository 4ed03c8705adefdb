import { z } from 'zod';
import { parseBlobId, parseFileId, uploadedFileId } from '../mime/blob-id.ts';
import { saidOtherwise } from '../sentences/say.ts';
import { MAX_UPLOAD_ADDRESS } from '../services.ts';
import { createJob, type ImportJob, listImports } from '../store/jobs.ts';
import { blobKeys } from '../store/keys.ts';
import { listMailboxes } from '../store/mailboxes.ts';
import { uploadId } from '../transfer/sweep.ts';
import { keysOf } from './blob.ts';
import { utcDate } from './email-properties.ts';
import { setError } from './errors.ts';
import { getArguments } from './get.ts';
import { answerJobs, jobStatus, newJobId, readProperties, setJobs } from './jobs.ts';
import { LIMITS } from './limits.ts';
import { type AccountContext, accountMethod, idSchema, resolveId } from './methods.ts';
import { setArguments } from './set.ts';
import { ACCOUNTS, type Id, type MailImport, type SetError } from './types.ts';

const PROPERTIES = [
  ...([
    'id',
    'blobId',
    'type',
    'mailboxId',
    'folders',
    'status',
    'message',
    'messageSentence',
    'size',
    'bytes',
  ] as const),
  ...(['imported', 'duplicates', 'failed', 'ignored', 'failures', 'createdAt', 'endedAt'] as const),
] satisfies (keyof MailImport)[];

const TYPES = ['mbox', 'eml', 'zip'] as const;
/** A file, or the directory of an archive without files. */
const ZIP_BEGINS = ['PK\u0003\u0004', 'PK\u0005\u0006'];
const UPLOAD_HOURS = 1;

const creation = z.strictObject({
  blobId: z.string('The blobId is missing.'),
  type: z.enum(TYPES, 'The type is mbox, eml, zip or null.').nullable().default(null),
  mailboxId: idSchema.nullable().default(null),
  folders: z.boolean('folders is true or false.').default(false),
});

/** MailImport/get: the imports of an account, a standard /get. What has ended is remembered for a week. */
export const mailImportGet = accountMethod(
  'MailImport/get',
  ACCOUNTS,
  getArguments,
  async (context, args) => {
    const { services, account } = context;
    const now = services.now();
    const jobs = await listImports(services.table, account.id);
    return answerJobs(context, args, jobs, { properties: PROPERTIES, object: job => mailImport(job, now) });
  },
);

/** MailImport/set: creates imports of files that were uploaded, and destroys them; see `setJobs`. */
export const mailImportSet = accountMethod(
  'MailImport/set',
  ACCOUNTS,
  setArguments,
  async (context, args) => {
    const { services, account } = context;
    return setJobs(context, args, {
      kind: 'import',
      list: () => listImports(services.table, account.id),
      create: (id, object) => create(context, id, object),
    });
  },
);

/**
 * MailImport/upload: where to send a file of `size` octets that is to be imported. Up to `maxSizeUpload` that is the
 * session's uploadUrl (`url` null); above it an address that takes one PUT of exactly so many octets without a token.
 * The blobId is known before, and means something once the upload is complete.
 */
export const mailImportUpload = accountMethod(
  'MailImport/upload',
  ACCOUNTS,
  { size: z.int().min(1).max(MAX_UPLOAD_ADDRESS) },
  async ({ services, account }, { size }) => {
    if (size <= LIMITS.maxSizeUpload) return { blobId: null, url: null, expires: null };
    const id = uploadId(services.now(), newJobId());
    const url = await services.blobs.uploadAddress(blobKeys.uploadedFile(account.id, id), size);
    const expires = utcDate(services.now() + UPLOAD_HOURS * 3_600_000);
    return { blobId: uploadedFileId(id), url, expires };
  },
);

async function create(
  context: AccountContext,
  id: Id,
  object: Record<string, unknown>,
): Promise<{ made: object } | { error: SetError }> {
  const { services, account } = context;
  const properties = readProperties(creation, object);
  if ('error' in properties) return properties;
  const { read } = properties;
  const file = await fileOf(context, read.blobId);
  if (!file) return { error: setError('blobNotFound', 'There is no such file. Upload it first.') };
  const mailboxId = await mailboxOf(context, read.mailboxId);
  if (!mailboxId) {
    return { error: setError('invalidProperties', 'There is no such mailbox.', ['mailboxId']) };
  }
  const type = read.type ?? (await typeOf(context, file));
  const job: Omit<ImportJob, 'leaseOwner' | 'leaseUntil' | 'attempts'> = {
    ...{ id, createdAt: services.now(), blobId: read.blobId, blobKey: file.key, size: file.size },
    ...{ type, mailboxId, folders: read.folders, failures: [], c: 0 },
    progress: {
      ...{ entry: 0, offset: 0, bytes: 0 },
      ...{ imported: 0, duplicates: 0, failed: 0, ignored: 0, done: false },
    },
  };
  await createJob(services.table, { kind: 'import', accountId: account.id, id }, job);
  const made = mailImport({ ...job, leaseOwner: null, leaseUntil: 0, attempts: 0 }, services.now());
  return { made };
}

interface UploadedFile {
  key: string;
  size: number;
}

async function fileOf({ services, account }: AccountContext, blobId: string): Promise<UploadedFile | null> {
  const name = parseBlobId(blobId) ?? parseFileId(blobId);
  if (!name || ('partId' in name && name.partId !== null)) return null;
  for (const key of keysOf(account.id, name)) {
    const found = await services.blobs.head(key);
    if (found) return { key, size: found.size };
  }
  return null;
}

/** The mailbox that is named, or without a name the Inbox; null where there is none to put mail into. */
async function mailboxOf(context: AccountContext, mailboxId: Id | null): Promise<Id | null> {
  const { services, account } = context;
  const mailboxes = await listMailboxes(services.table, account.id);
  const id = mailboxId === null ? null : resolveId(context, mailboxId);
  const found = mailboxes.find(mailbox => (id === null ? mailbox.role === 'inbox' : mailbox.id === id));
  return found?.selectable ? found.id : null;
}

/** What the file begins with tells what it is; whatever is neither a zip nor an mbox is one message. */
async function typeOf({ services }: AccountContext, { key }: UploadedFile): Promise<(typeof TYPES)[number]> {
  const head = Buffer.from((await services.blobs.get(key, { start: 0, end: 64 })) ?? []).toString('latin1');
  if (ZIP_BEGINS.some(begin => head.startsWith(begin))) return 'zip';
  return /^\s*From /.test(head) ? 'mbox' : 'eml';
}

function mailImport(job: ImportJob, now: number): MailImport {
  const { id, blobId, type, mailboxId, folders, size, progress, failures } = job;
  const { bytes, imported, duplicates, failed, ignored } = progress;
  return {
    ...{ id, blobId, type, mailboxId, folders, size, bytes },
    ...{ imported, duplicates, failed, ignored },
    failures: failures.map(failure => ({
      ...failure,
      reasonSentence: saidOtherwise(`import/${failure.code}`, failure.reason),
    })),
    ...jobStatus(job, now, bytes > 0),
  };
}
