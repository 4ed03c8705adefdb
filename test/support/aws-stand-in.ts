import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { StackResource } from '../../infra/operator/stack.ts';

/**
 * The control planes of AWS, as far as the operator's commands go: CloudFormation, CloudWatch, Logs, Cognito, KMS, Lambda,
 * SQS, SSM, the versions of S3. What DynamoDB is asked goes on to a real table, but for what dynalite does not know.
 */
export interface AwsStandIn {
  endpoint: string;
  /** What was asked for, `<service> <operation>`, in order. */
  asked: string[];
  account: string;
  stack: {
    name: string;
    status: string;
    isProtected: boolean;
    resources: StackResource[];
    /** Logical ids of what outlives the stack, and of what cannot be deleted while it is full. */
    retained: string[];
  };
  /** Dead letters, messages that wait, and how old the oldest is in seconds. */
  queue: { deadLetters: number; waiting: number; oldest: number };
  /** When the dispatcher ran, epoch seconds. */
  dispatchedAt: number;
  alarms: string[];
  /** Reserved concurrency by function. */
  concurrency: Map<string, number>;
  logGroups: Set<string>;
  parameters: Set<string>;
  /** Key states by id. */
  keys: Map<string, string>;
  userPools: Map<string, { isProtected: boolean; domain: string | null }>;
  /** Versions and markers of each bucket that is there. */
  buckets: Map<string, { key: string; version: string; isMarker: boolean }[]>;
  isTableProtected: boolean;
  hasRecovery: boolean;
  /** Answers an invocation of a function. */
  invoke(name: string, event: unknown): Promise<unknown>;
}

type Parameters = Record<string, string>;
type Body = Record<string, unknown>;

