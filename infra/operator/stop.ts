import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { getHealth, isLeased } from '../../functions/store/health.ts';
import { stackName } from '../stack/names.ts';
import { readAccounts } from './accounts.ts';
import { type Aws, awsIn, blobVersionsOf, storeOf } from './aws.ts';
import { oneCustomer } from './customers.ts';
import type { Command, OperatorIo } from './io.ts';
import { type DeployedStack, FUNCTIONS, findStack } from './stack.ts';

/** A request of a device has ended by then, and a run has taken its lease. */
const REQUESTS_MS = 30_000;
const LOOK_MS = 5_000;

/** Has no function of a customer run until `start`: nothing is pulled, and devices work offline. */
export async function stop(command: Command): Promise<number> {
  return withStack(command, 'stop', async (aws, stack) => {
    await stopFunctions(aws, stack, command.io);
    command.io.log(`${stack.name} stands still. To go on: npm run customer -- start ${command.names[0]}`);
  });
}

/** Lets the functions run again. */
export async function start(command: Command): Promise<number> {
  return withStack(command, 'start', async (aws, stack) => {
    await startFunctions(aws, stack);
    command.io.log(`${stack.name} goes on.`);
  });
}

async function withStack(
  command: Command,
  verb: string,
  work: (aws: Aws, stack: DeployedStack) => Promise<void>,
): Promise<number> {
  const customer = oneCustomer(command);
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  if (command.options['dry-run'] === true) {
    for (const name of FUNCTIONS) command.io.log(`Would ${verb} ${stack.part(name)}`);
  } else await work(aws, stack);
  return 0;
}

/**
 * Sets the reserved concurrency of our functions to none, and waits until what they had begun has ended: then nothing
 * commits any more. True where they ran until now.
 */
export async function stopFunctions(aws: Aws, stack: DeployedStack, io: OperatorIo): Promise<boolean> {
  let ran = false;
  for (const name of FUNCTIONS) {
    const FunctionName = stack.part(name);
    const { ReservedConcurrentExecutions } = await aws.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    if (ReservedConcurrentExecutions === 0) continue;
    ran = true;
    await aws.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    );
  }
  if (!ran) return false;
  io.log('The functions are stopped. Waiting for what they had begun …');
  await io.sleep(REQUESTS_MS);
  const store = storeOf(aws, stack, io.now);
  const accounts = await readAccounts(store, blobVersionsOf(aws, stack));
  let busy = accounts.filter(({ health }) => health && isLeased(health, io.now())).map(one => one.account.id);
  while (busy.length > 0) {
    await io.sleep(LOOK_MS);
    const now = io.now();
    const still = await Promise.all(busy.map(async id => isLeased(await getHealth(store.table, id), now)));
    busy = busy.filter((_, i) => still[i]);
  }
  return true;
}

/** Takes the limit away: the functions have none of their own (`infra/stack`). */
export async function startFunctions(aws: Aws, stack: DeployedStack): Promise<void> {
  for (const name of FUNCTIONS) {
    await aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: stack.part(name) }));
  }
}
