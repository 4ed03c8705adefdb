import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { deletionLimits } from './deletion-limits.ts';
import * as grants from './grants.ts';
import type { MailStore } from './mail-store.ts';
import { acknowledge, wildcardFinding } from './nag.ts';
import { oauthClients, withoutSecrets } from './oauth-clients.ts';
import type { SyncPipeline } from './sync-pipeline.ts';
import { Worker } from './worker.ts';

/** Path patterns of the API, as CloudFront writes them. All else under the origin is the app. */
export const apiPaths = ['/jmap/*', '/.well-known/jmap'] as const;

const routes = [
  { path: '/.well-known/jmap', methods: [HttpMethod.GET] },
  { path: '/jmap/api', methods: [HttpMethod.POST] },
  { path: '/jmap/download/{proxy+}', methods: [HttpMethod.GET, HttpMethod.HEAD] },
  // The address ends with a slash, which a route for one segment does not take.
  { path: '/jmap/upload/{proxy+}', methods: [HttpMethod.POST] },
  // The session must name it; the function says that it is not offered yet.
  { path: '/jmap/eventsource', methods: [HttpMethod.GET] },
];

export interface DeviceApiProps {
  /** Whose API it is: names, hosts allowed, OAuth clients, how many requests a second. */
  customer: Customer;
  /** What it reads and writes. */
  store: MailStore;
  /** Where it asks for pulls, and the function that reaches servers and opens credentials for it. */
  pipeline: SyncPipeline;
}

/** Whose tokens are accepted: those of this OIDC issuer, made for this audience. */
export interface TokenCheck {
  /** As in the tokens' `iss`. */
  issuer: string;
  /** What their `aud`, or where they have none their `client_id`, may be. */
  audiences: string[];
}

/** What devices talk to: JMAP over an HTTP API, which checks tokens itself, before any code of ours runs. */
export class DeviceApi extends Construct {
  /** The function that answers. */
  readonly api: Worker;
  /** Its routes, for metrics. */
  readonly httpApi: HttpApi;
  /** Host at which CloudFront reaches the API. */
  readonly host: string;

  constructor(scope: Construct, id: string, props: DeviceApiProps) {
    super(scope, id);
    const { customer } = props;
    const { apiRequestsPerSecond } = customer.limits;
    this.api = apiWorker(this, props);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: `mailferry-${customer.id}`,
      description: `Mailferry ${customer.id}: JMAP`,
      createDefaultStage: false,
    });
    const { region, urlSuffix } = Stack.of(this);
    this.host = `${this.httpApi.apiId}.execute-api.${region}.${urlSuffix}`;
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/mailferry/${customer.id}/api-access`,
      retention: customer.retention.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: apiRequestsPerSecond, burstLimit: 2 * apiRequestsPerSecond },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(accessLogLine),
      },
    });
  }

  /** Opens the routes to those who hold such a token. Called late: the audience depends on the app's address. */
  serve(check: TokenCheck): void {
    const authorizer = new HttpJwtAuthorizer('Token', check.issuer, { jwtAudience: check.audiences });
    const integration = new HttpLambdaIntegration('Api', this.api.fn);
    for (const { path, methods } of routes) {
      this.httpApi.addRoutes({ path, methods, integration, authorizer });
    }
  }
}

/** The route and not the path, which holds names of attachments. */
const accessLogLine = JSON.stringify({
  time: '$context.requestTime',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  error: '$context.error.message',
  tokenError: '$context.authorizer.error',
});

function apiWorker(scope: Construct, { customer, store, pipeline }: DeviceApiProps): Worker {
  const { queue, sync } = pipeline;
  const api = new Worker(scope, 'Handler', {
    customer,
    entry: 'api',
    whenItFails: 'Every caller waits for the answer, and is told of a failure.',
    description: 'answers JMAP requests',
    memoryMb: 1024,
    // As long as an HTTP API waits.
    timeout: Duration.seconds(30),
    environment: {
      TABLE_NAME: store.table.tableName,
      BUCKET_NAME: store.bucket.bucketName,
      QUEUE_URL: queue.queueUrl,
      SYNC_FUNCTION_NAME: sync.fn.functionName,
      VAULT_KEY_ID: store.key.keyArn,
      ALLOW_PRIVATE_HOSTS: customer.allowPrivateHosts.join(','),
      ...deletionLimits(customer),
      ...oauthClients(withoutSecrets(customer.oauth)),
    },
    allow: [
      grants.readAndWriteRows(store),
      grants.useBlobs(store, ['s3:GetObject', 's3:PutObject'], ['raw', 'part', 'upload']),
      grants.useBlobs(store, ['s3:GetObject'], ['export']),
      grants.listBlobs(store),
      grants.useDataKey(store, ['dynamodb', 's3', 'sqs']),
      grants.generateKeyPairs(store),
      grants.sendTo(queue),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sync.fn.functionArn] }),
    ],
  });
  acknowledge(api.role, {
    [wildcardFinding(store.bucket, '/raw/*')]:
      'Messages: the API reads them, and stores those that a device imports.',
    [wildcardFinding(store.bucket, '/part/*')]:
      'Decoded parts too large for an answer: cut out here, then downloaded.',
    [wildcardFinding(store.bucket, '/upload/*')]:
      'Files of devices: stored here until an Email takes them up, large ones by an address that the API signs.',
    [wildcardFinding(store.bucket, '/export/*')]: 'Exports: the API signs addresses for downloads.',
  });
  return api;
}
