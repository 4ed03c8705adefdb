import { setTimeout as sleep } from 'node:timers/promises';
import { MailferryError } from '../errors.ts';
import { say } from '../sentences/say.ts';
import type { Services } from '../services.ts';
import { SourceError } from '../source/errors.ts';
import { refreshAccessToken, type Tokens } from '../source/oauth.ts';
import { providerName } from '../source/oauth-client.ts';
import type { SourceSettings } from '../source/source.ts';
import { beginRenewal, endRenewal, getSourceAccount, replaceRefreshToken } from '../store/accounts.ts';
import { open, seal } from '../store/vault.ts';

/** What signs an account in by OAuth. */
export interface OAuthLogin {
  accountId: string;
  oauthProvider: string;
  sealedRefreshToken: string;
  /**
   * Called when the provider has replaced a refresh token that the account does not have: who knows the old one only
   * is out.
   */
  onUnsaved?: () => void;
}

/** A token is renewed this long before it ends, or when half of its time is over where that is less. */
const EARLY_MS = 2 * 60_000;
/** Longest wait for a token endpoint. */
const TIMEOUT_MS = 10_000;
/** How long one process may take to renew and store, and how often another looks whether it has. */
const TURN_MS = TIMEOUT_MS + 2_000;
const LOOK_MS = 300;

interface Cached {
  /** The refresh token that it came from. */
  from: string;
  /** The same, or the one that it brought. */
  sealed: string;
  /** Whether the account is known to have `sealed`. */
  isStored: boolean;
  tokens: Promise<Tokens & { until: number }>;
}

/**
 * Access tokens of this process, by provider and account: a warm function asks the provider once an hour, not once a
 * pull.
 */
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
    if (!entry.isStored) login.onUnsaved?.();
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
  const adopt = (stored: string) => {
    login.sealedRefreshToken = stored;
    change({ from: stored, sealed: stored });
  };
  const hasTurn = await takeTurn(services, login, adopt);
  const tokens = await requestWith(services, login).catch(async (error: unknown) => {
    // Another process may have been given the next refresh token since this one read the account.
    const stored = (await getSourceAccount(services.table, accountId))?.sealedRefreshToken;
    const isOutdated = error instanceof SourceError && error.code === 'authentication';
    if (!isOutdated || !stored || stored === login.sealedRefreshToken) {
      if (hasTurn) await endRenewal(services.table, accountId, login.sealedRefreshToken);
      throw error;
    }
    adopt(stored);
    return requestWith(services, login);
  });
  if (tokens.refreshToken === null && hasTurn) {
    await endRenewal(services.table, accountId, login.sealedRefreshToken);
  }
  if (tokens.refreshToken !== null) {
    change({ sealed: await seal(services, accountId, tokens.refreshToken), isStored: false });
  }
  const early = Math.min(EARLY_MS, tokens.validFor / 2);
  return { ...tokens, until: services.now() + tokens.validFor - early };
}

/**
 * Waits until no other process renews with this refresh token; one that it has rotated meanwhile is adopted. False where
 * there is nothing to wait for: the account has another token, as in a test of settings that are not saved.
 */
async function takeTurn(
  services: Services,
  login: OAuthLogin,
  adopt: (stored: string) => void,
): Promise<boolean> {
  const { table } = services;
  let hasWaited = false;
  for (let waited = 0; waited <= TURN_MS; waited += LOOK_MS) {
    const { accountId, sealedRefreshToken } = login;
    if (await beginRenewal(table, accountId, sealedRefreshToken, services.now(), TURN_MS)) return true;
    const stored = (await getSourceAccount(table, accountId))?.sealedRefreshToken;
    if (stored === undefined || (stored !== sealedRefreshToken && !hasWaited)) return false;
    if (stored !== sealedRefreshToken) adopt(stored);
    hasWaited = true;
    await sleep(LOOK_MS);
  }
  return false;
}

async function requestWith(
  services: Services,
  { accountId, oauthProvider, sealedRefreshToken }: OAuthLogin,
): Promise<Tokens> {
  const client = Object.hasOwn(services.oauthClients, oauthProvider)
    ? services.oauthClients[oauthProvider]
    : undefined;
  if (!client) {
    const sentence = say('configuration/provider', { provider: providerName(oauthProvider) });
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
