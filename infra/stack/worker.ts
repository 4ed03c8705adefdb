import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { acknowledge } from './nag.ts';

const projectFolder = join(import.meta.dirname, '../..');

/** How the code of a function is put together. */
const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node22',
  mainFields: ['module', 'main'],
  // The AWS SDK comes with the function, at the version that the tests ran with.
  bundleAwsSDK: true,
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  // Dependencies in CommonJS call require(), which ES modules do not have.
  banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  forceDockerBundling: false,
};

export interface WorkerProps {
  /** Whose function it is: names, and how long its log is kept. */
  customer: Customer;
  /** Base name of the entry in `functions/`, which exports `handler`. */
  entry: 'dispatch' | 'sync' | 'api' | 'sweep' | 'canary';
  /** What it does, for people. */
  description: string;
  /** Memory in MB; Lambda gives processor time in proportion to it. */
  memoryMb: number;
  /** After so long Lambda ends it. */
  timeout: Duration;
  /** Its environment variables; see `functions/aws-services.ts`. No secrets. */
  environment: Record<string, string>;
  /** All that the function may do, apart from writing its own log. */
  allow: readonly PolicyStatement[];
  /** What becomes of an event with which it fails: why it has no dead-letter queue of its own. */
  whenItFails: string;
}

/** One Lambda function of ours with a role and a log group of its own. */
export class Worker extends Construct {
  /** The function. */
  readonly fn: NodejsFunction;
  /** What it acts as; nothing else does. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    const { customer, entry } = props;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/mailferry/${customer.id}/${entry}`,
      retention: customer.retention.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Mailferry ${customer.id}: ${entry}`,
    });
    acknowledge(this, {
      'Serverless-LambdaDLQ': props.whenItFails,
      'Serverless-LambdaTracing':
        'Logs say how long each step took; a trace of every poll would cost more than the poll, and needs a permission on every resource.',
    });
    for (const statement of props.allow) this.role.addToPolicy(statement);
    logGroup.grantWrite(this.role);
    this.fn = new NodejsFunction(this, 'Function', {
      description: `Mailferry ${customer.id}: ${props.description}`,
      entry: join(projectFolder, 'functions', `${entry}.ts`),
      projectRoot: projectFolder,
      depsLockFilePath: join(projectFolder, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      bundling,
    });
  }
}
