import { isDeepStrictEqual } from 'node:util';
import { refusedByLimits, withinLimits } from '../deletion-limits.ts';
import {
  type Account,
  type ArchiveAccount,
  changeSettings,
  markErasing,
  putAccount,
  type SourceAccount,
} from '../store/accounts.ts';
import { putDue } from '../store/due.ts';
import { commit } from '../store/log.ts';
import { restartDeletion } from '../store/receipts.ts';
import { archiveMailboxes } from '../sync/mailboxes/mailboxes.ts';
import { initialDue } from '../sync/schedule.ts';
import { addSourceAccount, MAX_ACCOUNTS, reconnect } from './account-connect.ts';
import { isGiven, sealCredential, withoutCredential } from './account-credential.ts';
import { pauseAccount, resumeAccount } from './account-pause.ts';
import { readCreate, readUpdate, type Settings, toSetError } from './account-settings.ts';
import { mailAccountOf, settingsOf } from './account-status.ts';
import { accountsState, newAccountId } from './accounts.ts';
import { type ArchiveSettings, readArchive, readArchivePatch } from './archive-account.ts';
import { setError } from './errors.ts';
import { type Context, ownAccount, resolveId, userMethod } from './methods.ts';
import { checkSetSize, checkState, emptyResult, type SetResult, setAnswer, setArguments } from './set.ts';
import { ACCOUNTS, type Id, type SetError } from './types.ts';

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
  const error = await overQuota(context);
  const made = error ? { error } : await createOne(context, object);
  if ('error' in made) {
    result.notCreated[creationId] = made.error;
    return;
  }
  const { account } = made;
  context.createdIds.set(creationId, account.id);
  context.forgetAccounts();
  const created = await mailAccountOf(context.services, account);
  result.created[creationId] = Object.fromEntries(
    Object.entries(created).filter(([name, value]) => !isDeepStrictEqual(object[name], value)),
  );
}

type Made = { account: Account } | { error: SetError };

async function createOne(context: Context, object: Record<string, unknown>): Promise<Made> {
  if (object.protocol === 'archive') {
    const read = readArchive(object);
    return 'error' in read ? read : { account: await createArchive(context, read.settings) };
  }
  const read = readCreate(object);
  if ('error' in read) return read;
  // A new account gets what is allowed of what an app suggests, and its answer says what that is.
  const settings = withinLimits(read.settings, context.services.deletionLimits);
  return { account: await createWithSource(context, settings) };
}

async function createWithSource(
  context: Context,
  { authentication: _, password, oauthProvider, refreshToken, ...settings }: Settings,
): Promise<Account> {
  const { services, userId } = context;
  const id = newAccountId();
  const sealed = await sealCredential(services, id, { password, oauthProvider, refreshToken }, null);
  const account: SourceAccount = { ...settings, ...sealed, id, userId, createdAt: services.now() };
  await addSourceAccount(context, account);
  return account;
}

/** Its mailboxes come first: no run makes them later. It is never due. */
async function createArchive({ services, userId }: Context, settings: ArchiveSettings): Promise<Account> {
  const id = newAccountId();
  const account: Account = { ...settings, protocol: 'archive', id, userId, createdAt: services.now() };
  const mailboxes = { created: archiveMailboxes(), updated: [], destroyed: [] };
  await commit(services, id, () => ({ by: 'run', mailboxes }));
  await putAccount(services.table, account);
  return account;
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
  const writable = Object.fromEntries(
    Object.entries(patch).filter(([name]) => !(SERVER_SET as readonly string[]).includes(name)),
  );
  const error = await serverSet(context, account, patch);
  const done = error
    ? { error }
    : account.protocol === 'archive'
      ? await updateArchive(context, account, writable)
      : await updateWithSource(context, account, writable, patch.deletionFrozen === false);
  if ('error' in done) {
    result.notUpdated[id] = done.error;
    return;
  }
  context.forgetAccounts();
  const { changed } = done;
  const answer: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settingsOf(changed))) {
    const before = Object.hasOwn(patch, name) ? patch[name] : settingsOf(account)[name as 'name'];
    if (!isDeepStrictEqual(before, value)) answer[name] = value;
  }
  if (done.reconnects) {
    answer.status = (await mailAccountOf(context.services, changed)).status;
  }
  result.updated[id] = Object.keys(answer).length > 0 ? answer : null;
}

type Updated = { changed: Account; reconnects: boolean } | { error: SetError };

async function updateArchive(
  { services }: Context,
  account: ArchiveAccount,
  patch: Record<string, unknown>,
): Promise<Updated> {
  const read = readArchivePatch(account, patch);
  if ('error' in read) return read;
  const changed = { ...account, ...read.settings };
  await putAccount(services.table, changed);
  return { changed, reconnects: false };
}

async function updateWithSource(
  context: Context,
  account: SourceAccount,
  patch: Record<string, unknown>,
  unfreeze: boolean,
): Promise<Updated> {
  const read = readUpdate(account, patch);
  if ('error' in read) return read;
  const asksToDelete = DELETION.some(name => read.changed[name] !== undefined);
  const refused = asksToDelete
    ? refusedByLimits({ ...account, ...read.changed }, context.services.deletionLimits)
    : null;
  if (refused) return { error: toSetError([refused]) };
  const changed = await applyUpdate(context, account, read.changed);
  if (unfreeze || asksToDelete) {
    await restartDeletion(context.services.table, account.id, { unfreeze });
    context.pulls.add(account.id);
  }
  const isPaused = changed.paused === true;
  const turns = isPaused !== (account.paused === true);
  if (turns && isPaused) await pauseAccount(context.services, account.id);
  if (turns && !isPaused && (await resumeAccount(context.services, account.id)))
    context.pulls.add(account.id);
  if (isPaused) context.pulls.delete(account.id);
  return { changed, reconnects: turns || CONNECTION.some(name => read.changed[name] !== undefined) };
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
  context: Context,
  account: SourceAccount,
  { authentication: _, password, oauthProvider, refreshToken, ...settings }: Partial<Settings>,
): Promise<SourceAccount> {
  const { services } = context;
  const { table } = services;
  const credential = { password, oauthProvider, refreshToken };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const isReplaced = isGiven(credential);
  const changed: SourceAccount = isReplaced
    ? {
        ...{ ...withoutCredential(account), ...given },
        ...(await sealCredential(services, account.id, credential, account)),
      }
    : { ...account, ...given };
  if (isReplaced) await putAccount(table, changed);
  else await changeSettings(table, account.id, given);
  const reconnects = isReplaced || REACHES.some(name => changed[name] !== account[name]);
  if (reconnects) await reconnect(context, changed);
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
