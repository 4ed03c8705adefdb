import type { Id } from '../../../../functions/jmap/types.ts';
import type { Database, StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { readShown } from '../../mailbox/emails.ts';
import { pictureSenders } from '../../mailbox/picture-senders.ts';

/** A message as it is on this device. */
export interface Opened {
  /** null where it is not here, or waits to be destroyed */
  email: StoredEmail | null;
  body: StoredBody | null;
  /** Senders whose pictures on the internet are always shown. */
  pictureSenders: readonly string[];
}

/**
 * Reads what the reader shows of a message.
 * @param known the body where it was read before: it never changes, and what is shown must not be built anew
 */
export async function readMessage(
  db: Database,
  accountId: Id,
  id: Id,
  known: StoredBody | null,
): Promise<Opened> {
  const [email, body, senders] = await Promise.all([
    readShown(db, accountId, id),
    known ?? db.get('bodies', [accountId, id]),
    pictureSenders(db),
  ]);
  return { email, body: (email && body) ?? null, pictureSenders: senders };
}
