import type { MailAccountProposal } from '../../jmap/types.ts';
import { type Candidate, endpointKey } from './candidate.ts';
import type { Probe } from './probe.ts';

/** Puts what was found in order. Pure. */

/** Proposals that a person is shown at most. */
const MOST_PROPOSALS = 8;

const BY_SOURCE: Readonly<Record<Candidate['source'], number>> = {
  provider: 0,
  srv: 1,
  autoconfig: 2,
  probe: 3,
};

/** A server that was named is worth nothing when it does not exist or must not be reached. */
const DEAD = new Set(['unknown-host', 'forbidden-host']);

/**
 * Proposals, best first: those whose server answered before the others, then by who named them, IMAP before POP, TLS
 * from the first byte before STARTTLS. An endpoint that several named is kept once, as the best of them put it; one
 * that was only tried is kept when it answered.
 *
 * @param candidates in the order in which each source prefers them
 * @param probes what the servers showed, by `endpointKey`; without an entry nobody looked, or had no time to finish
 */
export function rank(
  candidates: readonly Candidate[],
  probes: ReadonlyMap<string, Probe>,
): MailAccountProposal[] {
  const bySource = [...candidates].sort((a, b) => BY_SOURCE[a.source] - BY_SOURCE[b.source]);
  const kept = new Map<string, MailAccountProposal>();
  for (const candidate of bySource) {
    const key = endpointKey(candidate);
    const probe = probes.get(key);
    const dead = probe !== undefined && !probe.ok && DEAD.has(probe.error.code);
    if (kept.has(key) || dead || (candidate.source === 'probe' && !probe?.ok)) continue;
    kept.set(key, propose(candidate, probe));
  }
  return [...kept.values()].sort(byMerit).slice(0, MOST_PROPOSALS);
}

function propose(candidate: Candidate, probe: Probe | undefined): MailAccountProposal {
  if (!probe?.ok) return { ...candidate, confirmed: false, capabilities: null };
  const capabilities = probe.capabilities.length > 0 ? probe.capabilities : null;
  // Only a file or we ourselves can know better than the server which sign-in it takes.
  const guessed = candidate.source === 'srv' || candidate.source === 'probe';
  const authentication = guessed && refusesPasswords(probe.capabilities) ? 'oauth' : candidate.authentication;
  return { ...candidate, authentication, confirmed: true, capabilities };
}

/** Whether an IMAP server names OAuth only (LOGINDISABLED, RFC 9051 section 6.2.3). */
function refusesPasswords(capabilities: readonly string[]): boolean {
  const offers = (name: string) => capabilities.includes(name);
  const oauth = offers('AUTH=XOAUTH2') || offers('AUTH=OAUTHBEARER');
  return oauth && offers('LOGINDISABLED') && !offers('AUTH=PLAIN') && !offers('AUTH=LOGIN');
}

function byMerit(a: MailAccountProposal, b: MailAccountProposal): number {
  return (
    Number(b.confirmed) - Number(a.confirmed) ||
    BY_SOURCE[a.source] - BY_SOURCE[b.source] ||
    Number(a.protocol === 'pop') - Number(b.protocol === 'pop') ||
    Number(a.security === 'starttls') - Number(b.security === 'starttls')
  );
}
