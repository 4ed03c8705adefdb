import { count } from '../numbers.ts';

export const trouble = {
  titles: {
    newer: 'Una versión más nueva guardó este correo',
    blocked: 'Otra pestaña tiene el correo abierto',
    noRoom: 'En este dispositivo ya no queda espacio',
    closed: 'Este navegador no guarda nada aquí',
    broken: 'No se puede abrir el correo de este dispositivo',
  },
  texts: {
    newer:
      'Una versión más nueva de Mailferry cambió la forma de guardar el correo en este dispositivo, y esta versión no puede leerlo. Inténtalo de nuevo para cargar la más nueva.',
    blocked:
      'Una versión anterior de Mailferry sigue abierta en otra pestaña o ventana. Cierra las demás e inténtalo de nuevo.',
    noRoom:
      'No queda espacio ni para abrir el correo. Libera espacio en el dispositivo e inténtalo de nuevo.',
    closed:
      'En una ventana privada, o si los ajustes del navegador lo prohíben, Mailferry no puede guardar correo en este dispositivo. Permítelo, o abre Mailferry en una ventana normal, e inténtalo de nuevo.',
    broken:
      'Lo que guardó el navegador está dañado, o se niega a leerlo. A veces ayuda cerrar todas las ventanas del navegador e intentarlo de nuevo.',
  },
  rebuildText:
    'Al reconstruir se borra lo que está guardado aquí y se descarga de nuevo del servidor, primero lo más reciente. En el servidor no cambia nada.',
  kept: (n: number) =>
    count(n, {
      one: '# cambio que no ha llegado al servidor se puede leer y se conserva.',
      many: '# de cambios que no han llegado al servidor se pueden leer y se conservan.',
      other: '# cambios que no han llegado al servidor se pueden leer y se conservan.',
    }),
  lost: (n: number | null) =>
    n === null
      ? 'No se puede leer si aquí esperan cambios que no han llegado al servidor. Se perderían.'
      : count(n, {
          one: '# cambio que no ha llegado al servidor no se puede leer y se perdería.',
          many: '# de cambios que no han llegado al servidor no se pueden leer y se perderían.',
          other: '# cambios que no han llegado al servidor no se pueden leer y se perderían.',
        }),
  signIn: 'Tendrás que iniciar sesión de nuevo.',
  tryAgain: 'Intentar de nuevo',
  rebuild: 'Reconstruir desde el servidor',
  rebuilding: 'Reconstruyendo…',
  failed:
    'El navegador no suelta lo que guardó. Cierra todas las demás ventanas de Mailferry, o borra los datos de este sitio en los ajustes del navegador.',
  opening: 'Abriendo tu correo. Después de una actualización puede tardar un momento.',
  partTitle: 'No se pudo cargar esta página',
  partText:
    'Puede que pertenezca a una versión de Mailferry que ya no existe, o que falle la red. Tu correo sigue aquí.',
};
