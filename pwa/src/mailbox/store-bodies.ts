import type { Id } from '../../../functions/jmap/types.ts';
import { RequestRefused } from '../jmap/errors.ts';
import type { BlobStore } from './blobs.ts';
import { type Database, type KeepingRow, newestFirst, type StoredBody, type StoredEmail } from './db.ts';
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
    const space = await spaceOf(transaction, all[0]?.body.accountId ?? '', room);
    const writes: Promise<unknown>[] = [];
    // Together: each request of its own costs more than what it reads.
    const known = await Promise.all(all.map(one => readKnown(transaction, one)));
    let full = false;
    for (const [position, one] of all.entries()) {
      const { email, octets } = known[position] ?? {};
      if (!email || octets === undefined) continue;
      const outcome = await space.take(email, octets);
      if (outcome === 'passed') continue;
      if (outcome === 'full') {
        full = true;
        break;
      }
      writes.push(write(transaction, outcome, one, octets, keptRank(email, room ? null : Date.now())));
      stored.push(one);
    }
    await Promise.all([...writes, space.settle()]);
    return !full;
  });
  for (const { body, pictures } of stored) {
    await keepCounted(db, store, body.accountId, body.id, pictures);
  }
  return fits;
}

/** The row of a body's Email, and what the body takes here. */
async function readKnown(transaction: EmailTransaction, { body, pictures }: Complete) {
  const [email, octets] = await Promise.all([
    transaction.objectStore('emails').get([body.accountId, body.id]),
    octetsOf(transaction, body, pictures),
  ]);
  return { email, octets };
}

/**
 * The room of an account within a transaction. What is taken is counted when `settle` is called, and whenever something
 * has to go for it.
 */
async function spaceOf(transaction: EmailTransaction, accountId: Id, room: Room | null) {
  const keeping = await keepingIn(transaction, accountId);
  const limit = room?.limit ?? keeping.octets;
  const used = async () => (await transaction.objectStore('feeds').get(accountId))?.bodyBytes ?? 0;
  let counted = await used();
  let taken = 0;
  const settle = async () => {
    const octets = taken;
    taken = 0;
    if (octets !== 0) await addBodyBytes(transaction, accountId, octets);
  };
  return {
    settle,
    /** Takes room for a body; answers the row of its Email as it is then, or why there is none. */
    async take(email: StoredEmail, octets: number): Promise<StoredEmail | 'passed' | 'full'> {
      const growth = (row: StoredEmail) => octets - (row.kept ? (row.bodySize ?? 0) : 0);
      if (counted + taken + growth(email) <= limit) {
        taken += growth(email);
        return email;
      }
      await settle();
      const rank = keptRank(email, room ? null : Date.now());
      const emails = transaction.objectStore('emails');
      // What went for another one of these has another row now.
      const row = (await emails.get([accountId, email.id])) ?? email;
      const fits = await makeRoom(transaction, accountId, rank, growth(row), limit);
      counted = await used();
      if (!fits && room) {
        // Its size is known now, so that it is not downloaded in vain again. What never fits is not wanted.
        const never = octets > keeping.octets;
        const { wanted, ...rest } = row;
        await emails.put({ ...(never || !wanted ? rest : row), bodySize: octets });
        return never ? 'passed' : 'full';
      }
      taken += growth(row);
      return row;
    },
  };
}

/** Writes a body, its Email's row and what its pictures take. */
async function write(
  transaction: EmailTransaction,
  email: StoredEmail,
  { body, pictures }: Complete,
  octets: number,
  rank: string,
): Promise<void> {
  const { accountId, id } = email;
  const { wanted: _, ...rest } = email;
  const kept: [Id, string] = [accountId, rank];
  const files = hasFiles(body) ? { files: email.files ?? kept } : {};
  await Promise.all([
    transaction.objectStore('bodies').put(body),
    transaction.objectStore('emails').put({ ...rest, bodySize: octets, kept, ...files }),
    markUnindexed(transaction, email, newestFirst(email.receivedAt)),
    countBlobs(transaction, accountId, id, pictures),
  ]);
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
