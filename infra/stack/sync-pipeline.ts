import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { deletionLimits } from './deletion-limits.ts';
import * as grants from './grants.ts';
import type { MailStore } from './mail-store.ts';
import { acknowledge, wildcardFinding } from './nag.ts';
import { oauthClients, secretParameters } from './oauth-clients.ts';
import { wake } from './wake.ts';
import { Worker } from './worker.ts';

const syncTimeout = Duration.minutes(5);

export interface SyncPipelineProps {
  /** Whose mail is pulled: how many pulls at a time, hosts allowed, OAuth clients, the contact of push messages. */
  customer: Customer;
  /** Where it goes to. */
  store: MailStore;
}

/**
 * How mail comes in: once a minute the schedule wakes `dispatch`, which puts the accounts that are due on the
 * queue, and `sync` pulls them, a bounded number at a time. What fails three times rests in the dead-letter queue.
 */
export class SyncPipeline extends Construct {
  /** Accounts whose pull is due, asked for or to be continued, and the jobs of imports and exports. */
  readonly queue: Queue;
  /** What failed three times, for fourteen days. */
  readonly deadLetterQueue: Queue;
  /** The function that finds what is due, every minute. */
  readonly dispatch: Worker;
  /** The one function that opens credentials and reaches mail servers. */
  readonly sync: Worker;

  constructor(scope: Construct, id: string, props: SyncPipelineProps) {
    super(scope, id);
    const { customer, store } = props;
    const encryption = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: store.key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...encryption,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.deadLetterQueue, { 'Serverless-SQSRedrivePolicy': 'It is the end of the line.' });
    this.queue = new Queue(this, 'Queue', {
      ...encryption,
      // Six times the function's timeout, as Lambda advises, so that throttled attempts do not use up the count.
      visibilityTimeout: Duration.seconds(6 * syncTimeout.toSeconds()),
      retentionPeriod: Duration.hours(12),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 3 },
    });
    this.dispatch = dispatchWorker(this, props, this.queue);
    this.sync = syncWorker(this, props, this.queue);
    store.onlyOpenedBy(this.sync.role.roleArn);
    wake(this, {
      customer,
      worker: this.dispatch,
      name: 'dispatch',
      id: 'EveryMinute',
      description: 'which accounts are due?',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // A missed minute is made up for by the next.
      target: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    });
  }
}

function dispatchWorker(scope: Construct, { customer, store }: SyncPipelineProps, queue: Queue): Worker {
  const dispatch = new Worker(scope, 'Dispatch', {
    customer,
    entry: 'dispatch',
    whenItFails: 'A missed minute is made up for by the next; an alarm says when it does not run.',
    description: 'puts the accounts that are due on the queue',
    memoryMb: 256,
    timeout: Duration.seconds(30),
    environment: { TABLE_NAME: store.table.tableName, QUEUE_URL: queue.queueUrl },
    allow: [grants.readDueList(store), grants.sendTo(queue), grants.useDataKey(store, ['dynamodb', 'sqs'])],
  });
  // Lambda itself would try twice more, minutes later, when the next has come already.
  dispatch.fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  acknowledge(dispatch, {
    'Serverless-LambdaAsyncFailureDestination': 'A missed minute is made up for by the next.',
  });
  return dispatch;
}

function syncWorker(scope: Construct, { customer, store }: SyncPipelineProps, queue: Queue): Worker {
  const secrets = secretParameters(customer.oauth);
  const sync = new Worker(scope, 'Sync', {
    customer,
    entry: 'sync',
    whenItFails:
      'Work comes from a queue with a dead-letter queue, or from an API that waits for the answer.',
    description: 'pulls mail from its sources',
    memoryMb: 1024,
    timeout: syncTimeout,
    environment: {
      TABLE_NAME: store.table.tableName,
      BUCKET_NAME: store.bucket.bucketName,
      QUEUE_URL: queue.queueUrl,
      VAULT_KEY_ID: store.key.keyArn,
      ALLOW_PRIVATE_HOSTS: customer.allowPrivateHosts.join(','),
      PUSH_CONTACT: `mailto:${customer.alarms.email}`,
      METRICS_SERVICE: customer.id,
      ...deletionLimits(customer),
      ...oauthClients(customer.oauth),
    },
    allow: [
      grants.readAndWriteRows(store),
      grants.useBlobs(store, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], ['raw', 'part', 'upload']),
      grants.useBlobs(
        store,
        ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        ['export'],
      ),
      grants.listBlobs(store),
      grants.useDataKey(store, ['dynamodb', 's3', 'sqs']),
      grants.unwrapPrivateKeys(store),
      grants.receiveFrom(queue),
      grants.sendTo(queue),
      ...(secrets.length > 0 ? [grants.readParameters(store, secrets)] : []),
    ],
  });
  acknowledge(sync.role, {
    [wildcardFinding(store.bucket, '/raw/*')]: 'Messages: sync stores, verifies and collects them.',
    [wildcardFinding(store.bucket, '/part/*')]: 'Decoded parts: sync removes those of a deleted account.',
    [wildcardFinding(store.bucket, '/upload/*')]:
      'Uploads: sync imports them, and removes those of a deleted account.',
    [wildcardFinding(store.bucket, '/export/*')]: 'Exports: sync writes them, and removes what is over.',
  });
  // No reserved concurrency: pulls are bounded here, and a person who tests an account need not wait for them.
  const mapping = new EventSourceMapping(scope, 'SyncTakesFromQueue', {
    target: sync.fn,
    eventSourceArn: queue.queueArn,
    // One message is up to ten accounts already.
    batchSize: 1,
    reportBatchItemFailures: true,
    maxConcurrency: customer.limits.maxSyncConcurrency,
  });
  acknowledge(mapping, {
    'Serverless-LambdaEventSourceMappingDestination':
      'A queue has no such destination: what fails three times goes to its dead-letter queue.',
  });
  return sync;
}
