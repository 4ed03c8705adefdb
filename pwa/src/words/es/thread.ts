import { count } from '../numbers.ts';

export const thread = {
  messages: (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' }),
  unfold: (sender: string, date: string) => `Mostrar el mensaje de ${sender}, ${date}`,
  fold: (sender: string, date: string) => `Plegar el mensaje de ${sender}, ${date}`,
  more: (n: number) =>
    count(n, {
      one: 'Mostrar # mensaje más',
      many: 'Mostrar # de mensajes más',
      other: 'Mostrar # mensajes más',
    }),
  archive: 'Archivar la conversación',
  trash: 'Mover la conversación a la papelera',
  inbox: 'Mover la conversación a la bandeja de entrada',
  destroy: 'Borrar la conversación definitivamente',
  markUnread: 'Marcar la conversación como no leída',
  move: 'Mover la conversación a…',
};
