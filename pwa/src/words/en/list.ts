import { count } from '../numbers.ts';

export const list = {
  count: (n: number) => count(n, { one: '# message', other: '# messages' }),
  conversations: (n: number) => count(n, { one: '# conversation', other: '# conversations' }),
  inConversation: (n: number) => count(n, { one: '# message', other: '# messages' }),
  messages: (name: string) => `Messages in ${name}`,
  noSubject: '(no subject)',
  noSender: '(unknown sender)',
  unread: 'Unread',
  starred: (subject: string) => `Starred: ${subject}`,
  attachment: 'Has attachments',
  empty: 'No messages here',
  emptyText: 'New mail appears here as soon as it arrives.',
  coming: 'Your mail is on its way',
  comingText: 'Each message can be read as soon as it is here.',
  gone: 'Mailbox not found',
  goneText: 'It may have been renamed or removed on another device.',
  check: 'Check for new mail',
  choose: 'Choose a message to read',
  chooseText: 'Press ? to see the keyboard shortcuts.',
};
