/**
 * What the server says to a person, sentence by sentence: the code, by which a client finds it in another language, and
 * the English. `{name}` stands for a value; where there are forms, `count` chooses. A code with `/detail` says more than
 * the code before it, which a client may say instead. Codes stay what they are: clients know them.
 */
export const catalogue = {
  // How an account is.
  'status/new': 'Waiting for the first pull.',
  'status/archive': 'An archive: mail lives here only.',
  'status/paused': 'Paused: the mail server is left alone, and what you change here waits.',
  'status/first': 'Fetching mail.',
  'status/first/progress': {
    one: 'Fetching mail: {stored} of {count} message.',
    other: 'Fetching mail: {stored} of {count} messages.',
  },
  'status/fetching': 'Fetching new mail.',
  'status/fetching/progress': {
    one: 'Fetching new mail: {stored} of {count} message.',
    other: 'Fetching new mail: {stored} of {count} messages.',
  },
  'status/next-part': 'The next part follows at once.',
  'status/interrupted': 'The last pull was interrupted; it goes on at the next one.',
  'status/interrupted/progress': {
    one: 'The last pull was interrupted at {stored} of {count} message; it goes on at the next one.',
    other: 'The last pull was interrupted at {stored} of {count} messages; it goes on at the next one.',
  },
  'status/so-far': {
    one: '{stored} of {count} message are here.',
    other: '{stored} of {count} messages are here.',
  },
  'status/ok': 'Up to date.',
  'status/unreadable': {
    one: '{count} message could not be read and stayed on the server.',
    other: '{count} messages could not be read and stayed on the server.',
  },
  'status/doubtful':
    'The server shows far fewer messages than before; nothing is removed here until a second look.',
  'status/not-deleted': 'Until all can be read, nothing is deleted there.',
  'status/frozen/reset':
    'Since {date} nothing is deleted on the server, because the server has rebuilt its messages.',
  'status/frozen/loss':
    'Since {date} nothing is deleted on the server, because the server shows far fewer messages than before.',
  'status/frozen/reset/mailbox':
    'Since {date} nothing is deleted on the server, because the server has rebuilt the mailbox “{mailbox}”.',
  'status/frozen/loss/mailbox':
    'Since {date} nothing is deleted on the server, because the server shows far fewer messages in “{mailbox}” than before.',
  'status/frozen/missing-blob':
    'Since {date} nothing is deleted on the server, because a message is missing here.',
  'status/frozen/checksum':
    'Since {date} nothing is deleted on the server, because a message stored here is damaged.',
  'status/frozen/mismatch':
    'Since {date} nothing is deleted on the server, because the server has another message where a stored one was.',

  // What a person may do about it.
  'advice/password':
    'Enter the password again in the settings of this account. Some providers want an app password.',
  'advice/sealed': 'Enter the password again in the settings of this account.',
  'advice/sign-in': 'Sign in again at {provider}.',
  'advice/public-name': 'Enter the public name of the mail server in the settings of this account.',
  'advice/name': 'Check the server name in the settings of this account.',
  'advice/server': 'Check the server name and the port in the settings of this account.',
  'advice/security': 'Check the port and the encryption in the settings of this account.',
  'advice/provider':
    'This has gone on for a while. Ask the provider of this mailbox whether something is wrong.',
  'advice/operator': 'This has gone on for a while. Tell whoever runs this Mailferry.',
  'advice/others': 'Close other programs that read this mailbox, or let them look less often.',
  'advice/set-up': 'Ask whoever runs this Mailferry to set it up.',
  'advice/unfreeze': 'If nothing is missing here, allow deleting again in the settings of this account.',

  // What went wrong with a mail server: details beyond the code of the error (SourceErrorCode).
  'authentication/token':
    '{place} refused the permission that was given to Mailferry. Sign in at your provider again.',
  'authentication/provider': '{provider} no longer lets Mailferry in. Sign in again at {provider}.',
  'authentication/no-oauth':
    '{place} does not take a sign-in by the provider. Use a password, if it gives one for apps.',
  'authentication/no-password': '{place} takes no password. Sign in by the provider, where it can be chosen.',
  'tls/not-trusted':
    'The certificate of {place} is not signed by a known authority, so it cannot be told from an impostor.',
  'tls/expired': 'The certificate of {place} has expired. Its operator has to renew it.',
  'tls/not-yet': 'The certificate of {place} is not valid yet.',
  'tls/revoked': 'The certificate of {place} was revoked.',
  'tls/other-name':
    'The certificate at {place} belongs to another name than {host}. Enter the server name that your provider gives.',
  'tls/no-tls': '{place} does not speak TLS on this port. Choose STARTTLS or no encryption, or another port.',
  'tls/no-tls-after-starttls': '{place} does not speak TLS after STARTTLS. Choose TLS, or another port.',
  'tls/from-the-start': '{place} expects TLS from the first byte. Choose TLS for this port.',
  'tls/no-starttls': '{place} does not offer STARTTLS. Choose TLS with its own port.',
  'tls/required': '{place} accepts a password only over an encrypted connection. Choose TLS or STARTTLS.',
  'protocol/pop-not-imap': '{place} speaks POP, not IMAP. Choose POP, or the IMAP port of this server.',
  'protocol/sends-mail':
    '{place} is for sending mail, not for reading it. Enter the IMAP port of this server.',
  'protocol/no-names':
    '{host} gives its messages no lasting names (neither UIDL nor TOP), so new mail cannot be told from old. Use IMAP if it has it.',
  'temporary/in-use': 'The mailbox at {host} is in use by another program. It is tried again later.',
  'temporary/full': 'The mailbox at {host} is full.',
  'quota/day':
    "Today's {megabytes} MB that {provider} allows are used up; it goes on tomorrow at {time} UTC. New mail still comes.",
  'quota/day-of-ours':
    "Today's {megabytes} MB that Mailferry fetches from one mailbox are used up; it goes on tomorrow at {time} UTC. New mail still comes.",
  'configuration/provider': 'Signing in at {provider} is not set up in this Mailferry.',
  'test/ok': 'It works.',
  'test/ok/found': {
    one: 'It works: {count} message.',
    other: 'It works: {count} messages.',
  },
  'test/ok/mailboxes': {
    one: 'They are in {count} mailbox.',
    other: 'They are in {count} mailboxes.',
  },
  'test/archive': 'An archive has no server: there is nothing to test.',
  'test/token-used':
    '{provider} has replaced the refresh token meanwhile. Sign in again at {provider} before you save.',

  // Which settings an address has.
  'discovery/none': 'Neither an IMAP nor a POP server was found for this address.',
  'discovery/pop-only':
    'This server offers POP only: the inbox without folders or read marks. Mail stays on the server unless you choose to free space.',
  'discovery/imap-only':
    'This server offers IMAP only: folders and read marks stay in step with your other programs and devices.',
  'discovery/pop-answered':
    'Both IMAP and POP are named for this address, but only the POP server answered. POP brings the inbox without folders or read marks; try IMAP again later if you use several mail programs.',
  'discovery/imap':
    'IMAP keeps folders and read marks in step with your other programs and devices, and leaves the mail on the server. Take POP if you want Mailferry to empty the server.',
  'discovery/answered': '{host} answered over an encrypted connection with a valid certificate.',
  'discovery/condstore': 'It tells cheaply what has changed, so read marks arrive with the next check.',
  'discovery/special-use': 'It says which folders are Sent, Drafts, Junk and Trash.',
  'discovery/quota': 'It says how full the mailbox is.',
  'discovery/unconfirmed':
    '{host} (port {port}) could not be reached just now, so these settings are not confirmed.',
  'discovery/guessed':
    'Nobody names {host} for this address; it was found by trying usual names. Check it with your provider.',
  'discovery/no-uidl': 'This POP server may not be able to tell new mail from old (UIDL).',
  'discovery/takes-no-mail': 'The domain {domain} says in DNS that it takes no mail.',
  'discovery/foreign':
    '{domain} names the server {host}, which is not its own. Check that it belongs to your provider before you enter a password.',
  'discovery/odd-port':
    'For {protocol} the server {host} on the unusual port {port} was named, which was not looked at. Enter it yourself if your provider says so.',
  'discovery/not-encrypted':
    '{host} is named for connections without encryption, which are not proposed: anybody on the way could read your password.',
  'discovery/no-domain': 'The domain {domain} does not exist. Check the spelling of the address.',
  'discovery/not-asked':
    'The name servers could not be asked about {domain} just now. Try again later, or enter the server that your provider names.',
  'discovery/late':
    'No mail server for {domain} answered in time. Try again later, or enter the server that your provider names.',
  'discovery/not-found': 'No mail server was found for {domain}. Enter the server that your provider names.',

  // What is known of a provider.
  'provider/app-password':
    '{provider} wants an app password here, made for Mailferry in the settings of the {provider} account.',
  'provider/app-password/two-factor': 'With two-factor sign-in {provider} wants an app password here.',
  'provider/app-password/administrator':
    '{provider} takes your normal password nowhere but on its own pages: use an app password, if your administrator allows one.',
  'provider/authorisation-code':
    '{provider} wants an authorisation code here, made in its settings, not your password.',
  'provider/own-password':
    '{provider} wants the separate e-mail password here, not the one with which you sign in on its pages.',
  'provider/mail-key': '{provider} wants a secure mail key here, not your normal password.',
  'provider/allow':
    'Mail programs have to be allowed once in the settings of {provider} before they can sign in.',
  'provider/turn-on':
    'IMAP and POP have to be turned on in the settings of {provider}; some free plans have neither.',
  'provider/paying': 'At {provider} only paying customers may use mail programs.',
  'provider/no-password':
    'Microsoft takes no password from mail programs, only a sign-in on its own page, and POP has to be allowed in the settings of {provider}.',
  'provider/no-password/administrator':
    'Microsoft takes no password from mail programs, only a sign-in on its own page, and your administrator may have turned IMAP and POP off.',
  'provider/local-part': 'As the user name enter the part before the @ of your {provider} address.',
  'provider/control-panel':
    'For Exchange and Email Pro of {provider} enter the server that its control panel names, such as {host}.',
  'provider/bridge':
    '{provider} can only be read through {bridge}, a program on your own computer, which Mailferry reaches only when it runs on that same computer.',
  'provider/closed':
    '{provider} offers neither IMAP nor POP, so its mail can only be read with its own apps.',
  'help/about': 'About {what}',
  'help/app-password': 'Make an app password at {provider}',
  'help/password': 'Set the e-mail password of {provider}',
  'help/authorisation-code': 'Make an authorisation code at {provider}',
  'help/allow': 'Allow mail programs at {provider}',
  'help/imap': 'Turn on IMAP at {provider}',
  'help/pop': 'Turn on POP at {provider}',
  'help/settings': 'Mail server settings of {provider}',
  'help/programs': 'Mail programs at {provider}',

  // Imports and exports.
  'job/missing-file': 'The uploaded file is not there any more. Upload it again.',
  'job/not-readable': 'This is no zip archive, or not a whole one.',
  'job/zip-bomb': 'Unpacked, this archive would be out of all proportion.',
  'job/no-mailbox': 'The mailbox to import into is not there any more.',
  'job/internal': 'This was tried many times and did not work. Start it again.',
} as const satisfies Record<string, string | Readonly<{ one: string; other: string }>>;

/** Codes whose English is written where they arise, because it tells more than their translations do. */
export const GENERAL_CODES = [
  ...['authentication', 'unknown-host', 'forbidden-host', 'unreachable', 'timeout', 'tls', 'protocol'],
  ...['temporary', 'throttled', 'quota', 'refused', 'disconnected', 'sealed', 'configuration', 'internal'],
  ...['message/authentication', 'message/timeout', 'message/protocol', 'message/temporary'],
  ...['message/refused', 'message/disconnected', 'message/unreadable', 'message/interrupted'],
  ...['message/missing', 'message/too-large', 'message/too-many-copies'],
  ...['import/empty', 'import/too-large', 'import/nul', 'import/no-mbox', 'import/damaged'],
  ...['import/encrypted', 'import/unsupported'],
] as const;
