import { say } from '../../sentences/say.ts';
import { hasToBeEnabled, imaps, needsAppPassword, page, pops, provider } from './provider.ts';

/** Hosting companies: their customers have domains of their own, which lead here by their MX records. */

/** IONOS has names for each country, and MX hosts under them. */
const ionos = ['com', 'de', 'fr', 'es', 'it', 'co.uk'].map(top =>
  provider({
    name: 'IONOS',
    domains: top === 'de' ? ['online.de', 'onlinehome.de'] : [],
    mx: [
      `ionos.${top}`,
      ...(top === 'de' ? ['kundenserver.de', 'schlund.de'] : []),
      ...(top === 'com' ? ['1and1.com', 'perfora.net'] : []),
    ],
    imap: imaps(`imap.ionos.${top}`),
    pop: pops(`pop.ionos.${top}`),
  }),
);

export const hostingProviders = [
  ...ionos,
  provider({
    name: 'OVHcloud',
    mx: ['ovh.net'],
    imap: imaps('ssl0.ovh.net'),
    pop: pops('ssl0.ovh.net'),
    warnings: [say('provider/control-panel', { provider: 'OVHcloud', host: 'ex3.mail.ovh.net' })],
  }),
  provider({
    name: 'STRATO',
    mx: ['rzone.de'],
    imap: imaps('imap.strato.de'),
    pop: pops('pop3.strato.de'),
  }),
  provider({
    name: 'Hetzner',
    mx: ['your-server.de'],
    imap: imaps('mail.your-server.de'),
    pop: pops('mail.your-server.de'),
  }),
  provider({
    name: 'Infomaniak',
    domains: ['ik.me', 'ikmail.com', 'etik.com'],
    mx: ['infomaniak.ch', 'infomaniak.com'],
    imap: imaps('mail.infomaniak.com'),
    pop: pops('mail.infomaniak.com'),
    help: [
      page(
        say('help/programs', { provider: 'Infomaniak' }),
        'https://www.infomaniak.com/en/support/faq/468/understanding-ports-and-messaging-protocols',
      ),
    ],
  }),
  provider({
    name: 'Hostpoint',
    mx: ['mail.hostpoint.ch'],
    imap: imaps('imap.mail.hostpoint.ch'),
    pop: pops('pop.mail.hostpoint.ch'),
  }),
  provider({
    name: 'Gandi',
    mx: ['mail.gandi.net'],
    imap: imaps('mail.gandi.net'),
    pop: pops('mail.gandi.net'),
  }),
  provider({
    name: 'Migadu',
    mx: ['migadu.com'],
    imap: imaps('imap.migadu.com'),
    pop: pops('pop.migadu.com'),
    help: [page(say('help/programs', { provider: 'Migadu' }), 'https://www.migadu.com/guides/imap/')],
  }),
  provider({
    name: 'Purelymail',
    domains: ['purelymail.com'],
    mx: ['purelymail.com'],
    imap: imaps('mailserver.purelymail.com'),
    pop: pops('mailserver.purelymail.com'),
    warnings: [say('provider/app-password/two-factor', { provider: 'Purelymail' })],
  }),
  provider({
    name: 'Rackspace',
    mx: ['emailsrvr.com'],
    imap: imaps('secure.emailsrvr.com'),
    pop: pops('secure.emailsrvr.com'),
  }),
  provider({
    name: 'one.com',
    mx: ['one.com'],
    imap: imaps('imap.one.com'),
    pop: pops('pop.one.com'),
  }),
  provider({
    name: 'Loopia',
    mx: ['loopia.se'],
    imap: imaps('mailcluster.loopia.se'),
    pop: pops('mailcluster.loopia.se'),
  }),
  provider({
    name: 'TransIP',
    mx: ['transip.email'],
    imap: imaps('imap.transip.email'),
    pop: pops('pop3.transip.email'),
  }),
  provider({
    name: 'GoDaddy Workspace Email',
    mx: ['secureserver.net'],
    imap: imaps('imap.secureserver.net'),
    pop: pops('pop.secureserver.net'),
  }),
  provider({
    name: 'Namecheap Private Email',
    mx: ['privateemail.com'],
    imap: imaps('mail.privateemail.com'),
    pop: pops('mail.privateemail.com'),
  }),
  provider({
    name: 'Hostinger',
    mx: ['hostinger.com'],
    imap: imaps('imap.hostinger.com'),
    pop: pops('pop.hostinger.com'),
  }),
  provider({
    name: 'Titan',
    mx: ['titan.email'],
    imap: imaps('imap.titan.email'),
    pop: pops('pop.titan.email'),
    warnings: [hasToBeEnabled('Titan')],
  }),
  provider({
    name: 'DreamHost',
    mx: ['dreamhost.com'],
    imap: imaps('imap.dreamhost.com'),
    pop: pops('pop.dreamhost.com'),
  }),
  provider({
    name: 'Tencent Exmail',
    mx: ['mxbiz1.qq.com', 'mxbiz2.qq.com'],
    imap: imaps('imap.exmail.qq.com'),
    pop: pops('pop.exmail.qq.com'),
    warnings: [needsAppPassword('Tencent Exmail')],
  }),
];
