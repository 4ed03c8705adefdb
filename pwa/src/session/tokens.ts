import { SignInNeeded, Unreachable } from '../jmap/errors.ts';
import { exclusively } from '../mailbox/locks.ts';
import { readSetting, writeSetting } from '../mailbox/settings.ts';

/** A token is renewed this long before it ends, in milliseconds. */
const MARGIN = 60_000;

/** True when somebody signed in on this device and did not sign out. */
export async function isSignedIn(): Promise<boolean> {
  return (await readSetting('tokens')) !== null;
}

/**
 * A bearer token for the API; a `TokenSource`. With `renew` the server has just refused the last one. Refresh
 * tokens rotate, so only one tab or service worker renews at a time, and the others use what it got.
 * @throws SignInNeeded, Unreachable
 */
export async function bearerToken(renew: boolean): Promise<string> {
  const refused = await readSetting('tokens');
  if (!refused) throw new SignInNeeded();
  if (!renew && refused.expiresAt - MARGIN > Date.now()) return refused.accessToken;
  return exclusively('tokens', async () => {
    const current = await readSetting('tokens');
    if (!current) throw new SignInNeeded();
    if (current.accessToken !== refused.accessToken) return current.accessToken;
    if (!current.refreshToken) throw new SignInNeeded();
    const { refreshTokens } = await import('./oauth.ts').catch((error: unknown) => {
      throw new Unreachable(error);
    });
    const tokens = await refreshTokens(current.refreshToken);
    await writeSetting('tokens', tokens);
    return tokens.accessToken;
  });
}
