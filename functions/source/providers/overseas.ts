import { say } from '../../sentences/say.ts';
import { hasToBeEnabled, imaps, needsAppPassword, page, pops, provider } from './provider.ts';

/** Mail of Internet access providers and of portals in the Americas, Asia and the Pacific. */
export const overseasProviders = [
  // North America
  provider({
    name: 'Comcast Xfinity',
    domains: ['comcast.net'],
    imap: imaps('imap.comcast.net'),
    pop: pops('mail.comcast.net'),
    help: [
      page(
        say('help/allow', { provider: 'Xfinity' }),
        'https://www.xfinity.com/support/articles/third-party-email-access',
      ),
    ],
    warnings: [hasToBeEnabled('Xfinity')],
  }),
  provider({
    name: 'AT&T',
    domains: ['att.net', 'ameritech.net', 'bellsouth.net', 'currently.com', 'flash.net', 'nvbell.net'].concat(
      ['pacbell.net', 'prodigy.net', 'sbcglobal.net', 'snet.net', 'swbell.net', 'wans.net'],
    ),
    imap: imaps('imap.mail.att.net'),
    pop: pops('inbound.att.net'),
    help: [
      page(
        say('help/programs', { provider: 'AT&T' }),
        'https://www.att.com/support/article/email-support/KM1010523/',
      ),
    ],
    warnings: [say('provider/mail-key', { provider: 'AT&T' })],
  }),
  provider({
    name: 'Spectrum',
    domains: ['charter.net', 'spectrum.net', 'bresnan.net'],
    imap: imaps('mobile.charter.net'),
    pop: pops('mobile.charter.net'),
  }),
  provider({
    name: 'EarthLink',
    domains: ['earthlink.net', 'mindspring.com', 'ix.netcom.com', 'peoplepc.com'],
    imap: imaps('imap.earthlink.net'),
    pop: pops('pop.earthlink.net'),
  }),
  provider({
    name: 'Shaw',
    domains: ['shaw.ca'],
    imap: imaps('imap.shaw.ca'),
    pop: pops('pop.shaw.ca'),
  }),
  // South America
  provider({
    name: 'UOL',
    domains: ['uol.com.br'],
    imap: imaps('imap.uol.com.br'),
    pop: pops('pop3.uol.com.br'),
  }),
  provider({
    name: 'Terra',
    domains: ['terra.com.br'],
    imap: imaps('imap.terra.com.br'),
    pop: pops('pop.terra.com.br'),
  }),
  // Australia, New Zealand
  provider({
    name: 'Telstra',
    domains: ['bigpond.com', 'bigpond.net.au', 'bigpond.net', 'telstra.com'],
    imap: imaps('imap.telstra.com'),
    pop: pops('pop.telstra.com'),
  }),
  provider({
    name: 'Xtra',
    domains: ['xtra.co.nz'],
    imap: imaps('imap.xtra.co.nz'),
    pop: pops('pop3.xtra.co.nz'),
  }),
  // China, Korea
  provider({
    name: 'QQ Mail',
    domains: ['qq.com', 'foxmail.com', 'vip.qq.com'],
    imap: imaps('imap.qq.com'),
    pop: pops('pop.qq.com'),
    help: [
      page(
        say('help/authorisation-code', { provider: 'QQ Mail' }),
        'https://service.mail.qq.com/detail/0/75',
      ),
    ],
    warnings: [say('provider/authorisation-code', { provider: 'QQ Mail' })],
  }),
  ...['163.com', '126.com', 'yeah.net'].map(domain =>
    provider({
      name: 'NetEase Mail',
      domains: [domain],
      imap: imaps(`imap.${domain}`),
      pop: pops(`pop.${domain}`),
      warnings: [say('provider/authorisation-code', { provider: 'NetEase' })],
    }),
  ),
  provider({
    name: 'Sina Mail',
    domains: ['sina.com'],
    imap: imaps('imap.sina.com'),
    pop: pops('pop.sina.com'),
    warnings: [hasToBeEnabled('Sina Mail')],
  }),
  provider({
    name: 'Aliyun Mail',
    domains: ['aliyun.com'],
    imap: imaps('imap.aliyun.com'),
    pop: pops('pop3.aliyun.com'),
  }),
  provider({
    name: '139 Mail',
    domains: ['139.com'],
    imap: imaps('imap.139.com'),
    pop: pops('pop.139.com'),
    warnings: [say('provider/authorisation-code', { provider: '139 Mail' })],
  }),
  provider({
    name: 'Naver',
    domains: ['naver.com'],
    imap: imaps('imap.naver.com'),
    pop: pops('pop.naver.com'),
    warnings: [hasToBeEnabled('Naver')],
  }),
  provider({
    name: 'Daum',
    domains: ['daum.net', 'hanmail.net'],
    imap: imaps('imap.daum.net'),
    pop: pops('pop.daum.net'),
    warnings: [hasToBeEnabled('Daum'), needsAppPassword('Daum')],
  }),
];
