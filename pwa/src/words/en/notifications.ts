import { count } from '../numbers.ts';

export const notifications = {
  title: 'Notifications',
  intro: 'Mailferry can tell you about new mail on this device, also while it is closed.',
  private:
    'What travels through the browser’s push service says only that something changed. Your device fetches the mail itself.',
  on: 'Tell me about new mail on this device',
  turningOn: 'Asking the browser…',
  verifying: 'Waiting for the first notification. It should arrive within a minute.',
  isOn: 'Notifications are on.',
  problems: {
    unsupported: 'This browser cannot show notifications of web apps.',
    install:
      'On an iPhone or iPad, add Mailferry to the Home Screen first: open the share menu and choose “Add to Home Screen”. Then open it from there.',
    denied:
      'This browser does not let Mailferry show notifications. Allow them in the browser’s settings for this site, then try again.',
    'no-service':
      'The browser could not reach its push service. Check the connection, and whether the browser lets websites push.',
    'server-key': 'Your server does not offer notifications yet.',
    failed: 'Notifications could not be turned on. Check the connection and try again.',
  },
  which: 'Which mail',
  account: 'Tell me about this account',
  more: (n: number) => count(n, { one: '# more mailbox', other: '# more mailboxes' }),
  quiet: 'Quiet hours',
  quietOn: 'Keep quiet at certain hours',
  quietText: 'Mail that comes then is shown without a sound.',
  quietOther: 'Other hours for an account or mailbox',
  quietChoose: 'Choose…',
  quietAsDevice: 'Use the hours of this device',
  from: 'From',
  to: 'Until',
  tryOut: 'Show a test notification',
  notice: {
    many: (n: number) => count(n, { one: '# new message', other: '# new messages' }),
    quiet: 'It came during your quiet hours.',
    noSubject: 'No subject',
    noSender: 'Unknown sender',
    nothing: 'Your mail is up to date',
    nothingText: 'Nothing new in the mailboxes that you chose.',
    unread: 'New mail has arrived',
    unreadText: 'Open Mailferry to read it.',
    ready: 'Notifications are on',
    readyText: 'This is how new mail will appear.',
  },
};
