import { count, digits } from '../numbers.ts';

const messages = (n: number) => count(n, { one: '# message', many: '# de messages', other: '# messages' });

/** Adding an account in three steps. */
export const onboarding = {
  title: 'Ajouter un compte',
  step: (at: number, of: number) => `Étape ${digits(at)} sur ${digits(of)}`,
  address: 'Quelle est votre adresse e-mail ?',
  addressText:
    'Elle sert à Mailferry pour trouver le serveur de messagerie. Seul le serveur web de votre domaine de messagerie en a connaissance.',
  next: 'Continuer',
  searching: (domain: string) =>
    `Recherche des serveurs de messagerie pour ${domain}… cela prend jusqu’à 12 secondes.`,
  manual: 'Saisir le serveur moi-même',
  archive: 'Créer une archive pour d’anciens messages',
  archiveTitle: 'Une archive pour d’anciens messages',
  archiveText:
    'Un endroit sans serveur de messagerie : pour des messages tirés de fichiers, comme le mbox d’un ancien ordinateur. Ils ne sont conservés que par Mailferry et sur vos appareils.',
  archiveName: 'Nom de l’archive',
  archiveDefault: 'Archive',
  archiveMake: 'Créer l’archive',
  back: 'Retour',
  invalid: 'Ce n’est pas une adresse e-mail. Elle ressemble à nom@example.org.',
  how: 'Comment récupérer vos messages ?',
  manualTitle: 'Saisissez votre serveur de messagerie',
  manualText:
    'Votre fournisseur indique son nom, souvent sur une page consacrée aux logiciels de messagerie.',
  foundAt: (provider: string) => `Cette boîte mail est hébergée chez ${provider}.`,
  others: 'Lisez-vous aussi cette boîte mail avec d’autres logiciels ou appareils ?',
  othersYes: 'Oui, et je continuerai',
  othersNo: 'Non, seulement avec Mailferry',
  room: 'Libérer de la place sur le serveur de messagerie',
  roomText:
    'Chaque message y est supprimé 30 jours après avoir été enregistré ici en toute sécurité. Vous pourrez changer d’avis plus tard.',
  recommended: 'Recommandé',
  advice: { imap: 'Nous recommandons IMAP', pop: 'Nous recommandons POP' },
  why: {
    onlyImap: 'Votre fournisseur ne propose rien d’autre.',
    onlyPop: 'Votre fournisseur ne propose rien d’autre. Seule la boîte de réception est récupérée.',
    imapAnswered: 'Le serveur IMAP vient de répondre, le serveur POP non.',
    popAnswered: 'Le serveur POP vient de répondre, le serveur IMAP non.',
    others:
      'Ce que vous lisez, marquez d’une étoile ou déplacez ici se voit dans vos autres logiciels, et inversement.',
    folders: 'Tous vos dossiers sont récupérés, et vos messages restent synchronisés avec le serveur.',
    alone:
      'Vous n’avez pas besoin de synchronisation avec d’autres logiciels, et POP récupère les nouveaux messages au moindre effort.',
    room: 'C’est adapté à un serveur que l’on veut vider.',
    roomShared:
      'Ce qui est supprimé du serveur disparaît aussi de vos autres logiciels. Tout est conservé ici.',
  },
  offers: 'Ce que dit le serveur',
  server: (host: string, port: number, security: string) => `${host}, port ${port}, ${security}`,
  unconfirmed: 'Ce serveur n’a pas répondu à l’instant. Vous pouvez essayer quand même.',
  change: 'Changer de serveur',
  oauthOnly: (provider: string) =>
    `${provider} n’accepte les logiciels que par sa propre page de connexion, et ce Mailferry n’est pas configuré pour cela. Demandez à la personne qui gère ce Mailferry de l’enregistrer chez ${provider} ou, si ${provider} vous propose un mot de passe d’application, saisissez-le ici.`,
  oauthToo: (provider: string) =>
    `Votre mot de passe habituel chez ${provider} ne fonctionne pas ici. Il faut un mot de passe d’application.`,
  help: 'Pages d’aide',
  sealed:
    'Votre mot de passe est aussitôt chiffré. Personne ne peut le lire, et il n’est plus jamais affiché.',
  connect: 'Se connecter',
  adding: 'Cela fonctionne. Ajout du compte…',
  problems: {
    authentication: {
      title: 'Le serveur a refusé le nom d’utilisateur ou le mot de passe.',
      todo: 'Saisissez à nouveau le mot de passe. Beaucoup de fournisseurs demandent ici, au lieu du mot de passe habituel, un mot de passe d’application créé dans leurs réglages. Certains demandent le nom d’utilisateur sans la partie qui commence à l’arobase (@).',
    },
    'unknown-host': {
      title: 'Aucun serveur ne porte ce nom.',
      todo: 'Cherchez une faute de frappe dans le nom du serveur de messagerie, ou demandez ce nom à votre fournisseur.',
    },
    'forbidden-host': {
      title: 'Ce Mailferry ne se connecte pas aux serveurs de réseaux privés.',
      todo: 'Saisissez le nom public du serveur de messagerie.',
    },
    unreachable: {
      title: 'Rien ne répond sur ce serveur et ce port.',
      todo: 'Vérifiez le nom et le port. S’ils sont corrects, votre fournisseur est peut-être en panne : réessayez plus tard.',
    },
    timeout: {
      title: 'Le serveur n’a pas répondu à temps.',
      todo: 'Vérifiez le nom et le port, ou réessayez dans quelques minutes.',
    },
    tls: {
      title: 'Aucune connexion chiffrée n’a pu être établie.',
      todo: 'Choisissez l’autre type de sécurité (TLS ou STARTTLS) avec son port habituel. Si le certificat de votre fournisseur n’est pas valide, signalez-le-lui.',
    },
    protocol: {
      title: 'Ce qui répond là n’est pas un serveur de messagerie de ce type.',
      todo: 'Vérifiez le port : IMAP utilise en général le 993, POP le 995.',
    },
    temporary: {
      title: 'Le serveur n’accepte personne pour le moment.',
      todo: 'Réessayez dans quelques minutes. Fermez les autres logiciels qui lisent cette boîte mail.',
    },
    throttled: {
      title: 'Le serveur a été sollicité trop souvent.',
      todo: 'Attendez un quart d’heure, puis réessayez.',
    },
    quota: {
      title: 'Ce que le fournisseur autorise par jour est épuisé.',
      todo: 'Réessayez demain.',
    },
    refused: {
      title: 'Le serveur a refusé la demande.',
      todo: 'Regardez dans les réglages de votre fournisseur s’il faut d’abord activer IMAP ou POP.',
    },
    disconnected: {
      title: 'Le serveur a mis fin à la connexion.',
      todo: 'Réessayez. Si cela se reproduit, vérifiez le port et la sécurité.',
    },
  } as Record<string, { title: string; todo: string } | undefined>,
  otherProblem: 'Réessayez dans quelques minutes.',
  saidThat: (message: string) => `Plus précisément : ${message}`,
  notAdded: (reason: string) => `Le compte n’a pas été ajouté. ${reason}`,
  coming: 'Vos messages arrivent',
  arrived: 'Vos messages les plus récents sont là',
  complete: 'Tous vos messages sont là',
  empty: 'Cette boîte mail est vide. Les nouveaux messages apparaîtront d’eux-mêmes.',
  firstWait: 'Les messages les plus récents arrivent d’abord.',
  progress: (stored: number, total: number) => `Enregistrés : ${digits(stored)} sur ${messages(total)}`,
  canLeave: 'Vous pouvez continuer à lire ou fermer Mailferry : la réception se poursuit.',
  toInbox: 'Aller à la boîte de réception',
  newest: 'Les messages les plus récents',
};
