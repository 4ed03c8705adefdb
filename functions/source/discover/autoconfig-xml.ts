import { decodeXML } from 'entities';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { MailferryError } from '../../errors.ts';
import { say } from '../../sentences/say.ts';
import type { MailAddress } from './address.ts';
import { type Candidate, candidate, type Finding, isMailPort, oddPort, shown } from './candidate.ts';
import type { Ports } from './network.ts';

/**
 * Reads Mozilla's autoconfig format (`clientConfig`, version 1.1): which servers a domain has. The file comes from
 * whoever owns the domain: it is bounded in size and depth, has no entities of its own, and passes a schema. Pure.
 */

/** A file that is no usable autoconfig file. */
export class AutoconfigError extends MailferryError {
  override name = 'AutoconfigError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('autoconfig', message, options);
  }
}

/** The longest file that is read, in characters. */
export const LONGEST_FILE = 256 * 1024;
/** clientConfig, emailProvider, incomingServer, pop3, an option: a real file is five deep. */
const DEEPEST = 12;
/** Servers of one file that are looked at. */
const MOST_SERVERS = 8;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Values stay the text they are; the five entities of XML are decoded by us, once.
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: DEEPEST,
  isArray: name => name === 'incomingServer' || name === 'authentication',
});

/** The text of an element, whether it has attributes or not; only that of the first when there are several. */
const text = z.preprocess(value => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const inner = typeof first === 'object' && first !== null && '#text' in first ? first['#text'] : first;
  return typeof inner === 'string' ? decodeXML(inner).trim() : inner;
}, z.string().min(1).max(500));

const incomingServer = z.object({
  '@type': z.string(),
  hostname: text,
  port: text.pipe(z.string().regex(/^\d{1,5}$/)).transform(Number),
  socketType: text,
  username: text.optional(),
  authentication: z.array(text).max(10).optional(),
});

const file = z.object({
  clientConfig: z.object({
    emailProvider: z.preprocess(
      value => (Array.isArray(value) ? value[0] : value),
      z.object({ incomingServer: z.array(z.unknown()).default([]) }),
    ),
  }),
});

/**
 * The servers of a file, in its order, with its placeholders filled in. Servers that are not IMAP or POP, and those
 * without encryption, are left out.
 *
 * @throws AutoconfigError and nothing else, whatever the text is
 */
export function readAutoconfig(xml: string, address: MailAddress, ports: Ports): Finding {
  const finding: Finding = { candidates: [], warnings: [] };
  for (const element of serversOf(xml)) {
    const read = incomingServer.safeParse(element);
    if (read.success) addServer(finding, read.data, address, ports);
  }
  return finding;
}

function serversOf(xml: string): unknown[] {
  if (xml.length > LONGEST_FILE) throw new AutoconfigError('The autoconfig file is too long.');
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) {
    throw new AutoconfigError('The autoconfig file defines a document type, which no such file needs.');
  }
  let parsed: unknown;
  try {
    parsed = parser.parse(xml, true);
  } catch (cause) {
    throw new AutoconfigError('The autoconfig file is not well-formed XML.', { cause });
  }
  const read = file.safeParse(parsed);
  if (!read.success) throw new AutoconfigError('The file is no autoconfig file.', { cause: read.error });
  return read.data.clientConfig.emailProvider.incomingServer.slice(0, MOST_SERVERS);
}

function addServer(
  finding: Finding,
  server: z.output<typeof incomingServer>,
  address: MailAddress,
  ports: Ports,
): void {
  const protocol = { imap: 'imap', pop3: 'pop' }[server['@type'].toLowerCase()] as 'imap' | 'pop' | undefined;
  const host = fillIn(server.hostname, address).toLowerCase();
  const socketType = server.socketType.toUpperCase();
  const authentication = authenticationOf(server.authentication ?? []);
  if (protocol === undefined || authentication === null) return;
  if (socketType === 'PLAIN') {
    finding.warnings.push(say('discovery/not-encrypted', { host: shown(host) }));
    return;
  }
  if (socketType !== 'SSL' && socketType !== 'STARTTLS') return;
  if (!isMailPort(protocol, server.port, ports)) {
    finding.warnings.push(oddPort(protocol, host, server.port));
    return;
  }
  const security = socketType === 'SSL' ? 'tls' : 'starttls';
  const username = usernameOf(server.username, address);
  const endpoint = { protocol, host, port: server.port, security } as const;
  finding.candidates.push(candidate(endpoint, address, 'autoconfig', { username, authentication }));
}

/** How to sign in: a password where it is taken at all, because OAuth needs the provider to know us; else null. */
function authenticationOf(methods: readonly string[]): Candidate['authentication'] | null {
  if (methods.length === 0 || methods.some(method => /^password-/i.test(method) || method === 'plain')) {
    return 'password';
  }
  return methods.some(method => /^oauth2$/i.test(method)) ? 'oauth' : null;
}

function usernameOf(template: string | undefined, address: MailAddress): string {
  const username = fillIn(template ?? '%EMAILADDRESS%', address);
  // Another placeholder, as %REALNAME%, is something that we do not know.
  const usable = username.length <= 320 && !/\p{Cc}|%[A-Z]+%/u.test(username);
  return usable ? username : address.text;
}

/** Replaces the placeholders of the format once: what they bring in is not looked at again. */
export function fillIn(template: string, address: MailAddress): string {
  const values: Record<string, string> = {
    '%EMAILADDRESS%': address.text,
    '%EMAILLOCALPART%': address.localPart,
    '%EMAILDOMAIN%': address.domain,
  };
  return template.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g, name => values[name] ?? name);
}
