import type { EmailBodyPart, Id } from '../../../functions/jmap/types.ts';
import { RequestRefused } from '../jmap/errors.ts';
import type { BlobPart, BlobStore } from './blobs.ts';
import { FIRST_UNPINNED, lastRank, laterToGo, MAX_ATTACHMENT, rankOf } from './budget.ts';
import type { Database, KeepingRow, StoredBody, StoredEmail } from './db.ts';
import { addBodyBytes, changeEmails } from './emails.ts';
import { countBlobs, type FoundBlob, keepingIn, makeRoom } from './keeping.ts';
import { announce } from './observe.ts';

/** The parts that the HTML of a message shows by their Content-ID (RFC 2392). */
export function inlineParts(
  body: Pick<StoredBody, 'attachments' | 'htmlBody' | 'bodyValues'>,
): EmailBodyPart[] {
  const html = body.htmlBody
    .filter(part => part.type === 'text/html')
    .map(part => body.bodyValues[part.partId ?? '']?.value ?? '')
    .join('');
  if (!/cid:/i.test(html)) return [];
  const shown = (cid: string) =>
    html.includes(`cid:${cid}`) || html.includes(`cid:${encodeURIComponent(cid)}`);
  return [...body.attachments, ...body.htmlBody].filter(part => part.cid && part.blobId && shown(part.cid));
}

/** Parts that hold a calendar entry (RFC 6047): the reader shows them, so they come with the body. */
export function calendarParts(body: Pick<StoredBody, 'attachments' | 'textBody'>): EmailBodyPart[] {
  const found = [...body.textBody, ...body.attachments].filter(
    part => part.blobId && (part.type === 'text/calendar' || part.type === 'application/ics'),
  );
  return [...new Map(found.map(part => [part.blobId, part])).values()];
}

/** The attachments of a message that can be fetched before anybody opens them. */
function filesOf(body: StoredBody): EmailBodyPart[] {
  const inline = new Set(inlineParts(body).map(part => part.blobId));
  return body.attachments.filter(
    part => part.blobId && part.size <= MAX_ATTACHMENT && !inline.has(part.blobId),
  );
}

/** True when a message has such attachments. */
export function hasFiles(body: StoredBody): boolean {
  return filesOf(body).length > 0;
}

/**
 * Fetches the attachments of the next message whose body is here: those of pinned messages always, the others within
 * the days of the budget if the person wants attachments. Only what is pinned takes room from older messages.
 * @throws Unreachable, SignInNeeded, DOMException `QuotaExceededError`
 */
export async function fileStep(
  db: Database,
  store: BlobStore,
  { keeping, limit }: { keeping: KeepingRow; limit: number },
  now: number,
): Promise<'more' | 'complete' | 'full'> {
  const { accountId } = keeping;
  const end = keeping.attachments ? lastRank(keeping, now) : FIRST_UNPINNED;
  const range = IDBKeyRange.bound([accountId], [accountId, end]);
  const [email] = await db.getAllFromIndex('emails', 'files', range, 1);
  const body = email && (await db.get('bodies', [accountId, email.id]));
  if (!email) return 'complete';
  const known = await db.getAllFromIndex('blobs', 'email', [accountId, email.id]);
  const here = new Set(known.filter(row => !row.gone).map(row => row.blobId));
  const parts = body ? filesOf(body).filter(part => !here.has(part.blobId ?? '')) : [];
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (!(await storeFiles(db, email, [], size, limit))) return 'full';
  const found: FoundBlob[] = [];
  for (const part of parts) {
    const blob = await store.read(accountId, part).catch((error: unknown) => {
      if (error instanceof RequestRefused) return null;
      throw error;
    });
    if (blob) found.push({ part, blob });
  }
  const octets = found.reduce((sum, { blob }) => sum + blob.size, 0);
  if (await storeFiles(db, email, found, octets, limit)) {
    await keepCounted(db, store, accountId, email.id, found);
  }
  announce('bodies', 'feeds');
  return 'more';
}

