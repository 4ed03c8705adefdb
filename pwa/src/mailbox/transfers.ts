import type { Id, MailExport, MailImport, SetError } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { refusal } from './accounts.ts';

/** Imports and exports: jobs of the server, which go on while no device looks. */

export type JobKind = 'MailImport' | 'MailExport';

/** The jobs of an account, the latest first. */
export async function jobsOf(
  call: Call,
  accountId: Id,
): Promise<{ imports: MailImport[]; exports: MailExport[] }> {
  const answers = await call([
    ['MailImport/get', { accountId, ids: null }, 'i'],
    ['MailExport/get', { accountId, ids: null }, 'e'],
  ]);
  return {
    imports: answers.of<{ list: MailImport[] }>('i').list.toSorted(latestFirst),
    exports: answers.of<{ list: MailExport[] }>('e').list.toSorted(latestFirst),
  };
}

const latestFirst = (a: { createdAt: string }, b: { createdAt: string }) =>
  a.createdAt < b.createdAt ? 1 : -1;

/** Whether anything is still to be done. */
export const isUnderWay = ({ status }: { status: MailImport['status'] }): boolean =>
  status === 'waiting' || status === 'running';

/** Begins to import a file that was uploaded. @throws MethodRefused with the server's reason */
export function startImport(
  call: Call,
  accountId: Id,
  file: { blobId: Id; mailboxId: Id | null; folders: boolean },
): Promise<Id> {
  return create(call, 'MailImport', accountId, file);
}

/** Begins to export all mail of an account. @throws MethodRefused with the server's reason */
export function startExport(call: Call, accountId: Id, type: MailExport['type']): Promise<Id> {
  return create(call, 'MailExport', accountId, { type });
}

async function create(call: Call, kind: JobKind, accountId: Id, job: object): Promise<Id> {
  const answers = await call([[`${kind}/set`, { accountId, create: { new: job } }, 'c']]);
  const set = answers.of<{
    created?: Record<string, { id: Id }> | null;
    notCreated?: Record<string, SetError> | null;
  }>('c');
  const created = set.created?.new;
  if (!created) throw refusal(set.notCreated?.new);
  return created.id;
}

/** Ends a job, or forgets one that has ended. What was imported stays. */
export async function endJob(call: Call, kind: JobKind, accountId: Id, id: Id): Promise<void> {
  (await call([[`${kind}/set`, { accountId, destroy: [id] }, 'd']])).of('d');
}
