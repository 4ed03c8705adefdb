import type { Id, MailAccount, MailAccountTest, SetError } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import { forgetBlobs } from './blobs.ts';
import type { Database } from './db.ts';
import { forgetAccounts } from './feed.ts';
import { announce } from './observe.ts';

type Entered = 'name' | 'address' | 'deletionPolicy' | 'deletionDays';
/** What a person enters for a new account with a server. */
export type NewAccount = Pick<MailAccount, Entered> & {
  protocol: 'imap' | 'pop';
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
  password: string;
};

/** Reads the accounts of the user; those that are no more go from the device, with all their mail. */
export async function pullAccounts(db: Database, call: Call): Promise<MailAccount[]> {
  const { list } = (await call([['MailAccount/get', { ids: null }, 'a']])).of<{ list: MailAccount[] }>('a');
  const before = await db.getAll('accounts');
  const ids = new Set(list.map(account => account.id));
  const gone = before.map(account => account.id).filter(id => !ids.has(id));
  if (JSON.stringify(before) !== JSON.stringify(list)) {
    const transaction = db.transaction('accounts', 'readwrite');
    for (const account of list) await transaction.store.put(account);
    await transaction.done;
    announce('accounts');
  }
  if (gone.length) {
    await forgetAccounts(db, gone);
    await forgetBlobs(gone);
  }
  return list;
}

/** Asks the server to pull accounts now. */
export async function askForPull(call: Call, ids: readonly Id[]): Promise<void> {
  (await call([['MailAccount/sync', { ids }, 's']])).of('s');
}

/** Lets the server try the settings of a new account, or new ones of the account `id`; see `withoutEmpty`. */
export async function testAccount(call: Call, account: NewAccount, id?: Id): Promise<MailAccountTest> {
  const { protocol, host, port, security, username, password } = account;
  const settings = withoutEmpty({ protocol, host, port, security, username, password });
  const answers = await call([['MailAccount/test', id ? { ...settings, id } : settings, 't']]);
  return answers.of<MailAccountTest>('t');
}

/** Settings with the password only if one was entered: without, the server uses the one it has. */
function withoutEmpty<T extends { password: string }>({
  password,
  ...settings
}: T): Omit<T, 'password'> & { password?: string } {
  return password ? { ...settings, password } : settings;
}

/**
 * Creates an account.
 * @returns its id
 * @throws MethodRefused with the server's reason
 */
export async function createAccount(call: Call, account: NewAccount): Promise<Id> {
  const answers = await call([['MailAccount/set', { create: { new: account } }, 'c']]);
  const set = answers.of<{
    created?: Record<string, { id: Id }> | null;
    notCreated?: Record<string, SetError> | null;
  }>('c');
  const created = set.created?.new;
  if (!created) throw refusal(set.notCreated?.new);
  return created.id;
}

/**
 * Changes the settings of an account; an empty password keeps the one that the server has.
 * @throws MethodRefused with the server's reason
 */
export async function changeAccount(call: Call, id: Id, account: NewAccount): Promise<void> {
  const { protocol: _, ...settings } = account;
  const answers = await call([['MailAccount/set', { update: { [id]: withoutEmpty(settings) } }, 'u']]);
  const { notUpdated } = answers.of<{ notUpdated?: Record<Id, SetError> | null }>('u');
  if (notUpdated?.[id]) throw refusal(notUpdated[id]);
}

/** Removes an account at the server and all its mail there. */
export async function removeAccount(call: Call, id: Id): Promise<void> {
  const answers = await call([['MailAccount/set', { destroy: [id] }, 'd']]);
  const { notDestroyed } = answers.of<{ notDestroyed?: Record<Id, SetError> | null }>('d');
  if (notDestroyed?.[id] && notDestroyed[id].type !== 'notFound') throw refusal(notDestroyed[id]);
}

function refusal(error: SetError | undefined): MethodRefused {
  return new MethodRefused(
    error?.type ?? 'serverFail',
    error?.description ?? error?.properties?.join(', ') ?? '',
  );
}
