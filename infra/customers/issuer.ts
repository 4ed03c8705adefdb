import { z } from 'zod';

/** An issuer as it is written in tokens: an https address in its plain form, without query, fragment or user. */
const issuerAddress = z.string().max(500).refine(isIssuer, {
  error:
    'must be the issuer as its tokens name it: an address that begins with https://, without user, query or fragment',
});

const origin = z
  .string()
  .max(253)
  .refine(text => URL.canParse(text) && isIssuer(text) && new URL(text).origin === text, {
    error: 'must be an origin such as https://login.example.org, without a path and a slash at the end',
  });

/** No white space, quotes or brackets, which no part of these has. */
const word = z
  .string()
  .max(500)
  .regex(/^[^\s"<>\\]+$/, 'must be one word');

const scopes = z
  .string()
  .max(500)
  .regex(
    /^[^\s"\\]+( [^\s"\\]+)*$/,
    'must be scopes with a space between them, such as openid email offline_access',
  )
  .refine(text => text.split(' ').includes('openid'), { error: 'must have the scope openid' });

/** Any OIDC issuer in place of the stack's own user pool. */
export const issuer = z.strictObject({
  url: issuerAddress
    .describe(
      'The issuer, exactly as `iss` in its tokens; its metadata is at `/.well-known/openid-configuration` below it.',
    )
    .meta({ examples: ['https://login.example.org/realms/staff'] }),
  clientId: word
    .describe(
      'The client id of the app: a public client with PKCE, with the redirect URI `https://<host of the app>/signed-in`.',
    )
    .meta({ examples: ['mailferry'] }),
  audiences: z
    .array(word)
    .min(1)
    .max(10)
    .optional()
    .describe(
      'What `aud` of an access token (or `client_id`, where it has no `aud`) may be; without it, the client id. Access tokens have to be JWTs.',
    )
    .meta({ examples: [['https://mail.example.org']] }),
  scope: scopes
    .default('openid email offline_access')
    .describe(
      'The scopes that the app asks for; `offline_access` is what most issuers give a refresh token for.',
    ),
  resource: issuerAddress
    .optional()
    .describe('The resource that tokens are asked for (RFC 8707), where the issuer wants to be told.')
    .meta({ examples: ['https://mail.example.org'] }),
  origins: z
    .array(origin)
    .max(10)
    .default([])
    .describe(
      'Further origins that the app has to reach to sign in, where the token endpoint is on another host.',
    )
    .meta({ examples: [['https://tokens.example.org']] }),
});

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash, hostname, href } = new URL(text);
  const isPlain = href === text || href === `${text}/`;
  return (
    isPlain &&
    protocol === 'https:' &&
    `${username}${password}${search}${hash}` === '' &&
    /\w\.\w/.test(hostname)
  );
}
