import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

const messages = (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' });

/** The list of accounts, and what an account's page says of its health. */
export const accounts = {
  title: 'Konten',
  add: 'Konto hinzufügen',
  none: 'Das erste Konto hinzufügen',
  noneText:
    'Mailferry braucht ein POP- oder IMAP-Konto, um E-Mails abzurufen. Das Passwort wird verschlüsselt abgelegt und nie wieder angezeigt.',
  phases: {
    new: 'Noch nicht abgerufen',
    pulling: 'E-Mails werden abgerufen',
    ok: 'In Ordnung',
    failing: 'Wird erneut versucht',
    stopped: 'Eingreifen erforderlich',
    paused: 'Angehalten',
  },
  archive: 'Archiv, ohne Mailserver',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? `${messages(stored)} gespeichert`
      : `${digits(stored)} von ${messages(atSource)} gespeichert`,
  quarantined: (n: number) =>
    count(n, {
      one: '# Nachricht ist zurückgestellt, weil sie nicht verarbeitet werden konnte',
      other: '# Nachrichten sind zurückgestellt, weil sie nicht verarbeitet werden konnten',
    }),
  device: (kept: number, total: number, size: string) =>
    `${digits(kept)} von ${messages(total)} auf diesem Gerät offline lesbar (${size})`,
  full: 'Der Platz für E-Mails auf diesem Gerät ist aufgebraucht; ältere Nachrichten werden beim Öffnen geladen.',
  lastSuccess: (at: number) => `Zuletzt abgerufen: ${when(at)}`,
  nextCheck: (at: number) => `Nächster Abruf: ${at > Date.now() ? when(at) : 'jeden Moment'}`,
  next: (at: number) => `Nächster Versuch: ${when(at)}`,
  check: 'Jetzt abrufen',
  checkOf: (name: string) => `Jetzt abrufen: ${name}`,
  checking: 'Mailferry sucht jetzt nach neuen E-Mails.',
  details: 'Details',
  detailsOf: (name: string) => `Details zu ${name}`,
  settings: 'Einstellungen',
  mend: 'Einstellungen ändern',
  back: 'Zurück zu den Konten',
  backTo: (name: string) => `Zurück zu ${name}`,
  gone: 'Dieses Konto gibt es hier nicht mehr.',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  paused: 'Angehalten. Der Mailserver wird bis zum Fortsetzen nicht mehr abgefragt.',
  resumed: 'Fortgesetzt. Mailferry sucht jetzt nach neuen E-Mails.',
  progress: (name: string) => `Wie viel von ${name} gespeichert ist`,
  serverMail: 'E-Mails auf dem Server',
  setAside: 'Zurückgestellt',
  setAsideNone: 'Alle Nachrichten konnten verarbeitet werden.',
  files: 'Import und Export',
  filesText: 'Alte E-Mails hereinholen oder alle E-Mails mitnehmen.',
  colour: 'Farbe',
  colourHint: 'Erscheint auf diesem Gerät neben den Nachrichten des Kontos, sobald es mehrere Konten gibt.',
  colours: [
    'Meer',
    'Pflaume',
    'Bernstein',
    'Blatt',
    'Rose',
    'Himmel',
    'Ziegel',
    'Schiefer',
  ] as readonly string[],
  remove: 'Konto entfernen …',
  cancel: 'Abbrechen',
  offline:
    'Der Server ist gerade nicht erreichbar. Bitte erneut versuchen, sobald wieder eine Verbindung besteht.',
  offlineList: 'Diese Liste liegt auf dem Server, der gerade nicht erreichbar ist.',
  loadingList: 'Der Server wird gefragt …',
  again: 'Erneut versuchen',
  failed: (reason: string) => `Das hat nicht geklappt. ${reason}`,
  signOut: 'Abmelden',
  signOutTitle: 'Auf diesem Gerät abmelden?',
  signOutText:
    'Alle E-Mails werden von diesem Gerät entfernt. Auf dem Server und auf anderen Geräten bleiben sie erhalten.',
  signOutPending: (n: number) =>
    count(n, {
      one: '# Änderung hat den Server noch nicht erreicht und geht verloren.',
      other: '# Änderungen haben den Server noch nicht erreicht und gehen verloren.',
    }),
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `${name} entfernen?`,
  here: (n: number) =>
    count(n, {
      one: 'Die # Nachricht dieses Kontos, seine Einstellungen und sein Passwort werden aus Mailferry und von allen Geräten gelöscht.',
      other:
        'Die # Nachrichten dieses Kontos, seine Einstellungen und sein Passwort werden aus Mailferry und von allen Geräten gelöscht.',
    }),
  source: 'Die E-Mails auf dem Mailserver bleiben, wie sie sind.',
  onlyHere: (n: number) =>
    count(n, {
      one: '# Nachricht davon wurde vom Mailserver entfernt, weil sie hier gespeichert ist. Es gibt sie sonst nirgends, und sie geht verloren.',
      other:
        '# Nachrichten davon wurden vom Mailserver entfernt, weil sie hier gespeichert sind. Es gibt sie sonst nirgends, und sie gehen verloren.',
    }),
  archive: 'Diese E-Mails gibt es sonst nirgends, und sie gehen verloren.',
  pending: (n: number) =>
    count(n, {
      one: '# Ihrer Änderungen hat den Server noch nicht erreicht und geht verloren.',
      other: '# Ihrer Änderungen haben den Server noch nicht erreicht und gehen verloren.',
    }),
  export: 'Vorher exportieren',
  understood: 'Mir ist klar, dass diese E-Mails nicht wiederhergestellt werden können',
  confirm: 'Konto entfernen',
  removing: 'Wird entfernt …',
  removed: (name: string) => `${name} wurde entfernt, auch von diesem Gerät.`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'E-Mails auf dem Server',
  text: 'Mailferry bewahrt von jeder Nachricht eine Kopie auf. Was soll mit dem Exemplar auf dem Mailserver geschehen?',
  archive: 'Ein Archiv hat keinen Mailserver.',
  policies: {
    keep: 'Behalten',
    afterDays: 'Nach einigen Tagen entfernen',
    onceStored: 'Sofort entfernen',
    whenDestroyed: 'Entfernen, was ich hier lösche',
  },
  texts: {
    keep: 'Mailferry entfernt von sich aus nichts. Bei IMAP wird, was hier endgültig gelöscht wird, auch dort gelöscht.',
    afterDays:
      'Jede Nachricht bleibt noch einige Tage auf dem Server, nachdem sie hier gespeichert wurde. Hier bleibt sie erhalten.',
    onceStored:
      'Sobald eine Nachricht hier gespeichert ist. Das schafft den meisten Platz. Hier bleibt sie erhalten.',
    whenDestroyed: 'Nur was hier endgültig gelöscht wird, wird auch auf dem Server gelöscht.',
  },
  summaries: {
    keep: 'Sie bleiben dort.',
    onceStored: 'Sie werden entfernt, sobald sie hier gespeichert sind.',
    whenDestroyed: 'Sie werden entfernt, wenn sie hier gelöscht werden.',
  },
  summaryDays: (days: number) =>
    count(days, {
      one: 'Sie werden dort # Tag nach dem Speichern entfernt.',
      other: 'Sie werden dort # Tage nach dem Speichern entfernt.',
    }),
  days: 'Tage auf dem Server',
  daysHint: 'Von 1 bis 3.650.',
  proof:
    'Bevor etwas entfernt wird, liest Mailferry die eigene Kopie noch einmal und vergleicht sie mit ihrer Prüfsumme. Jede Auffälligkeit hält das Entfernen an.',
  others:
    'Andere Programme und Geräte, die dieses Postfach lesen, finden dort nicht mehr, was Mailferry entfernt hat.',
  save: 'Speichern',
  saved: 'Gespeichert.',
  confirmTitle: 'E-Mails vom Server entfernen?',
  confirmText: (stored: number) =>
    `Das gilt auch für das, was schon gespeichert ist: zurzeit ${messages(stored)}. In Mailferry bleibt alles erhalten, und auf den Geräten, soweit Platz ist.`,
  confirm: 'Dort entfernen',
  frozen: 'Zurzeit wird nichts entfernt',
  unfreeze: 'Entfernen wieder erlauben',
  unfreezeTitle: 'Entfernen wieder erlauben?',
  unfreezeText:
    'Mailferry hat angehalten, weil auf dem Server etwas nicht wie erwartet war. Bitte erst prüfen, ob die E-Mails hier vollständig sind. Danach werden wieder E-Mails vom Server entfernt.',
  unfrozen: 'Vom Server dürfen wieder E-Mails entfernt werden.',
  receipts: 'Bisher entfernt',
  receiptsNone: 'Bisher wurde nichts vom Server entfernt.',
  receiptsSum: (n: number, since: string, freed: string) =>
    `${messages(n)} seit dem ${since} vom Server entfernt, jeweils erst nach dem Speichern. Dort wurden damit ${freed} frei.`,
  receiptsShow: 'Belege anzeigen',
  receiptsMore: 'Mehr anzeigen',
  receiptOf: (at: string, size: string) => `Entfernt: ${at} · ${size}`,
  outcomes: {
    confirmed: 'Der Server hat es bestätigt.',
    gone: 'Der Server führt sie nicht mehr auf.',
  },
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  notOnDevice: 'Eine Nachricht, die nicht auf diesem Gerät ist',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: 'Zurückgestellt',
  text: 'Diese Nachrichten konnten nicht verarbeitet werden. Sie sind noch auf dem Mailserver, und ihretwegen wird dort nichts entfernt.',
  empty: 'Nichts zurückgestellt',
  emptyText: 'Alle Nachrichten dieses Kontos konnten verarbeitet werden.',
  message: (uid: string, mailbox: string) => `Nachricht ${uid} in ${mailbox}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null
      ? `Seit: ${since}. Zuletzt versucht: ${tried}.`
      : `${size}. Seit: ${since}. Zuletzt versucht: ${tried}.`,
  retry: 'Erneut versuchen',
  retryOf: (what: string) => `Erneut versuchen: ${what}`,
  retryAll: 'Alle erneut versuchen',
  asked: (n: number) =>
    count(n, {
      one: '# Nachricht wird jetzt erneut versucht.',
      other: '# Nachrichten werden jetzt erneut versucht.',
    }),
  waits: 'Das Konto ist angehalten; der neue Versuch beginnt erst nach dem Fortsetzen.',
  save: 'Unverändert speichern',
  saveOf: (what: string) => `Unverändert speichern: ${what}`,
  more: 'Mehr anzeigen',
};
