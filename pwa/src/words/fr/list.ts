import { count } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

export const list = {
  count: messages,
  conversations: (n: number) =>
    count(n, { one: '# conversation', many: '# de conversations', other: '# conversations' }),
  inConversation: messages,
  messages: (name: string) => `Messages dans ${name}`,
  noSubject: '(sans objet)',
  noSender: '(expéditeur inconnu)',
  unread: 'Non lu',
  starred: (subject: string) => `Avec étoile : ${subject}`,
  attachment: 'Avec pièces jointes',
  empty: 'Aucun message ici',
  emptyText: 'Les nouveaux messages apparaissent ici dès leur arrivée.',
  coming: 'Vos messages arrivent',
  comingText: 'Chaque message peut être lu dès qu’il est là.',
  gone: 'Dossier introuvable',
  goneText: 'Il a peut-être été renommé ou supprimé sur un autre appareil.',
  check: 'Relever les nouveaux messages',
  choose: 'Choisissez un message à lire',
  chooseText: 'Appuyez sur ? pour voir les raccourcis clavier.',
};
