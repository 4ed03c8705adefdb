import { say } from '../../sentences/say.ts';
import { page, provider } from './provider.ts';

/** Services whose mail neither IMAP nor POP can reach over the Internet. */
export const closedProviders = [
  provider({
    name: 'Proton Mail',
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    mx: ['protonmail.ch'],
    help: [page(say('help/about', { what: 'Proton Mail Bridge' }), 'https://proton.me/mail/bridge')],
    unavailable: say('provider/bridge', {
      provider: 'Proton Mail',
      bridge: 'Proton Mail Bridge',
    }),
  }),
  provider({
    name: 'Tuta',
    domains: ['tutanota.com', 'tutanota.de', 'tutamail.com', 'tuta.com', 'tuta.io', 'keemail.me'],
    mx: ['tutanota.de'],
    unavailable: say('provider/closed', { provider: 'Tuta' }),
  }),
  provider({
    name: 'HEY',
    domains: ['hey.com'],
    mx: ['hey.com'],
    unavailable: say('provider/closed', { provider: 'HEY' }),
  }),
];
