export const shared = {
  title: 'Un message sous forme de fichier',
  none: 'Aucun message n’a été partagé',
  noneText: 'Partagez un fichier .eml avec Mailferry, ou ouvrez-en un avec lui : il s’affiche ici.',
  states: {
    opening: 'Ouverture du message…',
    waiting:
      'Le serveur est injoignable. Le message est conservé ici et sera ouvert dès qu’il y aura du réseau.',
    unreadable: 'Ce fichier n’est pas un message lisible.',
  },
  unchecked: 'Provient d’un fichier. Personne n’a vérifié de qui il vient.',
  account: 'Compte',
  put: 'Le placer dans la boîte de réception',
  remove: 'Le retirer d’ici',
  refused: 'Le serveur n’a pas accepté ce message.',
};
