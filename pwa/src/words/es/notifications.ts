import { count } from '../numbers.ts';

export const notifications = {
  title: 'Notificaciones',
  intro: 'Mailferry puede avisarte del correo nuevo en este dispositivo, incluso cuando está cerrado.',
  private:
    'Lo que pasa por el servicio push del navegador solo dice que algo ha cambiado. El correo lo recoge tu propio dispositivo.',
  on: 'Avisarme del correo nuevo en este dispositivo',
  turningOn: 'Consultando el navegador…',
  verifying: 'Esperando la primera notificación. Debería llegar en menos de un minuto.',
  isOn: 'Las notificaciones están activadas.',
  problems: {
    unsupported: 'Este navegador no puede mostrar notificaciones de aplicaciones web.',
    install:
      'En un iPhone o iPad, añade primero Mailferry a la pantalla de inicio: abre el menú de compartir y elige «Añadir a pantalla de inicio». Después, ábrelo desde allí.',
    denied:
      'Este navegador no deja que Mailferry muestre notificaciones. Permítelas para este sitio en los ajustes del navegador e inténtalo de nuevo.',
    'no-service':
      'El navegador no ha podido conectar con su servicio push. Comprueba la conexión, y que el navegador permita a los sitios web enviar notificaciones push.',
    'server-key': 'Tu servidor aún no ofrece notificaciones.',
    failed: 'No se han podido activar las notificaciones. Comprueba la conexión e inténtalo de nuevo.',
  },
  which: 'Qué correo',
  account: 'Avisarme de esta cuenta',
  more: (n: number) => count(n, { one: '# carpeta más', many: '# de carpetas más', other: '# carpetas más' }),
  quiet: 'Horas de silencio',
  quietOn: 'Guardar silencio a ciertas horas',
  quietText: 'El correo que llega entonces se muestra sin sonido.',
  quietOther: 'Otras horas para una cuenta o carpeta',
  quietChoose: 'Elegir…',
  quietAsDevice: 'Usar las horas de este dispositivo',
  from: 'Desde',
  to: 'Hasta',
  tryOut: 'Mostrar una notificación de prueba',
  notice: {
    many: (n: number) =>
      count(n, {
        one: '# mensaje nuevo',
        many: '# de mensajes nuevos',
        other: '# mensajes nuevos',
      }),
    quiet: 'Llegó durante tus horas de silencio.',
    noSubject: 'Sin asunto',
    noSender: 'Remitente desconocido',
    nothing: 'Tu correo está al día',
    nothingText: 'Nada nuevo en las carpetas que elegiste.',
    unread: 'Ha llegado correo nuevo',
    unreadText: 'Abre Mailferry para leerlo.',
    ready: 'Las notificaciones están activadas',
    readyText: 'Así aparecerá el correo nuevo.',
  },
};
