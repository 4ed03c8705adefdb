import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# Nachricht', other: '# Nachrichten' });

/** Import and export of mail files. */
export const transfer = {
  title: 'Import und Export',
  import: 'E-Mails aus einer Datei importieren',
  importText:
    'Eine mbox-Datei, eine einzelne Nachricht (.eml) oder ein zip-Archiv davon. Was schon hier ist, wird nicht doppelt gespeichert.',
  importImap: 'Importierte Nachrichten werden auch auf dem Mailserver abgelegt.',
  importPop: 'Importierte Nachrichten liegen nur in Mailferry und werden nicht an den Mailserver gesendet.',
  file: 'Datei',
  choose: 'Auswählen …',
  noFile: 'Keine Datei ausgewählt',
  into: 'Zielordner',
  folders: 'Ordner wie im zip-Archiv anlegen',
  start: 'Importieren',
  uploading: (name: string, sent: string, size: string) => `${name} wird gesendet: ${sent} von ${size}`,
  uploadFailed: (reason: string) => `Die Datei wurde nicht gesendet. ${reason}`,
  stop: 'Abbrechen',
  imports: 'Importe der letzten Woche',
  ofImport: (size: string, at: string) => `${size}, ${at}`,
  types: { mbox: 'mbox-Datei', eml: 'Einzelne Nachricht', zip: 'zip-Archiv' },
  statuses: {
    waiting: 'Noch nicht an der Reihe',
    running: 'Läuft',
    done: 'Abgeschlossen',
    failed: 'Aufgegeben',
  },
  handled: (done: string, all: string) => `${done} von ${all} gelesen`,
  imported: (n: number) => `${messages(n)} importiert`,
  duplicates: (n: number) => count(n, { one: '# war schon hier', other: '# waren schon hier' }),
  failed: (n: number) =>
    count(n, {
      one: '# Nachricht konnte nicht übernommen werden',
      other: '# Nachrichten konnten nicht übernommen werden',
    }),
  ignored: (n: number) =>
    count(n, { one: '# Datei ist keine E-Mail', other: '# Dateien sind keine E-Mails' }),
  failures: 'Was nicht übernommen werden konnte',
  failure: (at: string, reason: string) => `${at}: ${reason}`,
  notAll: 'Nur die ersten hundert sind aufgeführt.',
  forget: 'Aus dieser Liste entfernen',
  export: 'Alle E-Mails exportieren',
  exportText:
    'Alle E-Mails dieses Kontos als Dateien, die andere Programme lesen können. Diese Seite kann währenddessen verlassen werden.',
  exportTypes: {
    mbox: 'mbox: eine Datei pro Ordner, für E-Mail-Programme',
    zip: 'zip: eine .eml-Datei pro Nachricht',
  },
  exportStart: 'Exportieren',
  exports: 'Exporte der letzten Woche',
  exported: (n: number, total: number) => `${digits(n)} von ${messages(total)} geschrieben`,
  missing: (n: number) =>
    count(n, {
      one: '# Nachricht konnte nicht geschrieben werden, weil ihre Daten fehlen.',
      other: '# Nachrichten konnten nicht geschrieben werden, weil ihre Daten fehlen.',
    }),
  expires: (at: string) => `Verfügbar bis ${at}.`,
  download: (name: string, size: string) => `${name} herunterladen (${size})`,
  downloading: (got: string, size: string) => `${got} von ${size} heruntergeladen`,
  downloadFailed: (reason: string) => `Die Datei wurde nicht heruntergeladen. ${reason}`,
  progressOf: (what: string) => `Fortschritt: ${what}`,
};
