import { count } from '../numbers.ts';

export const thread = {
  messages: (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' }),
  unfold: (sender: string, date: string) => `Afficher le message de ${sender}, ${date}`,
  fold: (sender: string, date: string) => `Replier le message de ${sender}, ${date}`,
  more: (n: number) =>
    count(n, {
      one: 'Afficher # autre message',
      many: 'Afficher # d’autres messages',
      other: 'Afficher # autres messages',
    }),
  archive: 'Archiver la conversation',
  trash: 'Placer la conversation dans la corbeille',
  inbox: 'Placer la conversation dans la boîte de réception',
  destroy: 'Supprimer définitivement la conversation',
  markUnread: 'Marquer la conversation comme non lue',
  move: 'Déplacer la conversation vers…',
};
