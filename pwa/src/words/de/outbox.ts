import { count } from '../numbers.ts';
import { when } from '../time.ts';

export const outbox = {
  title: 'Postausgang',
  text: 'Was auf diesem Gerät getan wurde und der Server noch nicht weiß. Es wird von selbst gesendet, in dieser Reihenfolge.',
  empty: 'Nichts wartet',
  emptyText: 'Alles ist beim Server angekommen.',
  actions: {
    star: 'Mit Stern markieren',
    unstar: 'Stern entfernen',
    read: 'Als gelesen markieren',
    unread: 'Als ungelesen markieren',
    move: 'Verschieben',
    destroy: 'Endgültig löschen',
  } as Record<string, string>,
  moveTo: (name: string) => `Nach „${name}“ verschieben`,
  waiting: (at: number) => `Ausgeführt: ${when(at)}, noch nicht gesendet`,
  sending: 'Wird gerade gesendet',
  sendNow: 'Jetzt senden',
  unreachable: 'Der Server ist gerade nicht erreichbar.',
  tried: (n: number) =>
    count(n, {
      one: 'Der Server konnte es einmal nicht annehmen.',
      other: 'Der Server konnte es #-mal nicht annehmen.',
    }),
  doneAt: (at: number) => `Ausgeführt: ${when(at)}`,
  others: (n: number) => count(n, { one: 'und # weitere Nachricht', other: 'und # weitere Nachrichten' }),
  of: (action: string, subject: string) => (subject ? `${action}: ${subject}` : action),
  refused: (reason: string) => `Der Server hat das abgelehnt: ${reason}`,
  reasons: {
    forbidden: 'Er erlaubt diese Änderung nicht.',
    invalidProperties: 'Er nimmt diese Änderung nicht an, vielleicht weil es einen Ordner nicht mehr gibt.',
    invalidPatch: 'Er versteht diese Änderung nicht.',
    tooManyKeywords: 'Diese Nachricht hat zu viele Markierungen.',
    tooManyMailboxes: 'Diese Nachricht liegt in zu vielen Ordnern.',
    overQuota: 'Auf dem Server ist kein Platz mehr.',
    accountReadOnly: 'Dieses Konto kann nur gelesen werden.',
    serverFail: 'Er ist beim Versuch mehrmals gescheitert.',
  } as Record<string, string>,
  otherReason: (type: string) => `Er nannte den Grund „${type}“.`,
  undo: 'Rückgängig machen',
  dismiss: 'Verwerfen',
  retry: 'Erneut versuchen',
  unknown: 'Eine Nachricht, die nicht mehr hier ist',
};
