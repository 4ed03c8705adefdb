import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from '../services.ts';
import { type ImportProgress, importProgress } from './commit.ts';
import { type Key, keys, prefix } from './keys.ts';
import { deleteRow, getRow, parseRow, putIf, queryAll, setIf, whenConditionHolds } from './table.ts';

/** Imports and exports: work on one account that takes many runs. */

export type JobKind = 'import' | 'export';

/** Names a job. */
export interface JobName {
  kind: JobKind;
  accountId: string;
  id: string;
}

const everyJob = {
  id: z.string(),
  createdAt: z.number(),
  /** Why it was given up, a sentence for the person; absent while it was not. */
  problem: z.string().optional(),
  /** Its TransferErrorCode. */
  problemCode: z.string().optional(),
  /** Since when it is done or given up, ms since the epoch. */
  endedAt: z.number().optional(),
  /** The run that is at work, and until when it may be assumed to be alive. */
  leaseOwner: z.string().nullable(),
  leaseUntil: z.number(),
  /** Runs in a row that came to nothing. */
  attempts: z.number(),
  /** TTL, epoch seconds. */
  expires: z.number().optional(),
};

/** IMPORT#<id>: `progress` follows from the log, all else is written beside it. */
export const importRow = z.object({
  ...everyJob,
  blobId: z.string(),
  blobKey: z.string(),
  /** Octets of the file. */
  size: z.number(),
  type: z.enum(['mbox', 'eml', 'zip']),
  /** Where messages go that no directory says it of. */
  mailboxId: z.string(),
  /** Whether directories of a zip are mailboxes. */
  folders: z.boolean(),
  progress: importProgress,
  failures: z.array(z.object({ at: z.string(), code: z.string(), reason: z.string() })),
  /** The commit that `progress` is of; 0 before the first. */
  c: z.number(),
});

const exportedFile = z.object({
  name: z.string(),
  key: z.string(),
  /** Octets. */
  size: z.number(),
  /** Lower-case hex. */
  sha256: z.string(),
});

/** EXPORT#<id> */
export const exportRow = z.object({
  ...everyJob,
  type: z.enum(['mbox', 'zip']),
  /** Emails to be written, as they were counted in the beginning. */
  total: z.number(),
  /** Emails that were written. */
  exported: z.number(),
  /** Emails of which the raw bytes are missing. */
  missing: z.number(),
  /** The Email after which to go on; null in the beginning. */
  after: z.string().nullable(),
  files: z.array(exportedFile),
});

export type ImportJob = z.infer<typeof importRow>;
export type ExportJob = z.infer<typeof exportRow>;

/** The part of a job that a run writes itself. */
type JobChange<Job> = Partial<Omit<Job, 'id' | 'createdAt' | 'leaseOwner' | 'leaseUntil' | 'c'>>;

const keyOf = ({ kind, accountId, id }: JobName): Key =>
  kind === 'import' ? keys.import(accountId, id) : keys.export(accountId, id);

/** Stores a new job and puts it on the due list, from which it is run until it has ended. */
export async function createJob(
  table: Table,
  name: JobName,
  job: Omit<ImportJob, keyof Lease> | Omit<ExportJob, keyof Lease>,
): Promise<void> {
  await putIf(table, { ...keys.dueJob(name) }, 'attribute_not_exists(erased)');
  await putIf(table, { ...keyOf(name), ...job, ...NO_LEASE }, 'attribute_not_exists(pk)');
}

type Lease = typeof NO_LEASE;
const NO_LEASE = { leaseOwner: null, leaseUntil: 0, attempts: 0 };

/** An import; null when there is none. */
export const getImport = (table: Table, accountId: string, id: string): Promise<ImportJob | null> =>
  getRow(table, keys.import(accountId, id), importRow);

/** An export; null when there is none. */
export const getExport = (table: Table, accountId: string, id: string): Promise<ExportJob | null> =>
  getRow(table, keys.export(accountId, id), exportRow);

