import { z } from 'zod';
import { MailferryError } from './errors.ts';
import { OAUTH_PROVIDERS } from './oauth-providers.ts';
import type { OAuthClient } from './source/oauth-client.ts';

/** How a stack is registered with providers, by name (`google`). */
export type OAuthClients = Readonly<Record<string, OAuthClient>>;

const text = z.string().min(1).max(2_000);
const endpoint = z.url({ protocol: /^https?$/ });

/** By the provider's name in lower case, as accounts have it in `oauthProvider`. */
const oauthClients = z.record(
  z.string().regex(/^[a-z0-9-]{1,40}$/),
  z
    .strictObject({
      clientId: text,
      clientSecret: text.optional(),
      clientSecretParameter: text.optional(),
      tokenEndpoint: endpoint.optional(),
      authorizationEndpoint: endpoint.optional(),
      issuer: endpoint.optional(),
      scope: text.optional(),
      parameters: z.record(text, text).optional(),
      hosts: z.array(text).optional(),
    })
    .refine(client => client.clientSecret === undefined || client.clientSecretParameter === undefined)
    .refine(client => client.authorizationEndpoint === undefined || client.tokenEndpoint !== undefined)
    // Where tokens of a provider may be sent is nothing to leave open.
    .refine(client => client.authorizationEndpoint === undefined || (client.hosts?.length ?? 0) > 0),
);

/**
 * Reads the OAuth clients of a stack from JSON, none from nothing: `{ "google": { "clientId", "clientSecret"? } }`. Of a
 * provider that is not known here (`oauth-providers.ts`) also `tokenEndpoint`, and for new sign-ins
 * `authorizationEndpoint`, `scope` and `hosts`; who names an endpoint of a known one names all of it.
 *
 * Throws MailferryError `configuration` naming what is wrong, never the value.
 * @param readSecret reads the parameter that holds a secret (`clientSecretParameter`), where there are such
 */
export function readOAuthClients(
  json: string | undefined,
  readSecret?: (parameter: string) => Promise<string>,
): OAuthClients {
  if (json === undefined || json.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new MailferryError('configuration', 'The OAuth clients are not JSON.');
  }
  const read = oauthClients.safeParse(value);
  if (!read.success) {
    const wrong = read.error.issues.map(issue => issue.path.join('.') || 'the whole').join(', ');
    throw new MailferryError('configuration', `The OAuth clients are not usable: check ${wrong}.`);
  }
  return Object.fromEntries(
    Object.entries(read.data).map(([name, { clientSecretParameter, ...given }]) => [
      name,
      {
        ...withDefaults(name, given),
        ...(clientSecretParameter !== undefined && {
          clientSecret: secretOf(name, clientSecretParameter, readSecret),
        }),
      },
    ]),
  );
}

/** The clients as the API has them: enough to send a person to the provider, and no secret. */
export function withoutSecrets(clients: OAuthClients): OAuthClients {
  return Object.fromEntries(
    Object.entries(clients).map(([name, { clientSecret: _, ...client }]) => [name, client]),
  );
}

/** Names of the providers at which people can sign in. */
export function offeredProviders(clients: OAuthClients): string[] {
  return Object.keys(clients).filter(name => clients[name]?.authorizationEndpoint !== undefined);
}

type Given = Omit<OAuthClient, 'tokenEndpoint'> & { tokenEndpoint?: string | undefined };

function withDefaults(name: string, given: Given): OAuthClient {
  const { tokenEndpoint } = given;
  if (tokenEndpoint !== undefined) return { ...given, tokenEndpoint };
  const known = Object.hasOwn(OAUTH_PROVIDERS, name) ? OAUTH_PROVIDERS[name] : undefined;
  if (known) return { ...known, ...given, tokenEndpoint: known.tokenEndpoint };
  const sentence = `The OAuth clients are not usable: ${name} needs its tokenEndpoint.`;
  throw new MailferryError('configuration', sentence);
}

/** How long a secret is kept before it is read again, in ms: a new one takes effect without a deployment. */
const SECRET_MS = 5 * 60_000;

function secretOf(
  name: string,
  parameter: string,
  readSecret: ((parameter: string) => Promise<string>) | undefined,
): () => Promise<string> {
  if (!readSecret) {
    const sentence = `The OAuth clients are not usable: give ${name} its clientSecret here.`;
    throw new MailferryError('configuration', sentence);
  }
  let known: { secret: Promise<string>; until: number } | null = null;
  return () => {
    if (known && known.until > Date.now()) return known.secret;
    const secret = readSecret(parameter);
    known = { secret, until: Date.now() + SECRET_MS };
    secret.catch(() => {
      known = null;
    });
    return secret;
  };
}
