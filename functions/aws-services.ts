import { KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { blobLimits, callLimits, functionLimits, tableLimits } from './aws-clients.ts';
import { cloudWatchMetrics } from './cloudwatch.ts';
import { MailferryError } from './errors.ts';
import { readOAuthClients } from './oauth-clients.ts';
import { sentenceSchema } from './sentences/say.ts';
import type { PullQueue, Pusher, Services, SourceTester } from './services.ts';
import { deletionPolicy } from './store/accounts.ts';
import { s3BlobVersions } from './store/blob-versions.ts';
import { s3Blobs } from './store/blobs.ts';
import { kmsVaultKeeper } from './store/kms-vault.ts';
import { tableClient } from './store/table-client.ts';

/** SendMessageBatch takes at most this many entries. */
const SEND_BATCH = 10;
/** How often entries that SQS refused for its own reasons are sent again. */
const SEND_ATTEMPTS = 3;

const name = z.string().min(1);
const environment = z.object({
  TABLE_NAME: name,
  BUCKET_NAME: name.optional(),
  QUEUE_URL: z.url().optional(),
  SYNC_FUNCTION_NAME: name.optional(),
  VAULT_KEY_ID: name.optional(),
  ALLOW_PRIVATE_HOSTS: z.string().default(''),
  DELETION_POLICIES: z
    .string()
    .transform(text => text.split(',').filter(policy => policy !== ''))
    .pipe(z.array(deletionPolicy))
    .optional(),
  DELETION_MINIMUM_DAYS: z.coerce.number().int().min(1).default(1),
  OAUTH_CLIENTS: z.string().optional(),
  PUSH_CONTACT: z.string().default(''),
  METRICS_SERVICE: name.optional(),
});

/** What the sync function answers to `{ test }`: `MailAccountTest`. */
const testAnswer = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  message: z.string(),
  messageSentences: z.array(sentenceSchema),
  found: z
    .object({ capabilities: z.array(z.string()), mailboxes: z.number(), messages: z.number() })
    .nullable(),
});

/** What it answers to `{ discover }`: `MailAccountDiscovery`. */
const discoverAnswer = z.object({
  address: z.string(),
  provider: z.string().nullable(),
  proposals: z.array(
    z.object({
      protocol: z.enum(['imap', 'pop']),
      host: z.string(),
      port: z.number(),
      security: z.enum(['tls', 'starttls']),
      username: z.string(),
      authentication: z.enum(['password', 'oauth']),
      oauthProvider: z.string().nullable(),
      source: z.enum(['provider', 'srv', 'autoconfig', 'probe']),
      confirmed: z.boolean(),
      capabilities: z.array(z.string()).nullable(),
    }),
  ),
  recommended: z.number().nullable(),
  protocolAdvice: z.string(),
  protocolAdviceSentence: sentenceSchema,
  help: z.array(sentenceSchema.extend({ url: z.string() })),
  reasons: z.array(z.string()),
  reasonSentences: z.array(sentenceSchema),
  warnings: z.array(z.string()),
  warningSentences: z.array(sentenceSchema),
});

/**
 * The services of a Lambda function, from its environment: TABLE_NAME, and BUCKET_NAME, QUEUE_URL,
 * SYNC_FUNCTION_NAME, VAULT_KEY_ID where the function uses them, ALLOW_PRIVATE_HOSTS (comma-separated; empty: none),
 * DELETION_POLICIES (comma-separated; all without it) and DELETION_MINIMUM_DAYS, OAUTH_CLIENTS (JSON, see `oauth-clients.ts`; none), PUSH_CONTACT and METRICS_SERVICE (for sync; without the latter no
 * metrics). A function has only the variables that it has rights for; using a service whose variable is missing throws
 * `MailferryError('configuration')`, as does an environment that is not usable at all.
 */
export function awsServices(env: NodeJS.ProcessEnv = process.env): Services {
  const read = environment.safeParse(env);
  if (!read.success) {
    const wrong = read.error.issues.map(issue => issue.path.join('.')).join(', ');
    throw new MailferryError('configuration', `The function's environment is not usable: check ${wrong}.`);
  }
  const settings = read.data;
  const client = tableClient(tableLimits);
  return {
    table: { client, name: settings.TABLE_NAME },
    blobs: whenSet(settings.BUCKET_NAME, 'BUCKET_NAME', bucket => {
      const signer = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
      return s3Blobs(new S3Client(blobLimits), bucket, signer);
    }),
    blobVersions: whenSet(settings.BUCKET_NAME, 'BUCKET_NAME', bucket =>
      s3BlobVersions(new S3Client(blobLimits), bucket),
    ),
    queue: whenSet(settings.QUEUE_URL, 'QUEUE_URL', url => sqsQueue(new SQSClient(callLimits), url)),
    tester: whenSet(settings.SYNC_FUNCTION_NAME, 'SYNC_FUNCTION_NAME', sync =>
      lambdaTester(new LambdaClient(functionLimits), sync),
    ),
    pusher: awsPusher(settings),
    vaultKeeper: whenSet(settings.VAULT_KEY_ID, 'VAULT_KEY_ID', key =>
      kmsVaultKeeper(new KMSClient(callLimits), key),
    ),
    oauthClients: readOAuthClients(settings.OAUTH_CLIENTS, ssmSecrets()),
    allowPrivateHosts: settings.ALLOW_PRIVATE_HOSTS.split(',')
      .map(host => host.trim())
      .filter(host => host !== ''),
    deletionLimits: settings.DELETION_POLICIES && {
      policies: settings.DELETION_POLICIES,
      minimumDays: settings.DELETION_MINIMUM_DAYS,
    },
    pushContact: settings.PUSH_CONTACT,
    ...(settings.METRICS_SERVICE && { measure: cloudWatchMetrics(settings.METRICS_SERVICE) }),
    now: Date.now,
  };
}

