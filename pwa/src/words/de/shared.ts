export const shared = {
  title: 'Eine Nachricht als Datei',
  none: 'Es wurde keine Nachricht geteilt',
  noneText: 'Eine .eml-Datei, die mit Mailferry geteilt oder geöffnet wird, erscheint hier.',
  states: {
    opening: 'Die Nachricht wird geöffnet …',
    waiting:
      'Der Server ist nicht erreichbar. Die Nachricht bleibt hier und wird geöffnet, sobald es Netz gibt.',
    unreadable: 'Diese Datei ist keine lesbare Nachricht.',
  },
  unchecked: 'Aus einer Datei. Niemand hat geprüft, von wem sie ist.',
  account: 'Konto',
  put: 'In den Posteingang legen',
  remove: 'Von hier entfernen',
  refused: 'Der Server hat diese Nachricht nicht angenommen.',
};
