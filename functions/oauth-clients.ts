import { z } from 'zod';
import { MailferryError } from './errors.ts';
import type { OAuthClient } from './source/oauth.ts';

const text = z.string().min(1).max(2_000);

/** By the provider's name in lower case, as accounts have it in `oauthProvider`. */
const oauthClients = z.record(
  z.string().regex(/^[a-z0-9-]{1,40}$/),
  z.strictObject({
    clientId: text,
    clientSecret: text.optional(),
    tokenEndpoint: z.url({ protocol: /^https?$/ }),
    scope: text.optional(),
  }),
);

/**
 * Reads the OAuth clients of a stack from JSON: `{ "google": { "clientId", "clientSecret"?, "tokenEndpoint", "scope"? } }`;
 * none from nothing. Throws MailferryError `configuration` naming what is wrong, never the value.
 */
export function readOAuthClients(json: string | undefined): Readonly<Record<string, OAuthClient>> {
  if (json === undefined || json.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new MailferryError('configuration', 'The OAuth clients are not JSON.');
  }
  const read = oauthClients.safeParse(value);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(issue => issue.path.join('.') || 'the whole').join(', ');
  throw new MailferryError('configuration', `The OAuth clients are not usable: check ${wrong}.`);
}
