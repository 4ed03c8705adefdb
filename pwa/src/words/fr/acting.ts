import { count } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) =>
      count(n, { one: 'Archivé.', many: '# de messages archivés.', other: '# messages archivés.' }),
    trash: (n: number) =>
      count(n, {
        one: 'Placé dans la corbeille.',
        many: '# de messages placés dans la corbeille.',
        other: '# messages placés dans la corbeille.',
      }),
    inbox: (n: number) =>
      count(n, {
        one: 'Placé dans la boîte de réception.',
        many: '# de messages placés dans la boîte de réception.',
        other: '# messages placés dans la boîte de réception.',
      }),
  },
  movedTo: (n: number, name: string) =>
    `${count(n, {
      one: '# message déplacé',
      many: '# de messages déplacés',
      other: '# messages déplacés',
    })} vers « ${name} ».`,
  starred: (n: number) => `Étoile ajoutée à ${messages(n)}.`,
  unstarred: (n: number) => `Étoile retirée de ${messages(n)}.`,
  read: (n: number) =>
    count(n, {
      one: '# message marqué comme lu.',
      many: '# de messages marqués comme lus.',
      other: '# messages marqués comme lus.',
    }),
  unread: (n: number) =>
    count(n, {
      one: '# message marqué comme non lu.',
      many: '# de messages marqués comme non lus.',
      other: '# messages marqués comme non lus.',
    }),
  destroyed: (n: number) =>
    count(n, {
      one: '# message supprimé définitivement.',
      many: '# de messages supprimés définitivement.',
      other: '# messages supprimés définitivement.',
    }),
  destroy: 'Supprimer définitivement',
  destroyTitle: (n: number) => `Supprimer définitivement ${messages(n)} ?`,
  destroyEverywhere: 'La suppression vaut pour tous les appareils et pour le serveur de messagerie.',
  destroyKept:
    'La suppression vaut pour tous les appareils. Le serveur de messagerie garde sa copie, comme vous l’avez choisi pour ce compte.',
  destroyMixed:
    'La suppression vaut pour tous les appareils, et pour le serveur de messagerie là où vous n’avez pas choisi de garder sa copie.',
  destroyHere:
    'La suppression vaut pour tous les appareils. Ce compte n’a pas de serveur de messagerie : il n’y a donc pas d’autre copie.',
  destroyText: 'Cette action est irréversible.',
  cancel: 'Annuler',
  moveTo: 'Déplacer vers…',
  moveTitle: (n: number) => `Déplacer ${messages(n)} vers…`,
  filter: 'Chercher un dossier',
  createNamed: (name: string) => `Nouveau dossier « ${name} »`,
  createHint: 'Pour créer un dossier, saisissez son nom.',
  severalAccounts:
    'Ces messages appartiennent à plusieurs comptes. Chacun reste dans le sien ; pour un autre dossier, sélectionnez les messages d’un seul compte.',
};
