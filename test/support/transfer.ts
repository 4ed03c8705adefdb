import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { MailExport, MailImport } from '../../functions/jmap/types.ts';
import type { PullRequest, Services } from '../../functions/services.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { type JobOutcome, runJob } from '../../functions/transfer/run-job.ts';
import { jmapClient } from './jmap.ts';

type Client = ReturnType<typeof jmapClient>;

/** An archive, made as a device makes it. */
export async function newArchive(services: Services): Promise<{ client: Client; id: string }> {
  const client = jmapClient(services);
  const { created } = await client.call('MailAccount/set', { create: { a: { protocol: 'archive' } } });
  const { id } = (created as Record<string, { id: string }>).a ?? { id: '' };
  assert.notEqual(id, '', 'an archive was made');
  return { client, id };
}

/** Mailbox ids by name. */
export async function mailboxIds(client: Client, accountId: string): Promise<Map<string, string>> {
  const { list } = await client.call('Mailbox/get', { accountId });
  return new Map(list.map(({ name, id }) => [String(name), String(id)]));
}

/** Stores a file as an upload does. */
export async function uploadFile(services: Services, accountId: string, bytes: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await services.blobs.put(blobKeys.upload(accountId, sha256), bytes);
  return `r${sha256}`;
}

/** Asks for an import of these bytes. */
export async function askForImport(
  services: Services,
  { client, id: accountId }: { client: Client; id: string },
  bytes: Buffer,
  properties: object = {},
): Promise<MailImport> {
  const blobId = await uploadFile(services, accountId, bytes);
  const set = await client.call('MailImport/set', { accountId, create: { i: { blobId, ...properties } } });
  const made = (set.created as Record<string, MailImport> | null)?.i;
  assert.ok(made, JSON.stringify(set.notCreated));
  return made;
}

/** Runs a job until it has ended. */
export async function finish(
  services: Services,
  accountId: string,
  job: NonNullable<PullRequest['job']>,
): Promise<JobOutcome> {
  for (let runs = 0; runs < 1_000; runs++) {
    const outcome = await runJob(services, { ...job, accountId }, { deadline: services.now() + 60_000 });
    if (outcome !== 'continue') return outcome;
  }
  throw new Error('It goes on and on.');
}

/** Imports these bytes, whole. */
export async function importFile(
  services: Services,
  account: { client: Client; id: string },
  bytes: Buffer,
  properties: object = {},
): Promise<MailImport> {
  const { id } = await askForImport(services, account, bytes, properties);
  await finish(services, account.id, { kind: 'import', id });
  const { list } = await account.client.call('MailImport/get', { accountId: account.id, ids: [id] });
  return list[0] as unknown as MailImport;
}

/** Exports an account, whole. */
export async function exportAll(
  services: Services,
  { client, id: accountId }: { client: Client; id: string },
  type: MailExport['type'],
): Promise<MailExport> {
  const set = await client.call('MailExport/set', { accountId, create: { e: { type } } });
  const made = (set.created as Record<string, MailExport> | null)?.e;
  assert.ok(made, JSON.stringify(set.notCreated));
  await finish(services, accountId, { kind: 'export', id: made.id });
  const { list } = await client.call('MailExport/get', { accountId, ids: [made.id] });
  return list[0] as unknown as MailExport;
}
