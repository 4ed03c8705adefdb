import type { MailboxRow } from '../store/rows.ts';
import { rightsOf } from './mailbox-rights.ts';
import type { Mailbox } from './types.ts';

/** The Mailbox object (RFC 8621 section 2) of a row of an account of this protocol. */
export function mailboxOf(row: MailboxRow, protocol: string): Mailbox {
  const { id, name, parentId, role, sortOrder, isSubscribed } = row;
  const { totalEmails, unreadEmails, totalThreads, unreadThreads } = row;
  const counts = { totalEmails, unreadEmails, totalThreads, unreadThreads };
  return { id, name, parentId, role, sortOrder, ...counts, myRights: rightsOf(row, protocol), isSubscribed };
}
