import type { Email, EmailBodyPart, Id } from '../../../functions/jmap/types.ts';
import type { Call } from '../jmap/client.ts';
import { MethodRefused, RequestRefused } from '../jmap/errors.ts';
import { type Database, newestFirst, type StoredBody, type StoredEmail } from './db.ts';
import { addBodyBytes, EMAIL_STORES, type EmailTransaction, markUnindexed } from './emails.ts';
import { feedOf } from './feed.ts';
import { announce } from './observe.ts';

/** What bodies and inline images of one account may take here, in octets. */
export const BODY_BUDGET = 500_000_000;
/** Bodies asked for in one request, and the octets of raw mail that the server reads for them. */
const BATCH = 25;
const BATCH_OCTETS = 4_000_000;
/** Longest text that is downloaded of one part, in octets; the rest is in the raw message. */
const MAX_VALUE = 1_000_000;
/** Largest inline image that is kept with a body, in octets. */
const MAX_INLINE = 5_000_000;

const PROPERTIES = [
  'id',
  'cc',
  'bcc',
  'replyTo',
  'sentAt',
  'textBody',
  'htmlBody',
  'attachments',
  'bodyValues',
  // The last instance would be the sender's, so all are asked for: the first is that of the server nearest to us.
  'header:Authentication-Results:asText:all',
];

