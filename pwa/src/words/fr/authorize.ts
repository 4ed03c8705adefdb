/** Se connecter chez un fournisseur de messagerie, sur ses propres pages. */
export const authorize = {
  signIn: (provider: string) => `Se connecter avec ${provider}`,
  again: 'Se reconnecter',
  text: (provider: string) =>
    `Vous vous connectez sur une page de ${provider}. Mailferry ne voit jamais votre mot de passe, et vous pouvez y retirer l’autorisation à tout moment.`,
  leaving: (provider: string) => `Ouverture de ${provider}…`,
  byPassword: 'Utiliser plutôt un mot de passe d’application',
  bySignIn: (provider: string) => `Ce compte se connecte chez ${provider}, sans mot de passe.`,
  title: (provider: string | null) =>
    provider ? `Connexion chez ${provider}` : 'Connexion chez votre fournisseur',
  completing: 'Finalisation de la connexion… cela peut prendre jusqu’à 20 secondes.',
  done: 'Connecté. Mailferry cherche maintenant les nouveaux messages.',
  tryAgain: 'Réessayer',
  toAccounts: 'Aller aux comptes',
  unchanged: 'Rien n’a été ajouté ni modifié.',
  problems: {
    expired: {
      title: 'Cette connexion a expiré.',
      todo: 'Recommencez. Elle doit être terminée en dix minutes, dans le même Mailferry et une seule fois.',
    },
    denied: {
      title: 'Vous n’avez pas donné l’autorisation.',
      todo: 'Si c’était une erreur, reconnectez-vous et autorisez Mailferry à lire votre courrier.',
    },
    notGranted: {
      title: 'Votre fournisseur n’a pas terminé la connexion.',
      todo: 'Réessayez. Si cela se reproduit, demandez à la personne qui gère ce Mailferry.',
    },
    noRefreshToken: {
      title: 'Votre fournisseur a donné une autorisation pour cet instant seulement.',
      todo: 'Reconnectez-vous et autorisez là-bas tout ce que demande Mailferry. Si cela se reproduit, demandez à la personne qui gère ce Mailferry.',
    },
    authentication: {
      title: 'Le serveur de messagerie n’accepte pas cette connexion pour votre boîte.',
      todo: 'Connectez-vous avec l’adresse de la boîte elle-même et autorisez Mailferry à lire votre courrier. Au travail ou à l’école, IMAP ou POP peuvent être désactivés : demandez à votre administrateur.',
    },
    refused: {
      title: 'Le serveur de messagerie a refusé cette boîte.',
      todo: 'Vérifiez dans les paramètres de votre fournisseur si IMAP ou POP doit d’abord être activé.',
    },
    notFound: {
      title: 'Ce compte a été supprimé entre-temps.',
      todo: 'Ajoutez-le de nouveau si vous voulez le retrouver.',
    },
    overQuota: {
      title: 'Vous avez autant de comptes que Mailferry le permet.',
      todo: 'Supprimez-en un dont vous n’avez plus besoin.',
    },
    configuration: {
      title: 'Ce Mailferry n’est pas configuré pour s’y connecter.',
      todo: 'Utilisez un mot de passe d’application si votre fournisseur en propose un, ou demandez à la personne qui gère ce Mailferry de l’y enregistrer.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Réessayez dans quelques minutes.',
};
