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
import { privateKeyContext } from './grants.ts';
import { mailBucketName } from './names.ts';
import { Sweep } from './sweep.ts';

export interface MailStoreProps {
  /** Whose mail it is: names, how long previous versions and logs are kept, how often the key is rotated. */
  customer: Customer;
}

/** A key costs a dollar a month, and so does each of its first two rotations, for as long as it lives. */
const keyRotation = (customer: Customer) => Duration.days(customer.retention.keyRotationDays);

/**
 * Where a customer's mail rests: the table, the mail bucket, and the one key that encrypts them. The same key wraps
 * the private keys to which credentials are sealed, under an encryption context of their own (decision 0007): what
 * may be done with data and what with credentials are different permissions. All of it outlives the stack.
 */
export class MailStore extends Construct {
  /** Every row of every account; see `functions/store/keys.ts`. */
  readonly table: TableV2;
  /** Messages and files, as `functions/store/keys.ts` names them. */
  readonly bucket: Bucket;
  /** Access logs of the buckets and of CloudFront. */
  readonly logsBucket: IBucket;
  /** What encrypts all of it, the access logs apart, and wraps what opens credentials. */
  readonly key: Key;
  /** What keeps the store tidy. */
  readonly sweep: Sweep;

  constructor(scope: Construct, id: string, props: MailStoreProps) {
    super(scope, id);
    const { customer } = props;
    this.key = new Key(this, 'Key', {
      description: `Mailferry ${customer.id}: mail at rest, and the key that opens mail credentials`,
      enableKeyRotation: true,
      rotationPeriod: keyRotation(customer),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.logsBucket = logsBucket(this, customer);
    this.bucket = mailBucket(this, customer, this.key, this.logsBucket);
    this.sweep = new Sweep(this, 'Sweep', { customer, store: this });
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
   * Refuses, in the key's own policy, that anyone but this role unwraps a private key. Whatever other policies and
   * grants in the AWS account say, opening credentials then takes a visible change of this key.
   */
  onlyOpenedBy(roleArn: string): void {
    const refuse = (sid: string, actions: string[], conditions: Record<string, Record<string, string>>) =>
      this.key.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: ['*'],
          conditions,
        }),
      );
    refuse('OnlySyncOpensTheVault', ['kms:Decrypt', 'kms:ReEncryptFrom'], {
      ArnNotEquals: { 'aws:PrincipalArn': roleArn },
      Null: { [privateKeyContext]: 'false' },
    });
    // Only AWS services get grants, as DynamoDB does for its table: nobody is let in by the side.
    refuse('GrantsForAwsServicesOnly', ['kms:CreateGrant'], {
      BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' },
    });
  }
}

function mailBucket(scope: Construct, customer: Customer, key: Key, logs: IBucket): Bucket {
  return new Bucket(scope, 'MailBucket', {
    bucketName: mailBucketName(customer),
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
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
