import type { Database as Sqlite } from '@sqlite.org/sqlite-wasm';
import type { EmailAddress } from '../../../functions/jmap/types.ts';
import {
  type Database,
  newestFirst,
  type StoredBody,
  type StoredEmail,
  type UnindexedRow,
} from '../mailbox/db.ts';
import { type Entry, entryOf, FLAGS, keepAccounts, readNote, writeEntries, writeNote } from './index-db.ts';
import { textOfBody } from './text.ts';

/** Messages indexed in one step, and the characters of their bodies: a search waits for one step at most. */
const BATCH = 100;
const BATCH_TEXT = 1_500_000;
/** Messages enrolled in one step. */
const ENROL = 500;

/** The note that says up to which Email all were enrolled. */
const ENROLLED = 'enrolled';
const ALL = 'all';

/**
 * Brings the index one step nearer to the database; can be stopped anywhere and goes on there. A new index first
 * enrols every Email that is here; from then on whoever writes Emails and bodies does.
 * @returns true when there is more to do
 */
export async function followStep(db: Database, sqlite: Sqlite): Promise<boolean> {
  const enrolled = readNote(sqlite, ENROLLED);
  if (enrolled !== ALL) {
    writeNote(sqlite, ENROLLED, await enrolStep(db, enrolled));
    return true;
  }
  return indexStep(db, sqlite);
}

/** Removes what is known of accounts that are no longer on the device. */
export async function followAccounts(db: Database, sqlite: Sqlite): Promise<void> {
  keepAccounts(sqlite, await db.getAllKeys('accounts'));
}

/** Writes down that the next Emails are not indexed; `after` is the key of the last one, as JSON. */
async function enrolStep(db: Database, after: string | null): Promise<string> {
  const range = after === null ? null : IDBKeyRange.lowerBound(JSON.parse(after), true);
  const emails = await db.getAll('emails', range, ENROL);
  const transaction = db.transaction('unindexed', 'readwrite');
  await Promise.all(
    emails.map(({ accountId, id, receivedAt }) =>
      transaction.store.put({ accountId, id, at: newestFirst(receivedAt), mark: Math.random() }),
    ),
  );
  await transaction.done;
  const last = emails.at(-1);
  return last ? JSON.stringify([last.accountId, last.id]) : ALL;
}

/** Indexes the newest Emails that wait for it. */
async function indexStep(db: Database, sqlite: Sqlite): Promise<boolean> {
  const transaction = db.transaction(['unindexed', 'emails', 'bodies']);
  const rows = await transaction.objectStore('unindexed').index('newest').getAll(null, BATCH);
  if (rows.length === 0) return false;
  // Together: each request of its own costs more than what it reads.
  const emails = await Promise.all(
    rows.map(({ accountId, id }) => transaction.objectStore('emails').get([accountId, id])),
  );
  // What a message says never changes: once it is indexed only its flags can.
  const isKnown = rows.map(({ accountId, id }) => entryOf(sqlite, accountId, id)?.complete === true);
  let size = 0;
  const fits = emails.findIndex((email, position) => {
    if (email?.kept && !isKnown[position]) size += email.bodySize ?? 0;
    return position > 0 && size > BATCH_TEXT;
  });
  const batch = rows.slice(0, fits < 0 ? rows.length : fits);
  const bodies = await Promise.all(
    batch.map(({ accountId, id }, position) =>
      isKnown[position] ? undefined : transaction.objectStore('bodies').get([accountId, id]),
    ),
  );
  const entries: Entry[] = [];
  const gone: UnindexedRow[] = [];
  for (const [position, row] of batch.entries()) {
    const email = emails[position];
    if (!email || email.destroyed) gone.push(row);
    else entries.push(isKnown[position] ? flagsOf(email) : entryFor(email, bodies[position]));
  }
  writeEntries(sqlite, entries, gone);
  await strike(db, batch);
  return true;
}

/** Takes rows off the list, but those that were written again meanwhile. */
async function strike(db: Database, rows: readonly UnindexedRow[]): Promise<void> {
  const transaction = db.transaction('unindexed', 'readwrite');
  await Promise.all(
    rows.map(async ({ accountId, id, mark }) => {
      const now = await transaction.store.get([accountId, id]);
      if (now?.mark === mark) await transaction.store.delete([accountId, id]);
    }),
  );
  await transaction.done;
}

function flagsOf(email: StoredEmail): Entry {
  const { accountId, id, receivedAt, keywords, mailboxIds, hasAttachment } = email;
  const flags =
    (keywords.$seen ? 0 : FLAGS.unread) |
    (keywords.$flagged ? FLAGS.starred : 0) |
    (hasAttachment ? FLAGS.attachment : 0);
  const at = Date.parse(receivedAt);
  return { accountId, id, at, flags, mailboxIds: Object.keys(mailboxIds), complete: false };
}

function entryFor(email: StoredEmail, body: StoredBody | undefined): Entry {
  const names = (body?.attachments ?? []).flatMap(part => part.name ?? []);
  const recipients = [...email.to, ...(body?.cc ?? []), ...(body?.bcc ?? [])];
  return {
    ...flagsOf(email),
    complete: body !== undefined,
    texts: {
      sender: peopleOf(email.from),
      recipient: peopleOf(recipients),
      subject: email.subject,
      body: body ? [textOfBody(body), ...names].join('\n') : email.preview,
    },
  };
}

function peopleOf(addresses: readonly EmailAddress[]): string {
  return addresses.map(({ name, email }) => `${name ?? ''} ${email}`).join('\n');
}
