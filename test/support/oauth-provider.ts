import { createHash, randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { OAuthClient } from '../../functions/source/oauth-client.ts';

/** A provider on loopback at which somebody signs in by being sent there. */
export interface TestProvider {
  /** How a stack is registered with it; tokens are for 127.0.0.1. */
  client: OAuthClient & { clientSecret: string };
  /** Where a mail server asks whose a token is, followed by the token. */
  tokenInfo: string;
  /** What people were sent with, and what the token endpoint was asked, in order. */
  asked: URLSearchParams[];
  exchanged: URLSearchParams[];
  /** How it behaves from now on. */
  manner: { denies: boolean; lasting: boolean; email: string };
  /** Every refresh token becomes void. */
  revoke(): void;
}

/**
 * A scripted authorisation server: codes work once and for their verifier and redirect URI alone (RFC 7636), tokens are
 * those of `manner.email`. It ends with the test or suite.
 */
export async function oauthProvider(t: Pick<TestContext, 'after'>, email: string): Promise<TestProvider> {
  const codes = new Map<string, URLSearchParams>();
  const owners = new Map<string, string>();
  let refreshTokens = new Set<string>();
  const manner = { denies: false, lasting: true, email };
  const asked: URLSearchParams[] = [];
  const exchanged: URLSearchParams[] = [];

  const authorize = (query: URLSearchParams, response: ServerResponse) => {
    asked.push(query);
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    const code = random('code');
    codes.set(code, query);
    if (manner.denies) back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', code);
    response.writeHead(302, { location: back.href }).end();
  };
  const grant = (form: URLSearchParams): object | null => {
    if (form.get('client_secret') !== SECRET) return null;
    const refreshToken = form.get('refresh_token') ?? random('refresh');
    if (form.get('grant_type') === 'authorization_code') {
      const begun = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const isSame = begun?.get('redirect_uri') === form.get('redirect_uri');
      if (begun?.get('code_challenge') !== challenge || !isSame) return null;
      refreshTokens.add(refreshToken);
    } else if (!refreshTokens.has(refreshToken)) return null;
    const accessToken = random('access');
    owners.set(accessToken, manner.email);
    const more = manner.lasting ? { refresh_token: refreshToken } : {};
    return { access_token: accessToken, token_type: 'Bearer', expires_in: 3_600, ...more };
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    if (pathname === '/authorize') return authorize(searchParams, response);
    if (pathname === '/tokeninfo') {
      const owner = owners.get(searchParams.get('token') ?? '');
      return json(response, owner ? 200 : 401, owner ? { email: owner } : { error: 'invalid_token' });
    }
    const form = new URLSearchParams(await text(request));
    exchanged.push(form);
    const granted = grant(form);
    return json(response, granted ? 200 : 400, granted ?? { error: 'invalid_grant' });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    client: {
      ...{ clientId: 'mailferry', clientSecret: SECRET, scope: 'mail', hosts: ['127.0.0.1'] },
      ...{ authorizationEndpoint: `${origin}/authorize`, tokenEndpoint: `${origin}/token` },
      parameters: { access_type: 'offline', prompt: 'consent' },
    },
    tokenInfo: `${origin}/tokeninfo?token=`,
    ...{ asked, exchanged, manner },
    revoke: () => {
      refreshTokens = new Set();
      owners.clear();
    },
  };
}

const SECRET = 'the-client-secret';

const random = (what: string) => `${what}-${randomBytes(12).toString('base64url')}`;

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
