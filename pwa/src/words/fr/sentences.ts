import type { Sentences } from '../said.ts';

/** What the server says, by the codes of its sentences. */
export const sentences: Sentences = {
  'status/new': 'En attente de la première relève.',
  'status/archive': 'Une archive : ces messages n’existent qu’ici.',
  'status/paused':
    'En pause : le serveur de messagerie n’est pas sollicité, et ce que vous modifiez ici attend.',
  'status/first': 'Relève des messages en cours.',
  'status/first/progress': {
    one: 'Relève des messages en cours : {stored} sur {count} message.',
    many: 'Relève des messages en cours : {stored} sur {count} de messages.',
    other: 'Relève des messages en cours : {stored} sur {count} messages.',
  },
  'status/fetching': 'Relève des nouveaux messages en cours.',
  'status/fetching/progress': {
    one: 'Relève des nouveaux messages en cours : {stored} sur {count} message.',
    many: 'Relève des nouveaux messages en cours : {stored} sur {count} de messages.',
    other: 'Relève des nouveaux messages en cours : {stored} sur {count} messages.',
  },
  'status/next-part': 'La suite arrive aussitôt.',
  'status/interrupted': 'La dernière relève a été interrompue ; la prochaine la poursuivra.',
  'status/interrupted/progress': {
    one: 'La dernière relève a été interrompue à {stored} sur {count} message ; la prochaine la poursuivra.',
    many: 'La dernière relève a été interrompue à {stored} sur {count} de messages ; la prochaine la poursuivra.',
    other:
      'La dernière relève a été interrompue à {stored} sur {count} messages ; la prochaine la poursuivra.',
  },
  'status/so-far': {
    one: 'Déjà ici : {stored} sur {count} message.',
    many: 'Déjà ici : {stored} sur {count} de messages.',
    other: 'Déjà ici : {stored} sur {count} messages.',
  },
  'status/ok': 'À jour.',
  'status/unreadable': {
    one: '{count} message n’a pas pu être lu et est resté sur le serveur.',
    many: '{count} de messages n’ont pas pu être lus et sont restés sur le serveur.',
    other: '{count} messages n’ont pas pu être lus et sont restés sur le serveur.',
  },
  'status/doubtful':
    'Le serveur montre bien moins de messages qu’avant ; rien n’est supprimé ici avant une seconde vérification.',
  'status/not-deleted': 'Tant que tous ne peuvent pas être lus, rien n’y est supprimé.',
  'status/frozen/reset':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car il a renuméroté ses messages.',
  'status/frozen/loss':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car il montre bien moins de messages qu’avant.',
  'status/frozen/reset/mailbox':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car il a renuméroté le dossier « {mailbox} ».',
  'status/frozen/loss/mailbox':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car il montre bien moins de messages qu’avant dans le dossier « {mailbox} ».',
  'status/frozen/missing-blob':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car un message manque ici.',
  'status/frozen/checksum':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car un message enregistré ici est endommagé.',
  'status/frozen/mismatch':
    'Depuis le {date}, rien n’est supprimé sur le serveur, car un autre message s’y trouve à la place d’un message enregistré.',

  'advice/password':
    'Saisissez à nouveau le mot de passe dans les paramètres de ce compte. Certains fournisseurs demandent un mot de passe d’application.',
  'advice/sealed': 'Saisissez à nouveau le mot de passe dans les paramètres de ce compte.',
  'advice/sign-in': 'Connectez-vous à nouveau chez {provider}.',
  'advice/public-name': 'Saisissez le nom public du serveur de messagerie dans les paramètres de ce compte.',
  'advice/name': 'Vérifiez le nom du serveur dans les paramètres de ce compte.',
  'advice/server': 'Vérifiez le nom du serveur et le port dans les paramètres de ce compte.',
  'advice/security': 'Vérifiez le port et le chiffrement dans les paramètres de ce compte.',
  'advice/provider':
    'Cela dure depuis un moment. Demandez au fournisseur de cette boîte s’il y a un problème.',
  'advice/operator': 'Cela dure depuis un moment. Prévenez la personne qui gère ce Mailferry.',
  'advice/others':
    'Fermez les autres programmes qui lisent cette boîte, ou faites-les consulter moins souvent.',
  'advice/set-up': 'Demandez à la personne qui gère ce Mailferry de le configurer.',
  'advice/unfreeze':
    'Si rien ne manque ici, autorisez à nouveau la suppression dans les paramètres de ce compte.',

  sealed: 'Le mot de passe enregistré ne peut plus être ouvert.',
  configuration: 'Il manque à ce Mailferry un réglage dont ce compte a besoin.',
  protocol: 'Le serveur de messagerie a donné une réponse que Mailferry ne comprend pas.',
  internal: 'Un problème est survenu ici pendant la relève. Une nouvelle tentative aura lieu.',
  'authentication/token':
    '{place} a refusé l’autorisation donnée à Mailferry. Connectez-vous à nouveau chez votre fournisseur.',
  'authentication/provider':
    '{provider} ne laisse plus entrer Mailferry. Connectez-vous à nouveau chez {provider}.',
  'authentication/no-oauth':
    '{place} n’accepte pas la connexion par le fournisseur. Utilisez un mot de passe, s’il en existe un pour les applications.',
  'authentication/no-password':
    '{place} n’accepte pas de mot de passe. Connectez-vous par le fournisseur, là où c’est proposé.',
  'tls/not-trusted':
    'Le certificat de {place} n’est pas signé par une autorité connue : rien ne le distingue d’un imposteur.',
  'tls/expired': 'Le certificat de {place} a expiré. Son exploitant doit le renouveler.',
  'tls/not-yet': 'Le certificat de {place} n’est pas encore valable.',
  'tls/revoked': 'Le certificat de {place} a été révoqué.',
  'tls/other-name':
    'Le certificat de {place} appartient à un autre nom que {host}. Saisissez le nom de serveur indiqué par votre fournisseur.',
  'tls/no-tls':
    '{place} ne parle pas TLS sur ce port. Choisissez STARTTLS, l’absence de chiffrement ou un autre port.',
  'tls/no-tls-after-starttls': '{place} ne parle pas TLS après STARTTLS. Choisissez TLS ou un autre port.',
  'tls/from-the-start': '{place} attend TLS dès le début. Choisissez TLS pour ce port.',
  'tls/no-starttls': '{place} ne propose pas STARTTLS. Choisissez TLS avec son propre port.',
  'tls/required':
    '{place} n’accepte un mot de passe que par une connexion chiffrée. Choisissez TLS ou STARTTLS.',
  'protocol/pop-not-imap': '{place} parle POP, pas IMAP. Choisissez POP, ou le port IMAP de ce serveur.',
  'protocol/sends-mail':
    '{place} sert à envoyer des messages, pas à les lire. Saisissez le port IMAP de ce serveur.',
  'protocol/no-names':
    '{host} ne donne pas de noms durables à ses messages (ni UIDL ni TOP) : les nouveaux ne se distinguent pas des anciens. Utilisez IMAP s’il existe.',
  'temporary/in-use':
    'La boîte chez {host} est utilisée par un autre programme. Une nouvelle tentative aura lieu plus tard.',
  'temporary/full': 'La boîte chez {host} est pleine.',
  'quota/day':
    'Les {megabytes} Mo que {provider} autorise par jour sont épuisés ; la suite viendra demain à {time} UTC. Les nouveaux messages arrivent quand même.',
  'quota/day-of-ours':
    'Les {megabytes} Mo que Mailferry relève par jour dans une boîte sont épuisés ; la suite viendra demain à {time} UTC. Les nouveaux messages arrivent quand même.',
  'configuration/provider': 'La connexion chez {provider} n’est pas configurée dans ce Mailferry.',
  'test/ok': 'Cela fonctionne.',
  'test/ok/found': {
    one: 'Cela fonctionne : {count} message.',
    many: 'Cela fonctionne : {count} de messages.',
    other: 'Cela fonctionne : {count} messages.',
  },
  'test/ok/mailboxes': {
    one: 'Ils sont dans {count} dossier.',
    many: 'Ils sont dans {count} de dossiers.',
    other: 'Ils sont dans {count} dossiers.',
  },
  'test/archive': 'Une archive n’a pas de serveur : il n’y a rien à tester.',
  'test/token-used':
    '{provider} a renouvelé l’autorisation entre-temps. Connectez-vous à nouveau chez {provider} avant d’enregistrer.',

  'discovery/none': 'Aucun serveur IMAP ni POP n’a été trouvé pour cette adresse.',
  'discovery/pop-only':
    'Ce serveur ne propose que POP : la boîte de réception, sans dossiers ni marques de lecture. Les messages restent sur le serveur, sauf si vous choisissez d’y libérer de la place.',
  'discovery/imap-only':
    'Ce serveur ne propose que IMAP : dossiers et marques de lecture restent identiques dans vos autres programmes et appareils.',
  'discovery/pop-answered':
    'IMAP et POP sont indiqués pour cette adresse, mais seul le serveur POP a répondu. POP apporte la boîte de réception sans dossiers ni marques de lecture ; réessayez IMAP plus tard si vous utilisez plusieurs programmes.',
  'discovery/imap':
    'IMAP garde dossiers et marques de lecture identiques dans vos autres programmes et appareils, et laisse les messages sur le serveur. Prenez POP si Mailferry doit vider le serveur.',
  'discovery/answered': '{host} a répondu par une connexion chiffrée, avec un certificat valable.',
  'discovery/condstore':
    'Il dit à peu de frais ce qui a changé : les marques de lecture arrivent à la relève suivante.',
  'discovery/special-use': 'Il dit quels dossiers sont Envoyés, Brouillons, Indésirables et Corbeille.',
  'discovery/quota': 'Il dit si la boîte est pleine.',
  'discovery/unconfirmed':
    '{host} (port {port}) était injoignable à l’instant : ces paramètres ne sont pas confirmés.',
  'discovery/guessed':
    'Personne n’indique {host} pour cette adresse ; il a été trouvé parmi les noms habituels. Vérifiez auprès de votre fournisseur.',
  'discovery/no-uidl':
    'Ce serveur POP ne sait peut-être pas distinguer les nouveaux messages des anciens (UIDL).',
  'discovery/takes-no-mail': 'Le domaine {domain} dit dans le DNS qu’il ne reçoit pas de messages.',
  'discovery/foreign':
    '{domain} indique le serveur {host}, qui n’est pas le sien. Vérifiez qu’il appartient à votre fournisseur avant de saisir un mot de passe.',
  'discovery/odd-port':
    'Pour {protocol}, le serveur {host} a été indiqué sur le port inhabituel {port} ; il n’a pas été essayé. Saisissez-le vous-même si votre fournisseur le confirme.',
  'discovery/not-encrypted':
    '{host} est indiqué pour des connexions sans chiffrement, qui ne sont pas proposées : n’importe qui en chemin pourrait lire votre mot de passe.',
  'discovery/no-domain': 'Le domaine {domain} n’existe pas. Vérifiez l’orthographe de l’adresse.',
  'discovery/not-asked':
    'Les serveurs de noms n’ont pas pu être interrogés sur {domain}. Réessayez plus tard, ou saisissez le serveur indiqué par votre fournisseur.',
  'discovery/late':
    'Aucun serveur de messagerie de {domain} n’a répondu à temps. Réessayez plus tard, ou saisissez le serveur indiqué par votre fournisseur.',
  'discovery/not-found':
    'Aucun serveur de messagerie n’a été trouvé pour {domain}. Saisissez le serveur indiqué par votre fournisseur.',

  'provider/app-password':
    '{provider} demande ici un mot de passe d’application, créé pour Mailferry dans les paramètres du compte {provider}.',
  'provider/app-password/two-factor':
    'Avec la connexion en deux étapes, {provider} demande ici un mot de passe d’application.',
  'provider/app-password/administrator':
    '{provider} n’accepte votre mot de passe habituel que sur ses propres pages : utilisez un mot de passe d’application, si votre administrateur le permet.',
  'provider/authorisation-code':
    '{provider} demande ici un code d’autorisation, créé dans ses paramètres, et non votre mot de passe.',
  'provider/own-password':
    '{provider} demande ici le mot de passe de messagerie, et non celui de connexion à ses pages.',
  'provider/mail-key':
    '{provider} demande ici une clé de messagerie sécurisée (« secure mail key »), et non votre mot de passe habituel.',
  'provider/allow':
    'Les programmes de messagerie doivent être autorisés une fois dans les paramètres de {provider} avant de pouvoir se connecter.',
  'provider/turn-on':
    'IMAP et POP doivent être activés dans les paramètres de {provider} ; certaines offres gratuites n’ont ni l’un ni l’autre.',
  'provider/paying':
    'Chez {provider}, seuls les clients payants peuvent utiliser des programmes de messagerie.',
  'provider/no-password':
    'Microsoft n’accepte pas de mot de passe des programmes de messagerie, seulement une connexion sur sa propre page, et POP doit être autorisé dans les paramètres de {provider}.',
  'provider/no-password/administrator':
    'Microsoft n’accepte pas de mot de passe des programmes de messagerie, seulement une connexion sur sa propre page, et votre administrateur a peut-être désactivé IMAP et POP.',
  'provider/local-part':
    'Comme nom d’utilisateur, saisissez la partie de votre adresse {provider} qui précède l’arobase (@).',
  'provider/control-panel':
    'Pour Exchange et Email Pro de {provider}, saisissez le serveur indiqué dans l’espace client, par exemple {host}.',
  'provider/bridge':
    '{provider} ne peut être lu que par {bridge}, un programme sur votre propre ordinateur, que Mailferry n’atteint que s’il fonctionne sur ce même ordinateur.',
  'provider/closed':
    '{provider} ne propose ni IMAP ni POP : ses messages ne peuvent être lus qu’avec ses propres applications.',
  'help/about': 'À propos de {what}',
  'help/app-password': 'Créer un mot de passe d’application chez {provider}',
  'help/password': 'Définir le mot de passe de messagerie chez {provider}',
  'help/authorisation-code': 'Créer un code d’autorisation chez {provider}',
  'help/allow': 'Autoriser les programmes de messagerie chez {provider}',
  'help/imap': 'Activer IMAP chez {provider}',
  'help/pop': 'Activer POP chez {provider}',
  'help/settings': 'Paramètres des serveurs de {provider}',
  'help/programs': 'Programmes de messagerie chez {provider}',

  'job/missing-file': 'Le fichier envoyé n’est plus là. Envoyez-le à nouveau.',
  'job/not-readable': 'Ce n’est pas une archive zip, ou elle est incomplète.',
  'job/zip-bomb': 'Décompressée, cette archive serait démesurée.',
  'job/no-mailbox': 'Le dossier dans lequel importer n’existe plus.',
  'job/internal': 'De nombreuses tentatives ont échoué. Recommencez.',

  'message/authentication': 'Le serveur de messagerie a refusé l’accès à ce message.',
  'message/timeout': 'Le serveur de messagerie n’a pas livré ce message à temps.',
  'message/protocol': 'Le serveur de messagerie a livré ce message d’une manière illisible.',
  'message/temporary': 'Le serveur de messagerie a sans cesse remis ce message à plus tard.',
  'message/refused': 'Le serveur de messagerie refuse de livrer ce message.',
  'message/disconnected': 'À ce message, la connexion au serveur de messagerie a été coupée chaque fois.',
  'message/unreadable': 'Ce message n’a pas pu être lu.',
  'message/interrupted':
    'Mailferry a été arrêté chaque fois qu’il relevait ce message : il est peut-être trop gros, ou arrive trop lentement.',
  'message/missing': 'Le serveur de messagerie mentionne ce message, mais ne le livre pas.',
  'message/too-large':
    'Le serveur de messagerie en dit trop sur ce message pour qu’il soit gardé : trop de marques ou de dossiers.',
  'message/too-many-copies':
    'Le serveur de messagerie a ce message trop de fois. Cette copie est laissée de côté.',

  'import/empty': 'Il n’y a pas de message ici.',
  'import/too-large': 'Ceci dépasse 150 Mo.',
  'import/nul': 'Les serveurs de messagerie n’acceptent pas de message avec des octets NUL.',
  'import/no-mbox':
    'Ce qui se trouve ici ne commence pas par une ligne From_, comme les messages d’une mbox.',
  'import/damaged': 'Ce fichier de l’archive est endommagé, du moins à partir d’ici.',
  'import/encrypted': 'Ce fichier de l’archive est chiffré. Compressez-le sans mot de passe.',
  'import/unsupported': 'Ce fichier de l’archive est compressé d’une manière inconnue ici.',

  // What a change of an account or a job is refused with: SetErrors and errors of methods (RFC 8620).
  'set/invalidProperties': 'Vérifiez ces indications : {fields}.',
  'set/overQuota': 'La limite du serveur est atteinte.',
  'set/serverFail': 'Un problème est survenu sur le serveur. Réessayez.',
  'set/serverUnavailable': 'Le serveur ne peut pas le faire pour l’instant. Réessayez dans quelques minutes.',
  'set/notFound': 'Cela n’existe plus sur le serveur.',
  'set/blobNotFound': 'Le fichier envoyé n’est plus là. Envoyez-le à nouveau.',
  'set/requestTooLarge': 'C’est trop gros pour le serveur.',
  'set/sign-in-needed': 'Connectez-vous à nouveau.',
};
