import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { DeviceApi } from './device-api.ts';
import { Identity } from './identity.ts';
import { MailStore } from './mail-store.ts';
import { stackName } from './names.ts';
import { Operations } from './operations.ts';
import { SyncPipeline } from './sync-pipeline.ts';
import { WebApp } from './web-app.ts';

export interface CustomerStackProps {
  /** Whose stack it is: one customer file. */
  customer: Customer;
  /** Folder of the built app. */
  appFolder: string;
}

/** All that one customer has, and nobody else: `Mailferry-<id>`. */
export class CustomerStack extends Stack {
  constructor(scope: Construct, { customer, appFolder }: CustomerStackProps) {
    super(scope, stackName(customer), {
      env: { account: customer.awsAccount, region: customer.region },
      description: `Mailferry for ${customer.id}`,
      terminationProtection: true,
    });
    const store = new MailStore(this, 'MailStore', { customer });
    const pipeline = new SyncPipeline(this, 'SyncPipeline', { customer, store });
    const api = new DeviceApi(this, 'DeviceApi', { customer, store, pipeline });
    const identity = new Identity(this, 'Identity', { customer });
    const app = new WebApp(this, 'WebApp', { customer, apiHost: api.host, logsBucket: store.logsBucket });

    // The app's address is known here; what depends on it comes after it, so that nothing goes in circles.
    const { audiences, ...config } = identity.addApp(app.origin);
    api.serve({ issuer: config.issuer, audiences });
    app.publish(appFolder, config);
    store.allowTransfersFrom(app.origin);

    new Operations(this, 'Operations', { customer, store, pipeline, api, address: app.origin });
    this.output({
      AppAddress: app.origin,
      DistributionHost: app.distribution.distributionDomainName,
      ...(identity.userPool ? { UserPoolId: identity.userPool.userPoolId } : {}),
      QueueUrl: pipeline.queue.queueUrl,
      DeadLetterQueueUrl: pipeline.deadLetterQueue.queueUrl,
      TableName: store.table.tableName,
      MailBucketName: store.bucket.bucketName,
      KeyId: store.key.keyId,
    });
  }

  private output(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
