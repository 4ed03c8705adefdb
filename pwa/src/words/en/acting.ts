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
};
