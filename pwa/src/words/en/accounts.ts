import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const accounts = {
  title: 'Accounts',
  add: 'Add account',
  none: 'Add your first account',
  noneText:
    'Mailferry needs a POP or IMAP account to fetch mail from. Your password is sealed, and never shown again.',
  phases: {
    new: 'Not fetched yet',
    pulling: 'Fetching mail now',
    ok: 'Working',
    failing: 'Trying again',
    stopped: 'Needs your attention',
    paused: 'Paused',
  },
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? `${count(stored, { one: '# message', other: '# messages' })} stored`
      : `${digits(stored)} of ${count(atSource, { one: '# message', other: '# messages' })} stored`,
  quarantined: (n: number) =>
    `${count(n, { one: '# message', other: '# messages' })} set aside, because they could not be handled`,
  device: (kept: number, total: number, size: string) =>
    `${digits(kept)} of ${count(total, { one: '# message', other: '# messages' })} readable offline on this device (${size})`,
  full: 'The space for mail on this device is used up; older messages are fetched when you open them.',
  lastSuccess: (at: number) => `Last fetched ${when(at)}`,
  nextCheck: (at: number) => `Next check ${at > Date.now() ? when(at) : 'any moment'}`,
  next: (at: number) => `Next try ${when(at)}`,
  check: 'Check now',
  checkOf: (name: string) => `Check now: ${name}`,
  settings: 'Settings',
  settingsOf: (name: string) => `Settings of ${name}`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  confirmTitle: (name: string) => `Remove ${name}?`,
  confirmText:
    'The account and its mail go from Mailferry and from all your devices. The mail at your mail server stays as it is.',
  confirm: 'Remove account',
  cancel: 'Cancel',
  offline: 'The server cannot be reached now. Try again when you are online.',
  failed: (reason: string) => `That did not work. ${reason}`,
  signOut: 'Sign out',
  signOutTitle: 'Sign out of this device?',
  signOutText: 'All mail is removed from this device. It stays on the server and on your other devices.',
  signOutPending: (n: number) =>
    `${count(n, { one: '# change has', other: '# changes have' })} not reached the server and will be lost.`,
};
