import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DISCARDED } from '../../functions/store/blob-versions.ts';
import type { Customer } from '../customers/schema.ts';
import { mailBucketName } from './names.ts';

export interface MailStoreProps {
  customer: Customer;
}

/**
 * Where a customer's mail rests: the table, the mail bucket, and the two keys that encrypt them. The data key
 * encrypts what is stored; the vault key wraps the private key to which credentials are sealed, so that
 * sealing and opening are two permissions on a key of their own. All of it outlives the stack.
 */
export class MailStore extends Construct {
  readonly table: TableV2;
  readonly bucket: Bucket;
  readonly logsBucket: IBucket;
  readonly dataKey: Key;
  readonly vaultKey: Key;

  constructor(scope: Construct, id: string, props: MailStoreProps) {
    super(scope, id);
    const { customer } = props;
    this.dataKey = new Key(this, 'DataKey', {
      description: `Mailferry ${customer.id}: mail at rest`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.vaultKey = new Key(this, 'VaultKey', {
      description: `Mailferry ${customer.id}: wraps the key that opens mail credentials`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.dataKey),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.logsBucket = logsBucket(this, customer);
    this.bucket = mailBucket(this, customer, this.dataKey, this.logsBucket);
  }

  /** Lets pages of this origin read and write presigned addresses. Called late: the origin depends on other constructs. */
  allowTransfersFrom(origin: string): void {
    this.bucket.addCorsRule({
      allowedMethods: [HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT],
      allowedOrigins: [origin],
      allowedHeaders: ['range', 'content-type'],
      exposedHeaders: ['content-length', 'content-range', 'content-type', 'etag'],
      maxAge: 86_400,
    });
  }

  /**
   * Refuses, in the key's own policy, that anyone but this role unwraps the vault's private key. Whatever
   * other policies of the AWS account say, opening credentials then takes a visible change of this key.
   */
  onlyOpenedBy(roleArn: string): void {
    this.vaultKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlySyncOpensTheVault',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'],
        resources: ['*'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
      }),
    );
  }
}

function mailBucket(scope: Construct, customer: Customer, dataKey: Key, logs: IBucket): Bucket {
  return new Bucket(scope, 'MailBucket', {
    bucketName: mailBucketName(customer),
    encryption: BucketEncryption.KMS,
    encryptionKey: dataKey,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: 'mail-bucket/',
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        id: 'decoded parts',
        prefix: 'part/',
        expiration: Duration.days(1),
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        id: 'uploads',
        prefix: 'upload/',
        expiration: Duration.days(7),
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        id: 'exports',
        prefix: 'export/',
        expiration: Duration.days(8),
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        // What the sweep found that nothing names; it becomes a previous version, and can be brought back as one.
        id: 'discarded',
        prefix: 'raw/',
        tagFilters: { [DISCARDED.Key]: DISCARDED.Value },
        expiration: Duration.days(1),
      },
      {
        id: 'previous versions',
        prefix: 'raw/',
        noncurrentVersionExpiration: Duration.days(customer.retention.previousVersionDays),
      },
      {
        id: 'leftovers',
        expiredObjectDeleteMarker: true,
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
}

function logsBucket(scope: Construct, customer: Customer): IBucket {
  return new Bucket(scope, 'LogsBucket', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // CloudFront's standard logging writes by ACL.
    objectOwnership: ObjectOwnership.OBJECT_WRITER,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
    lifecycleRules: [{ id: 'old logs', expiration: Duration.days(customer.retention.logDays) }],
  }) as IBucket;
}
