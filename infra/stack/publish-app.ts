import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { acknowledge, wildcardFinding } from './nag.ts';

/** What the app reads from `/config.json` to sign in. */
export interface AppConfig {
  /** The OIDC issuer, as in the tokens' `iss`. */
  issuer: string;
  /** The app as a public client of it. */
  clientId: string;
  /** The scopes to ask for, with spaces between them. */
  scope: string;
  /** The resource that tokens are asked for (RFC 8707), where the issuer wants to be told. */
  resource?: string;
}

/**
 * Uploads the built app and its configuration to its bucket, during a deployment.
 * @param folder the built app, with `index.html` at the top and hashed files under `assets/`
 */
export function publishApp(scope: Construct, bucket: IBucket, folder: string, config: AppConfig): void {
  const logGroup = new LogGroup(scope, 'PublishLog', { retention: 30, removalPolicy: RemovalPolicy.DESTROY });
  const role = publisher(scope, bucket);
  logGroup.grantWrite(role);
  // Without dot files, which are notes of the build.
  const app = Source.asset(folder, { exclude: ['.*'] });
  const common = {
    destinationBucket: bucket,
    // Hashed files of earlier versions stay, for devices that still run one.
    prune: false,
    memoryLimit: 256,
    logGroup,
    // Without policy updates: CDK would add s3:GetObject*, s3:List*, s3:DeleteObject* and more.
    role: role.withoutPolicyUpdates(),
  };
  const assets = new BucketDeployment(scope, 'PublishAssets', {
    ...common,
    sources: [app],
    exclude: ['*'],
    include: ['assets/*'],
    cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
  });
  const shell = new BucketDeployment(scope, 'PublishShell', {
    ...common,
    sources: [app, Source.jsonData('config.json', config)],
    exclude: ['assets/*'],
    // Asked again at every start, so that no invalidation is needed.
    cacheControl: [CacheControl.fromString('no-cache')],
  });
  // The policy before the first upload; and the page that names the hashed files after them.
  assets.node.addDependency(role);
  shell.node.addDependency(assets);
  for (const child of Stack.of(scope).node.children) {
    if (!child.node.id.startsWith('Custom::CDKBucketDeployment')) continue;
    acknowledge(child, {
      'AwsSolutions-L1': 'CDK chooses the runtime of its own deployment helper.',
      'Serverless-LambdaLatestVersion': 'CDK chooses the runtime of its own deployment helper.',
      'Serverless-LambdaDLQ': 'CloudFormation waits for its answer, and rolls back when it fails.',
      'Serverless-LambdaTracing': 'It runs for seconds, during a deployment, and has a log.',
    });
  }
}

/** The role that copies from CDK's asset bucket to the app's, and can do nothing else. */
function publisher(scope: Construct, bucket: IBucket): Role {
  const role = new Role(scope, 'PublishRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Mailferry: uploads the app during a deployment',
  });
  const { account, region, synthesizer } = Stack.of(scope);
  const assetBucket = `cdk-${synthesizer.bootstrapQualifier ?? 'hnb659fds'}-assets-${account}-${region}`;
  const assetFiles = `s3:::${assetBucket}/*`;
  role.addToPolicy(
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:${assetFiles}`] }),
  );
  role.addToPolicy(
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${assetFiles}]`]: 'Assets are named by their hash.',
    [wildcardFinding(bucket, '/*')]: 'The bucket holds the app and nothing else.',
  });
  return role;
}
