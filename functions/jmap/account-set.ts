import { isDeepStrictEqual } from 'node:util';
import {
  type Account,
  getHealth,
  markErasing,
  newHealth,
  putAccount,
  putDue,
  putHealth,
} from '../store/accounts.ts';
import { restartDeletion } from '../store/receipts.ts';
import { initialDue } from '../sync/schedule.ts';
import { isGiven, sealCredential, withoutCredential } from './account-credential.ts';
import { readCreate, readUpdate, type Settings } from './account-settings.ts';
import { mailAccountOf, settingsOf } from './account-status.ts';
import { accountsState, newAccountId } from './accounts.ts';
import { setError } from './errors.ts';
import { type Context, ownAccount, resolveId, userMethod } from './methods.ts';
import { checkSetSize, checkState, emptyResult, type SetResult, setAnswer, setArguments } from './set.ts';
import { ACCOUNTS, type Id, type SetError } from './types.ts';

const MAX_ACCOUNTS = 100;
/** Settings that decide whether the source lets us in: when one changes, the account is pulled again. */
const CONNECTION = ['host', 'port', 'security', 'username', 'password', 'refreshToken'] as const;

const REACHES = ['host', 'port', 'security', 'username'] as const;

/** Settings that decide what is deleted at the source. */
const DELETION = ['deletionPolicy', 'deletionDays'] as const;
const SERVER_SET = ['id', 'status', 'receipts', 'deletionFrozen'] as const;

/**
 * MailAccount/set: a standard /set (RFC 8620 section 5.3) without an accountId. `password` and `refreshToken` can be
 * written and are never answered. Every account that was made or whose connection changed is pulled soon.
 */
export const mailAccountSet = userMethod('MailAccount/set', ACCOUNTS, setArguments, async (context, args) => {
  checkSetSize(args);
  const oldState = accountsState(await context.accounts());
  checkState(args, oldState);
  const result = emptyResult();
  for (const [creationId, object] of Object.entries(args.create ?? {})) {
    await create(context, creationId, object, result);
  }
  for (const [id, patch] of Object.entries(args.update ?? {})) {
    await update(context, resolveId(context, id), patch, result);
  }
  for (const id of args.destroy ?? []) await destroy(context, resolveId(context, id), result);
  context.forgetAccounts();
  return setAnswer(oldState, accountsState(await context.accounts()), result);
});

async function create(
  context: Context,
  creationId: Id,
  object: Record<string, unknown>,
  result: SetResult,
): Promise<void> {
  const read = readCreate(object);
  const error = 'error' in read ? read.error : await overQuota(context);
  if (error || 'error' in read) {
    if (error) result.notCreated[creationId] = error;
    return;
  }
  const { services, userId } = context;
  const { authentication: _, password, oauthProvider, refreshToken, ...settings } = read.settings;
  const id = newAccountId();
  const sealed = await sealCredential(services, id, { password, oauthProvider, refreshToken }, null);
  const account: Account = { ...settings, ...sealed, id, userId, createdAt: services.now() };
  await putHealth(services.table, id, newHealth);
  await putDue(services.table, id, initialDue());
  await putAccount(services.table, account);
  context.pulls.add(id);
  context.createdIds.set(creationId, id);
  context.forgetAccounts();
  const made = await mailAccountOf(services, account);
  result.created[creationId] = Object.fromEntries(
    Object.entries(made).filter(([name, value]) => !isDeepStrictEqual(object[name], value)),
  );
}

async function overQuota(context: Context): Promise<SetError | null> {
  if ((await context.accounts()).length < MAX_ACCOUNTS) return null;
  return setError('overQuota', `You can have at most ${MAX_ACCOUNTS} accounts.`);
}

async function update(
  context: Context,
  id: Id,
  patch: Record<string, unknown>,
  result: SetResult,
): Promise<void> {
  const account = await ownAccount(context, id);
  if (!account) {
    result.notUpdated[id] = setError('notFound', 'You have no account with this id.');
    return;
  }
  const { deletionFrozen } = patch;
  const writable = Object.fromEntries(
    Object.entries(patch).filter(([name]) => !(SERVER_SET as readonly string[]).includes(name)),
  );
  const read = readUpdate(account, writable);
  const error = 'error' in read ? read.error : await serverSet(context, account, patch);
  if (error || 'error' in read) {
    if (error) result.notUpdated[id] = error;
    return;
  }
  const changed = await applyUpdate(context, account, read.changed);
  const unfreeze = deletionFrozen === false;
  if (unfreeze || DELETION.some(name => read.changed[name] !== undefined)) {
    await restartDeletion(context.services.table, id, { unfreeze });
    context.pulls.add(id);
  }
  context.forgetAccounts();
  const answer: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settingsOf(changed))) {
    const before = Object.hasOwn(patch, name) ? patch[name] : settingsOf(account)[name as 'name'];
    if (!isDeepStrictEqual(before, value)) answer[name] = value;
  }
  if (CONNECTION.some(name => read.changed[name] !== undefined)) {
    answer.status = (await mailAccountOf(context.services, changed)).status;
  }
  result.updated[id] = Object.keys(answer).length > 0 ? answer : null;
}

/** What the server sets may be sent back as it is, not changed; but `deletionFrozen` may be set to false. */
async function serverSet(
  { services }: Context,
  account: Account,
  patch: Record<string, unknown>,
): Promise<SetError | null> {
  const sent = SERVER_SET.filter(name => Object.hasOwn(patch, name));
  const asked = sent.filter(name => name !== 'deletionFrozen' || patch[name] !== false);
  if (asked.length === 0) return null;
  const current = await mailAccountOf(services, account);
  const wrong = asked.filter(name => !isDeepStrictEqual(patch[name], current[name]));
  return wrong.length > 0 ? setError('invalidProperties', 'Only the server sets these.', wrong) : null;
}

async function applyUpdate(
  { services, pulls }: Context,
  account: Account,
  { authentication: _, password, oauthProvider, refreshToken, ...settings }: Partial<Settings>,
): Promise<Account> {
  const { table } = services;
  const credential = { password, oauthProvider, refreshToken };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const isReplaced = isGiven(credential);
  const changed: Account = isReplaced
    ? {
        ...{ ...withoutCredential(account), ...given },
        ...(await sealCredential(services, account.id, credential, account)),
      }
    : { ...account, ...given };
  await putAccount(table, changed);
  const reconnects = isReplaced || REACHES.some(name => changed[name] !== account[name]);
  if (!reconnects) return changed;
  const health = await getHealth(table, account.id);
  const message = 'Waiting for the next pull with the new settings.';
  await putHealth(table, account.id, { ...health, phase: 'new', code: null, message, failures: 0 });
  await putDue(table, account.id, initialDue());
  pulls.add(account.id);
  return changed;
}

async function destroy(context: Context, id: Id, result: SetResult): Promise<void> {
  const { services } = context;
  const account = await ownAccount(context, id);
  if (!account) {
    result.notDestroyed[id] = setError('notFound', 'You have no account with this id.');
    return;
  }
  await markErasing(services.table, account);
  // A run finds the mark and erases what is left, the due row included: asked for now, and should that message be
  // lost, by the schedule.
  await putDue(services.table, id, initialDue());
  context.pulls.add(id);
  context.forgetAccounts();
  result.destroyed.push(id);
}
