import type { MailboxProperties } from '../store/commit.ts';
import type { MailboxRights } from './types.ts';

/**
 * What the user may do with a mailbox (RFC 8621 section 2). One that cannot be selected at the source is only a parent.
 * The Inbox stays what and where it is (RFC 9051 section 5.1); so do POP's mailboxes, of which we make all but the
 * first. A mailbox with a role is what devices archive into or take for the trash, so it is not deleted.
 */
export function rightsOf(
  { role, selectable }: Pick<MailboxProperties, 'role' | 'selectable'>,
  protocol: string,
): MailboxRights {
  const isFixed = protocol === 'imap' ? role === 'inbox' : role !== null;
  return {
    mayReadItems: selectable,
    mayAddItems: selectable,
    mayRemoveItems: selectable,
    maySetSeen: selectable,
    maySetKeywords: selectable,
    mayCreateChild: true,
    mayRename: selectable && !isFixed,
    mayDelete: selectable && role === null,
    maySubmit: false,
  };
}
