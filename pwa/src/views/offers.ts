import type { StoredEmail, StoredMailbox } from '../mailbox/db.ts';
import type { Role } from './act.ts';

/** Where messages can be put by one press, or that they go for good. */
export type Offer = Role | 'destroy';

/**
 * What a bar offers for messages, in the order of its buttons. What was thrown away goes back to the inbox, or for
 * good; the archive is for what was read in the inbox. Pure.
 * @param mailboxes those of the accounts of the messages, at least
 */
export function offersFor(
  mailboxes: readonly Pick<StoredMailbox, 'accountId' | 'id' | 'role'>[],
  emails: readonly Pick<StoredEmail, 'accountId' | 'mailboxIds'>[],
): Offer[] {
  if (!emails.length) return [];
  const withRole = (role: string, accountId: string) =>
    mailboxes.filter(one => one.accountId === accountId && one.role === role);
  const isIn = (email: (typeof emails)[number], role: string) =>
    withRole(role, email.accountId).some(({ id }) => email.mailboxIds[id]);
  const isAside = (email: (typeof emails)[number]) => isIn(email, 'trash') || isIn(email, 'junk');
  const canGo = (role: Role) =>
    emails.some(email => withRole(role, email.accountId).length > 0 && !isIn(email, role));
  const offers: Offer[] = [];
  if (!emails.some(isAside) && canGo('archive')) offers.push('archive');
  else if (canGo('inbox')) offers.push('inbox');
  if (emails.every(isAside)) offers.push('destroy');
  else if (canGo('trash')) offers.push('trash');
  return offers;
}
