import type { Id, MailAccountAuthorization, MailAccountRedemption } from '../../../functions/jmap/types.ts';
import { AppError } from '../errors.ts';
import type { Call } from '../jmap/client.ts';
import { type NewAccount, pullAccounts } from './accounts.ts';
import type { Database } from './db.ts';
import { readSetting, writeSetting } from './settings.ts';

/** Where providers send people back to. */
export const AUTHORIZED_PATH = '/accounts/authorized';

/** What a sign-in is for: an account that is to be made, or one that is there. */
export type Goal = { create: Omit<NewAccount, 'password'>; oauthProvider: string } | { id: Id };

/**
 * Begins a sign-in at a provider.
 * @returns the page of the provider to go to
 * @throws MethodRefused with the server's reason; AppError `authorize` for an address that is none
 */
export async function beginAuthorization(call: Call, goal: Goal): Promise<string> {
  const answers = await call([['MailAccount/authorize', 'id' in goal ? goal : withoutName(goal), 'a']]);
  const { url, accountId } = answers.of<MailAccountAuthorization>('a');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new AppError('authorize', 'The server does not say where to sign in.');
  }
  await writeSetting('authorizing', accountId);
  return url;
}

/** The server takes the address for an empty name. */
function withoutName({ create: { name, ...settings }, oauthProvider }: Extract<Goal, { create: unknown }>) {
  return { create: name ? { ...settings, name } : settings, oauthProvider };
}

/** What a provider sends a person back with (RFC 6749 section 4.1.2, RFC 9207). */
export type ProviderAnswer = Partial<Record<'state' | 'code' | 'error' | 'iss', string>>;

/** Reads it from the address, where it is in the query or, with some providers, in the fragment. Pure. */
export function answerIn({ search, hash }: Pick<URL, 'search' | 'hash'>): ProviderAnswer {
  const given = new URLSearchParams([...new URLSearchParams(search), ...new URLSearchParams(hash.slice(1))]);
  const named = (['state', 'code', 'error', 'iss'] as const).map(name => [name, given.get(name)] as const);
  return Object.fromEntries(named.filter(([, value]) => value));
}

/** How a sign-in ended, and whether its account is new on this device. */
export type Ending = Pick<MailAccountRedemption, 'ok' | 'code' | 'message' | 'accountId' | 'provider'> & {
  isNew: boolean;
};

/**
 * Completes a sign-in, and reads the accounts. What was completed by an answer that did not come through is found to be so.
 * @throws Unreachable, SignInNeeded, RequestRefused, MethodRefused
 */
export async function endAuthorization(db: Database, call: Call, answer: ProviderAnswer): Promise<Ending> {
  const { state, code, error, iss } = answer;
  const begun = await readSetting('authorizing');
  const before = new Set(await db.getAllKeys('accounts'));
  const answers = await call([
    [
      'MailAccount/redeem',
      { state, ...(error ? { error } : { ...(code && { code }), ...(iss && { iss }) }) },
      'r',
    ],
  ]);
  const redeemed = answers.of<MailAccountRedemption>('r');
  const accounts = await pullAccounts(db, call);
  await writeSetting('authorizing', null);
  const isLost = redeemed.code === 'expired' && begun !== null && !before.has(begun);
  const found = isLost ? accounts.find(({ id }) => id === begun) : undefined;
  if (found) return { ...redeemed, ok: true, code: null, accountId: found.id, isNew: true };
  return { ...redeemed, isNew: redeemed.accountId !== null && !before.has(redeemed.accountId) };
}
