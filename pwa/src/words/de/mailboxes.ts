import { count } from '../numbers.ts';

export const mailboxes = {
  new: (account: string) => `Neuer Ordner in ${account}`,
  change: (name: string) => `Ordner „${name}“ ändern`,
  newTitle: 'Neuer Ordner',
  title: (name: string) => `Ordner „${name}“`,
  name: 'Name',
  atServer: 'Ordner werden auf dem Server angelegt und geändert, deshalb ist dafür eine Verbindung nötig.',
  create: 'Anlegen',
  createInside: 'Neuer Unterordner …',
  rename: 'Umbenennen',
  delete: 'Ordner löschen',
  deleteEmpty: 'In diesem Ordner sind keine Nachrichten.',
  deleteFull: (n: number) =>
    count(n, {
      one: 'Die Nachricht darin wird in den Papierkorb verschoben.',
      other: 'Die # Nachrichten darin werden in den Papierkorb verschoben.',
    }),
  noTrash:
    'In diesem Ordner sind Nachrichten, und dieses Konto hat keinen Papierkorb. Die Nachrichten zuerst woandershin verschieben.',
  unreachable:
    'Der Server ist gerade nicht erreichbar, und Ordner werden dort angelegt und geändert. Bitte später erneut versuchen.',
  refused: 'Der Server hat das abgelehnt.',
  reasons: {
    mailboxHasChild: 'Dieser Ordner enthält weitere Ordner. Diese zuerst löschen.',
    mailboxHasEmail: 'Inzwischen ist eine Nachricht in diesen Ordner gekommen. Bitte erneut versuchen.',
    notFound: 'Diesen Ordner gibt es nicht mehr.',
    forbidden: 'Der Server erlaubt das nicht.',
  } as Record<string, string>,
};
