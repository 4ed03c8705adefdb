import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

/** A browser as far as a sign-in needs one: it keeps cookies by path and follows redirects by hand. */
export class Browser {
  private readonly cookies = new Map<string, { value: string; path: string }>();

  async request(address: string, init: RequestInit = {}): Promise<Response> {
    const path = new URL(address).pathname;
    const cookie = [...this.cookies]
      .filter(([, one]) => path === one.path || path.startsWith(one.path.replace(/\/?$/, '/')))
      .map(([key, one]) => `${key.split(' ')[0]}=${one.value}`)
      .join('; ');
    const headers = { ...init.headers, ...(cookie ? { cookie } : {}) };
    const answer = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find(one => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    if (value === '') this.cookies.delete(`${name} ${path}`);
    else this.cookies.set(`${name} ${path}`, { value, path });
  }

  /** Follows redirects until an answer is none, or leads to `until`. */
  async follow(address: string, until: string): Promise<{ at: string; answer: Response }> {
    let at = address;
    for (let step = 0; step < 12; step += 1) {
      if (at.startsWith(until)) return { at, answer: new Response() };
      const answer = await this.request(at);
      const location = answer.headers.get('location');
      if (location === null) return { at, answer };
      await answer.body?.cancel();
      at = new URL(location, at).href;
    }
    throw new Error('The sign-in went round in circles.');
  }
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  id_token: string;
  token_type: string;
  expires_in: number;
}

/** The parts of one authorisation request with PKCE (RFC 7636). */
export function authorisation(origin: string, overrides: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = new URLSearchParams({
    client_id: 'mailferry-app',
    response_type: 'code',
    redirect_uri: `${origin}/signed-in`,
    scope: 'openid offline_access',
    resource: origin,
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...overrides,
  });
  return { verifier, address: `${origin}/oidc/auth?${parameters}` };
}

/** Calls the token endpoint as a page of the origin does. */
export function tokenRequest(origin: string, body: Record<string, string>): Promise<Response> {
  return fetch(`${origin}/oidc/token`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ client_id: 'mailferry-app', ...body }),
  });
}

/** Exchanges the code that a finished sign-in led back with. */
export async function exchange(origin: string, landed: string, verifier: string): Promise<Tokens> {
  const parameters = new URL(landed).searchParams;
  assert.equal(parameters.get('error'), null, landed);
  assert.equal(parameters.get('state'), 'state-1');
  const answer = await tokenRequest(origin, {
    grant_type: 'authorization_code',
    code: parameters.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: `${origin}/signed-in`,
  });
  const tokens = (await answer.json()) as Tokens;
  assert.equal(answer.status, 200, JSON.stringify(tokens));
  return tokens;
}

/** A whole sign-in without a password. */
export async function signIn(origin: string, browser = new Browser()): Promise<Tokens> {
  const { address, verifier } = authorisation(origin);
  const { at } = await browser.follow(address, `${origin}/signed-in`);
  return exchange(origin, at, verifier);
}
