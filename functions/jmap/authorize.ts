import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback, type OAuthClient, providerName } from '../source/oauth-client.ts';
import type { SourceAccount } from '../store/accounts.ts';
import { putAuthorization } from '../store/authorizations.ts';
import { seal } from '../store/vault.ts';
import { CREDENTIAL } from './account-credential.ts';
import { readCreate, type Settings } from './account-settings.ts';
import { newAccountId } from './accounts.ts';
import { utcDate } from './email-properties.ts';
import { MethodError } from './errors.ts';
import { type Context, idSchema, ownAccount, resolveId, userMethod } from './methods.ts';
import { ACCOUNTS, type MailAccountAuthorization } from './types.ts';

/** How long a person may take at the provider, in milliseconds. */
const VALID_MS = 10 * 60_000;

/** Where the app takes people in who come back; registered with each provider. */
const RETURN_PATH = '/accounts/authorized';

/** The settings of an account that does not exist yet, without its credential. */
export type NewSource = Omit<Settings, 'authentication' | 'password' | 'oauthProvider' | 'refreshToken'>;

/** What a sign-in leads to: an account of this server. */
type Goal = Pick<SourceAccount, 'protocol' | 'host' | 'port' | 'security' | 'username' | 'address'>;

/**
 * MailAccount/authorize: begins a sign-in at a provider, as `MailAccountAuthorization` says (RFC 6749 section 4.1.1 with
 * PKCE, RFC 7636, by the rules of RFC 9700). State and verifier are made here; the verifier is sealed, and of the state
 * only the hash is kept.
 */
export const mailAccountAuthorize = userMethod(
  'MailAccount/authorize',
  ACCOUNTS,
  {
    oauthProvider: CREDENTIAL.oauthProvider.optional(),
    create: z.record(z.string(), z.unknown()).nullable().default(null),
    id: idSchema.nullable().default(null),
  },
  async (context, args): Promise<MailAccountAuthorization & Record<string, unknown>> => {
    const { services, userId, origin } = context;
    const { goal, accountId, provider } = await goalOf(context, args);
    const client = clientFor(context, provider, goal);
    const state = randomBytes(32).toString('base64url');
    const verifier = randomBytes(32).toString('base64url');
    const id = authorizationId(state);
    const redirectUri = origin + RETURN_PATH;
    const now = services.now();
    const expires = Math.floor((now + VALID_MS) / 1000);
    const authorization = { id, provider, accountId, create: args.create, redirectUri, expires };
    const sealedVerifier = await seal(services, verifierOf(id), verifier);
    await putAuthorization(services.table, userId, { ...authorization, sealedVerifier }, now);
    const url = new URL(client.authorizationEndpoint);
    const parameters = {
      ...client.parameters,
      response_type: 'code',
      client_id: client.clientId,
      redirect_uri: redirectUri,
      ...(client.scope && { scope: client.scope }),
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      login_hint: goal.address,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href, expires: utcDate(expires * 1000), accountId };
  },
);

/** How a begun sign-in is found again by its state. */
export const authorizationId = (state: string) => createHash('sha256').update(state).digest('base64url');

/** What its verifier is sealed for. */
export const verifierOf = (id: string) => `oauth:${id}`;

/** Reads the settings of a new account, which is to sign in at a provider. */
export function readNewSource(
  create: Record<string, unknown>,
  provider: string,
): { settings: NewSource } | { problem: string } {
  // What it will have once the person is back.
  const read = readCreate({ ...create, oauthProvider: provider, refreshToken: 'to-come' });
  if ('error' in read) return { problem: read.error.description ?? 'These are no settings of an account.' };
  const {
    authentication: _a,
    password: _b,
    oauthProvider: _c,
    refreshToken: _d,
    ...settings
  } = read.settings;
  return { settings };
}

/**
 * Whether tokens of a provider may be sent to a server: to those it is for (RFC 9700 section 2.3), and only by TLS (RFC
 * 6750 section 5.3) unless they stay on this machine.
 */
export function mayHaveTokens(
  { hosts = [] }: OAuthClient,
  { host, security }: Pick<Goal, 'host' | 'security'>,
): boolean {
  const isHere = host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
  return hosts.includes(host) && (security !== 'none' || isHere);
}

async function goalOf(
  context: Context,
  {
    oauthProvider,
    create,
    id,
  }: { oauthProvider?: string | undefined; create: Record<string, unknown> | null; id: string | null },
): Promise<{ goal: Goal; accountId: string; provider: string }> {
  if ((create === null) === (id === null)) throw wrong('Give either create or the id of an account.');
  const account = id === null ? null : await ownAccount(context, resolveId(context, id));
  if (id !== null && !account) throw wrong('id: you have no account with this id.');
  if (account?.protocol === 'archive') throw wrong('id: an archive signs in nowhere.');
  const provider = oauthProvider ?? account?.oauthProvider;
  if (provider === undefined) throw wrong('oauthProvider: say where to sign in.');
  if (account) return { goal: account, accountId: account.id, provider };
  const read = readNewSource(create ?? {}, provider);
  if ('problem' in read) throw wrong(`create: ${read.problem}`);
  return { goal: read.settings, accountId: newAccountId(), provider };
}

function clientFor(
  { services: { oauthClients } }: Context,
  provider: string,
  goal: Goal,
): OAuthClient & { authorizationEndpoint: string } {
  const client = Object.hasOwn(oauthClients, provider) ? oauthClients[provider] : undefined;
  const name = providerName(provider);
  if (!client?.authorizationEndpoint) {
    const sentence = `Signing in at ${name} is not set up in this Mailferry. Use an app password of ${name}, where it has them, or ask whoever runs this Mailferry to register it there.`;
    throw new MethodError('forbidden', sentence);
  }
  if (mayHaveTokens(client, goal)) return { ...client, authorizationEndpoint: client.authorizationEndpoint };
  const sentence = `A sign-in at ${name} is for its own mail servers only, with encryption: ${client.hosts?.join(', ')}.`;
  throw new MethodError('invalidArguments', sentence);
}

const wrong = (sentence: string) => new MethodError('invalidArguments', sentence);
