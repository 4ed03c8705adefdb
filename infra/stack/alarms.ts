import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { mailMetric } from './mail-metrics.ts';
import type { MailStore } from './mail-store.ts';
import { acknowledge } from './nag.ts';
import type { OperationsProps } from './operations.ts';
import type { Worker } from './worker.ts';

/**
 * The alarms. Each costs $0.10 a month for each metric that it looks at, in an idle stack as well, so that each looks at
 * one, and what ends in one of them has no other: a sync function that crashes or is throttled shows in `queue-age` and
 * `dead-letters`, an API that is throttled in `api-errors`, a table that is in any of them.
 */

const period = Duration.minutes(5);
const LATE_SECONDS = Duration.minutes(15).toSeconds();

/** What differs from alarm to alarm: what it means, and when. Unless it says otherwise, no data is good news. */
interface AlarmSettings {
  /** A sentence for the e-mail. */
  means: string;
  metric: Metric;
  /** The alarm sounds above this, */
  above: number;
  /** in so many periods in a row (default 1). */
  periods?: number;
  /** Whether no data is bad news. */
  silenceIsBad?: boolean;
}

/** Makes the alarms of a stack, `mailferry-<id>-<name>`, each with its entry in docs/runbook.md. */
export function addAlarms(
  scope: Construct,
  props: OperationsProps,
  topic: Topic,
  canary: Worker | null,
): Alarm[] {
  const { customer } = props;
  const action = new SnsAction(topic);
  const all = {
    ...alarmsOf(props),
    ...(customer.alarms.detailed && detailedAlarmsOf(props)),
    ...(canary && canaryAlarm(customer, canary)),
  };
  return Object.entries(all).map(([name, { means, metric, above, periods = 1, silenceIsBad = false }]) => {
    const alarm = new Alarm(scope, name, {
      alarmName: `mailferry-${customer.id}-${name}`,
      alarmDescription: `${means} What to do: docs/runbook.md#${name}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    return alarm;
  });
}

function alarmsOf({ customer, store, pipeline, api }: OperationsProps): Record<string, AlarmSettings> {
  const { email: _, failuresPerHour } = customer.alarms;
  return {
    'dispatch-silent': {
      means:
        'The dispatcher, which is woken every minute, has not run well once in ten minutes: no mail is pulled.',
      ...neverWell(pipeline.dispatch, period),
    },
    'queue-age': {
      means:
        'Accounts have waited more than 15 minutes for their pull: sync does not keep up, or stands still.',
      metric: pipeline.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
      above: LATE_SECONDS,
      periods: 2,
    },
    'dead-letters': {
      means: 'A pull failed three times by a fault of ours; its accounts wait in the dead-letter queue.',
      metric: pipeline.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
      above: 0,
    },
    failures: {
      means: `More than ${failuresPerHour} pulls failed, or messages were set aside, in an hour.`,
      metric: mailMetric(customer, 'Failures', { statistic: 'sum', period: Duration.hours(1) }),
      above: failuresPerHour,
    },
    'api-errors': {
      means:
        'The API answered more than ten requests in five minutes with a server error: the app does not work well.',
      metric: api.httpApi.metricServerError({ period, statistic: 'sum' }),
      above: 10,
    },
    'sweep-silent': {
      means:
        'The sweep, which is woken every day, has not run well for two days: what nobody needs any more stays.',
      ...neverWell(store.sweep.worker, Duration.days(1)),
    },
  };
}

function detailedAlarmsOf({ customer, pipeline }: OperationsProps): Record<string, AlarmSettings> {
  return {
    lag: {
      means: 'One pull in ten began more than 15 minutes after its account was due.',
      metric: mailMetric(customer, 'Lag', { statistic: 'p90', period }),
      above: LATE_SECONDS,
      periods: 2,
    },
    quarantine: {
      means: 'More than five messages were set aside in an hour, because they could not be handled.',
      metric: mailMetric(customer, 'Failures', {
        ...{ statistic: 'sum', period: Duration.hours(1), kind: 'quarantine' },
      }),
      above: 5,
    },
    throttles: {
      means:
        'Lambda turned calls of sync away for 15 minutes: the AWS account runs too many functions at once.',
      metric: pipeline.sync.fn.metricThrottles({ period, statistic: 'sum' }),
      above: 0,
      periods: 3,
    },
  };
}

function canaryAlarm(customer: Customer, canary: Worker): Record<string, AlarmSettings> {
  const minutes = customer.canary?.everyMinutes ?? 0;
  return {
    canary: {
      means: 'The canary has found twice in a row that the app cannot be opened or signed in to.',
      ...neverWell(canary, Duration.minutes(minutes)),
    },
  };
}

/**
 * In two periods in a row no run of a function that is woken at least once in each of them was without an error: it failed
 * each time, or did not run. Lambda reports an error of 0 for each run that is well, so that one metric tells both.
 */
function neverWell(worker: Worker, period: Duration) {
  const metric = worker.fn.metricErrors({ period, statistic: 'min' });
  return { metric, above: 0, periods: 2, silenceIsBad: true };
}

/** Where alarms go: an e-mail address has to confirm once that it wants them. */
export function alarmTopic(scope: Construct, customer: Customer, store: MailStore): Topic {
  const topic = new Topic(scope, 'Alarms', {
    displayName: `Mailferry ${customer.id}`,
    masterKey: store.key,
    enforceSSL: true,
  });
  topic.addSubscription(new EmailSubscription(customer.alarms.email));
  acknowledge(topic, {
    'Serverless-SNSRedrivePolicy': 'E-mail is not redriven; the alarm stays in CloudWatch.',
  });
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
