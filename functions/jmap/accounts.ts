import { z } from 'zod';
import { MailferryError } from '../errors.ts';
import { say } from '../sentences/say.ts';
import type { SourceTestRequest } from '../services.ts';
import type { Account, SourceAccount } from '../store/accounts.ts';
import { credentialProblems, isGiven, sealCredential } from './account-credential.ts';
import { credentialNeeded, defaultPort, needsCredential, testArguments } from './account-settings.ts';
import { mailAccountOf } from './account-status.ts';
import { MethodError } from './errors.ts';
import { getArguments, listAndNotFound, wantedIds, wantedProperties } from './get.ts';
import { type Context, idSchema, ownAccount, resolveId, userMethod } from './methods.ts';
import { randomId } from './random-id.ts';
import { hashOf } from './session.ts';
import { ACCOUNTS, type MailAccount, type MailAccountTest } from './types.ts';

const PROPERTIES = [
  ...(['id', 'name', 'protocol', 'address', 'host', 'port'] as const),
  ...(['security', 'username', 'authentication', 'oauthProvider'] as const),
  ...(['deletionPolicy', 'deletionDays'] as const),
  ...(['deletionFrozen', 'paused', 'receipts', 'status'] as const),
] satisfies (keyof MailAccount)[];

/**
 * MailAccount/get: a standard /get (RFC 8620 section 5.1) without an accountId. The state changes with the settings;
 * `status` changes all the time, and is worth polling while the phase is `new` or `pulling`.
 */
export const mailAccountGet = userMethod('MailAccount/get', ACCOUNTS, getArguments, async (context, args) => {
  const properties = wantedProperties(args.properties, PROPERTIES);
  const ids = wantedIds(context, args.ids);
  const accounts = await context.accounts();
  const wanted = ids ? accounts.filter(account => ids.includes(account.id)) : accounts;
  const objects = await Promise.all(wanted.map(account => mailAccountOf(context.services, account)));
  return { state: accountsState(accounts), ...listAndNotFound(objects, ids, properties) };
});

/**
 * MailAccount/sync: asks for a pull of these accounts (null: all) as soon as possible, quarantine included. Archives have
 * nothing to pull, and paused accounts wait.
 */
export const mailAccountSync = userMethod(
  'MailAccount/sync',
  ACCOUNTS,
  { ids: z.array(idSchema).nullable().default(null) },
  async (context, args) => {
    const accounts = await context.accounts();
    const known = new Set(accounts.map(account => account.id));
    const ids = wantedIds(context, args.ids) ?? [...known];
    const isPulled = (account: Account) => account.protocol !== 'archive' && !account.paused;
    const queued = ids.filter(id => accounts.some(account => account.id === id && isPulled(account)));
    const retry = { since: context.services.now(), ids: null };
    const requests = queued.map(id => ({ accounts: [id], reason: 'asked' as const, retry }));
    if (requests.length > 0) await context.services.queue.send(requests);
    return { queued, notFound: ids.filter(id => !known.has(id)) };
  },
);

/**
 * MailAccount/test: tries settings, or those of an existing account with some replaced, and tells what was found. What
 * is wrong with a server is an answer (`ok: false`), not an error.
 */
export const mailAccountTest = userMethod(
  'MailAccount/test',
  ACCOUNTS,
  {
    id: idSchema.optional(),
    ...testArguments,
    protocol: z.enum(['imap', 'pop', 'archive']).optional(),
  },
  async (context, { id, protocol, ...others }) => {
    const account = id === undefined ? null : await accountToTest(context, resolveId(context, id));
    if (protocol === 'archive' || account?.protocol === 'archive') return { ...NO_TEST };
    const settings = { ...others, protocol };
    const request = account ? await testOf(context, account, settings) : await newTest(context, settings);
    try {
      return { ...(await context.services.tester.test(request)) };
    } catch (cause) {
      if (!(cause instanceof MailferryError) || cause.code !== 'tester') throw cause;
      throw new MethodError('serverUnavailable', cause.message, { cause });
    }
  },
);

/** There is nothing that could fail. */
const NOTHING_TO_TEST = say('test/archive');
const NO_TEST: MailAccountTest = {
  ...{ ok: true, code: null, found: null },
  ...{ message: NOTHING_TO_TEST.text, messageSentences: [NOTHING_TO_TEST] },
};

async function accountToTest(context: Context, id: string): Promise<Account> {
  const account = await ownAccount(context, id);
  if (!account) throw new MethodError('invalidArguments', 'id: you have no account with this id.');
  return account;
}

type TestSettings = { [K in keyof typeof testArguments]?: z.output<(typeof testArguments)[K]> };

async function newTest({ services }: Context, settings: TestSettings): Promise<SourceTestRequest> {
  const { protocol, host, security } = settings;
  const username = settings.username ?? settings.address;
  if (!protocol || !host || !security || !username || !isGiven(settings)) {
    const needed = 'protocol, host, security, username (or address) and password (or refreshToken)';
    throw new MethodError('invalidArguments', `A test needs ${needed}, or the id of an account.`);
  }
  refuse(credentialProblems(settings, null));
  const port = settings.port ?? defaultPort(protocol, security);
  const accountId = newAccountId();
  const { sealedPassword, oauthProvider, sealedRefreshToken } = await sealCredential(
    services,
    accountId,
    settings,
    null,
  );
  return {
    ...{ protocol, host, port, security, username, accountId },
    ...{ sealedPassword, oauthProvider, sealedRefreshToken },
  };
}

function refuse([problem]: readonly { name: string; message: string }[]): void {
  if (problem) throw new MethodError('invalidArguments', `${problem.name}: ${problem.message}`);
}

async function testOf(
  context: Context,
  account: SourceAccount,
  settings: TestSettings,
): Promise<SourceTestRequest> {
  refuse(credentialProblems(settings, account));
  if (!isGiven(settings) && needsCredential(account, settings)) refuse([credentialNeeded(account)]);
  const { sealedPassword, oauthProvider, sealedRefreshToken } = isGiven(settings)
    ? await sealCredential(context.services, account.id, settings, account)
    : account;
  return {
    protocol: settings.protocol ?? account.protocol,
    host: settings.host ?? account.host,
    port: settings.port ?? account.port,
    security: settings.security ?? account.security,
    username: settings.username ?? account.username,
    ...{ sealedPassword, oauthProvider, sealedRefreshToken },
    accountId: account.id,
  };
}

/** Changes whenever an account comes, goes or gets other settings. */
export function accountsState(accounts: readonly Account[]): string {
  // A rotated refresh token is no change that a client could see.
  return hashOf(accounts.map(account => ({ ...account, sealedRefreshToken: undefined })));
}

/** A new id of an account, which is also its JMAP accountId. */
export const newAccountId = (): string => randomId('a');
