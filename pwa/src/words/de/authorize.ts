/** Anmeldung bei einem Mailanbieter, auf dessen eigenen Seiten. */
export const authorize = {
  signIn: (provider: string) => `Mit ${provider} anmelden`,
  again: 'Erneut anmelden',
  text: (provider: string) =>
    `Die Anmeldung geschieht auf einer Seite von ${provider}. Mailferry sieht Ihr Passwort nie, und Sie können die Erlaubnis dort jederzeit zurücknehmen.`,
  leaving: (provider: string) => `Weiter zu ${provider} …`,
  byPassword: 'Stattdessen ein App-Passwort verwenden',
  bySignIn: (provider: string) => `Dieses Konto meldet sich bei ${provider} an, ohne Passwort.`,
  title: (provider: string | null) => (provider ? `Anmeldung bei ${provider}` : 'Anmeldung beim Anbieter'),
  completing: 'Die Anmeldung wird abgeschlossen … das kann bis zu 20 Sekunden dauern.',
  done: 'Angemeldet. Mailferry sucht jetzt nach neuen E-Mails.',
  tryAgain: 'Erneut versuchen',
  toAccounts: 'Zu den Konten',
  unchanged: 'Es wurde nichts hinzugefügt oder geändert.',
  problems: {
    expired: {
      title: 'Diese Anmeldung ist abgelaufen.',
      todo: 'Bitte neu beginnen. Sie muss innerhalb von zehn Minuten abgeschlossen werden, im selben Mailferry und nur einmal.',
    },
    denied: {
      title: 'Sie haben die Erlaubnis nicht erteilt.',
      todo: 'Falls das ein Versehen war: bitte erneut anmelden und Mailferry erlauben, Ihre E-Mails zu lesen.',
    },
    notGranted: {
      title: 'Ihr Anbieter hat die Anmeldung nicht abgeschlossen.',
      todo: 'Bitte erneut versuchen. Geschieht es wieder, fragen Sie die Person, die dieses Mailferry betreibt.',
    },
    noRefreshToken: {
      title: 'Ihr Anbieter hat die Erlaubnis nur für diesen Moment gegeben.',
      todo: 'Bitte erneut anmelden und dort alles erlauben, worum Mailferry bittet. Geschieht es wieder, fragen Sie die Person, die dieses Mailferry betreibt.',
    },
    authentication: {
      title: 'Der Mailserver nimmt diese Anmeldung für Ihr Postfach nicht an.',
      todo: 'Melden Sie sich mit der Adresse des Postfachs selbst an und erlauben Sie Mailferry, Ihre E-Mails zu lesen. Im Beruf oder in der Schule können IMAP oder POP abgeschaltet sein: Fragen Sie Ihre Administration.',
    },
    refused: {
      title: 'Der Mailserver hat dieses Postfach abgelehnt.',
      todo: 'Sehen Sie in den Einstellungen Ihres Anbieters nach, ob IMAP oder POP erst eingeschaltet werden muss.',
    },
    notFound: {
      title: 'Dieses Konto wurde inzwischen entfernt.',
      todo: 'Fügen Sie es neu hinzu, wenn Sie es wiederhaben möchten.',
    },
    overQuota: {
      title: 'Sie haben so viele Konten, wie Mailferry erlaubt.',
      todo: 'Entfernen Sie eines, das Sie nicht mehr brauchen.',
    },
    configuration: {
      title: 'Dieses Mailferry ist für die Anmeldung dort nicht eingerichtet.',
      todo: 'Verwenden Sie ein App-Passwort, falls Ihr Anbieter eines anbietet, oder bitten Sie die Person, die dieses Mailferry betreibt, es dort zu registrieren.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Bitte in einigen Minuten erneut versuchen.',
};
