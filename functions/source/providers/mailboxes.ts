import { hasToBeEnabled, imaps, needsAppPassword, pops, provider } from './provider.ts';

/** Mail services that anybody can have an address at, most of them worldwide. */

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
  { text: 'Make an app password at Google', url: 'https://support.google.com/accounts/answer/185833' },
  { text: 'Turn on POP in Gmail', url: 'https://support.google.com/mail/answer/7104828' },
];

const outlookPages = [
  {
    text: 'POP and IMAP settings of Outlook.com',
    url: 'https://support.microsoft.com/office/d088b986-291d-42b8-9564-9c414e2aa040',
  },
];

const appleHelp = [
  { text: 'Make an app-specific password at Apple', url: 'https://support.apple.com/102654' },
  { text: 'Mail server settings of iCloud', url: 'https://support.apple.com/102525' },
];

export const mailboxProviders = [
  provider({
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    pop: pops('pop.gmail.com'),
    oauth: { provider: 'google', required: false },
    help: googlePages,
    warnings: ['Gmail takes your normal password nowhere but on its own pages: use an app password.'],
  }),
  provider({
    name: 'Google Workspace',
    mx: ['google.com', 'googlemail.com'],
    imap: imaps('imap.gmail.com'),
    pop: pops('pop.gmail.com'),
    oauth: { provider: 'google', required: false },
    help: googlePages,
    warnings: [
      'Google takes your normal password nowhere but on its own pages: use an app password, if your administrator allows one.',
    ],
  }),
  provider({
    name: 'Outlook.com',
    domains: outlookDomains,
    mx: ['olc.protection.outlook.com'],
    imap: imaps('outlook.office365.com'),
    pop: pops('outlook.office365.com'),
    oauth: { provider: 'microsoft', required: true },
    help: outlookPages,
    warnings: [
      'Microsoft takes no password from mail programs, only a sign-in on its own page, and POP has to be allowed in the settings of Outlook.com.',
    ],
  }),
  provider({
    name: 'Microsoft 365',
    domains: ['office365.com'],
    mx: ['mail.protection.outlook.com', 'mx.microsoft'],
    imap: imaps('outlook.office365.com'),
    pop: pops('outlook.office365.com'),
    oauth: { provider: 'microsoft', required: true },
    help: [
      {
        text: 'POP and IMAP settings of Microsoft 365',
        url: 'https://support.microsoft.com/office/8361e398-8af4-4e97-b147-6c6c4ac95353',
      },
    ],
    warnings: [
      'Microsoft takes no password from mail programs, only a sign-in on its own page, and your administrator may have turned IMAP and POP off.',
    ],
  }),
  provider({
    name: 'Yahoo',
    domains: yahooDomains,
    mx: ['am0.yahoodns.net'],
    imap: imaps('imap.mail.yahoo.com'),
    pop: pops('pop.mail.yahoo.com'),
    oauth: { provider: 'yahoo', required: false },
    help: [
      {
        text: 'Make an app password at Yahoo',
        url: 'https://help.yahoo.com/kb/generate-manage-third-party-passwords-sln15241.html',
      },
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
      {
        text: 'Make an app password at AOL',
        url: 'https://help.aol.com/articles/Create-and-manage-app-password',
      },
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
    warnings: [
      needsAppPassword('Apple'),
      'As the user name enter the part before the @ of your iCloud address.',
    ],
  }),
  provider({
    name: 'GMX',
    domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'gmx.eu', 'gmx.biz', 'gmx.org', 'gmx.info'],
    mx: ['gmx.net'],
    imap: imaps('imap.gmx.net'),
    pop: pops('pop.gmx.net'),
    help: [{ text: 'Allow mail programs at GMX', url: 'https://hilfe.gmx.net/pop-imap/einschalten.html' }],
    warnings: [hasToBeEnabled('GMX')],
  }),
  provider({
    name: 'GMX',
    domains: ['gmx.com', 'gmx.us', 'gmx.co.uk', 'gmx.es', 'gmx.fr', 'gmx.ca', 'gmx.co.in', 'gmx.com.br']
      .concat(['gmx.hk', 'gmx.ie', 'gmx.ph', 'gmx.pt', 'gmx.ru', 'gmx.se', 'gmx.sg', 'gmx.tw', 'gmx.it'])
      .concat(['gmx.li', 'gmx.tm', 'gmx.cn', 'gmx.com.my', 'gmx.com.tr']),
    imap: imaps('imap.gmx.com'),
    pop: pops('pop.gmx.com'),
    warnings: [hasToBeEnabled('GMX')],
  }),
  provider({
    name: 'mail.com',
    domains: ['mail.com', 'email.com', 'post.com', 'usa.com', 'europe.com', 'london.com', 'consultant.com']
      .concat(['engineer.com', 'dr.com', 'techie.com', 'linuxmail.org', 'myself.com', 'iname.com'])
      .concat(['writeme.com', 'cheerful.com', 'accountant.com', 'asia.com']),
    mx: ['mail.com'],
    imap: imaps('imap.mail.com'),
    pop: pops('pop.mail.com'),
    warnings: ['At mail.com only paying customers may use mail programs.'],
  }),
  provider({
    name: 'WEB.DE',
    domains: ['web.de'],
    imap: imaps('imap.web.de'),
    pop: pops('pop3.web.de'),
    username: 'local-part',
    help: [{ text: 'Allow mail programs at WEB.DE', url: 'https://hilfe.web.de/pop-imap/einschalten.html' }],
    warnings: [hasToBeEnabled('WEB.DE')],
  }),
  provider({
    name: 'freenet',
    domains: ['freenet.de'],
    imap: imaps('mx.freenet.de'),
    help: [
      {
        text: 'Allow mail programs at freenet',
        url: 'https://kundenservice.freenet.de/faq/e-mail-client-mail/pop3-imap-und-smtp-aktivieren/',
      },
    ],
    warnings: [hasToBeEnabled('freenet')],
  }),
  provider({
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm', 'messagingengine.com'],
    mx: ['messagingengine.com'],
    imap: imaps('imap.fastmail.com'),
    pop: pops('pop.fastmail.com'),
    oauth: { provider: 'fastmail', required: false },
    help: [
      {
        text: 'Make an app password at Fastmail',
        url: 'https://www.fastmail.help/hc/en-us/articles/360058752854',
      },
    ],
    warnings: [needsAppPassword('Fastmail')],
  }),
  ...[
    ['com', ['zoho.com', 'zohomail.com']] as const,
    ['eu', ['zoho.eu', 'zohomail.eu']] as const,
    ['in', ['zoho.in', 'zohomail.in']] as const,
  ].flatMap(([top, domains]) => {
    const shared = {
      help: [
        { text: 'Turn on IMAP at Zoho', url: 'https://www.zoho.com/mail/help/imap-access.html' },
        { text: 'Turn on POP at Zoho', url: 'https://www.zoho.com/mail/help/pop-access.html' },
      ],
      warnings: [
        'IMAP and POP have to be turned on in the settings of Zoho Mail; some free plans have neither.',
      ],
    };
    return [
      provider({
        ...{ ...shared, name: 'Zoho Mail', domains: [...domains] },
        ...{ imap: imaps(`imap.zoho.${top}`), pop: pops(`pop.zoho.${top}`) },
      }),
      provider({
        ...{ ...shared, name: 'Zoho Mail with a domain of your own', mx: [`zoho.${top}`] },
        ...{ imap: imaps(`imappro.zoho.${top}`), pop: pops(`poppro.zoho.${top}`) },
      }),
    ];
  }),
  provider({
    name: 'Yandex',
    domains: ['yandex.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'ya.ru', 'narod.ru'],
    mx: ['mx.yandex.net', 'mx.yandex.ru'],
    imap: imaps('imap.yandex.com'),
    pop: pops('pop.yandex.com'),
    oauth: { provider: 'yandex', required: false },
    help: [{ text: 'Make an app password at Yandex', url: 'https://id.yandex.com/security/app-passwords' }],
    warnings: [needsAppPassword('Yandex'), hasToBeEnabled('Yandex')],
  }),
  provider({
    name: 'Mail.ru',
    domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'],
    mx: ['emx.mail.ru'],
    imap: imaps('imap.mail.ru'),
    pop: pops('pop.mail.ru'),
    help: [
      {
        text: 'Make an app password at Mail.ru',
        url: 'https://help.mail.ru/mail/security/protection/external',
      },
    ],
    warnings: [needsAppPassword('Mail.ru')],
  }),
  provider({
    name: 'Rambler',
    domains: ['rambler.ru', 'lenta.ru', 'autorambler.ru', 'myrambler.ru', 'ro.ru'],
    imap: imaps('imap.rambler.ru'),
    pop: pops('pop.rambler.ru'),
    warnings: [hasToBeEnabled('Rambler')],
  }),
  provider({
    name: 'Posteo',
    domains: ['posteo.de', 'posteo.net', 'posteo.org', 'posteo.eu', 'posteo.at', 'posteo.ch', 'posteo.me'],
    mx: ['posteo.de'],
    imap: imaps('posteo.de'),
    pop: pops('posteo.de'),
  }),
  provider({
    name: 'mailbox.org',
    domains: ['mailbox.org'],
    mx: ['mailbox.org'],
    imap: imaps('imap.mailbox.org'),
    pop: pops('pop3.mailbox.org'),
    help: [
      {
        text: 'Passwords for mail programs at mailbox.org',
        url: 'https://kb.mailbox.org/de/privat/sicherheit-und-privatsphaere/applikationspasswoerter-fuer-externe-programme/',
      },
    ],
    warnings: ['With two-factor sign-in mailbox.org wants an app password here.'],
  }),
  provider({
    name: 'Runbox',
    domains: ['runbox.com'],
    mx: ['runbox.com'],
    imap: imaps('mail.runbox.com'),
    pop: pops('mail.runbox.com'),
  }),
  provider({
    name: 'Mailfence',
    domains: ['mailfence.com'],
    imap: imaps('imap.mailfence.com'),
    pop: pops('pop.mailfence.com'),
    warnings: ['At Mailfence only paying customers may use mail programs.'],
  }),
  provider({ name: 'StartMail', domains: ['startmail.com'], imap: imaps('imap.startmail.com') }),
  provider({
    name: 'Riseup',
    domains: ['riseup.net'],
    imap: imaps('mail.riseup.net'),
    pop: pops('mail.riseup.net'),
    username: 'local-part',
  }),
  provider({
    name: 'Disroot',
    domains: ['disroot.org'],
    imap: imaps('disroot.org'),
    pop: pops('disroot.org'),
    username: 'local-part',
  }),
];
