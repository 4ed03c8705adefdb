import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const welcome = {
  title: 'Vos messages, avec ou sans réseau',
  text: 'Mailferry récupère vos messages POP et IMAP et les porte sur tous vos appareils. Ce qui est sur cet appareil s’ouvre aussitôt, dans un train, sur un ferry, partout.',
  signIn: 'Se connecter',
  signingIn: 'Connexion…',
  failed: 'La connexion a échoué. Veuillez réessayer.',
  unreachable: 'Le serveur est injoignable. Vérifiez votre connexion et réessayez.',
};

export const nav = {
  mailboxes: 'Dossiers',
  mailboxesOf: (name: string) => `Dossiers du compte ${name}`,
  open: 'Ouvrir les dossiers',
  close: 'Fermer',
  allInboxes: 'Toutes les boîtes de réception',
  accounts: 'Comptes',
  outbox: 'Boîte d’envoi',
  main: 'Navigation principale',
  inbox: 'Réception',
  search: 'Recherche',
  settings: 'Paramètres',
  unread: (n: number) => count(n, { one: '# non lu', other: '# non lus' }),
};

export const roles: Record<string, string> = {
  inbox: 'Boîte de réception',
  archive: 'Archive',
  drafts: 'Brouillons',
  junk: 'Indésirables',
  sent: 'Envoyés',
  trash: 'Corbeille',
  all: 'Tous les messages',
  flagged: 'Avec étoile',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `Mis à jour ${when(at)}.`),
  offline: (at: number | null) => (at === null ? 'Hors ligne.' : `Hors ligne. Mis à jour ${when(at)}.`),
  signInNeeded: 'Reconnectez-vous pour recevoir les nouveaux messages.',
  signIn: 'Se connecter',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `Liste en cours : ${digits(fetched)}…`
      : `Liste en cours : ${digits(fetched)} sur ${digits(total)}…`,
  bodies: (kept: number, total: number) => `Téléchargement : ${digits(kept)} sur ${digits(total)}…`,
  waiting: (n: number) =>
    count(n, {
      one: '# modification en attente du réseau',
      many: '# de modifications en attente du réseau',
      other: '# modifications en attente du réseau',
    }),
  waitingForSignIn: (n: number) =>
    count(n, {
      one: '# modification en attente de votre connexion',
      many: '# de modifications en attente de votre connexion',
      other: '# modifications en attente de votre connexion',
    }),
  refused: (n: number) =>
    count(n, {
      one: '# modification a été refusée par le serveur',
      many: '# de modifications ont été refusées par le serveur',
      other: '# modifications ont été refusées par le serveur',
    }),
  newVersion: 'Une nouvelle version de Mailferry est prête.',
  update: 'Mettre à jour',
};

export const done = {
  undo: 'Annuler',
  newMail: 'Recherche de nouveaux messages…',
};

export const errors = {
  notFound: 'Cette page n’existe pas',
  home: 'Vers la boîte de réception',
};
