import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import * as grants from './grants.ts';
import type { MailStore } from './mail-store.ts';
import { acknowledge, wildcardFinding } from './nag.ts';
import { wake } from './wake.ts';
import { Worker } from './worker.ts';

export interface SweepProps {
  /** Whose store it is. */
  customer: Customer;
  /** What is kept tidy. */
  store: MailStore;
}

/**
 * What nothing names any more is found once a day, a seventh of the accounts at a time. It cannot remove a blob: it tags
 * what a rule of the bucket lets go, and what that rule lets go can be brought back. No dead-letter queue: the next sweep
 * begins anew, and an alarm says that one failed.
 */
export class Sweep extends Construct {
  /** The function. */
  readonly worker: Worker;

  constructor(scope: Construct, id: string, { customer, store }: SweepProps) {
    super(scope, id);
    this.worker = new Worker(this, 'Function', {
      customer,
      entry: 'sweep',
      whenItFails: 'The next sweep begins anew, and an alarm says that one failed.',
      description: 'removes what nothing names any more',
      memoryMb: 1024,
      timeout: Duration.minutes(15),
      environment: { TABLE_NAME: store.table.tableName, BUCKET_NAME: store.bucket.bucketName },
      allow: [
        grants.readAndDeleteRows(store),
        grants.putOnDueList(store),
        grants.listBlobs(store),
        grants.listBlobVersions(store, 'raw'),
        grants.tagBlobVersions(store, 'raw'),
        grants.useDataKey(store, ['dynamodb']),
      ],
    });
    acknowledge(this.worker.role, {
      [wildcardFinding(store.bucket, '/raw/*')]: 'Messages: sweep tags those that nothing names any more.',
    });
    wake(this, {
      customer,
      worker: this.worker,
      name: 'sweep',
      id: 'EveryDay',
      description: 'what does nothing name any more?',
      schedule: ScheduleExpression.rate(Duration.days(1)),
      target: { retryAttempts: 3, maxEventAge: Duration.hours(6) },
    });
  }
}
