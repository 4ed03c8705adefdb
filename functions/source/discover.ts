import type { MxRecord } from 'node:dns';
import type { MailAccountDiscovery, Sentence } from '../jmap/types.ts';
import { say, sentenceOf } from '../sentences/say.ts';
import { type MailAddress, parseAddress } from './discover/address.ts';
import { findAutoconfig } from './discover/autoconfig.ts';
import { type Candidate, candidate, endpointKey, type Finding, shown } from './discover/candidate.ts';
import {
  createNetwork,
  type Network,
  type Ports,
  type Resolver,
  standardPorts,
  systemResolver,
} from './discover/network.ts';
import { type Probe, probe } from './discover/probe.ts';
import { rank } from './discover/rank.ts';
import { recommend } from './discover/recommend.ts';
import { findSrv } from './discover/srv.ts';
import { usualCandidates } from './discover/usual-hosts.ts';
import { providerOfDomain, providerOfMx, providers } from './providers/index.ts';
import type { Provider } from './providers/provider.ts';

/** A person waits: whatever is not known after this many milliseconds is left out. */
const TOTAL_TIMEOUT = 12_000;
/** Servers that are looked at for one address, whoever names them. */
const MOST_PROBES = 40;
/** Things that went wrong which a person is told of. */
const MOST_FAULTS = 3;

/** What discovery works with; all but `allowPrivateHosts` is for tests. */
export interface DiscoverOptions {
  /** Hosts that may be reached although they are private or loopback. */
  allowPrivateHosts: 'all' | readonly string[];
  resolver?: Resolver;
  ports?: Ports;
  /** Extra trusted certificate authority (PEM). */
  ca?: string;
  providers?: readonly Provider[];
  /** Longest time for all of it, in milliseconds. */
  timeout?: number;
}

/**
 * Finds how the mailbox of an address can be reached. Knowledge of well-known providers comes first; for other
 * domains MX and SRV records, the domain's own autoconfig file and the usual host names are tried side by side.
 * Every server named is looked at (TLS, greeting, capabilities) and nothing of the address is sent to it; only the
 * domain's own web server is told the address. Every host passes the guard, and only mail ports are connected to.
 *
 * @param entered an e-mail address as a person enters it
 * @throws AddressError when it is none; what servers do is no error, but a sentence in the answer
 */
