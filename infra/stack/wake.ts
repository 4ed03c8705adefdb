import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ContextAttribute,
  Schedule,
  type ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, type ScheduleTargetBaseProps } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import type { Worker } from './worker.ts';

export interface WakeProps {
  /** Whose function it is. */
  customer: Customer;
  /** The function that is woken, with `{ time }`: when it was meant to be. */
  worker: Worker;
  /** Its name, for people. */
  name: string;
  /** The id of the schedule in the stack. */
  id: string;
  /** The question that it answers, for people. */
  description: string;
  /** When. */
  schedule: ScheduleExpression;
  /** What becomes of a wake-up that did not work. */
  target: Pick<ScheduleTargetBaseProps, 'retryAttempts' | 'maxEventAge'>;
}

/** Wakes a function by EventBridge Scheduler, in a role that may do nothing else. */
export function wake(
  scope: Construct,
  { customer, worker, name, id, description, schedule, target }: WakeProps,
): void {
  const { account } = Stack.of(scope);
  const role = new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    description: `Mailferry ${customer.id}: wakes ${name}`,
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.fn.functionArn] }),
  );
  new Schedule(scope, id, {
    description: `Mailferry ${customer.id}: ${description}`,
    schedule,
    // Without policy updates: the target would add the right to invoke every version and alias.
    target: new LambdaInvoke(worker.fn, {
      role: role.withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject({ time: ContextAttribute.scheduledTime }),
      ...target,
    }),
  });
}
