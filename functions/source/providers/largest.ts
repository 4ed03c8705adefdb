import { say } from '../../sentences/say.ts';
import { hasToBeEnabled, imaps, needsAppPassword, page, pops, provider } from './provider.ts';

/** The largest mail services of the world, with their many domains. */

const outlookDomains = [
  ...['outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'windowslive.com', 'passport.com', 'livemail.tw'],
  ...['at', 'be', 'cl', 'cz', 'de', 'dk', 'es', 'fr', 'hu', 'ie', 'in', 'it', 'jp', 'kr', 'lv', 'my', 'ph']
    .concat(['pt', 'sa', 'sg', 'sk', 'co.id', 'co.il', 'co.th', 'com.ar', 'com.au', 'com.br', 'com.gr'])
    .concat(['com.tr', 'com.vn'])
    .map(top => `outlook.${top}`),
  ...['be', 'ca', 'ch', 'cl', 'cz', 'de', 'dk', 'es', 'fi', 'fr', 'gr', 'hu', 'it', 'lt', 'lv', 'my', 'nl']
    .concat(['no', 'ph', 'rs', 'se', 'sg', 'sk', 'co.id', 'co.il', 'co.in', 'co.jp', 'co.kr', 'co.nz'])
    .concat(['co.th', 'co.uk', 'co.za', 'com.ar', 'com.au', 'com.br', 'com.hk', 'com.tr', 'com.tw', 'com.vn'])
    .map(top => `hotmail.${top}`),
  ...['at', 'be', 'ca', 'cl', 'cn', 'de', 'dk', 'fi', 'fr', 'hk', 'ie', 'in', 'it', 'jp', 'nl', 'no', 'ru']
    .concat(['se', 'co.jp', 'co.kr', 'co.uk', 'co.za', 'com.ar', 'com.au', 'com.mx', 'com.my', 'com.ph'])
    .concat(['com.pt', 'com.sg'])
    .map(top => `live.${top}`),
];

const yahooDomains = [
  ...['ymail.com', 'rocketmail.com', 'myyahoo.com', 'cox.net'],
  ...['com', 'at', 'be', 'ca', 'de', 'dk', 'es', 'fi', 'fr', 'gr', 'ie', 'in', 'it', 'nl', 'no', 'pl', 'pt']
    .concat(['ro', 'se', 'co.id', 'co.in', 'co.kr', 'co.nz', 'co.th', 'co.uk', 'co.za', 'com.ar', 'com.au'])
    .concat(['com.br', 'com.co', 'com.hk', 'com.mx', 'com.my', 'com.ph', 'com.sg', 'com.tr', 'com.tw'])
    .concat(['com.vn'])
    .map(top => `yahoo.${top}`),
];

const googlePages = [
  page(say('help/app-password', { provider: 'Google' }), 'https://support.google.com/accounts/answer/185833'),
  page(say('help/pop', { provider: 'Gmail' }), 'https://support.google.com/mail/answer/7104828'),
];

const outlookPages = [
  page(
    say('help/settings', { provider: 'Outlook.com' }),
    'https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040',
  ),
];

const appleHelp = [
  page(say('help/app-password', { provider: 'Apple' }), 'https://support.apple.com/102654'),
  page(say('help/settings', { provider: 'iCloud' }), 'https://support.apple.com/102525'),
];

export const largestProviders = [
  provider({
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    pop: pops('pop.gmail.com'),
    oauth: { provider: 'google', required: false },
    help: googlePages,
    warnings: [say('provider/app-password', { provider: 'Google' })],
  }),
  provider({
    name: 'Google Workspace',
    mx: ['google.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    pop: pops('pop.gmail.com'),
    oauth: { provider: 'google', required: false },
    help: googlePages,
    warnings: [say('provider/app-password/administrator', { provider: 'Google' })],
  }),
  provider({
    name: 'Outlook.com',
    domains: outlookDomains,
    mx: ['olc.protection.outlook.com'],
    imap: imaps('outlook.office365.com'),
    pop: pops('outlook.office365.com'),
    oauth: { provider: 'microsoft', required: true },
    help: outlookPages,
    warnings: [say('provider/no-password', { provider: 'Outlook.com' })],
  }),
  provider({
    name: 'Microsoft 365',
    domains: ['office365.com'],
    mx: ['mail.protection.outlook.com', 'mx.microsoft'],
    imap: imaps('outlook.office365.com'),
    pop: pops('outlook.office365.com'),
    oauth: { provider: 'microsoft', required: true },
    help: [
      page(
        say('help/settings', { provider: 'Microsoft 365' }),
        'https://support.microsoft.com/office/8361e398-8af4-4e97-b147-6c6c4ac95353',
      ),
    ],
    warnings: [say('provider/no-password/administrator')],
  }),
  provider({
    name: 'Yahoo',
    domains: yahooDomains,
    mx: ['am0.yahoodns.net'],
    imap: imaps('imap.mail.yahoo.com'),
    pop: pops('pop.mail.yahoo.com'),
    oauth: { provider: 'yahoo', required: false },
    help: [
      page(
        say('help/app-password', { provider: 'Yahoo' }),
        'https://help.yahoo.com/kb/generate-manage-third-party-passwords-sln15241.html',
      ),
    ],
    warnings: [needsAppPassword('Yahoo')],
  }),
  provider({
    name: 'Yahoo! JAPAN',
    domains: ['yahoo.co.jp', 'ymail.ne.jp'],
    imap: imaps('imap.mail.yahoo.co.jp'),
    pop: pops('pop.mail.yahoo.co.jp'),
    username: 'local-part',
    warnings: [hasToBeEnabled('Yahoo! JAPAN')],
  }),
  provider({
    name: 'AOL',
    domains: [
      'aol.com',
      'aim.com',
      'netscape.net',
      'netscape.com',
      'compuserve.com',
      'cs.com',
      'wmconnect.com',
    ]
      .concat(['aol.de', 'aol.it', 'aol.fr', 'aol.es', 'aol.se', 'aol.co.uk', 'aol.co.nz', 'aol.com.au'])
      .concat(['aol.com.ar', 'aol.com.br', 'aol.com.mx']),
    mx: ['mail.gm0.yahoodns.net'],
    imap: imaps('imap.aol.com'),
    pop: pops('pop.aol.com'),
    oauth: { provider: 'aol', required: false },
    help: [
      page(
        say('help/app-password', { provider: 'AOL' }),
        'https://help.aol.com/articles/Create-and-manage-app-password',
      ),
    ],
    warnings: [needsAppPassword('AOL')],
  }),
  provider({
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: imaps('imap.mail.me.com'),
    username: 'local-part',
    help: appleHelp,
    warnings: [needsAppPassword('Apple')],
  }),
  provider({
    name: 'iCloud with a domain of your own',
    mx: ['mail.icloud.com'],
    imap: imaps('imap.mail.me.com'),
    help: appleHelp,
    warnings: [needsAppPassword('Apple'), say('provider/local-part', { provider: 'iCloud' })],
  }),
];
