import { DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { keys, prefix } from '../../functions/store/keys.ts';
import type { LogStore } from '../../functions/store/log.ts';
import { queryAll } from '../../functions/store/table.ts';
import { stackName } from '../stack/names.ts';
import { type AccountState, readAccounts } from './accounts.ts';
import { type Aws, awsIn, blobVersionsOf, storeOf } from './aws.ts';
import { oneCustomer } from './customers.ts';
import type { Command } from './io.ts';
import { type DeployedStack, findStack } from './stack.ts';
import { type Seen, statusOf } from './status-report.ts';

/** How far back metrics are asked for. The dispatcher runs every minute, and metrics come a few minutes late. */
const METRICS_MS = 30 * 60_000;
/** DescribeAlarms takes at most this many names. */
const ALARMS_A_CALL = 100;

/** Whether a customer's mail is flowing; exit code 1 when something needs the operator. */
export async function status(command: Command): Promise<number> {
  const { io, options } = command;
  const customer = oneCustomer(command);
  if (options['dry-run'] === true) {
    io.log(`Would read how ${stackName(customer)} is doing in ${customer.region}, and change nothing.`);
    return 0;
  }
  const aws = awsIn(customer.region);
  const stack = await findStack(aws, customer, stackName(customer));
  const store = storeOf(aws, stack, io.now);
  const [accounts, queue, deadLetters, metrics, alarms] = await Promise.all([
    readAccounts(store, blobVersionsOf(aws, stack)),
    queueDepth(aws, stack.part('queue')),
    queueDepth(aws, stack.part('deadLetters')),
    readMetrics(aws, stack, io.now()),
    raisedAlarms(aws, stack),
  ]);
  const quarantined = await countQuarantine(store, accounts);
  const { name, status, changedAt, outputs } = stack;
  const seen: Seen = {
    ...{ now: io.now(), stack: { name, status, changedAt }, address: outputs.AppAddress ?? null },
    ...{ accounts, quarantined, alarms, lastDispatchAt: metrics.lastDispatchAt },
    queue: { ...queue, oldestSeconds: metrics.oldestSeconds },
    deadLetters: deadLetters.waiting + deadLetters.underWay,
  };
  const report = statusOf(seen);
  if (options.json === true) io.log(JSON.stringify(report));
  else for (const line of report.lines) io.log(line);
  return report.attention.length === 0 ? 0 : 1;
}

async function queueDepth(aws: Aws, QueueUrl: string) {
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    underWay: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

/** When the dispatcher last ran, and how long the oldest message of the queue waits; null where no metric says it. */
async function readMetrics(aws: Aws, stack: DeployedStack, now: number) {
  const queueName = stack.part('queue').split('/').at(-1) ?? '';
  const metric = (
    Id: string,
    Namespace: string,
    MetricName: string,
    [Name, Value]: [string, string],
    Stat: string,
  ) => ({
    Id,
    MetricStat: { Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] }, Period: 60, Stat },
  });
  const { MetricDataResults = [] } = await aws.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - METRICS_MS),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        metric('dispatch', 'AWS/Lambda', 'Invocations', ['FunctionName', stack.part('dispatch')], 'Sum'),
        metric('age', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', ['QueueName', queueName], 'Maximum'),
      ],
    }),
  );
  const of = (id: string) => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === id) ?? {};
    return Timestamps.map((at, i) => ({ at: at.getTime(), value: Values[i] ?? 0 }));
  };
  return {
    lastDispatchAt: of('dispatch').find(({ value }) => value > 0)?.at ?? null,
    oldestSeconds: of('age')[0]?.value ?? null,
  };
}

async function raisedAlarms(aws: Aws, { resources }: DeployedStack): Promise<string[]> {
  const names = resources.flatMap(({ type, physicalId }) =>
    type === 'AWS::CloudWatch::Alarm' && physicalId !== '' ? [physicalId] : [],
  );
  if (names.length === 0) return [];
  const { MetricAlarms = [] } = await aws.cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmNames: names.slice(0, ALARMS_A_CALL), StateValue: 'ALARM' }),
  );
  return MetricAlarms.flatMap(({ AlarmName }) => (AlarmName ? [AlarmName] : [])).sort();
}

/** Of an account that is well its health says how much is in quarantine; of the others the rows do. */
async function countQuarantine({ table }: LogStore, accounts: readonly AccountState[]): Promise<number> {
  let count = 0;
  for (const { account, health } of accounts) {
    if (account.protocol === 'archive' || !health) continue;
    if (health.phase === 'ok') {
      const said = health.said?.find(({ code }) => code === 'status/unreadable')?.values.count;
      count += Number(said ?? 0);
      continue;
    }
    const range = { prefix: prefix.quarantine, attributes: ['released'] };
    const rows = await queryAll(table, keys.partition(account.id), range);
    count += rows.filter(({ released }) => !released).length;
  }
  return count;
}
