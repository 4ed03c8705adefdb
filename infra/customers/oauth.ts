import { z } from 'zod';
import { OAUTH_PROVIDERS } from '../../functions/oauth-providers.ts';

const endpoint = z.url({
  protocol: /^https$/,
  error: 'must be an address that begins with https://',
});

const text = z.string().min(1).max(2_000);

const client = z.strictObject({
  clientId: text
    .describe('The client id that the provider gave this Mailferry.')
    .meta({ examples: ['123456789012-abc.apps.googleusercontent.com'] }),
  clientSecretParameter: z
    .string()
    .regex(/^(\/[a-zA-Z0-9_.-]+){2,15}$/, 'must be the name of a parameter, such as /mailferry/<id>/google')
    .optional()
    .describe(
      'The SecureString parameter of SSM that holds the client secret, below /mailferry/<id>/. The secret itself is never in this file.',
    )
    .meta({ examples: ['/mailferry/harbour-books/google'] }),
  authorizationEndpoint: endpoint
    .optional()
    .describe('Where people sign in; known for google and microsoft, as is the rest.')
    .meta({ examples: ['https://login.example.org/authorize'] }),
  tokenEndpoint: endpoint
    .optional()
    .describe('Where tokens are had.')
    .meta({ examples: ['https://login.example.org/token'] }),
  issuer: endpoint
    .optional()
    .describe('How the provider names itself in `iss` (RFC 9207), where it does.')
    .meta({ examples: ['https://login.example.org'] }),
  scope: text
    .optional()
    .describe('The scopes to ask for, with spaces between them.')
    .meta({ examples: ['openid offline_access'] }),
  parameters: z
    .record(text, text)
    .optional()
    .describe('What else the provider wants to be told when a person is sent to it.'),
  hosts: z
    .array(text)
    .min(1)
    .optional()
    .describe('The mail servers that its tokens are sent to.')
    .meta({ examples: [['imap.example.org']] }),
});

/** The OAuth clients of a customer: at which providers people can sign in for their mail account. */
export const oauth = z
  .record(z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a provider, such as google'), client)
  .superRefine((clients, context) => {
    for (const [name, { authorizationEndpoint, tokenEndpoint, scope, hosts }] of Object.entries(clients)) {
      const isNamed = authorizationEndpoint !== undefined || tokenEndpoint !== undefined;
      if (Object.hasOwn(OAUTH_PROVIDERS, name) && !isNamed) continue;
      if (authorizationEndpoint && tokenEndpoint && scope && hosts) continue;
      const message = 'needs authorizationEndpoint, tokenEndpoint, scope and hosts, all of them';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

/** A problem with where the secrets of a customer's clients are: one customer must not name another's. */
export function secretsElsewhere(id: string, clients: z.output<typeof oauth>): string[] {
  return Object.keys(clients).filter(name => {
    const parameter = clients[name]?.clientSecretParameter;
    return parameter !== undefined && !parameter.startsWith(`/mailferry/${id}/`);
  });
}
