import type {
  Id,
  MailAccount,
  MailAccountDiscovery,
  MailAccountTest,
  SetError,
} from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import { forgetBlobs } from './blobs.ts';
import { giveColours } from './colours.ts';
import type { Database } from './db.ts';
import { forgetAccounts } from './feed.ts';
import { removeFirstScreen } from './first-screen.ts';
import { announce } from './observe.ts';

/** How a server is reached, as a person enters it. */
export interface Connection {
  protocol: 'imap' | 'pop';
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  username: string;
  /** Empty where the stored one is kept. */
  password: string;
}

type Policy = Pick<MailAccount, 'deletionPolicy' | 'deletionDays'>;
/** What a person enters for a new account with a server. The server takes the address for an empty name. */
export type NewAccount = Connection & Policy & { name: string; address: string };

/** What a person changes of an account: only that is sent. A freeze is lifted by `allowDeleting` and nothing else. */
export type AccountChange = Partial<
  Omit<NewAccount, 'protocol' | 'password'> & { password: string; paused: boolean }
>;

/** Reads the accounts of the user; those that are no more go from the device, with all their mail. */
export async function pullAccounts(db: Database, call: Call): Promise<MailAccount[]> {
  const { list } = (await call([['MailAccount/get', { ids: null }, 'a']])).of<{ list: MailAccount[] }>('a');
  const before = await db.getAll('accounts');
  const ids = new Set(list.map(account => account.id));
  // A download that was under way when an account was removed may have left its place behind.
  const known = [...before.map(account => account.id), ...(await db.getAllKeys('feeds'))];
  const gone = [...new Set(known)].filter(id => !ids.has(id));
  if (JSON.stringify(before) !== JSON.stringify(list)) {
    const transaction = db.transaction('accounts', 'readwrite');
    for (const account of list) await transaction.store.put(account);
    await transaction.done;
    await giveColours(db, [...ids]);
    announce('accounts');
  }
  if (gone.length) {
    await forgetAccounts(db, gone);
    // Their mail may be on it.
    removeFirstScreen();
    await forgetBlobs(gone);
  }
  return list;
}

/** Asks the server to pull accounts now. */
export async function askForPull(call: Call, ids: readonly Id[]): Promise<void> {
  (await call([['MailAccount/sync', { ids }, 's']])).of('s');
}

/** How the mailbox of an address can be reached; takes up to 12 seconds. @throws MethodRefused when it is no address */
export async function discover(call: Call, address: string): Promise<MailAccountDiscovery> {
  return (await call([['MailAccount/discover', { address }, 'd']])).of<MailAccountDiscovery>('d');
}

/** Lets the server try the settings of a new account, or new ones of the account `id`; see `withoutEmpty`. */
export async function testAccount(call: Call, connection: Connection, id?: Id): Promise<MailAccountTest> {
  const { protocol, host, port, security, username, password } = connection;
  const settings = withoutEmpty({ protocol, host, port, security, username, password });
  const answers = await call([['MailAccount/test', id ? { ...settings, id } : settings, 't']]);
  return answers.of<MailAccountTest>('t');
}

/** Settings without an empty password: then the server uses the one that it has. */
function withoutEmpty<T extends { password?: string | undefined }>({
  password,
  ...settings
}: T): Omit<T, 'password'> & { password?: string } {
  return password ? { ...settings, password } : settings;
}

/**
 * Creates an account with a server, or an archive without one.
 * @returns its id
 * @throws MethodRefused with the server's reason
 */
export async function createAccount(
  call: Call,
  account: NewAccount | { protocol: 'archive'; name: string },
): Promise<Id> {
  const { name, ...settings } = account;
  const object = name ? account : settings;
  const answers = await call([['MailAccount/set', { create: { new: object } }, 'c']]);
  const set = answers.of<{
    created?: Record<string, { id: Id }> | null;
    notCreated?: Record<string, SetError> | null;
  }>('c');
  const created = set.created?.new;
  if (!created) throw refusal(set.notCreated?.new);
  return created.id;
}

/**
 * Changes what is named of an account and nothing else; an empty password keeps the one that the server has.
 * @throws MethodRefused with the server's reason
 */
export function changeAccount(call: Call, id: Id, change: AccountChange): Promise<void> {
  return update(call, id, withoutEmpty(change));
}

/** Lifts the freeze of deleting at the server: the person has looked. */
export function allowDeleting(call: Call, id: Id): Promise<void> {
  return update(call, id, { deletionFrozen: false });
}

async function update(call: Call, id: Id, patch: Record<string, unknown>): Promise<void> {
  const answers = await call([['MailAccount/set', { update: { [id]: patch } }, 'u']]);
  const { notUpdated } = answers.of<{ notUpdated?: Record<Id, SetError> | null }>('u');
  if (notUpdated?.[id]) throw refusal(notUpdated[id]);
}

/** Removes an account at the server and all its mail there. */
export async function removeAccount(call: Call, id: Id): Promise<void> {
  const answers = await call([['MailAccount/set', { destroy: [id] }, 'd']]);
  const { notDestroyed } = answers.of<{ notDestroyed?: Record<Id, SetError> | null }>('d');
  if (notDestroyed?.[id] && notDestroyed[id].type !== 'notFound') throw refusal(notDestroyed[id]);
}

/** The server's reason against one object of a /set (RFC 8620 section 5.3). */
export function refusal(error: SetError | undefined): MethodRefused {
  return new MethodRefused(
    error?.type ?? 'serverFail',
    error?.description ?? error?.properties?.join(', ') ?? '',
    error?.properties,
  );
}
