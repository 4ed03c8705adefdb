import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  allIdentityStatements,
  flatten,
  resource,
  resources,
  type Statement,
  statement,
  statementsOf,
  synthesis,
} from './synthesis.ts';

const made = synthesis();
after(() => made.remove());

const roles = {
  dispatch: 'SyncPipelineDispatchRole',
  sync: 'SyncPipelineSyncRole',
  api: 'DeviceApiHandlerRole',
  sweep: 'SweepFunctionRole',
};

for (const customer of ['harbour-books', 'north-quay']) {
  const template = made.template(customer);
  const idOf = (type: string, prefix: string) => resource(template, type, prefix)[0];
  const vaultKey = `<${idOf('AWS::KMS::Key', 'MailStoreVaultKey')}.Arn>`;
  const dataKey = `<${idOf('AWS::KMS::Key', 'MailStoreDataKey')}.Arn>`;
  const table = `<${idOf('AWS::DynamoDB::GlobalTable', 'MailStoreTable')}.Arn>`;
  const bucket = `<${idOf('AWS::S3::Bucket', 'MailStoreMailBucket')}.Arn>`;
  const queue = `<${idOf('AWS::SQS::Queue', 'SyncPipelineQueue')}.Arn>`;
  const sync = `<${idOf('AWS::Lambda::Function', 'SyncPipelineSync')}.Arn>`;

  /** Actions that a role may do on a resource, sorted. */
  const allowed = (role: keyof typeof roles, on: string) =>
    statementsOf(template, roles[role])
      .filter(({ Effect, Resource }) => Effect === 'Allow' && Resource.includes(on))
      .flatMap(({ Action }) => Action)
      .sort();
  const services = (role: keyof typeof roles) =>
    [...new Set(statementsOf(template, roles[role]).flatMap(({ Action }) => Action.map(service)))].sort();

  describe(`in the stack of ${customer}`, () => {
    it('the API seals credentials and cannot open them, nor sign what is pushed to devices', () => {
      assert.deepEqual(allowed('api', vaultKey), ['kms:GenerateDataKeyPairWithoutPlaintext']);
    });

    it('sync alone may open credentials and sign pushes, and use the key for nothing else', () => {
      const openers = allIdentityStatements(template).filter(({ statement }) =>
        statement.Action.some(action => action.startsWith('kms:') && statement.Resource.includes(vaultKey)),
      );
      const byRole = openers.map(({ roles, statement }) => ({ roles, actions: statement.Action }));
      assert.deepEqual(sorted(byRole), [
        { roles: idOf('AWS::IAM::Role', roles.api), actions: ['kms:GenerateDataKeyPairWithoutPlaintext'] },
        { roles: idOf('AWS::IAM::Role', roles.sync), actions: ['kms:Decrypt'] },
      ]);
      for (const { statement } of openers) {
        assert.deepEqual(statement.Condition, {
          StringEquals: { 'kms:EncryptionContext:mailferry': ['vault', 'push'] },
        });
      }
    });

    it('the vault key itself refuses to be opened by anyone but sync', () => {
      const [, key] = resource(template, 'AWS::KMS::Key', 'MailStoreVaultKey');
      const denials = key.Properties.KeyPolicy.Statement.map(statement).filter(
        ({ Effect }: Statement) => Effect === 'Deny',
      );
      assert.equal(denials.length, 1);
      const [denial] = denials;
      assert.deepEqual(denial.Action.sort(), ['kms:CreateGrant', 'kms:Decrypt', 'kms:ReEncryptFrom']);
      assert.deepEqual(denial.Principal, { AWS: '*' });
      assert.equal(
        flatten(denial.Condition.ArnNotEquals['aws:PrincipalArn']),
        `<${idOf('AWS::IAM::Role', roles.sync)}.Arn>`,
      );
    });

    it('dispatch sees what is due and cannot read mail', () => {
      assert.deepEqual(services('dispatch'), ['dynamodb', 'kms', 'logs', 'sqs']);
      assert.deepEqual(allowed('dispatch', table), ['dynamodb:Query']);
      assert.deepEqual(allowed('dispatch', queue), ['sqs:SendMessage']);
      const query = statementsOf(template, roles.dispatch).find(({ Resource }) => Resource.includes(table));
      assert.deepEqual(query?.Condition, {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['DUE'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    });

    it('the API reads and adds messages, parts and uploads, and deletes none', () => {
      assert.deepEqual(services('api'), ['dynamodb', 'kms', 'lambda', 'logs', 's3', 'sqs']);
      for (const below of ['raw', 'part', 'upload']) {
        assert.deepEqual(allowed('api', `${bucket}/${below}/*`), ['s3:GetObject', 's3:PutObject']);
      }
      assert.deepEqual(allowed('api', `${bucket}/export/*`), ['s3:GetObject'], 'exports are sync’s to write');
      assert.deepEqual(allowed('api', bucket), ['s3:ListBucket']);
      assert.deepEqual(allowed('api', queue), ['sqs:SendMessage']);
      assert.deepEqual(allowed('api', sync), ['lambda:InvokeFunction']);
    });

    it('sync can do what a pull needs', () => {
      const secrets = customer === 'north-quay' ? ['ssm'] : [];
      assert.deepEqual(services('sync'), ['dynamodb', 'kms', 'logs', 's3', 'sqs', ...secrets]);
      const onBlobs = ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'];
      assert.deepEqual(allowed('sync', `${bucket}/raw/*`), onBlobs);
      assert.deepEqual(allowed('sync', `${bucket}/part/*`), onBlobs);
      assert.deepEqual(allowed('sync', `${bucket}/upload/*`), onBlobs);
      assert.deepEqual(allowed('sync', `${bucket}/export/*`), ['s3:AbortMultipartUpload', ...onBlobs]);
      assert.ok(allowed('sync', queue).includes('sqs:DeleteMessage'));
    });

    it('sync alone may read the secrets of OAuth clients, those that the customer’s file names', () => {
      const readers = allIdentityStatements(template).filter(({ statement }) =>
        statement.Action.some(action => /^(ssm|secretsmanager):/.test(action)),
      );
      const named = ['google', 'microsoft'].map(
        name => `arn:aws:ssm:eu-central-1:444455556666:parameter/mailferry/north-quay/${name}`,
      );
      assert.deepEqual(
        readers.map(({ roles, statement: { Action, Resource } }) => ({ roles, Action, Resource })),
        customer === 'north-quay'
          ? [
              {
                roles: idOf('AWS::IAM::Role', roles.sync),
                Action: ['ssm:GetParameter'],
                Resource: named,
              },
            ]
          : [],
      );
    });

    it('the sweep removes rows, tags messages, and can neither read, write nor delete one', () => {
      assert.deepEqual(services('sweep'), ['dynamodb', 'kms', 'logs', 's3']);
      assert.deepEqual(allowed('sweep', table), [
        'dynamodb:BatchGetItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ]);
      const only = (action: string) =>
        statementsOf(template, roles.sweep).filter(({ Action }) => Action.includes(action));
      const [put] = only('dynamodb:PutItem');
      assert.deepEqual(put?.Action, ['dynamodb:PutItem']);
      assert.deepEqual(put?.Condition, {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['DUE'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
      assert.deepEqual(allowed('sweep', `${bucket}/raw/*`), ['s3:PutObjectVersionTagging']);
      for (const below of ['part', 'upload', 'export']) {
        assert.deepEqual(allowed('sweep', `${bucket}/${below}/*`), []);
      }
      assert.deepEqual(allowed('sweep', bucket), ['s3:ListBucket', 's3:ListBucketVersions']);
      const [versions] = only('s3:ListBucketVersions');
      assert.deepEqual(versions?.Condition, { StringLike: { 's3:prefix': 'raw/*' } });
    });

    it('no function scans, changes or deletes the table', () => {
      const rows = [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ];
      assert.deepEqual(allowed('api', table), rows);
      assert.deepEqual(allowed('sync', table), rows);
    });

    it('the data key works only through the services that hold data', () => {
      const through = (role: keyof typeof roles) =>
        statementsOf(template, roles[role])
          .filter(({ Resource }) => Resource.includes(dataKey))
          .flatMap(({ Condition }) => Condition?.StringEquals?.['kms:ViaService'] as string[])
          .map(name => name.split('.')[0]);
      assert.deepEqual(through('dispatch'), ['dynamodb', 'sqs']);
      assert.deepEqual(through('api'), ['dynamodb', 's3', 'sqs']);
      assert.deepEqual(through('sync'), ['dynamodb', 's3', 'sqs']);
      assert.deepEqual(through('sweep'), ['dynamodb']);
    });

    it('no role has a wildcard action, and a wildcard resource only below a bucket', () => {
      const statements = allIdentityStatements(template).map(({ statement }) => statement);
      assert.ok(statements.length > 15);
      assert.deepEqual(
        statements.flatMap(({ Action }) => Action).filter(action => action.includes('*')),
        [],
      );
      const wild = statements.flatMap(({ Resource }) => Resource).filter(name => name.includes('*'));
      const appBucket = `<${idOf('AWS::S3::Bucket', 'WebAppBucket')}.Arn>`;
      const assets = wild.filter(name =>
        /^arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-[a-z0-9-]+\/\*$/.test(name),
      );
      assert.equal(assets.length, 1);
      assert.deepEqual(
        [...new Set(wild)].sort(),
        [
          ...assets,
          `${bucket}/export/*`,
          `${bucket}/part/*`,
          `${bucket}/raw/*`,
          `${bucket}/upload/*`,
          `${appBucket}/*`,
        ].sort(),
      );
    });

    it('every function has a role of its own', () => {
      const used = [...resources(template, 'AWS::Lambda::Function').values()].map(fn =>
        flatten(fn.Properties.Role),
      );
      assert.equal(new Set(used).size, used.length);
    });
  });
}

const service = (action: string) => action.split(':')[0];
const sorted = <Item extends { roles: string }>(items: Item[]) =>
  items.sort((a, b) => a.roles.localeCompare(b.roles));
