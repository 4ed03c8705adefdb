import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { awsServices } from '../../functions/aws-services.ts';

interface Call {
  /** `X-Amz-Target` of the JSON protocols, or the path. */
  target: string;
  body: Record<string, unknown>;
}
interface Entry {
  Id: string;
  MessageBody: string;
  DelaySeconds?: number;
}

/** Answers as SQS, KMS and Lambda do; what they were asked is in `calls`. */
const calls: Call[] = [];
let refuse: (entry: Entry) => boolean = () => false;
let invokeAnswer: { status: number; error?: string; body: string };
let server: Server;
const unset: string[] = [];

function answerOf({ target, body }: Call): unknown {
  if (target === 'AmazonSQS.SendMessageBatch') {
    const entries = body.Entries as Entry[];
    const failed = entries.filter(refuse);
    const sent = entries.filter(entry => !failed.includes(entry));
    return {
      Successful: sent.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: failed.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })),
    };
  }
  if (target === 'TrentService.GenerateDataKeyPairWithoutPlaintext') {
    return { PublicKey: 'AQI=', PrivateKeyCiphertextBlob: 'AwQ=', KeyPairSpec: body.KeyPairSpec };
  }
  if (target === 'AmazonSSM.GetParameter') return { Parameter: { Value: 'the-secret' } };
  if (target === 'TrentService.Decrypt') return { Plaintext: 'BQY=' };
  return {};
}

before(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const target = String(request.headers['x-amz-target'] ?? request.url);
    const call = { target, body: JSON.parse(text) as Record<string, unknown> };
    calls.push(call);
    if (target.includes('/invocations')) {
      if (invokeAnswer.error) response.setHeader('x-amz-function-error', invokeAnswer.error);
      response.writeHead(invokeAnswer.status).end(invokeAnswer.body);
    } else {
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answerOf(call)));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(environment)) {
    if (process.env[name] === undefined) unset.push(name);
    process.env[name] = value;
  }
});
after(async () => {
  for (const name of unset) delete process.env[name];
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const services = () =>
  awsServices({
    TABLE_NAME: 'table',
    QUEUE_URL: `${process.env.AWS_ENDPOINT_URL}/queue`,
    SYNC_FUNCTION_NAME: 'sync',
    VAULT_KEY_ID: 'key-1',
    ALLOW_PRIVATE_HOSTS: ' mail.internal, 10.0.0.5 ,',
  });
const requests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ accounts: [`a${index}`], reason: 'due' as const }));

