/**
 * `npm run verify`: holds what is stored against what each mail server has, message by message, and changes nothing.
 * Arguments: account ids (default: all), `--deep` (reads every blob), `--json`. Exit code 1 when a ledger does not hold.
 */
import { readFile } from 'node:fs/promises';
import { MailferryError } from '../../functions/errors.ts';
import { type Account, listAllAccounts } from '../../functions/store/accounts.ts';
import { holds, type Ledger } from '../../functions/sync/ledger.ts';
import { verifyAccount } from '../../functions/sync/verify.ts';
import { ledgerLines } from '../ledger-table.ts';
import { ignoreMissing } from './durable-file.ts';
import { LocalCloudError } from './errors.ts';
import { lockData } from './lock.ts';
import { localServices } from './services.ts';
import { readSettings } from './settings.ts';
import { startTable, tableAddressFile } from './table-process.ts';

const args = process.argv.slice(2);
const flags = new Set(args.filter(arg => arg.startsWith('--')));
const wanted = args.filter(arg => !arg.startsWith('--'));

try {
  const unknown = [...flags].find(flag => flag !== '--deep' && flag !== '--json');
  if (unknown) throw new LocalCloudError('setting', `There is no option ${unknown}; use --deep or --json.`);
  const { data } = readSettings(process.env);
  const table = await openTable(data);
  try {
    const ledgers = await verifyAll(data, table.endpoint);
    if (flags.has('--json')) console.log(JSON.stringify({ accounts: ledgers }));
    else for (const line of ledgerLines(ledgers)) console.log(line);
    process.exitCode = ledgers.every(holds) ? 0 : 1;
  } finally {
    await table.close();
  }
} catch (error) {
  console.error(error instanceof MailferryError ? error.message : error);
  process.exitCode = 1;
}

async function verifyAll(data: string, tableEndpoint: string): Promise<Ledger[]> {
  const setup = { kind: 'sync', data, tableEndpoint, module: '' } as const;
  const services = localServices(setup, async () => undefined);
  const accounts = await listAllAccounts(services.table);
  const missing = wanted.find(id => !accounts.some(account => account.id === id));
  if (missing) throw new LocalCloudError('setting', `There is no account ${missing}.`);
  const chosen = accounts.filter(({ id }: Account) => wanted.length === 0 || wanted.includes(id));
  const ledgers: Ledger[] = [];
  for (const account of chosen) {
    ledgers.push(await verifyAccount(services, account, { deep: flags.has('--deep') }));
  }
  services.table.client.destroy();
  return ledgers;
}

/** The table of a running Mailferry, else one of our own for as long as this takes. */
async function openTable(data: string): Promise<{ endpoint: string; close(): Promise<void> }> {
  try {
    const lock = await lockData(data);
    const table = await startTable(data, line => console.error(line));
    const close = async () => {
      await table.stop();
      await lock.release();
    };
    return { endpoint: table.endpoint, close };
  } catch (error) {
    if (!(error instanceof LocalCloudError) || error.code !== 'data-in-use') throw error;
    const endpoint = await readFile(tableAddressFile(data), 'utf8').catch(ignoreMissing);
    if (endpoint === null) throw error;
    return { endpoint: endpoint.trim(), close: async () => {} };
  }
}
