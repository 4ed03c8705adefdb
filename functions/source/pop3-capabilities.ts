import type { Pop3Wire } from './pop3-wire.ts';

/** What a server says it can do (CAPA, RFC 2449). All is empty or false where it does not know CAPA. */
export interface Pop3Capabilities {
  /** One capability a line, upper-cased. */
  lines: readonly string[];
  /** Mechanisms of AUTH (RFC 5034). */
  sasl: ReadonlySet<string>;
  /** USER and PASS are taken. */
  user: boolean;
  stls: boolean;
  /** Commands may be sent ahead (RFC 2449 section 6.6). */
  pipelining: boolean;
  /** Seconds that have to pass between two logins (RFC 2449 section 6.5); null where it is not said. */
  loginDelay: number | null;
}

/** As much of a list as is read, in octets. */
const LONGEST_LIST = 64 * 1024;

/**
 * Asks for the capabilities. They may differ before and after TLS, and before and after the login; what was said in
 * plain text is void after TLS (RFC 2595 section 4).
 *
 * @throws SourceError when the connection fails; a refusal is no error, CAPA is optional
 */
export async function readCapabilities(wire: Pop3Wire): Promise<Pop3Capabilities> {
  const { body } = await wire.exchange('CAPA\r\n', 'listing');
  return parseCapabilities(body === null ? '' : body.toString('latin1', 0, LONGEST_LIST));
}

/** Reads the lines of a CAPA answer. Pure. */
export function parseCapabilities(text: string): Pop3Capabilities {
  const lines = text
    .toUpperCase()
    .split('\r\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const capabilities = new Map(
    lines.map(line => {
      const [name = '', ...values] = line.split(/\s+/);
      return [name, values] as const;
    }),
  );
  const delay = capabilities.get('LOGIN-DELAY')?.[0] ?? '';
  return {
    lines,
    sasl: new Set(capabilities.get('SASL') ?? []),
    user: capabilities.has('USER'),
    stls: capabilities.has('STLS'),
    pipelining: capabilities.has('PIPELINING'),
    loginDelay: /^\d{1,6}$/.test(delay) ? Number(delay) : null,
  };
}