describe('the services of a Lambda function', () => {
  test('say which variables are not usable, and which service is not configured', async () => {
    assert.throws(() => awsServices({}), { code: 'configuration', message: /TABLE_NAME/ });
    const wrong = { TABLE_NAME: 't', QUEUE_URL: 'not a url' };
    assert.throws(() => awsServices(wrong), { code: 'configuration', message: /QUEUE_URL/ });
    const few = awsServices({ TABLE_NAME: 't' });
    assert.equal(few.table.name, 't');
    assert.deepEqual(few.allowPrivateHosts, []);
    assert.throws(() => few.blobs.get('raw/a/b'), { code: 'configuration', message: /BUCKET_NAME/ });
    assert.throws(() => few.vaultKeeper.generate({}), { message: /VAULT_KEY_ID/ });
    assert.deepEqual(services().allowPrivateHosts, ['mail.internal', '10.0.0.5']);
  });

  test('send pulls in batches of ten, with their delay', async () => {
    calls.length = 0;
    await services().queue.send(requests(23), { delaySeconds: 20 });
    const sizes = calls.map(call => (call.body.Entries as Entry[]).length);
    assert.deepEqual(sizes, [10, 10, 3]);
    const entries = calls.flatMap(call => call.body.Entries as Entry[]);
    assert.deepEqual(
      entries.map(entry => JSON.parse(entry.MessageBody)),
      requests(23),
    );
    assert.ok(entries.every(entry => entry.DelaySeconds === 20));
    calls.length = 0;
    await services().queue.send([]);
    assert.equal(calls.length, 0);
  });

  test('send again what SQS refused, and give up in words', async () => {
    calls.length = 0;
    const once = new Set<string>();
    refuse = ({ Id }) => Number(Id) % 2 === 0 && !once.has(Id) && Boolean(once.add(Id));
    await services().queue.send(requests(5));
    assert.deepEqual(
      calls.map(call => (call.body.Entries as Entry[]).map(entry => entry.Id)),
      [
        ['0', '1', '2', '3', '4'],
        ['0', '2', '4'],
      ],
    );
    refuse = () => true;
    await assert.rejects(services().queue.send(requests(1)), { code: 'queue' });
    refuse = () => false;
  });

  test('ask KMS for a P-256 pair and its private key, under the context', async () => {
    calls.length = 0;
    const context = { account: 'a1' };
    const { vaultKeeper } = services();
    const pair = await vaultKeeper.generate(context);
    assert.deepEqual([...pair.publicKey, ...pair.wrappedPrivateKey], [1, 2, 3, 4]);
    assert.deepEqual([...(await vaultKeeper.unwrap(pair.wrappedPrivateKey, context))], [5, 6]);
    assert.deepEqual(
      calls.map(call => call.body),
      [
        { KeyId: 'key-1', KeyPairSpec: 'ECC_NIST_P256', EncryptionContext: context },
        { KeyId: 'key-1', CiphertextBlob: 'AwQ=', EncryptionContext: context },
      ],
    );
  });

  test('try a source by the sync function, and hide what a failed one says', async () => {
    calls.length = 0;
    const request = {
      protocol: 'imap' as const,
      host: 'mail.example',
      port: 993,
      security: 'tls' as const,
      username: 'ada',
      sealedPassword: 'sealed',
      accountId: 'a1',
    };
    const found = { capabilities: ['IMAP4REV1'], mailboxes: 3, messages: 12 };
    const answer = { ok: true, code: null, message: 'Signed in.', messageSentences: [], found };
    invokeAnswer = { status: 200, body: JSON.stringify(answer) };
    assert.deepEqual(await services().tester.test(request), answer);
    assert.deepEqual(calls[0]?.body, { test: request });
    assert.match(calls[0]?.target ?? '', /\/functions\/sync\/invocations/);
    invokeAnswer = { status: 200, error: 'Unhandled', body: '{"errorMessage":"secret"}' };
    await assert.rejects(services().tester.test(request), (error: Error) => !/secret/.test(error.message));
    invokeAnswer = { status: 200, body: '{"ok":"maybe"}' };
    await assert.rejects(services().tester.test(request));
    calls.length = 0;
    invokeAnswer = { status: 500, body: '{"message":"secret"}' };
    await assert.rejects(services().tester.test(request), {
      code: 'tester',
      message: /^The account could not be/,
    });
    assert.equal(calls.length, 1, 'a code or a password is not sent a second time by itself');
  });

  test('push by the sync function without waiting for it, or by the queue with a delay', async () => {
    calls.length = 0;
    invokeAnswer = { status: 202, body: '' };
    await services().pusher.ask({ userId: 'mara', verify: 'p1' });
    assert.match(calls[0]?.target ?? '', /\/functions\/sync\/invocations/);
    assert.deepEqual(calls[0]?.body, { push: { userId: 'mara', verify: 'p1' } });
    await services().pusher.ask({ userId: 'mara', flush: 'p1' }, { delaySeconds: 30 });
    const [entry] = (calls[1]?.body.Entries ?? []) as Entry[];
    assert.deepEqual(
      [entry?.DelaySeconds, JSON.parse(entry?.MessageBody ?? '')],
      [30, { push: { userId: 'mara', flush: 'p1' } }],
    );
  });

  test('complete a sign-in by the sync function, and read the secret that it needs from SSM, once', async () => {
    calls.length = 0;
    const request = {
      ...{ provider: 'google', code: 'c', redirectUri: 'https://mail.example/accounts/authorized' },
      ...{ sealedVerifier: 'sealed', verifierOf: 'oauth:x', accountId: 'a1' },
      source: { protocol: 'imap', host: 'mail.example', port: 993, security: 'tls', username: 'ada' },
    } as const;
    const answer = { ok: true as const, sealedRefreshToken: 'sealed' };
    invokeAnswer = { status: 200, body: JSON.stringify(answer) };
    assert.deepEqual(await services().tester.redeem(request), answer);
    assert.deepEqual(calls[0]?.body, { redeem: request });
    invokeAnswer = { status: 200, error: 'Unhandled', body: '{"errorMessage":"secret"}' };
    await assert.rejects(services().tester.redeem(request), { name: 'MailferryError', code: 'tester' });

    calls.length = 0;
    const google = { clientId: 'us', clientSecretParameter: '/mailferry/x/google' };
    const env = { TABLE_NAME: 'table', OAUTH_CLIENTS: JSON.stringify({ google }) };
    const secret = awsServices(env).oauthClients.google?.clientSecret;
    assert.ok(typeof secret === 'function', 'it is read when it is needed');
    assert.deepEqual([await secret(), await secret()], ['the-secret', 'the-secret']);
    assert.deepEqual(
      calls.map(({ target, body }) => [target, body]),
      [['AmazonSSM.GetParameter', { Name: '/mailferry/x/google', WithDecryption: true }]],
    );
  });

  test('look for settings by the sync function, and hide what a failed one says', async () => {
    calls.length = 0;
    const proposal = { protocol: 'imap', host: 'imap.example', port: 993, security: 'tls', username: 'ada' };
    const more = { authentication: 'password', oauthProvider: null, source: 'srv', confirmed: true };
    const answer = {
      address: 'ada@mail.example',
      provider: null,
      proposals: [{ ...proposal, ...more, capabilities: ['IMAP4REV1'] }],
      recommended: 0,
      protocolAdvice: 'Use IMAP.',
      protocolAdviceSentence: { code: 'use-imap', values: {}, text: 'Use IMAP.' },
      ...{ help: [], reasons: [], reasonSentences: [], warnings: ['Mind it.'] },
      warningSentences: [{ code: 'mind', values: { it: 1 }, text: 'Mind it.' }],
    };
    invokeAnswer = { status: 200, body: JSON.stringify(answer) };
    assert.deepEqual(await services().tester.discover('ada@mail.example'), answer);
    assert.deepEqual(calls[0]?.body, { discover: { address: 'ada@mail.example' } });
    invokeAnswer = { status: 200, error: 'Unhandled', body: '{"errorMessage":"secret"}' };
    await assert.rejects(services().tester.discover('x'), { name: 'MailferryError', code: 'tester' });
    invokeAnswer = { status: 200, body: '{"address":1}' };
    await assert.rejects(services().tester.discover('x'));
  });
});
