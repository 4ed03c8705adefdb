import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import type { Sentence } from '../jmap/types.ts';
import { say } from '../sentences/say.ts';
import { SourceError } from './errors.ts';
import { type OAuthClient, providerName } from './oauth-client.ts';
import { askTokenEndpoint, type TokenAnswer } from './token-endpoint.ts';

/**
 * Gets tokens: for the code of a sign-in (RFC 6749 section 4.1.3, RFC 7636), and anew for a refresh token (section 6). The
 * answer of a token endpoint is hostile input like a mail server's, and none of it reaches an error but the error code,
 * which the RFC defines.
 */

interface Request {
  /** As in the account's settings: `google`. */
  provider: string;
  client: OAuthClient;
  allowPrivateHosts: 'all' | readonly string[];
  /** Longest wait for the whole answer, in milliseconds. */
  timeout: number;
}

export interface TokenRequest extends Request {
  refreshToken: string;
}

export interface CodeRequest extends Request {
  code: string;
  /** Of which the provider was told the hash. */
  verifier: string;
  /** The same that the code was sent to. */
  redirectUri: string;
}

export interface Tokens {
  accessToken: string;
  /** How long the access token is valid, in milliseconds. */
  validFor: number;
  /** A new one, where the provider gives one: in place of the old, or for a code. */
  refreshToken: string | null;
}

/** RFC 6749 section 5.1 only recommends to say it. */
const DEFAULT_VALID_SECONDS = 300;
/** Printable ASCII, as a token has to be (RFC 6750 section 2.1): it becomes part of a command. */
const token = z.string().regex(/^[\x21-\x7e]{1,16000}$/);

const granted = z.object({
  access_token: token,
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  expires_in: z.coerce.number().positive().catch(DEFAULT_VALID_SECONDS),
  refresh_token: token.optional(),
});
const refused = z.object({ error: z.string().regex(/^[\x20-\x7e]{1,100}$/) });

/**
 * Gets a new access token. Throws SourceError: `authentication` when the provider wants the person to sign in again,
 * `throttled` and `temporary` when it cannot answer now, `protocol` for an answer that is none; MailferryError
 * `configuration` when it does not accept this stack's registration.
 */
export async function refreshAccessToken(request: TokenRequest): Promise<Tokens> {
  const { client, refreshToken } = request;
  const tokens = await tokensFor(
    request,
    {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      ...(client.scope && { scope: client.scope }),
    },
    {
      notNow: name => `${name} cannot renew the sign-in now; Mailferry tries again later.`,
      over: provider => say('authentication/provider', { provider }),
    },
  );
  return tokens.refreshToken === refreshToken ? { ...tokens, refreshToken: null } : tokens;
}

/**
 * Exchanges the code that a person came back with. Throws as `refreshAccessToken` does; `authentication` means that the
 * code has run out, was used, or is not for this verifier.
 */
export function exchangeCode(request: CodeRequest): Promise<Tokens> {
  const { code, verifier, redirectUri } = request;
  const grant = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  return tokensFor(request, grant, {
    notNow: name => `${name} cannot complete the sign-in now. Sign in again in a few minutes.`,
    over: name => `${name} did not accept this sign-in any more. Sign in again at ${name}.`,
  });
}

/** What is said, in the sentence of the provider's name. */
interface Sentences {
  notNow(name: string): string;
  /** The grant is none any more. */
  over(name: string): string | Sentence;
}

async function tokensFor(
  { provider, client, allowPrivateHosts, timeout }: Request,
  grant: Readonly<Record<string, string>>,
  sentences: Sentences,
): Promise<Tokens> {
  const name = providerName(provider);
  let answer: TokenAnswer;
  try {
    answer = await askTokenEndpoint({ client, grant, allowPrivateHosts, timeout });
  } catch (cause) {
    if (cause instanceof MailferryError) throw cause;
    throw new SourceError('temporary', sentences.notNow(name), { cause });
  }
  if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer, name, sentences);
  const read = granted.safeParse(answer.body);
  if (!read.success) throw new SourceError('protocol', `${name} gave no token that Mailferry can use.`);
  const { access_token, expires_in, refresh_token } = read.data;
  return { accessToken: access_token, validFor: expires_in * 1_000, refreshToken: refresh_token ?? null };
}

function refusalOf(
  { status, retryAfter, body }: TokenAnswer,
  name: string,
  sentences: Sentences,
): MailferryError {
  if (status === 429) {
    const sentence = `${name} limits how often it may be asked; Mailferry waits.`;
    return new SourceError('throttled', sentence, { retryAfter });
  }
  const code = refused.safeParse(body).data?.error;
  if (status >= 500 || code === 'temporarily_unavailable' || code === 'server_error') {
    return new SourceError('temporary', sentences.notNow(name));
  }
  if (code === 'invalid_grant' || code === 'interaction_required' || code === 'consent_required') {
    return new SourceError('authentication', sentences.over(name));
  }
  const why = code === undefined ? `status ${status}` : code;
  return new MailferryError(
    'configuration',
    `${name} does not accept how this Mailferry is registered there (${why}).`,
  );
}
