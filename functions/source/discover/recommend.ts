import type { MailAccountProposal, Sentence } from '../../jmap/types.ts';
import { say } from '../../sentences/say.ts';

/** Chooses between IMAP and POP, and says why. Pure. */

export interface Recommendation {
  /** Index of the proposal; null where there is none. */
  recommended: number | null;
  protocolAdvice: Sentence;
  reasons: Sentence[];
  warnings: Sentence[];
}

/**
 * Recommends one of the proposals, which are in order of rank. IMAP where there is both, unless only POP answered.
 */
export function recommend(proposals: readonly MailAccountProposal[]): Recommendation {
  const imap = proposals.findIndex(({ protocol }) => protocol === 'imap');
  const pop = proposals.findIndex(({ protocol }) => protocol === 'pop');
  const { index, advice } = choose(proposals, imap, pop);
  const chosen = index === null ? undefined : proposals[index];
  return {
    recommended: index,
    protocolAdvice: advice,
    reasons: chosen === undefined ? [] : reasonsFor(chosen),
    warnings: chosen === undefined ? [] : warningsFor(chosen),
  };
}

function choose(
  proposals: readonly MailAccountProposal[],
  imap: number,
  pop: number,
): { index: number | null; advice: Sentence } {
  if (imap < 0 && pop < 0) return { index: null, advice: say('discovery/none') };
  if (imap < 0) return { index: pop, advice: say('discovery/pop-only') };
  if (pop < 0) return { index: imap, advice: say('discovery/imap-only') };
  if (proposals[pop]?.confirmed && !proposals[imap]?.confirmed) {
    return { index: pop, advice: say('discovery/pop-answered') };
  }
  return { index: imap, advice: say('discovery/imap') };
}

function reasonsFor({ protocol, host, capabilities, confirmed }: MailAccountProposal): Sentence[] {
  const reasons = confirmed ? [say('discovery/answered', { host })] : [];
  if (capabilities === null || protocol === 'pop') return reasons;
  const offers = (name: string) => capabilities.some(one => one === name || one.startsWith(`${name}=`));
  if (offers('CONDSTORE') || offers('QRESYNC')) reasons.push(say('discovery/condstore'));
  if (offers('SPECIAL-USE')) reasons.push(say('discovery/special-use'));
  if (offers('QUOTA')) reasons.push(say('discovery/quota'));
  return reasons;
}

function warningsFor(proposal: MailAccountProposal): Sentence[] {
  const { protocol, host, port, source, confirmed, capabilities } = proposal;
  const warnings: Sentence[] = [];
  if (!confirmed) warnings.push(say('discovery/unconfirmed', { host, port: String(port) }));
  if (source === 'probe') warnings.push(say('discovery/guessed', { host }));
  if (protocol === 'pop' && capabilities !== null && !capabilities.includes('UIDL')) {
    warnings.push(say('discovery/no-uidl'));
  }
  return warnings;
}