/** The service, or where its variable is not set a stand-in that says so when it is used. */
function whenSet<Service extends object>(
  value: string | undefined,
  variable: string,
  make: (value: string) => Service,
): Service {
  if (value !== undefined) return make(value);
  return new Proxy({} as Service, {
    get() {
      throw new MailferryError('configuration', `${variable} is not set for this function.`);
    },
  });
}

/** What it answers to `{ redeem }`. */
const redeemAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), sealedRefreshToken: z.string() }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);

/** The queue of pulls in SQS: one message a request, ten to a batch; entries that failed are sent again. */
function sqsQueue(client: SQSClient, url: string): PullQueue {
  return {
    async send(requests, { delaySeconds = 0 } = {}) {
      for (let from = 0; from < requests.length; from += SEND_BATCH) {
        const bodies = requests.slice(from, from + SEND_BATCH).map(request => JSON.stringify(request));
        await sendBatch(client, url, bodies, delaySeconds);
      }
    },
  };
}

async function sendBatch(
  client: SQSClient,
  url: string,
  bodies: readonly string[],
  DelaySeconds: number,
): Promise<void> {
  let left = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds }));
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left }));
    const failed = answer.Failed ?? [];
    if (failed.some(entry => entry.SenderFault) || (failed.length > 0 && attempt === SEND_ATTEMPTS)) {
      throw new MailferryError('queue', `SQS refused ${failed.length} messages (${failed[0]?.Code}).`);
    }
    const failedIds = new Set(failed.map(entry => entry.Id));
    left = left.filter(entry => failedIds.has(entry.Id));
  }
}

/** Reads SecureString parameters, for who has some to read. */
function ssmSecrets(): (parameter: string) => Promise<string> {
  let client: SSMClient | null = null;
  return async Name => {
    client ??= new SSMClient(callLimits);
    const answer = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    const secret = answer.Parameter?.Value;
    if (!secret) throw new MailferryError('configuration', `The parameter ${Name} is empty.`);
    return secret;
  };
}

/** Pushes by the sync function: at once by an invocation that nobody waits for, else by the queue. */
function awsPusher({ QUEUE_URL, SYNC_FUNCTION_NAME }: z.infer<typeof environment>): Pusher {
  const sqs = whenSet(QUEUE_URL, 'QUEUE_URL', url => ({ client: new SQSClient(callLimits), url }));
  const lambda = whenSet(SYNC_FUNCTION_NAME, 'SYNC_FUNCTION_NAME', name => ({
    client: new LambdaClient(callLimits),
    name,
  }));
  return {
    async ask(request, { delaySeconds = 0 } = {}) {
      const text = JSON.stringify({ push: request });
      if (delaySeconds > 0) return sendBatch(sqs.client, sqs.url, [text], delaySeconds);
      await lambda.client.send(
        new InvokeCommand({ FunctionName: lambda.name, InvocationType: 'Event', Payload: text }),
      );
    },
  };
}

/** Tries a source, or looks for one, by a synchronous invocation of the sync function. */
function lambdaTester(client: LambdaClient, functionName: string): SourceTester {
  const invoke = async (event: object, failure: string): Promise<unknown> => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'RequestResponse',
      Payload: JSON.stringify(event),
    });
    const answer = await client.send(command).catch((cause: unknown) => {
      throw new MailferryError('tester', failure, { cause });
    });
    if (answer.FunctionError || !answer.Payload) throw new MailferryError('tester', failure);
    return JSON.parse(Buffer.from(answer.Payload).toString());
  };
  return {
    async test(request) {
      const failure = 'The account could not be tried just now. Try again in a minute.';
      return testAnswer.parse(await invoke({ test: request }, failure));
    },
    async discover(address) {
      const failure = 'The settings could not be looked for just now. Try again in a minute.';
      return discoverAnswer.parse(await invoke({ discover: { address } }, failure));
    },
    async redeem(request) {
      const failure = 'The sign-in could not be completed just now. Try again in a minute.';
      return redeemAnswer.parse(await invoke({ redeem: request }, failure));
    },
  };
}
