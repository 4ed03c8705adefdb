import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';

const messages = (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' });
const conversations = (n: number) => count(n, { one: '# Konversation', other: '# Konversationen' });
const singles = (n: number) => count(n, { one: '# einzelne Nachricht', other: '# einzelne Nachrichten' });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'Auf diesem Gerät',
  summary: (kept: number, size: string) => `${messages(kept)} offline lesbar, ${size}`,
  used: (size: string, of: string) => `${size} von ${of} belegt`,
  usedLabel: (name: string) => `Platz, den ${name} auf diesem Gerät belegt`,
  readable: (kept: number, total: number) => `${digits(kept)} von ${messages(total)} offline lesbar`,
  days: 'Zeitraum',
  daysHint: 'Ältere Nachrichten bleiben in den Listen und werden beim Öffnen geladen.',
  lastDays: (n: number) =>
    n === 365 ? 'Das letzte Jahr' : count(n, { one: 'Der letzte Tag', other: 'Die letzten # Tage' }),
  everything: 'Alles',
  forecast: (n: number, size: string) => `etwa ${size} für ${messages(n)}`,
  forecastFull: (n: number, size: string) => `etwa ${size} für ${messages(n)}: mehr als die Obergrenze unten`,
  forecasting: 'Wird berechnet …',
  forecastPartly: (n: number) =>
    count(n, {
      one: 'Berechnet aus der # Nachricht, die bisher aufgelistet ist.',
      other: 'Berechnet aus den # Nachrichten, die bisher aufgelistet sind.',
    }),
  octets: 'Höchstens',
  octetsHint:
    'Ist der Platz aufgebraucht, weichen die ältesten Nachrichten den neuen. Auf dem Server wird nichts entfernt.',
  attachments: 'Auch Anhänge',
  attachmentsHint: (size: string) =>
    `Bis zu je 25 MB, etwa ${size} für den gewählten Zeitraum. Sonst wird ein Anhang erst beim Öffnen geladen.`,
  pinnedTitle: 'Unabhängig vom Alter behalten',
  pinnedHint: 'Mit allen Anhängen, innerhalb der Obergrenze.',
  pinnedMailboxes: 'Ordner',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `Außerdem ${singles(emails)}.`
      : emails === 0
        ? `Außerdem ${conversations(threads)}.`
        : `Außerdem ${conversations(threads)} und ${singles(emails)}.`,
  pin: {
    mailboxes: 'Diesen Ordner offline behalten',
    threads: 'Diese Konversation offline behalten',
    emails: 'Diese Nachricht offline behalten',
  },
  pinned: 'Bleibt offline verfügbar',
  pinnedByOther: 'Bleibt mit Ordner oder Konversation offline verfügbar',
  pinDone: 'Bleibt von jetzt an auf diesem Gerät.',
  unpinDone: 'Bleibt nur noch, solange Platz ist.',
  notChanged:
    'Auf diesem Gerät ist kein Platz mehr, nicht einmal, um das zu vermerken. Es wurde nichts geändert.',
  device: 'Ganz Mailferry auf diesem Gerät',
  deviceUsed: (used: number, quota: number) =>
    `${fileSize(used)} belegt, der Browser gewährt höchstens ${fileSize(quota)}.`,
  persisted: 'Der Browser behält diese E-Mails, bis sie von Hand entfernt werden.',
  notPersisted:
    'Wenn auf dem Gerät der Platz knapp wird, darf der Browser diese E-Mails entfernen. Auf dem Server bleiben sie erhalten.',
  persist: 'Den Browser bitten, sie zu behalten',
  persistRefused:
    'Der Browser hat nicht zugestimmt. Er tut es bei installierten Apps und bei solchen, die oft benutzt werden.',
  tight:
    'Auf diesem Gerät ist der Platz knapp. Die ältesten Nachrichten wurden von ihm entfernt und werden beim Öffnen wieder geladen.',
  noRoom: 'Auf diesem Gerät ist kein Platz mehr. Neue E-Mails bleiben auf dem Server, bis wieder Platz ist.',
  manage: 'Wie viele dieser E-Mails ohne Netz lesbar sind.',
  toBudget: 'Was hier behalten wird',
  metered: 'Datensparmodus: Nur Listen werden geladen. Nachrichten werden beim Öffnen geladen.',
  waitsForInstall:
    'Bis zur Entscheidung, ob Mailferry installiert werden soll, sind nur die neuesten Nachrichten hier.',
  goOn: 'Jetzt alle laden',
  wiped:
    'Der Browser hat die E-Mails von diesem Gerät entfernt. Das darf er, wenn der Platz knapp ist oder eine Website lange nicht benutzt wurde. Auf dem Server sind sie noch: Nach dem Anmelden kommen sie zurück, die neuesten zuerst.',
  wipedPending: (n: number | null) =>
    n === null
      ? 'Änderungen, die den Server noch nicht erreicht hatten, sind verloren.'
      : count(n, {
          one: '# Änderung, die den Server noch nicht erreicht hatte, ist verloren.',
          other: '# Änderungen, die den Server noch nicht erreicht hatten, sind verloren.',
        }),
  rebuilding:
    'Der Browser hatte die E-Mails von diesem Gerät entfernt. Sie kommen jetzt zurück, die neuesten zuerst.',
  rebuildingPending: (n: number) =>
    count(n, {
      one: '# Änderung, die den Server noch nicht erreicht hatte, ging verloren.',
      other: '# Änderungen, die den Server noch nicht erreicht hatten, gingen verloren.',
    }),
  install: {
    title: 'Mailferry installieren',
    text: 'Es öffnet sich dann vom Startbildschirm, und der Browser bewahrt die E-Mails zuverlässiger auf.',
    ios: 'Im Browser auf „Teilen“ und dann auf „Zum Home-Bildschirm“ tippen und Mailferry von dort öffnen. Die installierte App bewahrt ihre E-Mails getrennt auf. Deshalb am besten installieren, bevor hier alles geladen ist.',
    yes: 'Installieren',
    no: 'Nicht jetzt',
    noIos: 'Im Browser bleiben',
  },
  other: {
    title: 'Auf diesem Gerät sind die E-Mails einer anderen Person',
    text: 'Diese Anmeldung gehört zu einer anderen Person als die E-Mails auf diesem Gerät. Noch wurde nichts geändert.',
    pending: (n: number) =>
      count(n, {
        one: '# Änderung dieser Person hat den Server noch nicht erreicht und ginge verloren.',
        other: '# Änderungen dieser Person haben den Server noch nicht erreicht und gingen verloren.',
      }),
    keep: 'Alles lassen, wie es ist',
    replace: 'Entfernen und fortfahren',
  },
};
