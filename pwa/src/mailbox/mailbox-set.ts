import type { Id, Mailbox, SetError } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { MethodRefused } from '../jmap/errors.ts';
import { moveTo } from './actions.ts';
import type { Database, StoredMailbox } from './db.ts';
import { flush } from './flush.ts';
import { readList } from './lists.ts';
import { announce } from './observe.ts';

/** What Mailbox/set answers (RFC 8621 section 2.5). */
interface Answer {
  created?: Record<string, Partial<Mailbox> & { id: Id }> | null;
  notCreated?: Record<string, SetError> | null;
  notUpdated?: Record<Id, SetError> | null;
  notDestroyed?: Record<Id, SetError> | null;
}

async function setMailbox(call: Call, accountId: Id, change: Record<string, unknown>): Promise<Answer> {
  return (await call([['Mailbox/set', { accountId, ...change }, 's']])).of<Answer>('s');
}

function refusal(error: SetError | undefined): MethodRefused {
  return new MethodRefused(error?.type ?? 'serverFail', error?.description ?? '');
}

/** Emails of a mailbox that goes that are moved at a time. */
const AT_ONCE = 1_000;

/** What a mailbox of one's own allows until the server says more. */
const MINE = {
  mayReadItems: true,
  mayAddItems: true,
  mayRemoveItems: true,
  maySetSeen: true,
  maySetKeywords: true,
  mayCreateChild: true,
  mayRename: true,
  mayDelete: true,
  maySubmit: false,
};

/**
 * Makes a mailbox at the server; it is on the device at once, too.
 * @throws Unreachable, SignInNeeded; MethodRefused with the server's reason
 */
export async function createMailbox(
  db: Database,
  call: Call,
  accountId: Id,
  name: string,
  parentId: Id | null = null,
): Promise<StoredMailbox> {
  const answer = await setMailbox(call, accountId, { create: { new: { name, parentId } } });
  const created = answer.created?.new;
  if (!created) throw refusal(answer.notCreated?.new);
  const counts = { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
  const settings = { name, parentId, role: null, sortOrder: 0, isSubscribed: true, myRights: MINE };
  const mailbox: StoredMailbox = { ...settings, ...counts, ...created, accountId };
  await db.put('mailboxes', mailbox);
  announce('mailboxes');
  return mailbox;
}

/**
 * Gives a mailbox another name.
 * @throws Unreachable, SignInNeeded; MethodRefused with the server's reason
 */
export async function renameMailbox(
  db: Database,
  call: Call,
  mailbox: StoredMailbox,
  name: string,
): Promise<void> {
  const { accountId, id } = mailbox;
  const answer = await setMailbox(call, accountId, { update: { [id]: { name } } });
  if (answer.notUpdated?.[id]) throw refusal(answer.notUpdated[id]);
  const known = await db.get('mailboxes', [accountId, id]);
  if (known) await db.put('mailboxes', { ...known, name });
  announce('mailboxes');
}

/**
 * Deletes a mailbox. Its messages go to `refuge`, the trash, before; one that comes meanwhile keeps the mailbox.
 * @param refuge null only for a mailbox without messages
 * @throws Unreachable, SignInNeeded; MethodRefused with the server's reason, such as `mailboxHasChild`
 */
export async function deleteMailbox(
  db: Database,
  call: Call,
  mailbox: StoredMailbox,
  refuge: Id | null,
): Promise<void> {
  const { accountId, id } = mailbox;
  const next = () => readList(db, { accountId, mailboxId: id }, 0, AT_ONCE);
  for (let emails = await next(); emails.length && refuge !== null; emails = await next()) {
    if (!(await moveTo(emails, refuge))) break;
  }
  await flush(db, accountId, call);
  const answer = await setMailbox(call, accountId, { destroy: [id] });
  if (answer.notDestroyed?.[id]) throw refusal(answer.notDestroyed[id]);
  await db.delete('mailboxes', [accountId, id]);
  announce('mailboxes');
}
