import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCustomers, parseCustomer } from '../customers/load.ts';
import type { Customer } from '../customers/schema.ts';
import { OperatorError } from './errors.ts';
import type { Command } from './io.ts';

/** Where the file of a customer is. */
export const customerFile = (folder: string, id: string) => join(folder, `${id}.json`);

/** The one customer that a command names. Throws OperatorError `usage` and `customer`, and CustomerFileError. */
export function oneCustomer({ customers, names }: Command): Customer {
  const [id, ...others] = names;
  if (id === undefined || others.length > 0) {
    throw new OperatorError('usage', 'Name one customer, by its id.');
  }
  return readCustomer(customers, id);
}

/** The customers that a command names, or with `--all` all of them. */
export function chosenCustomers({ customers, names, options }: Command): Customer[] {
  if (options.all === true) {
    if (names.length > 0) throw new OperatorError('usage', 'Name customers, or say --all; not both.');
    return loadCustomers(customers);
  }
  if (names.length === 0) throw new OperatorError('usage', 'Name the customers by their ids, or say --all.');
  return [...new Set(names)].map(id => readCustomer(customers, id));
}

function readCustomer(folder: string, id: string): Customer {
  const file = customerFile(folder, id);
  if (!/^[a-z0-9-]+$/.test(id) || !existsSync(file)) {
    throw new OperatorError('customer', `There is no customer ${id}: ${file} is not there.`);
  }
  return parseCustomer(file, readFileSync(file, 'utf8'));
}
