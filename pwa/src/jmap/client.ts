import { ACCOUNTS, CORE, type Invocation, MAIL, type Session } from '../../../functions/jmap/types.ts';
import { MethodRefused, RequestRefused, SignInNeeded, Unreachable } from './errors.ts';

/** The answers of one request, found by call id. */
export interface Answers {
  /**
   * The arguments of the answer to a call.
   * @throws MethodRefused when the server answered that call with an error, or not at all
   */
  of<T = Record<string, unknown>>(callId: string): T;
}

/** Sends method calls in one request (RFC 8620 section 3.3). The feed and the outbox know nothing but this. */
export type Call = (calls: Invocation[], options?: { signal?: AbortSignal }) => Promise<Answers>;

/** A bearer token; `renew` asks for one other than the last, which the server refused. */
export type TokenSource = (renew: boolean) => Promise<string>;

/** Longest wait for one answer, in milliseconds. */
const TIMEOUT = 30_000;

/** A reference to a result of an earlier call of the same request (RFC 8620 section 3.7). */
export function ref(resultOf: string, name: string, path: string): Record<string, string> {
  return { resultOf, name, path };
}

/** Wraps the invocations of a JMAP response. */
export function answersOf(invocations: readonly Invocation[]): Answers {
  return {
    of<T>(callId: string): T {
      const found = invocations.find(invocation => invocation[2] === callId);
      if (!found) throw new MethodRefused('serverFail', 'The server left a call unanswered.');
      const [name, args] = found;
      if (name === 'error') {
        throw new MethodRefused(
          String(args.type ?? 'serverFail'),
          String(args.description ?? args.type ?? ''),
        );
      }
      return args as T;
    },
  };
}

/**
 * `fetch` with the bearer token, a time limit, and one retry with a new token after a 401.
 * @throws Unreachable for network errors, time-outs and a gateway whose server is gone (502, 503, 504)
 * @throws SignInNeeded when no accepted token can be had
 */
export async function authorisedFetch(
  url: string,
  token: TokenSource,
  init: RequestInit = {},
  timeout = TIMEOUT,
): Promise<Response> {
  const target = new URL(url, self.location.origin);
  // The token is ours and our server's: an address in a session answer must not carry it elsewhere.
  if (target.origin !== self.location.origin)
    throw new RequestRefused(0, 'foreignAddress', 'Unexpected server address.');
  const attempt = async (renew: boolean) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await token(renew)}`);
    const limit = AbortSignal.timeout(timeout);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return fetch(target, { ...init, headers, signal, credentials: 'omit', cache: 'no-store' }).catch(
      (error: unknown) => {
        throw new Unreachable(error);
      },
    );
  };
  let response = await attempt(false);
  if (response.status === 401) response = await attempt(true);
  if (response.status === 401) throw new SignInNeeded();
  // 429: the API's own limit, or the firewall's, which answers without JMAP.
  if ([429, 502, 503, 504].includes(response.status)) throw new Unreachable(`HTTP ${response.status}`);
  return response;
}

async function refusal(response: Response): Promise<RequestRefused> {
  const problem = (await response.json().catch(() => ({}))) as { type?: unknown; detail?: unknown };
  const type = typeof problem.type === 'string' ? problem.type : 'unknown';
  return new RequestRefused(
    response.status,
    type.split(':').at(-1) ?? type,
    String(problem.detail ?? `HTTP ${response.status}`),
  );
}

/** Reads the session resource (RFC 8620 section 2). */
export async function fetchSession(token: TokenSource): Promise<Session> {
  const response = await authorisedFetch('/.well-known/jmap', token, {
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw await refusal(response);
  const session = (await response.json()) as Partial<Session>;
  if (typeof session.apiUrl !== 'string' || typeof session.downloadUrl !== 'string' || !session.accounts) {
    throw new RequestRefused(response.status, 'notJmap', 'The server did not answer with a JMAP session.');
  }
  return session as Session;
}

/** A `Call` that talks to the API of a session. */
export function caller(apiUrl: string, token: TokenSource): Call {
  return async (methodCalls, options = {}) => {
    const response = await authorisedFetch(apiUrl, token, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ using: [CORE, MAIL, ACCOUNTS], methodCalls }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (!response.ok) throw await refusal(response);
    const answer = (await response.json().catch((error: unknown) => {
      // An answer cut off in the middle is a network failure, not a refusal.
      throw new Unreachable(error);
    })) as { methodResponses?: Invocation[] };
    if (!Array.isArray(answer.methodResponses))
      throw new RequestRefused(response.status, 'notJmap', 'Not a JMAP answer.');
    return answersOf(answer.methodResponses);
  };
}

/** Fills in the template of a session's `downloadUrl` (RFC 8620 section 2). */
export function downloadAddress(
  template: string,
  part: { accountId: string; blobId: string; name: string; type: string },
): string {
  return template.replace(/\{(accountId|blobId|name|type)\}/g, (_, key: keyof typeof part) =>
    encodeURIComponent(part[key]),
  );
}
