import { count } from '../numbers.ts';

export const list = {
  count: (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' }),
  conversations: (n: number) => count(n, { one: '# Konversation', other: '# Konversationen' }),
  inConversation: (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' }),
  messages: (name: string) => `Nachrichten in ${name}`,
  noSubject: '(kein Betreff)',
  noSender: '(unbekannter Absender)',
  unread: 'Ungelesen',
  starred: (subject: string) => `Mit Stern: ${subject}`,
  attachment: 'Mit Anhang',
  empty: 'Keine Nachrichten',
  emptyText: 'Neue E-Mails erscheinen hier, sobald sie eintreffen.',
  coming: 'Die E-Mails sind unterwegs',
  comingText: 'Jede Nachricht kann gelesen werden, sobald sie da ist.',
  gone: 'Ordner nicht gefunden',
  goneText: 'Vielleicht wurde er auf einem anderen Gerät umbenannt oder entfernt.',
  check: 'Nach neuen E-Mails suchen',
  choose: 'Eine Nachricht zum Lesen auswählen',
  chooseText: 'Die Taste ? zeigt die Tastenkürzel an.',
};
