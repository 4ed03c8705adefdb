import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../functions/cloudwatch.ts';
import { mailMetric } from './mail-metrics.ts';
import type { OperationsProps } from './operations.ts';

const WIDTH = 24;

/**
 * The one dashboard of a customer, `mailferry-<id>`: is this customer's mail flowing? The answer comes first, in words and
 * single values of the last hour; below is where to look when it is no.
 */
export function addDashboard(scope: Construct, props: OperationsProps, alarms: Alarm[]): void {
  const { customer } = props;
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `mailferry-${customer.id}`,
    defaultInterval: Duration.hours(1),
    widgets: [
      [new TextWidget({ markdown: question(customer.id), width: WIDTH, height: 5 })],
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: 3 })],
      answers(props),
      mailGraphs(props),
      apiGraphs(props),
    ],
  });
}

const question = (id: string) => `# Is the mail of ${id} flowing?

**Yes**, if no alarm below is red, *Oldest waiting pull* is under 900 seconds and *Dead letters* is 0. How much mail there is \
follows from *Messages pulled*: at night it may be none.

**No**, if *Oldest waiting pull* grows: mail is late for everybody. **Not for some**, if *Failures* are more than usual: their \
graph says why. In the app everybody sees how their own accounts are.

Values are of the time chosen above, at first the last hour; \`--\` means none. Each alarm has its entry in docs/runbook.md.`;

/** Each over the chosen time as a whole. */
function answers({ customer, pipeline, api }: OperationsProps): IWidget[] {
  const lag = (statistic: string) => mailMetric(customer, 'Lag', { statistic, label: statistic });
  const latency = (statistic: string) => api.httpApi.metricLatency({ statistic, label: statistic });
  const values: [title: string, metrics: IMetric[], width: number][] = [
    [
      'Oldest waiting pull (seconds)',
      [pipeline.queue.metricApproximateAgeOfOldestMessage({ statistic: 'max', label: 'at most' })],
      3,
    ],
    ['Messages pulled', [mailMetric(customer, 'MessagesPulled', { statistic: 'sum', label: 'stored' })], 3],
    ['Lag of pulls (seconds)', [lag('p50'), lag('p99')], 4],
    [
      'Failures',
      [
        mailMetric(customer, 'Failures', { statistic: 'sum', label: 'pulls failed, messages set aside' }),
        mailMetric(customer, 'Failures', { statistic: 'sum', label: 'set aside alone', kind: 'quarantine' }),
      ],
      4,
    ],
    [
      'Dead letters',
      [
        pipeline.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
          statistic: 'max',
          label: 'waiting',
        }),
      ],
      3,
    ],
    ['API errors', [api.httpApi.metricServerError({ statistic: 'sum', label: '5xx' })], 3],
    ['API latency (ms)', [latency('p50'), latency('p99')], 4],
  ];
  return values.map(
    ([title, metrics, width]) =>
      new SingleValueWidget({ title, metrics, width, height: 4, setPeriodToTimeRange: true }),
  );
}

function mailGraphs({ customer, pipeline }: OperationsProps): IWidget[] {
  const period = Duration.minutes(5);
  const { sync, queue } = pipeline;
  return [
    graph('Mail', [
      mailMetric(customer, 'MessagesPulled', { statistic: 'sum', period, label: 'messages pulled' }),
    ]),
    graph('Waiting (seconds)', [
      queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max', label: 'oldest waiting pull' }),
      mailMetric(customer, 'Lag', { statistic: 'p50', period, label: 'lag p50' }),
      mailMetric(customer, 'Lag', { statistic: 'p99', period, label: 'lag p99' }),
    ]),
    graph('Failed pulls and messages set aside, by kind', [
      new MathExpression({
        expression: `SEARCH('{${METRICS_NAMESPACE},service,kind} MetricName="Failures" service="${customer.id}"', 'Sum')`,
        usingMetrics: {},
        label: '',
        period,
      }),
    ]),
    graph('Sync at work', [
      sync.fn.metric('ConcurrentExecutions', { period, statistic: 'max', label: 'at the same time' }),
      sync.fn.metricErrors({ period, statistic: 'sum', label: 'crashed' }),
      sync.fn.metricThrottles({ period, statistic: 'sum', label: 'throttled' }),
    ]),
  ];
}

function apiGraphs({ store, api }: OperationsProps): IWidget[] {
  const period = Duration.minutes(5);
  const throttled = (metricName: string, label: string) =>
    new Metric({
      ...{ namespace: 'AWS/DynamoDB', metricName, label },
      ...{ dimensionsMap: { TableName: store.table.tableName }, statistic: 'sum', period },
    });
  return [
    graph('API: requests', [api.httpApi.metricCount({ period, statistic: 'sum', label: 'requests' })]),
    graph('API: errors', [
      api.httpApi.metricServerError({ period, statistic: 'sum', label: 'of the server (5xx)' }),
      api.httpApi.metricClientError({ period, statistic: 'sum', label: 'of the client (4xx)' }),
      api.api.fn.metricThrottles({ period, statistic: 'sum', label: 'throttled' }),
    ]),
    graph('API: latency (ms)', [
      api.httpApi.metricLatency({ period, statistic: 'p50', label: 'p50' }),
      api.httpApi.metricLatency({ period, statistic: 'p99', label: 'p99' }),
    ]),
    graph('Table: throttled', [
      throttled('ReadThrottleEvents', 'reads'),
      throttled('WriteThrottleEvents', 'writes'),
    ]),
  ];
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: WIDTH / 4, height: 6, leftYAxis: { min: 0 } });
}
