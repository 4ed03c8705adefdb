/** Iniciar sesión en un proveedor de correo, en sus propias páginas. */
export const authorize = {
  signIn: (provider: string) => `Iniciar sesión con ${provider}`,
  again: 'Volver a iniciar sesión',
  text: (provider: string) =>
    `Inicias sesión en una página de ${provider}. Mailferry nunca ve tu contraseña, y puedes retirar el permiso allí en cualquier momento.`,
  leaving: (provider: string) => `Abriendo ${provider}…`,
  byPassword: 'Usar una contraseña de aplicación',
  bySignIn: (provider: string) => `Esta cuenta inicia sesión en ${provider}, sin contraseña.`,
  title: (provider: string | null) =>
    provider ? `Inicio de sesión en ${provider}` : 'Inicio de sesión en tu proveedor',
  completing: 'Completando el inicio de sesión… puede tardar hasta 20 segundos.',
  done: 'Sesión iniciada. Mailferry busca ahora correo nuevo.',
  tryAgain: 'Reintentar',
  toAccounts: 'Ir a las cuentas',
  unchanged: 'No se ha añadido ni cambiado nada.',
  problems: {
    expired: {
      title: 'Este inicio de sesión ha caducado.',
      todo: 'Empieza de nuevo. Hay que completarlo en diez minutos, en el mismo Mailferry y una sola vez.',
    },
    denied: {
      title: 'No has dado el permiso.',
      todo: 'Si ha sido un error, vuelve a iniciar sesión y permite a Mailferry leer tu correo.',
    },
    notGranted: {
      title: 'Tu proveedor no ha completado el inicio de sesión.',
      todo: 'Inténtalo de nuevo. Si se repite, pregunta a quien gestiona este Mailferry.',
    },
    noRefreshToken: {
      title: 'Tu proveedor ha dado un permiso solo para este momento.',
      todo: 'Vuelve a iniciar sesión y permite allí todo lo que pide Mailferry. Si se repite, pregunta a quien gestiona este Mailferry.',
    },
    authentication: {
      title: 'El servidor de correo no acepta este inicio de sesión para tu buzón.',
      todo: 'Inicia sesión con la dirección del propio buzón y permite a Mailferry leer tu correo. En el trabajo o la escuela, IMAP o POP pueden estar desactivados: pregunta a tu administrador.',
    },
    refused: {
      title: 'El servidor de correo ha rechazado este buzón.',
      todo: 'Mira en los ajustes de tu proveedor si antes hay que activar IMAP o POP.',
    },
    notFound: {
      title: 'Esta cuenta se ha eliminado entretanto.',
      todo: 'Añádela de nuevo si quieres recuperarla.',
    },
    overQuota: {
      title: 'Tienes todas las cuentas que permite Mailferry.',
      todo: 'Elimina una que ya no necesites.',
    },
    configuration: {
      title: 'Este Mailferry no está configurado para iniciar sesión allí.',
      todo: 'Usa una contraseña de aplicación si tu proveedor la ofrece, o pide a quien gestiona este Mailferry que lo registre allí.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Inténtalo de nuevo dentro de unos minutos.',
};
