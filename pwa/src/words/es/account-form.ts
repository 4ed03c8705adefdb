/** The settings of an account's connection. */
export const form = {
  imap: 'IMAP',
  imapText:
    'Todas las carpetas. Los leídos, los destacados y los cambios de carpeta se sincronizan con el servidor y con tus otros programas.',
  pop: 'POP',
  popText:
    'Solo la bandeja de entrada. Mailferry guarda las carpetas, los destacados y los leídos para todos tus dispositivos.',
  protocol: 'Cómo recibir el correo',
  address: 'Dirección de correo',
  name: 'Nombre de la cuenta',
  nameHint: 'Cómo se llama aquí, por ejemplo Personal o Trabajo.',
  host: 'Servidor de correo',
  port: 'Puerto',
  security: 'Seguridad',
  securities: { tls: 'TLS', starttls: 'STARTTLS', none: 'Ninguna (sin cifrar)' } as Record<string, string>,
  insecure: 'Sin cifrado, cualquiera puede leer por el camino tu contraseña y tu correo.',
  username: 'Nombre de usuario',
  usernameHint: 'A menudo, la dirección de correo.',
  password: 'Contraseña',
  passwordKept: 'Déjala vacía para conservar la contraseña guardada.',
  test: 'Probar',
  testing: 'Intentando iniciar sesión… puede tardar hasta 20 segundos.',
  change: 'Ajustes de la cuenta',
  save: 'Guardar',
  saving: 'Guardando…',
  saved: 'Guardado.',
  notChanged: (reason: string) => `Los ajustes no se han cambiado. ${reason}`,
};
