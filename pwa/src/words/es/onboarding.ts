import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# mensaje', many: '# de mensajes', other: '# mensajes' });

/** Adding an account in three steps. */
export const onboarding = {
  title: 'Añadir cuenta',
  step: (at: number, of: number) => `Paso ${digits(at)} de ${digits(of)}`,
  address: '¿Cuál es tu dirección de correo?',
  addressText:
    'Mailferry la usa para buscar el servidor de correo. Solo se comunica la dirección al servidor web de tu dominio de correo.',
  next: 'Continuar',
  searching: (domain: string) =>
    `Buscando los servidores de correo de ${domain}… puede tardar hasta 12 segundos.`,
  manual: 'Introducir el servidor a mano',
  archive: 'Crear un archivo para correo antiguo',
  archiveTitle: 'Un archivo para correo antiguo',
  archiveText:
    'Un lugar sin servidor de correo: para correo procedente de archivos, como el mbox de un ordenador antiguo. Solo lo guardan Mailferry y tus dispositivos.',
  archiveName: 'Nombre del archivo',
  archiveDefault: 'Archivo',
  archiveMake: 'Crear el archivo',
  back: 'Atrás',
  invalid: 'Esto no es una dirección de correo. Tiene esta forma: nombre@example.org.',
  how: '¿Cómo quieres recibir el correo?',
  manualTitle: 'Introduce tu servidor de correo',
  manualText: 'Tu proveedor indica cómo se llama, a menudo en una página sobre programas de correo.',
  foundAt: (provider: string) => `Este buzón es de ${provider}.`,
  others: '¿Lees este buzón también con otros programas o dispositivos?',
  othersYes: 'Sí, y lo seguiré haciendo',
  othersNo: 'No, solo con Mailferry',
  room: 'Liberar espacio en el servidor de correo',
  roomText:
    'Cada mensaje se elimina allí 30 días después de guardarse aquí de forma segura. Puedes cambiarlo más adelante.',
  recommended: 'Recomendado',
  advice: { imap: 'Recomendamos IMAP', pop: 'Recomendamos POP' },
  why: {
    onlyImap: 'Tu proveedor no ofrece otra cosa.',
    onlyPop: 'Tu proveedor no ofrece otra cosa. Solo se recibe la bandeja de entrada.',
    imapAnswered: 'El servidor IMAP acaba de responder; el servidor POP, no.',
    popAnswered: 'El servidor POP acaba de responder; el servidor IMAP, no.',
    others: 'Lo que lees, destacas o mueves aquí se ve en tus otros programas, y al revés.',
    folders: 'Se reciben todas tus carpetas, y tu correo se mantiene sincronizado con el servidor.',
    alone:
      'No necesitas sincronizarte con otros programas, y POP recibe el correo nuevo con el mínimo esfuerzo.',
    room: 'Es adecuado para un servidor que se quiere vaciar.',
    roomShared:
      'Lo que se elimina en el servidor desaparece también de tus otros programas. Aquí se conserva.',
  },
  offers: 'Lo que dice el servidor',
  server: (host: string, port: number, security: string) => `${host}, puerto ${port}, ${security}`,
  unconfirmed: 'Este servidor no ha respondido ahora. Puedes intentarlo de todos modos.',
  change: 'Cambiar el servidor',
  oauthOnly: (provider: string) =>
    `${provider} solo admite programas a través de su propia página de inicio de sesión, y este Mailferry no está configurado para ello. Pide a quien gestiona este Mailferry que lo registre en ${provider} o, si ${provider} te ofrece una contraseña de aplicación, introdúcela aquí.`,
  oauthToo: (provider: string) =>
    `Tu contraseña habitual de ${provider} no funciona aquí. Hace falta una contraseña de aplicación.`,
  help: 'Páginas de ayuda',
  sealed: 'Tu contraseña se cifra enseguida. Nadie puede leerla, y no vuelve a mostrarse nunca.',
  connect: 'Conectar',
  adding: 'Funciona. Añadiendo la cuenta…',
  problems: {
    authentication: {
      title: 'El servidor ha rechazado el nombre de usuario o la contraseña.',
      todo: 'Vuelve a escribir la contraseña. Muchos proveedores piden aquí, en lugar de la habitual, una contraseña de aplicación creada en sus ajustes. Algunos piden el nombre de usuario sin la parte que empieza por la arroba (@).',
    },
    'unknown-host': {
      title: 'No hay ningún servidor con ese nombre.',
      todo: 'Comprueba si hay una errata en el nombre del servidor de correo, o pregunta a tu proveedor cómo se llama.',
    },
    'forbidden-host': {
      title: 'Este Mailferry no se conecta a servidores de redes privadas.',
      todo: 'Introduce el nombre público del servidor de correo.',
    },
    unreachable: {
      title: 'Nada responde en ese servidor y ese puerto.',
      todo: 'Comprueba el nombre y el puerto. Si son correctos, puede que tu proveedor tenga una avería: inténtalo más tarde.',
    },
    timeout: {
      title: 'El servidor no ha respondido a tiempo.',
      todo: 'Comprueba el nombre y el puerto, o inténtalo de nuevo dentro de unos minutos.',
    },
    tls: {
      title: 'No se ha podido establecer una conexión cifrada.',
      todo: 'Elige el otro tipo de seguridad (TLS o STARTTLS) con su puerto habitual. Si el certificado de tu proveedor no es válido, avísale.',
    },
    protocol: {
      title: 'Lo que responde allí no es un servidor de correo de este tipo.',
      todo: 'Comprueba el puerto: IMAP suele estar en el 993 y POP en el 995.',
    },
    temporary: {
      title: 'El servidor no deja entrar a nadie por el momento.',
      todo: 'Inténtalo de nuevo dentro de unos minutos. Cierra los demás programas que leen este buzón.',
    },
    throttled: {
      title: 'El servidor ha recibido demasiadas consultas.',
      todo: 'Espera un cuarto de hora e inténtalo de nuevo.',
    },
    quota: {
      title: 'Se ha agotado lo que el proveedor permite al día.',
      todo: 'Inténtalo de nuevo mañana.',
    },
    refused: {
      title: 'El servidor ha rechazado la petición.',
      todo: 'Mira en los ajustes de tu proveedor si antes hay que activar IMAP o POP.',
    },
    disconnected: {
      title: 'El servidor ha cerrado la conexión.',
      todo: 'Inténtalo de nuevo. Si vuelve a ocurrir, comprueba el puerto y la seguridad.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Inténtalo de nuevo dentro de unos minutos.',
  saidThat: (message: string) => `Más en concreto: ${message}`,
  notAdded: (reason: string) => `La cuenta no se ha añadido. ${reason}`,
  coming: 'Tu correo está en camino',
  arrived: 'Tu correo más reciente está aquí',
  complete: 'Todo tu correo está aquí',
  empty: 'Este buzón está vacío. El correo nuevo aparecerá solo.',
  firstWait: 'Los mensajes más recientes llegan primero.',
  progress: (stored: number, total: number) => `Guardados: ${digits(stored)} de ${messages(total)}`,
  canLeave: 'Puedes seguir leyendo o cerrar Mailferry: la recepción continúa.',
  toInbox: 'Ir a la bandeja de entrada',
  newest: 'Los mensajes más recientes',
};
