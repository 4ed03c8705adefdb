import { z } from 'zod';
import { exportedFileId } from '../mime/blob-id.ts';
import { createJob, type ExportJob, listExports } from '../store/jobs.ts';
import { getHead } from '../store/receipts.ts';
import { utcDate } from './email-properties.ts';
import { getArguments } from './get.ts';
import { answerJobs, jobStatus, readProperties, setJobs } from './jobs.ts';
import { type AccountContext, accountMethod } from './methods.ts';
import { setArguments } from './set.ts';
import { ACCOUNTS, type Id, type MailExport, type SetError } from './types.ts';

const PROPERTIES = [
  ...([
    'id',
    'type',
    'status',
    'message',
    'messageSentence',
    'total',
    'exported',
    'missing',
    'files',
  ] as const),
  ...(['createdAt', 'endedAt', 'expires'] as const),
] satisfies (keyof MailExport)[];

const creation = z.strictObject({ type: z.enum(['mbox', 'zip'], 'The type is mbox or zip.') });

/** MailExport/get: the exports of an account, a standard /get. Files are kept for a week after the end. */
export const mailExportGet = accountMethod(
  'MailExport/get',
  ACCOUNTS,
  getArguments,
  async (context, args) => {
    const { services, account } = context;
    const now = services.now();
    const jobs = (await listExports(services.table, account.id)).filter(job => !isOver(job, now));
    return answerJobs(context, args, jobs, {
      properties: PROPERTIES,
      object: job => mailExport(account.id, job, now),
    });
  },
);

/** MailExport/set: creates exports of the whole account, and destroys them with their files; see `setJobs`. */
export const mailExportSet = accountMethod(
  'MailExport/set',
  ACCOUNTS,
  setArguments,
  async (context, args) => {
    const { services, account } = context;
    // The API deletes no blobs: sync clears them with the next export, and S3 after a week.
    return setJobs(context, args, {
      kind: 'export',
      list: () => listExports(services.table, account.id),
      create: (id, object) => create(context, id, object),
    });
  },
);

async function create(
  { services, account }: AccountContext,
  id: Id,
  object: Record<string, unknown>,
): Promise<{ made: object } | { error: SetError }> {
  const properties = readProperties(creation, object);
  if ('error' in properties) return properties;
  const { type } = properties.read;
  const head = await getHead(services.table, account.id);
  const job: Omit<ExportJob, 'leaseOwner' | 'leaseUntil' | 'attempts'> = {
    ...{ id, createdAt: services.now(), type, total: head?.emails ?? 0 },
    ...{ exported: 0, missing: 0, after: null, files: [] },
  };
  await createJob(services.table, { kind: 'export', accountId: account.id, id }, job);
  const stored = { ...job, leaseOwner: null, leaseUntil: 0, attempts: 0 };
  return { made: mailExport(account.id, stored, services.now()) };
}

const isOver = ({ expires }: ExportJob, now: number) => expires !== undefined && expires * 1000 <= now;

function mailExport(accountId: Id, job: ExportJob, now: number): MailExport {
  const { id, type, total, exported, missing, expires } = job;
  const files = job.files.map(({ name, size, sha256 }, i) => {
    const blobId = exportedFileId(id, i + 1);
    const url = `/jmap/download/${accountId}/${blobId}/${encodeURIComponent(name)}?type=application%2Fzip`;
    return { name, size, sha256, blobId, url };
  });
  return {
    ...{ id, type, total, exported, missing, files },
    expires: expires === undefined ? null : utcDate(expires * 1000),
    ...jobStatus(job, now, exported > 0),
  };
}
