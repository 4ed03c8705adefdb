import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FAILURE_KINDS } from '../../functions/metrics.ts';
import {
  customers,
  flatten,
  resource,
  resources,
  type Statement,
  type Synthesis,
  statementsOf,
} from './synthesis.ts';

const customerIds = customers.map(({ id }) => id);

/** How a stack is watched: alarms, their entries in the runbook, the dashboard, the canary. Part of stack.test.ts. */
export function describeOperations(made: Synthesis): void {
  const templates = new Map(customerIds.map(id => [id, made.template(id)]));
  const of = (id: string) => {
    const template = templates.get(id);
    assert.ok(template, `no customer ${id}`);
    return template;
  };
  const alarmsOf = (id: string) =>
    [...resources(of(id), 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) => Properties);
  const namesOf = (id: string) =>
    alarmsOf(id).map(({ AlarmName }) => String(AlarmName).replace(`mailferry-${id}-`, ''));
  const alarm = (id: string, name: string) =>
    alarmsOf(id).find(({ AlarmName }) => AlarmName === `mailferry-${id}-${name}`);

  const usual = ['dispatch-silent', 'queue-age', 'dead-letters', 'failures', 'api-errors', 'sweep-silent'];

  describe('the alarms', () => {
    it('are few where nobody asks for more, because each costs in an idle stack as well', () => {
      assert.deepEqual(namesOf('harbour-books'), usual);
      assert.deepEqual(namesOf('north-quay'), [...usual, 'lag', 'quarantine', 'throttles', 'canary']);
      const all = customerIds.flatMap(alarmsOf);
      // A metric each: an alarm on an expression costs once for each metric in it.
      for (const { MetricName, Metrics } of all) assert.ok(MetricName && !Metrics, 'looks at one metric');
    });

    it('each tell somebody, and name their entry in the runbook', () => {
      for (const id of customerIds) {
        for (const { AlarmName, AlarmActions, AlarmDescription } of alarmsOf(id)) {
          assert.equal(AlarmActions.length, 1, AlarmName);
          const name = AlarmName.replace(`mailferry-${id}-`, '');
          assert.match(AlarmDescription, new RegExp(`^[A-Z].*\\. What to do: docs/runbook\\.md#${name}$`));
        }
        const [, { Properties }] = resource(of(id), 'AWS::SNS::Subscription', 'Operations');
        assert.equal(Properties.Protocol, 'email');
        assert.match(Properties.Endpoint, /@/);
        const [, topic] = resource(of(id), 'AWS::SNS::TopicPolicy', 'Operations');
        const publishers = topic.Properties.PolicyDocument.Statement.filter(
          ({ Effect }: Statement) => Effect === 'Allow',
        ).map((allowed: { Principal: unknown; Action: string }) => [allowed.Principal, allowed.Action]);
        assert.deepEqual(publishers, [[{ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish']]);
      }
    });

    it('take it for bad news when what is woken by a schedule is silent, or never well', () => {
      const silent = { dispatch: 300, sweep: 86_400 };
      for (const [name, seconds] of Object.entries(silent)) {
        const found = alarm('harbour-books', `${name}-silent`);
        const { MetricName, Statistic, Threshold, Period, EvaluationPeriods, TreatMissingData } = found;
        assert.deepEqual([MetricName, Statistic, Threshold], ['Errors', 'Minimum', 0]);
        assert.deepEqual([Period, EvaluationPeriods, TreatMissingData], [seconds, 2, 'breaching']);
        assert.match(flatten(found.Dimensions[0].Value), new RegExp(`${name}Function`, 'i'));
      }
      for (const name of ['queue-age', 'dead-letters', 'failures', 'api-errors']) {
        assert.equal(alarm('harbour-books', name).TreatMissingData, 'notBreaching', name);
      }
    });

    it('look at the metrics that sync writes for this customer', () => {
      const metric = (name: string) => {
        const { Namespace, MetricName, Dimensions, Threshold } = alarm('north-quay', name);
        return { Namespace, MetricName, Dimensions, Threshold };
      };
      const service = { Name: 'service', Value: 'north-quay' };
      const mine = { Namespace: 'Mailferry', Dimensions: [service] };
      assert.deepEqual(metric('failures'), { ...mine, MetricName: 'Failures', Threshold: 200 });
      assert.deepEqual(metric('lag'), { ...mine, MetricName: 'Lag', Threshold: 900 });
      const [{ Value: kind }] = metric('quarantine').Dimensions;
      assert.ok(FAILURE_KINDS.includes(kind), kind);
      const sync = resource(of('north-quay'), 'AWS::Lambda::Function', 'SyncPipelineSync')[1].Properties;
      assert.equal(sync.Environment.Variables.METRICS_SERVICE, 'north-quay');
    });
  });

  describe('docs/runbook.md', () => {
    const entries = entriesOf(readFileSync('docs/runbook.md', 'utf8'));

    it('has an entry for each alarm and for the budget, and no other', () => {
      const names = new Set([...customerIds.flatMap(namesOf), 'budget']);
      assert.deepEqual([...entries.keys()].sort(), [...names].sort());
    });

    it('says of each what it means, how to look into it and what to do', () => {
      for (const [name, parts] of entries) {
        assert.deepEqual([...parts.keys()], ['Description', 'Investigation', 'Resolution'], name);
        for (const [part, text] of parts) assert.ok(text.length > 60, `${name}: ${part} is empty`);
        assert.match(parts.get('Investigation') ?? '', /^ {4}\S/m, `${name}: no command to look into it`);
      }
    });

    it('says what to do about every kind of failure', () => {
      const text = [...(entries.get('failures') ?? [])].join();
      for (const kind of FAILURE_KINDS) assert.match(text, new RegExp(`\`${kind}\``), kind);
    });

    it('names log groups, outputs and resources as they are', () => {
      const text = readFileSync('docs/runbook.md', 'utf8');
      const groups = [...resources(of('north-quay'), 'AWS::Logs::LogGroup').values()].map(({ Properties }) =>
        String(Properties.LogGroupName).replace('/mailferry/north-quay/', ''),
      );
      for (const [, group] of text.matchAll(/^ {4}(?:errors|logs) ([a-z-]+)/gm)) {
        assert.ok(groups.includes(group ?? ''), `no log ${group}`);
      }
      const outputs = Object.keys(of('north-quay').findOutputs('*'));
      for (const [, output] of text.matchAll(/\$\(output (\w+)\)/g)) {
        assert.ok(outputs.includes(output ?? ''), `no output ${output}`);
      }
      const ids = Object.keys(of('north-quay').toJSON().Resources);
      // As the command `resource` of the runbook finds them.
      for (const [, name] of text.matchAll(/\$\(resource (\w+)\)/g)) {
        assert.equal(
          ids.filter(id => id.startsWith(name ?? '') && id.length === (name ?? '').length + 8).length,
          1,
          name,
        );
      }
    });
  });

  describe('the dashboard', () => {
    const bodyOf = (id: string) => {
      const [, { Properties }] = resource(of(id), 'AWS::CloudWatch::Dashboard', 'Operations');
      assert.equal(Properties.DashboardName, `mailferry-${id}`);
      return JSON.parse(flatten(Properties.DashboardBody)).widgets as Widget[];
    };

    it('answers first, in words and single values, whether this mail flows', () => {
      const [words, alarms, ...others] = bodyOf('harbour-books');
      assert.match(words?.properties.markdown ?? '', /^# Is the mail of harbour-books flowing\?/);
      assert.equal(alarms?.properties.alarms?.length, usual.length);
      const values = others.filter(({ properties }) => properties.view === 'singleValue');
      assert.deepEqual(
        values.map(({ properties }) => properties.title),
        [
          ...['Oldest waiting pull (seconds)', 'Messages pulled', 'Lag of pulls (seconds)', 'Failures'],
          ...['Dead letters', 'API errors', 'API latency (ms)'],
        ],
      );
      assert.equal(
        values.reduce((width, widget) => width + widget.width, 0),
        24,
      );
    });

    it('can be switched off, because the fourth of an AWS account costs as much as the rest of an idle stack', () => {
      assert.equal(resources(of('elm-school'), 'AWS::CloudWatch::Dashboard').size, 0);
    });
  });

  describe('the canary', () => {
    it('is off where nobody asks for it', () => {
      const ids = [...resources(of('harbour-books'), 'AWS::Lambda::Function').keys()];
      assert.ok(!ids.some(id => /canary/i.test(id)), String(ids));
    });

    it('asks at the app’s address, may write its own log, and nothing else', () => {
      const template = of('north-quay');
      const [, { Properties }] = resource(template, 'AWS::Lambda::Function', 'OperationsCanaryFunction');
      assert.equal(Properties.Environment.Variables.APP_ADDRESS, 'https://mail.north-quay.example');
      const [logId] = resource(template, 'AWS::Logs::LogGroup', 'OperationsCanary');
      assert.deepEqual(statementsOf(template, 'OperationsCanaryFunctionRole'), [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: [`<${logId}.Arn>`],
        },
      ]);
      const { Period, EvaluationPeriods, TreatMissingData } = alarm('north-quay', 'canary');
      assert.deepEqual([Period, EvaluationPeriods, TreatMissingData], [120, 2, 'breaching']);
      const [, schedule] = resource(template, 'AWS::Scheduler::Schedule', 'OperationsCanary');
      assert.equal(schedule.Properties.ScheduleExpression, 'rate(2 minutes)');
    });
  });
}

interface Widget {
  width: number;
  properties: { title?: string; markdown?: string; view?: string; alarms?: string[] };
}

/** The entries of the runbook (`## name`), each with its parts (`### Part`) and their text. */
function entriesOf(text: string): Map<string, Map<string, string>> {
  const [, ...sections] = text.split(/^## /m);
  return new Map(
    sections.map(section => {
      const [head = '', ...parts] = section.split(/^### /m);
      const texts = parts.map((part): [string, string] => {
        const end = part.indexOf('\n');
        return [part.slice(0, end).trim(), part.slice(end).trimEnd()];
      });
      return [head.trim(), new Map(texts)];
    }),
  );
}
