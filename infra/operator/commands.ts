import { parseArgs } from 'node:util';
import { deleteCustomer } from './delete.ts';
import { deploy, diff } from './deploy.ts';
import { OperatorError } from './errors.ts';
import { exportCustomer } from './export.ts';
import type { Command, OperatorIo, Places } from './io.ts';
import { listCustomers } from './list.ts';
import { newCustomer } from './new.ts';
import { redrive } from './redrive.ts';
import { restore } from './restore.ts';
import { status } from './status.ts';
import { start, stop } from './stop.ts';
import { verify } from './verify.ts';

/** Seen from the folder of the project, as CDK does. */
const PLACES: Places = { customers: 'infra/customers', out: 'cdk.out' };

interface Definition {
  usage: string;
  does: string;
  /** Options that take a word, and those that take none. */
  text?: readonly string[];
  flags?: readonly string[];
  run(command: Command): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Definition>> = {
  new: {
    usage: 'new [ID] [--region R] [--account A] [--email E]',
    does: 'write the file of a new customer',
    text: ['id', 'region', 'account', 'email'],
    run: newCustomer,
  },
  list: { usage: 'list [--json]', does: 'the customers there are', flags: ['json'], run: listCustomers },
  diff: {
    usage: 'diff ID… | --all [--parallel N]',
    does: 'what a deployment would change',
    text: ['parallel'],
    flags: ['all'],
    run: diff,
  },
  deploy: {
    usage: 'deploy ID… | --all [--parallel N]',
    does: 'build once, deploy stacks side by side, sum up',
    text: ['parallel'],
    flags: ['all'],
    run: deploy,
  },
  status: { usage: 'status ID [--json]', does: 'health and lag', flags: ['json'], run: status },
  verify: {
    usage: 'verify ID [--account A] [--store-only] [--json]',
    does: 'the ledger of every account, and every stored message',
    text: ['account'],
    flags: ['store-only', 'json'],
    run: verify,
  },
  redrive: { usage: 'redrive ID', does: 'dead letters back to the queue', run: redrive },
  stop: { usage: 'stop ID', does: 'have no function run', run: stop },
  start: { usage: 'start ID', does: 'let them run again', run: start },
  export: {
    usage: 'export ID --to FOLDER',
    does: 'all mail as zips, with a manifest, read again and checked',
    text: ['to'],
    run: exportCustomer,
  },
  restore: {
    usage: 'restore ID --from-table T [--account A] [--back] [--unnamed FOLDER]',
    does: 'accounts back from an earlier table and earlier versions',
    text: ['from-table', 'account', 'unnamed'],
    flags: ['back'],
    run: restore,
  },
  delete: {
    usage: 'delete ID --export FOLDER | --without-export I-AM-SURE [--key-days N]',
    does: 'leave nothing',
    text: ['export', 'without-export', 'key-days'],
    run: deleteCustomer,
  },
};

/** What every command takes. */
const EVERYWHERE = { 'dry-run': { type: 'boolean' }, profile: { type: 'string' } } as const;

function usage(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  return [
    'Use: npm run customer -- COMMAND …',
    ...Object.values(COMMANDS).map(({ usage, does }) => `  ${usage.padEnd(width)}  ${does}`),
    'Each takes --dry-run, which says what it would do, and --profile NAME for the AWS credentials.',
  ].join('\n');
}

/**
 * Runs one command of the operator. Gives its exit code: 0, or 1 when something needs a person. Throws OperatorError, and
 * what AWS refuses.
 */
export async function runOperator(args: readonly string[], io: OperatorIo, places = PLACES): Promise<number> {
  const [name = '', ...rest] = args;
  if (['', 'help', '--help', '-h'].includes(name)) {
    io.log(usage());
    return name === '' ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new OperatorError('usage', `There is no command ${name}.\n${usage()}`);
  const { values, positionals } = parse(command, rest);
  // CDK's command and the SDK both look there.
  if (typeof values.profile === 'string') process.env.AWS_PROFILE = values.profile;
  return command.run({ ...places, io, names: positionals, options: values });
}

function parse({ usage, text = [], flags = [] }: Definition, args: string[]) {
  const options = {
    ...EVERYWHERE,
    ...Object.fromEntries(text.map(option => [option, { type: 'string' as const }])),
    ...Object.fromEntries(flags.map(option => [option, { type: 'boolean' as const }])),
  };
  try {
    return parseArgs({ args, options, allowPositionals: true }) as {
      values: Record<string, string | boolean | undefined>;
      positionals: string[];
    };
  } catch (cause) {
    throw new OperatorError('usage', `Use: npm run customer -- ${usage}`, { cause });
  }
}
