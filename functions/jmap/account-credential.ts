import { z } from 'zod';
import type { Services } from '../services.ts';
import type { SourceAccount } from '../store/accounts.ts';
import { seal } from '../store/vault.ts';

/** What signs an account in, as clients write it: a password, or a provider with a refresh token of it. */
export interface Credential {
  authentication?: 'password' | 'oauth' | undefined;
  password?: string | undefined;
  oauthProvider?: string | undefined;
  refreshToken?: string | undefined;
}

/** The properties of a credential. `password` and `refreshToken` can be written and are never answered. */
export const CREDENTIAL = {
  authentication: z.enum(['password', 'oauth'], 'An account signs in by password or by oauth.'),
  // NUL, CR and LF would end a command to the server; other characters are the person's choice.
  password: z
    .string('The password has to be text.')
    .min(1, 'The password is missing.')
    .max(1_000, 'The password may have at most 1000 characters.')
    .refine(text => !/[\r\n\0]/.test(text), 'The password must not have line breaks.'),
  oauthProvider: z
    .string('The provider has to be text.')
    .regex(/^[a-z0-9-]{1,40}$/, 'The provider has to be a name such as google.'),
  refreshToken: z
    .string('The refresh token has to be text.')
    .regex(/^[\x21-\x7e]{1,8000}$/, 'This is no refresh token.'),
};

interface Problem {
  name: keyof Credential;
  message: string;
}

/** What is wrong with a credential that is given for a new account, or for one that has another (`account`). */
export function credentialProblems(given: Credential, account: SourceAccount | null): Problem[] {
  const { password, refreshToken, oauthProvider, authentication } = given;
  if (password !== undefined && (refreshToken !== undefined || oauthProvider !== undefined)) {
    return [{ name: 'refreshToken', message: 'An account has either a password or a refresh token.' }];
  }
  if (refreshToken !== undefined && oauthProvider === undefined && account?.oauthProvider === undefined) {
    return [{ name: 'oauthProvider', message: 'Say which provider the refresh token is of.' }];
  }
  const isOtherProvider = oauthProvider !== undefined && oauthProvider !== account?.oauthProvider;
  if (isOtherProvider && refreshToken === undefined) {
    return [{ name: 'refreshToken', message: 'Sign in at the provider: the refresh token is missing.' }];
  }
  if (account === null && password === undefined && refreshToken === undefined) {
    const isOauth = authentication === 'oauth';
    return [
      isOauth
        ? { name: 'refreshToken', message: 'The refreshToken is missing.' }
        : { name: 'password', message: 'The password is missing.' },
    ];
  }
  if (authentication !== undefined && authentication !== authenticationOf(given, account)) {
    return [{ name: 'authentication', message: 'This is not how the account signs in with what was given.' }];
  }
  return [];
}

/** Whether a credential was given that replaces the stored one. */
export const isGiven = ({ password, refreshToken }: Credential): boolean =>
  password !== undefined || refreshToken !== undefined;

function authenticationOf(given: Credential, account: SourceAccount | null): 'password' | 'oauth' {
  if (given.refreshToken !== undefined) return 'oauth';
  if (given.password !== undefined) return 'password';
  return account?.authentication ?? 'password';
}

/** The stored form of a credential that is complete and without problems; the other kind leaves nothing behind. */
export async function sealCredential(
  services: Services,
  accountId: string,
  { password, refreshToken, oauthProvider }: Credential,
  account: Pick<SourceAccount, 'oauthProvider'> | null,
): Promise<
  Pick<SourceAccount, 'authentication' | 'sealedPassword' | 'oauthProvider' | 'sealedRefreshToken'>
> {
  if (refreshToken === undefined) {
    return { authentication: 'password', sealedPassword: await seal(services, accountId, password ?? '') };
  }
  return {
    authentication: 'oauth',
    sealedPassword: '',
    oauthProvider: oauthProvider ?? account?.oauthProvider ?? '',
    sealedRefreshToken: await seal(services, accountId, refreshToken),
  };
}

/** An account without its credential. */
export function withoutCredential(
  account: SourceAccount,
): Omit<SourceAccount, 'authentication' | 'sealedPassword' | 'oauthProvider' | 'sealedRefreshToken'> {
  const {
    authentication: _a,
    sealedPassword: _b,
    oauthProvider: _c,
    sealedRefreshToken: _d,
    ...rest
  } = account;
  return rest;
}
