import { count } from '../numbers.ts';
import { when } from '../time.ts';

export const outbox = {
  title: 'Outbox',
  text: 'What you did on this device that the server does not know yet. It is sent by itself, in this order.',
  empty: 'Nothing is waiting',
  emptyText: 'Everything you did has reached the server.',
  actions: {
    star: 'Star',
    unstar: 'Remove star',
    read: 'Mark as read',
    unread: 'Mark as unread',
    move: 'Move',
    destroy: 'Delete for good',
  } as Record<string, string>,
  moveTo: (name: string) => `Move to ${name}`,
  waiting: (at: number) => `Done ${when(at)}, not sent yet`,
  sending: 'Being sent now',
  sendNow: 'Send now',
  unreachable: 'The server cannot be reached now.',
  tried: (n: number) =>
    count(n, { one: 'The server could not take it once.', other: 'The server could not take it # times.' }),
  doneAt: (at: number) => `Done ${when(at)}`,
  others: (n: number) => count(n, { one: 'and # more message', other: 'and # more messages' }),
  of: (action: string, subject: string) => (subject ? `${action}: ${subject}` : action),
  refused: (reason: string) => `The server refused this: ${reason}`,
  reasons: {
    forbidden: 'it does not allow this change.',
    invalidProperties: 'it does not accept this change, perhaps because a mailbox is gone.',
    invalidPatch: 'it does not understand this change.',
    tooManyKeywords: 'this message has too many labels.',
    tooManyMailboxes: 'this message is in too many mailboxes.',
    overQuota: 'there is no room left at the server.',
    accountReadOnly: 'this account can only be read.',
    serverFail: 'it failed several times while trying.',
  } as Record<string, string>,
  otherReason: (type: string) => `it gave the reason “${type}”.`,
  undo: 'Undo',
  dismiss: 'Dismiss',
  retry: 'Try again',
  unknown: 'A message that is no longer here',
};
