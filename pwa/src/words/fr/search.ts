import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

export const search = {
  title: 'Recherche',
  field: 'Rechercher dans tous les messages',
  clear: 'Effacer la recherche',
  results: 'Résultats de la recherche',
  narrow: 'Affiner la recherche',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: 'De',
    to: 'À',
    subject: 'Objet',
    has: 'Avec pièce jointe',
    is: '',
    in: 'Dans le dossier',
    before: 'Avant',
    after: 'Après',
    account: 'Dans le compte',
  } as Record<string, string>,
  ownNames: [
    ['de', 'from'],
    ['à', 'to'],
    ['a', 'to'],
    ['objet', 'subject'],
    ['sujet', 'subject'],
    ['dans', 'in'],
    ['avant', 'before'],
    ['après', 'after'],
    ['apres', 'after'],
    ['depuis', 'after'],
    ['compte', 'account'],
  ] as OwnNames,
  unread: 'Non lus',
  starred: 'Avec étoile',
  all: (n: number) => `Recherche faite dans ${messages(n)} sur cet appareil.`,
  ready: (n: number) =>
    count(n, {
      one: '# message peut être trouvé sur cet appareil.',
      many: 'Les # de messages sur cet appareil peuvent tous être trouvés.',
      other: 'Les # messages sur cet appareil peuvent tous être trouvés.',
    }),
  allFound: (found: number, n: number) =>
    `${count(found, {
      one: '# résultat',
      many: '# de résultats',
      other: '# résultats',
    })} dans ${messages(n)} sur cet appareil.`,
  partly: (searched: number, total: number) =>
    `Trouvables par tout leur contenu sur cet appareil : ${digits(searched)} sur ${messages(total)}.`,
  here: (searched: number, total: number) =>
    `Recherche faite dans ${digits(searched)} sur ${messages(total)} de cet appareil.`,
  asking: (searched: number, total: number) =>
    `Recherche faite dans ${digits(searched)} sur ${messages(total)} de cet appareil. Interrogation du serveur…`,
  hereAndServer: (searched: number, total: number) =>
    `Recherche faite dans ${digits(searched)} sur ${messages(total)} de cet appareil… et sur le serveur.`,
  hereOffline: (searched: number, total: number) =>
    `Recherche faite dans ${digits(searched)} sur ${messages(total)} de cet appareil. Le serveur est injoignable pour le moment.`,
  opening: 'Ouverture de l’index de recherche…',
  building: (searched: number, total: number) =>
    `Préparation de la recherche : ${digits(searched)} sur ${messages(total)} de cet appareil.`,
  serverOnly:
    'Ce navigateur ne garde pas d’index de recherche ici, comme dans une fenêtre privée. C’est le serveur qui cherche.',
  serverOnlyOffline:
    'Ce navigateur ne garde pas d’index de recherche ici, et le serveur est injoignable pour le moment.',
  startTitle: 'Retrouvez n’importe quel message',
  startText:
    'Saisissez un nom, un mot ou le début d’un mot. Mettez des "guillemets" autour des mots qui vont ensemble. Les noms anglais (from:, to:, subject:…) sont compris aussi.',
  examples: [
    ['de:mara', 'd’une personne'],
    ['objet:"horaire des marées"', 'avec ces mots dans l’objet'],
    ['has:attachment depuis:2026-01', 'avec un fichier, depuis janvier 2026'],
    ['bateau -is:read dans:archive', 'non lus dans un dossier, au sujet d’un bateau'],
  ] as [string, string][],
  nothing: 'Aucun résultat',
  nothingText: 'Essayez avec des mots moins nombreux ou plus courts. Le début d’un mot suffit.',
  nothingYet: 'Aucun résultat pour le moment',
  unknown: (typed: string) =>
    `« ${typed} » n’a pas été pris en compte dans la recherche : sa valeur est inconnue.`,
  held: (n: number) =>
    count(n, {
      one: 'Afficher # résultat plus récent du serveur',
      many: 'Afficher # de résultats plus récents du serveur',
      other: 'Afficher # résultats plus récents du serveur',
    }),
  choose: 'Choisissez un résultat à lire',
};
