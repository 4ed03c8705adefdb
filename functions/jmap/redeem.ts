import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import type { RedeemAnswer, RedeemRequest } from '../services.ts';
import { providerName } from '../source/oauth.ts';
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
    if (!begun)
      return failed(null, 'expired', 'This sign-in has run out, or was completed already. Begin again.');
    const name = providerName(begun.provider);
    const client = services.oauthClients[begun.provider];
    // RFC 9207: the answer is of another provider than the one that was asked.
    const isForeign = iss !== undefined && client?.issuer !== undefined && iss !== client.issuer;
    if (error === 'access_denied') {
      return failed(begun, 'denied', `${name} was not allowed to let Mailferry in. Nothing has changed.`);
    }
    if (code === undefined || error !== undefined || isForeign) {
      return failed(begun, 'notGranted', `${name} did not complete the sign-in. Nothing has changed.`);
    }
    return complete(context, begun, code);
  },
);

async function complete(context: Context, begun: Authorization, code: string): Promise<Redemption> {
  const goal = await goalOf(context, begun);
  if ('code' in goal) return failed(begun, goal.code, goal.message);
  const { provider, accountId, redirectUri, sealedVerifier } = begun;
  const { protocol, host, port, security, username } = goal.source;
  const answer = await redeem(context, {
    ...{ provider, code, redirectUri, sealedVerifier, verifierOf: verifierOf(begun.id), accountId },
    source: { protocol, host, port, security, username },
  });
  if (!answer.ok) return failed(begun, answer.code, answer.message);
  const credential = {
    ...{ authentication: 'oauth' as const, sealedPassword: '', oauthProvider: provider },
    sealedRefreshToken: answer.sealedRefreshToken,
  };
  const isDone = await (goal.isNew
    ? create(context, { ...goal.source, ...credential }, accountId)
    : change(context, credential, accountId));
  if (!isDone) return failed(begun, 'notFound', 'This account has been removed meanwhile.');
  context.forgetAccounts();
  return { ok: true, code: null, message: 'The account signs in there now.', accountId, provider };
}

type Credential = Pick<
  SourceAccount,
  'authentication' | 'sealedPassword' | 'oauthProvider' | 'sealedRefreshToken'
>;

async function create(
  context: Context,
  settings: NewSource & Credential & Pick<SourceAccount, 'sealedPassword'>,
  id: string,
): Promise<boolean> {
  const { services, userId } = context;
  await addSourceAccount(context, { ...settings, id, userId, createdAt: services.now() });
  return true;
}

/** What else was set meanwhile stays as it is. */
async function change(
  context: Context,
  credential: Credential & Pick<SourceAccount, 'sealedPassword'>,
  id: string,
): Promise<boolean> {
  context.forgetAccounts();
  const account = await ownAccount(context, id);
  if (!account || account.protocol === 'archive') return false;
  const changed = { ...withoutCredential(account), ...credential };
  await putAccount(context.services.table, changed);
  await reconnect(context, changed);
  return true;
}

type Goal = { isNew: true; source: NewSource } | { isNew: false; source: SourceAccount };

/** What the sign-in is for, as things are now; or why it is for nothing any more. */
async function goalOf(
  context: Context,
  { provider, accountId, create }: Authorization,
): Promise<Goal | { code: string; message: string }> {
  const client = context.services.oauthClients[provider];
  const account = create ? null : await ownAccount(context, accountId);
  if (!create && (!account || account.protocol === 'archive')) {
    return { code: 'notFound', message: 'This account has been removed meanwhile.' };
  }
  if (create && (await context.accounts()).length >= MAX_ACCOUNTS) {
    return { code: 'overQuota', message: `You can have at most ${MAX_ACCOUNTS} accounts.` };
  }
  const read = create ? readNewSource(create, provider) : null;
  const goal: Goal | null =
    read && 'settings' in read
      ? { isNew: true, source: read.settings }
      : account && account.protocol !== 'archive'
        ? { isNew: false, source: account }
        : null;
  if (goal && client && mayHaveTokens(client, goal.source)) return goal;
  const message = `Signing in at ${providerName(provider)} is not set up in this Mailferry for this account.`;
  return { code: 'configuration', message };
}

async function redeem({ services }: Context, request: RedeemRequest): Promise<RedeemAnswer> {
  try {
    return await services.tester.redeem(request);
  } catch (cause) {
    if (!(cause instanceof MailferryError) || cause.code !== 'tester') throw cause;
    throw new MethodError('serverUnavailable', cause.message, { cause });
  }
}

function failed(begun: Authorization | null, code: string, message: string): Redemption {
  const isMeant = begun !== null && begun.create === null;
  return {
    ok: false,
    ...{ code, message },
    accountId: isMeant ? begun.accountId : null,
    provider: begun?.provider ?? null,
  };
}
