import type { MailAddress } from './address.ts';
import { type Candidate, candidate, type Endpoint } from './candidate.ts';
import type { Ports } from './network.ts';

/**
 * Where mail servers usually are: the names that most domains use, and the host that receives the domain's mail,
 * which at small providers also hands it out. Pure.
 */
export function usualCandidates(address: MailAddress, exchange: string | null, ports: Ports): Candidate[] {
  const { domain } = address;
  const both = [`mail.${domain}`, domain, ...(exchange === null ? [] : [exchange])];
  const imap = [...new Set([`imap.${domain}`, ...both])].flatMap((host): Endpoint[] => [
    { protocol: 'imap', host, port: ports.imaps, security: 'tls' },
    { protocol: 'imap', host, port: ports.imap, security: 'starttls' },
  ]);
  const pop = [...new Set([`pop.${domain}`, `pop3.${domain}`, ...both])].flatMap((host): Endpoint[] => [
    { protocol: 'pop', host, port: ports.pops, security: 'tls' },
    { protocol: 'pop', host, port: ports.pop, security: 'starttls' },
  ]);
  return [...imap, ...pop].map(endpoint => candidate(endpoint, address, 'probe'));
}
