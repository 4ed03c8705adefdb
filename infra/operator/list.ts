import { loadCustomers } from '../customers/load.ts';
import { textTable } from '../text-table.ts';
import type { Command } from './io.ts';

/** The customer files, checked, in a table. Asks AWS nothing. */
export async function listCustomers({ customers, io, options }: Command): Promise<number> {
  const found = loadCustomers(customers);
  if (options.json === true) {
    io.log(JSON.stringify({ customers: found }));
    return 0;
  }
  const head = ['id', 'region', 'account', 'domain', 'alarms to'];
  const rows = found.map(({ id, region, awsAccount, domain, alarms }) => [
    ...[id, region, awsAccount, domain?.name ?? '-', alarms.email],
  ]);
  for (const line of textTable(head, rows)) io.log(line);
  return 0;
}
