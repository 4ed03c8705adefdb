import { Duration, Tags } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import type { DeviceApi } from './device-api.ts';
import type { MailStore } from './mail-store.ts';
import { customerTag } from './names.ts';
import type { SyncPipeline } from './sync-pipeline.ts';

export interface OperationsProps {
  customer: Customer;
  store: MailStore;
  pipeline: SyncPipeline;
  api: DeviceApi;
}

/** What tells the operator that something is wrong, and where to read on: docs/operations.md has each alarm. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { customer, store } = props;
    const topic = alarmTopic(this, customer, store);
    const action = new SnsAction(topic);
    for (const [name, alarm] of Object.entries(alarms(props))) {
      new Alarm(this, name, {
        alarmName: `mailferry-${customer.id}-${name}`,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...alarm,
      }).addAlarmAction(action);
    }
    budget(this, customer);
    Tags.of(scope).add(customerTag, customer.id);
  }
}

function alarmTopic(scope: Construct, customer: Customer, store: MailStore): Topic {
  const topic = new Topic(scope, 'Alarms', {
    displayName: `Mailferry ${customer.id}`,
    masterKey: store.key,
    enforceSSL: true,
  });
  topic.addSubscription(new EmailSubscription(customer.alarms.email));
  // CloudWatch publishes in its own name, to which neither the key nor a topic with a policy opens by itself.
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
  store.key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey');
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': customer.awsAccount } },
    }),
  );
  return topic;
}

interface AlarmSettings {
  alarmDescription: string;
  metric: Metric;
  threshold: number;
  evaluationPeriods?: number;
  comparisonOperator?: ComparisonOperator;
  treatMissingData?: TreatMissingData;
}

function alarms({ store: { sweep }, pipeline, api }: OperationsProps): Record<string, AlarmSettings> {
  const period = Duration.minutes(5);
  return {
    'dead-letters': {
      alarmDescription: 'A pull failed three times; its accounts wait in the dead-letter queue.',
      metric: pipeline.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
      threshold: 0,
    },
    'queue-age': {
      alarmDescription:
        'Accounts wait more than 15 minutes for their pull: sync does not keep up, or stands still.',
      metric: pipeline.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
      threshold: Duration.minutes(15).toSeconds(),
      evaluationPeriods: 2,
    },
    'sync-errors': {
      alarmDescription: 'The sync function itself fails, in three periods of five minutes in a row.',
      metric: pipeline.sync.fn.metricErrors({ period, statistic: 'sum' }),
      threshold: 0,
      evaluationPeriods: 3,
    },
    'dispatch-silent': {
      alarmDescription: 'The dispatcher, which runs every minute, did not run: no mail is being pulled.',
      metric: pipeline.dispatch.fn.metricInvocations({ period, statistic: 'sum' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    },
    'sweep-errors': {
      alarmDescription: 'The sweep could not look through an account: what nobody needs any more stays.',
      metric: sweep.worker.fn.metricErrors({ period: Duration.days(1), statistic: 'sum' }),
      threshold: 0,
    },
    'sweep-silent': {
      alarmDescription: 'The sweep, which runs every day, did not run for two days.',
      metric: sweep.worker.fn.metricInvocations({ period: Duration.days(1), statistic: 'sum' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    },
    'api-errors': {
      alarmDescription: 'The API answered more than ten requests in five minutes with a server error.',
      metric: api.httpApi.metricServerError({ period, statistic: 'sum' }),
      threshold: 10,
    },
  };
}

function budget(scope: Construct, customer: Customer): void {
  const subscribers = [{ subscriptionType: 'EMAIL', address: customer.alarms.email }];
  const above = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
    },
    subscribers,
  });
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `mailferry-${customer.id}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: customer.limits.monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${customerTag}$${customer.id}`] },
    },
    notificationsWithSubscribers: [above('ACTUAL', 80), above('FORECASTED', 100)],
  });
}
