/** One check of a receiving server (RFC 8601 section 2.2). */
export interface Check {
  method: string;
  result: string;
  /** by `ptype.property`, such as `smtp.mailfrom` */
  properties: Record<string, string>;
}

/** An Authentication-Results header field. */
export interface AuthenticationResults {
  /** who says it; '' where the server does not name itself */
  server: string;
  checks: Check[];
}

/** What the checks mean for the sender that is shown. */
export interface Verdict {
  /** confirmed: the sender's domain stands for it; failed: it does not, though it says that it would */
  sender: 'confirmed' | 'failed' | 'unknown';
  /** who says it */
  server: string;
  /** SPF, DKIM and DMARC as far as they were checked */
  checks: { method: 'spf' | 'dkim' | 'dmarc'; result: string; domain: string }[];
}

/** Takes comments out and cuts at `;`, both outside of quoted strings (RFC 5322 section 3.2). */
function statements(text: string): string[] {
  const found = [''];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\\' && (quoted || depth)) {
      at += 1;
      continue;
    }
    if (letter === '"' && !depth) quoted = !quoted;
    else if (!quoted && letter === '(') depth += 1;
    else if (!quoted && letter === ')' && depth) depth -= 1;
    else if (!quoted && !depth && letter === ';') found.push('');
    else if (!depth) found[found.length - 1] += quoted && /\s/.test(letter) ? '_' : letter;
  }
  return found.map(one => one.replace(/\s*=\s*/g, '=').trim());
}

/** Reads the value of an Authentication-Results field (RFC 8601 section 2.2); pure. */
export function parseResults(text: string): AuthenticationResults {
  const [first = '', ...rest] = statements(text);
  // Some large servers leave their own name out.
  const named = !first.includes('=');
  const server = named ? (first.split(/\s+/)[0] ?? '') : '';
  const checks: Check[] = [];
  for (const statement of named ? rest : [first, ...rest]) {
    const [head = '', ...properties] = statement.split(/\s+/);
    const match = /^([\w-]+)(?:\/\d+)?=(\w+)$/.exec(head);
    if (!match?.[1] || !match[2]) continue;
    const check: Check = { method: match[1].toLowerCase(), result: match[2].toLowerCase(), properties: {} };
    for (const property of properties) {
      const [, name, value] = /^([\w-]+\.[\w-]+)=(.+)$/.exec(property) ?? [];
      if (name && value) check.properties[name.toLowerCase()] ??= value.toLowerCase();
    }
    checks.push(check);
  }
  return { server: server.toLowerCase(), checks };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).replace(/\.$/, '');

/** Relaxed alignment (RFC 7489 section 3.1), without a list of public suffixes: one domain is the other or below it. */
function aligned(one: string, other: string): boolean {
  if (!one.includes('.') || !other.includes('.')) return false;
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function domainOfCheck({ method, properties }: Check): string {
  if (method === 'dkim') return properties['header.d'] ?? domainOf(properties['header.i'] ?? '');
  if (method === 'spf') return domainOf(properties['smtp.mailfrom'] ?? properties['smtp.helo'] ?? '');
  return domainOf(properties['header.from'] ?? '');
}

/**
 * What the checks of a server say about a sender; pure. It is for the caller to know whether that server can be
 * believed: anybody can write the field into a message.
 * @param from address of the sender
 */
export function judge({ server, checks }: AuthenticationResults, from: string): Verdict {
  const domain = domainOf(from.toLowerCase());
  const known = checks.flatMap(check => {
    const { method, result } = check;
    if (method !== 'spf' && method !== 'dkim' && method !== 'dmarc') return [];
    return [{ method, result, domain: domainOfCheck(check) }] as Verdict['checks'];
  });
  const of = (method: string) => known.filter(check => check.method === method);
  const own = (check: { domain: string }) => aligned(check.domain, domain);
  const passes = (method: string) => of(method).some(check => check.result === 'pass' && own(check));
  const [dmarc] = of('dmarc');
  const about = dmarc && (!dmarc.domain || dmarc.domain === domain);
  let sender: Verdict['sender'] = 'unknown';
  if (dmarc && about && dmarc.result === 'pass') sender = 'confirmed';
  else if (dmarc && about && dmarc.result === 'fail') sender = 'failed';
  else if (passes('dkim') || passes('spf')) sender = 'confirmed';
  else if (of('spf').some(check => check.result === 'fail' && own(check))) sender = 'failed';
  return { sender, server, checks: known };
}

/** Servers of large providers whose name is not that at which their mail is fetched. */
const PROVIDERS: Record<string, readonly string[]> = {
  'google.com': ['gmail.com', 'googlemail.com'],
  'messagingengine.com': ['fastmail.com', 'fastmail.fm'],
  'icloud.com': ['me.com', 'mac.com', 'apple.com'],
  'yahoo.com': ['yahoodns.net', 'ymail.com', 'aol.com'],
  'outlook.com': ['office365.com', 'hotmail.com', 'live.com', 'microsoft.com'],
  'gmx.net': ['gmx.com', 'gmx.de', 'gmx.at', 'web.de', 'kundenserver.de'],
  'mailbox.org': ['mailbox.org'],
};

/** The last two labels of a name, three where the last two are as short as those of `co.uk`. */
function baseOf(host: string): string {
  const labels = host.toLowerCase().split('.');
  const [second = '', last = ''] = labels.slice(-2);
  return labels.slice(last.length === 2 && second.length <= 3 ? -3 : -2).join('.');
}

/**
 * Whether a server that vouches is one of those that bring the mail of an account; pure. Only such a one puts the
 * topmost field there itself: where none does, the topmost may be the sender's own.
 */
export function isOwnServer(server: string, account: { host: string | null; address: string }): boolean {
  if (!server.includes('.')) return false;
  const base = baseOf(server);
  const own = [account.host ?? '', domainOf(account.address)].filter(Boolean).map(baseOf);
  return own.some(
    name => name === base || PROVIDERS[base]?.includes(name) || PROVIDERS[name]?.includes(base),
  );
}
