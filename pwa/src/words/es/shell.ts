import { count, digits } from '../numbers.ts';
import { when } from '../time.ts';

export const welcome = {
  title: 'Tu correo, con o sin red',
  text: 'Mailferry recibe tu correo POP e IMAP y lo lleva a todos tus dispositivos. Lo que está en este dispositivo se abre al instante, en un tren, en un ferri, en cualquier lugar.',
  signIn: 'Iniciar sesión',
  signingIn: 'Iniciando sesión…',
  failed: 'No se ha podido iniciar sesión. Inténtalo de nuevo.',
  unreachable: 'No se puede conectar con el servidor. Comprueba tu conexión e inténtalo de nuevo.',
};

export const nav = {
  mailboxes: 'Carpetas',
  mailboxesOf: (name: string) => `Carpetas de ${name}`,
  open: 'Abrir las carpetas',
  close: 'Cerrar',
  allInboxes: 'Todas las bandejas de entrada',
  accounts: 'Cuentas',
  outbox: 'Bandeja de salida',
  main: 'Navegación principal',
  inbox: 'Entrada',
  search: 'Buscar',
  settings: 'Ajustes',
  unread: (n: number) => count(n, { one: '# no leído', other: '# no leídos' }),
};

export const roles: Record<string, string> = {
  inbox: 'Bandeja de entrada',
  archive: 'Archivo',
  drafts: 'Borradores',
  junk: 'Correo no deseado',
  sent: 'Enviados',
  trash: 'Papelera',
  all: 'Todos los mensajes',
  flagged: 'Destacados',
};

export const status = {
  upToDate: (at: number | null) => (at === null ? '' : `Actualizado: ${when(at)}.`),
  offline: (at: number | null) => (at === null ? 'Sin conexión.' : `Sin conexión. Actualizado: ${when(at)}.`),
  signInNeeded: 'Vuelve a iniciar sesión para recibir correo nuevo.',
  signIn: 'Iniciar sesión',
  listing: (fetched: number, total: number | null) =>
    total === null
      ? `Recibiendo la lista: ${digits(fetched)}…`
      : `Recibiendo la lista: ${digits(fetched)} de ${digits(total)}…`,
  bodies: (kept: number, total: number) => `Descargando: ${digits(kept)} de ${digits(total)}…`,
  waiting: (n: number) =>
    count(n, {
      one: '# cambio a la espera de la red',
      many: '# de cambios a la espera de la red',
      other: '# cambios a la espera de la red',
    }),
  waitingForSignIn: (n: number) =>
    count(n, {
      one: '# cambio a la espera de que inicies sesión',
      many: '# de cambios a la espera de que inicies sesión',
      other: '# cambios a la espera de que inicies sesión',
    }),
  refused: (n: number) =>
    count(n, {
      one: 'El servidor ha rechazado # cambio',
      many: 'El servidor ha rechazado # de cambios',
      other: 'El servidor ha rechazado # cambios',
    }),
  newVersion: 'Hay una nueva versión de Mailferry.',
  update: 'Actualizar',
};

export const done = {
  undo: 'Deshacer',
  newMail: 'Buscando correo nuevo…',
};

export const errors = {
  notFound: 'Esta página no existe',
  home: 'A la bandeja de entrada',
};
