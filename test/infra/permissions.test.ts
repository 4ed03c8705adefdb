import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { mayDo } from './iam.ts';
import {
  allIdentityStatements,
  bucketPolicy,
  customers,
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
  sweep: 'MailStoreSweepFunctionRole',
};

for (const { id: customer, region } of customers) {
  const template = made.template(customer);
  const idOf = (type: string, prefix: string) => resource(template, type, prefix)[0];
  const key = `<${idOf('AWS::KMS::Key', 'MailStoreKey')}.Arn>`;
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
    describe('with the one key', () => {
      const privateKey = { 'kms:EncryptionContext:mailferry': 'vault' };
      const through = (service: string) => ({ 'kms:ViaService': `${service}.${region}.amazonaws.com` });
      const ofRow = { ...through('dynamodb'), 'kms:EncryptionContext:aws:dynamodb:tableName': 'mail' };
      /** Who may do this with the key, of all roles of the stack. */
      const who = (action: string, context: Record<string, string>) =>
        [...resources(template, 'AWS::IAM::Role').keys()]
          .filter(role => mayDo(template, role, { action, resource: key, context }))
          .map(id => nameOf(id))
          .sort();

      it('sync alone opens credentials, and signs what is pushed to devices', () => {
        assert.deepEqual(who('kms:Decrypt', privateKey), ['sync']);
        assert.deepEqual(who('kms:Decrypt', { 'kms:EncryptionContext:mailferry': 'push' }), ['sync']);
        assert.deepEqual(who('kms:Decrypt', { 'kms:EncryptionContext:mailferry': 'more' }), []);
        for (const service of ['dynamodb', 's3', 'sqs', 'sns', 'lambda']) {
          const opened = who('kms:Decrypt', { ...privateKey, ...through(service) });
          assert.deepEqual(opened, ['sync'], `by way of ${service}`);
        }
      });

      it('the API seals: with sync it may make the key pair, and never sees the private half', () => {
        const makers = who('kms:GenerateDataKeyPairWithoutPlaintext', privateKey);
        assert.deepEqual(makers, ['api']);
        assert.deepEqual(who('kms:GenerateDataKeyPairWithoutPlaintext', {}), []);
        for (const action of [
          'kms:GenerateDataKeyPair',
          'kms:ReEncryptFrom',
          'kms:CreateGrant',
          'kms:Encrypt',
        ]) {
          assert.deepEqual(who(action, privateKey), [], action);
          assert.deepEqual(who(action, { ...privateKey, ...ofRow }), [], `${action} by way of DynamoDB`);
        }
      });

      it('nobody decrypts data but by way of the services that hold it', () => {
        assert.deepEqual(who('kms:Decrypt', {}), []);
        assert.deepEqual(who('kms:GenerateDataKey', {}), []);
        assert.deepEqual(who('kms:Decrypt', ofRow), ['api', 'dispatch', 'sweep', 'sync']);
        assert.deepEqual(who('kms:Decrypt', through('s3')), ['api', 'sync']);
        assert.deepEqual(who('kms:Decrypt', through('sqs')), ['api', 'dispatch', 'sync']);
        assert.deepEqual(who('kms:Decrypt', through('secretsmanager')), []);
      });

      it('nobody changes it, gives it to others, or lets it go', () => {
        for (const action of [
          'PutKeyPolicy',
          'CreateGrant',
          'ScheduleKeyDeletion',
          'DisableKey',
          'CreateAlias',
        ]) {
          assert.deepEqual(who(`kms:${action}`, {}), [], action);
        }
      });
    });

    it('the key itself refuses to open credentials, whatever a policy elsewhere allows', () => {
      const [, { Properties }] = resource(template, 'AWS::KMS::Key', 'MailStoreKey');
      const denials = Properties.KeyPolicy.Statement.map(statement).filter(
        ({ Effect }: Statement) => Effect === 'Deny',
      );
      assert.deepEqual(
        denials.map(({ Sid, Action, Principal, Condition }: Statement) => ({
          Sid,
          Action,
          Principal,
          Condition,
        })),
        [
          {
            Sid: 'OnlySyncOpensTheVault',
            Action: ['kms:Decrypt', 'kms:ReEncryptFrom'],
            Principal: { AWS: '*' },
            Condition: {
              ArnNotEquals: {
                'aws:PrincipalArn': { 'Fn::GetAtt': [idOf('AWS::IAM::Role', roles.sync), 'Arn'] },
              },
              Null: { 'kms:EncryptionContext:mailferry': 'false' },
            },
          },
          {
            Sid: 'GrantsForAwsServicesOnly',
            Action: ['kms:CreateGrant'],
            Principal: { AWS: '*' },
            Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
          },
        ],
      );
    });

    it('there is one key, for there is a dollar a month to pay for each', () => {
      assert.equal(resources(template, 'AWS::KMS::Key').size, 1);
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

    it('nothing but Lambda acts as one of the functions, and no policy of the mail bucket lets others in', () => {
      for (const prefix of Object.values(roles)) {
        const [, { Properties }] = resource(template, 'AWS::IAM::Role', prefix);
        assert.deepEqual(Properties.AssumeRolePolicyDocument.Statement, [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ]);
      }
      const mailBucket = idOf('AWS::S3::Bucket', 'MailStoreMailBucket');
      const allowing = bucketPolicy(template, mailBucket).filter(({ Effect }) => Effect === 'Allow');
      assert.deepEqual(allowing, []);
    });

    it('nothing in it names, takes from or gives to the stack of another customer', () => {
      const text = JSON.stringify(template.toJSON());
      const others = customers.map(({ id }) => id).filter(id => id !== customer);
      assert.ok(others.length > 2, 'there are others');
      assert.deepEqual(
        others.filter(id => text.includes(id)),
        [],
      );
      assert.equal(text.includes('Fn::ImportValue'), false);
      // What is no resource of this template by reference has the customer in its name, but for the files of the CDK.
      const named = allIdentityStatements(template)
        .flatMap(({ statement }) => statement.Resource)
        .filter(name => !name.startsWith('<') && !name.includes(customer))
        .filter(name => !name.includes(':s3:::cdk-hnb659fds-assets-'));
      assert.deepEqual(named, []);
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

/** What a role is called here; its logical id where it is not that of one of the four functions. */
function nameOf(roleId: string): string {
  return Object.entries(roles).find(([, prefix]) => roleId.startsWith(prefix))?.[0] ?? roleId;
}
