import type { MailAccount, MailAccountProposal } from '../../../../functions/jmap/types.ts';
import type { AccountChange, Connection, NewAccount } from '../../mailbox/accounts.ts';

/** What a person enters of an account, and what follows from it. Pure. */

/** Ports by protocol and security (RFC 8314, RFC 9051, RFC 1939). */
const PORTS: Record<Connection['protocol'], Record<Connection['security'], number>> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop: { tls: 995, starttls: 110, none: 110 },
};

/** Of a new account before anything is known but its address. */
export function emptyAccount(address: string): NewAccount {
  const empty: NewAccount = {
    ...{ name: '', protocol: 'imap', address: '', host: '', port: PORTS.imap.tls, security: 'tls' },
    ...{ username: '', password: '', deletionPolicy: 'keep', deletionDays: null },
  };
  return withDefaults(empty, { address });
}

/** Fills in what follows from a change, where the person has not said otherwise. */
export function withDefaults(before: NewAccount, change: Partial<NewAccount>): NewAccount {
  const after = { ...before, ...change };
  const host = ({ address, protocol }: NewAccount) => {
    const domain = address.split('@')[1] ?? '';
    return domain ? `${protocol}.${domain}` : '';
  };
  const isUsualPort = before.port === PORTS[before.protocol][before.security];
  if (change.port === undefined && isUsualPort) after.port = PORTS[after.protocol][after.security];
  if (change.host === undefined && before.host === host(before)) after.host = host(after);
  if (change.username === undefined && before.username === before.address) after.username = after.address;
  return after;
}

/** A provider at which people sign in, as they know it: `google` is Google. */
export const providerName = (provider: string): string =>
  provider === 'aol' ? 'AOL' : provider.charAt(0).toUpperCase() + provider.slice(1);

/** The account with the server of a proposal. */
export function fromProposal(
  account: NewAccount,
  { protocol, host, port, security, username }: MailAccountProposal,
): NewAccount {
  return { ...account, protocol, host, port, security, username };
}

/** What a person may change of an account with a server; the password is never told. Null for an archive. */
export function settingsOf(account: MailAccount): NewAccount | null {
  const { name, protocol, address, host, port, security, username } = account;
  const { deletionPolicy, deletionDays } = account;
  if (protocol === 'archive' || host === null || port === null || security === null) return null;
  const connection = { protocol, host, port, security, username: username ?? '' };
  return { name, address, ...connection, deletionPolicy, deletionDays, password: '' };
}

const CHANGEABLE = ['name', 'address', 'host', 'port', 'security', 'username', 'password'] as const;

/**
 * What of the settings differs from what they were: nothing else is sent, so that a form that was open for long undoes
 * nothing, and lifts no freeze.
 */
export function changesOf(before: NewAccount, after: NewAccount): AccountChange {
  return Object.fromEntries(
    CHANGEABLE.filter(name => after[name] !== before[name]).map(name => [name, after[name]]),
  );
}
