import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

/** The list of accounts, and what an account's page says of its health. */
export const accounts = {
  title: 'Cuentas',
  add: 'Añadir cuenta',
  none: 'Añade tu primera cuenta',
  noneText:
    'Mailferry necesita una cuenta POP o IMAP para recibir el correo. Tu contraseña se guarda cifrada y no vuelve a mostrarse nunca.',
  phases: {
    new: 'Aún sin consultar',
    pulling: 'Recibiendo correo',
    ok: 'En funcionamiento',
    failing: 'Intentándolo de nuevo',
    stopped: 'Requiere tu atención',
    paused: 'En pausa',
  },
  archive: 'Archivo, sin servidor de correo',
  stored: (stored: number, atSource: number | null) =>
    atSource === null
      ? count(stored, {
          one: '# mensaje guardado',
          many: '# de mensajes guardados',
          other: '# mensajes guardados',
        })
      : `Guardados: ${digits(stored)} de ${messages(atSource)}`,
  quarantined: (n: number) =>
    count(n, {
      one: '# mensaje apartado porque no se pudo procesar',
      many: '# de mensajes apartados porque no se pudieron procesar',
      other: '# mensajes apartados porque no se pudieron procesar',
    }),
  device: (kept: number, total: number, size: string) =>
    `Legibles sin conexión en este dispositivo: ${digits(kept)} de ${messages(total)} (${size})`,
  full: 'El espacio para el correo en este dispositivo está lleno; los mensajes más antiguos se descargan cuando los abres.',
  lastSuccess: (at: number) => `Última consulta: ${when(at)}`,
  nextCheck: (at: number) => `Próxima consulta: ${at > Date.now() ? when(at) : 'en cualquier momento'}`,
  next: (at: number) => `Próximo intento: ${when(at)}`,
  check: 'Consultar ahora',
  checkOf: (name: string) => `Consultar ahora: ${name}`,
  checking: 'Mailferry está buscando correo nuevo.',
  details: 'Detalles',
  detailsOf: (name: string) => `Detalles de ${name}`,
  settings: 'Ajustes',
  mend: 'Cambiar los ajustes',
  back: 'Volver a las cuentas',
  backTo: (name: string) => `Volver a ${name}`,
  gone: 'Esta cuenta ya no está aquí.',
  pause: 'Pausar',
  resume: 'Reanudar',
  paused: 'En pausa. No se consultará el servidor de correo hasta que la reanudes.',
  resumed: 'Reanudada. Mailferry está buscando correo nuevo.',
  progress: (name: string) => `Cuánto de ${name} está guardado`,
  serverMail: 'Correo en el servidor',
  setAside: 'Apartados',
  setAsideNone: 'Todos los mensajes se han podido procesar.',
  files: 'Importar y exportar',
  filesText: 'Trae correo antiguo o llévate todo el que tienes.',
  colour: 'Color',
  colourHint:
    'Se muestra junto a los mensajes de esta cuenta, en este dispositivo, cuando tienes varias cuentas.',
  colours: ['Mar', 'Ciruela', 'Ámbar', 'Hoja', 'Rosa', 'Cielo', 'Ladrillo', 'Pizarra'] as readonly string[],
  remove: 'Eliminar cuenta…',
  cancel: 'Cancelar',
  offline: 'Ahora no se puede conectar con el servidor. Inténtalo de nuevo cuando tengas conexión.',
  offlineList: 'Esta lista está en el servidor, con el que ahora no se puede conectar.',
  loadingList: 'Consultando el servidor…',
  again: 'Reintentar',
  failed: (reason: string) => `No ha funcionado. ${reason}`,
  signOut: 'Cerrar sesión',
  signOutTitle: '¿Cerrar sesión en este dispositivo?',
  signOutText:
    'Se elimina todo el correo de este dispositivo. Sigue en el servidor y en tus otros dispositivos.',
  signOutPending: (n: number) =>
    count(n, {
      one: '# cambio no ha llegado al servidor y se perderá.',
      many: '# de cambios no han llegado al servidor y se perderán.',
      other: '# cambios no han llegado al servidor y se perderán.',
    }),
};

/** Before an account is removed. */
export const removal = {
  title: (name: string) => `¿Eliminar ${name}?`,
  here: (n: number) =>
    count(n, {
      one: 'El contenido de esta cuenta (# mensaje), sus ajustes y su contraseña se borran de Mailferry y de todos tus dispositivos.',
      many: 'Los # de mensajes de esta cuenta, sus ajustes y su contraseña se borran de Mailferry y de todos tus dispositivos.',
      other:
        'Los # mensajes de esta cuenta, sus ajustes y su contraseña se borran de Mailferry y de todos tus dispositivos.',
    }),
  source: 'El correo de tu servidor se queda como está.',
  onlyHere: (n: number) =>
    count(n, {
      one: '# de esos mensajes se eliminó del servidor de correo porque está guardado aquí. No existe en ningún otro sitio y se perderá.',
      other:
        '# de esos mensajes se eliminaron del servidor de correo porque están guardados aquí. No existen en ningún otro sitio y se perderán.',
    }),
  archive: 'Este correo no existe en ningún otro sitio y se perderá.',
  pending: (n: number) =>
    count(n, {
      one: '# de tus cambios aún no ha llegado al servidor y se perderá.',
      other: '# de tus cambios aún no han llegado al servidor y se perderán.',
    }),
  export: 'Exportarlo antes',
  understood: 'Sé que este correo no se podrá recuperar',
  confirm: 'Eliminar cuenta',
  removing: 'Eliminando…',
  removed: (name: string) => `Se ha eliminado ${name}, también de este dispositivo.`,
};

