import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { deletionPlan } from '../../infra/operator/delete-plan.ts';
import { PARTS } from '../../infra/operator/stack.ts';
import { describeOperations } from './operations.ts';
import { describeSnapshots } from './snapshots.ts';
import {
  bucketPolicy,
  flatten,
  type Resource,
  resource,
  resources,
  type Statement,
  synthesis,
} from './synthesis.ts';

interface Retained {
  DeletionPolicy?: string;
}

const made = synthesis();
after(() => made.remove());
const customers = ['harbour-books', 'north-quay'] as const;
const templates = {
  'harbour-books': made.template('harbour-books'),
  'north-quay': made.template('north-quay'),
};

for (const customer of customers) {
  const template = templates[customer];
  const find = (type: string, prefix: string) => resource(template, type, prefix)[1].Properties;

  describe(`the stack of ${customer}`, () => {
    it('keeps mail encrypted, versioned and out of public reach', () => {
      const bucket = find('AWS::S3::Bucket', 'MailStoreMailBucket');
      assert.equal(bucket.VersioningConfiguration.Status, 'Enabled');
      const [rule] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
      assert.equal(rule.BucketKeyEnabled, true);
      assert.equal(rule.ServerSideEncryptionByDefault.SSEAlgorithm, 'aws:kms');
      assert.match(flatten(rule.ServerSideEncryptionByDefault.KMSMasterKeyID), /^<MailStoreKey/);
    });

    it('has no bucket that is public or answers without TLS', () => {
      const buckets = [...resources(template, 'AWS::S3::Bucket')];
      assert.equal(buckets.length, 3);
      for (const [id, { Properties }] of buckets) {
        assert.deepEqual(
          Properties.PublicAccessBlockConfiguration,
          {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          id,
        );
        assert.ok(refusesPlainHttp(bucketPolicy(template, id)), `${id} answers without TLS`);
      }
    });

    it('encrypts queues and alarms with the customer’s key, and takes nothing without TLS', () => {
      for (const [id, { Properties }] of resources(template, 'AWS::SQS::Queue'))
        assert.match(flatten(Properties.KmsMasterKeyId), /^<MailStoreKey/, id);
      const [[topic, { Properties }] = ['', { Properties: {} }]] = resources(template, 'AWS::SNS::Topic');
      assert.match(flatten(Properties.KmsMasterKeyId), /^<MailStoreKey/, topic);
      const policies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap(type => [
        ...resources(template, type),
      ]);
      assert.equal(policies.length, 3);
      for (const [id, policy] of policies) {
        const refusals = policy.Properties.PolicyDocument.Statement.filter(
          ({ Effect, Condition }: Statement) =>
            Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
        );
        assert.equal(refusals.length, 1, id);
      }
      const mailBucket = resource(template, 'AWS::S3::Bucket', 'MailStoreMailBucket')[0];
      const old = bucketPolicy(template, mailBucket).find(({ Condition }) => Condition?.NumericLessThan);
      assert.deepEqual(
        [old?.Effect, old?.Condition],
        ['Deny', { NumericLessThan: { 's3:TlsVersion': 1.2 } }],
      );
    });

    it('keeps what holds mail and who may read it when the stack goes', () => {
      const kept = Object.entries(template.toJSON().Resources as Record<string, { DeletionPolicy?: string }>)
        .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain')
        .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
      assert.deepEqual(kept.sort(), [
        'IdentityUserPool',
        'MailStoreKey',
        'MailStoreMailBucket',
        'MailStoreTable',
      ]);
      assert.equal(find('AWS::Cognito::UserPool', 'Identity').DeletionProtection, 'ACTIVE');
    });

    it('forgets decoded parts after a day, uploads and exports after a week, and of messages what is discarded', () => {
      const rules = find('AWS::S3::Bucket', 'MailStoreMailBucket').LifecycleConfiguration.Rules;
      const expiring = rules.filter(
        (rule: { ExpirationInDays?: number }) => rule.ExpirationInDays !== undefined,
      );
      const days = expiring.map((rule: { Prefix: string; ExpirationInDays: number }) => [
        rule.Prefix,
        rule.ExpirationInDays,
      ]);
      assert.deepEqual(days, [
        ['part/', 1],
        ['upload/', 7],
        ['export/', 8],
        ['raw/', 1],
      ]);
      const [discarded, ...more] = expiring.filter(({ Prefix }: { Prefix: string }) => Prefix === 'raw/');
      assert.deepEqual(discarded.TagFilters, [{ Key: 'mailferry', Value: 'discarded' }]);
      assert.deepEqual(more, []);
    });

    it('keeps the table through mistakes', () => {
      const { Properties, ...table } = resource(template, 'AWS::DynamoDB::GlobalTable', 'MailStoreTable')[1];
      const [replica] = Properties.Replicas;
      assert.equal(replica.DeletionProtectionEnabled, true);
      assert.equal(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, true);
      assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST');
      assert.deepEqual(Properties.TimeToLiveSpecification, { AttributeName: 'expires', Enabled: true });
      const schema = Properties.KeySchema.map((key: { AttributeName: string }) => key.AttributeName);
      assert.deepEqual(schema, ['pk', 'sk']);
      assert.equal((table as { DeletionPolicy?: string }).DeletionPolicy, 'Retain');
    });

    it('wakes dispatch every minute with the time it was meant for', () => {
      const schedule = find('AWS::Scheduler::Schedule', 'SyncPipeline');
      assert.equal(schedule.ScheduleExpression, 'rate(1 minute)');
      assert.deepEqual(JSON.parse(schedule.Target.Input), { time: '<aws.scheduler.scheduled-time>' });
    });

    it('wakes the sweep every day', () => {
      const schedule = find('AWS::Scheduler::Schedule', 'MailStoreSweepEveryDay');
      assert.equal(schedule.ScheduleExpression, 'rate(1 day)');
      assert.deepEqual(JSON.parse(schedule.Target.Input), { time: '<aws.scheduler.scheduled-time>' });
    });

    it('hands work to sync once at a time, and sets aside what keeps failing', () => {
      const queue = find('AWS::SQS::Queue', 'SyncPipelineQueue');
      const sync = find('AWS::Lambda::Function', 'SyncPipelineSync');
      assert.equal(queue.VisibilityTimeout, 6 * sync.Timeout);
      assert.equal(queue.RedrivePolicy.maxReceiveCount, 3);
      assert.match(flatten(queue.RedrivePolicy.deadLetterTargetArn), /DeadLetterQueue/);
      const mapping = find('AWS::Lambda::EventSourceMapping', 'SyncPipeline');
      assert.deepEqual(mapping.FunctionResponseTypes, ['ReportBatchItemFailures']);
      const most = { 'harbour-books': 10, 'north-quay': 50 }[customer];
      assert.equal(mapping.ScalingConfig.MaximumConcurrency, most, 'not more pulls at a time');
      const waits = find('AWS::SQS::Queue', 'SyncPipelineDeadLetterQueue').MessageRetentionPeriod;
      assert.equal(waits, 14 * 86_400, 'as long as SQS keeps a message');
    });

    it('gives each function the environment it reads, and no secret', () => {
      const names = (prefix: string) =>
        Object.keys(find('AWS::Lambda::Function', prefix).Environment.Variables)
          .filter(name => name !== 'NODE_OPTIONS')
          .sort();
      assert.deepEqual(names('SyncPipelineDispatch'), ['QUEUE_URL', 'TABLE_NAME']);
      const deletion = ['DELETION_MINIMUM_DAYS', 'DELETION_POLICIES'];
      const both = [
        'ALLOW_PRIVATE_HOSTS',
        'BUCKET_NAME',
        ...deletion,
        'QUEUE_URL',
        'TABLE_NAME',
        'VAULT_KEY_ID',
      ];
      const oauth = customer === 'north-quay' ? ['OAUTH_CLIENTS'] : [];
      assert.deepEqual(
        names('SyncPipelineSync'),
        [...both, ...oauth, 'METRICS_SERVICE', 'PUSH_CONTACT'].sort(),
      );
      assert.deepEqual(names('MailStoreSweepFunction'), ['BUCKET_NAME', 'TABLE_NAME']);
      assert.deepEqual(names('DeviceApiHandler'), [...both, ...oauth, 'SYNC_FUNCTION_NAME'].sort());
    });

    it('keeps logs only as long as the customer wants', () => {
      const groups = [...resources(template, 'AWS::Logs::LogGroup')];
      const days = { 'harbour-books': 90, 'north-quay': 365 }[customer];
      for (const [id, { Properties }] of groups) {
        assert.equal(Properties.RetentionInDays, id.startsWith('WebAppPublish') ? 30 : days, id);
      }
    });

    it('has the parts that the commands of the operator look for', () => {
      for (const [name, [type, prefix]] of Object.entries(PARTS)) {
        const found = [...resources(template, type).keys()].filter(id => id.startsWith(prefix));
        assert.equal(found.length, 1, `${name}: ${found}`);
      }
    });

    it('leaves nothing behind that the operator’s delete does not know', () => {
      const all = Object.entries(template.toJSON().Resources as Record<string, Resource & Retained>);
      const outlives = all.filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'));
      const left = outlives.map(([logicalId, { Type }]) => ({
        ...{ logicalId, type: Type, physicalId: logicalId, status: 'DELETE_SKIPPED' },
      }));
      const stack = { id: '', name: '', region: '', status: 'DELETE_COMPLETE', isProtected: false };
      const steps = deletionPlan({
        ...{ stacks: [{ ...stack, resources: left }], logGroups: [], parameters: [], region: '' },
      });
      assert.ok(steps.length >= 4, 'table, bucket, key and user pool');
      assert.deepEqual(
        steps.filter(({ kind }) => kind === 'by-hand').map(({ says }) => says),
        [],
      );
      assert.equal(steps.length, left.length);
    });
  });
}

describeOperations(made);
describeSnapshots(made);

describe('what differs between customers', () => {
  it('is in the stacks', () => {
    const [plain, rich] = customers.map(id => {
      const find = (type: string, prefix: string) => resource(templates[id], type, prefix)[1].Properties;
      return {
        aliases: find('AWS::CloudFront::Distribution', 'WebApp').DistributionConfig.Aliases,
        adminOnly: find('AWS::Cognito::UserPool', 'Identity').AdminCreateUserConfig.AllowAdminCreateUserOnly,
        mfa: find('AWS::Cognito::UserPool', 'Identity').MfaConfiguration,
        concurrency: find('AWS::Lambda::EventSourceMapping', 'Sync').ScalingConfig.MaximumConcurrency,
        budget: find('AWS::Budgets::Budget', 'Operations').Budget.BudgetLimit.Amount,
        hosts: find('AWS::Lambda::Function', 'SyncPipelineSync').Environment.Variables.ALLOW_PRIVATE_HOSTS,
        secrets: ['SyncPipelineSync', 'DeviceApiHandler'].map(name => {
          const json = find('AWS::Lambda::Function', name).Environment.Variables.OAUTH_CLIENTS ?? '{}';
          return readSecretsOf(JSON.parse(json));
        }),
      };
    });
    assert.deepEqual(plain, {
      aliases: undefined,
      adminOnly: true,
      mfa: 'OPTIONAL',
      concurrency: 10,
      budget: 20,
      hosts: '',
      secrets: [[], []],
    });
    assert.deepEqual(rich, {
      aliases: ['mail.north-quay.example'],
      adminOnly: false,
      mfa: 'ON',
      concurrency: 50,
      budget: 150,
      hosts: 'imap.office.north-quay.example',
      secrets: [
        ['/mailferry/north-quay/google', '/mailferry/north-quay/microsoft'],
        ['none for google', 'none for microsoft'],
      ],
    });
  });
});

/** Where a function finds the secrets of its OAuth clients. */
const readSecretsOf = (clients: Record<string, { clientSecretParameter?: string }>) =>
  Object.entries(clients).map(([name, client]) => client.clientSecretParameter ?? `none for ${name}`);

function refusesPlainHttp(policy: readonly Statement[]): boolean {
  return policy.some(
    ({ Effect, Action, Condition }) =>
      Effect === 'Deny' && Action.includes('s3:*') && Condition?.Bool?.['aws:SecureTransport'] === 'false',
  );
}
