import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', other: '# messages' });

/** Import and export of mail files. */
export const transfer = {
  title: 'Import and export',
  import: 'Import mail from a file',
  importText: 'An mbox file, one message (.eml), or a zip of them. What is here already is not stored twice.',
  importImap: 'What you import is put at your mail server, too.',
  importPop: 'What you import lives in Mailferry only, and is not sent to your mail server.',
  file: 'File',
  into: 'Into',
  folders: 'Make folders as they are in the zip',
  start: 'Import',
  uploading: (name: string, sent: string, size: string) => `Sending ${name}: ${sent} of ${size}`,
  uploadFailed: (reason: string) => `The file was not sent. ${reason}`,
  stop: 'Stop',
  imports: 'Imports of the last week',
  ofImport: (size: string, at: string) => `${size}, ${at}`,
  types: { mbox: 'mbox file', eml: 'One message', zip: 'zip archive' },
  statuses: {
    waiting: 'Waiting for its turn',
    running: 'At work',
    done: 'Complete',
    failed: 'Given up',
  },
  handled: (done: string, all: string) => `${done} of ${all} read`,
  imported: (n: number) => `${messages(n)} imported`,
  duplicates: (n: number) => `${count(n, { one: '# was', other: '# were' })} here already`,
  failed: (n: number) => `${messages(n)} could not be taken`,
  ignored: (n: number) => count(n, { one: '# file is no mail', other: '# files are no mail' }),
  failures: 'What could not be taken',
  failure: (at: string, reason: string) => `${at}: ${reason}`,
  notAll: 'Only the first hundred are listed.',
  forget: 'Remove from this list',
  export: 'Export all mail',
  exportText:
    'All mail of this account as files that other programs can read. You can leave this page meanwhile.',
  exportTypes: {
    mbox: 'mbox: one file for each folder, for mail programs',
    zip: 'zip: one .eml file for each message',
  },
  exportStart: 'Export',
  exports: 'Exports of the last week',
  exported: (n: number, total: number) => `${digits(n)} of ${messages(total)} written`,
  missing: (n: number) => `${messages(n)} could not be written, because the octets are missing.`,
  expires: (at: string) => `Kept until ${at}.`,
  download: (name: string, size: string) => `Download ${name} (${size})`,
  downloading: (got: string, size: string) => `${got} of ${size} downloaded`,
  downloadFailed: (reason: string) => `The file was not downloaded. ${reason}`,
  progressOf: (what: string) => `Progress: ${what}`,
};
