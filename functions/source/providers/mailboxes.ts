import { say } from '../../sentences/say.ts';
import { hasToBeEnabled, imaps, needsAppPassword, page, pops, provider } from './provider.ts';

/** Mail services that anybody can have an address at, wherever they live. */
export const mailboxProviders = [
  provider({
    name: 'GMX',
    domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'gmx.eu', 'gmx.biz', 'gmx.org', 'gmx.info'],
    mx: ['gmx.net'],
    imap: imaps('imap.gmx.net'),
    pop: pops('pop.gmx.net'),
    help: [page(say('help/allow', { provider: 'GMX' }), 'https://hilfe.gmx.net/pop-imap/einschalten.html')],
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
    warnings: [say('provider/paying', { provider: 'mail.com' })],
  }),
  provider({
    name: 'WEB.DE',
    domains: ['web.de'],
    imap: imaps('imap.web.de'),
    pop: pops('pop3.web.de'),
    username: 'local-part',
    help: [page(say('help/allow', { provider: 'WEB.DE' }), 'https://hilfe.web.de/pop-imap/einschalten.html')],
    warnings: [hasToBeEnabled('WEB.DE')],
  }),
  provider({
    name: 'freenet',
    domains: ['freenet.de'],
    imap: imaps('mx.freenet.de'),
    help: [
      page(
        say('help/allow', { provider: 'freenet' }),
        'https://kundenservice.freenet.de/faq/e-mail-client-mail/pop3-imap-und-smtp-aktivieren/',
      ),
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
      page(
        say('help/app-password', { provider: 'Fastmail' }),
        'https://www.fastmail.help/hc/en-us/articles/360058752854',
      ),
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
        page(say('help/imap', { provider: 'Zoho' }), 'https://www.zoho.com/mail/help/imap-access.html'),
        page(say('help/pop', { provider: 'Zoho' }), 'https://www.zoho.com/mail/help/pop-access.html'),
      ],
      warnings: [say('provider/turn-on', { provider: 'Zoho Mail' })],
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
    help: [
      page(say('help/app-password', { provider: 'Yandex' }), 'https://id.yandex.com/security/app-passwords'),
    ],
    warnings: [needsAppPassword('Yandex'), hasToBeEnabled('Yandex')],
  }),
  provider({
    name: 'Mail.ru',
    domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru'],
    mx: ['emx.mail.ru'],
    imap: imaps('imap.mail.ru'),
    pop: pops('pop.mail.ru'),
    help: [
      page(
        say('help/app-password', { provider: 'Mail.ru' }),
        'https://help.mail.ru/mail/security/protection/external',
      ),
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
      page(
        say('help/app-password', { provider: 'mailbox.org' }),
        'https://kb.mailbox.org/de/privat/sicherheit-und-privatsphaere/applikationspasswoerter-fuer-externe-programme/',
      ),
    ],
    warnings: [say('provider/app-password/two-factor', { provider: 'mailbox.org' })],
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
    warnings: [say('provider/paying', { provider: 'Mailfence' })],
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
