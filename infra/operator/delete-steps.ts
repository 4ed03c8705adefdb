import {
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { DeleteParametersCommand } from '@aws-sdk/client-ssm';
import { chunk } from '../../functions/store/table.ts';
import { type Aws, isGone } from './aws.ts';
import { deleteBucket } from './delete-bucket.ts';
import type { DeletionStep } from './delete-plan.ts';
import { OperatorError } from './errors.ts';
import type { OperatorIo } from './io.ts';
import { listResources } from './stack.ts';

/** What the steps of a deletion work with. */
export interface Deletion {
  /** Clients of the region of a step. */
  aws(region: string): Aws;
  io: OperatorIo;
  /** The AWS account, which every bucket must belong to. */
  awsAccount: string;
  /** Days until a key is gone for good: 7 to 30. */
  keyDays: number;
}

const LOOK_MS = 5_000;
/** A bucket that gets logs while it is emptied keeps its stack from being deleted. */
const MOST_TRIES = 4;
/** DeleteParameters takes at most this many names. */
const PARAMETERS_A_CALL = 10;

/** Does one step. What is gone already is no error. */
export async function deleteStep(deletion: Deletion, step: DeletionStep): Promise<void> {
  const aws = deletion.aws(step.region);
  for (const name of step.names) {
    if (step.kind === 'unprotect') await unprotect(aws, name);
    if (step.kind === 'stack') await deleteStack(deletion, aws, name);
    if (step.kind === 'table') await deleteTable(deletion, aws, name);
    if (step.kind === 'bucket') await deleteBucket(aws, name, { ...deletion, log: deletion.io.log });
    if (step.kind === 'user-pool') await deleteUserPool(aws, name);
    if (step.kind === 'log-group') {
      await unlessGone(aws.logs.send(new DeleteLogGroupCommand({ logGroupName: name })));
    }
    if (step.kind === 'key') await scheduleKeyDeletion(aws, name, deletion.keyDays);
  }
  if (step.kind === 'parameters') {
    for (const Names of chunk(step.names, PARAMETERS_A_CALL)) {
      await aws.ssm.send(new DeleteParametersCommand({ Names }));
    }
  }
}

/** The answer; null where AWS says that what it is about is not there. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function unprotect({ cloudFormation }: Aws, StackName: string): Promise<void> {
  await cloudFormation.send(
    new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
  );
}

async function deleteStack(deletion: Deletion, aws: Aws, StackName: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await aws.cloudFormation.send(new DeleteStackCommand({ StackName }));
    deletion.io.log('CloudFormation is at work; with CloudFront that takes ten minutes and more …');
    const status = await settled(deletion, aws, StackName);
    if (status === 'DELETE_COMPLETE') return;
    const failed = (await listResources(aws, StackName)).filter(one => one.status === 'DELETE_FAILED');
    if (tries === MOST_TRIES) {
      const names = failed.map(({ logicalId }) => logicalId).join(', ');
      throw new OperatorError(
        'stack',
        `The stack is ${status}: ${names} could not be deleted. See its events; then run this again.`,
      );
    }
    for (const { type, physicalId } of failed) {
      if (type !== 'AWS::S3::Bucket') continue;
      await deleteBucket(aws, physicalId, { ...deletion, log: deletion.io.log });
    }
  }
}

/** By its ARN a stack can be asked for when it is gone. */
async function settled({ io }: Deletion, { cloudFormation }: Aws, StackName: string): Promise<string> {
  for (;;) {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const status = Stacks[0]?.StackStatus ?? 'DELETE_COMPLETE';
    if (!status.endsWith('_IN_PROGRESS')) return status;
    await io.sleep(LOOK_MS);
  }
}

async function deleteTable({ io }: Deletion, { dynamo }: Aws, TableName: string): Promise<void> {
  const describe = async (): Promise<TableDescription | null> =>
    (await unlessGone(dynamo.send(new DescribeTableCommand({ TableName }))))?.Table ?? null;
  const wait = async (until: (table: TableDescription | null) => boolean) => {
    let table = await describe();
    while (!until(table)) {
      await io.sleep(LOOK_MS);
      table = await describe();
    }
    return table;
  };
  const isSettled = (table: TableDescription | null) => !table || table.TableStatus === 'ACTIVE';
  const table = await wait(found => isSettled(found) || found?.TableStatus === 'DELETING');
  if (!table) return;
  if (table.TableStatus !== 'DELETING') {
    if (table.DeletionProtectionEnabled) {
      await dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await wait(isSettled);
    }
    // Else DynamoDB keeps a backup of what is deleted for 35 days, which nobody can remove.
    const off = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } };
    await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, ...off }));
    await unlessGone(dynamo.send(new DeleteTableCommand({ TableName })));
  }
  await wait(found => found === null);
}

async function deleteUserPool({ cognito }: Aws, UserPoolId: string): Promise<void> {
  const found = await unlessGone(cognito.send(new DescribeUserPoolCommand({ UserPoolId })));
  if (!found?.UserPool) return;
  const { Domain, CustomDomain, DeletionProtection } = found.UserPool;
  for (const domain of [Domain, CustomDomain]) {
    if (domain) await cognito.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain: domain }));
  }
  if (DeletionProtection === 'ACTIVE') {
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
  }
  await unlessGone(cognito.send(new DeleteUserPoolCommand({ UserPoolId })));
}

async function scheduleKeyDeletion({ kms }: Aws, KeyId: string, days: number): Promise<void> {
  const found = await unlessGone(kms.send(new DescribeKeyCommand({ KeyId })));
  if (!found || found.KeyMetadata?.KeyState === 'PendingDeletion') return;
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: days }));
}
