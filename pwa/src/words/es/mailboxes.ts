import { count } from '../numbers.ts';

export const mailboxes = {
  new: (account: string) => `Nueva carpeta en ${account}`,
  change: (name: string) => `Cambiar la carpeta ${name}`,
  newTitle: 'Nueva carpeta',
  title: (name: string) => `Carpeta ${name}`,
  name: 'Nombre',
  atServer: 'Las carpetas se crean y se cambian en el servidor, así que hace falta conexión.',
  create: 'Crear',
  createInside: 'Nueva subcarpeta…',
  rename: 'Renombrar',
  delete: 'Eliminar carpeta',
  deleteEmpty: 'No hay mensajes en esta carpeta.',
  deleteFull: (n: number) =>
    count(n, {
      one: 'El mensaje que contiene se mueve a la papelera.',
      many: 'Los # de mensajes que contiene se mueven a la papelera.',
      other: 'Los # mensajes que contiene se mueven a la papelera.',
    }),
  noTrash: 'Hay mensajes en esta carpeta, y esta cuenta no tiene papelera. Muévelos antes a otro sitio.',
  unreachable:
    'Ahora no se puede conectar con el servidor, que es donde se crean y se cambian las carpetas. Inténtalo más tarde.',
  refused: 'El servidor lo ha rechazado.',
  reasons: {
    mailboxHasChild: 'Esta carpeta contiene otras carpetas. Elimínalas antes.',
    mailboxHasEmail: 'Mientras tanto ha llegado un mensaje a esta carpeta. Inténtalo de nuevo.',
    notFound: 'Esta carpeta ya no existe.',
    forbidden: 'El servidor no lo permite.',
  } as Record<string, string>,
};
