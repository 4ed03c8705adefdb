import { SourceError } from '../../source/errors.ts';
import type { PatchedEmail } from '../../store/commit.ts';

/** What the source did not do, why, and what follows here when that is final. */
export interface Refusal {
  error: SourceError;
  /** The Emails as the source keeps them. */
  undo: readonly PatchedEmail[];
  /** The mailbox that it did not make, or did not delete. */
  mailbox?: { kind: 'create' | 'delete'; id: string };
}

/** How a server says no to one change; after anything else the session is not trusted. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...['refused', 'protocol', 'temporary'],
  ...['throttled', 'quota'],
]);

/** Tells the source one thing; a refusal is noted, and anything else is the end of the session. */
export async function tell(
  refusals: Refusal[],
  refusal: Omit<Refusal, 'error'>,
  command: () => Promise<void>,
): Promise<boolean> {
  try {
    await command();
    return true;
  } catch (error) {
    if (!(error instanceof SourceError) || !REFUSALS.has(error.code)) throw error;
    refusals.push({ ...refusal, error });
    return false;
  }
}
