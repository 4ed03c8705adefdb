import { count } from '../numbers.ts';
import { when } from '../time.ts';

export const outbox = {
  title: 'Boîte d’envoi',
  text: 'Ce que vous avez fait sur cet appareil et que le serveur ne sait pas encore. L’envoi se fait tout seul, dans cet ordre.',
  empty: 'Rien en attente',
  emptyText: 'Tout ce que vous avez fait est parvenu au serveur.',
  actions: {
    star: 'Ajouter une étoile',
    unstar: 'Retirer l’étoile',
    read: 'Marquer comme lu',
    unread: 'Marquer comme non lu',
    move: 'Déplacer',
    destroy: 'Supprimer définitivement',
  } as Record<string, string>,
  moveTo: (name: string) => `Déplacer vers « ${name} »`,
  waiting: (at: number) => `Fait ${when(at)}, pas encore envoyé`,
  sending: 'Envoi en cours',
  sendNow: 'Envoyer maintenant',
  unreachable: 'Le serveur est injoignable pour le moment.',
  tried: (n: number) =>
    count(n, {
      one: 'Le serveur n’a pas pu l’accepter # fois.',
      many: 'Le serveur n’a pas pu l’accepter # de fois.',
      other: 'Le serveur n’a pas pu l’accepter # fois.',
    }),
  doneAt: (at: number) => `Fait ${when(at)}`,
  others: (n: number) =>
    count(n, { one: 'et # autre message', many: 'et # d’autres messages', other: 'et # autres messages' }),
  of: (action: string, subject: string) => (subject ? `${action} : ${subject}` : action),
  refused: (reason: string) => `Le serveur a refusé : ${reason}`,
  reasons: {
    forbidden: 'il ne permet pas cette modification.',
    invalidProperties: 'il n’accepte pas cette modification, peut-être parce qu’un dossier n’existe plus.',
    invalidPatch: 'il ne comprend pas cette modification.',
    tooManyKeywords: 'ce message a trop de libellés.',
    tooManyMailboxes: 'ce message est dans trop de dossiers.',
    overQuota: 'il n’y a plus de place sur le serveur.',
    accountReadOnly: 'ce compte est en lecture seule.',
    serverFail: 'il a échoué plusieurs fois en essayant.',
  } as Record<string, string>,
  otherReason: (type: string) => `il a donné la raison « ${type} ».`,
  undo: 'Annuler',
  dismiss: 'Ignorer',
  retry: 'Réessayer',
  unknown: 'Un message qui n’est plus ici',
};
