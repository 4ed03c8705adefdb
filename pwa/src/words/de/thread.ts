import { count } from '../numbers.ts';

export const thread = {
  messages: (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' }),
  unfold: (sender: string, date: string) => `Nachricht von ${sender} anzeigen, ${date}`,
  fold: (sender: string, date: string) => `Nachricht von ${sender} einklappen, ${date}`,
  more: (n: number) =>
    count(n, { one: '# weitere Nachricht anzeigen', other: '# weitere Nachrichten anzeigen' }),
  archive: 'Konversation archivieren',
  trash: 'Konversation in den Papierkorb verschieben',
  inbox: 'Konversation in den Posteingang verschieben',
  destroy: 'Konversation endgültig löschen',
  markUnread: 'Konversation als ungelesen markieren',
  move: 'Konversation verschieben …',
};
