import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

/** Import and export of mail files. */
export const transfer = {
  title: 'Importar y exportar',
  import: 'Importar correo de un archivo',
  importText:
    'Un archivo mbox, un solo mensaje (.eml) o un zip con varios. Lo que ya está aquí no se guarda dos veces.',
  importImap: 'Lo que importas se guarda también en tu servidor de correo.',
  importPop: 'Lo que importas está solo en Mailferry y no se envía a tu servidor de correo.',
  file: 'Archivo',
  choose: 'Elegir…',
  noFile: 'Ningún archivo elegido',
  into: 'Destino',
  folders: 'Crear las carpetas como en el zip',
  start: 'Importar',
  uploading: (name: string, sent: string, size: string) => `Enviando ${name}: ${sent} de ${size}`,
  uploadFailed: (reason: string) => `El archivo no se ha enviado. ${reason}`,
  stop: 'Detener',
  imports: 'Importaciones de la última semana',
  ofImport: (size: string, at: string) => `${size}, ${at}`,
  types: { mbox: 'Archivo mbox', eml: 'Un solo mensaje', zip: 'Archivo zip' },
  statuses: {
    waiting: 'Esperando su turno',
    running: 'En curso',
    done: 'Completado',
    failed: 'Abandonado',
  },
  handled: (done: string, all: string) => `Leídos ${done} de ${all}`,
  imported: (n: number) =>
    count(n, {
      one: '# mensaje importado',
      many: '# de mensajes importados',
      other: '# mensajes importados',
    }),
  duplicates: (n: number) => count(n, { one: '# ya estaba aquí', other: '# ya estaban aquí' }),
  failed: (n: number) =>
    count(n, {
      one: '# mensaje no se pudo importar',
      many: '# de mensajes no se pudieron importar',
      other: '# mensajes no se pudieron importar',
    }),
  ignored: (n: number) =>
    count(n, {
      one: '# archivo no es correo',
      many: '# de archivos no son correo',
      other: '# archivos no son correo',
    }),
  failures: 'Lo que no se pudo importar',
  failure: (at: string, reason: string) => `${at}: ${reason}`,
  notAll: 'Solo se muestran los cien primeros.',
  forget: 'Quitar de esta lista',
  export: 'Exportar todo el correo',
  exportText:
    'Todo el correo de esta cuenta en archivos que otros programas pueden leer. Mientras tanto puedes salir de esta página.',
  exportTypes: {
    mbox: 'mbox: un archivo por carpeta, para programas de correo',
    zip: 'zip: un archivo .eml por mensaje',
  },
  exportStart: 'Exportar',
  exports: 'Exportaciones de la última semana',
  exported: (n: number, total: number) => `Escritos: ${digits(n)} de ${messages(total)}`,
  missing: (n: number) =>
    count(n, {
      one: '# mensaje no se pudo escribir porque faltan sus datos.',
      many: '# de mensajes no se pudieron escribir porque faltan sus datos.',
      other: '# mensajes no se pudieron escribir porque faltan sus datos.',
    }),
  expires: (at: string) => `Se conserva hasta el ${at}.`,
  download: (name: string, size: string) => `Descargar ${name} (${size})`,
  downloading: (got: string, size: string) => `Descargados ${got} de ${size}`,
  downloadFailed: (reason: string) => `El archivo no se ha descargado. ${reason}`,
  progressOf: (what: string) => `Progreso: ${what}`,
};
