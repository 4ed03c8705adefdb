import { count } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

export const list = {
  count: messages,
  conversations: (n: number) =>
    count(n, { one: '# conversación', many: '# de conversaciones', other: '# conversaciones' }),
  inConversation: messages,
  messages: (name: string) => `Mensajes en ${name}`,
  noSubject: '(sin asunto)',
  noSender: '(remitente desconocido)',
  unread: 'No leído',
  starred: (subject: string) => `Destacado: ${subject}`,
  attachment: 'Con archivos adjuntos',
  empty: 'No hay mensajes aquí',
  emptyText: 'El correo nuevo aparece aquí en cuanto llega.',
  coming: 'Tu correo está en camino',
  comingText: 'Cada mensaje se puede leer en cuanto llega.',
  gone: 'Carpeta no encontrada',
  goneText: 'Puede que se haya renombrado o eliminado en otro dispositivo.',
  check: 'Buscar correo nuevo',
  choose: 'Elige un mensaje para leerlo',
  chooseText: 'Pulsa ? para ver los atajos de teclado.',
};
