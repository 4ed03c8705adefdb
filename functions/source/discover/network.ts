import type { LookupAddress, MxRecord, SrvRecord } from 'node:dns';
import { promises as dns } from 'node:dns';
import { resolveHost, type Target } from '../guard.ts';

/** What discovery may reach, and by which means. */

/** Answers as node:dns does, errors included; tests bring their own. */
export interface Resolver {
  resolveMx(domain: string): Promise<MxRecord[]>;
  resolveSrv(name: string): Promise<SrvRecord[]>;
  /** Every address of a host. */
  lookup(host: string): Promise<LookupAddress[]>;
}

/**
 * The only ports that are ever connected to, whatever DNS, a file or a redirect names: else a hostile domain could
 * have us knock at any service of any host. A server on another port has to be entered by hand.
 */
export interface Ports {
  imaps: number;
  imap: number;
  pops: number;
  pop: number;
  https: number;
}

export const standardPorts: Ports = { imaps: 993, imap: 143, pops: 995, pop: 110, https: 443 };

/** One discovery's view of the network; all of it ends when `signal` aborts. */
export interface Network {
  resolver: Resolver;
  ports: Ports;
  /** Extra certificate authority (PEM), for tests. */
  ca?: string | undefined;
  signal: AbortSignal;
  /**
   * The checked address of a host, asked for once: what was checked is what is connected to. Throws SourceError
   * `forbidden-host`, `unknown-host` or `timeout`.
   */
  target(host: string): Promise<Target>;
}

export interface NetworkOptions {
  allowPrivateHosts: 'all' | readonly string[];
  resolver: Resolver;
  ports: Ports;
  ca?: string | undefined;
  signal: AbortSignal;
}

/** Longest wait for one name, in milliseconds. */
const LOOKUP_TIMEOUT = 4_000;

/** The network as discovery may use it. */
export function createNetwork(options: NetworkOptions): Network {
  const { allowPrivateHosts, resolver, ports, ca, signal } = options;
  const targets = new Map<string, Promise<Target>>();
  return {
    ...{ resolver, ports, ca, signal },
    target(host) {
      const known = targets.get(host);
      if (known) return known;
      const lookup = (name: string) => resolver.lookup(name);
      const target = resolveHost(host, allowPrivateHosts, { lookup, timeout: LOOKUP_TIMEOUT });
      // Whoever asks sees the failure; here nobody may be listening yet.
      target.catch(() => undefined);
      targets.set(host, target);
      return target;
    },
  };
}

/** The system's resolver, with bounded waits. */
export function systemResolver(): Resolver {
  const resolver = new dns.Resolver({ timeout: LOOKUP_TIMEOUT / 2, tries: 2 });
  return {
    // The dot of the root keeps search domains of this machine out of it.
    resolveMx: domain => resolver.resolveMx(`${domain}.`),
    resolveSrv: name => resolver.resolveSrv(`${name}.`),
    lookup: host => dns.lookup(host, { all: true }),
  };
}

/** A signal that aborts with another one, or after this many milliseconds. */
export function within(signal: AbortSignal, milliseconds: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}
