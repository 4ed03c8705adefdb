import type { SrvRecord } from 'node:dns';
import type { Sentence } from '../../jmap/types.ts';
import { say } from '../../sentences/say.ts';
import type { MailAddress } from './address.ts';
import { candidate, type Endpoint, type Finding, isMailPort, oddPort, shown } from './candidate.ts';
import type { Network, Ports } from './network.ts';

/** Mail servers that a domain names in DNS: SRV records of RFC 6186, TLS first as RFC 8314 wants it. */

const SERVICES = [
  { service: '_imaps._tcp', protocol: 'imap', security: 'tls' },
  { service: '_imap._tcp', protocol: 'imap', security: 'starttls' },
  { service: '_pop3s._tcp', protocol: 'pop', security: 'tls' },
  { service: '_pop3._tcp', protocol: 'pop', security: 'starttls' },
] as const;

/** Records that are looked at for one service; more would be knocking at doors. */
const MOST_RECORDS = 3;

type Service = (typeof SERVICES)[number]['service'];

/** Asks DNS for the servers of a domain. A service that is not there, or whose look-up fails, gives nothing. */
export async function findSrv(address: MailAddress, { resolver, ports }: Network): Promise<Finding> {
  const answers = await Promise.all(
    SERVICES.map(async ({ service }) => {
      const records = await resolver.resolveSrv(`${service}.${address.domain}`).catch(() => []);
      return [service, records] as const;
    }),
  );
  return readSrv(new Map(answers), address, ports);
}

/**
 * Reads SRV records: lower priority first, then more weight. The target `.` means that the service is not offered.
 * DNS is not proof: a server outside the domain is named in a warning (RFC 6186 section 6). Pure.
 */
export function readSrv(
  answers: ReadonlyMap<Service, readonly SrvRecord[]>,
  address: MailAddress,
  ports: Ports,
): Finding {
  const finding: Finding = { candidates: [], warnings: [] };
  const foreign = new Set<string>();
  for (const { service, protocol, security } of SERVICES) {
    const records = [...(answers.get(service) ?? [])]
      .filter(({ name }) => name !== '' && name !== '.')
      .sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    for (const { name, port } of records.slice(0, MOST_RECORDS)) {
      const endpoint: Endpoint = { protocol, host: name.replace(/\.$/, ''), port, security };
      if (!isMailPort(protocol, port, ports)) {
        finding.warnings.push(oddPort(protocol, endpoint.host, port));
        continue;
      }
      finding.candidates.push(candidate(endpoint, address, 'srv'));
      if (!belongsTo(endpoint.host, address.domain)) foreign.add(endpoint.host.toLowerCase());
    }
  }
  finding.warnings.push(...[...foreign].map(host => foreignServer(host, address.domain)));
  return finding;
}

function belongsTo(host: string, domain: string): boolean {
  const name = host.toLowerCase();
  return name === domain || name.endsWith(`.${domain}`);
}

function foreignServer(host: string, domain: string): Sentence {
  return say('discovery/foreign', { domain: shown(domain), host: shown(host) });
}
