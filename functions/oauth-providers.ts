import type { OAuthClient } from './source/oauth-client.ts';

/** What is the same for everybody who is registered with a provider: all that a client has but its id and secret. */
export type ProviderDefaults = Required<
  Pick<OAuthClient, 'authorizationEndpoint' | 'tokenEndpoint' | 'scope' | 'parameters' | 'hosts'>
> &
  Pick<OAuthClient, 'issuer'>;

/** Providers whose endpoints we know by ourselves, by the name that accounts have in `oauthProvider`. */
export const OAUTH_PROVIDERS: Readonly<Record<string, ProviderDefaults>> = {
  google: {
    issuer: 'https://accounts.google.com',
    authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenEndpoint: 'https://oauth2.googleapis.com/token',
    // The one scope that opens IMAP and POP.
    scope: 'https://mail.google.com/',
    // A refresh token comes with offline access only, and again only when the person is asked again.
    parameters: { access_type: 'offline', prompt: 'consent' },
    hosts: ['imap.gmail.com', 'pop.gmail.com'],
  },
  microsoft: {
    authorizationEndpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    tokenEndpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scope:
      'offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All',
    // A fragment never reaches a server, nor its logs.
    parameters: { response_mode: 'fragment' },
    hosts: ['outlook.office365.com', 'outlook.office.com'],
  },
};
