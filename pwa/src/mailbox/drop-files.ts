import type { Id } from '../../../functions/jmap/types.ts';
import { isPinnedRank } from './budget.ts';
import type { BlobRow, Database, KeepingRow, StoredBody } from './db.ts';
import { addBodyBytes, changeEmails, type EmailTransaction } from './emails.ts';
import { calendarParts, hasFiles, inlineParts } from './files.ts';
import { keepingIn } from './keeping.ts';
import { announce } from './observe.ts';

/** Blobs that are looked at in one transaction. */
const CHUNK = 100;

/**
 * Lets go of the attachments of an account that are here although the person does not want them any more, but those of
 * what is pinned. It can be stopped anywhere, and begins anew then.
 */
export async function dropLeftFiles(db: Database, { accountId, filesLeft }: KeepingRow): Promise<void> {
  if (!filesLeft) return;
  let after: Id | null = '';
  while (after !== null) after = await dropSome(db, accountId, after);
  announce('bodies', 'feeds');
}

/** One step of it, over the blobs after one; answers the last of them, or null at the end. */
async function dropSome(db: Database, accountId: Id, after: Id): Promise<Id | null> {
  return changeEmails(db, async transaction => {
    const range = IDBKeyRange.bound([accountId, after], [accountId, []], true);
    const rows = await transaction.objectStore('blobs').getAll(range, CHUNK);
    const here = rows.filter(row => !row.gone);
    for (const id of new Set(here.map(row => row.emailId))) {
      await dropOf(
        transaction,
        here.filter(row => row.emailId === id),
      );
    }
    const last = rows.at(-1);
    if (last && rows.length === CHUNK) return last.blobId;
    const { filesLeft: _none, ...keeping } = await keepingIn(transaction, accountId);
    await transaction.objectStore('keeping').put(keeping);
    return null;
  });
}

/** Lets the attachments go that are among some blobs of one Email; its pictures and invitations belong to its text. */
async function dropOf(transaction: EmailTransaction, rows: readonly BlobRow[]): Promise<void> {
  const [{ accountId, emailId }] = rows as [BlobRow];
  const email = await transaction.objectStore('emails').get([accountId, emailId]);
  const body = await transaction.objectStore('bodies').get([accountId, emailId]);
  if (!email?.kept || !body || isPinnedRank(email.kept[1])) return;
  const shown = shownBlobs(body);
  let octets = 0;
  for (const row of rows.filter(({ blobId }) => !shown.has(blobId))) {
    octets += row.octets;
    await transaction.objectStore('blobs').put({ ...row, gone: 1 });
  }
  if (!octets) return;
  const bodySize = Math.max(0, (email.bodySize ?? 0) - octets);
  const files = hasFiles(body) ? { files: email.kept } : {};
  await transaction.objectStore('emails').put({ ...email, bodySize, ...files });
  await addBodyBytes(transaction, accountId, -octets);
}

function shownBlobs(body: StoredBody): Set<Id | null> {
  return new Set([...inlineParts(body), ...calendarParts(body)].map(part => part.blobId));
}
