import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Services } from '../../functions/services.ts';
import { putAccount } from '../../functions/store/accounts.ts';
import { s3Blobs } from '../../functions/store/blobs.ts';
import { commit } from '../../functions/store/log.ts';
import { runOperator } from '../../infra/operator/commands.ts';
import { type AwsStandIn, awsStandIn } from './aws-stand-in.ts';
import { addEmails, MAILBOXES, seedAccount } from './jmap.ts';
import { S3RVER, startS3rver } from './s3rver.ts';
import { testServices, testTable } from './table.ts';

export const CUSTOMER = 'harbour-books';

const resource = (logicalId: string, type: string, physicalId: string) => ({
  ...{ logicalId, type, physicalId, status: 'CREATE_COMPLETE' },
});

/** As CDK names them; `test/infra` holds the names against the real templates. */
const resources = (endpoint: string) => [
  resource('MailStoreTableAB12', 'AWS::DynamoDB::GlobalTable', 'mailferry'),
  resource('MailStoreMailBucketAB12', 'AWS::S3::Bucket', 'mail'),
  resource('MailStoreLogsBucketAB12', 'AWS::S3::Bucket', 'logs'),
  resource('MailStoreKeyAB12', 'AWS::KMS::Key', 'key-1'),
  resource('IdentityUserPoolAB12', 'AWS::Cognito::UserPool', 'pool-1'),
  resource('SyncPipelineQueueAB12', 'AWS::SQS::Queue', `${endpoint}/1/queue`),
  resource('SyncPipelineDeadLetterQueueAB12', 'AWS::SQS::Queue', `${endpoint}/1/dead`),
  resource('SyncPipelineDispatchFunctionAB12', 'AWS::Lambda::Function', 'dispatch'),
  resource('SyncPipelineSyncFunctionAB12', 'AWS::Lambda::Function', 'sync'),
  resource('DeviceApiHandlerFunctionAB12', 'AWS::Lambda::Function', 'api'),
  resource('MailStoreSweepFunctionAB12', 'AWS::Lambda::Function', 'sweep'),
  resource('CustomS3AutoDeleteObjectsAB12', 'AWS::Lambda::Function', 'cdk-auto-delete'),
  resource('SyncPipelineSyncLogAB12', 'AWS::Logs::LogGroup', '/mailferry/harbour-books/sync'),
  resource('OperationsdeadlettersAB12', 'AWS::CloudWatch::Alarm', 'mailferry-harbour-books-dead-letters'),
];

/** A customer whose stack is there, and the operator's commands on it. */
export interface DeployedCustomer {
  /** With the customer files in `customers`. */
  folder: string;
  services: Services;
  /** Where the table and the blobs are reached. */
  tableEndpoint: string;
  s3: string;
  aws: AwsStandIn;
  /** Runs a command of the operator. */
  run(...args: string[]): Promise<{ code: number; text: string }>;
  /** What the last command asked AWS to change. */
  changes(): string[];
  /** Sets a variable of the environment until the test ends. */
  set(name: string, value: string): void;
}

/** An IMAP account `a1` of three messages, an archive `a2` of one, in a real table and an S3 on loopback. */
export async function deployedCustomer(t: Pick<TestContext, 'after'>): Promise<DeployedCustomer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-operator-'));
  t.after(() => rm(folder, { recursive: true }));
  const alarms = { email: 'a@b.example' };
  const customer = { id: CUSTOMER, region: 'eu-west-1', awsAccount: '111122223333', alarms };
  await mkdir(join(folder, 'customers'));
  await writeFile(join(folder, 'customers', `${CUSTOMER}.json`), JSON.stringify(customer));
  const table = await testTable(t);
  const emulator = await startS3rver(join(folder, 's3'));
  t.after(() => {
    emulator.server.close();
    emulator.server.closeAllConnections();
  });
  const client = new S3Client({ endpoint: emulator.endpoint, ...S3RVER });
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: 'mail' }));
  const services = await testServices(t, { table, blobs: s3Blobs(client, 'mail') });
  const aws = await awsStandIn(t, table.endpoint, {
    account: customer.awsAccount,
    stack: {
      ...{ name: `Mailferry-${CUSTOMER}`, status: 'UPDATE_COMPLETE', isProtected: true, resources: [] },
      retained: ['MailStoreTableAB12', 'MailStoreMailBucketAB12', 'MailStoreKeyAB12', 'IdentityUserPoolAB12'],
    },
  });
  aws.stack.resources = resources(aws.endpoint);
  aws.dispatchedAt = Math.floor(Date.now() / 1000) - 60;
  const set = (name: string, value: string) => {
    const before = process.env[name];
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
    process.env[name] = value;
  };
  set('AWS_ENDPOINT_URL', aws.endpoint);
  set('AWS_ENDPOINT_URL_S3', emulator.endpoint);
  set('AWS_ACCESS_KEY_ID', S3RVER.credentials.accessKeyId);
  set('AWS_SECRET_ACCESS_KEY', S3RVER.credentials.secretAccessKey);
  await fill(services);
  return {
    ...{ folder, services, tableEndpoint: table.endpoint, s3: emulator.endpoint, aws, set },
    async run(...args) {
      const lines: string[] = [];
      aws.asked.length = 0;
      const log = (line: string) => void lines.push(line);
      const io = { log, ask: null, now: Date.now, sleep: async () => {} };
      const code = await runOperator(args, io, { customers: join(folder, 'customers'), out: folder });
      return { code, text: lines.join('\n') };
    },
    changes: () =>
      aws.asked.filter(one => !/ (Describe|List|Get|Query|BatchGet|Scan)|S3 GET|Lambda GET/.test(one)),
  };
}

async function fill(services: Services): Promise<void> {
  const letters = [{ subject: 'one' }, { subject: 'two', keywords: ['$seen'] }, { subject: 'three' }];
  await seedAccount(services, 'a1', { name: 'Post' });
  await addEmails(services, 'a1', letters);
  const archive = { id: 'a2', name: 'Old mail', address: '', createdAt: 2, protocol: 'archive' as const };
  await putAccount(services.table, { ...archive, userId: 'mara' });
  const mailboxes = { created: MAILBOXES, updated: [], destroyed: [] };
  await commit(services, 'a2', () => ({ by: 'run', mailboxes }));
  await addEmails(services, 'a2', [{ subject: 'of long ago' }]);
}
