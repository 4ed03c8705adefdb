import { count } from '../numbers.ts';

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) => count(n, { one: 'Archived.', other: '# messages archived.' }),
    trash: (n: number) => count(n, { one: 'Moved to trash.', other: '# messages moved to trash.' }),
    inbox: (n: number) => count(n, { one: 'Moved to inbox.', other: '# messages moved to inbox.' }),
  },
  movedTo: (n: number, name: string) =>
    `${count(n, { one: '# message', other: '# messages' })} moved to ${name}.`,
  starred: (n: number) => count(n, { one: '# message starred.', other: '# messages starred.' }),
  unstarred: (n: number) =>
    count(n, { one: 'Star removed from # message.', other: 'Star removed from # messages.' }),
  read: (n: number) => count(n, { one: '# message marked as read.', other: '# messages marked as read.' }),
  unread: (n: number) =>
    count(n, { one: '# message marked as unread.', other: '# messages marked as unread.' }),
  destroyed: (n: number) =>
    count(n, { one: '# message deleted for good.', other: '# messages deleted for good.' }),
  destroy: 'Delete for good',
  destroyTitle: (n: number) =>
    count(n, { one: 'Delete # message for good?', other: 'Delete # messages for good?' }),
  destroyEverywhere: 'It goes from every device and from the mail server.',
  destroyKept: 'It goes from every device. The mail server keeps its copy, as you chose for this account.',
  destroyMixed:
    'It goes from every device, and from the mail server where you did not choose to keep it there.',
  destroyHere: 'It goes from every device. This account has no mail server, so there is no other copy.',
  destroyText: 'This cannot be undone.',
  cancel: 'Cancel',
  moveTo: 'Move to…',
  moveTitle: (n: number) => count(n, { one: 'Move # message to…', other: 'Move # messages to…' }),
  filter: 'Find a mailbox',
  createNamed: (name: string) => `New mailbox “${name}”`,
  createHint: 'For a new mailbox, type its name.',
  severalAccounts:
    'These messages are from several accounts. Each stays in its account; for another mailbox, select messages of one account.',
};
