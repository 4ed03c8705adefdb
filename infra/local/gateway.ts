import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { API_CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from '../web-headers.ts';
import { BLOBS_PATH } from './blob-addresses.ts';
import { LocalCloudError } from './errors.ts';
import { fileBlobs } from './file-blobs.ts';
import { httpApiEvent, sendFunctionAnswer } from './gateway-api.ts';
import { type TokenCheck, tokenCheck } from './gateway-auth.ts';
import { answerBlob } from './gateway-blobs.ts';
import { staticFiles } from './gateway-static.ts';
import { BodyTooLarge, readBody, sendJson, sendText } from './http.ts';
import { CLIENT_ID, createIssuer, ISSUER_PATH, type Issuer, SCOPE } from './issuer.ts';

/** What an HTTP API accepts as a body: 10 MB. */
const BODY_LIMIT = 10 * 1024 * 1024;
const API_METHODS = 'GET, HEAD, POST, OPTIONS';

interface Options {
  /** The port that the gateway listens on: part of the origin, and of every Host that is ours. */
  port: number;
  data: string;
  /** Folder of the built app. */
  app: string;
  /** The bearer token of `<data>/token`. */
  token: string;
  /** With which addresses of blobs are signed. */
  blobSecret: string;
  password: string | null;
  /** Runs the api function. Throws `LocalCloudError`. */
  invokeApi(event: unknown): Promise<unknown>;
  log(line: string): void;
}

interface Target {
  path: string;
  query: string;
  /** The Host header, which is known to be ours. */
  host: string;
}

type Handle = (target: Target, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What CloudFront, the HTTP API and Cognito are on AWS, under one origin `http://localhost:<port>`: the built app,
 * `/config.json`, the issuer below `/oidc`, and the API behind its token check. Gives the request listener; it
 * answers every request, also one that fails.
 */
export async function createGateway(
  options: Options,
): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const origin = `http://localhost:${options.port}`;
  const issuer = await createIssuer({ origin, data: options.data, password: options.password });
  const check = tokenCheck({
    token: options.token,
    issuer: issuer.issuer,
    audience: origin,
    keys: issuer.keys,
  });
  const store = { blobs: fileBlobs(join(options.data, 'blobs')), secret: options.blobSecret };
  const handle = route(
    origin,
    issuer,
    { api: apiOf(options, check), blobs: (...call) => answerBlob(store, ...call) },
    staticFiles(options.app),
  );
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]'].map(name => `${name}:${options.port}`));
  if (options.port === 80) for (const name of ['localhost', '127.0.0.1', '[::1]']) hosts.add(name);

  return (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const host = request.headers.host ?? '';
    if (!hosts.has(host.toLowerCase())) {
      // A name of somebody else that resolves to loopback (DNS rebinding) is not us: RFC 9110 section 15.5.20.
      return sendText(response, 421, `Mailferry answers at ${origin} only.`);
    }
    const url = request.url ?? '';
    if (!url.startsWith('/')) return sendText(response, 400, 'The request names no path.');
    const [path = '/', ...query] = url.split('?');
    void handle({ path, query: query.join('?'), host }, request, response).catch(error => {
      fail(error, response, options.log);
    });
  };
}

function route(
  origin: string,
  issuer: Issuer,
  { api, blobs }: { api: Handle; blobs: Handle },
  files: ReturnType<typeof staticFiles>,
): Handle {
  const config = { issuer: issuer.issuer, clientId: CLIENT_ID, scope: SCOPE, resource: origin };
  return async (target, request, response) => {
    const { path, host } = target;
    if (path === '/.well-known/jmap' || path.startsWith('/jmap/')) return api(target, request, response);
    if (path.startsWith(BLOBS_PATH)) return blobs(target, request, response);
    if (path === ISSUER_PATH || path.startsWith(`${ISSUER_PATH}/`)) {
      return issuer.handle(path, request, response);
    }
    if (path === '/config.json') return sendJson(response, 200, config);
    // The app's storage and sign-in belong to one origin: other names of loopback are led there.
    const isPage = (request.headers.accept ?? '').includes('text/html');
    if (isPage && request.method === 'GET' && `http://${host}` !== origin) {
      response.setHeader('location', `${origin}${request.url}`);
      return sendText(response, 307, `Mailferry is at ${origin}`);
    }
    return files(path, request, response);
  };
}

function apiOf(options: Options, check: TokenCheck): Handle {
  return async (target, request, response) => {
    response.setHeader('content-security-policy', API_CONTENT_SECURITY_POLICY);
    if (request.method === 'OPTIONS') {
      // No CORS headers: pages of other origins have no business here.
      response.setHeader('allow', API_METHODS);
      return sendText(response, 200, API_METHODS);
    }
    const { authorization } = request.headers;
    const claims = await check(authorization);
    if (claims === null) {
      const error = authorization === undefined ? '' : ', error="invalid_token"';
      response.setHeader('www-authenticate', `Bearer realm="mailferry"${error}`);
      return sendJson(response, 401, { message: 'Unauthorized' });
    }
    const body = await readBody(request, BODY_LIMIT);
    const answer = await options.invokeApi(httpApiEvent(request, target, body, claims));
    sendFunctionAnswer(answer, request, response);
  };
}

function fail(error: unknown, response: ServerResponse, log: (line: string) => void): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof BodyTooLarge) sendJson(response, 413, { message: 'Request Entity Too Large' });
  else {
    log(error instanceof Error ? error.message : 'A request failed for an unknown reason.');
    // As API Gateway answers: a function that is too late or away is 503, one that throws is 500.
    const away = error instanceof LocalCloudError && error.code !== 'function-failed';
    sendJson(response, away ? 503 : 500, { message: away ? 'Service Unavailable' : 'Internal Server Error' });
  }
}
