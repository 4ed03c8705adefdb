import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

/** The list of accounts, and what an account's page says of its health. */
export const accounts = {
  title: 'Comptes',
  add: 'Ajouter un compte',
  none: 'Ajoutez votre premier compte',
  noneText:
    'Mailferry a besoin d’un compte POP ou IMAP pour récupérer vos messages. Votre mot de passe est chiffré et n’est plus jamais affiché.',
  phases: {
    new: 'Pas encore relevé',
    pulling: 'Réception des messages en cours',
    ok: 'Fonctionne',
    failing: 'Nouvelle tentative en cours',
    stopped: 'Demande votre attention',
    paused: 'En pause',
  },
  archive: 'Archive, sans serveur de messagerie',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? count(stored, {
          one: '# message enregistré',
          many: '# de messages enregistrés',
          other: '# messages enregistrés',
        })
      : `Enregistrés : ${digits(stored)} sur ${messages(atSource)}`,
  quarantined: (n: number) =>
    count(n, {
      one: '# message mis de côté, car il n’a pas pu être traité',
      many: '# de messages mis de côté, car ils n’ont pas pu être traités',
      other: '# messages mis de côté, car ils n’ont pas pu être traités',
    }),
  device: (kept: number, total: number, size: string) =>
    `Lisibles hors ligne sur cet appareil : ${digits(kept)} sur ${messages(total)} (${size})`,
  full: 'L’espace réservé aux messages sur cet appareil est plein ; les plus anciens sont téléchargés quand vous les ouvrez.',
  lastSuccess: (at: number) => `Dernière relève : ${when(at)}`,
  nextCheck: (at: number) => `Prochaine relève : ${at > Date.now() ? when(at) : 'd’un instant à l’autre'}`,
  next: (at: number) => `Prochaine tentative : ${when(at)}`,
  check: 'Relever maintenant',
  checkOf: (name: string) => `Relever maintenant : ${name}`,
  checking: 'Mailferry recherche de nouveaux messages.',
  details: 'Détails',
  detailsOf: (name: string) => `Détails du compte ${name}`,
  settings: 'Paramètres',
  mend: 'Modifier les paramètres',
  back: 'Retour aux comptes',
  backTo: (name: string) => `Retour à ${name}`,
  gone: 'Ce compte n’existe plus ici.',
  pause: 'Suspendre',
  resume: 'Reprendre',
  paused: 'En pause. Le serveur de messagerie n’est plus contacté jusqu’à la reprise.',
  resumed: 'Reprise. Mailferry recherche de nouveaux messages.',
  progress: (name: string) => `Part enregistrée du compte ${name}`,
  serverMail: 'Messages sur le serveur',
  setAside: 'Mis de côté',
  setAsideNone: 'Tous les messages ont pu être traités.',
  files: 'Importation et exportation',
  filesText: 'Faites entrer d’anciens messages, ou emportez-les tous.',
  colour: 'Couleur',
  colourHint:
    'Affichée à côté des messages de ce compte, sur cet appareil, lorsque vous avez plusieurs comptes.',
  colours: ['Mer', 'Prune', 'Ambre', 'Feuille', 'Rose', 'Ciel', 'Brique', 'Ardoise'] as readonly string[],
  remove: 'Supprimer le compte…',
  cancel: 'Annuler',
  offline: 'Le serveur est injoignable pour le moment. Réessayez lorsque vous serez en ligne.',
  offlineList: 'Cette liste se trouve sur le serveur, injoignable pour le moment.',
  loadingList: 'Interrogation du serveur…',
  again: 'Réessayer',
  failed: (reason: string) => `Cela n’a pas fonctionné. ${reason}`,
  signOut: 'Se déconnecter',
  signOutTitle: 'Se déconnecter de cet appareil ?',
  signOutText:
    'Tous les messages sont supprimés de cet appareil. Ils restent sur le serveur et sur vos autres appareils.',
  signOutPending: (n: number) =>
    count(n, {
      one: '# modification n’est pas encore parvenue au serveur et sera perdue.',
      many: '# de modifications ne sont pas encore parvenues au serveur et seront perdues.',
      other: '# modifications ne sont pas encore parvenues au serveur et seront perdues.',
    }),
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `Supprimer ${name} ?`,
  here: (n: number) =>
    count(n, {
      one: 'Le contenu de ce compte (# message), ses paramètres et son mot de passe sont supprimés de Mailferry et de tous vos appareils.',
      many: 'Les # de messages de ce compte, ses paramètres et son mot de passe sont supprimés de Mailferry et de tous vos appareils.',
      other:
        'Les # messages de ce compte, ses paramètres et son mot de passe sont supprimés de Mailferry et de tous vos appareils.',
    }),
  source: 'Les messages sur votre serveur de messagerie restent tels quels.',
  onlyHere: (n: number) =>
    count(n, {
      one: '# de ces messages a été supprimé du serveur de messagerie, car il est enregistré ici. Il n’existe nulle part ailleurs et sera perdu.',
      other:
        '# de ces messages ont été supprimés du serveur de messagerie, car ils sont enregistrés ici. Ils n’existent nulle part ailleurs et seront perdus.',
    }),
  archive: 'Ces messages n’existent nulle part ailleurs et seront perdus.',
  pending: (n: number) =>
    count(n, {
      one: '# de vos modifications n’est pas encore parvenue au serveur et sera perdue.',
      other: '# de vos modifications ne sont pas encore parvenues au serveur et seront perdues.',
    }),
  export: 'Les exporter d’abord',
  understood: 'Je sais que ces messages ne pourront pas être récupérés',
  confirm: 'Supprimer le compte',
  removing: 'Suppression…',
  removed: (name: string) => `Le compte ${name} a été supprimé, de cet appareil aussi.`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'Messages sur le serveur',
  text: 'Mailferry garde une copie de chaque message. Que faire de celui qui se trouve sur votre serveur de messagerie ?',
  archive: 'Une archive n’a pas de serveur de messagerie.',
  policies: {
    keep: 'Le garder',
    afterDays: 'Le supprimer après quelques jours',
    onceStored: 'Le supprimer aussitôt',
    whenDestroyed: 'Supprimer ce que je supprime ici',
  },
  texts: {
    keep: 'Mailferry ne supprime rien de lui-même. En IMAP, ce que vous supprimez définitivement ici l’est aussi là-bas.',
    afterDays:
      'Chaque message reste quelques jours sur le serveur après avoir été enregistré ici. Il est conservé ici.',
    onceStored:
      'Dès qu’un message est enregistré ici. C’est ce qui libère le plus d’espace. Il est conservé ici.',
    whenDestroyed: 'Seul ce que vous supprimez définitivement ici est aussi supprimé du serveur.',
  },
  summaries: {
    keep: 'Ils y sont conservés.',
    onceStored: 'Ils sont supprimés dès qu’ils sont enregistrés ici.',
    whenDestroyed: 'Ils sont supprimés quand vous les supprimez ici.',
  },
  summaryDays: (days: number) =>
    count(days, {
      one: 'Ils sont supprimés # jour après avoir été enregistrés ici.',
      other: 'Ils sont supprimés # jours après avoir été enregistrés ici.',
    }),
  days: 'Jours sur le serveur',
  daysHint: 'De 1 à 3 650.',
  proof:
    'Avant toute suppression, Mailferry relit sa propre copie et la compare à sa somme de contrôle. La moindre anomalie arrête tout.',
  others:
    'Les autres logiciels et appareils qui lisent cette boîte mail n’y trouveront plus ce que Mailferry a supprimé.',
  save: 'Enregistrer',
  saved: 'Enregistré.',
  confirmTitle: 'Supprimer des messages du serveur ?',
  confirmText: (stored: number) =>
    `Cela vaut aussi pour ce qui est déjà enregistré : actuellement ${messages(stored)}. Tout est conservé dans Mailferry, et sur vos appareils tant qu’il y a de la place.`,
  confirm: 'Supprimer du serveur',
  frozen: 'Rien n’est supprimé pour le moment',
  unfreeze: 'Autoriser à nouveau la suppression',
  unfreezeTitle: 'Autoriser à nouveau la suppression ?',
  unfreezeText:
    'Mailferry s’est arrêté parce que quelque chose sur le serveur était inattendu. Vérifiez d’abord que vos messages sont tous ici. Ensuite, des messages seront de nouveau supprimés du serveur.',
  unfrozen: 'Des messages peuvent de nouveau être supprimés du serveur.',
  receipts: 'Supprimés jusqu’ici',
  receiptsNone: 'Rien n’a encore été supprimé du serveur.',
  receiptsSum: (n: number, since: string, freed: string) =>
    `${count(n, {
      one: '# message supprimé du serveur depuis le',
      many: '# de messages supprimés du serveur depuis le',
      other: '# messages supprimés du serveur depuis le',
    })} ${since}, toujours après enregistrement ici. Espace libéré là-bas : ${freed}.`,
  receiptsShow: 'Afficher les preuves',
  receiptsMore: 'Afficher plus',
  receiptOf: (at: string, size: string) => `Supprimé le ${at} · ${size}`,
  outcomes: {
    confirmed: 'Le serveur l’a confirmé.',
    gone: 'Le serveur ne le liste plus.',
  },
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  notOnDevice: 'Un message qui n’est pas sur cet appareil',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: 'Mis de côté',
  text: 'Ces messages n’ont pas pu être traités. Ils sont toujours sur le serveur de messagerie, et rien n’y est supprimé à cause d’eux.',
  empty: 'Rien n’est mis de côté',
  emptyText: 'Tous les messages de ce compte ont pu être traités.',
  message: (uid: string, mailbox: string) => `Message ${uid} dans ${mailbox}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null
      ? `Depuis le ${since}. Dernière tentative : ${tried}.`
      : `${size}. Depuis le ${since}. Dernière tentative : ${tried}.`,
  retry: 'Réessayer',
  retryOf: (what: string) => `Réessayer : ${what}`,
  retryAll: 'Tout réessayer',
  asked: (n: number) =>
    count(n, {
      one: 'Nouvelle tentative en cours pour # message.',
      many: 'Nouvelle tentative en cours pour # de messages.',
      other: 'Nouvelle tentative en cours pour # messages.',
    }),
  waits: 'Le compte est en pause ; reprenez-le pour réessayer.',
  save: 'Enregistrer tel quel',
  saveOf: (what: string) => `Enregistrer tel quel : ${what}`,
  more: 'Afficher plus',
};
