import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { MailferryError } from '../errors.ts';
import { SourceError } from './errors.ts';
import { resolveHost, type Target } from './guard.ts';
import { isLoopback, type OAuthClient } from './oauth-client.ts';

/** Asks the token endpoint of a provider (RFC 6749 section 3.2), which is where the configuration says and nowhere else. */

export interface TokenQuestion {
  client: OAuthClient;
  /** What is asked for: `grant_type` and what belongs to it. */
  grant: Readonly<Record<string, string>>;
  allowPrivateHosts: 'all' | readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  timeout: number;
}

export interface TokenAnswer {
  status: number;
  /** Milliseconds, where the server says so. */
  retryAfter: number | undefined;
  /** The JSON of the answer; null where it is none. */
  body: unknown;
}

const LARGEST_ANSWER = 64 * 1024;

/**
 * Sends the question with the client's id and secret to a checked address; redirects are not followed. Throws
 * SourceError `forbidden-host`, `unknown-host`, `protocol` for an answer without end; MailferryError `configuration` for
 * an endpoint without TLS; and whatever a connection throws, as an Error that holds a code and nothing else.
 */
export async function askTokenEndpoint(question: TokenQuestion): Promise<TokenAnswer> {
  const { client, grant, allowPrivateHosts, timeout } = question;
  const endpoint = new URL(client.tokenEndpoint);
  const host = endpoint.hostname.replace(/^\[(.*)\]$/, '$1');
  const target = await resolveHost(host, allowPrivateHosts, { timeout });
  if (endpoint.protocol !== 'https:' && !isLoopback(target.address)) {
    throw new MailferryError('configuration', 'The token endpoint of a provider has to begin with https.');
  }
  const { clientId, clientSecret } = client;
  const secret = typeof clientSecret === 'function' ? await clientSecret() : clientSecret;
  const body = new URLSearchParams({
    ...grant,
    client_id: clientId,
    ...(secret && { client_secret: secret }),
  }).toString();
  try {
    return await post(endpoint, target, body, AbortSignal.timeout(timeout));
  } catch (error) {
    throw error instanceof SourceError ? error : codeOf(error);
  }
}

/** Sends the form to the address that was checked and to no other. */
function post(endpoint: URL, target: Target, body: string, signal: AbortSignal): Promise<TokenAnswer> {
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
        readAll(response).then(text => resolve({ ...headOf(response), body: readJson(text) }), reject);
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

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<TokenAnswer, 'body'> {
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
