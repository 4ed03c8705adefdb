import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';

const messages = (n: number) => count(n, { one: '# message', other: '# messages' });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'On this device',
  summary: (kept: number, size: string) => `${messages(kept)} readable offline, ${size}`,
  used: (size: string, of: string) => `${size} of ${of} used`,
  usedLabel: (name: string) => `Room that ${name} takes on this device`,
  readable: (kept: number, total: number) => `${digits(kept)} of ${messages(total)} readable offline`,
  days: 'How far back',
  daysHint: 'Older messages stay in the lists, and are fetched when you open them.',
  lastDays: (n: number) =>
    n === 365 ? 'The last year' : count(n, { one: 'The last day', other: 'The last # days' }),
  everything: 'Everything',
  forecast: (n: number, size: string) => `about ${size} for ${messages(n)}`,
  forecastFull: (n: number, size: string) => `about ${size} for ${messages(n)}: more than the limit below`,
  forecasting: 'Calculating…',
  forecastPartly: (n: number) => `Calculated from the ${messages(n)} that are listed so far.`,
  octets: 'At most',
  octetsHint:
    'When it is used up the oldest messages make room for new ones. Nothing is removed at the server.',
  attachments: 'Attachments too',
  attachmentsHint: (size: string) =>
    `Up to 25 MB each, about ${size} for the days chosen. Without this an attachment is fetched when you open it.`,
  pinnedTitle: 'Kept whatever their age',
  pinnedHint: 'With all attachments, within the limit.',
  pinnedMailboxes: 'Mailboxes',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `Also ${count(emails, { one: '# single message', other: '# single messages' })}.`
      : emails === 0
        ? `Also ${count(threads, { one: '# conversation', other: '# conversations' })}.`
        : `Also ${count(threads, { one: '# conversation', other: '# conversations' })} and ${count(emails, { one: '# single message', other: '# single messages' })}.`,
  pin: {
    mailboxes: 'Keep this mailbox offline',
    threads: 'Keep this conversation offline',
    emails: 'Keep this message offline',
  },
  pinned: 'Kept offline',
  pinnedByOther: 'Kept offline with its mailbox or conversation',
  pinDone: 'Kept on this device from now on.',
  unpinDone: 'Kept only as long as there is room.',
  notChanged: 'This device has no room left, not even to note that. Nothing was changed.',
  device: 'All of Mailferry on this device',
  deviceUsed: (used: number, quota: number) =>
    `${fileSize(used)} used, the browser gives at most ${fileSize(quota)}.`,
  persisted: 'The browser keeps this mail until you remove it.',
  notPersisted: 'When the device is short of room the browser may remove this mail. It stays at the server.',
  persist: 'Ask the browser to keep it',
  persistRefused:
    'The browser did not agree. It does so for installed apps, and for those that you use often.',
  tight:
    'This device is short of room. The oldest messages were removed from it, and are fetched when you open them.',
  noRoom: 'This device has no room left. New mail stays at the server until there is some.',
  manage: 'How much of this mail can be read without a network.',
  toBudget: 'What is kept here',
  metered: 'Saving data: only lists are downloaded. Messages are fetched when you open them.',
  waitsForInstall: 'Only the newest messages are here until you decide whether to install Mailferry.',
  goOn: 'Download all now',
  wiped:
    'The browser removed the mail that was kept on this device, as it may when room is short or a site was not used for long. It is still at the server: sign in, and it comes back, newest first.',
  wipedPending: (n: number | null) =>
    n === null
      ? 'Changes that had not reached the server yet are lost.'
      : count(n, {
          one: '# change that had not reached the server is lost.',
          other: '# changes that had not reached the server are lost.',
        }),
  rebuilding: 'The browser had removed the mail from this device. It comes back now, newest first.',
  rebuildingPending: (n: number) =>
    count(n, {
      one: '# change that had not reached the server was lost.',
      other: '# changes that had not reached the server were lost.',
    }),
  install: {
    title: 'Install Mailferry',
    text: 'It opens from your home screen, and the browser keeps its mail more reliably.',
    ios: 'Press the Share button of the browser, then “Add to Home Screen”, and open Mailferry from there. The installed app keeps its mail by itself, so install it before everything is downloaded here.',
    yes: 'Install',
    no: 'Not now',
    noIos: 'Stay in the browser',
  },
  other: {
    title: 'This device has the mail of somebody else',
    text: 'You signed in as another person than the one whose mail is here. Nothing was changed yet.',
    pending: (n: number) =>
      count(n, {
        one: '# change of that person has not reached the server, and would be lost.',
        other: '# changes of that person have not reached the server, and would be lost.',
      }),
    keep: 'Keep it as it is',
    replace: 'Remove it and go on',
  },
};
