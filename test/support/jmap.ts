import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer as Event } from 'aws-lambda';
import { createHandler } from '../../functions/api.ts';
import { ACCOUNTS, CORE, type Invocation, MAIL, type Response } from '../../functions/jmap/types.ts';
import { summarize } from '../../functions/mime/parse.ts';
import type { Services } from '../../functions/services.ts';
import { putAccount, type SourceAccount } from '../../functions/store/accounts.ts';
import type { CreatedEmail, MailboxProperties } from '../../functions/store/commit.ts';
import { blobKeys } from '../../functions/store/keys.ts';
import { commit } from '../../functions/store/log.ts';
import type { EmailSummary } from '../../functions/store/rows.ts';

// The handler's log says what went wrong on the server; a test that provokes it needs no such lines.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';

export const USING = [CORE, MAIL, ACCOUNTS];

/** An HTTP API event as API Gateway sends it, of a user who is signed in. */
export function httpEvent(
  method: string,
  path: string,
  options: { user?: string; headers?: Record<string, string>; body?: string; query?: string } = {},
): Event {
  const { user = 'mara', headers = {}, body, query } = options;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query ?? '',
    headers: { host: 'mail.example.org', ...headers },
    ...(query && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '1',
      apiId: '1',
      authorizer: { principalId: '', integrationLatency: 0, jwt: { claims: { sub: user }, scopes: [] } },
      domainName: 'mail.example.org',
      domainPrefix: 'mail',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: '1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

type Call = [name: string, args: Record<string, unknown>, callId?: string];

/** A response's arguments; the test knows which of them its method has. */
export interface Answered {
  [name: string]: unknown;
  list: Record<string, unknown>[];
  notFound: string[];
  ids: string[];
}

/** A signed-in JMAP client that talks to the handler itself. */
export function jmapClient(services: Services, user = 'mara') {
  const handle = createHandler(services);
  const http = (method: string, path: string, options: Parameters<typeof httpEvent>[2] = {}) =>
    handle(httpEvent(method, path, { user, ...options }));
  const post = (body: string, contentType = 'application/json') =>
    http('POST', '/jmap/api', { body, headers: { 'content-type': contentType } });
  const request = async (calls: readonly Call[], more: object = {}): Promise<Response> => {
    const methodCalls = calls.map(([name, args, callId], i) => [name, args, callId ?? `c${i}`]);
    const answer = await post(JSON.stringify({ using: USING, methodCalls, ...more }));
    assert.equal(answer.statusCode, 200, answer.body);
    return JSON.parse(textOf(answer));
  };
  return {
    http,
    post,
    request,
    /** One call of which the response is expected to have the call's name. */
    async call(name: string, args: Record<string, unknown>): Promise<Answered> {
      const [[answered, result]] = (await request([[name, args]])).methodResponses as [Invocation];
      assert.equal(answered, name, JSON.stringify(result));
      return result as unknown as Answered;
    },
    /** One call of which an error is expected: its type. */
    async error(name: string, args: Record<string, unknown>): Promise<unknown> {
      const [[answered, result]] = (await request([[name, args]])).methodResponses as [Invocation];
      assert.equal(answered, 'error', JSON.stringify(result));
      return result.type;
    },
  };
}

/** The text of an answer. */
export function textOf(answer: { body?: string | undefined; isBase64Encoded?: boolean | undefined }): string {
  return Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8').toString();
}

/** An account with three mailboxes and no mail. */
export async function seedAccount(services: Services, id: string, more: Partial<SourceAccount> = {}) {
  await putAccount(services.table, {
    ...{ id, userId: 'mara', name: id, protocol: 'imap', address: 'mara@example.org' },
    ...{ host: 'imap.example.org', port: 993, security: 'tls', username: 'mara', sealedPassword: 'sealed' },
    ...{ deletionPolicy: 'keep', createdAt: 1 },
    ...more,
  } satisfies SourceAccount);
  await commit(services, id, () => ({
    by: 'run',
    mailboxes: { created: MAILBOXES, updated: [], destroyed: [] },
  }));
}

const mailbox = (
  id: string,
  role: string | null,
  more: Partial<MailboxProperties> = {},
): MailboxProperties => ({
  ...{ id, name: id[0]?.toUpperCase() + id.slice(1), path: id, parentId: null, role },
  ...{ sortOrder: 0, isSubscribed: true, selectable: true },
  ...more,
});
export const MAILBOXES: MailboxProperties[] = [
  mailbox('inbox', 'inbox'),
  mailbox('trash', 'trash', { sortOrder: 5 }),
  mailbox('work', null, { sortOrder: 2, selectable: false }),
  mailbox('boat', null, { sortOrder: 1, parentId: 'work' }),
];

export interface SeedEmail {
  raw?: string | Buffer;
  subject?: string;
  /** Seconds since the epoch. */
  at?: number;
  replyTo?: string;
  mailboxIds?: string[];
  keywords?: string[];
}

/** A message of which the subject is also its Message-ID. */
export function message({ raw, subject = 'hello', at = 1_700_000_000, replyTo }: SeedEmail): Buffer {
  if (raw !== undefined) return Buffer.from(raw);
  const headers = [
    `Received: from a by b; ${new Date(at * 1000).toUTCString().replace('GMT', '+0000')}`,
    'From: Ada Sender <ada@example.org>',
    'To: Mara <mara@example.org>',
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(' ', '-')}@example.org>`,
    ...(replyTo ? [`In-Reply-To: <${replyTo}@example.org>`] : []),
    'Content-Type: text/plain; charset=utf-8',
  ];
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\nBody of ${subject}.\r\n`);
}

/** Stores messages as a run would: blobs first, then one commit. */
export async function addEmails(
  services: Services,
  accountId: string,
  emails: readonly SeedEmail[],
): Promise<EmailSummary[]> {
  const created: CreatedEmail[] = [];
  const summaries = new Map<string, EmailSummary>();
  for (const email of emails) {
    const raw = message(email);
    const sha256 = createHash('sha256').update(raw).digest('hex');
    await services.blobs.put(blobKeys.raw(accountId, sha256), raw);
    const summary = summarize(raw, sha256);
    summaries.set(summary.emailId, summary);
    const { mailboxIds = ['inbox'], keywords = [] } = email;
    const locations = [`UID#inbox#1#${sha256.slice(0, 10)}`];
    created.push({
      id: summary.emailId,
      sha256,
      threadId: summary.threadId,
      mailboxIds,
      keywords,
      locations,
    });
  }
  await commit(services, accountId, () => ({ by: 'run', created }), { summaries });
  return [...summaries.values()];
}