/** Answers on a free loopback port until the test ends. @param table the endpoint of the real table */
export async function awsStandIn(
  t: Pick<TestContext, 'after'>,
  table: string,
  given: Pick<AwsStandIn, 'account' | 'stack'>,
): Promise<AwsStandIn> {
  const aws: AwsStandIn = {
    ...{ endpoint: '', asked: [], queue: { deadLetters: 0, waiting: 0, oldest: 0 }, dispatchedAt: 0 },
    ...{ alarms: [], concurrency: new Map(), logGroups: new Set(), parameters: new Set() },
    ...{ keys: new Map(), userPools: new Map(), buckets: new Map() },
    ...{ isTableProtected: true, hasRecovery: true, invoke: async () => null, ...given },
  };
  const server = createServer((request, response) => {
    answer(aws, table, request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  aws.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return aws;
}

async function answer(aws: AwsStandIn, table: string, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', aws.endpoint);
  const [service = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const reply = (status: number, body: string, type = 'application/x-amz-json-1.1') =>
    void response.writeHead(status, { 'content-type': type }).end(body);
  if (service === 'DynamoDB_20120810') {
    aws.asked.push(`DynamoDB ${operation}`);
    return forTable(aws, { table, operation, text, request, reply });
  }
  if (service !== '') {
    aws.asked.push(`${service} ${operation}`);
    const result = json(aws, operation, JSON.parse(text || '{}'));
    return result ? reply(200, JSON.stringify(result)) : reply(400, '{"__type":"ResourceNotFoundException"}');
  }
  if (text.includes('Action=')) {
    const parameters = Object.fromEntries(new URLSearchParams(text));
    aws.asked.push(`CloudFormation ${parameters.Action}`);
    const [status, body] = cloudFormation(aws, parameters);
    return reply(status, body, 'text/xml');
  }
  if (url.pathname.includes('/functions/')) return lambda(aws, request.method ?? '', url, text, reply);
  aws.asked.push(`S3 ${request.method} ${url.search || url.pathname}`);
  const [status, body] = s3(aws, request.method ?? '', url, text);
  reply(status, body, 'application/xml');
}

type Reply = (status: number, body: string) => void;

/** dynalite knows neither protection nor recovery. */
async function forTable(
  aws: AwsStandIn,
  {
    table,
    operation,
    text,
    request,
    reply,
  }: { table: string; operation: string; text: string; request: IncomingMessage; reply: Reply },
): Promise<void> {
  if (operation === 'UpdateTable') {
    aws.isTableProtected = (JSON.parse(text) as Body).DeletionProtectionEnabled === true;
    return reply(200, '{}');
  }
  if (operation === 'UpdateContinuousBackups') {
    aws.hasRecovery = false;
    return reply(200, '{}');
  }
  const { host: _, connection: __, ...headers } = request.headers;
  const answered = await fetch(table, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: text,
  });
  const body = await answered.text();
  if (operation !== 'DescribeTable' || !answered.ok) return reply(answered.status, body);
  const described = JSON.parse(body) as { Table: Body };
  described.Table.DeletionProtectionEnabled = aws.isTableProtected;
  reply(200, JSON.stringify(described));
}

/** CloudWatch, Logs, Cognito, KMS, SQS and SSM; null where there is no such thing. */
function json(aws: AwsStandIn, operation: string, body: Body): Body | null {
  const pool = aws.userPools.get(String(body.UserPoolId));
  const { queue } = aws;
  const isDead = String(body.QueueUrl).endsWith('dead');
  const operations: Record<string, () => Body | null> = {
    GetQueueAttributes: () => ({
      Attributes: {
        QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:dead',
        ApproximateNumberOfMessages: String(isDead ? queue.deadLetters : queue.waiting),
        ApproximateNumberOfMessagesNotVisible: '0',
      },
    }),
    StartMessageMoveTask: () => {
      queue.waiting += queue.deadLetters;
      return { TaskHandle: 'task' };
    },
    ListMessageMoveTasks: () => {
      if (!aws.asked.includes('AmazonSQS StartMessageMoveTask')) return { Results: [] };
      const moved = { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: queue.deadLetters };
      queue.deadLetters = 0;
      return { Results: [moved] };
    },
    GetMetricData: () => ({
      MetricDataResults: [
        { Id: 'dispatch', Timestamps: aws.dispatchedAt ? [aws.dispatchedAt] : [], Values: [1] },
        { Id: 'age', Timestamps: [aws.dispatchedAt], Values: [queue.oldest] },
      ],
    }),
    DescribeAlarms: () => ({
      MetricAlarms: (body.AlarmNames as string[])
        .filter(name => aws.alarms.includes(name))
        .map(AlarmName => ({ AlarmName })),
    }),
    DescribeLogGroups: () => ({
      logGroups: [...aws.logGroups]
        .filter(name => name.startsWith(String(body.logGroupNamePrefix)))
        .map(logGroupName => ({ logGroupName })),
    }),
    DeleteLogGroup: () => (aws.logGroups.delete(String(body.logGroupName)) ? {} : null),
    DescribeUserPool: () =>
      pool
        ? {
            UserPool: {
              DeletionProtection: pool.isProtected ? 'ACTIVE' : 'INACTIVE',
              ...(pool.domain && { Domain: pool.domain }),
            },
          }
        : null,
    UpdateUserPool: () => (pool ? { ...Object.assign(pool, { isProtected: false }) } : null),
    DeleteUserPoolDomain: () => (pool ? { ...Object.assign(pool, { domain: null }) } : null),
    DeleteUserPool: () =>
      pool && !pool.isProtected && !pool.domain && aws.userPools.delete(String(body.UserPoolId)) ? {} : null,
    DescribeKey: () => {
      const state = aws.keys.get(String(body.KeyId));
      return state ? { KeyMetadata: { KeyId: body.KeyId, KeyState: state } } : null;
    },
    ScheduleKeyDeletion: () => {
      aws.keys.set(String(body.KeyId), 'PendingDeletion');
      return { PendingWindowInDays: body.PendingWindowInDays };
    },
    GetParametersByPath: () => ({
      Parameters: [...aws.parameters]
        .filter(name => name.startsWith(String(body.Path)))
        .map(Name => ({ Name })),
    }),
    DeleteParameters: () => {
      for (const name of body.Names as string[]) aws.parameters.delete(name);
      return {};
    },
  };
  return operations[operation]?.() ?? null;
}

async function lambda(aws: AwsStandIn, method: string, url: URL, text: string, reply: Reply): Promise<void> {
  const [name = '', verb = ''] = url.pathname.split('/').slice(3);
  aws.asked.push(`Lambda ${method} ${verb}`);
  if (verb === 'invocations') return reply(200, JSON.stringify(await aws.invoke(name, JSON.parse(text))));
  if (method === 'PUT')
    aws.concurrency.set(name, (JSON.parse(text) as Body).ReservedConcurrentExecutions as number);
  if (method === 'DELETE') aws.concurrency.delete(name);
  if (method === 'DELETE') return reply(204, '');
  const limit = aws.concurrency.get(name);
  reply(200, JSON.stringify(limit === undefined ? {} : { ReservedConcurrentExecutions: limit }));
}

function cloudFormation(
  aws: AwsStandIn,
  { Action = '', StackName = '' }: Parameters,
): [status: number, body: string] {
  const { stack, account } = aws;
  const id = `arn:aws:cloudformation:eu-west-1:${account}:stack/${stack.name}/1`;
  const isDeleted = stack.status === 'DELETE_COMPLETE';
  const answer = (xml: string): [number, string] => [
    200,
    `<${Action}Response><${Action}Result>${xml}</${Action}Result></${Action}Response>`,
  ];
  const isKnown = StackName === id || (StackName === stack.name && !isDeleted);
  const summary =
    `<StackName>${stack.name}</StackName><StackId>${id}</StackId><StackStatus>${stack.status}</StackStatus>` +
    '<CreationTime>2026-11-01T00:00:00Z</CreationTime>';
  if (Action === 'ListStacks') {
    return answer(`<StackSummaries>${isDeleted ? `<member>${summary}</member>` : ''}</StackSummaries>`);
  }
  if (!isKnown) {
    const message = `Stack with id ${StackName} does not exist`;
    return [
      400,
      `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    ];
  }
  if (Action === 'DescribeStacks') {
    const outputs =
      '<member><OutputKey>AppAddress</OutputKey><OutputValue>https://app.example</OutputValue></member>';
    return answer(
      `<Stacks><member>${summary}<EnableTerminationProtection>${stack.isProtected}</EnableTerminationProtection>` +
        `<Outputs>${outputs}</Outputs></member></Stacks>`,
    );
  }
  if (Action === 'ListStackResources') {
    const members = stack.resources.map(
      one =>
        `<member><LogicalResourceId>${one.logicalId}</LogicalResourceId><ResourceType>${one.type}</ResourceType>` +
        `<PhysicalResourceId>${one.physicalId}</PhysicalResourceId><ResourceStatus>${one.status}</ResourceStatus></member>`,
    );
    return answer(`<StackResourceSummaries>${members.join('')}</StackResourceSummaries>`);
  }
  if (Action === 'UpdateTerminationProtection') stack.isProtected = false;
  if (Action === 'DeleteStack' && !stack.isProtected) deleteStack(aws);
  return answer('');
}

/** A bucket that is full keeps the stack, as it does where logs come late. */
function deleteStack({ stack, buckets, logGroups }: AwsStandIn): void {
  for (const one of stack.resources) {
    const isFull = one.type === 'AWS::S3::Bucket' && (buckets.get(one.physicalId)?.length ?? 0) > 0;
    const isRetained = stack.retained.includes(one.logicalId);
    one.status = isRetained ? 'DELETE_SKIPPED' : isFull ? 'DELETE_FAILED' : 'DELETE_COMPLETE';
    if (one.status !== 'DELETE_COMPLETE') continue;
    if (one.type === 'AWS::Logs::LogGroup') logGroups.delete(one.physicalId);
    if (one.type === 'AWS::S3::Bucket') buckets.delete(one.physicalId);
  }
  const failed = stack.resources.some(({ status }) => status === 'DELETE_FAILED');
  stack.status = failed ? 'DELETE_FAILED' : 'DELETE_COMPLETE';
}

/** A page of a listing. */
const PAGE = 2;

function s3(aws: AwsStandIn, method: string, url: URL, text: string): [status: number, body: string] {
  const [, name = ''] = url.pathname.split('/');
  const bucket = aws.buckets.get(name);
  if (!bucket) return [404, '<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>'];
  if (url.searchParams.has('versions')) {
    const page = bucket.slice(0, PAGE).map(({ key, version, isMarker }) => {
      const kind = isMarker ? 'DeleteMarker' : 'Version';
      return `<${kind}><Key>${key}</Key><VersionId>${version}</VersionId></${kind}>`;
    });
    const more = bucket.length > PAGE;
    return [
      200,
      `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${page.join('')}</ListVersionsResult>`,
    ];
  }
  if (url.searchParams.has('delete')) {
    const gone = [...text.matchAll(/<VersionId>(.*?)<\/VersionId>/g)].map(([, id]) => id);
    aws.buckets.set(
      name,
      bucket.filter(({ version }) => !gone.includes(version)),
    );
    return [200, '<DeleteResult></DeleteResult>'];
  }
  if (method === 'DELETE' && bucket.length > 0) {
    return [409, '<Error><Code>BucketNotEmpty</Code><Message>full</Message></Error>'];
  }
  if (method === 'DELETE') aws.buckets.delete(name);
  return method === 'DELETE' ? [204, ''] : [200, '<ListBucketResult></ListBucketResult>'];
}
