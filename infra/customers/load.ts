import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { MailferryError } from '../../functions/errors.ts';
import { type Customer, customerSchema } from './schema.ts';

/** A customer file that cannot be used; the message has a line for each field: file, field, reason. */
export class CustomerFileError extends MailferryError {
  override name = 'CustomerFileError';

  constructor(problems: readonly string[], options?: { cause?: unknown }) {
    super('invalidCustomerFile', problems.join('\n'), options);
  }
}

/**
 * Reads one customer from the text of its file.
 * @param file path of the file, for messages; its base name must be the customer's id
 * @throws CustomerFileError naming the file, the field and the reason
 */
export function parseCustomer(file: string, text: string): Customer {
  const json = parseJson(file, text);
  const parsed = customerSchema.safeParse(json);
  if (!parsed.success) {
    throw new CustomerFileError(
      parsed.error.issues.flatMap(issue => describeIssue(issue).map(problem => `${file}: ${problem}`)),
    );
  }
  const decidedElsewhere = settingsOfTheIssuer(json);
  if (decidedElsewhere.length > 0) {
    throw new CustomerFileError(
      decidedElsewhere.map(name => `${file}: users.${name}: is decided by users.issuer; leave it out`),
    );
  }
  const { id } = parsed.data;
  if (basename(file) !== `${id}.json`) {
    throw new CustomerFileError([`${file}: id: is "${id}", so the file must be named ${id}.json`]);
  }
  return parsed.data;
}

/**
 * Reads every `*.json` of a folder, in order of name. All bad files are reported at once.
 * @throws CustomerFileError when a file is invalid, or the folder has none
 */
export function loadCustomers(folder: string): Customer[] {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => join(folder, name));
  if (files.length === 0) {
    throw new CustomerFileError([`${folder}: has no customer file; add one such as ${folder}/example.json`]);
  }
  const customers: Customer[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      customers.push(parseCustomer(file, readFileSync(file, 'utf8')));
    } catch (error) {
      if (!(error instanceof CustomerFileError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new CustomerFileError(problems);
  return customers;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CustomerFileError([`${file}: is not valid JSON: ${reason}`], { cause });
  }
}

/** Settings of the stack's own user pool that stand beside an issuer, where they would do nothing. */
function settingsOfTheIssuer(json: unknown): string[] {
  const { users } = json as { users?: Record<string, unknown> };
  return users?.issuer === undefined ? [] : ['signUp', 'mfa'].filter(name => Object.hasOwn(users, name));
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => `${path === '' ? key : `${path}.${key}`}: is not a known field`);
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [`${path === '' ? 'the file' : path}: ${missing ? 'is required' : issue.message}`];
}
