export const settings = {
  title: 'Paramètres',
  text: 'Ils ne concernent que cet appareil.',
  language: 'Langue',
  ofDevice: 'Celle demandée par le navigateur',
  lists: 'Listes',
  threads: 'Afficher les conversations',
  threadsText: 'Les messages qui se répondent forment une seule ligne et s’ouvrent ensemble.',
  swipes: 'Balayer un message',
  swipesText:
    'L’effet d’un balayage peut être annulé. Laisser le doigt appuyé sur un message le sélectionne.',
  swipeRight: 'Vers la droite',
  swipeLeft: 'Vers la gauche',
  actions: {
    archive: 'Archiver',
    trash: 'Placer dans la corbeille',
    read: 'Marquer comme lu ou non lu',
    star: 'Ajouter ou retirer l’étoile',
    nothing: 'Rien',
  },
  notHere: 'Ce compte n’a pas de dossier de ce type.',
  keysText: 'Appuyez sur ? dans une liste pour les voir tous.',
};
