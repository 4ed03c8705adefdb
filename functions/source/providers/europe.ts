import { say } from '../../sentences/say.ts';
import {
  hasToBeEnabled,
  imapStartTls,
  imaps,
  needsAppPassword,
  page,
  popStls,
  pops,
  provider,
} from './provider.ts';

/** Mail of Internet access providers and of portals in Europe. */
export const europeanProviders = [
  // Germany, Switzerland
  provider({
    name: 'T-Online',
    domains: ['t-online.de', 'magenta.de'],
    imap: imaps('secureimap.t-online.de'),
    pop: pops('securepop.t-online.de'),
    help: [
      page(
        say('help/password', { provider: 'Telekom' }),
        'https://www.telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten',
      ),
    ],
    warnings: [say('provider/own-password', { provider: 'Telekom' })],
  }),
  provider({
    name: 'Vodafone',
    domains: ['vodafone.de', 'vodafonemail.de', 'arcor.de'],
    imap: imaps('imap.vodafonemail.de'),
    pop: pops('pop.vodafonemail.de'),
  }),
  provider({
    name: 'Bluewin',
    domains: ['bluewin.ch', 'bluemail.ch'],
    imap: imaps('imaps.bluewin.ch'),
    pop: pops('pop3s.bluewin.ch'),
  }),
  // France, Belgium, the Netherlands
  provider({
    name: 'Orange',
    domains: ['orange.fr', 'wanadoo.fr'],
    imap: imaps('imap.orange.fr'),
    pop: pops('pop.orange.fr'),
  }),
  provider({
    name: 'Free',
    domains: ['free.fr'],
    imap: imaps('imap.free.fr'),
    pop: pops('pop.free.fr'),
    username: 'local-part',
  }),
  provider({
    name: 'SFR',
    domains: ['sfr.fr', 'neuf.fr', 'cegetel.net', 'club-internet.fr'],
    imap: imaps('imap.sfr.fr'),
    pop: pops('pop.sfr.fr'),
  }),
  provider({
    name: 'La Poste',
    domains: ['laposte.net'],
    imap: imaps('imap.laposte.net'),
    pop: pops('pop.laposte.net'),
  }),
  provider({
    name: 'Bouygues Telecom',
    domains: ['bbox.fr'],
    imap: imaps('imap4.bbox.fr'),
    pop: pops('pop3.bbox.fr'),
  }),
  provider({
    name: 'Telenet',
    domains: ['telenet.be'],
    imap: imaps('imap.telenet.be'),
    pop: pops('pop.telenet.be'),
  }),
  provider({
    name: 'Proximus',
    domains: ['proximus.be', 'skynet.be', 'belgacom.net', 'kidcity.be'],
    imap: imaps('imap.proximus.be'),
    pop: pops('pop.proximus.be'),
  }),
  provider({
    name: 'Ziggo',
    domains: [
      'ziggo.nl',
      'ziggomail.com',
      'casema.nl',
      'upcmail.nl',
      'chello.nl',
      'home.nl',
      'quicknet.nl',
    ].concat(['multiweb.nl', 'zinders.nl', 'zeggis.nl', 'zeggis.com', 'razcall.nl', 'razcall.com']),
    imap: imaps('imap.ziggo.nl'),
    pop: pops('pop.ziggo.nl'),
  }),
  provider({
    name: 'KPN',
    domains: ['kpnmail.nl', 'kpnplanet.nl', 'planet.nl', 'wxs.nl', 'hetnet.nl', 'freeler.nl', 'xs4all.nl']
      .concat(['telfort.nl', 'tip.nl', 'tiscali.nl', 'tiscalimail.nl', 'snelnet.net', 'on.nl', 'onsmail.nl'])
      .concat(['onsbrabantnet.nl', 'onsnet.nu', 'onsneteindhoven.nl', 'onsnetnuenen.nl']),
    imap: imaps('imap.kpnmail.nl'),
    pop: pops('pop.kpnmail.nl'),
  }),
  // Italy
  provider({
    name: 'Libero',
    domains: ['libero.it', 'iol.it', 'inwind.it', 'blu.it', 'giallo.it'],
    imap: imaps('imapmail.libero.it'),
    pop: pops('popmail.libero.it'),
  }),
  provider({
    name: 'Virgilio',
    domains: ['virgilio.it'],
    imap: imaps('in.virgilio.it'),
    pop: pops('in.virgilio.it'),
  }),
  provider({
    name: 'TIM',
    domains: ['tim.it'],
    imap: imapStartTls('imap.tim.it'),
    pop: popStls('pop.tim.it'),
  }),
  provider({
    name: 'Tiscali',
    domains: ['tiscali.it'],
    imap: imaps('imap.tiscali.it'),
    pop: pops('pop.tiscali.it'),
  }),
  provider({
    name: 'Fastweb',
    domains: ['fastwebnet.it'],
    imap: imaps('imap.fastwebnet.it'),
    pop: pops('pop.fastwebnet.it'),
  }),
  // Poland, Czechia, Ukraine
  provider({
    name: 'WP Poczta',
    domains: ['wp.pl'],
    imap: imaps('imap.wp.pl'),
    pop: pops('pop3.wp.pl'),
    warnings: [hasToBeEnabled('WP Poczta')],
  }),
  provider({
    name: 'o2 Poczta',
    domains: ['o2.pl', 'go2.pl', 'tlen.pl', 'prokonto.pl'],
    imap: imaps('poczta.o2.pl'),
    pop: pops('poczta.o2.pl'),
    username: 'local-part',
    help: [
      page(
        say('help/allow', { provider: 'o2' }),
        'https://pomoc.o2.pl/aktywacja-dostepu-dla-programow-pocztowych',
      ),
    ],
    warnings: [hasToBeEnabled('o2 Poczta')],
  }),
  provider({
    name: 'Onet Poczta',
    domains: ['onet.pl', 'op.pl', 'onet.eu', 'vp.pl', 'poczta.onet.pl', 'poczta.onet.eu'],
    imap: imaps('imap.poczta.onet.pl'),
    pop: pops('pop3.poczta.onet.pl'),
  }),
  provider({
    name: 'Interia',
    domains: ['interia.pl', 'interia.eu', 'interia.com', 'poczta.fm', 'intmail.pl'],
    imap: imaps('poczta.interia.pl'),
    pop: pops('poczta.interia.pl'),
  }),
  provider({
    name: 'Seznam',
    domains: ['seznam.cz', 'email.cz', 'post.cz', 'spoluzaci.cz'],
    mx: ['seznam.cz'],
    imap: imaps('imap.seznam.cz'),
    pop: pops('pop3.seznam.cz'),
    warnings: [hasToBeEnabled('Seznam')],
  }),
  provider({
    name: 'Centrum',
    domains: ['centrum.cz'],
    imap: imaps('imap.centrum.cz'),
    pop: pops('pop3.centrum.cz'),
  }),
  provider({
    name: 'UKR.NET',
    domains: ['ukr.net'],
    imap: imaps('imap.ukr.net'),
    pop: pops('pop3.ukr.net'),
    warnings: [needsAppPassword('UKR.NET')],
  }),
  // United Kingdom
  provider({
    name: 'BT',
    domains: ['btinternet.com', 'btopenworld.com', 'talk21.com'],
    imap: imaps('mail.btinternet.com'),
    pop: pops('mail.btinternet.com'),
  }),
  provider({
    name: 'Virgin Media',
    domains: ['virginmedia.com', 'virgin.net', 'blueyonder.co.uk', 'ntlworld.com'],
    imap: imaps('imap.virginmedia.com'),
    pop: pops('pop3.virginmedia.com'),
    warnings: [needsAppPassword('Virgin Media')],
  }),
  provider({
    name: 'TalkTalk',
    domains: ['talktalk.net'],
    imap: imaps('mail.talktalk.net'),
    pop: pops('mail.talktalk.net'),
  }),
  provider({
    name: 'Sky',
    domains: ['sky.com'],
    imap: imaps('imap.tools.sky.com'),
    pop: pops('pop.tools.sky.com'),
    warnings: [needsAppPassword('Sky')],
  }),
];
