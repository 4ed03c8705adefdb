import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEventV2WithJWTAuthorizer as Event } from 'aws-lambda';
import { MailferryError } from './errors.ts';
import { mailAccountSet } from './jmap/account-set.ts';
import { mailAccountGet, mailAccountSync, mailAccountTest } from './jmap/accounts.ts';
import { mailAccountAuthorize } from './jmap/authorize.ts';
import { download } from './jmap/blob.ts';
import { blobCopy } from './jmap/blob-copy.ts';
import { coreEcho, runCalls } from './jmap/core.ts';
import { mailAccountDiscover } from './jmap/discover.ts';
import { emailChanges } from './jmap/email.ts';
import { emailCopy } from './jmap/email-copy.ts';
import { emailGet } from './jmap/email-get.ts';
import { emailParse } from './jmap/email-parse.ts';
import { emailQuery, emailQueryChanges } from './jmap/email-query.ts';
import { emailSet } from './jmap/email-set.ts';
import { encoded } from './jmap/encode.ts';
import { problemOf, RequestError } from './jmap/errors.ts';
import { type Answer, jsonAnswer, problemAnswer } from './jmap/http.ts';
import { emailImport } from './jmap/import.ts';
import { MAX_ANSWER } from './jmap/limits.ts';
import { noteDevice } from './jmap/looking.ts';
import { mailExportGet, mailExportSet } from './jmap/mail-export.ts';
import { mailImportGet, mailImportSet, mailImportUpload } from './jmap/mail-import.ts';
import { mailboxChanges, mailboxGet } from './jmap/mailbox.ts';
import { mailboxQuery, mailboxQueryChanges } from './jmap/mailbox-query.ts';
import { mailboxSet } from './jmap/mailbox-set.ts';
import { type Context, type Method, newContext, ownAccount, type Report } from './jmap/methods.ts';
import { pushSubscriptionGet, pushSubscriptionSet } from './jmap/push-subscription.ts';
import { mailAccountQuarantine, mailAccountRetry } from './jmap/quarantine.ts';
import { mailAccountReceipts } from './jmap/receipts.ts';
import { mailAccountRedeem } from './jmap/redeem.ts';
import { parseRequest } from './jmap/request.ts';
import { searchSnippetGet } from './jmap/search-snippet.ts';
import { CAPABILITIES, sessionOf, sessionState } from './jmap/session.ts';
import { threadChanges, threadGet } from './jmap/thread.ts';
import { upload } from './jmap/upload.ts';
import { lambdaEntry } from './lambda.ts';
import { offeredProviders } from './oauth-clients.ts';
import { isNothing, type Noticed, notice, ofTypes } from './push/changes.ts';
import { applicationServerKey } from './push/vapid.ts';
import type { Services } from './services.ts';
import { listPushSubscriptions } from './store/push-subscriptions.ts';

const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    ...[coreEcho, blobCopy, emailCopy, emailParse],
    ...[pushSubscriptionGet, pushSubscriptionSet],
    ...[mailAccountQuarantine, mailAccountRetry, mailAccountAuthorize, mailAccountRedeem],
    ...[mailImportGet, mailImportSet, mailImportUpload, mailExportGet, mailExportSet],
    ...[mailboxGet, mailboxChanges, mailboxQuery, mailboxQueryChanges, mailboxSet],
    ...[threadGet, threadChanges, searchSnippetGet],
    ...[emailGet, emailChanges, emailQuery, emailQueryChanges, emailSet, emailImport],
    ...[
      mailAccountGet,
      mailAccountSet,
      mailAccountTest,
      mailAccountSync,
      mailAccountReceipts,
      mailAccountDiscover,
    ],
  ].map(method => [method.name, method]),
);

interface Call {
  services: Services;
  event: Event;
  userId: string;
  report: Report;
}

/** A route answers a method of HTTP; `parts` are the segments of the path after the route's own. */
interface Route {
  path: RegExp;
  methods: readonly string[];
  answer(call: Call, parts: string[]): Promise<Answer> | Answer;
}

