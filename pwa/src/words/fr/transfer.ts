import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

/** Import and export of mail files. */
export const transfer = {
  title: 'Importation et exportation',
  import: 'Importer des messages depuis un fichier',
  importText:
    'Un fichier mbox, un seul message (.eml) ou un zip en contenant. Ce qui est déjà ici n’est pas enregistré deux fois.',
  importImap: 'Ce que vous importez est aussi placé sur votre serveur de messagerie.',
  importPop:
    'Ce que vous importez ne se trouve que dans Mailferry et n’est pas envoyé à votre serveur de messagerie.',
  file: 'Fichier',
  choose: 'Choisir…',
  noFile: 'Aucun fichier choisi',
  into: 'Destination',
  folders: 'Créer les dossiers comme dans le zip',
  start: 'Importer',
  uploading: (name: string, sent: string, size: string) => `Envoi de ${name} : ${sent} sur ${size}`,
  uploadFailed: (reason: string) => `Le fichier n’a pas été envoyé. ${reason}`,
  stop: 'Arrêter',
  imports: 'Importations de la semaine passée',
  ofImport: (size: string, at: string) => `${size}, ${at}`,
  types: { mbox: 'Fichier mbox', eml: 'Un seul message', zip: 'Archive zip' },
  statuses: {
    waiting: 'En attente de son tour',
    running: 'En cours',
    done: 'Terminé',
    failed: 'Abandonné',
  },
  handled: (done: string, all: string) => `${done} lus sur ${all}`,
  imported: (n: number) =>
    count(n, {
      one: '# message importé',
      many: '# de messages importés',
      other: '# messages importés',
    }),
  duplicates: (n: number) => count(n, { one: '# était déjà ici', other: '# étaient déjà ici' }),
  failed: (n: number) =>
    count(n, {
      one: '# message n’a pas pu être repris',
      many: '# de messages n’ont pas pu être repris',
      other: '# messages n’ont pas pu être repris',
    }),
  ignored: (n: number) =>
    count(n, {
      one: '# fichier n’est pas un message',
      many: '# de fichiers ne sont pas des messages',
      other: '# fichiers ne sont pas des messages',
    }),
  failures: 'Ce qui n’a pas pu être repris',
  failure: (at: string, reason: string) => `${at} : ${reason}`,
  notAll: 'Seuls les cent premiers sont listés.',
  forget: 'Retirer de cette liste',
  export: 'Exporter tous les messages',
  exportText:
    'Tous les messages de ce compte sous forme de fichiers que d’autres logiciels peuvent lire. Vous pouvez quitter cette page entre-temps.',
  exportTypes: {
    mbox: 'mbox : un fichier par dossier, pour les logiciels de messagerie',
    zip: 'zip : un fichier .eml par message',
  },
  exportStart: 'Exporter',
  exports: 'Exportations de la semaine passée',
  exported: (n: number, total: number) => `Écrits : ${digits(n)} sur ${messages(total)}`,
  missing: (n: number) =>
    count(n, {
      one: '# message n’a pas pu être écrit, car ses données manquent.',
      many: '# de messages n’ont pas pu être écrits, car leurs données manquent.',
      other: '# messages n’ont pas pu être écrits, car leurs données manquent.',
    }),
  expires: (at: string) => `Conservé jusqu’au ${at}.`,
  download: (name: string, size: string) => `Télécharger ${name} (${size})`,
  downloading: (got: string, size: string) => `${got} téléchargés sur ${size}`,
  downloadFailed: (reason: string) => `Le fichier n’a pas été téléchargé. ${reason}`,
  progressOf: (what: string) => `Progression : ${what}`,
};