/** What is asked for of each part; the header says whether text is `format=flowed` (RFC 3676). */
const PART_PROPERTIES = [
  ...['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'language', 'location'],
  'header:Content-Type:asText',
];

/** What the answer holds beside the properties of an Email. */
interface AnsweredEmail extends Email {
  'header:Authentication-Results:asText:all'?: string[] | null;
  textBody?: AnsweredPart[];
  htmlBody?: AnsweredPart[];
  attachments?: AnsweredPart[];
}

interface AnsweredPart extends EmailBodyPart {
  'header:Content-Type:asText'?: string | null;
}

/** Fetches a blob onto the device and answers its size in octets; see `blobs.ts`. */
export type KeepBlob = (accountId: Id, part: EmailBodyPart) => Promise<number>;

/** What happened in one step: there is more, all is here, or there is no room for more. */
export type BodyStep = 'more' | 'complete' | 'full';

/**
 * Downloads the next bodies of an account, newest first, with their inline images. Room for a newer body is
 * made by removing the oldest. The caller holds no lock: bodies are immutable.
 * @throws Unreachable, SignInNeeded: what was not stored is still wanted
 */
export async function bodyStep(
  db: Database,
  accountId: Id,
  call: Call,
  keepBlob: KeepBlob,
  budget = BODY_BUDGET,
): Promise<BodyStep> {
  const wanted = await nextWanted(db, accountId);
  const [newest] = wanted;
  if (!newest) return setFull(db, accountId, 'complete');
  if (!(await makeRoom(db, accountId, newest, budget))) return setFull(db, accountId, 'full');
  try {
    await downloadBodies(
      db,
      accountId,
      wanted.map(email => email.id),
      call,
      keepBlob,
    );
  } catch (error) {
    if (isQuota(error)) return setFull(db, accountId, 'full');
    throw error;
  }
  return 'more';
}

/**
 * Downloads bodies whether or not there is room: the person opened one of them, or it is next in line. A body
 * that the server cannot give is no longer wanted, until it is opened.
 */
export async function downloadBodies(
  db: Database,
  accountId: Id,
  ids: readonly Id[],
  call: Call,
  keepBlob: KeepBlob,
): Promise<void> {
  const found = new Map<Id, AnsweredEmail>();
  try {
    const answers = await call([
      [
        'Email/get',
        {
          accountId,
          ids,
          properties: PROPERTIES,
          bodyProperties: PART_PROPERTIES,
          fetchTextBodyValues: true,
          fetchHTMLBodyValues: true,
          maxBodyValueBytes: MAX_VALUE,
        },
        'b',
      ],
    ]);
    for (const email of answers.of<{ list: AnsweredEmail[] }>('b').list) found.set(email.id, email);
  } catch (error) {
    const refused = error instanceof MethodRefused || error instanceof RequestRefused;
    if (!refused) throw error;
    // One message that the server cannot answer must not keep the others from coming.
    if (ids.length > 1) {
      for (const id of ids) await downloadBodies(db, accountId, [id], call, keepBlob);
      return;
    }
  }
  for (const id of ids) {
    const email = found.get(id);
    if (!email) await unwant(db, accountId, id);
    else await storeBody(db, toBody(accountId, email), await keepInline(accountId, email, keepBlob));
  }
  announce('bodies', 'feeds');
}

const withoutHeader = ({ 'header:Content-Type:asText': _header, ...part }: AnsweredPart): EmailBodyPart =>
  part;

/** How the lines of plain parts flow, by partId. */
function flowOf(parts: readonly AnsweredPart[]): Record<string, 'flowed' | 'delSp'> {
  const flow: Record<string, 'flowed' | 'delSp'> = {};
  for (const { partId, type, 'header:Content-Type:asText': header } of parts) {
    if (!partId || type !== 'text/plain' || !/;\s*format\s*=\s*"?flowed/i.test(header ?? '')) continue;
    flow[partId] = /;\s*delsp\s*=\s*"?yes/i.test(header ?? '') ? 'delSp' : 'flowed';
  }
  return flow;
}

function toBody(accountId: Id, email: AnsweredEmail): StoredBody {
  const [results] = email['header:Authentication-Results:asText:all'] ?? [];
  return {
    accountId,
    id: email.id,
    cc: email.cc ?? [],
    bcc: email.bcc ?? [],
    replyTo: email.replyTo ?? [],
    sentAt: email.sentAt ?? null,
    textBody: (email.textBody ?? []).map(withoutHeader),
    htmlBody: (email.htmlBody ?? []).map(withoutHeader),
    attachments: (email.attachments ?? []).map(withoutHeader),
    bodyValues: email.bodyValues ?? {},
    flow: flowOf([...(email.textBody ?? []), ...(email.htmlBody ?? [])]),
    authenticationResults: results ?? null,
  };
}

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

async function keepInline(accountId: Id, email: AnsweredEmail, keepBlob: KeepBlob): Promise<number> {
  let octets = 0;
  const body = toBody(accountId, email);
  for (const part of [...inlineParts(body), ...calendarParts(body)]) {
    if (part.size > MAX_INLINE) continue;
    octets += await keepBlob(accountId, part).catch((error: unknown) => {
      if (error instanceof RequestRefused) return 0;
      throw error;
    });
  }
  return octets;
}

async function storeBody(db: Database, body: StoredBody, inlineOctets: number): Promise<void> {
  const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
  const email = await transaction.objectStore('emails').get([body.accountId, body.id]);
  if (!email) return;
  const text = Object.values(body.bodyValues).reduce((sum, value) => sum + value.value.length, 0);
  const { wanted, ...rest } = email;
  const bodySize = text + inlineOctets;
  const kept = email.kept ?? wanted;
  await transaction.objectStore('bodies').put(body);
  await transaction.objectStore('emails').put({ ...rest, bodySize, ...(kept ? { kept } : {}) });
  await addBodyBytes(transaction, body.accountId, bodySize - (email.bodySize ?? 0));
  await markUnindexed(transaction, email, newestFirst(email.receivedAt));
  await transaction.done;
}

async function unwant(db: Database, accountId: Id, id: Id): Promise<void> {
  const transaction = db.transaction('emails', 'readwrite');
  const email = await transaction.store.get([accountId, id]);
  if (email) {
    const { wanted: _wanted, ...rest } = email;
    await transaction.store.put(rest);
  }
  await transaction.done;
}

async function nextWanted(db: Database, accountId: Id): Promise<StoredEmail[]> {
  const range = IDBKeyRange.bound([accountId], [accountId, []]);
  const next = await db.getAllFromIndex('emails', 'wanted', range, BATCH);
  let octets = 0;
  return next.filter((email, position) => {
    octets += email.size;
    return position === 0 || octets <= BATCH_OCTETS;
  });
}

/** Removes the oldest bodies until the budget has room; false when all that is here is newer than `next`. */
async function makeRoom(db: Database, accountId: Id, next: StoredEmail, budget: number): Promise<boolean> {
  const range = IDBKeyRange.bound([accountId], [accountId, []]);
  for (;;) {
    const { bodyBytes } = await feedOf(db, accountId);
    if (bodyBytes < budget) return true;
    const transaction: EmailTransaction = db.transaction([...EMAIL_STORES], 'readwrite');
    const oldest = (await transaction.objectStore('emails').index('kept').openCursor(range, 'prev'))?.value;
    if (!oldest?.kept || !next.wanted || oldest.kept[1] <= next.wanted[1]) return false;
    const { kept, bodySize, ...rest } = oldest;
    await transaction.objectStore('bodies').delete([accountId, oldest.id]);
    await transaction.objectStore('emails').put({ ...rest, wanted: kept });
    await addBodyBytes(transaction, accountId, -(bodySize ?? 0));
    await transaction.done;
  }
}

async function setFull(db: Database, accountId: Id, step: 'complete' | 'full'): Promise<BodyStep> {
  const transaction = db.transaction('feeds', 'readwrite');
  const feed = await transaction.store.get(accountId);
  const full = step === 'full';
  if (feed && feed.full !== full) {
    await transaction.store.put({ ...feed, full });
    announce('feeds');
  }
  await transaction.done;
  return step;
}

function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

/** How many bodies of an account are here, and how many are still wanted. */
export async function countBodies(db: Database, accountId: Id): Promise<{ kept: number; wanted: number }> {
  const range = IDBKeyRange.bound([accountId], [accountId, []]);
  const [kept, wanted] = await Promise.all([
    db.countFromIndex('emails', 'kept', range),
    db.countFromIndex('emails', 'wanted', range),
  ]);
  return { kept, wanted };
}
