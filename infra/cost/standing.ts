import type { Line } from './prices.ts';

/** What a stack costs before anybody has mail in it, read from its template. */

/** A resource of a CloudFormation template, as far as its price goes. */
export interface TemplateResource {
  Type: string;
  Properties?: Readonly<Record<string, unknown>>;
}

/** Hours and days of a mean month. */
export const MONTH_DAYS = 365 / 12;
export const MONTH_MINUTES = MONTH_DAYS * 24 * 60;

/**
 * Lambda watches a queue with five pollers at least, each by long polls of 20 seconds: they are paid for whether or not
 * anything comes.
 */
const POLLERS = 5;
const POLLS_A_MINUTE = 3;
/**
 * DynamoDB, S3 and SQS ask for a data key again each five minutes (table) or hour (bucket key, queue) for each role that
 * is at work; idle, that is dispatch and what watches the queue.
 */
const KEY_REQUESTS_AN_HOUR = 12 + 2;

/** The lines that follow from the resources of a stack alone. Pure. */
export function standingLines(resources: Readonly<Record<string, TemplateResource>>): Line[] {
  const all = Object.values(resources);
  const count = (type: string) => all.filter(({ Type }) => Type === type).length;
  const line = (what: string, price: Line['price'], quantity: number): Line[] =>
    quantity > 0 ? [{ part: 'standing', what, price, quantity }] : [];
  const hasQueue = count('AWS::Lambda::EventSourceMapping') > 0;
  return [
    ...line('keys', 'kmsKey', count('AWS::KMS::Key')),
    ...line(
      'their use',
      'kmsRequest',
      count('AWS::KMS::Key') > 0 ? KEY_REQUESTS_AN_HOUR * 24 * MONTH_DAYS : 0,
    ),
    ...line('alarms', 'alarm', alarmMetrics(all)),
    ...line('composite alarms', 'compositeAlarm', count('AWS::CloudWatch::CompositeAlarm')),
    ...line('dashboards', 'dashboard', count('AWS::CloudWatch::Dashboard')),
    ...line('canary', 'canaryRun', canaryRuns(all)),
    ...line('firewall', 'wafAcl', count('AWS::WAFv2::WebACL')),
    ...line('rules of the firewall', 'wafRule', firewallRules(all)),
    ...line('listening at the queue', 'sqsRequest', hasQueue ? POLLERS * POLLS_A_MINUTE * MONTH_MINUTES : 0),
    ...line('schedules', 'schedule', scheduledRuns(all)),
  ];
}

/** An alarm costs for each metric that it looks at. */
function alarmMetrics(all: readonly TemplateResource[]): number {
  return of(all, 'AWS::CloudWatch::Alarm').reduce((sum, { Metrics }) => {
    const metrics = Array.isArray(Metrics) ? Metrics.filter(one => one.MetricStat !== undefined).length : 1;
    return sum + Math.max(1, metrics);
  }, 0);
}

function firewallRules(all: readonly TemplateResource[]): number {
  return of(all, 'AWS::WAFv2::WebACL').reduce(
    (sum, { Rules }) => sum + (Array.isArray(Rules) ? Rules.length : 0),
    0,
  );
}

function scheduledRuns(all: readonly TemplateResource[]): number {
  return of(all, 'AWS::Scheduler::Schedule').reduce(
    (sum, { ScheduleExpression }) => sum + runsAMonth(String(ScheduleExpression)),
    0,
  );
}

function canaryRuns(all: readonly TemplateResource[]): number {
  return of(all, 'AWS::Synthetics::Canary').reduce((sum, { Schedule }) => {
    return sum + runsAMonth(String((Schedule as { Expression?: string } | undefined)?.Expression));
  }, 0);
}

/** Runs in a month of `rate(5 minutes)` and its like; 0 for what is no rate. */
export function runsAMonth(expression: string): number {
  const [, number = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = { minute: 1, hour: 60, day: 1_440 }[unit];
  return minutes === undefined ? 0 : MONTH_MINUTES / (Number(number) * minutes);
}

const of = (all: readonly TemplateResource[], type: string): Readonly<Record<string, unknown>>[] =>
  all.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
