import type { Services, SourceTestRequest } from '../services.ts';
import type { SourceSettings } from '../source/source.ts';
import { open } from '../store/vault.ts';
import { accessTokens } from './access-token.ts';

/** Longest wait for one answer of a mail server: a person who asks gets a sentence within 20 seconds. */
const ANSWER_TIMEOUT_MS = 15_000;

type Login = Omit<SourceTestRequest, 'accountId'>;

/**
 * What opens a source, with the password opened; a refresh token is opened when a token is asked for, and `onUnsaved`
 * is called when the provider replaces one that the account does not have. Throws
 * StoreError `sealed` when that fails.
 */
export async function sourceSettings(
  services: Services,
  accountId: string,
  login: Login,
  onUnsaved?: () => void,
): Promise<SourceSettings> {
  const { protocol, host, port, security, username, sealedPassword } = login;
  const { oauthProvider, sealedRefreshToken } = login;
  const oauth =
    oauthProvider && sealedRefreshToken
      ? { accountId, oauthProvider, sealedRefreshToken, ...(onUnsaved && { onUnsaved }) }
      : null;
  return {
    protocol,
    host,
    port,
    security,
    username,
    password: oauth ? '' : await open(services, accountId, sealedPassword),
    ...(oauth && { accessToken: accessTokens(services, oauth) }),
    allowPrivateHosts: services.allowPrivateHosts,
    timeout: ANSWER_TIMEOUT_MS,
  };
}
