import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { readOrMake } from './durable-file.ts';
import { LOCAL_USER } from './gateway-auth.ts';
import { readBody, sendPage } from './http.ts';
import { noticePage, passwordPage, signOutPage } from './issuer-pages.ts';
import { passwordCheck } from './issuer-password.ts';
import { issuerStore } from './issuer-store.ts';
import { loadProvider } from './load-provider.ts';

/** The app's client id at the local issuer. */
export const CLIENT_ID = 'mailferry-app';
/** What the app asks for at the sign-in. */
export const SCOPE = 'openid offline_access';
/** Where the issuer lives below the origin. */
export const ISSUER_PATH = '/oidc';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The OpenID Connect issuer of one machine. */
export interface Issuer {
  /** Issuer identifier: `<origin>/oidc`. */
  issuer: string;
  /** Public keys that its access tokens verify with. */
  keys: JSONWebKeySet;
  /** Answers a request whose path begins with `/oidc`. */
  handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * An OpenID Connect issuer on loopback for one person, `local`: authorisation code flow with PKCE for the public
 * client `mailferry-app`, refresh tokens that rotate, access tokens as JWT (RFC 9068) for the origin. Keys and
 * sign-ins live in the data folder. Consent is not asked for: the client is ours. With `password` a page asks for
 * it; without, the sign-in completes at once (see `readSettings`).
 */
export async function createIssuer(options: {
  origin: string;
  data: string;
  password: string | null;
}): Promise<Issuer> {
  const { origin, data, password } = options;
  const { Provider } = await loadProvider();
  const secrets = await issuerSecrets(data);
  const issuer = `${origin}${ISSUER_PATH}`;
  const provider = new Provider(issuer, {
    ...configuration(origin, new URL(origin).port),
    adapter: await issuerStore(join(data, 'sign-ins.json')),
    jwks: { keys: [secrets.signingKey] },
    cookies: {
      keys: [secrets.cookieKey],
      names: cookieNames(new URL(origin).port),
      long: { httpOnly: true, sameSite: 'lax', path: ISSUER_PATH },
      short: { httpOnly: true, sameSite: 'lax' },
    },
  });
  // Koa would print request errors; what matters is answered to the client.
  provider.silent = true;
  const callback = provider.callback();
  const check = password === null ? null : passwordCheck(password);

  const interaction = async (request: IncomingMessage, response: ServerResponse) => {
    const details = await provider.interactionDetails(request, response).catch(() => null);
    if (details === null) {
      return sendPage(response, 400, noticePage('Please sign in again', 'This sign-in has run out.'));
    }
    if (details.prompt.name === 'login' && check !== null) {
      if (request.method !== 'POST') return sendPage(response, 200, passwordPage(false));
      const form = new URLSearchParams((await readBody(request, 8192)).toString());
      if (!(await check(form.get('password') ?? ''))) return sendPage(response, 401, passwordPage(true));
    }
    const result = details.prompt.name === 'login' ? { login: { accountId: LOCAL_USER } } : { consent: {} };
    await provider.interactionFinished(request, response, result);
  };

  return {
    issuer,
    keys: { keys: [publicPart(secrets.signingKey)] },
    async handle(path, request, response) {
      if (path.startsWith(`${ISSUER_PATH}/interaction/`)) return interaction(request, response);
      // Mounted below the origin: Koa routes by `url`, and builds addresses from what `originalUrl` has more.
      const mounted = request as IncomingMessage & { originalUrl?: string };
      mounted.originalUrl = request.url ?? '';
      mounted.url = mounted.originalUrl.slice(ISSUER_PATH.length) || '/';
      await callback(request, response);
    },
  };
}

/** Cookies are shared between the ports of a host, so two clouds on one machine need names of their own. */
function cookieNames(port: string) {
  return {
    session: `mailferry_session_${port}`,
    interaction: `mailferry_interaction_${port}`,
    resume: `mailferry_resume_${port}`,
  };
}

function configuration(origin: string, port: string): Configuration {
  const resourceServer = {
    scope: '',
    audience: origin,
    accessTokenTTL: HOUR,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'RS256' as const } },
  };
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: 'Mailferry',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${origin}/signed-in`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => true },
    // The app's own origin only: a browser sends Origin with every POST.
    clientBasedCORS: (_context, from) => from === origin,
    findAccount: (_context, sub) =>
      sub === LOCAL_USER ? { accountId: sub, claims: async () => ({ sub }) } : undefined,
    loadExistingGrant: context => grantOf(context, origin),
    interactions: { url: (_context, { uid }) => `${ISSUER_PATH}/interaction/${uid}` },
    // offline_access without prompt=consent: consent is never asked for here.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      AuthorizationCode: 60,
      RefreshToken: 90 * DAY,
      Grant: 90 * DAY,
      Session: 90 * DAY,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => origin,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_context, resource) => {
          if (resource !== origin && resource !== `${origin}/`) throw new Error('unknown resource');
          return resourceServer;
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (context, form) => {
          context.body = signOutPage(form);
        },
        postLogoutSuccessSource: async context => {
          context.body = noticePage('Signed out', `You have signed out of Mailferry on port ${port}.`);
        },
      },
    },
    renderError: async (context, out) => {
      context.type = 'html';
      context.body = noticePage('Sign-in did not work', out.error_description ?? out.error);
    },
  };
}

/** The grant of the session, or a new one: our own client has the person's consent. */
async function grantOf(context: KoaContextWithOIDC, origin: string) {
  const { provider, session, client, result } = context.oidc;
  const { accountId } = session ?? {};
  if (!client || !accountId) return undefined;
  const id = result?.consent?.grantId ?? session?.grantIdFor(client.clientId);
  const known = id ? await provider.Grant.find(id) : undefined;
  if (known) return known;
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope(SCOPE);
  grant.addResourceScope(origin, '');
  await grant.save();
  return grant;
}

const storedSecrets = z.object({
  cookieKey: z.string().min(32),
  signingKey: z.looseObject({ kty: z.literal('RSA'), kid: z.string(), n: z.string(), e: z.string() }),
});

/** The signing key and the cookie key, made at the first start. */
async function issuerSecrets(data: string): Promise<z.infer<typeof storedSecrets>> {
  const text = await readOrMake(join(data, 'issuer-keys.json'), async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = randomBytes(8).toString('hex');
    const signingKey = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
    return JSON.stringify({ cookieKey: randomBytes(32).toString('base64url'), signingKey });
  });
  return storedSecrets.parse(JSON.parse(text));
}

function publicPart(key: z.infer<typeof storedSecrets>['signingKey']) {
  return { kty: key.kty, kid: key.kid, n: key.n, e: key.e, alg: 'RS256', use: 'sig' };
}
