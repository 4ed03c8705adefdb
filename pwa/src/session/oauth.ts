import * as oauth from 'oauth4webapi';
import { AppError } from '../errors.ts';
import { SignInNeeded, Unreachable } from '../jmap/errors.ts';
import { type Config, readSetting, type Tokens, writeSetting } from '../mailbox/settings.ts';
import { loadConfig } from './config.ts';

/** The provider did not sign the person in, or its answer does not belong to our question. */
export class SignInFailed extends AppError {
  override name = 'SignInFailed';
  constructor(cause: unknown) {
    super('sign-in-failed', 'Signing in did not succeed.', { cause });
  }
}

/** Where the provider sends the person back to. */
export const RETURN_PATH = '/signed-in';

function redirectUri(): string {
  return new URL(RETURN_PATH, self.location.origin).href;
}

/** Plain HTTP is for a provider on this very machine only. */
function requestOptions(issuer: string) {
  const { protocol, hostname } = new URL(issuer);
  const loopback = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { [oauth.allowInsecureRequests]: loopback, signal: () => AbortSignal.timeout(15_000) };
}

async function discover(config: Config): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(config.issuer);
  const response = await oauth.discoveryRequest(issuer, requestOptions(config.issuer));
  return oauth.processDiscoveryResponse(issuer, response);
}

function toTokens(answer: oauth.TokenEndpointResponse, refreshToken: string | null): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? refreshToken,
    expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000,
  };
}

/**
 * Leaves the app for the provider: authorization code with PKCE (RFC 7636).
 * @throws Unreachable when the provider cannot be reached
 */
export async function beginSignIn(returnTo: string): Promise<void> {
  const config = await loadConfig();
  const server = await discover(config).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  await writeSetting('signingIn', { state, nonce, verifier, returnTo });
  const address = new URL(server.authorization_endpoint ?? config.issuer);
  const parameters = {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: redirectUri(),
    scope: config.scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(config.resource ? { resource: config.resource } : {}),
    // Providers give a refresh token for offline_access only when the person is asked (OpenID Connect Core 11).
    ...(config.scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  self.location.assign(address.href);
}

/**
 * Ends a sign-in: exchanges the code in the address for tokens.
 * @returns the person's identifier at the provider (`sub`), and where they wanted to be
 * @throws SignInFailed
 */
export async function finishSignIn(
  address: URL,
): Promise<{ tokens: Tokens; subject: string | null; returnTo: string }> {
  const begun = await readSetting('signingIn');
  if (!begun) throw new SignInFailed('no sign-in was begun here');
  try {
    const config = await loadConfig();
    const server = await discover(config);
    const client: oauth.Client = { client_id: config.clientId };
    const parameters = oauth.validateAuthResponse(server, client, address, begun.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      redirectUri(),
      begun.verifier,
      {
        ...requestOptions(config.issuer),
        ...(config.resource ? { additionalParameters: { resource: config.resource } } : {}),
      },
    );
    const answer = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: begun.nonce,
    });
    await writeSetting('signingIn', null);
    const subject = oauth.getValidatedIdTokenClaims(answer)?.sub ?? null;
    return { tokens: toTokens(answer, null), subject, returnTo: begun.returnTo };
  } catch (error) {
    throw new SignInFailed(error);
  }
}

/**
 * Ends the sign-in at the provider, as far as it offers that: the refresh token is revoked (RFC 7009).
 * @returns the page that ends the provider's own session (OpenID Connect RP-Initiated Logout), or null
 * @throws Unreachable
 */
export async function endSignIn(refreshToken: string | null): Promise<string | null> {
  const config = await loadConfig();
  try {
    const server = await discover(config);
    const client: oauth.Client = { client_id: config.clientId };
    if (refreshToken && server.revocation_endpoint) {
      const options = requestOptions(config.issuer);
      await oauth.revocationRequest(server, client, oauth.None(), refreshToken, options);
    }
    if (!server.end_session_endpoint) return null;
    const address = new URL(server.end_session_endpoint);
    const app = new URL('/', self.location.origin).href;
    // No id_token_hint: an address is no place for a token. Cognito has names of its own for the way back.
    const parameters = { client_id: config.clientId, post_logout_redirect_uri: app, logout_uri: app };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  } catch (error) {
    throw new Unreachable(error);
  }
}

/**
 * New tokens for a refresh token.
 * @throws SignInNeeded when the provider refuses it; Unreachable when it cannot be asked
 */
export async function refreshTokens(refreshToken: string): Promise<Tokens> {
  const config = await loadConfig();
  try {
    const server = await discover(config);
    const client: oauth.Client = { client_id: config.clientId };
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      refreshToken,
      requestOptions(config.issuer),
    );
    return toTokens(await oauth.processRefreshTokenResponse(server, client, response), refreshToken);
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.status < 500) throw new SignInNeeded(error);
    throw new Unreachable(error);
  }
}
