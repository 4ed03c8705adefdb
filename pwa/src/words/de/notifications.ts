import { count } from '../numbers.ts';

export const notifications = {
  title: 'Benachrichtigungen',
  intro: 'Mailferry kann auf diesem Gerät neue E-Mails melden, auch wenn es geschlossen ist.',
  private:
    'Über den Push-Dienst des Browsers geht nur die Meldung, dass sich etwas geändert hat. Die E-Mails selbst holt das Gerät ab.',
  on: 'Neue E-Mails auf diesem Gerät melden',
  turningOn: 'Der Browser wird gefragt …',
  verifying: 'Warten auf die erste Benachrichtigung. Sie sollte innerhalb einer Minute eintreffen.',
  isOn: 'Benachrichtigungen sind eingeschaltet.',
  problems: {
    unsupported: 'Dieser Browser kann keine Benachrichtigungen von Web-Apps anzeigen.',
    install:
      'Auf dem iPhone oder iPad muss Mailferry zuerst auf den Home-Bildschirm: das Teilen-Menü öffnen und „Zum Home-Bildschirm“ wählen. Danach Mailferry von dort öffnen.',
    denied:
      'Dieser Browser lässt keine Benachrichtigungen von Mailferry zu. Bitte in den Browsereinstellungen für diese Website erlauben und dann erneut versuchen.',
    'no-service':
      'Der Browser konnte seinen Push-Dienst nicht erreichen. Bitte die Verbindung prüfen und ob der Browser Websites Push-Nachrichten erlaubt.',
    'server-key': 'Der Server bietet noch keine Benachrichtigungen an.',
    failed:
      'Die Benachrichtigungen konnten nicht eingeschaltet werden. Bitte die Verbindung prüfen und erneut versuchen.',
  },
  which: 'Welche E-Mails',
  account: 'E-Mails dieses Kontos melden',
  more: (n: number) => count(n, { one: '# weiterer Ordner', other: '# weitere Ordner' }),
  quiet: 'Ruhezeiten',
  quietOn: 'Zu bestimmten Zeiten still bleiben',
  quietText: 'E-Mails, die dann kommen, werden ohne Ton angezeigt.',
  quietOther: 'Andere Zeiten für ein Konto oder einen Ordner',
  quietChoose: 'Auswählen …',
  quietAsDevice: 'Zeiten dieses Geräts verwenden',
  from: 'Von',
  to: 'Bis',
  tryOut: 'Testbenachrichtigung anzeigen',
  notice: {
    many: (n: number) => count(n, { one: '# neue Nachricht', other: '# neue Nachrichten' }),
    quiet: 'Während der Ruhezeiten eingetroffen.',
    noSubject: 'Kein Betreff',
    noSender: 'Unbekannter Absender',
    nothing: 'Alles auf dem neuesten Stand',
    nothingText: 'Nichts Neues in den gewählten Ordnern.',
    unread: 'Neue E-Mails sind eingetroffen',
    unreadText: 'Zum Lesen Mailferry öffnen.',
    ready: 'Benachrichtigungen sind eingeschaltet',
    readyText: 'So werden neue E-Mails gemeldet.',
  },
};
