/**
 * How much providers let one mailbox be used, by the end of its host's name. What they publish is kept to; where they
 * publish nothing, the numbers are ours, meant to stay unnoticed. Pure.
 */

export interface ProviderLimits {
  /** As people know the provider; null for all the others. */
  name: string | null;
  /** Octets that one login may fetch in a day. */
  bytesPerDay: number;
  /** Connections that one login may have at a time, other programs of the person included. */
  connections: number;
}

const MB = 1_000_000;

interface Entry {
  hosts: readonly string[];
  /** Only where the protocols differ. */
  protocol?: 'imap' | 'pop';
  limits: ProviderLimits;
}

const PROVIDERS: readonly Entry[] = [
  // Google Workspace Admin Help, "Gmail bandwidth limits": downloads by IMAP 2,500 MB and by POP 1,250 MB a day; and
  // "Too many simultaneous connections": 15.
  {
    hosts: ['gmail.com', 'googlemail.com', 'google.com'],
    protocol: 'pop',
    limits: { name: 'Gmail', bytesPerDay: 1_250 * MB, connections: 15 },
  },
  {
    hosts: ['gmail.com', 'googlemail.com', 'google.com'],
    limits: { name: 'Gmail', bytesPerDay: 2_500 * MB, connections: 15 },
  },
  // Not published in numbers: they answer "Request is throttled" with the time to wait.
  {
    hosts: ['outlook.com', 'office365.com', 'hotmail.com', 'live.com'],
    limits: { name: 'Outlook', bytesPerDay: 10_000 * MB, connections: 8 },
  },
  // Not published in numbers: they answer [LIMIT] soon.
  {
    hosts: ['yahoo.com', 'yahoodns.net', 'aol.com', 'yahoo.co.jp'],
    limits: { name: 'Yahoo', bytesPerDay: 5_000 * MB, connections: 5 },
  },
];

const OTHERS: ProviderLimits = { name: null, bytesPerDay: 20_000 * MB, connections: 4 };

/** The limits of the provider that a host belongs to. */
export function limitsOf(host: string, protocol: 'imap' | 'pop'): ProviderLimits {
  const name = host.toLowerCase().replace(/\.$/, '');
  const isOf = (suffix: string) => name === suffix || name.endsWith(`.${suffix}`);
  const found = PROVIDERS.find(entry => (entry.protocol ?? protocol) === protocol && entry.hosts.some(isOf));
  return found?.limits ?? OTHERS;
}
