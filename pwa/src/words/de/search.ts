import type { OwnNames } from '../../search/query.ts';
import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' });

export const search = {
  title: 'Suche',
  field: 'Alle E-Mails durchsuchen',
  clear: 'Suche leeren',
  results: 'Suchergebnisse',
  narrow: 'Suche eingrenzen',
  /** How each suggestion is called; what is typed is in `ownNames`. */
  operators: {
    from: 'Von',
    to: 'An',
    subject: 'Betreff',
    has: 'Mit Anhang',
    is: '',
    in: 'Im Ordner',
    before: 'Vor',
    after: 'Nach',
    account: 'Im Konto',
  } as Record<string, string>,
  ownNames: [
    ['von', 'from'],
    ['an', 'to'],
    ['betreff', 'subject'],
    ['ordner', 'in'],
    ['vor', 'before'],
    ['nach', 'after'],
    ['seit', 'after'],
    ['konto', 'account'],
  ] as OwnNames,
  unread: 'Ungelesen',
  starred: 'Mit Stern',
  all: (n: number) => `${messages(n)} auf diesem Gerät vollständig durchsucht.`,
  ready: (n: number) =>
    count(n, {
      one: 'Die # Nachricht auf diesem Gerät ist auffindbar.',
      other: 'Alle # Nachrichten auf diesem Gerät sind auffindbar.',
    }),
  allFound: (found: number, n: number) =>
    `${count(found, { one: '# Treffer', other: '# Treffer' })} in ${messages(n)} auf diesem Gerät.`,
  partly: (searched: number, total: number) =>
    `${digits(searched)} von ${messages(total)} auf diesem Gerät sind mit ihrem ganzen Inhalt auffindbar.`,
  here: (searched: number, total: number) =>
    `${digits(searched)} von ${messages(total)} auf diesem Gerät durchsucht.`,
  asking: (searched: number, total: number) =>
    `${digits(searched)} von ${messages(total)} auf diesem Gerät durchsucht. Der Server wird gefragt …`,
  hereAndServer: (searched: number, total: number) =>
    `${digits(searched)} von ${messages(total)} auf diesem Gerät durchsucht … und auf dem Server.`,
  hereOffline: (searched: number, total: number) =>
    `${digits(searched)} von ${messages(total)} auf diesem Gerät durchsucht. Der Server ist gerade nicht erreichbar.`,
  opening: 'Der Suchindex wird geöffnet …',
  building: (searched: number, total: number) =>
    `Die Suche wird vorbereitet: ${digits(searched)} von ${messages(total)} auf diesem Gerät.`,
  serverOnly:
    'Dieser Browser behält hier keinen Suchindex, wie in einem privaten Fenster. Stattdessen sucht der Server.',
  serverOnlyOffline:
    'Dieser Browser behält hier keinen Suchindex, und der Server ist gerade nicht erreichbar.',
  startTitle: 'Jede Nachricht finden',
  startText:
    'Einen Namen, ein Wort oder einen Wortanfang eingeben. Wörter, die zusammengehören, in "Anführungszeichen" setzen. Die englischen Namen (from:, to:, subject: …) gelten auch.',
  examples: [
    ['von:mara', 'von einer Person'],
    ['betreff:"neuer Fahrplan"', 'mit diesen Wörtern im Betreff'],
    ['has:attachment seit:2026-01', 'mit einer Datei, seit Januar 2026'],
    ['boot -is:read ordner:archiv', 'ungelesen in einem Ordner, über ein Boot'],
  ] as [string, string][],
  nothing: 'Nichts gefunden',
  nothingText: 'Weniger oder kürzere Wörter versuchen. Der Anfang eines Wortes genügt.',
  nothingYet: 'Bisher nichts gefunden',
  unknown: (typed: string) => `„${typed}“ wurde bei der Suche ausgelassen: Der Wert ist nicht bekannt.`,
  held: (n: number) =>
    count(n, {
      one: '# neueren Treffer vom Server anzeigen',
      other: '# neuere Treffer vom Server anzeigen',
    }),
  choose: 'Einen Treffer zum Lesen auswählen',
};
