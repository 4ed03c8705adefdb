import { promises as dns, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { toSourceError, unknownHost } from './connection-errors.ts';
import { SourceError } from './errors.ts';

/**
 * Keeps the functions from being used to reach what only they can reach: a mail host is a name that a person
 * typed, and a name can point anywhere. The address is looked up once, checked, and then connected to as it
 * is, so that a second answer of the name server cannot undo the check.
 */

/** A checked address to connect to. */
export interface Target {
  address: string;
  family: 4 | 6;
  /** Name for SNI and for the certificate; empty when the host is a literal address (RFC 6066 section 3). */
  servername: string;
}

export interface ResolveOptions {
  /** Stands in for the system's resolver; answers every address of a name. */
  lookup?: (host: string) => Promise<LookupAddress[]>;
  /** Longest wait for the name server, in milliseconds; none by default. */
  timeout?: number;
}

/** IANA special-purpose IPv4 blocks that are not globally reachable, and multicast. */
const closedIpv4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // looks public, and is a service of the host that a machine in Azure runs on
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * The only IPv6 addresses that can be a server's: global unicast (RFC 4291), and the two forms of a public IPv4 address
 * that a resolver or a network itself makes. Loopback, unique local (fd00:ec2::254 is a metadata service), link-local,
 * site-local, multicast, IPv4-compatible and -translated addresses, NAT64 for local use, and all that nobody has
 * been given yet are outside of it.
 */
const globalIpv6: readonly (readonly [network: string, bits: number])[] = [
  ['2000::', 3],
  ['64:ff9b::', 96], // NAT64 (RFC 6052)
  ['::ffff:0:0', 96], // IPv4-mapped
];

/** What is not public within that; forms that carry an IPv4 address nobody publishes for a server, as a whole. */
const closedIpv6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23], // Teredo, ORCHID, benchmarks and other protocol assignments
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
];

const reachable = globalAddresses();
const closed = closedAddresses();

/**
 * Finds the address of a mail host and checks that it may be reached.
 *
 * @param host a host name (also internationalised) or a literal address, as a person typed it
 * @param allowPrivateHosts `all`, or names and addresses that may be reached although they are private
 * @returns the address to connect to; IPv4 first, because functions often have no IPv6 route
 * @throws SourceError `unknown-host` when the name is no name or does not resolve, `forbidden-host` when all its
 *   addresses are private, loopback, link-local or otherwise closed, `timeout` when nobody answers in time
 */
export async function resolveHost(
  host: string,
  allowPrivateHosts: 'all' | readonly string[],
  options: ResolveOptions = {},
): Promise<Target> {
  const name = normalise(host);
  const literal = isIP(name) !== 0;
  if (!literal) checkName(name, host);
  const found = literal
    ? [{ address: name, family: isIP(name) }]
    : await lookUp(name, host, options.lookup ?? lookupAll, options.timeout);
  const allowed = allowPrivateHosts === 'all' ? 'all' : new Set(allowPrivateHosts.map(normalise));
  const usable = found
    .filter(({ address }) => allowed === 'all' || allowed.has(name) || isOpen(address, allowed))
    .sort((a, b) => a.family - b.family);
  const [first] = usable;
  if (first === undefined) {
    throw new SourceError(
      'forbidden-host',
      `${shown(host)} is a private or local address, which may not be reached from here. Enter the public name of the mail server.`,
    );
  }
  return {
    address: first.address,
    family: first.family === 6 ? 6 : 4,
    servername: literal ? '' : name,
  };
}

/** Whether an address is on the open Internet, or allowed by itself. A zone id (`%eth0`) is local by nature. */
function isOpen(address: string, allowed: ReadonlySet<string>): boolean {
  if (allowed.has(normalise(address))) return true;
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  if (family === 4) return !closed.check(address, 'ipv4');
  return reachable.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Lower case, without brackets, surrounding blanks or the dot of the root, internationalised names as ASCII. */
function normalise(host: string): string {
  const trimmed = host.trim().toLowerCase();
  const inner = /^\[(.*)\]$/.exec(trimmed)?.[1] ?? trimmed;
  if (isIP(inner) !== 0) return inner;
  const withoutRoot = inner.endsWith('.') ? inner.slice(0, -1) : inner;
  // Only names beyond ASCII are converted: domainToASCII would also read `0x7f.1` as 127.0.0.1.
  return /^[\p{ASCII}]*$/u.test(withoutRoot) ? withoutRoot : domainToASCII(withoutRoot);
}

/**
 * Refuses what is no host name: resolvers also read `2130706433`, `0x7f.1` and `0177.0.0.1` as addresses, and
 * what the person meant by those is not a mail server (the URL standard's "ends in a number").
 */
function checkName(name: string, host: string): void {
  const labels = name.split('.');
  const wellFormed =
    name.length <= 253 && labels.every(label => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  const endsInNumber = /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '');
  if (!wellFormed || endsInNumber) {
    throw new SourceError(
      'unknown-host',
      `“${shown(host)}” is not a server name. Enter a name such as mail.example.com.`,
    );
  }
  // RFC 6761 section 6.4: never asked of a name server
  if (labels.at(-1) === 'invalid') throw unknownHost(shown(host));
}

async function lookUp(
  name: string,
  host: string,
  lookup: (host: string) => Promise<LookupAddress[]>,
  timeout: number | undefined,
): Promise<LookupAddress[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    if (timeout === undefined) return;
    timer = setTimeout(() => {
      reject(new SourceError('timeout', `The address of ${shown(host)} could not be looked up in time.`));
    }, timeout);
  });
  try {
    const found = await Promise.race([lookup(name), late]);
    if (found.length === 0) throw unknownHost(shown(host));
    return found;
  } catch (error) {
    throw toSourceError(error, { host: shown(host) });
  } finally {
    clearTimeout(timer);
  }
}

function lookupAll(host: string): Promise<LookupAddress[]> {
  return dns.lookup(host, { all: true });
}

/** The host as it may stand in a sentence: printable and of bounded length. */
function shown(host: string): string {
  const printable = host.trim().replace(/[\p{C}\s]+/gu, ' ');
  return printable.length > 80 ? `${printable.slice(0, 80)}…` : printable;
}

function globalAddresses(): BlockList {
  const list = new BlockList();
  for (const [network, bits] of globalIpv6) list.addSubnet(network, bits, 'ipv6');
  return list;
}

function closedAddresses(): BlockList {
  const list = new BlockList();
  for (const [network, bits] of closedIpv4) {
    // BlockList itself applies these to IPv4-mapped addresses (::ffff:0:0/96).
    list.addSubnet(network, bits, 'ipv4');
    // NAT64 (RFC 6052) is how an IPv6-only network reaches public IPv4 servers: only closed ones are closed.
    list.addSubnet(`64:ff9b::${network}`, 96 + bits, 'ipv6');
  }
  for (const [network, bits] of closedIpv6) list.addSubnet(network, bits, 'ipv6');
  return list;
}
