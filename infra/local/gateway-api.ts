import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

/** Headers that belong to one connection (RFC 9110 section 7.6.1), or that only a gateway may set. */
const NOT_FORWARDED = new Set([
  // To the same machine nothing is quicker than to send it as it is.
  'accept-encoding',
  'authorization',
  'connection',
  'cookie',
  'forwarded',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a function behind an HTTP API answers in payload format 2.0. */
const functionAnswer = z.object({
  statusCode: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * The event of an HTTP API with payload format 2.0 and a JWT authoriser
 * (API Gateway Developer Guide, "Working with AWS Lambda proxy integrations for HTTP APIs").
 * `x-forwarded-host` and `-proto` are the gateway's own; a client's are dropped. A HEAD is asked as GET, its body
 * is left out of the answer.
 */
export function httpApiEvent(
  request: IncomingMessage,
  target: { path: string; query: string; host: string },
  body: Buffer,
  claims: Record<string, string>,
): unknown {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const type = request.headers['content-type'] ?? '';
  const isText = /^(text\/|application\/(json|javascript|xml)\b)/i.test(type);
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: target.path,
    rawQueryString: target.query,
    ...(request.headers.cookie ? { cookies: request.headers.cookie.split(/; */) } : {}),
    headers: forwardedHeaders(request, target.host),
    ...(target.query === '' ? {} : { queryStringParameters: queryOf(target.query) }),
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      authorizer: { jwt: { claims, scopes: null } },
      domainName: target.host,
      domainPrefix: 'local',
      http: {
        method,
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Writes a function's answer. Throws ZodError when it is not one. */
export function sendFunctionAnswer(
  answer: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { statusCode, headers, cookies, body, isBase64Encoded } = functionAnswer.parse(answer);
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (statusCode !== 204 && statusCode !== 304) response.setHeader('content-length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function forwardedHeaders(request: IncomingMessage, host: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || NOT_FORWARDED.has(name) || name.startsWith('x-forwarded-')) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    ...headers,
    'x-forwarded-host': host,
    'x-forwarded-proto': 'http',
    'x-forwarded-for': request.socket.remoteAddress ?? '',
  };
}

function queryOf(query: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] = name in values ? `${values[name]},${value}` : value;
  }
  return values;
}
