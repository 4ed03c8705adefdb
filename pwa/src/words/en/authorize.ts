/** Signing in at a mail provider, on its own pages. */
export const authorize = {
  signIn: (provider: string) => `Sign in with ${provider}`,
  again: 'Sign in again',
  text: (provider: string) =>
    `You sign in on a page of ${provider}. Mailferry never sees your password, and you can take the permission back there at any time.`,
  leaving: (provider: string) => `Going to ${provider}…`,
  byPassword: 'Use an app password instead',
  bySignIn: (provider: string) => `This account signs in at ${provider}, without a password.`,
  title: (provider: string | null) => (provider ? `Sign-in at ${provider}` : 'Sign-in at your provider'),
  completing: 'Completing the sign-in… this can take up to 20 seconds.',
  done: 'Signed in. Mailferry looks for new mail now.',
  tryAgain: 'Try again',
  toAccounts: 'Go to the accounts',
  unchanged: 'Nothing was added or changed.',
  problems: {
    expired: {
      title: 'This sign-in has run out.',
      todo: 'Begin again. It has to be completed within ten minutes, in the same Mailferry, and only once.',
    },
    denied: {
      title: 'You did not give the permission.',
      todo: 'If that was a mistake, sign in again and allow Mailferry to read your mail.',
    },
    notGranted: {
      title: 'Your provider did not complete the sign-in.',
      todo: 'Try again. If it happens again, ask whoever runs this Mailferry.',
    },
    noRefreshToken: {
      title: 'Your provider gave a permission for this moment only.',
      todo: 'Sign in again, and allow everything that Mailferry asks for there. If it happens again, ask whoever runs this Mailferry.',
    },
    authentication: {
      title: 'The mail server does not take this sign-in for your mailbox.',
      todo: 'Sign in with the address of the mailbox itself, and allow Mailferry to read your mail. At work or school, IMAP or POP may be turned off: ask your administrator.',
    },
    refused: {
      title: 'The mail server refused this mailbox.',
      todo: 'Look in the settings of your provider whether IMAP or POP has to be turned on first.',
    },
    notFound: {
      title: 'This account was removed meanwhile.',
      todo: 'Add it again if you want it back.',
    },
    overQuota: {
      title: 'You have as many accounts as Mailferry allows.',
      todo: 'Remove one that you need no more.',
    },
    configuration: {
      title: 'This Mailferry is not set up for signing in there.',
      todo: 'Use an app password if your provider offers one, or ask whoever runs this Mailferry to register it there.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Try again in a few minutes.',
};
