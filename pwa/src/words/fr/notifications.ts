import { count } from '../numbers.ts';

export const notifications = {
  title: 'Notifications',
  intro: 'Mailferry peut vous signaler les nouveaux messages sur cet appareil, même lorsqu’il est fermé.',
  private:
    'Ce qui passe par le service push du navigateur dit seulement que quelque chose a changé. Votre appareil récupère lui-même les messages.',
  on: 'Signaler les nouveaux messages sur cet appareil',
  turningOn: 'Demande au navigateur…',
  verifying: 'En attente de la première notification. Elle devrait arriver en moins d’une minute.',
  isOn: 'Les notifications sont activées.',
  problems: {
    unsupported: 'Ce navigateur ne peut pas afficher les notifications des applications web.',
    install:
      'Sur un iPhone ou un iPad, ajoutez d’abord Mailferry à l’écran d’accueil : ouvrez le menu de partage et choisissez « Sur l’écran d’accueil ». Ouvrez-le ensuite depuis cet écran.',
    denied:
      'Ce navigateur ne laisse pas Mailferry afficher de notifications. Autorisez-les pour ce site dans les réglages du navigateur, puis réessayez.',
    'no-service':
      'Le navigateur n’a pas pu joindre son service push. Vérifiez la connexion, et que le navigateur autorise les notifications push des sites.',
    'server-key': 'Votre serveur ne propose pas encore de notifications.',
    failed: 'Les notifications n’ont pas pu être activées. Vérifiez la connexion et réessayez.',
  },
  which: 'Quels messages',
  account: 'Signaler les messages de ce compte',
  more: (n: number) =>
    count(n, { one: '# autre dossier', many: '# d’autres dossiers', other: '# autres dossiers' }),
  quiet: 'Heures calmes',
  quietOn: 'Rester silencieux à certaines heures',
  quietText: 'Les messages qui arrivent alors sont affichés sans son.',
  quietOther: 'D’autres heures pour un compte ou un dossier',
  quietChoose: 'Choisir…',
  quietAsDevice: 'Utiliser les heures de cet appareil',
  from: 'De',
  to: 'À',
  tryOut: 'Afficher une notification d’essai',
  notice: {
    many: (n: number) =>
      count(n, {
        one: '# nouveau message',
        many: '# de nouveaux messages',
        other: '# nouveaux messages',
      }),
    quiet: 'Arrivé pendant vos heures calmes.',
    noSubject: 'Sans objet',
    noSender: 'Expéditeur inconnu',
    nothing: 'Votre messagerie est à jour',
    nothingText: 'Rien de nouveau dans les dossiers que vous avez choisis.',
    unread: 'De nouveaux messages sont arrivés',
    unreadText: 'Ouvrez Mailferry pour les lire.',
    ready: 'Les notifications sont activées',
    readyText: 'C’est ainsi que les nouveaux messages seront signalés.',
  },
};
