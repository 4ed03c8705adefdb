import type { ListResponse } from 'imapflow';
import { SourceError } from './errors.ts';
import { folder, isRefusal, meansLater, toImapError } from './imap-errors.ts';
import type { ImapSession } from './imap-session.ts';
import type { SourceWriter } from './source.ts';

/**
 * Makes, renames and deletes mailboxes (RFC 9051 sections 6.3.4 to 6.3.6) with their subscriptions. Each can be told
 * twice: what is done already is no error. What the server refuses is SourceError `refused` in its own words.
 */
export function imapHierarchy(
  session: ImapSession,
): Pick<SourceWriter, 'createMailbox' | 'renameMailbox' | 'deleteMailbox' | 'subscribe'> {
  return {
    createMailbox: path => createMailbox(session, path),
    renameMailbox: (path, newPath) => renameMailbox(session, path, newPath),
    deleteMailbox: path => deleteMailbox(session, path),
    subscribe: (path, subscribed) => subscribe(session, path, subscribed),
  };
}

async function createMailbox(session: ImapSession, path: string): Promise<void> {
  const { client } = session;
  checkName(session, path);
  const action = `create ${folder(path)}`;
  const exists = () => isThere(session, path);
  const isNew = await attempt(session, action, () => client.mailboxCreate(path), exists);
  // imapflow subscribes what it has created.
  if (!isNew) await session.run(action, () => client.mailboxSubscribe(path));
}

async function renameMailbox(session: ImapSession, path: string, newPath: string): Promise<void> {
  const { client, validities } = session;
  checkName(session, newPath);
  const action = `rename ${folder(path)} to ${folder(newPath)}`;
  const below = (await list(session)).filter(entry => isWithin(entry, path) && entry.subscribed);
  const renamed = async () => !(await isThere(session, path)) && (await isThere(session, newPath));
  await attempt(session, action, () => client.mailboxRename(path, newPath), renamed);
  for (const known of [...validities.keys()]) {
    if (known === path || below.some(entry => entry.path === known)) validities.delete(known);
  }
  // RENAME leaves subscriptions where they are (RFC 9051 section 6.3.6), those of inferior mailboxes too.
  for (const entry of below) {
    await session.run(action, () => client.mailboxUnsubscribe(entry.path));
    await session.run(action, () => client.mailboxSubscribe(newPath + entry.path.slice(path.length)));
  }
}

async function deleteMailbox(session: ImapSession, path: string): Promise<void> {
  const { client } = session;
  const action = `delete ${folder(path)}`;
  await attempt(
    session,
    action,
    () => client.mailboxDelete(path),
    async () => !(await isThere(session, path)),
  );
  session.validities.delete(path);
  // Last, so that a mailbox that may not be deleted keeps its subscription; of one that is gone some refuse it.
  await session.run(action, () => client.mailboxUnsubscribe(path));
}

async function subscribe(session: ImapSession, path: string, subscribed: boolean): Promise<void> {
  const { client } = session;
  const action = `${subscribed ? 'subscribe to' : 'unsubscribe from'} ${folder(path)}`;
  // imapflow gives false where the server refuses.
  await session.run(action, () =>
    subscribed ? client.mailboxSubscribe(path) : client.mailboxUnsubscribe(path),
  );
}

/**
 * Runs a command; gives whether it did anything. A refusal is no error where `done` finds that there is nothing to
 * do any more: not every server says so by a response code (RFC 5530).
 */
async function attempt(
  session: ImapSession,
  action: string,
  command: () => Promise<unknown>,
  done: () => Promise<boolean>,
): Promise<boolean> {
  let refused: unknown = null;
  await session.run(action, async () => {
    try {
      session.accept(action, await command());
    } catch (error) {
      if (!isRefusal(error) || meansLater(error)) throw error;
      refused = error;
    }
  });
  if (refused === null) return true;
  if (await done()) return false;
  throw refusedMailbox(refused, session, action);
}

/** BAD is a refusal too: a server that cannot have such a name often says it so. */
function refusedMailbox(error: unknown, session: ImapSession, action: string): SourceError {
  const translated = toImapError(error, session.settings, { action });
  if (translated.code !== 'protocol') return translated;
  const { host, port } = session.settings;
  return new SourceError('refused', `${host}:${port} does not understand how to ${action}.`, {
    cause: translated.cause,
  });
}

async function isThere(session: ImapSession, path: string): Promise<boolean> {
  return (await list(session)).some(entry => entry.path === path && !isPhantom(entry));
}

/** Listed only because it is subscribed or because something lies below it (RFC 5258 section 3). */
function isPhantom({ flags }: ListResponse): boolean {
  return [...flags].some(flag => flag.toLowerCase() === '\\nonexistent');
}

function isWithin(entry: ListResponse, path: string): boolean {
  if (entry.path === path) return true;
  return Boolean(entry.delimiter) && entry.path.startsWith(`${path}${entry.delimiter}`);
}

function list(session: ImapSession): Promise<ListResponse[]> {
  return session.run('list the folders', async () =>
    session.accept('list the folders', await session.client.list()),
  );
}

/** Only what would end the command (RFC 9051 section 9) is refused here: anything else the server decides. */
function checkName({ settings }: ImapSession, path: string): void {
  if (path !== '' && !/[\0\r\n]/.test(path)) return;
  const why = path === '' ? 'without a name' : 'whose name has a line break';
  throw new SourceError('refused', `${settings.host}:${settings.port} cannot have a folder ${why}.`);
}