/** What happens to the mail at the server, and the proofs of it. */
export const deletion = {
  title: 'Correo en el servidor',
  text: 'Mailferry guarda una copia de cada mensaje. ¿Qué hacemos con el que está en tu servidor de correo?',
  archive: 'Un archivo no tiene servidor de correo.',
  policies: {
    keep: 'Conservarlo',
    afterDays: 'Eliminarlo al cabo de unos días',
    onceStored: 'Eliminarlo enseguida',
    whenDestroyed: 'Eliminar lo que borro aquí',
  },
  texts: {
    keep: 'Mailferry no elimina nada por su cuenta. Con IMAP, lo que borras aquí definitivamente se borra también allí.',
    afterDays: 'Cada mensaje se queda unos días en el servidor después de guardarse aquí. Aquí se conserva.',
    onceStored: 'En cuanto un mensaje se guarda aquí. Es lo que más espacio libera. Aquí se conserva.',
    whenDestroyed: 'Solo lo que borras aquí definitivamente se borra también en el servidor.',
  },
  summaries: {
    keep: 'Se conserva.',
    onceStored: 'Se elimina en cuanto se guarda aquí.',
    whenDestroyed: 'Se elimina cuando lo borras aquí.',
  },
  summaryDays: (days: number) =>
    count(days, {
      one: 'Se elimina # día después de guardarse aquí.',
      other: 'Se elimina # días después de guardarse aquí.',
    }),
  days: 'Días en el servidor',
  daysHint: 'De 1 a 3650.',
  proof:
    'Antes de eliminar nada, Mailferry vuelve a leer su propia copia y la compara con su suma de comprobación. Cualquier anomalía lo detiene.',
  others:
    'Los demás programas y dispositivos que leen este buzón ya no encontrarán allí lo que Mailferry haya eliminado.',
  save: 'Guardar',
  saved: 'Guardado.',
  confirmTitle: '¿Eliminar correo del servidor?',
  confirmText: (stored: number) =>
    `Esto vale también para lo que ya está guardado: ahora mismo, ${messages(stored)}. Se conserva en Mailferry, y en tus dispositivos mientras haya espacio.`,
  confirm: 'Eliminarlo allí',
  frozen: 'Ahora no se elimina nada',
  unfreeze: 'Volver a permitir la eliminación',
  unfreezeTitle: '¿Volver a permitir la eliminación?',
  unfreezeText:
    'Mailferry se detuvo porque algo en el servidor no era como se esperaba. Comprueba primero que tu correo está completo aquí. Después se volverá a eliminar correo del servidor.',
  unfrozen: 'Se puede volver a eliminar correo del servidor.',
  receipts: 'Eliminados hasta ahora',
  receiptsNone: 'Aún no se ha eliminado nada del servidor.',
  receiptsSum: (n: number, since: string, freed: string) =>
    `${count(n, {
      one: '# mensaje eliminado',
      many: '# de mensajes eliminados',
      other: '# mensajes eliminados',
    })} del servidor desde el ${since}, siempre después de guardarse aquí. Espacio liberado allí: ${freed}.`,
  receiptsShow: 'Mostrar los comprobantes',
  receiptsMore: 'Mostrar más',
  receiptOf: (at: string, size: string) => `Eliminado el ${at} · ${size}`,
  outcomes: {
    confirmed: 'El servidor lo confirmó.',
    gone: 'El servidor ya no lo muestra.',
  },
  checksum: (sha256: string) => `SHA-256 ${sha256}`,
  notOnDevice: 'Un mensaje que no está en este dispositivo',
};

/** Messages that could not be handled. */
export const quarantine = {
  title: 'Apartados',
  text: 'Estos mensajes no se pudieron procesar. Siguen en el servidor de correo, y allí no se elimina nada por su causa.',
  empty: 'No hay nada apartado',
  emptyText: 'Todos los mensajes de esta cuenta se han podido procesar.',
  message: (uid: string, mailbox: string) => `Mensaje ${uid} en ${mailbox}`,
  facts: (size: string | null, since: string, tried: string) =>
    size === null
      ? `Desde el ${since}. Último intento: ${tried}.`
      : `${size}. Desde el ${since}. Último intento: ${tried}.`,
  retry: 'Reintentar',
  retryOf: (what: string) => `Reintentar: ${what}`,
  retryAll: 'Reintentar todos',
  asked: (n: number) =>
    count(n, {
      one: 'Se está reintentando # mensaje.',
      many: 'Se están reintentando # de mensajes.',
      other: 'Se están reintentando # mensajes.',
    }),
  waits: 'La cuenta está en pausa; reanúdala para volver a intentarlo.',
  save: 'Guardar tal como llegó',
  saveOf: (what: string) => `Guardar tal como llegó: ${what}`,
  more: 'Mostrar más',
};
