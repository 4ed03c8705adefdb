import type { MailAddress } from './address.ts';
import { LONGEST_FILE, readAutoconfig } from './autoconfig-xml.ts';
import type { Finding } from './candidate.ts';
import { fetchText } from './https.ts';
import type { Network } from './network.ts';

/**
 * What a domain says of its mail servers in Mozilla's autoconfig file, at its own two places and only over HTTPS:
 * what comes over plain HTTP could be anybody's. Mozilla's database of providers is not asked, because a third party
 * would learn of the address.
 */

const FETCH_TIMEOUT = 5_000;
const REDIRECTS = 3;

/** The servers of the first of the two files that is there and can be used. Never throws. */
export async function findAutoconfig(address: MailAddress, network: Network): Promise<Finding> {
  const { domain } = address;
  const query = `emailaddress=${encodeURIComponent(address.text)}`;
  const port = network.ports.https === 443 ? '' : `:${network.ports.https}`;
  const findings = await Promise.all(
    [
      `https://autoconfig.${domain}${port}/mail/config-v1.1.xml?${query}`,
      `https://${domain}${port}/.well-known/autoconfig/mail/config-v1.1.xml?${query}`,
    ].map(url => findAt(new URL(url), address, network)),
  );
  return (
    findings.find(({ candidates }) => candidates.length > 0) ??
    findings.find(({ warnings }) => warnings.length > 0) ?? { candidates: [], warnings: [] }
  );
}

async function findAt(url: URL, address: MailAddress, network: Network): Promise<Finding> {
  try {
    const xml = await fetchText(url, network, {
      limit: LONGEST_FILE,
      timeout: FETCH_TIMEOUT,
      redirects: REDIRECTS,
      follow: next => withoutAddress(next, address),
    });
    if (xml !== null) return readAutoconfig(xml, address, network.ports);
  } catch {
    // Most domains have no such file, and many answer anything with a web page: nothing that a person can mend.
  }
  return { candidates: [], warnings: [] };
}

/**
 * Where a redirect may be followed to: within the domain as it is; elsewhere without the address, which is nobody
 * else's business; null when it cannot be taken out.
 */
export function withoutAddress(url: URL, { domain, text, localPart }: MailAddress): URL | null {
  const host = url.hostname.toLowerCase();
  if (host === domain || host.endsWith(`.${domain}`)) return url;
  const next = new URL(url);
  for (const [name, value] of url.searchParams) {
    if (mentions(value, text) || value.toLowerCase() === localPart.toLowerCase()) {
      next.searchParams.delete(name);
    }
  }
  next.hash = '';
  return mentions(decoded(next.href), text) ? null : next;
}

function mentions(value: string, address: string): boolean {
  return value.toLowerCase().includes(address.toLowerCase());
}

function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