const ROUTES: readonly Route[] = [
  { path: /^\/\.well-known\/jmap\/?$/, methods: ['GET'], answer: answerSession },
  { path: /^\/jmap\/api\/?$/, methods: ['POST'], answer: answerApi },
  {
    path: /^\/jmap\/download\/([^/]+)\/([^/]+)\/(.*)$/,
    methods: ['GET', 'HEAD'],
    answer: answerDownload,
  },
  { path: /^\/jmap\/upload\/([^/]+)\/?$/, methods: ['POST'], answer: answerUpload },
  { path: /^\/jmap\/eventsource\/?$/, methods: ['GET'], answer: answerNotOffered },
];

/** The API of one stack, as a Lambda handler over the services given. */
export function createHandler(services: Services): (event: Event) => Promise<Answer> {
  const logger = new Logger({ serviceName: 'api' });
  const report: Report = (what, error) => logger.error('failed', { what, ...describe(error) });
  return async event => {
    try {
      return await route({ services, event, userId: userOf(event), report });
    } catch (error) {
      if (error instanceof RequestError) return problemAnswer(400, problemOf(error));
      report('request', error);
      return problemAnswer(500, {
        title: 'Internal Server Error',
        detail: 'Something failed on the server.',
      });
    }
  };
}

/** The Lambda entry: HTTP API, payload 2.0, behind a JWT authoriser. */
export const handler = lambdaEntry(createHandler);

async function route(call: Call): Promise<Answer> {
  const { rawPath, requestContext } = call.event;
  const method = requestContext.http.method.toUpperCase();
  if (call.userId === '') return problemAnswer(401, { title: 'Unauthorized', detail: 'Sign in first.' });
  for (const { path, methods, answer } of ROUTES) {
    const match = path.exec(rawPath);
    if (!match) continue;
    if (methods.includes(method)) return answer(call, match.slice(1));
    const detail = `Use ${methods.join(' or ')} here.`;
    return problemAnswer(405, { title: 'Method Not Allowed', detail }, { allow: methods.join(', ') });
  }
  return problemAnswer(404, { title: 'Not Found', detail: 'There is nothing at this address.' });
}

async function answerSession(call: Call): Promise<Answer> {
  const context = contextOf(call);
  const [accounts, key] = await Promise.all([context.accounts(), applicationServerKey(call.services)]);
  const session = sessionOf(usernameOf(call.event), accounts, {
    origin: originOf(call.event),
    applicationServerKey: key,
    oauthProviders: offeredProviders(call.services.oauthClients),
  });
  return encoded(jsonAnswer(200, JSON.stringify(session)), headerOf(call.event, 'accept-encoding'));
}

async function answerApi(call: Call): Promise<Answer> {
  const { event, report } = call;
  const request = parseRequest(bodyOf(event), headerOf(event, 'content-type'), CAPABILITIES);
  const noticed = notice();
  const services = { ...call.services, onCommit: noticed.add };
  const context = contextOf({ ...call, services }, request.createdIds);
  const methodResponses = await runCalls(context, request, METHODS);
  await noteDevice(context, request);
  await askForPulls(services, context, report);
  await askForPush(context, noticed);
  const createdIds = request.createdIds && JSON.stringify(Object.fromEntries(context.createdIds));
  const providers = offeredProviders(services.oauthClients);
  const state = JSON.stringify(sessionState(await context.accounts(), providers));
  const parts = [
    `"methodResponses":${methodResponses}`,
    ...(createdIds ? [`"createdIds":${createdIds}`] : []),
    `"sessionState":${state}`,
  ];
  return encoded(jsonAnswer(200, `{${parts.join(',')}}`), headerOf(event, 'accept-encoding'));
}

