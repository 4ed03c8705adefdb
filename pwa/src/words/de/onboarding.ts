import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' });

/** Adding an account in three steps. */
export const onboarding = {
  title: 'Konto hinzufügen',
  step: (at: number, of: number) => `Schritt ${digits(at)} von ${digits(of)}`,
  address: 'Wie lautet Ihre E-Mail-Adresse?',
  addressText:
    'Mailferry sucht anhand der Adresse den Mailserver. Nur der Webserver der Mail-Domain erfährt sie.',
  next: 'Weiter',
  searching: (domain: string) =>
    `Die Mailserver von ${domain} werden gesucht … das dauert bis zu 12 Sekunden.`,
  manual: 'Server selbst eingeben',
  archive: 'Archiv für alte E-Mails anlegen',
  archiveTitle: 'Ein Archiv für alte E-Mails',
  archiveText:
    'Ein Ort ohne Mailserver: für E-Mails aus Dateien, etwa einer mbox von einem alten Computer. Sie liegen nur bei Mailferry und auf Ihren Geräten.',
  archiveName: 'Name des Archivs',
  archiveDefault: 'Archiv',
  archiveMake: 'Archiv anlegen',
  back: 'Zurück',
  invalid: 'Das ist keine E-Mail-Adresse. Sie sieht aus wie name@example.org.',
  how: 'Wie sollen die E-Mails abgerufen werden?',
  manualTitle: 'Mailserver eingeben',
  manualText: 'Wie er heißt, sagt der Anbieter, oft auf einer Seite über E-Mail-Programme.',
  foundAt: (provider: string) => `Dieses Postfach liegt bei ${provider}.`,
  others: 'Wird dieses Postfach auch mit anderen Programmen oder Geräten gelesen?',
  othersYes: 'Ja, und das soll so bleiben',
  othersNo: 'Nein, nur mit Mailferry',
  room: 'Auf dem Mailserver Platz schaffen',
  roomText:
    'Jede Nachricht wird dort 30 Tage, nachdem sie hier sicher gespeichert wurde, entfernt. Das lässt sich später ändern.',
  recommended: 'Empfohlen',
  advice: { imap: 'Wir empfehlen IMAP', pop: 'Wir empfehlen POP' },
  why: {
    onlyImap: 'Der Anbieter bietet nichts anderes an.',
    onlyPop: 'Der Anbieter bietet nichts anderes an. Nur der Posteingang wird abgerufen.',
    imapAnswered: 'Der IMAP-Server hat gerade geantwortet, der POP-Server nicht.',
    popAnswered: 'Der POP-Server hat gerade geantwortet, der IMAP-Server nicht.',
    others:
      'Was hier gelesen, mit einem Stern markiert oder verschoben wird, zeigt sich auch in den anderen Programmen, und umgekehrt.',
    folders: 'Alle Ordner werden abgerufen, und die E-Mails bleiben mit dem Server abgeglichen.',
    alone:
      'Ein Abgleich mit anderen Programmen ist nicht nötig, und POP ruft neue E-Mails am sparsamsten ab.',
    room: 'Es passt zu einem Server, der geleert werden soll.',
    roomShared:
      'Was auf dem Server entfernt wird, verschwindet auch aus den anderen Programmen. Hier bleibt es erhalten.',
  },
  offers: 'Was der Server sagt',
  server: (host: string, port: number, security: string) => `${host}, Port ${port}, ${security}`,
  unconfirmed: 'Dieser Server hat gerade nicht geantwortet. Ein Versuch ist trotzdem möglich.',
  change: 'Server ändern',
  oauthOnly: (provider: string) =>
    `${provider} lässt Programme nur über die eigene Anmeldeseite zu, und dafür ist dieses Mailferry nicht eingerichtet. Bitten Sie die Person, die dieses Mailferry betreibt, es bei ${provider} zu registrieren. Oder geben Sie hier ein App-Passwort ein, falls ${provider} eines anbietet.`,
  oauthToo: (provider: string) =>
    `Das normale Passwort von ${provider} funktioniert hier nicht. Nötig ist ein App-Passwort.`,
  help: 'Seiten, die weiterhelfen',
  sealed: 'Das Passwort wird sofort verschlüsselt. Niemand kann es lesen, und es wird nie wieder angezeigt.',
  connect: 'Verbinden',
  adding: 'Es funktioniert. Das Konto wird hinzugefügt …',
  problems: {
    authentication: {
      title: 'Der Server hat den Benutzernamen oder das Passwort abgelehnt.',
      todo: 'Bitte das Passwort noch einmal eingeben. Viele Anbieter verlangen hier statt des normalen Passworts ein App-Passwort, das in ihren Einstellungen erstellt wird. Manche verlangen den Benutzernamen ohne den Teil ab dem @.',
    },
    'unknown-host': {
      title: 'Einen Server mit diesem Namen gibt es nicht.',
      todo: 'Bitte den Namen des Mailservers auf Tippfehler prüfen oder den Anbieter fragen, wie er heißt.',
    },
    'forbidden-host': {
      title: 'Dieses Mailferry verbindet sich nicht mit Servern in privaten Netzen.',
      todo: 'Bitte den öffentlichen Namen des Mailservers eingeben.',
    },
    unreachable: {
      title: 'Auf diesem Server und Port antwortet nichts.',
      todo: 'Bitte den Namen und den Port prüfen. Sind sie richtig, ist vielleicht der Anbieter gestört: später erneut versuchen.',
    },
    timeout: {
      title: 'Der Server hat nicht rechtzeitig geantwortet.',
      todo: 'Bitte den Namen und den Port prüfen oder es in einigen Minuten erneut versuchen.',
    },
    tls: {
      title: 'Es kam keine verschlüsselte Verbindung zustande.',
      todo: 'Bitte die andere Art der Sicherheit (TLS oder STARTTLS) mit dem dafür üblichen Port wählen. Ist das Zertifikat des Anbieters ungültig, sollte er davon erfahren.',
    },
    protocol: {
      title: 'Was dort antwortet, ist kein Mailserver dieser Art.',
      todo: 'Bitte den Port prüfen: IMAP ist meist auf 993, POP auf 995.',
    },
    temporary: {
      title: 'Der Server lässt im Moment niemanden herein.',
      todo: 'Bitte in einigen Minuten erneut versuchen und andere Programme schließen, die dieses Postfach lesen.',
    },
    throttled: {
      title: 'Der Server wurde zu oft gefragt.',
      todo: 'Bitte eine Viertelstunde warten und dann erneut versuchen.',
    },
    quota: {
      title: 'Was der Anbieter pro Tag erlaubt, ist aufgebraucht.',
      todo: 'Bitte morgen erneut versuchen.',
    },
    refused: {
      title: 'Der Server hat die Anfrage abgelehnt.',
      todo: 'Bitte in den Einstellungen beim Anbieter nachsehen, ob IMAP oder POP erst eingeschaltet werden muss.',
    },
    disconnected: {
      title: 'Der Server hat die Verbindung beendet.',
      todo: 'Bitte erneut versuchen. Geschieht es wieder, den Port und die Sicherheit prüfen.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Bitte in einigen Minuten erneut versuchen.',
  saidThat: (message: string) => `Im Wortlaut: ${message}`,
  notAdded: (reason: string) => `Das Konto wurde nicht hinzugefügt. ${reason}`,
  coming: 'Die E-Mails sind unterwegs',
  arrived: 'Die neuesten E-Mails sind da',
  complete: 'Alle E-Mails sind da',
  empty: 'Dieses Postfach ist leer. Neue E-Mails erscheinen von selbst.',
  firstWait: 'Die neuesten Nachrichten kommen zuerst.',
  progress: (stored: number, total: number) => `${digits(stored)} von ${messages(total)} gespeichert`,
  canLeave: 'Sie können weiterlesen oder Mailferry schließen: Der Abruf geht weiter.',
  toInbox: 'Zum Posteingang',
  newest: 'Die neuesten Nachrichten',
};
