import { count, digits } from '../numbers.ts';
import { fileSize } from '../time.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });
const conversations = (n: number) =>
  count(n, { one: '# conversación', many: '# de conversaciones', other: '# conversaciones' });
const singles = (n: number) =>
  count(n, { one: '# mensaje suelto', many: '# de mensajes sueltos', other: '# mensajes sueltos' });

/** What this device keeps, and what it says of its room, the connection and itself. */
export const offline = {
  title: 'En este dispositivo',
  summary: (kept: number, size: string) =>
    `${count(kept, {
      one: '# mensaje legible sin conexión',
      many: '# de mensajes legibles sin conexión',
      other: '# mensajes legibles sin conexión',
    })}, ${size}`,
  used: (size: string, of: string) => `${size} de ${of} en uso`,
  usedLabel: (name: string) => `Espacio que ocupa ${name} en este dispositivo`,
  readable: (kept: number, total: number) => `Legibles sin conexión: ${digits(kept)} de ${messages(total)}`,
  days: 'Periodo',
  daysHint: 'Los mensajes más antiguos siguen en las listas y se descargan cuando los abres.',
  lastDays: (n: number) =>
    n === 365 ? 'El último año' : count(n, { one: 'El último día', other: 'Los últimos # días' }),
  everything: 'Todo',
  forecast: (n: number, size: string) => `unos ${size} para ${messages(n)}`,
  forecastFull: (n: number, size: string) => `unos ${size} para ${messages(n)}: más que el límite de abajo`,
  forecasting: 'Calculando…',
  forecastPartly: (n: number) =>
    count(n, {
      one: 'Calculado a partir de # mensaje listado hasta ahora.',
      many: 'Calculado a partir de los # de mensajes listados hasta ahora.',
      other: 'Calculado a partir de los # mensajes listados hasta ahora.',
    }),
  octets: 'Como máximo',
  octetsHint:
    'Cuando se llena, los mensajes más antiguos dejan sitio a los nuevos. No se elimina nada del servidor.',
  attachments: 'También los archivos adjuntos',
  attachmentsHint: (size: string) =>
    `Hasta 25 MB cada uno, unos ${size} para el periodo elegido. Sin esto, un archivo adjunto se descarga cuando lo abres.`,
  pinnedTitle: 'Se conservan sea cual sea su antigüedad',
  pinnedHint: 'Con todos los archivos adjuntos, dentro del límite.',
  pinnedMailboxes: 'Carpetas',
  pinnedOthers: (threads: number, emails: number) =>
    threads === 0
      ? `También ${singles(emails)}.`
      : emails === 0
        ? `También ${conversations(threads)}.`
        : `También ${conversations(threads)} y ${singles(emails)}.`,
  pin: {
    mailboxes: 'Conservar esta carpeta sin conexión',
    threads: 'Conservar esta conversación sin conexión',
    emails: 'Conservar este mensaje sin conexión',
  },
  pinned: 'Disponible sin conexión',
  pinnedByOther: 'Disponible sin conexión con su carpeta o conversación',
  pinDone: 'A partir de ahora se conserva en este dispositivo.',
  unpinDone: 'Solo se conserva mientras haya espacio.',
  notChanged:
    'En este dispositivo ya no queda espacio, ni siquiera para anotar esto. No se ha cambiado nada.',
  device: 'Todo Mailferry en este dispositivo',
  deviceUsed: (used: number, quota: number) =>
    `${fileSize(used)} en uso; el navegador concede como máximo ${fileSize(quota)}.`,
  persisted: 'El navegador conserva este correo hasta que lo elimines.',
  notPersisted:
    'Cuando falte espacio en el dispositivo, el navegador puede eliminar este correo. Sigue en el servidor.',
  persist: 'Pedir al navegador que lo conserve',
  persistRefused:
    'El navegador no ha aceptado. Lo hace con las aplicaciones instaladas y con las que usas a menudo.',
  tight:
    'A este dispositivo le falta espacio. Los mensajes más antiguos se han eliminado de él y se descargan cuando los abres.',
  noRoom: 'En este dispositivo no queda espacio. El correo nuevo se queda en el servidor hasta que lo haya.',
  manage: 'Cuánto de este correo se puede leer sin red.',
  toBudget: 'Qué se conserva aquí',
  metered: 'Ahorro de datos: solo se descargan las listas. Los mensajes se descargan cuando los abres.',
  waitsForInstall: 'Aquí solo están los mensajes más recientes hasta que decidas si instalas Mailferry.',
  goOn: 'Descargar todo ahora',
  wiped:
    'El navegador eliminó el correo guardado en este dispositivo, como puede hacer cuando falta espacio o un sitio no se usa durante mucho tiempo. Sigue en el servidor: inicia sesión y volverá, empezando por lo más reciente.',
  wipedPending: (n: number | null) =>
    n === null
      ? 'Los cambios que aún no habían llegado al servidor se han perdido.'
      : count(n, {
          one: '# cambio que no había llegado al servidor se ha perdido.',
          many: '# de cambios que no habían llegado al servidor se han perdido.',
          other: '# cambios que no habían llegado al servidor se han perdido.',
        }),
  rebuilding:
    'El navegador había eliminado el correo de este dispositivo. Ahora vuelve, empezando por lo más reciente.',
  rebuildingPending: (n: number) =>
    count(n, {
      one: '# cambio que no había llegado al servidor se perdió.',
      many: '# de cambios que no habían llegado al servidor se perdieron.',
      other: '# cambios que no habían llegado al servidor se perdieron.',
    }),
  install: {
    title: 'Instalar Mailferry',
    text: 'Se abre desde tu pantalla de inicio, y el navegador conserva su correo de forma más segura.',
    ios: 'Pulsa el botón Compartir del navegador, después «Añadir a pantalla de inicio», y abre Mailferry desde allí. La aplicación instalada guarda su correo por separado, así que instálala antes de que se descargue todo aquí.',
    yes: 'Instalar',
    no: 'Ahora no',
    noIos: 'Seguir en el navegador',
  },
  other: {
    title: 'Este dispositivo tiene el correo de otra persona',
    text: 'Has iniciado sesión como una persona distinta de aquella cuyo correo está aquí. Aún no se ha cambiado nada.',
    pending: (n: number) =>
      count(n, {
        one: '# cambio de esa persona no ha llegado al servidor y se perdería.',
        many: '# de cambios de esa persona no han llegado al servidor y se perderían.',
        other: '# cambios de esa persona no han llegado al servidor y se perderían.',
      }),
    keep: 'Dejarlo como está',
    replace: 'Eliminarlo y continuar',
  },
};
