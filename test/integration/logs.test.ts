import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { SQSEvent } from 'aws-lambda';
import { cloudWatchMetrics } from '../../functions/cloudwatch.ts';
import { MailferryError } from '../../functions/errors.ts';
import { lambdaEntry } from '../../functions/lambda.ts';
import { logger } from '../../functions/logger.ts';
import type { PullRequest } from '../../functions/services.ts';
import { SourceError } from '../../functions/source/errors.ts';
import { createHandler } from '../../functions/sync.ts';
import { deliver } from '../../infra/local/mail-server.ts';
import { testAccount } from '../support/accounts.ts';
import { jmapClient, seedAccount } from '../support/jmap.ts';
import { testMailServer } from '../support/mail-server.ts';
import { printed } from '../support/printed.ts';
import { startScriptedPopServer } from '../support/scripted-pop-server.ts';
import { type TestServices, testServices } from '../support/table.ts';

/** In everything that must not be logged: each password, address, header and body of this test. */
const MARK = 'zx81';

/** All that a line of the log may have: ids, names, codes and numbers, and the metrics. */
const KEYS = [
  ...['level', 'message', 'timestamp', 'service', 'sampling_rate'],
  ...['accountId', 'messageId', 'job', 'outcome', 'error', 'what', 'code', 'at'],
  ...['_aws', 'kind', 'MessagesPulled', 'Lag', 'Failures'],
];

const mail = Buffer.from(
  [
    `From: Anna ${MARK} <anna-${MARK}@example.org>`,
    `Subject: subject ${MARK}`,
    `Message-ID: <id-${MARK}@example.org>`,
    ...['', `body ${MARK}`, ''],
  ].join('\r\n'),
);

const user = { name: `mara-${MARK}`, password: `password ${MARK}` };

test('the log has a line for what happened, and nothing secret and no mail in it, whoever says it', async t => {
  const server = await testMailServer(t, { users: [user] });
  await deliver(server, user.name, 'INBOX', mail);
  // Servers quote what they were sent, and what they have.
  const quoting = await startScriptedPopServer({
    on: { PASS: (client, password) => client.send(`-ERR [AUTH] ${user.name} has not the ${password}\r\n`) },
  });
  const refusing = await startScriptedPopServer({
    mails: [{ uidl: 'one', raw: mail }],
    on: { RETR: client => client.send(`-ERR [SYS/PERM] no subject ${MARK} here\r\n`) },
  });
  t.after(() => Promise.all([quoting.close(), refusing.close()]));
  const services = await testServices(t, { measure: cloudWatchMetrics('harbour-books') });
  const login = { username: user.name, password: user.password };
  const imap = { ...login, protocol: 'imap', port: server.ports.imap } as const;
  await testAccount(services, 'good', imap);
  await testAccount(services, 'wrong', { ...imap, password: `wrong ${MARK}` });
  await testAccount(services, 'quoting', { ...login, protocol: 'pop', port: quoting.port });
  await testAccount(services, 'refusing', { ...login, protocol: 'pop', port: refusing.port });
  await testAccount(services, 'ours', imap);
  const broken: TestServices = {
    ...services,
    blobs: {
      ...services.blobs,
      put: async (_, bytes) => Promise.reject(new Error(`cannot store ${Buffer.from(bytes)}`)),
    },
  };

  logger.setLogLevel('DEBUG');
  process.env.POWERTOOLS_LOG_LEVEL = 'DEBUG';
  const lines = await printed(async () => {
    await deliverTo(services, ['good', 'wrong', 'quoting', 'refusing']);
    await deliverTo(broken, ['ours']);
    await api(broken);
  });

  assert.ok(!lines.join('\n').includes(MARK), lines.find(line => line.includes(MARK)) ?? '');
  const said = lines.map(line => JSON.parse(line) as Record<string, unknown>);
  for (const line of said) {
    const others = Object.keys(line).filter(key => !KEYS.includes(key));
    assert.deepEqual(others, [], `${Object.keys(line)}`);
  }
  const outcomes = said.filter(line => line.message === 'run').map(line => [line.accountId, line.outcome]);
  assert.deepEqual(Object.fromEntries(outcomes), {
    ...{ good: 'done', wrong: 'failed', quoting: 'failed', refusing: 'done' },
  });
  assert.deepEqual(errorsIn(said), ['pull request failed Error', 'failed Error']);
  assert.deepEqual(
    said.filter(line => line.kind).map(({ kind, Failures }) => [kind, Failures]),
    [
      ['authentication', 2],
      ['quarantine', 1],
      ['internal', 1],
    ],
  );
  const [first] = said.filter(line => line.MessagesPulled !== undefined);
  assert.equal(first?.MessagesPulled, 1);
  assert.equal(first?.Failures, 3);
  assert.deepEqual(first?.Lag, [5, 5, 5, 5]);
});

test('what a handler throws gets into the log of Lambda without its words', async t => {
  process.env.TABLE_NAME = 'mailferry';
  t.after(() => delete process.env.TABLE_NAME);
  const thrown = Object.assign(new TypeError(`no subject ${MARK}`, { cause: new Error(MARK) }), {
    response: MARK,
  });
  const failing = (error: Error) =>
    lambdaEntry(() => async () => Promise.reject(error))().then(
      () => assert.fail('it answered'),
      (found: Error) => found,
    );
  const found = await failing(thrown);
  assert.ok(!inspect(found, { depth: 9, showHidden: true }).includes(MARK), inspect(found));
  assert.equal(found.name, 'TypeError');
  assert.match(found.stack ?? '', /^TypeError: .*\n +at .*logs\.test\.ts/);
  // A mail server's words may be in the sentence for the person; what we say of ourselves helps the operator.
  const source = await failing(new SourceError('refused', `it said ${MARK}`));
  assert.ok(!inspect(source, { depth: 9 }).includes(MARK), inspect(source));
  const ours = await failing(
    new MailferryError('configuration', 'BUCKET_NAME is not set.', { cause: thrown }),
  );
  assert.equal(ours.message, 'BUCKET_NAME is not set.');
  assert.ok(!inspect(ours, { depth: 9 }).includes(MARK), inspect(ours));
});

const errorsIn = (said: readonly Record<string, unknown>[]) =>
  said.filter(line => line.level === 'ERROR').map(({ message, error }) => `${message} ${error}`);

async function deliverTo(services: TestServices, accounts: string[]): Promise<void> {
  const now = Date.now();
  const request: PullRequest = { accounts, reason: 'due', dueAt: now - 5_000 };
  const records = [{ messageId: 'm1', body: JSON.stringify(request) }];
  await createHandler({ ...services, now: () => now })({ Records: records } as SQSEvent, {
    getRemainingTimeInMillis: () => 300_000,
  });
}

/** A request that fails on the server, with mail in what was thrown. */
async function api(services: TestServices): Promise<void> {
  await seedAccount(services, 'a1');
  const { http } = jmapClient(services);
  const answer = await http('POST', '/jmap/upload/a1/', { body: mail.toString() });
  assert.equal(answer.statusCode, 500);
}
