export const shared = {
  title: 'Un mensaje como archivo',
  none: 'No se ha compartido ningún mensaje',
  noneText: 'Comparte un archivo .eml con Mailferry, o ábrelo con él, y se mostrará aquí.',
  states: {
    opening: 'Abriendo el mensaje…',
    waiting: 'No se puede llegar al servidor. El mensaje se guarda aquí y se abrirá cuando haya red.',
    unreadable: 'Este archivo no es un mensaje que se pueda leer.',
  },
  unchecked: 'De un archivo. Nadie ha comprobado de quién es.',
  account: 'Cuenta',
  put: 'Ponerlo en la bandeja de entrada',
  remove: 'Quitarlo de aquí',
  refused: 'El servidor no aceptó este mensaje.',
};
