export const keys = {
  title: 'Keyboard shortcuts',
  close: 'Close',
  on: 'Use single-key shortcuts',
  list: [
    ['j', 'Next message'],
    ['k', 'Previous message'],
    ['Enter', 'Open message'],
    ['s', 'Star or remove star'],
    ['u', 'Mark as read or unread'],
    ['e', 'Archive'],
    ['#', 'Move to trash'],
    ['Esc', 'Close message'],
    ['/', 'Search'],
    ['?', 'Show this help'],
  ] as [string, string][],
};
