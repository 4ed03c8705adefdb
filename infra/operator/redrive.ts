import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { stackName } from '../stack/names.ts';
import { counted } from '../text-table.ts';
import { type Aws, awsIn } from './aws.ts';
import { oneCustomer } from './customers.ts';
import { OperatorError } from './errors.ts';
import type { Command } from './io.ts';
import { findStack } from './stack.ts';

const LOOK_MS = 2_000;

/** Sends what failed three times back to the queue, and waits until all of it is there. */
export async function redrive(command: Command): Promise<number> {
  const { io, options } = command;
  const customer = oneCustomer(command);
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  const { arn, waiting } = await deadLetters(aws, stack.part('deadLetters'));
  const running = (await lastTask(aws, arn))?.Status === 'RUNNING';
  if (waiting === 0 && !running) {
    io.log('There are no dead letters.');
    return 0;
  }
  if (options['dry-run'] === true) {
    io.log(`Would send ${counted(waiting, 'dead letter')} back to the queue: ${stack.part('queue')}`);
    return 0;
  }
  if (running) io.log('They are on their way back already.');
  else await aws.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
  for (;;) {
    const task = await lastTask(aws, arn);
    if (task?.Status === 'COMPLETED') {
      io.log(
        `Back in the queue: ${counted(task.ApproximateNumberOfMessagesMoved ?? waiting, 'dead letter')}.`,
      );
      return 0;
    }
    if (task && task.Status !== 'RUNNING') {
      throw new OperatorError(
        'stack',
        `SQS stopped sending them back: ${task.FailureReason ?? task.Status}.`,
      );
    }
    await io.sleep(LOOK_MS);
  }
}

async function deadLetters(aws: Aws, QueueUrl: string): Promise<{ arn: string; waiting: number }> {
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'],
    }),
  );
  return {
    arn: Attributes?.QueueArn ?? '',
    waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
  };
}

async function lastTask(aws: Aws, SourceArn: string) {
  const { Results } = await aws.sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
  return Results?.[0] ?? null;
}
