import type { Sentences } from '../said.ts';

/** What the server says, by the codes of its sentences. */
export const sentences: Sentences = {
  'status/new': 'A la espera de la primera consulta.',
  'status/archive': 'Un archivo: este correo solo existe aquí.',
  'status/paused': 'En pausa: no se consulta el servidor de correo, y lo que cambies aquí espera.',
  'status/first': 'Recibiendo el correo.',
  'status/first/progress': {
    one: 'Recibiendo el correo: {stored} de {count} mensaje.',
    many: 'Recibiendo el correo: {stored} de {count} de mensajes.',
    other: 'Recibiendo el correo: {stored} de {count} mensajes.',
  },
  'status/fetching': 'Recibiendo el correo nuevo.',
  'status/fetching/progress': {
    one: 'Recibiendo el correo nuevo: {stored} de {count} mensaje.',
    many: 'Recibiendo el correo nuevo: {stored} de {count} de mensajes.',
    other: 'Recibiendo el correo nuevo: {stored} de {count} mensajes.',
  },
  'status/next-part': 'La siguiente parte llega enseguida.',
  'status/interrupted': 'La última consulta se interrumpió; continúa en la próxima.',
  'status/interrupted/progress': {
    one: 'La última consulta se interrumpió en {stored} de {count} mensaje; continúa en la próxima.',
    many: 'La última consulta se interrumpió en {stored} de {count} de mensajes; continúa en la próxima.',
    other: 'La última consulta se interrumpió en {stored} de {count} mensajes; continúa en la próxima.',
  },
  'status/so-far': {
    one: 'Ya están aquí: {stored} de {count} mensaje.',
    many: 'Ya están aquí: {stored} de {count} de mensajes.',
    other: 'Ya están aquí: {stored} de {count} mensajes.',
  },
  'status/ok': 'Al día.',
  'status/unreadable': {
    one: '{count} mensaje no se pudo leer y se ha quedado en el servidor.',
    many: '{count} de mensajes no se pudieron leer y se han quedado en el servidor.',
    other: '{count} mensajes no se pudieron leer y se han quedado en el servidor.',
  },
  'status/doubtful':
    'El servidor muestra muchos menos mensajes que antes; aquí no se elimina nada hasta comprobarlo otra vez.',
  'status/not-deleted': 'Mientras no se puedan leer todos, allí no se elimina nada.',
  'status/frozen/reset':
    'Desde el {date} no se elimina nada en el servidor, porque ha vuelto a numerar sus mensajes.',
  'status/frozen/loss':
    'Desde el {date} no se elimina nada en el servidor, porque muestra muchos menos mensajes que antes.',
  'status/frozen/reset/mailbox':
    'Desde el {date} no se elimina nada en el servidor, porque ha vuelto a numerar la carpeta «{mailbox}».',
  'status/frozen/loss/mailbox':
    'Desde el {date} no se elimina nada en el servidor, porque muestra muchos menos mensajes que antes en la carpeta «{mailbox}».',
  'status/frozen/missing-blob':
    'Desde el {date} no se elimina nada en el servidor, porque aquí falta un mensaje.',
  'status/frozen/checksum':
    'Desde el {date} no se elimina nada en el servidor, porque un mensaje guardado aquí está dañado.',
  'status/frozen/mismatch':
    'Desde el {date} no se elimina nada en el servidor, porque tiene otro mensaje en el lugar de uno guardado.',

  'advice/password':
    'Vuelve a escribir la contraseña en los ajustes de esta cuenta. Algunos proveedores piden una contraseña de aplicación.',
  'advice/sealed': 'Vuelve a escribir la contraseña en los ajustes de esta cuenta.',
  'advice/sign-in': 'Vuelve a iniciar sesión en {provider}.',
  'advice/public-name': 'Escribe el nombre público del servidor de correo en los ajustes de esta cuenta.',
  'advice/name': 'Comprueba el nombre del servidor en los ajustes de esta cuenta.',
  'advice/server': 'Comprueba el nombre del servidor y el puerto en los ajustes de esta cuenta.',
  'advice/security': 'Comprueba el puerto y el cifrado en los ajustes de esta cuenta.',
  'advice/provider': 'Esto dura ya un tiempo. Pregunta al proveedor de este buzón si hay algún problema.',
  'advice/operator': 'Esto dura ya un tiempo. Avisa a quien administra este Mailferry.',
  'advice/others': 'Cierra otros programas que leen este buzón, o haz que lo consulten con menos frecuencia.',
  'advice/set-up': 'Pide a quien administra este Mailferry que lo configure.',
  'advice/unfreeze': 'Si aquí no falta nada, vuelve a permitir la eliminación en los ajustes de esta cuenta.',

  sealed: 'La contraseña guardada ya no se puede abrir.',
  configuration: 'A este Mailferry le falta un ajuste que esta cuenta necesita.',
  protocol: 'El servidor de correo ha dado una respuesta que Mailferry no entiende.',
  internal: 'Algo ha fallado aquí al recibir el correo. Se intentará de nuevo.',
  'authentication/token':
    '{place} ha rechazado el permiso dado a Mailferry. Vuelve a iniciar sesión en tu proveedor.',
  'authentication/provider':
    '{provider} ya no deja entrar a Mailferry. Vuelve a iniciar sesión en {provider}.',
  'authentication/no-oauth':
    '{place} no acepta el inicio de sesión del proveedor. Usa una contraseña, si hay una para aplicaciones.',
  'authentication/no-password':
    '{place} no acepta contraseñas. Inicia sesión con el proveedor, donde se ofrezca.',
  'tls/not-trusted':
    'El certificado de {place} no está firmado por ninguna autoridad conocida, así que no se distingue de un impostor.',
  'tls/expired': 'El certificado de {place} ha caducado. Quien lo administra debe renovarlo.',
  'tls/not-yet': 'El certificado de {place} todavía no es válido.',
  'tls/revoked': 'El certificado de {place} ha sido revocado.',
  'tls/other-name':
    'El certificado de {place} pertenece a un nombre distinto de {host}. Escribe el nombre de servidor que indica tu proveedor.',
  'tls/no-tls': '{place} no habla TLS en este puerto. Elige STARTTLS, sin cifrado u otro puerto.',
  'tls/no-tls-after-starttls': '{place} no habla TLS después de STARTTLS. Elige TLS u otro puerto.',
  'tls/from-the-start': '{place} espera TLS desde el principio. Elige TLS para este puerto.',
  'tls/no-starttls': '{place} no ofrece STARTTLS. Elige TLS con su propio puerto.',
  'tls/required': '{place} solo acepta una contraseña por una conexión cifrada. Elige TLS o STARTTLS.',
  'protocol/pop-not-imap': '{place} habla POP, no IMAP. Elige POP, o el puerto IMAP de este servidor.',
  'protocol/sends-mail':
    '{place} sirve para enviar correo, no para leerlo. Escribe el puerto IMAP de este servidor.',
  'protocol/no-names':
    '{host} no da nombres duraderos a sus mensajes (ni UIDL ni TOP), así que los nuevos no se distinguen de los antiguos. Usa IMAP si lo tiene.',
  'temporary/in-use': 'Otro programa está usando el buzón de {host}. Se intentará de nuevo más tarde.',
  'temporary/full': 'El buzón de {host} está lleno.',
  'quota/day':
    'Los {megabytes} MB que {provider} permite al día están agotados; continúa mañana a las {time} UTC. El correo nuevo sigue llegando.',
  'quota/day-of-ours':
    'Los {megabytes} MB que Mailferry recibe al día de un buzón están agotados; continúa mañana a las {time} UTC. El correo nuevo sigue llegando.',
  'configuration/provider': 'El inicio de sesión en {provider} no está configurado en este Mailferry.',
  'test/ok': 'Funciona.',
  'test/ok/found': {
    one: 'Funciona: {count} mensaje.',
    many: 'Funciona: {count} de mensajes.',
    other: 'Funciona: {count} mensajes.',
  },
  'test/ok/mailboxes': {
    one: 'Están en {count} carpeta.',
    many: 'Están en {count} de carpetas.',
    other: 'Están en {count} carpetas.',
  },
  'test/archive': 'Un archivo no tiene servidor: no hay nada que probar.',
  'test/token-used':
    '{provider} ha renovado el permiso entretanto. Vuelve a iniciar sesión en {provider} antes de guardar.',

  'discovery/none': 'No se ha encontrado ningún servidor IMAP ni POP para esta dirección.',
  'discovery/pop-only':
    'Este servidor solo ofrece POP: la bandeja de entrada, sin carpetas ni marcas de lectura. El correo se queda en el servidor, salvo que decidas liberar espacio.',
  'discovery/imap-only':
    'Este servidor solo ofrece IMAP: las carpetas y las marcas de lectura coinciden en todos tus programas y dispositivos.',
  'discovery/pop-answered':
    'Para esta dirección se indican IMAP y POP, pero solo ha respondido el servidor POP. POP trae la bandeja de entrada sin carpetas ni marcas de lectura; prueba IMAP más tarde si usas varios programas.',
  'discovery/imap':
    'IMAP mantiene las carpetas y las marcas de lectura iguales en todos tus programas y dispositivos, y deja el correo en el servidor. Elige POP si Mailferry debe vaciar el servidor.',
  'discovery/answered': '{host} ha respondido por una conexión cifrada, con un certificado válido.',
  'discovery/condstore':
    'Dice con poco esfuerzo qué ha cambiado: las marcas de lectura llegan en la siguiente consulta.',
  'discovery/special-use': 'Dice qué carpetas son Enviados, Borradores, Correo no deseado y Papelera.',
  'discovery/quota': 'Dice cuánto espacio ocupa el buzón.',
  'discovery/unconfirmed':
    'No se ha podido conectar con {host} (puerto {port}), así que estos ajustes no están confirmados.',
  'discovery/guessed':
    'Nadie indica {host} para esta dirección; se ha encontrado entre los nombres habituales. Compruébalo con tu proveedor.',
  'discovery/no-uidl':
    'Es posible que este servidor POP no distinga los mensajes nuevos de los antiguos (UIDL).',
  'discovery/takes-no-mail': 'El dominio {domain} dice en el DNS que no acepta correo.',
  'discovery/foreign':
    '{domain} indica el servidor {host}, que no es suyo. Comprueba que es de tu proveedor antes de escribir una contraseña.',
  'discovery/odd-port':
    'Para {protocol} se indica el servidor {host} en el puerto inusual {port}, que no se ha probado. Escríbelo tú si lo confirma tu proveedor.',
  'discovery/not-encrypted':
    '{host} se indica para conexiones sin cifrar, que no se proponen: cualquiera por el camino podría leer tu contraseña.',
  'discovery/no-domain': 'El dominio {domain} no existe. Comprueba cómo está escrita la dirección.',
  'discovery/not-asked':
    'No se ha podido preguntar a los servidores de nombres por {domain}. Inténtalo más tarde, o escribe el servidor que indica tu proveedor.',
  'discovery/late':
    'Ningún servidor de correo de {domain} ha respondido a tiempo. Inténtalo más tarde, o escribe el servidor que indica tu proveedor.',
  'discovery/not-found':
    'No se ha encontrado ningún servidor de correo para {domain}. Escribe el servidor que indica tu proveedor.',

  'provider/app-password':
    '{provider} pide aquí una contraseña de aplicación, creada para Mailferry en los ajustes de la cuenta de {provider}.',
  'provider/app-password/two-factor':
    'Con el inicio de sesión en dos pasos, {provider} pide aquí una contraseña de aplicación.',
  'provider/app-password/administrator':
    '{provider} solo acepta tu contraseña habitual en sus propias páginas: usa una contraseña de aplicación, si tu administrador lo permite.',
  'provider/authorisation-code':
    '{provider} pide aquí un código de autorización, creado en sus ajustes, y no tu contraseña.',
  'provider/own-password':
    '{provider} pide aquí la contraseña propia del correo, y no la que usas en sus páginas.',
  'provider/mail-key':
    '{provider} pide aquí una clave de correo segura («secure mail key»), y no tu contraseña habitual.',
  'provider/allow':
    'Hay que permitir una vez los programas de correo en los ajustes de {provider} para que puedan entrar.',
  'provider/turn-on':
    'Hay que activar IMAP y POP en los ajustes de {provider}; algunos planes gratuitos no tienen ninguno de los dos.',
  'provider/paying': 'En {provider} solo los clientes de pago pueden usar programas de correo.',
  'provider/no-password':
    'Microsoft no acepta contraseñas de los programas de correo, solo un inicio de sesión en su propia página, y hay que permitir POP en los ajustes de {provider}.',
  'provider/no-password/administrator':
    'Microsoft no acepta contraseñas de los programas de correo, solo un inicio de sesión en su propia página, y es posible que tu administrador haya desactivado IMAP y POP.',
  'provider/local-part':
    'Como nombre de usuario escribe la parte de tu dirección de {provider} que va antes de la arroba (@).',
  'provider/control-panel':
    'Para Exchange y Email Pro de {provider}, escribe el servidor que indica su panel de control, por ejemplo {host}.',
  'provider/bridge':
    '{provider} solo se puede leer mediante {bridge}, un programa en tu propio ordenador, al que Mailferry solo llega si funciona en ese mismo ordenador.',
  'provider/closed':
    '{provider} no ofrece IMAP ni POP, así que su correo solo se puede leer con sus propias aplicaciones.',
  'help/about': 'Acerca de {what}',
  'help/app-password': 'Crear una contraseña de aplicación en {provider}',
  'help/password': 'Establecer la contraseña de correo de {provider}',
  'help/authorisation-code': 'Crear un código de autorización en {provider}',
  'help/allow': 'Permitir programas de correo en {provider}',
  'help/imap': 'Activar IMAP en {provider}',
  'help/pop': 'Activar POP en {provider}',
  'help/settings': 'Ajustes de los servidores de {provider}',
  'help/programs': 'Programas de correo en {provider}',

  'job/missing-file': 'El archivo subido ya no está. Súbelo de nuevo.',
  'job/not-readable': 'Esto no es un archivo zip, o no está completo.',
  'job/zip-bomb': 'Descomprimido, este archivo sería desmesurado.',
  'job/no-mailbox': 'La carpeta en la que había que importar ya no existe.',
  'job/internal': 'Se ha intentado muchas veces y no ha funcionado. Vuelve a empezar.',

  'message/authentication': 'El servidor de correo ha negado el acceso a este mensaje.',
  'message/timeout': 'El servidor de correo no ha entregado este mensaje a tiempo.',
  'message/protocol': 'El servidor de correo ha entregado este mensaje de un modo ilegible.',
  'message/temporary': 'El servidor de correo ha aplazado este mensaje una y otra vez.',
  'message/refused': 'El servidor de correo se niega a entregar este mensaje.',
  'message/disconnected':
    'Con este mensaje, la conexión con el servidor de correo se ha cortado todas las veces.',
  'message/unreadable': 'No se ha podido leer este mensaje.',
  'message/interrupted':
    'Mailferry se ha detenido cada vez que recibía este mensaje: quizá sea demasiado grande, o llegue demasiado despacio.',
  'message/missing': 'El servidor de correo menciona este mensaje, pero no lo entrega.',
  'message/too-large':
    'El servidor de correo dice demasiado de este mensaje para poder guardarlo: demasiadas marcas o carpetas.',
  'message/too-many-copies':
    'El servidor de correo tiene este mensaje demasiadas veces. Esta copia se omite.',

  'import/empty': 'Aquí no hay ningún mensaje.',
  'import/too-large': 'Esto ocupa más de 150 MB.',
  'import/nul': 'Los servidores de correo no aceptan mensajes con bytes NUL.',
  'import/no-mbox': 'Lo que hay aquí no empieza por una línea From_, como los mensajes de un mbox.',
  'import/damaged': 'Este fichero del archivo está dañado, al menos a partir de aquí.',
  'import/encrypted': 'Este fichero del archivo está cifrado. Comprímelo sin contraseña.',
  'import/unsupported': 'Este fichero del archivo está comprimido de un modo que aquí no se conoce.',

  // What a change of an account or a job is refused with: SetErrors and errors of methods (RFC 8620).
  'set/invalidProperties': 'Comprueba estos datos: {fields}.',
  'set/overQuota': 'No se admite más: se ha alcanzado el límite del servidor.',
  'set/serverFail': 'Algo ha fallado en el servidor. Inténtalo de nuevo.',
  'set/serverUnavailable': 'El servidor no puede hacerlo ahora. Inténtalo de nuevo en unos minutos.',
  'set/notFound': 'Esto ya no existe en el servidor.',
  'set/blobNotFound': 'El archivo subido ya no está. Súbelo de nuevo.',
  'set/requestTooLarge': 'Esto es demasiado grande para el servidor.',
  'set/sign-in-needed': 'Vuelve a iniciar sesión.',
};