/** The imports of an account, oldest first. */
export async function listImports(table: Table, accountId: string): Promise<ImportJob[]> {
  const rows = await queryAll(table, keys.partition(accountId), { prefix: prefix.import });
  return rows.map(item => parseRow(item, importRow)).sort((a, b) => a.createdAt - b.createdAt);
}

/** The exports of an account, oldest first. */
export async function listExports(table: Table, accountId: string): Promise<ExportJob[]> {
  const rows = await queryAll(table, keys.partition(accountId), { prefix: prefix.export });
  return rows.map(item => parseRow(item, exportRow)).sort((a, b) => a.createdAt - b.createdAt);
}

/** Takes the lease of a job that nobody else works on, and counts the attempt; false when somebody does. */
export async function takeJob(
  table: Table,
  name: JobName,
  { owner, now, until }: { owner: string; now: number; until: number },
): Promise<boolean> {
  const isTaken = await whenConditionHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(name),
        ConditionExpression: 'attribute_exists(pk) AND leaseUntil < :now',
        UpdateExpression: 'SET leaseOwner = :owner, leaseUntil = :until ADD attempts :one',
        ExpressionAttributeValues: { ':owner': owner, ':now': now, ':until': until, ':one': 1 },
      }),
    ),
  );
  // Where the answer to the first try was lost, the second one meets the lease that it took.
  return isTaken || (await getRow(table, keyOf(name), leaseRow))?.leaseOwner === owner;
}

const leaseRow = z.object({ leaseOwner: z.string().nullable() });

/** Prolongs the lease, or with `until` 0 gives it back, and changes the job; false when another run has it. */
export function changeJob(
  table: Table,
  name: JobName,
  owner: string,
  until: number,
  change: JobChange<ImportJob> | JobChange<ExportJob> = {},
): Promise<boolean> {
  const changes = { ...change, leaseUntil: until };
  return setIf(table, keyOf(name), changes, 'leaseOwner = :owner', { ':owner': owner });
}

/** The job that a row of the due list names, by its sort key; null where it names none. */
export function dueJobOf(sk: string): JobName | null {
  const [, kind, accountId, id] = sk.split('#');
  if ((kind !== 'import' && kind !== 'export') || !accountId || !id) return null;
  return { kind, accountId, id };
}

/** Takes a job off the due list. */
export async function endJob(table: Table, name: JobName): Promise<void> {
  await deleteRow(table, keys.dueJob(name));
}

/** Removes a job, whatever is at work on it: that run ends before its next step. */
export async function deleteJob(table: Table, name: JobName): Promise<void> {
  await deleteRow(table, keyOf(name));
  await endJob(table, name);
}

/** Whether a run is at work on a job of the account. */
export async function isJobRunning(table: Table, accountId: string, now: number): Promise<boolean> {
  const jobs = [...(await listImports(table, accountId)), ...(await listExports(table, accountId))];
  return jobs.some(job => job.leaseUntil > now);
}

/** IMPORT#<id> of a commit: applied once, in order. New failures are added to those that are there. */
export async function writeImports(
  table: Table,
  accountId: string,
  { n, imports = {} }: { n: number; imports?: Record<string, ImportStep> | undefined },
): Promise<void> {
  for (const [id, { progress, failures }] of Object.entries(imports)) {
    await whenConditionHolds(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.import(accountId, id),
          ConditionExpression: 'attribute_exists(pk) AND c < :n',
          UpdateExpression:
            'SET progress = :progress, failures = list_append(failures, :failures), c = :n, attempts = :none',
          ExpressionAttributeValues: { ':progress': progress, ':failures': failures, ':n': n, ':none': 0 },
        }),
      ),
    );
  }
}

interface ImportStep {
  progress: ImportProgress;
  failures: { at: string; code: string; reason: string }[];
}
