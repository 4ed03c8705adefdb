import { MailferryError } from '../errors.ts';
import type { RedeemAnswer, RedeemRequest, Services } from '../services.ts';
import { exchangeCode } from '../source/oauth.ts';
import { providerName } from '../source/oauth-client.ts';
import type { MailSource } from '../source/source.ts';
import { open, seal } from '../store/vault.ts';
import { openInTurn } from './connections.ts';

/** Longest wait for the token endpoint, and for the mail server: the API answers within 30 seconds. */
const EXCHANGE_TIMEOUT_MS = 8_000;
const SIGN_IN_TIMEOUT_MS = 12_000;

/** Refusals that a person has to mend; everything else may pass by itself, and the first pull tries again. */
const FINAL: ReadonlySet<string> = new Set(['authentication', 'refused', 'forbidden-host']);

/**
 * Completes a sign-in: exchanges its code, sees whether the mail server lets the person in by it, and seals the refresh
 * token for the account. Never throws for what a provider or a mail server does.
 */
export async function redeemCode(services: Services, request: RedeemRequest): Promise<RedeemAnswer> {
  const { accountId } = request;
  const name = providerName(request.provider);
  try {
    const { accessToken, refreshToken } = await exchange(services, request);
    if (refreshToken === null) {
      const message = `${name} let Mailferry in for the moment only: it gave no lasting permission.`;
      return { ok: false, code: 'noRefreshToken', message };
    }
    const refusal = await refusalOf(services, request, accessToken);
    if (refusal && FINAL.has(refusal.code))
      return { ok: false, code: refusal.code, message: refusal.message };
    return { ok: true, sealedRefreshToken: await seal(services, accountId, refreshToken) };
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    return {
      ok: false,
      code: error.code === 'authentication' ? 'expired' : error.code,
      message: error.message,
    };
  }
}

async function exchange(services: Services, request: RedeemRequest) {
  const { provider, code, redirectUri, source } = request;
  const { oauthClients, allowPrivateHosts } = services;
  const client = Object.hasOwn(oauthClients, provider) ? oauthClients[provider] : undefined;
  if (!client?.hosts?.includes(source.host)) {
    const sentence = `Signing in at ${providerName(provider)} is not set up in this Mailferry.`;
    throw new MailferryError('configuration', sentence);
  }
  const verifier = await open(services, request.verifierOf, request.sealedVerifier);
  const timeout = EXCHANGE_TIMEOUT_MS;
  return exchangeCode({ provider, client, code, verifier, redirectUri, allowPrivateHosts, timeout });
}

/** Why the mail server does not let the person in; null when it does, or has not said so in time. */
async function refusalOf(
  services: Services,
  { source }: RedeemRequest,
  accessToken: string,
): Promise<MailferryError | null> {
  const { allowPrivateHosts } = services;
  const settings = { ...source, password: '', accessToken: async () => accessToken, allowPrivateHosts };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, SIGN_IN_TIMEOUT_MS, null);
  });
  const attempt = async (): Promise<MailferryError | null> => {
    let opened: MailSource | null = null;
    try {
      opened = await openInTurn({ ...settings, timeout: SIGN_IN_TIMEOUT_MS }, 'test');
      return null;
    } catch (error) {
      if (error instanceof MailferryError) return error;
      throw error;
    } finally {
      void opened?.close(true);
    }
  };
  try {
    return await Promise.race([attempt(), late]);
  } finally {
    clearTimeout(timer);
  }
}
