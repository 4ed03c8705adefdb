import { count } from '../numbers.ts';

export const mailboxes = {
  new: (account: string) => `Nouveau dossier dans ${account}`,
  change: (name: string) => `Modifier le dossier ${name}`,
  newTitle: 'Nouveau dossier',
  title: (name: string) => `Dossier ${name}`,
  name: 'Nom',
  atServer: 'Les dossiers sont créés et modifiés sur le serveur : une connexion est donc nécessaire.',
  create: 'Créer',
  createInside: 'Nouveau sous-dossier…',
  rename: 'Renommer',
  delete: 'Supprimer le dossier',
  deleteEmpty: 'Ce dossier ne contient aucun message.',
  deleteFull: (n: number) =>
    count(n, {
      one: 'Le message qu’il contient est placé dans la corbeille.',
      many: 'Les # de messages qu’il contient sont placés dans la corbeille.',
      other: 'Les # messages qu’il contient sont placés dans la corbeille.',
    }),
  noTrash:
    'Ce dossier contient des messages, et ce compte n’a pas de corbeille. Déplacez-les d’abord ailleurs.',
  unreachable:
    'Le serveur est injoignable pour le moment, et c’est là que les dossiers sont créés et modifiés. Réessayez plus tard.',
  refused: 'Le serveur a refusé.',
  reasons: {
    mailboxHasChild: 'Ce dossier en contient d’autres. Supprimez-les d’abord.',
    mailboxHasEmail: 'Entre-temps, un message est arrivé dans ce dossier. Réessayez.',
    notFound: 'Ce dossier n’existe plus.',
    forbidden: 'Le serveur ne le permet pas.',
  } as Record<string, string>,
};
