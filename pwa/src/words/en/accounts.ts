import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

const messages = (n: number) => count(n, { one: '# message', other: '# messages' });

/** The list of accounts, and what an account's page says of its health. */
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
  archive: 'Archive, without a mail server',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? `${messages(stored)} stored`
      : `${digits(stored)} of ${count(atSource, { one: '# message', other: '# messages' })} stored`,
  quarantined: (n: number) => `${messages(n)} set aside, because they could not be handled`,
  device: (kept: number, total: number, size: string) =>
    `${digits(kept)} of ${messages(total)} readable offline on this device (${size})`,
  full: 'The space for mail on this device is used up; older messages are fetched when you open them.',
  lastSuccess: (at: number) => `Last fetched ${when(at)}`,
  nextCheck: (at: number) => `Next check ${at > Date.now() ? when(at) : 'any moment'}`,
  next: (at: number) => `Next try ${when(at)}`,
  check: 'Check now',
  checkOf: (name: string) => `Check now: ${name}`,
  checking: 'Mailferry looks for new mail now.',
  details: 'Details',
  detailsOf: (name: string) => `Details of ${name}`,
  settings: 'Settings',
  mend: 'Change the settings',
  back: 'Back to accounts',
  backTo: (name: string) => `Back to ${name}`,
  gone: 'This account is no longer here.',
  pause: 'Pause',
  resume: 'Resume',
  paused: 'Paused. The mail server is left alone until you resume.',
  resumed: 'Resumed. Mailferry looks for new mail now.',
  progress: (name: string) => `How much of ${name} is stored`,
  serverMail: 'Mail at the server',
  setAside: 'Set aside',
  setAsideNone: 'Every message could be handled.',
  files: 'Import and export',
  filesText: 'Bring old mail in, or take all of it away with you.',
  colour: 'Colour',
  colourHint: 'Shown beside the messages of this account, on this device, when you have several accounts.',
  colours: ['Sea', 'Plum', 'Amber', 'Leaf', 'Rose', 'Sky', 'Brick', 'Slate'] as readonly string[],
  remove: 'Remove account…',
  cancel: 'Cancel',
  offline: 'The server cannot be reached now. Try again when you are online.',
  offlineList: 'This list is kept at the server, which cannot be reached now.',
  loadingList: 'Asking the server…',
  again: 'Try again',
  failed: (reason: string) => `That did not work. ${reason}`,
  signOut: 'Sign out',
  signOutTitle: 'Sign out of this device?',
  signOutText: 'All mail is removed from this device. It stays on the server and on your other devices.',
  signOutPending: (n: number) =>
    `${count(n, { one: '# change has', other: '# changes have' })} not reached the server and will be lost.`,
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `Remove ${name}?`,
  here: (n: number) =>
    `${count(n, { one: 'The # message', other: 'The # messages' })} of this account, its settings and its password are deleted from Mailferry, and from all your devices.`,
  source: 'The mail at your mail server stays as it is.',
  onlyHere: (n: number) =>
    `${messages(n)} of it were removed from the mail server, because they are stored here. They exist nowhere else, and will be lost.`,
  archive: 'This mail exists nowhere else, and will be lost.',
  pending: (n: number) =>
    `${count(n, { one: '# change', other: '# changes' })} of yours did not reach the server yet and will be lost.`,
  export: 'Export it first',
  understood: 'I know that this mail cannot be brought back',
  confirm: 'Remove account',
  removing: 'Removing…',
  removed: (name: string) => `${name} was removed, from this device too.`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'Mail at the server',
  text: 'Mailferry keeps a copy of every message. What shall happen to the one at your mail server?',
  archive: 'An archive has no mail server.',
  policies: {
    keep: 'Keep it',
    afterDays: 'Remove it after some days',
    onceStored: 'Remove it at once',
    whenDestroyed: 'Remove what I delete here',
  },
  texts: {
    keep: 'Mailferry removes nothing by itself. With IMAP, what you delete here for good is deleted there, too.',
    afterDays: 'Each message stays at the server for some days after it was stored here. It stays here.',
    onceStored: 'As soon as a message is stored here. It frees the most space. It stays here.',
    whenDestroyed: 'Only what you delete here for good is deleted at the server, too.',
  },
  summaries: {
    keep: 'It is kept.',
    onceStored: 'It is removed as soon as it is stored here.',
    whenDestroyed: 'It is removed when you delete it here.',
  },
  summaryDays: (days: number) =>
    `It is removed ${count(days, { one: '# day', other: '# days' })} after it was stored here.`,
  days: 'Days at the server',
  daysHint: 'From 1 to 3,650.',
  proof:
    'Before anything is removed, Mailferry reads its own copy again and compares it with its checksum. Whatever looks odd stops it.',
  others:
    'Other programs and devices that read this mailbox will no longer find there what Mailferry has removed.',
  save: 'Save',
  saved: 'Saved.',
  confirmTitle: 'Remove mail from the server?',
  confirmText: (stored: number) =>
    `This goes for what is stored already, too: at present ${messages(stored)}. It stays in Mailferry, and on your devices as far as there is room.`,
  confirm: 'Remove it there',
  frozen: 'Nothing is removed now',
  unfreeze: 'Allow removing again',
  unfreezeTitle: 'Allow removing again?',
  unfreezeText:
    'Mailferry stopped because something at the server was not as expected. Look first whether your mail is complete here. After this, mail is removed from the server again.',
  unfrozen: 'Mail may be removed from the server again.',
  receipts: 'Removed so far',
  receiptsNone: 'Nothing was removed from the server yet.',
  receiptsSum: (n: number, since: string, freed: string) =>
    `${messages(n)} removed from the server since ${since}, each stored first. That freed ${freed} there.`,
  receiptsShow: 'Show the receipts',
  receiptsMore: 'Show more',
  receiptOf: (at: string, size: string) => `Removed ${at} · ${size}`,
  outcomes: {
    confirmed: 'The server confirmed it.',
    gone: 'The server no longer lists it.',
  },
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  notOnDevice: 'A message that is not on this device',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: 'Set aside',
  text: 'These messages could not be handled. They are still at the mail server, and nothing is removed there because of them.',
  empty: 'Nothing is set aside',
  emptyText: 'Every message of this account could be handled.',
  message: (uid: string, mailbox: string) => `Message ${uid} in ${mailbox}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null ? `Since ${since}. Last tried ${tried}.` : `${size}. Since ${since}. Last tried ${tried}.`,
  retry: 'Try again',
  retryOf: (what: string) => `Try again: ${what}`,
  retryAll: 'Try all again',
  asked: (n: number) => `${count(n, { one: '# message is', other: '# messages are' })} tried again now.`,
  waits: 'The account is paused; resume it to try again.',
  save: 'Save as it came',
  saveOf: (what: string) => `Save as it came: ${what}`,
  more: 'Show more',
};
