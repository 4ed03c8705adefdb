export const settings = {
  title: 'Einstellungen',
  text: 'Sie gelten nur für dieses Gerät.',
  language: 'Sprache',
  ofDevice: 'Wie im Browser eingestellt',
  lists: 'Listen',
  threads: 'Konversationen anzeigen',
  threadsText: 'Nachrichten, die aufeinander antworten, bilden eine Zeile und öffnen sich zusammen.',
  swipes: 'Über eine Nachricht wischen',
  swipesText:
    'Was ein Wischen bewirkt, lässt sich rückgängig machen. Langes Drücken wählt eine Nachricht aus.',
  swipeRight: 'Nach rechts',
  swipeLeft: 'Nach links',
  actions: {
    archive: 'Archivieren',
    trash: 'In den Papierkorb verschieben',
    read: 'Als gelesen oder ungelesen markieren',
    star: 'Stern hinzufügen oder entfernen',
    nothing: 'Nichts',
  },
  notHere: 'In diesem Konto gibt es keinen solchen Ordner.',
  keysText: 'In einer Liste zeigt die Taste ? alle an.',
};
