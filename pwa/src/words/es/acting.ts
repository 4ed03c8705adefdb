import { count } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

/** What is done to one message or to several. */
export const acting = {
  moved: {
    archive: (n: number) =>
      count(n, { one: 'Archivado.', many: '# de mensajes archivados.', other: '# mensajes archivados.' }),
    trash: (n: number) =>
      count(n, {
        one: 'Movido a la papelera.',
        many: '# de mensajes movidos a la papelera.',
        other: '# mensajes movidos a la papelera.',
      }),
    inbox: (n: number) =>
      count(n, {
        one: 'Movido a la bandeja de entrada.',
        many: '# de mensajes movidos a la bandeja de entrada.',
        other: '# mensajes movidos a la bandeja de entrada.',
      }),
  },
  movedTo: (n: number, name: string) =>
    `${count(n, {
      one: '# mensaje movido',
      many: '# de mensajes movidos',
      other: '# mensajes movidos',
    })} a «${name}».`,
  starred: (n: number) =>
    count(n, {
      one: '# mensaje destacado.',
      many: '# de mensajes destacados.',
      other: '# mensajes destacados.',
    }),
  unstarred: (n: number) =>
    count(n, {
      one: '# mensaje ya no está destacado.',
      many: '# de mensajes ya no están destacados.',
      other: '# mensajes ya no están destacados.',
    }),
  read: (n: number) =>
    count(n, {
      one: '# mensaje marcado como leído.',
      many: '# de mensajes marcados como leídos.',
      other: '# mensajes marcados como leídos.',
    }),
  unread: (n: number) =>
    count(n, {
      one: '# mensaje marcado como no leído.',
      many: '# de mensajes marcados como no leídos.',
      other: '# mensajes marcados como no leídos.',
    }),
  destroyed: (n: number) =>
    count(n, {
      one: '# mensaje borrado definitivamente.',
      many: '# de mensajes borrados definitivamente.',
      other: '# mensajes borrados definitivamente.',
    }),
  destroy: 'Borrar definitivamente',
  destroyTitle: (n: number) => `¿Borrar definitivamente ${messages(n)}?`,
  destroyEverywhere: 'Se borra de todos los dispositivos y del servidor de correo.',
  destroyKept:
    'Se borra de todos los dispositivos. El servidor de correo conserva su copia, como elegiste para esta cuenta.',
  destroyMixed:
    'Se borra de todos los dispositivos, y del servidor de correo donde no hayas elegido conservar su copia.',
  destroyHere:
    'Se borra de todos los dispositivos. Esta cuenta no tiene servidor de correo, así que no hay ninguna otra copia.',
  destroyText: 'Esta acción no se puede deshacer.',
  cancel: 'Cancelar',
  moveTo: 'Mover a…',
  moveTitle: (n: number) => `Mover ${messages(n)} a…`,
  filter: 'Buscar una carpeta',
  createNamed: (name: string) => `Nueva carpeta «${name}»`,
  createHint: 'Para crear una carpeta, escribe su nombre.',
  severalAccounts:
    'Estos mensajes son de varias cuentas. Cada uno se queda en la suya; para otra carpeta, selecciona mensajes de una sola cuenta.',
};