/** Counts attachments if there is room for them; with none it only looks. Answers whether there was. */
async function storeFiles(
  db: Database,
  { accountId, id }: StoredEmail,
  found: readonly FoundBlob[],
  octets: number,
  limit: number,
): Promise<boolean> {
  return changeEmails(db, async transaction => {
    const email = await transaction.objectStore('emails').get([accountId, id]);
    if (!email?.kept) return true;
    const [, rank] = email.kept;
    const used = (await transaction.objectStore('feeds').get(accountId))?.bodyBytes ?? 0;
    const fits =
      used + octets <= limit ||
      (rank < FIRST_UNPINNED && (await makeRoom(transaction, accountId, rank, octets, limit)));
    if (found.length || (fits && octets === 0)) {
      // Larger than the server said, they would be fetched in vain again and again.
      const { files: _files, ...rest } = email;
      const grew = fits ? await countBlobs(transaction, accountId, id, found) : 0;
      await transaction.objectStore('emails').put({ ...rest, bodySize: (email.bodySize ?? 0) + grew });
      await addBodyBytes(transaction, accountId, grew);
    }
    return fits;
  });
}

/** Puts blobs that are counted into the cache. What does not get there counts no more. */
export async function keepCounted(
  db: Database,
  store: BlobStore,
  accountId: Id,
  id: Id,
  found: readonly FoundBlob[],
): Promise<void> {
  for (const [position, { part, blob }] of found.entries()) {
    try {
      await store.keep(accountId, part, blob);
    } catch (error) {
      const lost = found.slice(position).map(one => one.part.blobId ?? '');
      await uncount(db, accountId, id, lost).catch(() => {});
      throw error;
    }
  }
}

async function uncount(db: Database, accountId: Id, id: Id, blobIds: readonly Id[]): Promise<void> {
  await changeEmails(db, async transaction => {
    let octets = 0;
    for (const blobId of blobIds) {
      const row = await transaction.objectStore('blobs').get([accountId, blobId]);
      if (!row || row.gone) continue;
      octets += row.octets;
      await transaction.objectStore('blobs').delete([accountId, blobId]);
    }
    const email = await transaction.objectStore('emails').get([accountId, id]);
    if (!email?.kept) return;
    const bodySize = Math.max(0, (email.bodySize ?? 0) - octets);
    await transaction.objectStore('emails').put({ ...email, bodySize });
    await addBodyBytes(transaction, accountId, -octets);
  });
}

/**
 * A blob of an Email that the person opened. It is kept if the Email's body is here and there is room; for that older
 * messages go, and the Email counts as new as of now.
 * @throws Unreachable, RequestRefused
 */
export async function openFile(
  db: Database,
  store: BlobStore,
  { accountId, id }: { accountId: Id; id: Id },
  part: BlobPart,
  now = Date.now(),
): Promise<Blob> {
  const blob = await store.read(accountId, part);
  const found = [{ part, blob }];
  const counts = () =>
    changeEmails(db, async transaction => {
      const known = await transaction.objectStore('blobs').get([accountId, part.blobId ?? '']);
      const email = await transaction.objectStore('emails').get([accountId, id]);
      if (!email?.kept || (known && !known.gone)) return false;
      const opened = rankOf(new Date(now).toISOString(), false);
      const rank = laterToGo(email.kept[1], opened);
      const { octets } = await keepingIn(transaction, accountId);
      await transaction.objectStore('emails').put({ ...email, kept: [accountId, rank] });
      if (!(await makeRoom(transaction, accountId, rank, blob.size, octets))) return false;
      const grew = await countBlobs(transaction, accountId, id, found);
      const bodySize = (email.bodySize ?? 0) + grew;
      await transaction.objectStore('emails').put({ ...email, kept: [accountId, rank], bodySize });
      await addBodyBytes(transaction, accountId, grew);
      return true;
    });
  // The person has it; that it could not be kept is no failure.
  const keep = async () => {
    if (await counts()) await keepCounted(db, store, accountId, id, found);
  };
  await keep().catch(() => {});
  announce('feeds');
  return blob;
}
