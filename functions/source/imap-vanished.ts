import type { ImapFlow } from 'imapflow';
import { z } from 'zod';
import { wordsOf } from './imap-command.ts';
import { rangesIn, type UidRange } from './imap-uids.ts';

/** UIDs that the server says are gone (RFC 7162 section 3.2.10); `earlier`: since a mod-sequence, not just now. */
export interface Vanished {
  ranges: UidRange[];
  earlier: boolean;
}

/** What imapflow has no types for: who is told of an untagged answer when the command at hand does not want it. */
interface Handlers {
  untaggedHandlers: Record<string, (answer: unknown) => Promise<void>>;
}

const answerSchema = z.object({ attributes: z.array(z.unknown()) });

/**
 * Has VANISHED told by ranges. imapflow tells every UID by itself and does nothing else meanwhile: `1:4294967295`, which
 * servers say that have forgotten what was expunged when, would be minutes. Called once the client has connected.
 */
export function watchVanished(client: ImapFlow): (listener: (vanished: Vanished) => void) => () => void {
  const listeners = new Set<(vanished: Vanished) => void>();
  (client as unknown as Handlers).untaggedHandlers.VANISHED = async answer => {
    const parsed = answerSchema.safeParse(answer);
    if (!parsed.success) return;
    const earlier = Array.isArray(parsed.data.attributes[0]);
    const [set = ''] = wordsOf(parsed.data.attributes.slice(earlier ? 1 : 0));
    const ranges = rangesIn(set);
    if (!earlier && client.mailbox) {
      client.mailbox.exists = Math.max(0, client.mailbox.exists - countUids(ranges));
    }
    for (const listener of listeners) listener({ ranges, earlier });
  };
  return listener => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

/** How many UIDs these ranges have. */
export function countUids(ranges: readonly UidRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
