import { InvokeCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { type Account, listAllAccounts } from '../../functions/store/accounts.ts';
import type { LogStore } from '../../functions/store/log.ts';
import { inParallel } from '../../functions/store/table.ts';
import { emptyLedger, holds, type Ledger } from '../../functions/sync/ledger.ts';
import { verifyBlobs, withBlobs } from '../../functions/sync/verify.ts';
import { ledgerLines } from '../ledger-table.ts';
import { stackName } from '../stack/names.ts';
import { type Aws, awsIn, storeOf } from './aws.ts';
import { oneCustomer } from './customers.ts';
import { OperatorError } from './errors.ts';
import { type Command, textOption } from './io.ts';
import { findStack } from './stack.ts';

/** Accounts at once: each is minutes of one function, and of connections to one server. */
const PARALLEL_ACCOUNTS = 4;

const count = z.number();
const ledgerSchema = z.object({
  ...{ accountId: z.string(), name: z.string(), atSource: count, stored: count, destroyed: count },
  ...{ quarantined: count, notReached: count, lost: count, emails: count },
  findings: z.array(z.object({ mailbox: z.string(), id: z.string(), why: z.string() })),
  error: z.string().nullable(),
});

/**
 * The ledger of every account (invariant 3), and the integrity of every stored message; exit code 1 when one does not
 * hold. What the sources have is listed by the sync function, which alone can sign in; the blobs are looked at from here.
 */
export async function verify(command: Command): Promise<number> {
  const { io, options } = command;
  const customer = oneCustomer(command);
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  const store = storeOf(aws, stack, io.now);
  const accounts = chosen(await listAllAccounts(store.table), textOption(command, 'account'));
  const sync = options['store-only'] === true ? null : stack.part('sync');
  if (options['dry-run'] === true) {
    for (const { id, name, protocol } of accounts) {
      const source = sync !== null && protocol !== 'archive' ? ', and what its server has' : '';
      io.log(`Would check the raw bytes of ${id} (${name})${source}`);
    }
    return 0;
  }
  const found = new Map<Account, Ledger>();
  await inParallel(
    accounts,
    async account => {
      found.set(account, await verifyOne({ aws, store, sync }, account));
      if (options.json !== true) io.log(`${account.name}: looked at`);
    },
    PARALLEL_ACCOUNTS,
  );
  const ledgers = accounts.flatMap(account => found.get(account) ?? []);
  if (options.json === true) io.log(JSON.stringify({ accounts: ledgers }));
  else for (const line of ledgerLines(ledgers)) io.log(line);
  return ledgers.every(holds) ? 0 : 1;
}

function chosen(accounts: readonly Account[], wanted: string | undefined): readonly Account[] {
  if (wanted === undefined) return accounts;
  const found = accounts.filter(({ id }) => id === wanted);
  if (found.length > 0) return found;
  throw new OperatorError('usage', `There is no account ${wanted}.`);
}

async function verifyOne(
  { aws, store, sync }: { aws: Aws; store: LogStore; sync: string | null },
  account: Account,
): Promise<Ledger> {
  const empty = emptyLedger(account.id, account.name);
  const asks = sync !== null && account.protocol !== 'archive';
  const ledger = asks ? await askSync(aws, sync, empty) : empty;
  // S3 has the checksum of each message from its put, so that comparing it costs no more than its size.
  return withBlobs(ledger, await verifyBlobs(store, account.id, { deep: true }));
}

/** What the source has, by the sync function. A function that fails is a ledger that does not hold. */
async function askSync({ lambda }: Aws, FunctionName: string, empty: Ledger): Promise<Ledger> {
  const asked = { verify: { accountId: empty.accountId } };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(asked) }),
  );
  const answer: unknown = Payload ? JSON.parse(Buffer.from(Payload).toString()) : null;
  if (!FunctionError && answer !== null) return ledgerSchema.parse(answer);
  const error = FunctionError
    ? 'The sync function did not finish the comparison with the mail server; see its log.'
    : 'This account was removed meanwhile.';
  return { ...empty, error };
}
