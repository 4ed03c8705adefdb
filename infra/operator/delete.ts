import { resolve } from 'node:path';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { listAllAccounts } from '../../functions/store/accounts.ts';
import { lastCommit } from '../../functions/store/log.ts';
import type { Customer } from '../customers/schema.ts';
import { firewallStackName, stackName } from '../stack/names.ts';
import { type Aws, awsIn, isGone, storeOf } from './aws.ts';
import { customerFile, oneCustomer } from './customers.ts';
import { type CustomerLeft, type DeletionStep, deletionPlan } from './delete-plan.ts';
import { deleteStep } from './delete-steps.ts';
import { OperatorError } from './errors.ts';
import { type AccountPosition, exportProblems, readManifest } from './export-manifest.ts';
import { problemWithZip } from './export-zips.ts';
import { type Command, textOption } from './io.ts';
import { currentStack, type DeployedStack, deletedStacks, FUNCTIONS, partIn } from './stack.ts';
import { startFunctions, stopFunctions } from './stop.ts';

/** What has to be said instead of an export. */
const WORD = 'I-AM-SURE';
/** CloudFront, and what belongs to it, is in this region. */
const EDGE_REGION = 'us-east-1';
const BUSY = /^(CREATE|UPDATE|IMPORT|ROLLBACK|UPDATE_ROLLBACK)_.*IN_PROGRESS$/;

/**
 * Leaves nothing of a customer in AWS. Refuses without a verified export that is as new as the last commit of each
 * account, or the word. Stops the functions first, so that no mail is taken from a server meanwhile. Run again after a
 * failure it goes on.
 */
export async function deleteCustomer(command: Command): Promise<number> {
  const { io, options, customers } = command;
  const customer = oneCustomer(command);
  const isDry = options['dry-run'] === true;
  const keyDays = daysOf(command);
  const edge = customer.region === EDGE_REGION ? null : awsIn(EDGE_REGION);
  const home = awsIn(customer.region);
  const aws = (region: string) => (edge && region === EDGE_REGION ? edge : home);
  const stacks = await stacksOf(aws, customer);
  const busy = stacks.find(({ status }) => BUSY.test(status));
  if (busy) throw new OperatorError('stack', `${busy.name} is ${busy.status}. Try again when it is done.`);
  await checkMayGo(command, customer, home, stacks);
  const plan = deletionPlan(await whatIsLeft(aws, customer, stacks));
  for (const step of plan) {
    io.log(isDry ? `Would: ${step.says}` : step.says);
    if (!isDry) await deleteStep({ aws, io, awsAccount: customer.awsAccount, keyDays }, step);
  }
  if (isDry) return 0;
  // What a stack leaves is only known when it is gone, and logs come late.
  const left = deletionPlan(await whatIsLeft(aws, customer, await stacksOf(aws, customer)));
  const missed = left.filter(step => !plan.some(done => done.says === step.says));
  for (const step of missed) {
    io.log(step.says);
    await deleteStep({ aws, io, awsAccount: customer.awsAccount, keyDays }, step);
  }
  return tell(command, left, customerFile(customers, customer.id));
}

function tell({ io }: Command, left: readonly DeletionStep[], file: string): number {
  const byHand = left.filter(({ kind }) => kind === 'by-hand');
  io.log('');
  for (const { says } of byHand) io.log(says);
  if (byHand.length === 0) io.log('Nothing is left but the key, whose deletion is scheduled.');
  io.log(`Remove ${file}, and what names the customer in DNS.`);
  return byHand.length > 0 ? 1 : 0;
}

/** Those that are there, and those that were deleted: the customer's, and the firewall's. */
async function stacksOf(aws: (region: string) => Aws, customer: Customer): Promise<DeployedStack[]> {
  const places = [
    { name: stackName(customer), region: customer.region },
    { name: firewallStackName(customer), region: EDGE_REGION },
  ];
  const found: DeployedStack[] = [];
  for (const { name, region } of places) {
    const current = await currentStack(aws(region), customer, name);
    if (current) found.push(current);
    found.push(...(await deletedStacks(aws(region), customer, name)));
  }
  if (found.length > 0) return found;
  throw new OperatorError(
    'stack',
    `There is no stack of ${customer.id} in ${customer.region}, and none was deleted in the last 90 days.`,
  );
}

