import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import { SourceError } from './errors.ts';
import { resolveHost, type Target } from './guard.ts';

/**
 * Refreshes access tokens (RFC 6749 section 6). The answer of a token endpoint is hostile input like a mail server's,
 * and none of it reaches an error but the error code, which the RFC defines.
 */

/** How this stack is registered with one provider. */
export interface OAuthClient {
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string | undefined;
  /** Absolute, https. */
  tokenEndpoint: string;
  scope?: string | undefined;
}

export interface TokenRequest {
  /** As in the account's settings: `google`. */
  provider: string;
  client: OAuthClient;
  refreshToken: string;
  allowPrivateHosts: 'all' | readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  timeout: number;
}

export interface Tokens {
  accessToken: string;
  /** How long the access token is valid, in milliseconds. */
  validFor: number;
  /** Replaces the refresh token, where the provider rotates it. */
  refreshToken: string | null;
}

const LARGEST_ANSWER = 64 * 1024;
/** RFC 6749 section 5.1 only recommends to say it. */
const DEFAULT_VALID_SECONDS = 300;
/** Printable ASCII, as a token has to be (RFC 6750 section 2.1): it becomes part of a command. */
const token = z.string().regex(/^[\x21-\x7e]{1,16000}$/);

const granted = z.object({
  access_token: token,
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  expires_in: z.coerce.number().positive().catch(DEFAULT_VALID_SECONDS),
  refresh_token: token.optional(),
});
const refused = z.object({ error: z.string().regex(/^[\x20-\x7e]{1,100}$/) });

/**
 * Gets a new access token. Throws SourceError: `authentication` when the provider wants the person to sign in again,
 * `throttled` and `temporary` when it cannot answer now, `protocol` for an answer that is none; MailferryError
 * `configuration` when it does not accept this stack's registration.
 */
export async function refreshAccessToken(request: TokenRequest): Promise<Tokens> {
  const { status, retryAfter, text } = await ask(request);
  const name = providerName(request.provider);
  const body = readJson(text);
  if (status >= 200 && status < 300) {
    const read = granted.safeParse(body);
    if (!read.success) throw new SourceError('protocol', `${name} gave no token that Mailferry can use.`);
    const { access_token, expires_in, refresh_token } = read.data;
    const isRotated = refresh_token !== undefined && refresh_token !== request.refreshToken;
    return {
      accessToken: access_token,
      validFor: expires_in * 1_000,
      refreshToken: isRotated ? refresh_token : null,
    };
  }
  if (status === 429) {
    throw new SourceError('throttled', `${name} limits how often it may be asked; Mailferry waits.`, {
      retryAfter,
    });
  }
  if (status >= 500) throw notNow(name);
  const code = refused.safeParse(body).data?.error;
  if (code === 'temporarily_unavailable' || code === 'server_error') throw notNow(name);
  if (code === 'invalid_grant' || code === 'interaction_required' || code === 'consent_required') {
    const sentence = `${name} no longer lets Mailferry in. Sign in again at ${name}.`;
    throw new SourceError('authentication', sentence);
  }
  const why = code === undefined ? `status ${status}` : code;
  throw new MailferryError(
    'configuration',
    `${name} does not accept how this Mailferry is registered there (${why}).`,
  );
}

/** A provider as people know it: `google` is Google. */
export function providerName(provider: string): string {
  const [first = '', ...rest] = provider;
  return provider === '' ? 'your provider' : first.toUpperCase() + rest.join('');
}

function notNow(name: string, cause?: unknown): SourceError {
  const sentence = `${name} cannot renew the sign-in now; Mailferry tries again later.`;
  return new SourceError('temporary', sentence, { cause });
}

interface Answer {
  status: number;
  /** Milliseconds, where the server says so. */
  retryAfter: number | undefined;
  text: string;
}

async function ask(request: TokenRequest): Promise<Answer> {
  const { client, refreshToken, allowPrivateHosts, timeout, provider } = request;
  const endpoint = new URL(client.tokenEndpoint);
  const host = endpoint.hostname.replace(/^\[(.*)\]$/, '$1');
  const target = await resolveHost(host, allowPrivateHosts, { timeout });
  if (endpoint.protocol !== 'https:' && !isLoopback(target.address)) {
    const sentence = `The token endpoint of ${providerName(provider)} has to begin with https.`;
    throw new MailferryError('configuration', sentence);
  }
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: client.clientId,
    ...(client.clientSecret && { client_secret: client.clientSecret }),
    ...(client.scope && { scope: client.scope }),
  }).toString();
  try {
    return await post(endpoint, target, body, AbortSignal.timeout(timeout));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw notNow(providerName(provider), codeOf(error));
  }
}

/** Sends the form to the address that was checked and to no other; redirects are not followed. */
function post(endpoint: URL, target: Target, body: string, signal: AbortSignal): Promise<Answer> {
  const isSecure = endpoint.protocol === 'https:';
  const send = isSecure ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(
      {
        method: 'POST',
        host: target.address,
        port: endpoint.port || (isSecure ? 443 : 80),
        path: endpoint.pathname + endpoint.search,
        servername: target.servername,
        agent: false,
        signal,
        headers: {
          host: endpoint.host,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        },
      },
      response => {
        readAll(response).then(text => resolve({ ...headOf(response), text }), reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) {
      response.destroy();
      throw new SourceError('protocol', 'The provider answered more than a token.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<Answer, 'text'> {
  const seconds = Number(headers['retry-after']);
  return { status: statusCode, retryAfter: seconds > 0 ? Math.min(seconds, 86_400) * 1_000 : undefined };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The code alone: what else an error of a socket holds says nothing more, and the request must not be kept. */
function codeOf(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Error(code || (error instanceof Error ? error.name : 'unknown'));
}

const isLoopback = (address: string) =>
  (isIP(address) === 4 && address.startsWith('127.')) || address === '::1';
