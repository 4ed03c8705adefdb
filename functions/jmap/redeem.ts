import { z } from 'zod';
import { withinLimits } from '../deletion-limits.ts';
import { MailferryError } from '../errors.ts';
import type { RedeemAnswer, RedeemRequest } from '../services.ts';
import { providerName } from '../source/oauth-client.ts';
import { putAccount, type SourceAccount } from '../store/accounts.ts';
import { type Authorization, takeAuthorization } from '../store/authorizations.ts';
import { addSourceAccount, MAX_ACCOUNTS, reconnect } from './account-connect.ts';
import { withoutCredential } from './account-credential.ts';
import { authorizationId, mayHaveTokens, type NewSource, readNewSource, verifierOf } from './authorize.ts';
import { MethodError } from './errors.ts';
import { type Context, ownAccount, userMethod } from './methods.ts';
import { ACCOUNTS, type MailAccountRedemption } from './types.ts';

/** What a provider puts into an address is printable ASCII (RFC 6749 appendix A). */
const printable = (longest: number) => z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${longest}}$`));

type Redemption = MailAccountRedemption & Record<string, unknown>;

/** Why a sign-in comes to nothing. */
interface Failure {
  code: string;
  message: string;
}

const GONE: Failure = { code: 'notFound', message: 'This account has been removed meanwhile.' };

/**
 * MailAccount/redeem: completes a sign-in at a provider, as `MailAccountRedemption` says (RFC 6749 section 4.1.3). It is
 * taken out of the table before anything else, so that no answer counts twice. The API has the code for a moment, and
 * neither the verifier nor a token: sync exchanges it, and hands back what is sealed.
 */
export const mailAccountRedeem = userMethod(
  'MailAccount/redeem',
  ACCOUNTS,
  {
    state: printable(200),
    code: printable(4_000).optional(),
    error: printable(200).optional(),
    iss: printable(500).optional(),
  },
  async (context, { state, code, error, iss }): Promise<Redemption> => {
    const { services, userId } = context;
    const id = authorizationId(state);
    const begun = await takeAuthorization(services.table, userId, id, services.now());
    if (!begun) {
      const message = 'This sign-in has run out, or was completed already. Begin again.';
      return failed(null, { code: 'expired', message });
    }
    const name = providerName(begun.provider);
    if (error === 'access_denied') {
      const message = `${name} was not allowed to let Mailferry in. Nothing has changed.`;
      return failed(begun, { code: 'denied', message });
    }
    const issuer = services.oauthClients[begun.provider]?.issuer;
    // RFC 9207: the answer is of another provider than the one that was asked.
    const isForeign = iss !== undefined && issuer !== undefined && iss !== issuer;
    if (code === undefined || error !== undefined || isForeign) {
      const message = `${name} did not complete the sign-in. Nothing has changed.`;
      return failed(begun, { code: 'notGranted', message });
    }
    const failure = await complete(context, begun, code);
    if (failure) return failed(begun, failure);
    context.forgetAccounts();
    const { accountId, provider } = begun;
    return { ok: true, code: null, message: `The account signs in at ${name} now.`, accountId, provider };
  },
);

/** Completes it for what it was begun for, as that is now. */
async function complete(context: Context, begun: Authorization, code: string): Promise<Failure | null> {
  if (begun.create === null) return completeFor(context, begun, code);
  const read = readNewSource(begun.create, begun.provider);
  if ('problem' in read) return { code: 'configuration', message: read.problem };
  if ((await context.accounts()).length >= MAX_ACCOUNTS) {
    return { code: 'overQuota', message: `You can have at most ${MAX_ACCOUNTS} accounts.` };
  }
  const answer = await redeem(context, begun, code, read.settings);
  if (!answer.ok) return answer;
  const { services, userId } = context;
  const identity = { id: begun.accountId, userId, createdAt: services.now() };
  const credential = credentialOf(begun, answer.sealedRefreshToken);
  const settings = withinLimits(read.settings, services.deletionLimits);
  await addSourceAccount(context, { ...settings, ...credential, ...identity });
  return null;
}

/** The same for an account that is there: what else is set meanwhile stays as it is. */
async function completeFor(context: Context, begun: Authorization, code: string): Promise<Failure | null> {
  const before = await ownAccount(context, begun.accountId);
  if (!before || before.protocol === 'archive') return GONE;
  const answer = await redeem(context, begun, code, before);
  if (!answer.ok) return answer;
  context.forgetAccounts();
  const account = await ownAccount(context, begun.accountId);
  if (!account || account.protocol === 'archive') return GONE;
  const changed = { ...withoutCredential(account), ...credentialOf(begun, answer.sealedRefreshToken) };
  await putAccount(context.services.table, changed);
  await reconnect(context, changed);
  return null;
}

const credentialOf = ({ provider }: Authorization, sealedRefreshToken: string) => ({
  ...{ authentication: 'oauth' as const, sealedPassword: '', oauthProvider: provider },
  sealedRefreshToken,
});

/** Has sync exchange the code, where the provider's tokens may be sent to this server. */
async function redeem(
  { services }: Context,
  { id, provider, redirectUri, sealedVerifier, accountId }: Authorization,
  code: string,
  { protocol, host, port, security, username }: NewSource | SourceAccount,
): Promise<RedeemAnswer> {
  const client = services.oauthClients[provider];
  if (!client || !mayHaveTokens(client, { host, security })) {
    const message = `Signing in at ${providerName(provider)} is not set up in this Mailferry for ${host}.`;
    return { ok: false, code: 'configuration', message };
  }
  const request: RedeemRequest = {
    ...{ provider, code, redirectUri, sealedVerifier, accountId },
    ...{ verifierOf: verifierOf(id), source: { protocol, host, port, security, username } },
  };
  try {
    return await services.tester.redeem(request);
  } catch (cause) {
    if (!(cause instanceof MailferryError) || cause.code !== 'tester') throw cause;
    throw new MethodError('serverUnavailable', cause.message, { cause });
  }
}

function failed(begun: Authorization | null, { code, message }: Failure): Redemption {
  return {
    ok: false,
    ...{ code, message },
    accountId: begun?.create === null ? begun.accountId : null,
    provider: begun?.provider ?? null,
  };
}
