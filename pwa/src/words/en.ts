import { when } from './time.ts';

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

/** `1 message`, `2 messages` */
function count(n: number, one: string, other: string): string {
  return `${number.format(n)} ${plural.select(n) === 'one' ? one : other}`;
}

/** Every string of the user interface, in English. Functions take what varies and give a whole sentence. */
export const words = {
  locale: 'en',
  app: 'Mailferry',
  loading: 'Loading…',
  skip: 'Skip to the messages',

  welcome: {
    title: 'Your mail, with or without a network',
    text: 'Mailferry fetches your POP and IMAP mail and carries it to every device. What is on this device opens at once, on a train, on a ferry, anywhere.',
    signIn: 'Sign in',
    signingIn: 'Signing in…',
    failed: 'Signing in did not succeed. Please try again.',
    unreachable: 'The server cannot be reached. Check your connection and try again.',
  },

  nav: {
    mailboxes: 'Mailboxes',
    open: 'Open mailboxes',
    close: 'Close',
    allInboxes: 'All inboxes',
    accounts: 'Accounts',
    outbox: 'Outbox',
    unread: (n: number) => `${number.format(n)} unread`,
  },

  roles: {
    inbox: 'Inbox',
    archive: 'Archive',
    drafts: 'Drafts',
    junk: 'Junk',
    sent: 'Sent',
    trash: 'Trash',
    all: 'All mail',
    flagged: 'Starred',
  } as Record<string, string>,

  list: {
    count: (n: number) => count(n, 'message', 'messages'),
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
  },

  status: {
    upToDate: (at: number | null) => (at === null ? '' : `Updated ${when(at)}.`),
    offline: (at: number | null) => (at === null ? 'Offline.' : `Offline. Updated ${when(at)}.`),
    signInNeeded: 'Sign in again to receive new mail.',
    signIn: 'Sign in',
    listing: (fetched: number, total: number | null) =>
      total === null
        ? `Listing ${number.format(fetched)} messages…`
        : `Listing ${number.format(fetched)} of ${number.format(total)} messages…`,
    bodies: (kept: number, total: number) =>
      `Downloading ${number.format(kept)} of ${number.format(total)} messages…`,
    waiting: (n: number) => `${count(n, 'change', 'changes')} waiting for the network`,
    waitingForSignIn: (n: number) => `${count(n, 'change', 'changes')} waiting until you sign in`,
    refused: (n: number) => `${count(n, 'change was', 'changes were')} refused by the server`,
    newVersion: 'A new version of Mailferry is ready.',
    update: 'Update',
  },

  reader: {
    back: 'Back to the list',
    from: 'From',
    to: 'To',
    cc: 'Cc',
    bcc: 'Bcc',
    replyTo: 'Reply to',
    toShort: (names: string) => `to ${names}`,
    details: 'Details',
    star: 'Star',
    unstar: 'Remove star',
    markRead: 'Mark as read',
    markUnread: 'Mark as unread',
    archive: 'Archive',
    trash: 'Move to trash',
    inbox: 'Move to inbox',
    download: 'Download original',
    body: 'Message text',
    imagesBlocked: 'Images from the internet are not shown. They can tell the sender that you read this.',
    showImages: 'Show images',
    attachments: (n: number) => count(n, 'attachment', 'attachments'),
    save: 'Save',
    unnamed: (type: string) => `Unnamed part (${type})`,
    kinds: {
      'text/calendar': 'Calendar entry',
      'text/vcard': 'Contact',
      'text/rfc822-headers': 'Headers of a message',
      'message/rfc822': 'Forwarded message',
      'message/delivery-status': 'Delivery report',
      'message/disposition-notification': 'Read receipt',
    } as Record<string, string>,
    noAttachmentOffline: 'This attachment is not on this device, and the server cannot be reached now.',
    signInToSave: 'This is not on this device. Sign in again to fetch it from the server.',
    notAtServer: 'The server could not give this file. Try again later.',
    noBody: 'This message is not on this device yet. It will be downloaded when the server can be reached.',
    badBody: 'The server could not give the text of this message. You can still download the original.',
    fetching: 'Fetching the message…',
    truncated:
      'This message is very long; only its beginning is shown. Download the original to see all of it.',
    encoding: 'This message does not say correctly how its characters are encoded, so some may be wrong.',
    empty: 'This message has no text.',
    quoted: 'Show quoted text',
    gone: 'This message is no longer here',
    goneText: 'It may have been moved or deleted on another device.',
    offlineOriginal: 'The original is not on this device, and the server cannot be reached now.',
  },

  done: {
    archive: 'Archived.',
    trash: 'Moved to trash.',
    inbox: 'Moved to inbox.',
    undo: 'Undo',
    newMail: 'Checking for new mail…',
  },

  outbox: {
    title: 'Outbox',
    text: 'What you did on this device that the server does not know yet. It is sent by itself, in this order.',
    empty: 'Nothing is waiting',
    emptyText: 'Everything you did has reached the server.',
    actions: {
      star: 'Star',
      unstar: 'Remove star',
      read: 'Mark as read',
      unread: 'Mark as unread',
      move: 'Move',
    } as Record<string, string>,
    moveTo: (name: string) => `Move to ${name}`,
    waiting: (at: number) => `Done ${when(at)}, not sent yet`,
    sending: 'Being sent now',
    refused: (reason: string) => `The server refused this: ${reason}`,
    reasons: {
      forbidden: 'it does not allow this change.',
      invalidProperties: 'it does not accept this change, perhaps because a mailbox is gone.',
      invalidPatch: 'it does not understand this change.',
      tooManyKeywords: 'this message has too many labels.',
      tooManyMailboxes: 'this message is in too many mailboxes.',
      overQuota: 'there is no room left at the server.',
      accountReadOnly: 'this account can only be read.',
      serverFail: 'it failed several times while trying.',
    } as Record<string, string>,
    otherReason: (type: string) => `it gave the reason “${type}”.`,
    undo: 'Undo',
    dismiss: 'Dismiss',
    retry: 'Try again',
    unknown: 'A message that is no longer here',
  },

  accounts: {
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
    },
    stored: (stored: number, atSource: number | null) =>
      atSource === null
        ? `${count(stored, 'message', 'messages')} stored`
        : `${number.format(stored)} of ${count(atSource, 'message', 'messages')} stored`,
    quarantined: (n: number) =>
      `${count(n, 'message', 'messages')} set aside, because they could not be handled`,
    device: (kept: number, total: number, size: string) =>
      `${number.format(kept)} of ${count(total, 'message', 'messages')} readable offline on this device (${size})`,
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
      `${count(n, 'change has', 'changes have')} not reached the server and will be lost.`,
  },

  form: {
    title: 'Add account',
    back: 'Back to accounts',
    protocol: 'How to fetch mail',
    imap: 'IMAP',
    imapText:
      'Folders and read marks stay in step with the server. The best choice where the server offers it.',
    pop: 'POP',
    popText:
      'Fetches the inbox only. Folders, stars and read marks are kept by Mailferry for all your devices.',
    address: 'E-mail address',
    name: 'Account name',
    nameHint: 'How it is called here, for example Home or Work.',
    host: 'Mail server',
    port: 'Port',
    security: 'Security',
    securities: { tls: 'TLS', starttls: 'STARTTLS', none: 'None (not encrypted)' } as Record<string, string>,
    insecure: 'Without encryption, anybody on the way can read your password and your mail.',
    username: 'User name',
    usernameHint: 'Often the e-mail address.',
    password: 'Password',
    passwordHint: 'Some providers want an app password made in their settings.',
    advanced: 'Advanced',
    deletion: 'Mail at the server',
    keep: 'Keep it',
    keepText: 'Mailferry never deletes anything there.',
    test: 'Test',
    testing: 'Testing… this can take up to 20 seconds.',
    found: (mailboxes: number, messages: number) =>
      `It works. Found ${count(messages, 'message', 'messages')} in ${count(mailboxes, 'mailbox', 'mailboxes')}.`,
    add: 'Add account',
    adding: 'Adding…',
    refused: (reason: string) => `The account was not added. ${reason}`,
    change: 'Account settings',
    passwordKept: 'Leave it empty to keep the password that is stored.',
    save: 'Save',
    saving: 'Saving…',
    notChanged: (reason: string) => `The settings were not changed. ${reason}`,
    gone: 'This account is no longer here.',
  },

  keys: {
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
      ['?', 'Show this help'],
    ] as [string, string][],
  },

  errors: {
    notFound: 'There is no such page',
    home: 'To the inbox',
  },
};
