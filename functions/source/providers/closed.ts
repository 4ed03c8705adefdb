import { provider } from './provider.ts';

/** Services whose mail neither IMAP nor POP can reach over the Internet. */
export const closedProviders = [
  provider({
    name: 'Proton Mail',
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    mx: ['protonmail.ch'],
    help: [{ text: 'About Proton Mail Bridge', url: 'https://proton.me/mail/bridge' }],
    unavailable:
      'Proton Mail can only be read through Proton Mail Bridge, a program on your own computer, which Mailferry reaches only when it runs on that same computer.',
  }),
  provider({
    name: 'Tuta',
    domains: ['tutanota.com', 'tutanota.de', 'tutamail.com', 'tuta.com', 'tuta.io', 'keemail.me'],
    mx: ['tutanota.de'],
    unavailable: 'Tuta offers neither IMAP nor POP, so its mail can only be read with its own apps.',
  }),
  provider({
    name: 'HEY',
    domains: ['hey.com'],
    mx: ['hey.com'],
    unavailable: 'HEY offers neither IMAP nor POP, so its mail can only be read with its own apps.',
  }),
];
