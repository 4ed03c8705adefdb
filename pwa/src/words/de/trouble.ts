import { count } from '../numbers.ts';

export const trouble = {
  titles: {
    newer: 'Eine neuere Version hat diese E-Mails gespeichert',
    blocked: 'Ein anderer Tab hält die E-Mails fest',
    noRoom: 'Auf diesem Gerät ist kein Platz mehr',
    closed: 'Dieser Browser behält hier nichts',
    broken: 'Die E-Mails auf diesem Gerät lassen sich nicht öffnen',
  },
  texts: {
    newer:
      'Eine neuere Version von Mailferry speichert E-Mails auf diesem Gerät anders, und diese Version kann sie nicht lesen. Beim nächsten Versuch wird die neuere geladen.',
    blocked:
      'Eine ältere Version von Mailferry ist noch in einem anderen Tab oder Fenster offen. Bitte die anderen schließen und es dann erneut versuchen.',
    noRoom:
      'Es ist nicht einmal Platz, um die E-Mails zu öffnen. Bitte auf dem Gerät Platz schaffen und es dann erneut versuchen.',
    closed:
      'In einem privaten Fenster, oder wenn die Einstellungen des Browsers es verbieten, kann Mailferry keine E-Mails auf diesem Gerät behalten. Bitte erlauben oder Mailferry in einem gewöhnlichen Fenster öffnen und es dann erneut versuchen.',
    broken:
      'Was der Browser gespeichert hat, ist beschädigt, oder er verweigert das Lesen. Manchmal hilft es, alle Fenster des Browsers zu schließen und es erneut zu versuchen.',
  },
  rebuildText:
    'Beim Neuaufbau wird entfernt, was hier gespeichert ist, und vom Server neu geladen, das Neueste zuerst. Auf dem Server ändert sich nichts.',
  kept: (n: number) =>
    count(n, {
      one: '# Änderung, die den Server noch nicht erreicht hat, ist lesbar und bleibt erhalten.',
      other: '# Änderungen, die den Server noch nicht erreicht haben, sind lesbar und bleiben erhalten.',
    }),
  lost: (n: number | null) =>
    n === null
      ? 'Ob hier Änderungen warten, die den Server noch nicht erreicht haben, ist nicht lesbar. Sie gingen verloren.'
      : count(n, {
          one: '# Änderung, die den Server noch nicht erreicht hat, ist nicht lesbar und ginge verloren.',
          other:
            '# Änderungen, die den Server noch nicht erreicht haben, sind nicht lesbar und gingen verloren.',
        }),
  signIn: 'Danach ist eine neue Anmeldung nötig.',
  tryAgain: 'Erneut versuchen',
  rebuild: 'Vom Server neu aufbauen',
  rebuilding: 'Wird neu aufgebaut …',
  failed:
    'Der Browser gibt nicht frei, was er gespeichert hat. Bitte alle anderen Fenster von Mailferry schließen oder in den Einstellungen des Browsers die Daten dieser Website entfernen.',
  opening: 'Die E-Mails werden geöffnet. Nach einer Aktualisierung kann das einen Moment dauern.',
  partTitle: 'Diese Seite konnte nicht geladen werden',
  partText:
    'Sie gehört vielleicht zu einer Version von Mailferry, die es nicht mehr gibt, oder das Netz ist ausgefallen. Die E-Mails sind noch da.',
};
