import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { listAllAccounts } from '../../functions/store/accounts.ts';
import { blobKeys, keys } from '../../functions/store/keys.ts';
import type { LogStore } from '../../functions/store/log.ts';
import { getRows, putRows } from '../../functions/store/table.ts';
import { stackName } from '../stack/names.ts';
import { textTable } from '../text-table.ts';
import { type Aws, awsIn, isGone, storeOf } from './aws.ts';
import { oneCustomer } from './customers.ts';
import { OperatorError } from './errors.ts';
import { writeDurably } from './export-manifest.ts';
import { type Command, textOption } from './io.ts';
import { type AccountRestore, planRestore, type RestoredAccount, restoreAccount } from './restore-account.ts';
import { findStack } from './stack.ts';
import { stopFunctions } from './stop.ts';

/**
 * Brings accounts back from a table that point-in-time recovery has made. The functions are stopped, and stay so until
 * `start`: `verify` comes first. Exit code 1 when messages are lost.
 */
export async function restore(command: Command): Promise<number> {
  const { io, options } = command;
  const customer = oneCustomer(command);
  const fromTable = textOption(command, 'from-table');
  if (fromTable === undefined) throw new OperatorError('usage', 'Say from where: --from-table NAME.');
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  const store = storeOf(aws, stack, io.now);
  if (fromTable === store.table.name) throw new OperatorError('usage', 'That is the table of the stack.');
  const from = { client: aws.dynamo, name: fromTable };
  const wanted = textOption(command, 'account');
  const ids = wanted === undefined ? (await listAllAccounts(from)).map(({ id }) => id) : [wanted];
  const runs = ids.map(
    (accountId): AccountRestore => ({
      ...{ store, from, accountId, isBack: options.back === true },
      bringBack: key => bringBack(aws, stack.part('bucket'), key),
    }),
  );
  if (options['dry-run'] === true) {
    for (const run of runs) {
      const { kind } = await planRestore(run);
      io.log(`Would restore ${run.accountId} from ${fromTable}, ${WORDS[kind]}`);
    }
    return 0;
  }
  await stopFunctions(aws, stack, io);
  await copyKeyPairs(store, from);
  const restored = new Map<string, RestoredAccount>();
  for (const run of runs) {
    restored.set(run.accountId, await restoreAccount(run));
    io.log(`${run.accountId}: restored`);
  }
  const saveTo = textOption(command, 'unnamed');
  const rows = [];
  for (const [id, account] of restored) {
    const unnamed = account.how === 'back' ? await unnamedMessages(store, id, account, saveTo) : 0;
    rows.push([id, WORDS[account.how], account.emails, account.blobs, account.lostBlobs, unnamed]);
  }
  const head = ['account', 'how', 'Emails', 'messages back', 'lost', 'without a row'];
  for (const line of textTable(head, rows)) io.log(line);
  io.log(`Now: npm run customer -- verify ${customer.id} --store-only, then start ${customer.id}.`);
  return [...restored.values()].some(({ lostBlobs }) => lostBlobs > 0) ? 1 : 0;
}

const WORDS = {
  forward: 'and on to what came since',
  back: 'as it was then',
} as const;

/**
 * Makes an object as it was before it was deleted, or let go by the sweep: without the delete marker that hides it, and
 * without the tag by which the bucket forgets it.
 */
async function bringBack({ s3 }: Aws, Bucket: string, Key: string): ReturnType<AccountRestore['bringBack']> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: Key }),
  );
  if (!Versions.some(version => version.Key === Key)) return 'lost';
  const markers = DeleteMarkers.filter(marker => marker.Key === Key && marker.VersionId !== undefined);
  for (const marker of markers) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: marker.VersionId }));
  }
  try {
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    return markers.length > 0 ? 'back' : 'there';
  } catch (error) {
    if (isGone(error)) return 'lost';
    throw error;
  }
}

/** Without the key pair that credentials are sealed to none can be opened. One that is here is the newer one. */
async function copyKeyPairs({ table }: LogStore, from: LogStore['table']): Promise<void> {
  const pairs = [keys.keyPair('vault'), keys.keyPair('push')];
  const here = new Set((await getRows(table, pairs)).map(({ sk }) => sk));
  await putRows(
    table,
    (await getRows(from, pairs)).filter(({ sk }) => !here.has(sk)),
  );
}

/**
 * Messages of the bucket that came after the time of the restored rows, so that none of these names them. Saved as files
 * they can be imported; what is still at the mail server comes again by itself.
 */
async function unnamedMessages(
  { blobs }: LogStore,
  accountId: string,
  { named }: RestoredAccount,
  saveTo: string | undefined,
): Promise<number> {
  let count = 0;
  for await (const key of blobs.list(blobKeys.raws(accountId))) {
    const sha256 = /([0-9a-f]{64})\.eml$/.exec(key)?.[1];
    if (sha256 === undefined || named.has(sha256)) continue;
    count += 1;
    const bytes = saveTo === undefined ? null : await blobs.get(key);
    if (saveTo === undefined || bytes === null) continue;
    const folder = join(resolve(saveTo), accountId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(join(folder, `${sha256}.eml`), bytes);
  }
  return count;
}
