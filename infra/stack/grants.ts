import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { keys } from '../../functions/store/keys.ts';
import type { MailStore } from './mail-store.ts';

/**
 * The narrow permissions of the functions, one statement each. CDK's own grants are not used: they allow
 * more actions than we call, and keys without saying for which service.
 */

/** The encryption context under which the private keys of `store/key-pairs.ts` are wrapped; no data has it. */
export const privateKeyContext = 'kms:EncryptionContext:mailferry';

const onlyPrivateKeys = { StringEquals: { [privateKeyContext]: ['vault', 'push'] } };

/** The AWS services through which a function may use the key for data. */
type DataService = 'dynamodb' | 's3' | 'sqs';

const onlyDueList = {
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [keys.duePartition] },
  // "For all values" holds for a request without any.
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

/** Which accounts are due, and nothing of what is in them. */
export const readDueList = ({ table }: MailStore) =>
  new PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: [table.tableArn],
    conditions: onlyDueList,
  });

/** Every row of the table by key or by range; no Scan, and nothing that changes the table itself. */
export const readAndWriteRows = ({ table }: MailStore) =>
  new PolicyStatement({
    actions: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
    ],
    resources: [table.tableArn],
  });

/** Every row of the table by key or by range, and deleting single ones. */
export const readAndDeleteRows = ({ table }: MailStore) =>
  new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:DeleteItem'],
    resources: [table.tableArn],
  });

/** Saying that an account is due. */
export const putOnDueList = ({ table }: MailStore) =>
  new PolicyStatement({
    actions: ['dynamodb:PutItem'],
    resources: [table.tableArn],
    conditions: onlyDueList,
  });

/** Certain actions on blobs below certain prefixes. */
export const useBlobs = (
  { bucket }: MailStore,
  actions: readonly ('s3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:AbortMultipartUpload')[],
  prefixes: readonly ('raw' | 'part' | 'upload' | 'export')[],
) =>
  new PolicyStatement({
    actions: [...actions],
    resources: prefixes.map(prefix => bucket.arnForObjects(`${prefix}/*`)),
  });

/** Listing keys, without which S3 answers 403 and not 404 for a blob that is not there. */
export const listBlobs = ({ bucket }: MailStore) =>
  new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });

/** Listing every version of the blobs below a prefix. */
export const listBlobVersions = ({ bucket }: MailStore, prefix: 'raw') =>
  new PolicyStatement({
    actions: ['s3:ListBucketVersions'],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': `${prefix}/*` } },
  });

/** Tagging a version of a blob, by which the bucket's own rule lets it go. */
export const tagBlobVersions = ({ bucket }: MailStore, prefix: 'raw') =>
  new PolicyStatement({
    actions: ['s3:PutObjectVersionTagging'],
    resources: [bucket.arnForObjects(`${prefix}/*`)],
  });

/** Encrypting and decrypting data: only on behalf of the named services, and never a private key. */
export const useDataKey = ({ key }: MailStore, services: readonly DataService[]) =>
  new PolicyStatement({
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': services.map(name => `${name}.${Stack.of(key).region}.amazonaws.com`),
      },
      Null: { [privateKeyContext]: 'true' },
    },
  });

/** Making the key pairs, their private halves wrapped: who may do this can seal, and can neither open nor sign. */
export const generateKeyPairs = ({ key }: MailStore) =>
  new PolicyStatement({
    actions: ['kms:GenerateDataKeyPairWithoutPlaintext'],
    resources: [key.keyArn],
    conditions: onlyPrivateKeys,
  });

/** Unwrapping the private keys: who may do this can open credentials, and sign what is pushed to devices. */
export const unwrapPrivateKeys = ({ key }: MailStore) =>
  new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key.keyArn],
    conditions: onlyPrivateKeys,
  });

/** Reading exactly these SecureString parameters; the key that SSM keeps them under asks for nothing more. */
export const readParameters = (scope: IConstruct, names: readonly string[]) =>
  new PolicyStatement({
    actions: ['ssm:GetParameter'],
    resources: names.map(name =>
      Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) }),
    ),
  });

/** Asking for a pull. */
export const sendTo = (queue: IQueue) =>
  new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });

/** Taking work from the queue; the event source mapping does it in the name of the function. */
export const receiveFrom = (queue: IQueue) =>
  new PolicyStatement({
    actions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ],
    resources: [queue.queueArn],
  });
