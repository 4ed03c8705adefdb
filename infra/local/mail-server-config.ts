/** The ports of one mail server, all on loopback; the TLS ones are null when it has no certificate. */
export interface MailServerPorts {
  imap: number;
  pop: number;
  imaps: number | null;
  pops: number | null;
}

/** What a configuration is made of. Every path is absolute and must hold no white space. */
export interface MailServerPlan {
  /** `[2, 3]` or `[2, 4]`: the two syntaxes differ. */
  version: readonly [major: number, minor: number];
  /** Where Dovecot keeps its sockets; short, because a socket's path holds at most 107 bytes. */
  runFolder: string;
  logFile: string;
  /** passwd-file(5) of Dovecot: names, passwords, owners and homes. */
  userFile: string;
  ports: MailServerPorts;
  certificate: { certFile: string; keyFile: string } | null;
  /** Settings of its OAuth (`oauthSettings`) in a file of their own, as 2.3 wants them; null without. */
  oauthFile: string | null;
  /** Whom it asks whose an access token is, by a GET with the token at the end of this address; null for nobody. */
  tokenInfo: string | null;
  /** The account that everything runs as when Dovecot is started by an ordinary user; null as root. */
  ownUser: { name: string; group: string } | null;
}

const ROLES = [
  ['Sent', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Archive', '\\Archive'],
  ['Junk', '\\Junk'],
  ['Trash', '\\Trash'],
] as const;

/** `dovecot --version` ("2.3.19.1 (9b53102964)") as numbers; null when that is no version. */
export function parseVersion(output: string): [number, number] | null {
  const found = /^(\d+)\.(\d+)/.exec(output.trim());
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/** The text of `dovecot.conf` for a plan, in the syntax of its version. */
export function mailServerConfig(plan: MailServerPlan): string {
  const newSyntax = hasNewSyntax(plan);
  return [
    ...(newSyntax ? head24(plan) : head23(plan)),
    `base_dir = ${plan.runFolder}`,
    // Else it notes its instances below /var/lib, where an ordinary user may not write.
    `state_dir = ${plan.runFolder}`,
    `log_path = ${plan.logFile}`,
    'listen = 127.0.0.1',
    // One machine stands for many devices and servers here, so none of Dovecot's limits per address may bite.
    'mail_max_userip_connections = 1000',
    'auth_failure_delay = 0 secs',
    ...ownUser(plan.ownUser),
    ...oauth(plan),
    ...mailboxes(),
    ...services(plan),
    '',
  ].join('\n');
}

function hasNewSyntax({ version: [major, minor] }: MailServerPlan): boolean {
  return major > 2 || minor >= 4;
}

function head23(plan: MailServerPlan): string[] {
  const { certificate } = plan;
  return [
    'protocols = imap pop3',
    'mail_location = maildir:~',
    'disable_plaintext_auth = no',
    'pop3_uidl_format = %08Xu%08Xv',
    `passdb {\n  driver = passwd-file\n  args = ${plan.userFile}\n}`,
    `userdb {\n  driver = passwd-file\n  args = ${plan.userFile}\n}`,
    ...(certificate
      ? ['ssl = yes', `ssl_cert = <${certificate.certFile}`, `ssl_key = <${certificate.keyFile}`]
      : ['ssl = no']),
  ];
}

function head24(plan: MailServerPlan): string[] {
  const { certificate } = plan;
  return [
    'dovecot_config_version = 2.4.0',
    'dovecot_storage_version = 2.4.0',
    'protocols {\n  imap = yes\n  pop3 = yes\n}',
    'mail_driver = maildir',
    'mail_path = ~/',
    'auth_allow_cleartext = yes',
    'pop3_uidl_format = %{uid | hex(8)}%{uidvalidity | hex(8)}',
    `passdb passwd-file {\n  passwd_file_path = ${plan.userFile}\n}`,
    `userdb passwd-file {\n  passwd_file_path = ${plan.userFile}\n}`,
    ...(certificate
      ? [
          'ssl = yes',
          `ssl_server_cert_file = ${certificate.certFile}`,
          `ssl_server_key_file = ${certificate.keyFile}`,
        ]
      : ['ssl = no']),
  ];
}

function ownUser(user: MailServerPlan['ownUser']): string[] {
  if (!user) return [];
  return [
    `default_internal_user = ${user.name}`,
    `default_internal_group = ${user.group}`,
    `default_login_user = ${user.name}`,
    'first_valid_uid = 1',
  ];
}

/** What Dovecot 2.3 reads from a file of its own. The address of the token's owner is in `email`. */
export const oauthSettings = (tokenInfo: string) =>
  `tokeninfo_url = ${tokenInfo}\nusername_attribute = email\n`;

function oauth(plan: MailServerPlan): string[] {
  const { oauthFile, tokenInfo } = plan;
  if (oauthFile === null || tokenInfo === null) return [];
  const mechanisms = 'auth_mechanisms = plain xoauth2 oauthbearer';
  if (hasNewSyntax(plan)) {
    return [
      mechanisms,
      `oauth2 {\n  ${oauthSettings(tokenInfo).trim().replace('\n', '\n  ')}\n}`,
      'passdb oauth2 {\n  mechanisms_filter = xoauth2 oauthbearer\n}',
    ];
  }
  const passdb = `driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = ${oauthFile}`;
  return [mechanisms, `passdb {\n  ${passdb}\n}`];
}

function mailboxes(): string[] {
  const special = ROLES.map(
    ([name, role]) => `  mailbox ${name} {\n    auto = subscribe\n    special_use = ${role}\n  }`,
  );
  return ['namespace inbox {', '  inbox = yes', '  separator = /', ...special, '}'];
}

function services(plan: MailServerPlan): string[] {
  const { ports, ownUser: user } = plan;
  // One login process for all connections is much faster than a new one for each.
  const lasting = hasNewSyntax(plan) ? 'restart_request_count = unlimited' : 'service_count = 0';
  const unchrooted = user ? '\n  chroot =' : '';
  const listener = (name: string, port: number | null, ssl = false) =>
    `  inet_listener ${name} {\n    port = ${port ?? 0}${ssl ? '\n    ssl = yes' : ''}\n  }`;
  const login = (name: string, plain: string, tls: string) =>
    `service ${name} {\n  ${lasting}\n  process_min_avail = 1${unchrooted}\n${plain}\n${tls}\n}`;
  return [
    login('imap-login', listener('imap', ports.imap), listener('imaps', ports.imaps, true)),
    login('pop3-login', listener('pop3', ports.pop), listener('pop3s', ports.pops, true)),
    // Without the penalty one wrong password would slow down every other login from this machine.
    `service anvil {${unchrooted}\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}`,
    ...(user ? ['service stats {\n  chroot =\n}'] : []),
  ];
}
