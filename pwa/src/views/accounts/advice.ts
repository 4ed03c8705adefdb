import type { MailAccountDiscovery, MailAccountProposal } from '../../../../functions/jmap/types.ts';

/** Chooses between IMAP and POP for one person. Pure. */

/** What a person said of how they use the mailbox. */
export interface Habits {
  /** Other programs or devices read it, too. */
  others: boolean;
  /** Mail is to be removed at the server some time after it was stored. */
  room: boolean;
}

export type Why =
  | 'onlyImap'
  | 'onlyPop'
  | 'imapAnswered'
  | 'popAnswered'
  | 'others'
  | 'folders'
  | 'alone'
  | 'room'
  | 'roomShared';

export interface Advice {
  protocol: 'imap' | 'pop';
  why: Why[];
}

/** The proposal to take of each protocol: the first, as they are in order of rank. */
export function bestOf(
  { proposals, recommended }: Pick<MailAccountDiscovery, 'proposals' | 'recommended'>,
  protocol: 'imap' | 'pop',
): MailAccountProposal | null {
  const first = recommended === null ? undefined : proposals[recommended];
  if (first?.protocol === protocol) return first;
  return proposals.find(proposal => proposal.protocol === protocol) ?? null;
}

/** Which protocol serves this person best, and why; null where the server offers neither. */
export function adviseProtocol(
  discovery: Pick<MailAccountDiscovery, 'proposals' | 'recommended'>,
  { others, room }: Habits,
): Advice | null {
  const imap = bestOf(discovery, 'imap');
  const pop = bestOf(discovery, 'pop');
  const shared: Why[] = others && room ? ['roomShared'] : [];
  if (!imap && !pop) return null;
  if (!pop) return { protocol: 'imap', why: ['onlyImap', ...shared] };
  if (!imap) return { protocol: 'pop', why: ['onlyPop', ...shared] };
  if (imap.confirmed && !pop.confirmed) return { protocol: 'imap', why: ['imapAnswered', ...shared] };
  if (pop.confirmed && !imap.confirmed) return { protocol: 'pop', why: ['popAnswered', ...shared] };
  if (others) return { protocol: 'imap', why: ['others', 'folders', ...shared] };
  if (room) return { protocol: 'pop', why: ['alone', 'room'] };
  return { protocol: 'imap', why: ['folders'] };
}