/** What was changed is committed; that the pull is asked for soon is a courtesy, and the schedule asks too. */
async function askForPulls(services: Services, { pulls }: Context, report: Report): Promise<void> {
  if (pulls.size === 0) return;
  try {
    await services.queue.send([...pulls].map(id => ({ accounts: [id], reason: 'changed' })));
  } catch (error) {
    report('queue', error);
  }
}

/** Tells the user's other devices what this one changed; where none wants to know, nobody is asked. */
async function askForPush({ services, userId, report }: Context, noticed: Noticed): Promise<void> {
  const changed = noticed.changed();
  if (isNothing(changed)) return;
  try {
    const rows = await listPushSubscriptions(services.table, userId, services.now());
    const isWanted = rows.some(({ verified, types }) => verified && !isNothing(ofTypes(changed, types)));
    if (isWanted) await services.pusher.ask({ userId, changed });
  } catch (error) {
    report('push', error);
  }
}

async function answerDownload(call: Call, parts: string[]): Promise<Answer> {
  const { event, services } = call;
  const [accountId = '', blobId = '', name = ''] = parts.map(decoded);
  const account = await ownAccount(contextOf(call), accountId);
  if (!account) return problemAnswer(404, { title: 'Not Found', detail: 'There is no such blob.' });
  return download(services.blobs, {
    ...{ accountId, blobId, name },
    type: event.queryStringParameters?.type,
    method: event.requestContext.http.method.toUpperCase() === 'HEAD' ? 'HEAD' : 'GET',
    range: headerOf(event, 'range'),
    ifNoneMatch: headerOf(event, 'if-none-match'),
  });
}

async function answerUpload(call: Call, [accountId = '']: string[]): Promise<Answer> {
  const { event, services } = call;
  const account = await ownAccount(contextOf(call), decoded(accountId));
  if (!account)
    return problemAnswer(404, { title: 'Not Found', detail: 'You have no account with this id.' });
  return upload(services.blobs, {
    accountId: account.id,
    bytes: bodyOf(event),
    type: headerOf(event, 'content-type'),
    length: headerOf(event, 'content-length'),
  });
}

function answerNotOffered(): Answer {
  return problemAnswer(501, { title: 'Not Implemented', detail: 'This is not offered yet.' });
}

function contextOf(call: Call, createdIds?: Record<string, string>): Context {
  const { services, userId, report, event } = call;
  return newContext(services, userId, {
    ...(createdIds && { createdIds }),
    ...{ origin: originOf(event), room: MAX_ANSWER, report },
  });
}

function bodyOf(event: Event): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function userOf(event: Event): string {
  return String(event.requestContext.authorizer?.jwt?.claims?.sub ?? '');
}

/** The user's name as the issuer tells it. */
function usernameOf(event: Event): string {
  const { claims } = event.requestContext.authorizer.jwt;
  return String(claims.email ?? claims.username ?? claims['cognito:username'] ?? claims.sub ?? '');
}

/** Scheme and host that the client used; the headers are those of the gateway in front. */
function originOf(event: Event): string {
  const forwarded = headerOf(event, 'x-forwarded-host')?.split(',')[0]?.trim() ?? '';
  const host = /^[a-z0-9.-]+(:[0-9]+)?$|^\[[0-9a-f:]+\](:[0-9]+)?$/i.test(forwarded)
    ? forwarded
    : event.requestContext.domainName;
  const proto = headerOf(event, 'x-forwarded-proto')?.split(',')[0]?.trim();
  return `${proto === 'http' ? 'http' : 'https'}://${host}`;
}

/** API Gateway lower-cases header names; others may not. */
function headerOf(event: Event, name: string): string | undefined {
  const found = Object.entries(event.headers).find(([header]) => header.toLowerCase() === name);
  return found?.[1];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Names and codes, for the log: a message may quote what a server or a client said. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = error instanceof MailferryError ? { code: error.code } : {};
  const at = error.stack
    ?.split('\n')
    .find(line => line.trim().startsWith('at '))
    ?.trim();
  return { error: error.name, ...code, ...(at && { at }) };
}
