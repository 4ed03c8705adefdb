import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listAllAccounts } from '../../functions/store/accounts.ts';
import { inParallel } from '../../functions/store/table.ts';
import type { Customer } from '../customers/schema.ts';
import { stackName } from '../stack/names.ts';
import { counted, textTable } from '../text-table.ts';
import { awsIn, storeOf } from './aws.ts';
import { oneCustomer } from './customers.ts';
import { OperatorError } from './errors.ts';
import { exportAccount } from './export-account.ts';
import { type ExportedAccount, type Manifest, readManifest, writeManifest } from './export-manifest.ts';
import { checksum, problemWithZip } from './export-zips.ts';
import { type Command, textOption } from './io.ts';
import { findStack } from './stack.ts';

/** Accounts at once; each reads a few MB ahead. */
const PARALLEL_ACCOUNTS = 4;

/**
 * Writes all mail of a customer into a folder and reads it again: zips of .eml, an index for each account, and
 * manifest.json with the sha256 of each file. Run again it goes on, brings an older export up to date, and replaces what
 * has become damaged. Exit code 1 when messages are missing.
 */
export async function exportCustomer(command: Command): Promise<number> {
  const { io, options } = command;
  const customer = oneCustomer(command);
  const to = textOption(command, 'to');
  if (to === undefined) throw new OperatorError('usage', 'Say where to: --to FOLDER.');
  const folder = resolve(to);
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  const store = storeOf(aws, stack, io.now);
  const accounts = await listAllAccounts(store.table);
  const found = await readManifest(folder);
  if (options['dry-run'] === true) {
    io.log(
      `Would write the mail of ${counted(accounts.length, 'account')} into ${folder}, and read it again:`,
    );
    for (const { id, name } of accounts) io.log(`  ${id} ${name}`);
    return 0;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const before = found
    ? await stillThere(command, folder, sameCustomer(found, customer, store.table.name))
    : [];
  const notes = manifestNotes(folder, {
    ...{ format: 'mailferry-customer-export', version: 1, customer: customer.id },
    ...{ awsAccount: customer.awsAccount, region: customer.region, table: store.table.name },
    ...{ begunAt: found?.begunAt ?? new Date(io.now()).toISOString(), verifiedAt: null },
    // An account that was removed since is in the export, and stays there.
    accounts: before,
  });
  await inParallel(
    accounts,
    async account => {
      const known = before.find(({ id }) => id === account.id) ?? null;
      await exportAccount({ store, folder, account, before: known, note: notes.note, log: io.log });
    },
    PARALLEL_ACCOUNTS,
  );
  const manifest = await notes.verified(new Date(io.now()).toISOString());
  return tell(command, folder, manifest);
}

function sameCustomer(manifest: Manifest, { id, awsAccount }: Customer, table: string): Manifest {
  if (manifest.customer === id && manifest.awsAccount === awsAccount && manifest.table === table) {
    return manifest;
  }
  throw new OperatorError(
    'export',
    `The folder holds another export, of ${manifest.customer}. Use a new one.`,
  );
}

/** What of an earlier run is as it was written. The rest is written again. */
async function stillThere(
  { io }: Command,
  folder: string,
  { accounts }: Manifest,
): Promise<ExportedAccount[]> {
  const kept: ExportedAccount[] = [];
  for (const account of accounts) {
    const zips: ExportedAccount['zips'] = [];
    for (const zip of account.zips) {
      const problem = await problemWithZip(folder, zip);
      if (problem === null) zips.push(zip);
      else io.log(`${problem} It is written again.`);
    }
    const { index } = account;
    const isWhole = zips.length === account.zips.length && index !== null;
    const sum = isWhole ? await checksum(createReadStream(join(folder, index.name))).catch(() => null) : null;
    const isSame = sum !== null && sum === index?.sha256;
    kept.push({ ...account, zips, ...(isSame ? {} : { index: null, commit: null }) });
  }
  return kept;
}

/** The manifest as it grows: one write at a time, each of all that is known. */
function manifestNotes(folder: string, first: Manifest) {
  let manifest = first;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    writing = writing.then(() => writeManifest(folder, manifest));
    return writing;
  };
  return {
    async note(exported: ExportedAccount): Promise<void> {
      const others = manifest.accounts.filter(({ id }) => id !== exported.id);
      manifest = { ...manifest, accounts: [...others, exported] };
      await write();
    },
    async verified(verifiedAt: string): Promise<Manifest> {
      const accounts = [...manifest.accounts].sort((a, b) => (a.id < b.id ? -1 : 1));
      manifest = { ...manifest, accounts, verifiedAt };
      await write();
      return manifest;
    },
  };
}

function tell({ io }: Command, folder: string, { accounts }: Manifest): number {
  const rows = accounts.map(({ id, name, emails, zips, missing }) => {
    const octets = zips.reduce((sum, { size }) => sum + size, 0);
    return [id, name, emails, zips.length, octets, missing.length];
  });
  const head = ['account', 'name', 'Emails', 'zips', 'octets', 'missing'];
  for (const line of textTable(head, rows)) io.log(line);
  const missing = accounts.reduce((sum, account) => sum + account.missing.length, 0);
  io.log(`${join(folder, 'manifest.json')}: written and verified.`);
  if (missing === 0) return 0;
  io.log(`The raw bytes of ${counted(missing, 'message')} are missing or damaged; verify names them.`);
  return 1;
}
