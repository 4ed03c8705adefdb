import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const welcome = {
  title: 'Ihre E-Mails, mit und ohne Netz',
  text: 'Mailferry ruft Ihre E-Mails per POP und IMAP ab und bringt sie auf jedes Gerät. Was auf diesem Gerät ist, öffnet sich sofort: im Zug, auf der Fähre, überall.',
  signIn: 'Anmelden',
  signingIn: 'Anmeldung läuft …',
  failed: 'Die Anmeldung ist fehlgeschlagen. Bitte erneut versuchen.',
  unreachable: 'Der Server ist nicht erreichbar. Bitte die Verbindung prüfen und erneut versuchen.',
};

export const nav = {
  mailboxes: 'Ordner',
  mailboxesOf: (name: string) => `Ordner von ${name}`,
  open: 'Ordner öffnen',
  close: 'Schließen',
  allInboxes: 'Alle Posteingänge',
  accounts: 'Konten',
  outbox: 'Postausgang',
  main: 'Hauptbereiche',
  inbox: 'Posteingang',
  search: 'Suche',
  settings: 'Einstellungen',
  unread: (n: number) => `${digits(n)} ungelesen`,
};

export const roles: Record<string, string> = {
  inbox: 'Posteingang',
  archive: 'Archiv',
  drafts: 'Entwürfe',
  junk: 'Spam',
  sent: 'Gesendet',
  trash: 'Papierkorb',
  all: 'Alle Nachrichten',
  flagged: 'Mit Stern',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `Aktualisiert: ${when(at)}.`),
  offline: (at: number | null) => (at === null ? 'Offline.' : `Offline. Aktualisiert: ${when(at)}.`),
  signInNeeded: 'Bitte erneut anmelden, um neue E-Mails zu erhalten.',
  signIn: 'Anmelden',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `Liste lädt: ${digits(fetched)} …`
      : `Liste lädt: ${digits(fetched)} von ${digits(total)} …`,
  bodies: (kept: number, total: number) => `Inhalte laden: ${digits(kept)} von ${digits(total)} …`,
  waiting: (n: number) =>
    count(n, {
      one: '# Änderung wartet auf eine Verbindung',
      other: '# Änderungen warten auf eine Verbindung',
    }),
  waitingForSignIn: (n: number) =>
    count(n, { one: '# Änderung wartet auf die Anmeldung', other: '# Änderungen warten auf die Anmeldung' }),
  refused: (n: number) =>
    count(n, {
      one: '# Änderung wurde vom Server abgelehnt',
      other: '# Änderungen wurden vom Server abgelehnt',
    }),
  newVersion: 'Eine neue Version von Mailferry ist bereit.',
  update: 'Aktualisieren',
};

export const done = {
  undo: 'Rückgängig machen',
  newMail: 'Neue E-Mails werden gesucht …',
};

export const errors = {
  notFound: 'Diese Seite gibt es nicht',
  home: 'Zum Posteingang',
};
