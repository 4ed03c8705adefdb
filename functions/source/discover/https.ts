import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { toSourceError } from '../connection-errors.ts';
import { SourceError } from '../errors.ts';
import { tlsOptions } from '../secure.ts';
import { type Network, within } from './network.ts';

/** How a file is fetched. */
export interface FetchOptions {
  /** The longest body, in octets. */
  limit: number;
  /** Longest time for all of it, redirects included, in milliseconds. */
  timeout: number;
  /** Redirects that are followed. */
  redirects: number;
  /** Looks at where a redirect leads: gives the address to follow, perhaps with something taken out, or null. */
  follow(url: URL): URL | null;
}

/**
 * Fetches a text by HTTPS, redirects included: only `https:`, only on the port for it, and each host by the address
 * that the guard has checked. Null when there is no such file (any status but 200).
 *
 * @throws SourceError when the host cannot be reached, trusted or allowed, or answers too much or too late
 */
export async function fetchText(start: URL, network: Network, options: FetchOptions): Promise<string | null> {
  const signal = within(network.signal, options.timeout);
  let url = start;
  for (let hops = 0; ; hops += 1) {
    const answer = await get(url, network, options.limit, signal);
    if (answer.location === null) return answer.body;
    if (hops === options.redirects) throw refused(url, 'redirects too often');
    const next = options.follow(resolved(answer.location, url));
    if (next === null) throw refused(url, 'redirects to a place that is not followed');
    url = next;
  }
}

type Answer = { body: string | null; location: null } | { location: string };

async function get(url: URL, network: Network, limit: number, signal: AbortSignal): Promise<Answer> {
  const port = url.port === '' ? 443 : Number(url.port);
  const own = port === network.ports.https;
  if (url.protocol !== 'https:' || !own || url.username !== '' || url.password !== '') {
    throw refused(url, 'is no plain https address');
  }
  const target = await network.target(url.hostname);
  if (signal.aborted) throw late(url);
  return new Promise<Answer>((resolve, reject) => {
    const fail = (error: unknown) => {
      sent.destroy();
      reject(signal.aborted ? late(url) : toSourceError(error, { host: url.hostname, port }));
    };
    const sent = request({
      ...tlsOptions({ ...(network.ca === undefined ? {} : { ca: network.ca }) }, target),
      ...{ host: target.address, family: target.family, port, path: `${url.pathname}${url.search}` },
      ...{ agent: false, signal },
      headers: {
        ...{ host: url.host, accept: 'text/xml, application/xml', 'accept-encoding': 'identity' },
        ...{ 'user-agent': 'Mailferry', connection: 'close' },
      },
    });
    sent.on('error', fail);
    sent.on('response', response => {
      read(response, url, limit).then(resolve, fail);
    });
    sent.end();
  });
}

async function read(response: IncomingMessage, url: URL, limit: number): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined) {
    response.destroy();
    return { location: headers.location };
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (statusCode !== 200 || encoding !== 'identity') {
    response.destroy();
    return { body: null, location: null };
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > limit) throw refused(url, 'sends more than such a file may have');
    chunks.push(bytes);
  }
  return { body: new TextDecoder().decode(Buffer.concat(chunks)), location: null };
}

function resolved(location: string, base: URL): URL {
  try {
    return new URL(location, base);
  } catch (cause) {
    throw new SourceError('protocol', `${base.hostname} redirects to something that is no address.`, {
      cause,
    });
  }
}

function refused({ hostname }: URL, what: string): SourceError {
  return new SourceError('protocol', `${hostname} ${what}.`);
}

function late({ hostname }: URL): SourceError {
  return new SourceError('timeout', `${hostname} did not answer in time.`);
}