async function whatIsLeft(
  aws: (region: string) => Aws,
  { id, region }: Customer,
  stacks: readonly DeployedStack[],
): Promise<CustomerLeft> {
  // CDK's own functions log by their name, and no stack deletes that.
  const functions = stacks.flatMap(({ region, resources }) =>
    resources.flatMap(({ type, physicalId }) =>
      type === 'AWS::Lambda::Function' && physicalId !== ''
        ? [{ region, name: `/aws/lambda/${physicalId}` }]
        : [],
    ),
  );
  const logGroups = [...(await groupsBelow(aws(region), `/mailferry/${id}/`))].map(name => ({
    region,
    name,
  }));
  for (const { region, name } of functions) {
    if ((await groupsBelow(aws(region), name)).includes(name)) logGroups.push({ region, name });
  }
  const parameters: string[] = [];
  const below = { Path: `/mailferry/${id}/`, Recursive: true };
  for await (const page of paginateGetParametersByPath({ client: aws(region).ssm }, below)) {
    parameters.push(...(page.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
  }
  return { stacks, logGroups, parameters, region };
}

async function groupsBelow({ logs }: Aws, logGroupNamePrefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix })) {
    found.push(...(page.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []));
  }
  return found;
}

/** Throws OperatorError `refused` unless there is an export of everything, or the word. */
async function checkMayGo(
  command: Command,
  customer: Customer,
  aws: Aws,
  stacks: readonly DeployedStack[],
): Promise<void> {
  const { options } = command;
  const word = textOption(command, 'without-export');
  if (word === WORD) return;
  const from = textOption(command, 'export');
  const manifest = from === undefined ? null : await readManifest(resolve(from));
  if (from === undefined || manifest === null) {
    throw refused(customer, [
      word === undefined
        ? `${from === undefined ? 'No export was named' : `${from} holds no export`}.`
        : `--without-export takes the word ${WORD} and no other.`,
    ]);
  }
  const damaged: string[] = [];
  for (const zip of manifest.accounts.flatMap(({ zips }) => zips)) {
    const problem = await problemWithZip(resolve(from), zip);
    if (problem !== null) damaged.push(problem);
  }
  // That of a stack that was deleted may be there as well as that of the present one.
  const running = options['dry-run'] === true ? undefined : stacks.find(isRunning);
  const stopped = running !== undefined && (await stopFunctions(aws, running, command.io));
  const problems = [...damaged, ...exportProblems(manifest, customer, null)];
  for (const stack of stacks.filter(({ resources }) => partIn(resources, 'table') !== null)) {
    const now = await positions(command, aws, stack);
    if (now) problems.push(...exportProblems(manifest, customer, now));
  }
  if (problems.length === 0) return;
  if (stopped) await startFunctions(aws, running);
  throw refused(customer, [...new Set(problems)]);
}

/** Whether a stack has its functions yet, which may commit. */
const isRunning = ({ status, resources }: DeployedStack) =>
  !status.startsWith('DELETE_') && FUNCTIONS.every(name => partIn(resources, name) !== null);

/** What each account is at; null where the table is gone. */
async function positions(
  { io }: Command,
  aws: Aws,
  stack: DeployedStack,
): Promise<{ table: string; accounts: AccountPosition[] } | null> {
  const store = storeOf(aws, stack, io.now);
  try {
    const accounts: AccountPosition[] = [];
    for (const { id, name } of await listAllAccounts(store.table)) {
      accounts.push({ id, name, commit: await lastCommit(store, id) });
    }
    return { table: store.table.name, accounts };
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function refused({ id }: Customer, problems: readonly string[]): OperatorError {
  const shown = problems.slice(0, 20).map(problem => `  ${problem}`);
  return new OperatorError(
    'refused',
    [
      `${id} is not deleted:`,
      ...shown,
      `First: npm run customer -- stop ${id}, then: npm run customer -- export ${id} --to FOLDER, then delete with --export FOLDER.`,
      `To delete it with all mail: --without-export ${WORD}.`,
    ].join('\n'),
  );
}

function daysOf(command: Command): number {
  const text = textOption(command, 'key-days');
  const days = text === undefined ? 30 : Number(text);
  if (Number.isInteger(days) && days >= 7 && days <= 30) return days;
  throw new OperatorError('usage', '--key-days takes a number from 7 to 30.');
}
