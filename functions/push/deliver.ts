import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { resolveHost, type Target } from '../source/guard.ts';
import { tlsOptions } from '../source/secure.ts';

/** What became of a message: taken; the subscription is no more; later, and not before so many ms; refused for good. */
export type Delivery =
  | { outcome: 'taken' | 'gone' | 'refused' }
  | { outcome: 'later'; isTooMany: boolean; retryAfter: number | null };

export interface PushRequestParts {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** The longest a push service may take, in ms, name lookup included. */
const TIME_LIMIT_MS = 10_000;
const LOOKUP_LIMIT_MS = 3_000;

/**
 * Sends one message to a push service: to an address that the guard has looked up and checked, and to no other, whatever
 * it answers; redirects are not followed and of its answer only status and Retry-After are read. Never throws.
 */
export async function deliver(
  url: URL,
  parts: PushRequestParts,
  allowPrivateHosts: 'all' | readonly string[],
  now: () => number,
): Promise<Delivery> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const target = await resolveHost(host, allowPrivateHosts, { timeout: LOOKUP_LIMIT_MS });
    const { status, retryAfter } = await post(url, target, { ...parts, signal });
    return deliveryOf(status, retryAfter, now());
  } catch (error) {
    // A name that leads to where nothing of ours may go will not lead elsewhere soon.
    const isForbidden = error instanceof Error && 'code' in error && error.code === 'forbidden-host';
    return isForbidden ? { outcome: 'refused' } : { outcome: 'later', isTooMany: false, retryAfter: null };
  }
}

function post(
  url: URL,
  target: Target,
  { headers, body, signal }: PushRequestParts & { signal: AbortSignal },
): Promise<{ status: number; retryAfter: string | undefined }> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const sent = (isTls ? request : plainRequest)(
      {
        method: 'POST',
        ...(isTls ? tlsOptions({}, target) : {}),
        host: target.address,
        port: url.port || (isTls ? 443 : 80),
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, 'content-length': body.length },
        agent: false,
        signal,
        // A literal address has no name for SNI.
        ...(isTls && isIP(target.servername) === 0 && target.servername
          ? { servername: target.servername }
          : {}),
      },
      response => {
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
        // However much it goes on to say.
        response.destroy();
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** RFC 8030 section 5 and RFC 8620 section 7.2. Pure. */
export function deliveryOf(status: number, retryAfter: string | undefined, now: number): Delivery {
  if (status >= 200 && status < 300) return { outcome: 'taken' };
  if (status === 404 || status === 410) return { outcome: 'gone' };
  if (status === 429 || status === 408 || status >= 500) {
    return { outcome: 'later', isTooMany: status === 429, retryAfter: waitOf(retryAfter, now) };
  }
  return { outcome: 'refused' };
}

/** Retry-After (RFC 9110 section 10.2.3) in ms; null without one that can be read. */
function waitOf(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
