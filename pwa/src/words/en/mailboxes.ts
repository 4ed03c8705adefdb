import { count } from '../numbers.ts';

export const mailboxes = {
  new: (account: string) => `New mailbox in ${account}`,
  change: (name: string) => `Change the mailbox ${name}`,
  newTitle: 'New mailbox',
  title: (name: string) => `Mailbox ${name}`,
  name: 'Name',
  atServer: 'Mailboxes are made and changed at the server, so this needs a network.',
  create: 'Create',
  createInside: 'New mailbox inside…',
  rename: 'Rename',
  delete: 'Delete mailbox',
  deleteEmpty: 'There are no messages in this mailbox.',
  deleteFull: (n: number) =>
    count(n, {
      one: 'The message in it is moved to the trash.',
      other: 'The # messages in it are moved to the trash.',
    }),
  noTrash: 'There are messages in this mailbox, and this account has no trash. Move them elsewhere first.',
  unreachable: 'The server cannot be reached now, and mailboxes are made and changed there. Try again later.',
  refused: 'The server refused this.',
  reasons: {
    mailboxHasChild: 'There are mailboxes inside this one. Delete those first.',
    mailboxHasEmail: 'A message came to this mailbox meanwhile. Try again.',
    notFound: 'This mailbox is no longer there.',
    forbidden: 'The server does not allow this.',
  } as Record<string, string>,
};
