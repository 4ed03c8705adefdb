import type { MailAccountDiscovery, MailAccountProposal } from '../../jmap/types.ts';

/** Chooses between IMAP and POP, and says why. Pure. */

export type Recommendation = Pick<
  MailAccountDiscovery,
  'recommended' | 'protocolAdvice' | 'reasons' | 'warnings'
>;

const EMPTY_THE_SERVER = 'Take POP if you want Mailferry to empty the server.';

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
): { index: number | null; advice: string } {
  if (imap < 0 && pop < 0) {
    return { index: null, advice: 'Neither an IMAP nor a POP server was found for this address.' };
  }
  if (imap < 0) {
    return {
      index: pop,
      advice:
        'This server offers POP only: the inbox without folders or read marks. Mail stays on the server unless you choose to free space.',
    };
  }
  if (pop < 0) {
    return {
      index: imap,
      advice:
        'This server offers IMAP only: folders and read marks stay in step with your other programs and devices.',
    };
  }
  if (proposals[pop]?.confirmed && !proposals[imap]?.confirmed) {
    return {
      index: pop,
      advice:
        'Both IMAP and POP are named for this address, but only the POP server answered. POP brings the inbox without folders or read marks; try IMAP again later if you use several mail programs.',
    };
  }
  return {
    index: imap,
    advice: `IMAP keeps folders and read marks in step with your other programs and devices, and leaves the mail on the server. ${EMPTY_THE_SERVER}`,
  };
}

function reasonsFor({ protocol, host, capabilities, confirmed }: MailAccountProposal): string[] {
  const reasons = confirmed
    ? [`${host} answered over an encrypted connection with a valid certificate.`]
    : [];
  if (capabilities === null || protocol === 'pop') return reasons;
  const offers = (name: string) => capabilities.some(one => one === name || one.startsWith(`${name}=`));
  if (offers('CONDSTORE') || offers('QRESYNC')) {
    reasons.push('It tells cheaply what has changed, so read marks arrive with the next check.');
  }
  if (offers('SPECIAL-USE')) reasons.push('It says which folders are Sent, Drafts, Junk and Trash.');
  if (offers('QUOTA')) reasons.push('It says how full the mailbox is.');
  return reasons;
}

function warningsFor(proposal: MailAccountProposal): string[] {
  const { protocol, host, port, source, confirmed, capabilities } = proposal;
  const warnings: string[] = [];
  if (!confirmed) {
    warnings.push(
      `${host} (port ${port}) could not be reached just now, so these settings are not confirmed.`,
    );
  }
  if (source === 'probe') {
    warnings.push(
      `Nobody names ${host} for this address; it was found by trying usual names. Check it with your provider.`,
    );
  }
  if (protocol === 'pop' && capabilities !== null && !capabilities.includes('UIDL')) {
    warnings.push('This POP server may not be able to tell new mail from old (UIDL).');
  }
  return warnings;
}
