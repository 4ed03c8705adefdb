import type { Id } from '../../../functions/jmap/types.ts';
import type { Database, StoredEmail } from '../mailbox/db.ts';
import { readShown } from '../mailbox/emails.ts';
import type { Piece } from './marks.ts';

/** A message that was found, here or at the server. */
export interface Found {
  accountId: Id;
  id: Id;
  /** milliseconds since the epoch */
  at: number;
  /** What the server shows of a message whose text is not here. */
  snippet: Piece[] | null;
}

export const foundKey = ({ accountId, id }: { accountId: Id; id: Id }) => `${accountId}/${id}`;

/**
 * Results of the server among those that are shown, newest first. What belongs among the first `seen`, which the person
 * looks at or has looked at, is held back: nothing moves under a finger.
 */
export function mergeFound(
  shown: readonly Found[],
  fresh: readonly Found[],
  seen: number,
): { rows: Found[]; held: Found[] } {
  const known = new Set(shown.map(foundKey));
  const added = [...new Map(fresh.map(one => [foundKey(one), one])).values()].filter(
    one => !known.has(foundKey(one)),
  );
  const lastSeen = seen > 0 ? shown[Math.min(seen, shown.length) - 1] : undefined;
  const isSeen = (one: Found) => lastSeen !== undefined && one.at > lastSeen.at;
  const rows = [...shown, ...added.filter(one => !isSeen(one))];
  // Stable: what is equally old stays in the order in which it came.
  return { rows: rows.sort((a, b) => b.at - a.at), held: added.filter(isSeen) };
}

/** The Emails of results by their `foundKey`; null for one that is gone, or waits to be destroyed. */
export async function readFound(
  db: Database,
  found: readonly Found[],
): Promise<Map<string, StoredEmail | null>> {
  return new Map(
    await Promise.all(
      found.map(async one => [foundKey(one), await readShown(db, one.accountId, one.id)] as const),
    ),
  );
}
