import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import { SourceError } from '../source/errors.ts';
import { providerName, refreshAccessToken, type Tokens } from '../source/oauth.ts';
import type { SourceSettings } from '../source/source.ts';
import { getSourceAccount, replaceRefreshToken } from '../store/accounts.ts';
import { open, seal } from '../store/vault.ts';

/** What signs an account in by OAuth. */
export interface OAuthLogin {
  accountId: string;
  oauthProvider: string;
  sealedRefreshToken: string;
}

/** A token is renewed this long before it ends, or when half of its time is over where that is less. */
const EARLY_MS = 2 * 60_000;
/** Longest wait for a token endpoint. */
const TIMEOUT_MS = 10_000;

interface Cached {
  /** The refresh token that it came from. */
  from: string;
  /** The same, or the one that it brought. */
  sealed: string;
  /** Whether the account is known to have `sealed`. */
  isStored: boolean;
  tokens: Promise<Tokens & { until: number }>;
}

/** Access tokens of this process, by provider and account: a warm function asks the provider once an hour, not once a pull. */
const cached = new WeakMap<Services['vaultKeeper'], Map<string, Cached>>();

/**
 * Gives access tokens of an account as `SourceSettings.accessToken` wants them. A refresh token that the provider
 * rotates is sealed and stored, unless the person has signed in again meanwhile.
 */
export function accessTokens(
  services: Services,
  login: OAuthLogin,
): NonNullable<SourceSettings['accessToken']> {
  const tokens = cached.get(services.vaultKeeper) ?? new Map<string, Cached>();
  cached.set(services.vaultKeeper, tokens);
  const key = `${login.oauthProvider} ${login.accountId}`;
  let given: string | null = null;

  const renewed = async (): Promise<string> => {
    const entry: Cached = {
      ...{ from: login.sealedRefreshToken, sealed: login.sealedRefreshToken, isStored: true },
      tokens: refresh(services, login, changes => {
        Object.assign(entry, changes);
      }),
    };
    tokens.set(key, entry);
    entry.tokens.catch(() => {
      if (tokens.get(key) === entry) tokens.delete(key);
    });
    return use(entry);
  };
  /** The old refresh token is void: the new one is kept here until the account has it, however often that fails. */
  const use = async (entry: Cached): Promise<string> => {
    const { accessToken } = await entry.tokens;
    login.sealedRefreshToken = entry.sealed;
    entry.isStored ||= await replaceRefreshToken(services.table, login.accountId, entry.from, entry.sealed);
    given = accessToken;
    return accessToken;
  };
  return async ({ renew } = { renew: false }) => {
    for (;;) {
      const known = tokens.get(key);
      if (known?.from !== login.sealedRefreshToken && known?.sealed !== login.sealedRefreshToken) break;
      const { accessToken, until } = await known.tokens;
      // Renewed by another meanwhile: a refresh token that comes twice may pass for a stolen one.
      if (tokens.get(key) !== known) continue;
      const isRefused = renew && accessToken === given;
      const usable = await use(known);
      if (!isRefused && until > services.now()) return usable;
      if (tokens.get(key) === known) break;
    }
    return renewed();
  };
}

async function refresh(
  services: Services,
  login: OAuthLogin,
  change: (changes: Partial<Pick<Cached, 'from' | 'sealed' | 'isStored'>>) => void,
): Promise<Tokens & { until: number }> {
  const { accountId } = login;
  const tokens = await requestWith(services, login).catch(async (error: unknown) => {
    // Another process may have been given the next refresh token since this one read the account.
    const stored = (await getSourceAccount(services.table, accountId))?.sealedRefreshToken;
    const isOutdated = error instanceof SourceError && error.code === 'authentication';
    if (!isOutdated || !stored || stored === login.sealedRefreshToken) throw error;
    login.sealedRefreshToken = stored;
    change({ from: stored, sealed: stored });
    return requestWith(services, login);
  });
  if (tokens.refreshToken !== null) {
    change({ sealed: await seal(services, accountId, tokens.refreshToken), isStored: false });
  }
  const early = Math.min(EARLY_MS, tokens.validFor / 2);
  return { ...tokens, until: services.now() + tokens.validFor - early };
}

async function requestWith(
  services: Services,
  { accountId, oauthProvider, sealedRefreshToken }: OAuthLogin,
): Promise<Tokens> {
  const client = Object.hasOwn(services.oauthClients, oauthProvider)
    ? services.oauthClients[oauthProvider]
    : undefined;
  if (!client) {
    const sentence = `Signing in at ${providerName(oauthProvider)} is not set up in this Mailferry.`;
    throw new MailferryError('configuration', sentence);
  }
  return refreshAccessToken({
    provider: oauthProvider,
    client,
    refreshToken: await open(services, accountId, sealedRefreshToken),
    allowPrivateHosts: services.allowPrivateHosts,
    timeout: TIMEOUT_MS,
  });
}
