import type { Id } from '../../../functions/jmap/types.ts';
import { RequestRefused } from '../jmap/errors.ts';
import type { BlobStore } from './blobs.ts';
import { type Database, type KeepingRow, newestFirst, type StoredBody } from './db.ts';
import { addBodyBytes, changeEmails, type EmailTransaction, markUnindexed } from './emails.ts';
import { calendarParts, hasFiles, inlineParts, keepCounted } from './files.ts';
import { countBlobs, type FoundBlob, keepingIn, keptRank, makeRoom } from './keeping.ts';

/** Largest inline image that is kept with a body, in octets. */
const MAX_INLINE = 5_000_000;
/** Octets of pictures that are held in memory before they are stored. */
const PICTURES = 4_000_000;

/** How much room there is for what is downloaded. */
export type Room = { keeping: KeepingRow; limit: number };

/** A body with the pictures that it shows. */
interface Complete {
  body: StoredBody;
  pictures: FoundBlob[];
}

/**
 * Reads the pictures of bodies, and stores as many together as the memory allows, in this order as long as there is room.
 * @param room null for what the person opened: for that the oldest go, and it is stored in any case
 * @returns whether there was room
 * @throws Unreachable, SignInNeeded, DOMException `QuotaExceededError`: what was not stored is still wanted
 */
export async function storeBodies(
  db: Database,
  store: BlobStore,
  bodies: readonly StoredBody[],
  room: Room | null,
): Promise<boolean> {
  let ready: Complete[] = [];
  let octets = 0;
  const flush = async () => {
    const now = ready;
    ready = [];
    octets = 0;
    return now.length === 0 || storeTogether(db, store, now, room);
  };
  for (const body of bodies) {
    const pictures = await readInline(body, store).catch(async (error: unknown) => {
      // What is complete stays, so that the next attempt goes on here.
      await flush();
      throw error;
    });
    ready.push({ body, pictures });
    octets += pictures.reduce((sum, { blob }) => sum + blob.size, 0);
    if (octets > PICTURES && !(await flush())) return false;
  }
  return flush();
}

/** Stores bodies in one transaction, in this order as long as there is room; answers whether there was. */
async function storeTogether(
  db: Database,
  store: BlobStore,
  all: readonly Complete[],
  room: Room | null,
): Promise<boolean> {
  const stored: Complete[] = [];
  const fits = await changeEmails(db, async transaction => {
    for (const one of all) {
      const outcome = await storeBody(transaction, one, room);
      if (outcome === 'stored') stored.push(one);
      if (outcome === 'full') return false;
    }
    return true;
  });
  for (const { body, pictures } of stored) {
    await keepCounted(db, store, body.accountId, body.id, pictures);
  }
  return fits;
}

async function readInline(body: StoredBody, store: BlobStore): Promise<FoundBlob[]> {
  const found: FoundBlob[] = [];
  for (const part of [...inlineParts(body), ...calendarParts(body)]) {
    if (part.size > MAX_INLINE) continue;
    const blob = await store.read(body.accountId, part).catch((error: unknown) => {
      if (error instanceof RequestRefused) return null;
      throw error;
    });
    if (blob) found.push({ part, blob });
  }
  return found;
}

/** Stores a body with its pictures if there is room. What is gone meanwhile, or can never fit, is passed over. */
async function storeBody(
  transaction: EmailTransaction,
  { body, pictures }: Complete,
  room: Room | null,
): Promise<'stored' | 'passed' | 'full'> {
  const { accountId, id } = body;
  const emails = transaction.objectStore('emails');
  const email = await emails.get([accountId, id]);
  if (!email) return 'passed';
  const octets = await octetsOf(transaction, body, pictures);
  const before = email.kept ? (email.bodySize ?? 0) : 0;
  const rank = keptRank(email, room ? null : Date.now());
  const keeping = await keepingIn(transaction, accountId);
  const limit = room?.limit ?? keeping.octets;
  const fits = await makeRoom(transaction, accountId, rank, octets - before, limit);
  const { wanted, ...rest } = email;
  if (!fits && room) {
    // Its size is known now, so that it is not downloaded in vain again. What never fits is not wanted.
    const never = octets > keeping.octets;
    await emails.put({ ...(never || !wanted ? rest : email), bodySize: octets });
    return never ? 'passed' : 'full';
  }
  await countBlobs(transaction, accountId, id, pictures);
  const kept: [Id, string] = [accountId, rank];
  const files = hasFiles(body) ? { files: email.files ?? kept } : {};
  await transaction.objectStore('bodies').put(body);
  await emails.put({ ...rest, bodySize: octets, kept, ...files });
  await addBodyBytes(transaction, accountId, octets - before);
  await markUnindexed(transaction, email, newestFirst(email.receivedAt));
  return 'stored';
}

/** What a body takes here, with the blobs of its Email. */
async function octetsOf(
  transaction: EmailTransaction,
  body: StoredBody,
  pictures: FoundBlob[],
): Promise<number> {
  const text = Object.values(body.bodyValues).reduce((sum, value) => sum + value.value.length, 0);
  const known = await transaction.objectStore('blobs').index('email').getAll([body.accountId, body.id]);
  const coming = new Set(pictures.map(({ part }) => part.blobId));
  const others = known.filter(row => !row.gone && !coming.has(row.blobId));
  return (
    text +
    pictures.reduce((sum, { blob }) => sum + blob.size, 0) +
    others.reduce((sum, row) => sum + row.octets, 0)
  );
}
