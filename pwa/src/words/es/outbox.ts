import { count } from '../numbers.ts';
import { when } from '../time.ts';

export const outbox = {
  title: 'Bandeja de salida',
  text: 'Lo que has hecho en este dispositivo y el servidor aún no sabe. Se envía solo, en este orden.',
  empty: 'No hay nada pendiente',
  emptyText: 'Todo lo que has hecho ha llegado al servidor.',
  actions: {
    star: 'Destacar',
    unstar: 'Dejar de destacar',
    read: 'Marcar como leído',
    unread: 'Marcar como no leído',
    move: 'Mover',
    destroy: 'Borrar definitivamente',
  } as Record<string, string>,
  moveTo: (name: string) => `Mover a «${name}»`,
  waiting: (at: number) => `Hecho: ${when(at)}, aún sin enviar`,
  sending: 'Enviándose ahora',
  sendNow: 'Enviar ahora',
  unreachable: 'Ahora no se puede conectar con el servidor.',
  tried: (n: number) =>
    count(n, {
      one: 'El servidor no ha podido aceptarlo una vez.',
      many: 'El servidor no ha podido aceptarlo # de veces.',
      other: 'El servidor no ha podido aceptarlo # veces.',
    }),
  doneAt: (at: number) => `Hecho: ${when(at)}`,
  others: (n: number) =>
    count(n, { one: 'y # mensaje más', many: 'y # de mensajes más', other: 'y # mensajes más' }),
  of: (action: string, subject: string) => (subject ? `${action}: ${subject}` : action),
  refused: (reason: string) => `El servidor lo ha rechazado: ${reason}`,
  reasons: {
    forbidden: 'no permite este cambio.',
    invalidProperties: 'no acepta este cambio, quizá porque una carpeta ya no existe.',
    invalidPatch: 'no entiende este cambio.',
    tooManyKeywords: 'este mensaje tiene demasiadas etiquetas.',
    tooManyMailboxes: 'este mensaje está en demasiadas carpetas.',
    overQuota: 'no queda espacio en el servidor.',
    accountReadOnly: 'esta cuenta es de solo lectura.',
    serverFail: 'ha fallado varias veces al intentarlo.',
  } as Record<string, string>,
  otherReason: (type: string) => `ha dado el motivo «${type}».`,
  undo: 'Deshacer',
  dismiss: 'Descartar',
  retry: 'Reintentar',
  unknown: 'Un mensaje que ya no está aquí',
};
