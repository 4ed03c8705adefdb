import { count } from '../numbers.ts';

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) => count(n, { one: 'Archiviert.', other: '# Nachrichten archiviert.' }),
    trash: (n: number) =>
      count(n, {
        one: 'In den Papierkorb verschoben.',
        other: '# Nachrichten in den Papierkorb verschoben.',
      }),
    inbox: (n: number) =>
      count(n, {
        one: 'In den Posteingang verschoben.',
        other: '# Nachrichten in den Posteingang verschoben.',
      }),
  },
  movedTo: (n: number, name: string) =>
    `${count(n, { one: '# Nachricht', other: '# Nachrichten' })} nach „${name}“ verschoben.`,
  starred: (n: number) =>
    count(n, {
      one: '# Nachricht mit einem Stern markiert.',
      other: '# Nachrichten mit einem Stern markiert.',
    }),
  unstarred: (n: number) =>
    count(n, { one: 'Stern von # Nachricht entfernt.', other: 'Stern von # Nachrichten entfernt.' }),
  read: (n: number) =>
    count(n, { one: '# Nachricht als gelesen markiert.', other: '# Nachrichten als gelesen markiert.' }),
  unread: (n: number) =>
    count(n, { one: '# Nachricht als ungelesen markiert.', other: '# Nachrichten als ungelesen markiert.' }),
  destroyed: (n: number) =>
    count(n, { one: '# Nachricht endgültig gelöscht.', other: '# Nachrichten endgültig gelöscht.' }),
  destroy: 'Endgültig löschen',
  destroyTitle: (n: number) =>
    count(n, { one: '# Nachricht endgültig löschen?', other: '# Nachrichten endgültig löschen?' }),
  destroyEverywhere: 'Das Löschen gilt für alle Geräte und für den Mailserver.',
  destroyKept:
    'Das Löschen gilt für alle Geräte. Der Mailserver behält seine Kopie, wie für dieses Konto eingestellt.',
  destroyMixed:
    'Das Löschen gilt für alle Geräte, und für den Mailserver, wo nicht eingestellt ist, dass er seine Kopie behält.',
  destroyHere:
    'Das Löschen gilt für alle Geräte. Dieses Konto hat keinen Mailserver, es gibt also keine weitere Kopie.',
  destroyText: 'Das lässt sich nicht rückgängig machen.',
  cancel: 'Abbrechen',
  moveTo: 'Verschieben …',
  moveTitle: (n: number) =>
    count(n, { one: '# Nachricht verschieben …', other: '# Nachrichten verschieben …' }),
  filter: 'Ordner suchen',
  createNamed: (name: string) => `Neuer Ordner „${name}“`,
  createHint: 'Für einen neuen Ordner dessen Namen eingeben.',
  severalAccounts:
    'Diese Nachrichten gehören zu mehreren Konten. Jede bleibt in ihrem Konto; für einen anderen Ordner nur Nachrichten eines Kontos auswählen.',
};
