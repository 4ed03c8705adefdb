import { count } from '../numbers.ts';

export const trouble = {
  titles: {
    newer: 'Une version plus récente a enregistré ces messages',
    blocked: 'Un autre onglet retient les messages',
    noRoom: 'Il n’y a plus de place sur cet appareil',
    closed: 'Ce navigateur ne conserve rien ici',
    broken: 'Les messages de cet appareil ne peuvent pas être ouverts',
  },
  texts: {
    newer:
      'Une version plus récente de Mailferry a changé la façon d’enregistrer les messages sur cet appareil, et cette version ne peut pas les lire. Réessayez pour charger la plus récente.',
    blocked:
      'Une version plus ancienne de Mailferry est encore ouverte dans un autre onglet ou une autre fenêtre. Fermez les autres, puis réessayez.',
    noRoom:
      'Il n’y a même pas la place d’ouvrir les messages. Libérez de la place sur l’appareil, puis réessayez.',
    closed:
      'Dans une fenêtre privée, ou si les réglages du navigateur l’interdisent, Mailferry ne peut pas conserver de messages sur cet appareil. Autorisez-le, ou ouvrez Mailferry dans une fenêtre ordinaire, puis réessayez.',
    broken:
      'Ce que le navigateur a enregistré est endommagé, ou il refuse de le lire. Il suffit parfois de fermer toutes les fenêtres du navigateur et de réessayer.',
  },
  rebuildText:
    'La reconstruction supprime ce qui est enregistré ici et le récupère à nouveau sur le serveur, le plus récent d’abord. Rien ne change sur le serveur.',
  kept: (n: number) =>
    count(n, {
      one: '# modification qui n’a pas atteint le serveur est lisible et sera conservée.',
      many: '# de modifications qui n’ont pas atteint le serveur sont lisibles et seront conservées.',
      other: '# modifications qui n’ont pas atteint le serveur sont lisibles et seront conservées.',
    }),
  lost: (n: number | null) =>
    n === null
      ? 'Impossible de lire si des modifications attendent ici sans avoir atteint le serveur. Elles seraient perdues.'
      : count(n, {
          one: '# modification qui n’a pas atteint le serveur est illisible et serait perdue.',
          many: '# de modifications qui n’ont pas atteint le serveur sont illisibles et seraient perdues.',
          other: '# modifications qui n’ont pas atteint le serveur sont illisibles et seraient perdues.',
        }),
  signIn: 'Vous devrez vous reconnecter.',
  tryAgain: 'Réessayer',
  rebuild: 'Reconstruire depuis le serveur',
  rebuilding: 'Reconstruction…',
  failed:
    'Le navigateur ne libère pas ce qu’il a enregistré. Fermez toutes les autres fenêtres de Mailferry, ou supprimez les données de ce site dans les réglages du navigateur.',
  opening: 'Ouverture de vos messages. Après une mise à jour, cela peut prendre un moment.',
  partTitle: 'Cette page n’a pas pu être chargée',
  partText:
    'Elle appartient peut-être à une version de Mailferry qui n’existe plus, ou le réseau a fait défaut. Vos messages sont toujours là.',
};
