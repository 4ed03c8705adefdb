import { count } from '../numbers.ts';

export const thread = {
  messages: (n: number) => count(n, { one: '# message', other: '# messages' }),
  unfold: (sender: string, date: string) => `Show the message from ${sender}, ${date}`,
  fold: (sender: string, date: string) => `Fold the message from ${sender}, ${date}`,
  more: (n: number) => count(n, { one: 'Show # more message', other: 'Show # more messages' }),
  archive: 'Archive conversation',
  trash: 'Move conversation to trash',
  inbox: 'Move conversation to inbox',
  destroy: 'Delete conversation for good',
  markUnread: 'Mark conversation as unread',
  move: 'Move conversation to…',
};
