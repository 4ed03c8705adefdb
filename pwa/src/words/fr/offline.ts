import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });
const conversations = (n: number) =>
  count(n, { one: '# conversation', many: '# de conversations', other: '# conversations' });
const singles = (n: number) =>
  count(n, { one: '# message isolé', many: '# de messages isolés', other: '# messages isolés' });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'Sur cet appareil',
  summary: (kept: number, size: string) =>
    `${count(kept, {
      one: '# message lisible hors ligne',
      many: '# de messages lisibles hors ligne',
      other: '# messages lisibles hors ligne',
    })}, ${size}`,
  used: (size: string, of: string) => `${size} utilisés sur ${of}`,
  usedLabel: (name: string) => `Espace que ${name} occupe sur cet appareil`,
  readable: (kept: number, total: number) => `Lisibles hors ligne : ${digits(kept)} sur ${messages(total)}`,
  days: 'Période',
  daysHint: 'Les messages plus anciens restent dans les listes et sont téléchargés quand vous les ouvrez.',
  lastDays: (n: number) =>
    n === 365 ? 'La dernière année' : count(n, { one: 'Le dernier jour', other: 'Les # derniers jours' }),
  everything: 'Tout',
  forecast: (n: number, size: string) => `environ ${size} pour ${messages(n)}`,
  forecastFull: (n: number, size: string) =>
    `environ ${size} pour ${messages(n)} : plus que la limite ci-dessous`,
  forecasting: 'Calcul en cours…',
  forecastPartly: (n: number) =>
    count(n, {
      one: 'Calculé à partir de # message listé jusqu’ici.',
      many: 'Calculé à partir des # de messages listés jusqu’ici.',
      other: 'Calculé à partir des # messages listés jusqu’ici.',
    }),
  octets: 'Au maximum',
  octetsHint:
    'Quand l’espace est plein, les messages les plus anciens cèdent la place aux nouveaux. Rien n’est supprimé du serveur.',
  attachments: 'Les pièces jointes aussi',
  attachmentsHint: (size: string) =>
    `Jusqu’à 25 Mo chacune, environ ${size} pour la période choisie. Sinon, une pièce jointe est téléchargée quand vous l’ouvrez.`,
  pinnedTitle: 'Conservés quel que soit leur âge',
  pinnedHint: 'Avec toutes les pièces jointes, dans la limite fixée.',
  pinnedMailboxes: 'Dossiers',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `Et aussi ${singles(emails)}.`
      : emails === 0
        ? `Et aussi ${conversations(threads)}.`
        : `Et aussi ${conversations(threads)} et ${singles(emails)}.`,
  pin: {
    mailboxes: 'Garder ce dossier hors ligne',
    threads: 'Garder cette conversation hors ligne',
    emails: 'Garder ce message hors ligne',
  },
  pinned: 'Gardé hors ligne',
  pinnedByOther: 'Gardé hors ligne avec son dossier ou sa conversation',
  pinDone: 'Désormais conservé sur cet appareil.',
  unpinDone: 'Conservé seulement tant qu’il y a de la place.',
  notChanged: 'Il n’y a plus de place sur cet appareil, pas même pour noter cela. Rien n’a été modifié.',
  device: 'Tout Mailferry sur cet appareil',
  deviceUsed: (used: number, quota: number) =>
    `${fileSize(used)} utilisés ; le navigateur accorde au maximum ${fileSize(quota)}.`,
  persisted: 'Le navigateur garde ces messages jusqu’à ce que vous les supprimiez.',
  notPersisted:
    'Quand l’appareil manque de place, le navigateur peut supprimer ces messages. Ils restent sur le serveur.',
  persist: 'Demander au navigateur de les garder',
  persistRefused:
    'Le navigateur n’a pas accepté. Il le fait pour les applications installées et pour celles que vous utilisez souvent.',
  tight:
    'Cet appareil manque de place. Les messages les plus anciens en ont été retirés et sont téléchargés quand vous les ouvrez.',
  noRoom:
    'Il n’y a plus de place sur cet appareil. Les nouveaux messages restent sur le serveur jusqu’à ce qu’il y en ait.',
  manage: 'Quelle part de ces messages peut être lue sans réseau.',
  toBudget: 'Ce qui est gardé ici',
  metered:
    'Économie de données : seules les listes sont téléchargées. Les messages le sont quand vous les ouvrez.',
  waitsForInstall:
    'Seuls les messages les plus récents sont ici tant que vous n’avez pas décidé d’installer ou non Mailferry.',
  goOn: 'Tout télécharger maintenant',
  wiped:
    'Le navigateur a supprimé les messages conservés sur cet appareil, comme il peut le faire quand la place manque ou qu’un site n’a pas servi depuis longtemps. Ils sont toujours sur le serveur : connectez-vous et ils reviendront, les plus récents d’abord.',
  wipedPending: (n: number | null) =>
    n === null
      ? 'Les modifications qui n’étaient pas encore parvenues au serveur sont perdues.'
      : count(n, {
          one: '# modification qui n’était pas encore parvenue au serveur est perdue.',
          many: '# de modifications qui n’étaient pas encore parvenues au serveur sont perdues.',
          other: '# modifications qui n’étaient pas encore parvenues au serveur sont perdues.',
        }),
  rebuilding:
    'Le navigateur avait supprimé les messages de cet appareil. Ils reviennent maintenant, les plus récents d’abord.',
  rebuildingPending: (n: number) =>
    count(n, {
      one: '# modification qui n’était pas encore parvenue au serveur a été perdue.',
      many: '# de modifications qui n’étaient pas encore parvenues au serveur ont été perdues.',
      other: '# modifications qui n’étaient pas encore parvenues au serveur ont été perdues.',
    }),
  install: {
    title: 'Installer Mailferry',
    text: 'Il s’ouvre depuis votre écran d’accueil, et le navigateur garde ses messages plus sûrement.',
    ios: 'Touchez le bouton Partager du navigateur, puis « Sur l’écran d’accueil », et ouvrez Mailferry depuis cet écran. L’application installée garde ses messages à part : installez-la donc avant que tout ne soit téléchargé ici.',
    yes: 'Installer',
    no: 'Pas maintenant',
    noIos: 'Rester dans le navigateur',
  },
  other: {
    title: 'Cet appareil contient les messages de quelqu’un d’autre',
    text: 'Vous ne vous êtes pas connecté avec l’identité de la personne dont les messages sont ici. Rien n’a encore été modifié.',
    pending: (n: number) =>
      count(n, {
        one: '# modification de cette personne n’est pas encore parvenue au serveur et serait perdue.',
        many: '# de modifications de cette personne ne sont pas encore parvenues au serveur et seraient perdues.',
        other:
          '# modifications de cette personne ne sont pas encore parvenues au serveur et seraient perdues.',
      }),
    keep: 'Tout laisser tel quel',
    replace: 'Les supprimer et continuer',
  },
};
