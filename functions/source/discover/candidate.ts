import type { MailAccountProposal, Sentence } from '../../jmap/types.ts';
import { say } from '../../sentences/say.ts';
import type { MailAddress } from './address.ts';
import type { Ports } from './network.ts';

/** Where a mail server listens. */
export type Endpoint = Pick<MailAccountProposal, 'protocol' | 'host' | 'port' | 'security'>;

/** Settings that somebody named or that are worth a try, before the server itself was asked. */
export type Candidate = Omit<MailAccountProposal, 'confirmed' | 'capabilities'>;

/** What a source of knowledge gives. */
export interface Finding {
  candidates: Candidate[];
  warnings: Sentence[];
}

/** Candidates that are signed in to with the whole address and a password. */
export function candidate(
  endpoint: Endpoint,
  address: MailAddress,
  source: Candidate['source'],
  more: Partial<Pick<Candidate, 'username' | 'authentication' | 'oauthProvider'>> = {},
): Candidate {
  return {
    ...{ protocol: endpoint.protocol, host: endpoint.host.toLowerCase(), port: endpoint.port },
    ...{ security: endpoint.security, username: address.text, authentication: 'password' },
    ...{ oauthProvider: null, source },
    ...more,
  };
}

/** Whether a port may be connected to for this protocol. */
export function isMailPort(protocol: Endpoint['protocol'], port: number, ports: Ports): boolean {
  const allowed = protocol === 'imap' ? [ports.imaps, ports.imap] : [ports.pops, ports.pop];
  return allowed.includes(port);
}

/** For a server on a port that discovery does not connect to. */
export function oddPort(protocol: Endpoint['protocol'], host: string, port: number): Sentence {
  const values = { protocol: protocol === 'imap' ? 'IMAP' : 'POP', host: shown(host), port: String(port) };
  return say('discovery/odd-port', values);
}

/** A name from outside as it may stand in a sentence. */
export function shown(name: string): string {
  const printable = name.replace(/[\p{C}\s]+/gu, ' ').trim();
  return printable.length > 80 ? `${printable.slice(0, 79)}…` : printable;
}

/** Tells endpoints apart. */
export function endpointKey({ protocol, host, port, security }: Endpoint): string {
  return `${protocol} ${security} ${host}:${port}`;
}
