import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const welcome = {
  title: 'Your mail, with or without a network',
  text: 'Mailferry fetches your POP and IMAP mail and carries it to every device. What is on this device opens at once, on a train, on a ferry, anywhere.',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  failed: 'Signing in did not succeed. Please try again.',
  unreachable: 'The server cannot be reached. Check your connection and try again.',
};

export const nav = {
  mailboxes: 'Mailboxes',
  mailboxesOf: (name: string) => `Mailboxes of ${name}`,
  open: 'Open mailboxes',
  close: 'Close',
  allInboxes: 'All inboxes',
  accounts: 'Accounts',
  outbox: 'Outbox',
  main: 'Main places',
  inbox: 'Inbox',
  search: 'Search',
  settings: 'Settings',
  unread: (n: number) => `${digits(n)} unread`,
};

export const roles: Record<string, string> = {
  inbox: 'Inbox',
  archive: 'Archive',
  drafts: 'Drafts',
  junk: 'Junk',
  sent: 'Sent',
  trash: 'Trash',
  all: 'All mail',
  flagged: 'Starred',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `Updated ${when(at)}.`),
  offline: (at: number | null) => (at === null ? 'Offline.' : `Offline. Updated ${when(at)}.`),
  signInNeeded: 'Sign in again to receive new mail.',
  signIn: 'Sign in',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `Listing ${digits(fetched)} messages…`
      : `Listing ${digits(fetched)} of ${digits(total)} messages…`,
  bodies: (kept: number, total: number) => `Downloading ${digits(kept)} of ${digits(total)} messages…`,
  waiting: (n: number) => `${count(n, { one: '# change', other: '# changes' })} waiting for the network`,
  waitingForSignIn: (n: number) =>
    `${count(n, { one: '# change', other: '# changes' })} waiting until you sign in`,
  refused: (n: number) =>
    `${count(n, { one: '# change was', other: '# changes were' })} refused by the server`,
  newVersion: 'A new version of Mailferry is ready.',
  update: 'Update',
};

export const done = {
  undo: 'Undo',
  newMail: 'Checking for new mail…',
};

export const errors = {
  notFound: 'There is no such page',
  home: 'To the inbox',
};
