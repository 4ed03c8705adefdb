/** The settings of an account's connection. */
export const form = {
  imap: 'IMAP',
  imapText:
    'Tous les dossiers. Messages lus, étoiles et déplacements restent synchronisés avec le serveur et vos autres logiciels.',
  pop: 'POP',
  popText:
    'La boîte de réception seulement. Dossiers, étoiles et messages lus sont gérés par Mailferry, pour tous vos appareils.',
  protocol: 'Mode de réception',
  address: 'Adresse e-mail',
  name: 'Nom du compte',
  nameHint: 'Son nom dans l’application, par exemple Maison ou Travail.',
  host: 'Serveur de messagerie',
  port: 'Port',
  security: 'Sécurité',
  securities: { tls: 'TLS', starttls: 'STARTTLS', none: 'Aucune (non chiffré)' } as Record<string, string>,
  insecure: 'Sans chiffrement, n’importe qui sur le trajet peut lire votre mot de passe et vos messages.',
  username: 'Nom d’utilisateur',
  usernameHint: 'Souvent l’adresse e-mail.',
  password: 'Mot de passe',
  passwordKept: 'Laissez vide pour garder le mot de passe enregistré.',
  test: 'Tester',
  testing: 'Tentative de connexion… cela peut prendre jusqu’à 20 secondes.',
  change: 'Paramètres du compte',
  save: 'Enregistrer',
  saving: 'Enregistrement…',
  saved: 'Enregistré.',
  notChanged: (reason: string) => `Les paramètres n’ont pas été modifiés. ${reason}`,
};