export async function discover(entered: string, options: DiscoverOptions): Promise<MailAccountDiscovery> {
  const address = parseAddress(entered);
  const { timeout = TOTAL_TIMEOUT } = options;
  const ending = new AbortController();
  const network = createNetwork({
    allowPrivateHosts: options.allowPrivateHosts,
    resolver: options.resolver ?? systemResolver(),
    ports: options.ports ?? standardPorts,
    ca: options.ca,
    signal: ending.signal,
  });
  const search = createSearch(address, network);
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>(resolve => {
    timer = setTimeout(resolve, timeout);
  });
  try {
    await Promise.race([explore(search, options.providers ?? providers), passed]);
    return conclude(search);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

/** What is known so far; it grows until the time is up. */
interface Search {
  address: MailAddress;
  network: Network;
  provider: Provider | null;
  candidates: Candidate[];
  warnings: Sentence[];
  probes: Map<string, Probe>;
  /** Why DNS gave no MX record: there is no such domain (NXDOMAIN), or it could not be asked. */
  dns: 'answered' | 'no-such-domain' | 'failed';
  /** Every way was tried to its end. */
  finished: boolean;
  /** Takes a finding in and looks at its servers. */
  add(finding: Finding): Promise<void>;
}

function createSearch(address: MailAddress, network: Network): Search {
  const looks = new Map<string, Promise<void>>();
  const search: Search = {
    ...{ address, network, provider: null, candidates: [], warnings: [], probes: new Map() },
    ...{ dns: 'answered', finished: false },
    async add({ candidates, warnings }) {
      search.warnings.push(...warnings);
      search.candidates.push(...candidates);
      await Promise.all(candidates.map(look));
    },
  };
  const look = (found: Candidate): Promise<void> => {
    const key = endpointKey(found);
    const known = looks.get(key);
    if (known || looks.size >= MOST_PROBES) return known ?? Promise.resolve();
    const looked = probe(found, network).then(result => {
      search.probes.set(key, result);
    });
    looks.set(key, looked);
    return looked;
  };
  return search;
}

async function explore(search: Search, list: readonly Provider[]): Promise<void> {
  const { address, network } = search;
  search.provider = providerOfDomain(address.domain, list);
  if (search.provider !== null) {
    await search.add(knownServers(search.provider, search));
    if (search.provider.unavailable !== null || anyConfirmed(search)) {
      search.finished = true;
      return;
    }
  }
  const byExchange = findExchange(search, list);
  await Promise.all([
    byExchange.then(found => search.add(found)),
    findSrv(address, network).then(found => search.add(found)),
    findAutoconfig(address, network).then(found => search.add(found)),
  ]);
  search.finished = true;
}

/** By the MX records: the servers of a provider who is known to receive mail there, else the usual names. */
async function findExchange(search: Search, list: readonly Provider[]): Promise<Finding> {
  const { address, network } = search;
  const records = await mxOf(search);
  const exchanges = records.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
  const found = exchanges.map(exchange => providerOfMx(exchange, list)).find(one => one !== null);
  if (found && search.provider === null) {
    search.provider = found;
    return knownServers(found, search);
  }
  const [first = ''] = exchanges;
  if (exchanges.length > 0 && (first === '' || first === '.')) {
    search.warnings.push(say('discovery/takes-no-mail', { domain: shown(address.domain) }));
  }
  const exchange = first === '' || first === '.' ? null : first.toLowerCase().replace(/\.$/, '');
  return { candidates: usualCandidates(address, exchange, network.ports), warnings: [] };
}

async function mxOf(search: Search): Promise<MxRecord[]> {
  try {
    return await search.network.resolver.resolveMx(search.address.domain);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    // ENODATA: the name is there, without an MX record.
    if (code !== 'ENODATA') search.dns = code === 'ENOTFOUND' ? 'no-such-domain' : 'failed';
    return [];
  }
}

function knownServers(provider: Provider, { address }: Search): Finding {
  const { imap, pop, oauth } = provider;
  const username = provider.username === 'address' ? address.text : address.localPart;
  const authentication = oauth?.required ? 'oauth' : 'password';
  const more = { username, authentication, oauthProvider: oauth?.provider ?? null } as const;
  const endpoints = [
    ...(imap ? [{ ...imap, protocol: 'imap' as const }] : []),
    ...(pop ? [{ ...pop, protocol: 'pop' as const }] : []),
  ];
  return {
    candidates: endpoints.map(endpoint => candidate(endpoint, address, 'provider', more)),
    warnings: [],
  };
}

function anyConfirmed({ probes }: Search): boolean {
  return [...probes.values()].some(({ ok }) => ok);
}

function conclude(search: Search): MailAccountDiscovery {
  const { address, provider, candidates, probes } = search;
  const proposals = rank(candidates, probes);
  const { recommended, protocolAdvice, reasons, warnings } = recommend(proposals);
  const advice = proposals.length > 0 ? protocolAdvice : nothingFound(search);
  const confirmed = proposals.some(proposal => proposal.confirmed);
  const told = unique([
    ...(provider?.warnings ?? []),
    ...warnings,
    ...search.warnings,
    ...forbidden(search),
    ...(confirmed ? [] : faults(search)),
  ]);
  return {
    address: address.text,
    provider: provider?.name ?? null,
    proposals,
    recommended,
    protocolAdvice: advice.text,
    protocolAdviceSentence: advice,
    help: provider?.help ?? [],
    reasons: reasons.map(({ text }) => text),
    reasonSentences: reasons,
    warnings: told.map(({ text }) => text),
    warningSentences: told,
  };
}

const unique = (sentences: readonly Sentence[]): Sentence[] => [
  ...new Map(sentences.map(sentence => [sentence.text, sentence])).values(),
];

/** Why there is no proposal. */
function nothingFound({ provider, address, finished, dns }: Search): Sentence {
  const domain = shown(address.domain);
  if (provider?.unavailable) return provider.unavailable;
  if (dns === 'no-such-domain') return say('discovery/no-domain', { domain });
  if (dns === 'failed') return say('discovery/not-asked', { domain });
  return say(finished ? 'discovery/not-found' : 'discovery/late', { domain });
}

/** Named servers that the guard keeps us from. */
function forbidden({ candidates, probes }: Search): Sentence[] {
  return candidates
    .filter(({ source }) => source !== 'probe')
    .map(found => probes.get(endpointKey(found)))
    .flatMap(result =>
      result && !result.ok && result.error.code === 'forbidden-host' ? [sentenceOf(result.error)] : [],
    );
}

/** What was wrong with servers that are there, where none is right: a certificate, or a server that is busy. */
function faults({ probes }: Search): Sentence[] {
  const told = [...probes.values()]
    .flatMap(result => (result.ok ? [] : [result.error]))
    .filter(({ code }) => code === 'tls' || code === 'temporary');
  return told.slice(0, MOST_FAULTS).map(sentenceOf);
}
