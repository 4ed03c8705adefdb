import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', other: '# messages' });

/** Adding an account in three steps. */
export const onboarding = {
  title: 'Add account',
  step: (at: number, of: number) => `Step ${digits(at)} of ${digits(of)}`,
  address: 'What is your e-mail address?',
  addressText:
    'Mailferry looks for the mail server by it. Only the web server of your mail domain is told the address.',
  next: 'Continue',
  searching: (domain: string) => `Looking for the mail servers of ${domain}… this takes up to 12 seconds.`,
  manual: 'Enter the server myself',
  archive: 'Make an archive for old mail',
  archiveTitle: 'An archive for old mail',
  archiveText:
    'A place without a mail server: for mail from files, such as an mbox of an old computer. It is stored by Mailferry alone, and on your devices.',
  archiveName: 'Name of the archive',
  archiveDefault: 'Archive',
  archiveMake: 'Make the archive',
  back: 'Back',
  invalid: 'This is no e-mail address. It looks like name@example.org.',
  how: 'How shall your mail be fetched?',
  manualTitle: 'Enter your mail server',
  manualText: 'Your provider says what it is called, often on a page about mail programs.',
  foundAt: (provider: string) => `This is a mailbox at ${provider}.`,
  others: 'Do you read this mailbox with other programs or devices, too?',
  othersYes: 'Yes, I will go on doing so',
  othersNo: 'No, only with Mailferry',
  room: 'Make room at the mail server',
  roomText:
    'Each message is removed there 30 days after it was safely stored here. You can change this later.',
  recommended: 'Recommended',
  advice: { imap: 'We recommend IMAP', pop: 'We recommend POP' },
  why: {
    onlyImap: 'Your provider offers nothing else.',
    onlyPop: 'Your provider offers nothing else. Only the inbox is fetched.',
    imapAnswered: 'The IMAP server answered just now, the POP server did not.',
    popAnswered: 'The POP server answered just now, the IMAP server did not.',
    others: 'What you read, star or move here shows in your other programs, and the other way round.',
    folders: 'It fetches all your folders, and your mail stays in step with the server.',
    alone: 'You need no step with other programs, and POP fetches new mail with the least effort.',
    room: 'It suits a server that is to be emptied.',
    roomShared: 'What is removed at the server disappears from your other programs, too. It stays here.',
  },
  offers: 'What the server says',
  server: (host: string, port: number, security: string) => `${host}, port ${port}, ${security}`,
  unconfirmed: 'This server did not answer just now. You can try nevertheless.',
  change: 'Change the server',
  oauthOnly: (provider: string) =>
    `${provider} lets programs in by its own sign-in page only, which this Mailferry is not set up for. Ask whoever runs this Mailferry to register it with ${provider}, or, if ${provider} offers you an app password, enter that here.`,
  oauthToo: (provider: string) =>
    `Your normal password of ${provider} does not work here. It wants an app password.`,
  help: 'Pages that help',
  sealed: 'Your password is sealed at once. Nobody can read it, and it is never shown again.',
  connect: 'Connect',
  adding: 'It works. Adding the account…',
  problems: {
    authentication: {
      title: 'The server refused the user name or the password.',
      todo: 'Type the password again. Many providers want an app password for this, made in their settings, instead of your normal one. Some want the user name without the part after the @.',
    },
    'unknown-host': {
      title: 'There is no server of this name.',
      todo: 'Look for a typing error in the name of the mail server, or ask your provider what it is called.',
    },
    'forbidden-host': {
      title: 'This Mailferry does not connect to servers of private networks.',
      todo: 'Enter the public name of the mail server.',
    },
    unreachable: {
      title: 'Nothing answers at this server and port.',
      todo: 'Check the name and the port. If they are right, your provider may be out of order: try again later.',
    },
    timeout: {
      title: 'The server did not answer in time.',
      todo: 'Check the name and the port, or try again in a few minutes.',
    },
    tls: {
      title: 'No encrypted connection could be made.',
      todo: 'Choose the other kind of security (TLS or STARTTLS) with its usual port. If your provider’s certificate is not valid, tell them.',
    },
    protocol: {
      title: 'What answers there is no mail server of this kind.',
      todo: 'Check the port: IMAP is usually at 993, POP at 995.',
    },
    temporary: {
      title: 'The server lets nobody in for the moment.',
      todo: 'Try again in a few minutes. Close other programs that read this mailbox.',
    },
    throttled: {
      title: 'The server was asked too often.',
      todo: 'Wait a quarter of an hour, then try again.',
    },
    quota: {
      title: 'What the provider allows in a day is used up.',
      todo: 'Try again tomorrow.',
    },
    refused: {
      title: 'The server refused what it was asked.',
      todo: 'Look in the settings of your provider whether IMAP or POP has to be turned on first.',
    },
    disconnected: {
      title: 'The server ended the connection.',
      todo: 'Try again. If it happens again, check the port and the security.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Try again in a few minutes.',
  saidThat: (message: string) => `In other words: ${message}`,
  notAdded: (reason: string) => `The account was not added. ${reason}`,
  coming: 'Your mail is on its way',
  arrived: 'Your newest mail is here',
  complete: 'All your mail is here',
  empty: 'This mailbox is empty. New mail will appear by itself.',
  firstWait: 'The newest messages come first.',
  progress: (stored: number, total: number) => `${digits(stored)} of ${messages(total)} are stored`,
  canLeave: 'You can go on reading, or close Mailferry: fetching goes on.',
  toInbox: 'Go to the inbox',
  newest: 'The newest messages',
};
