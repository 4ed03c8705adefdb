import {
  DescribeStacksCommand,
  paginateListStackResources,
  paginateListStacks,
} from '@aws-sdk/client-cloudformation';
import type { Customer } from '../customers/schema.ts';
import { type Aws, isGone } from './aws.ts';
import { OperatorError } from './errors.ts';

/** A resource of a stack, as CloudFormation lists it. */
export interface StackResource {
  logicalId: string;
  type: string;
  /** The name, id or address by which its service knows it. */
  physicalId: string;
  status: string;
}

/** A stack that is there, or was deleted in the last 90 days. */
export interface DeployedStack {
  /** Its ARN. */
  id: string;
  name: string;
  region: string;
  status: string;
  changedAt: Date | null;
  outputs: Readonly<Record<string, string>>;
  isProtected: boolean;
  resources: readonly StackResource[];
  /** The physical id of a part that a command works with. Throws OperatorError `stack` where there is none. */
  part(name: keyof typeof PARTS): string;
}

/** What commands work with: the type of the resource, and what its logical id begins with (`infra/stack`). */
export const PARTS = {
  table: ['AWS::DynamoDB::GlobalTable', 'MailStoreTable'],
  bucket: ['AWS::S3::Bucket', 'MailStoreMailBucket'],
  queue: ['AWS::SQS::Queue', 'SyncPipelineQueue'],
  deadLetters: ['AWS::SQS::Queue', 'SyncPipelineDeadLetterQueue'],
  dispatch: ['AWS::Lambda::Function', 'SyncPipelineDispatch'],
  sync: ['AWS::Lambda::Function', 'SyncPipelineSync'],
  api: ['AWS::Lambda::Function', 'DeviceApiHandler'],
  sweep: ['AWS::Lambda::Function', 'MailStoreSweep'],
} as const;

/** Our functions; those of CDK itself are needed to delete a stack. */
export const FUNCTIONS = ['dispatch', 'sync', 'api', 'sweep'] as const;

/** The customer's stack. Throws OperatorError `stack` where there is none. */
export async function findStack(aws: Aws, customer: Customer, name: string): Promise<DeployedStack> {
  const stack = await currentStack(aws, customer, name);
  if (stack) return stack;
  throw new OperatorError(
    'stack',
    `There is no stack ${name} in ${aws.region} of this AWS account. Deploy it, or check the credentials (--profile).`,
  );
}

/** The stack that has this name now; null where none has. Throws OperatorError `stack` in another AWS account. */
export async function currentStack(
  aws: Aws,
  customer: Customer,
  name: string,
): Promise<DeployedStack | null> {
  try {
    return await describe(aws, customer, name);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** The stacks that had this name and were deleted; CloudFormation remembers them for 90 days. */
export async function deletedStacks(aws: Aws, customer: Customer, name: string): Promise<DeployedStack[]> {
  const found: DeployedStack[] = [];
  const asked = { StackStatusFilter: ['DELETE_COMPLETE' as const] };
  for await (const { StackSummaries = [] } of paginateListStacks({ client: aws.cloudFormation }, asked)) {
    for (const { StackName, StackId } of StackSummaries) {
      if (StackName === name && StackId) found.push(await describe(aws, customer, StackId));
    }
  }
  return found;
}

async function describe(aws: Aws, customer: Customer, nameOrId: string): Promise<DeployedStack> {
  const { Stacks = [] } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName: nameOrId }));
  const [stack] = Stacks;
  if (!stack?.StackId || !stack.StackName) throw new OperatorError('stack', `There is no stack ${nameOrId}.`);
  const account = stack.StackId.split(':')[4];
  if (account !== customer.awsAccount) {
    throw new OperatorError(
      'stack',
      `These credentials are of the AWS account ${account}; ${customer.id} is in ${customer.awsAccount}. Use --profile.`,
    );
  }
  const resources = await listResources(aws, stack.StackId);
  return {
    id: stack.StackId,
    name: stack.StackName,
    region: aws.region,
    status: stack.StackStatus ?? 'unknown',
    changedAt: stack.LastUpdatedTime ?? stack.CreationTime ?? null,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
    isProtected: stack.EnableTerminationProtection === true,
    resources,
    part(name) {
      const found = partIn(resources, name);
      if (found) return found;
      throw new OperatorError('stack', `${stack.StackName} has no ${name} yet. Deploy it again.`);
    },
  };
}

/** The physical id of a part; null where the stack has none. */
export function partIn(resources: readonly StackResource[], name: keyof typeof PARTS): string | null {
  const [type, prefix] = PARTS[name];
  const found = resources.find(one => one.type === type && one.logicalId.startsWith(prefix));
  return found?.physicalId || null;
}

/** Every resource of a stack, by its name or ARN. */
export async function listResources(aws: Aws, StackName: string): Promise<StackResource[]> {
  const found: StackResource[] = [];
  for await (const page of paginateListStackResources({ client: aws.cloudFormation }, { StackName })) {
    for (const one of page.StackResourceSummaries ?? []) {
      found.push({
        logicalId: one.LogicalResourceId ?? '',
        type: one.ResourceType ?? '',
        physicalId: one.PhysicalResourceId ?? '',
        status: one.ResourceStatus ?? '',
      });
    }
  }
  return found;
}
