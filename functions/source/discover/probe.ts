import { say } from '../../sentences/say.ts';
import { toSourceError } from '../connection-errors.ts';
import { SourceError } from '../errors.ts';
import { type Endpoint, shown } from './candidate.ts';
import { type Network, within } from './network.ts';
import { openWire, type Wire } from './wire.ts';

/** What a look at a server showed. */
export type Probe = { ok: true; capabilities: string[] } | { ok: false; error: SourceError };

/** Longest time for one look, in milliseconds. */
const PROBE_TIMEOUT = 5_000;
const MOST_CAPABILITIES = 100;

/**
 * Looks at a mail server without signing in: connects, sets up TLS with a valid certificate, reads the greeting and
 * asks for capabilities (CAPABILITY of RFC 9051 section 6.1.1, CAPA of RFC 2449). Nothing of the address is sent.
 * Never throws.
 */
export async function probe(endpoint: Endpoint, network: Network): Promise<Probe> {
  const signal = within(network.signal, PROBE_TIMEOUT);
  let wire: Wire | null = null;
  try {
    wire = await openWire(endpoint, network, signal);
    const look = endpoint.protocol === 'imap' ? lookAtImap : lookAtPop;
    return { ok: true, capabilities: await look(wire, endpoint) };
  } catch (error) {
    return { ok: false, error: toSourceError(error, endpoint) };
  } finally {
    wire?.close();
  }
}

async function lookAtImap(wire: Wire, endpoint: Endpoint): Promise<string[]> {
  const greeting = await wire.receive(hasLine);
  // PREAUTH before STARTTLS would be somebody in between (RFC 9051 section 11.1).
  if (!/^\* OK\b/i.test(greeting)) throw notAServer(endpoint, /^\* BYE\b/i.test(greeting));
  if (endpoint.security === 'starttls') {
    wire.send('a1 STARTTLS');
    if (!/^a1 OK\b/im.test(await wire.receive(isTagged('a1')))) throw noStartTls(endpoint);
    await wire.startTls();
  }
  wire.send('a2 CAPABILITY');
  const answer = await wire.receive(isTagged('a2'));
  const listed = /^\* CAPABILITY ([^\r\n]*)/im.exec(answer)?.[1];
  if (listed === undefined || !/^a2 OK\b/im.test(answer)) throw notAServer(endpoint, false);
  wire.send('a3 LOGOUT');
  return tidy(listed.split(' '));
}

async function lookAtPop(wire: Wire, endpoint: Endpoint): Promise<string[]> {
  const greeting = await wire.receive(hasLine);
  if (!/^\+OK\b/i.test(greeting)) throw notAServer(endpoint, /^-ERR\b/i.test(greeting));
  if (endpoint.security === 'starttls') {
    wire.send('STLS');
    if (!/^\+OK\b/i.test(await wire.receive(hasLine))) throw noStartTls(endpoint);
    await wire.startTls();
  }
  wire.send('CAPA');
  const answer = await wire.receive(text => /^-ERR[^\n]*\n/i.test(text) || /\n\.\r?\n$/.test(text));
  wire.send('QUIT');
  // CAPA is optional; a server that does not know it is a POP server all the same.
  if (!/^\+OK\b/i.test(answer)) return [];
  return tidy(answer.split('\n').slice(1, -2));
}

const hasLine = (text: string): boolean => text.includes('\n');

const isTagged = (tag: string) => {
  const line = new RegExp(`(^|\\n)${tag} [^\\n]*\\n`, 'i');
  return (text: string): boolean => line.test(text);
};

/** Names of extensions as they may be shown and stored: printable, upper case, a bounded number. */
function tidy(names: readonly string[]): string[] {
  const clean = names.map(name => name.trim().toUpperCase()).filter(name => /^[!-~ ]{1,100}$/.test(name));
  return [...new Set(clean)].slice(0, MOST_CAPABILITIES);
}

function notAServer({ host, port, protocol }: Endpoint, busy: boolean): SourceError {
  const place = `${shown(host)}:${port}`;
  return busy
    ? new SourceError('temporary', `${place} refuses connections just now.`)
    : new SourceError(
        'protocol',
        `${place} does not answer like ${protocol === 'imap' ? 'an IMAP' : 'a POP'} server.`,
      );
}

function noStartTls({ host, port }: Endpoint): SourceError {
  return new SourceError('tls', say('tls/no-starttls', { place: `${shown(host)}:${port}` }));
}
