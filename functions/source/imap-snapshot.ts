import type { FetchMessageObject } from 'imapflow';
import { listPool } from '../list-pool.ts';
import { SourceError } from './errors.ts';
import { folder } from './imap-errors.ts';
import { flagsToKeywords } from './imap-keywords.ts';
import type { ImapSession } from './imap-session.ts';
import { objectId, selectStatus } from './imap-status.ts';
import type { UidRange } from './imap-uids.ts';
import { countUids } from './imap-vanished.ts';
import type { MailboxSnapshot, MailboxStatus, SourceEntry } from './source.ts';

/** More rows or vanished UIDs than the mailbox can have, by this many, are not taken. */
const EXCESS = 100_000;

/**
 * What changed in a mailbox since a cursor. With CONDSTORE (RFC 7162) only what is new or changed, and with
 * QRESYNC what vanished; whenever that does not tally with the number of messages, and without CONDSTORE, every
 * message. The status is the one at SELECT, before the listing: what comes later is seen next time.
 * Messages with \Deleted are listed, marked as such, until they are expunged.
 */
export async function takeSnapshot(
  session: ImapSession,
  path: string,
  since: MailboxStatus | null,
): Promise<MailboxSnapshot> {
  const { status, condstore, qresync } = await selectStatus(session, path);
  const cursor = condstore && since && comparable(since, status) ? since : null;
  if (cursor && same(cursor, status)) return { status, complete: false, entries: [], vanished: [] };
  const changes = cursor && (await changesSince(session, path, cursor, status, qresync));
  return changes ?? (await everyMessage(session, path, status));
}

/** The message with the highest sequence number of a mailbox; null when it is empty. */
export async function newestEntry(session: ImapSession, path: string): Promise<SourceEntry | null> {
  const { status } = await selectStatus(session, path);
  if (status.messages === 0) return null;
  const query = { uid: true, flags: true, size: true };
  const row = await session.run(`list ${folder(path)}`, () => session.client.fetchOne('*', query));
  return row ? merge(undefined, row) : null;
}

/** Whether changes since the first can be asked for: same UIDVALIDITY, and nothing went backwards. */
function comparable(since: MailboxStatus, now: MailboxStatus): boolean {
  const [from, to] = [since.highestModseq, now.highestModseq];
  if (from === null || to === null || !/^[1-9]\d*$/.test(from)) return false;
  return since.uidValidity === now.uidValidity && since.uidNext <= now.uidNext && BigInt(from) <= BigInt(to);
}

function same(a: MailboxStatus, b: MailboxStatus): boolean {
  return a.uidNext === b.uidNext && a.messages === b.messages && a.highestModseq === b.highestModseq;
}

/** The changes, or null when they do not account for every message. */
async function changesSince(
  session: ImapSession,
  path: string,
  since: MailboxStatus,
  status: MailboxStatus,
  qresync: boolean,
): Promise<MailboxSnapshot | null> {
  if (status.messages === 0) return null;
  let told: UidRange[] = [];
  const stop = session.onVanished(({ ranges, earlier }) => {
    if (earlier && told.length <= since.messages) told = told.concat(below(ranges, since.uidNext));
  });
  let rows: Map<number, SourceEntry>;
  try {
    // imapflow adds VANISHED under QRESYNC (RFC 7162 section 3.2.6).
    rows = await listRows(session, path, status, BigInt(since.highestModseq ?? 0));
  } finally {
    stop();
  }
  // Servers that have forgotten what was expunged when name every UID that is not there.
  if (countUids(told) > since.messages) return null;
  const gone = new Set(
    told.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n)),
  );
  const arrived = [...rows.keys()].filter(uid => uid >= since.uidNext && uid < status.uidNext).length;
  if (!qresync && gone.size > 0) return null;
  if (since.messages + arrived - gone.size !== status.messages) return null;
  return { status, complete: false, entries: [...rows.values()], vanished: [...gone].map(String) };
}

async function everyMessage(
  session: ImapSession,
  path: string,
  status: MailboxStatus,
): Promise<MailboxSnapshot> {
  if (status.messages === 0) return { status, complete: true, entries: [], vanished: [] };
  const { client } = session;
  let expunged = 0;
  const onExpunge = () => {
    expunged += 1;
  };
  client.on('expunge', onExpunge);
  const stop = session.onVanished(({ ranges, earlier }) => {
    if (!earlier) expunged += countUids(below(ranges, status.uidNext || Number.MAX_SAFE_INTEGER));
  });
  try {
    const rows = await listRows(session, path, status, null);
    const uidNext = status.uidNext || [...rows.keys()].reduce((most, uid) => Math.max(most, uid), 0) + 1;
    const listed = () => [...rows.keys()].filter(uid => uid < uidNext).length + expunged;
    // A message expunged meanwhile is missing rightly, but the server may only say so at the next command.
    if (listed() < status.messages) await session.run(`list ${folder(path)}`, () => client.noop());
    if (listed() < status.messages) throw incomplete(session, path, listed(), status.messages);
    return { status: { ...status, uidNext }, complete: true, entries: [...rows.values()], vanished: [] };
  } finally {
    client.off('expunge', onExpunge);
    stop();
  }
}

/** The part of these ranges that lies below a UID. */
function below(ranges: readonly UidRange[], uidNext: number): UidRange[] {
  return ranges
    .filter(({ first }) => first < uidNext)
    .map(({ first, last }) => ({ first, last: Math.min(last, uidNext - 1) }));
}

/** UID FETCH 1:* (UID FLAGS RFC822.SIZE), all or those changed since a mod-sequence. */
async function listRows(
  session: ImapSession,
  path: string,
  status: MailboxStatus,
  changedSince: bigint | null,
): Promise<Map<number, SourceEntry>> {
  // imapflow adds EMAILID (RFC 8474) or X-GM-MSGID, and asks for labels, only where the server has them.
  const query = { uid: true, flags: true, size: true, labels: true };
  const options = changedSince === null ? { uid: true } : { uid: true, changedSince };
  return session.run(`list ${folder(path)}`, async () => {
    const rows = new Map<number, SourceEntry>();
    const shared = listPool();
    for await (const row of session.client.fetch('1:*', query, options)) {
      if (row.uid) {
        const entry = merge(rows.get(row.uid), row);
        rows.set(row.uid, { ...entry, keywords: entry.keywords && shared(entry.keywords) });
      }
      if (rows.size > status.messages + EXCESS) throw incomplete(session, path, rows.size, status.messages);
    }
    return rows;
  });
}

/** One message may come in several rows: a flag change of somebody else comes in between, without a size. */
function merge(before: SourceEntry | undefined, row: FetchMessageObject): SourceEntry {
  const emailId = objectId(row.emailId) ?? before?.emailId;
  const labels = row.labels ? [...row.labels] : before?.labels;
  const isDeleted = row.flags ? row.flags.has('\\Deleted') : before?.isDeleted;
  return {
    uid: String(row.uid),
    size: row.size ?? before?.size ?? null,
    keywords: row.flags ? flagsToKeywords(row.flags) : (before?.keywords ?? null),
    ...(isDeleted && { isDeleted }),
    ...(emailId && { emailId }),
    ...(labels && { labels }),
  };
}

function incomplete(session: ImapSession, path: string, listed: number, messages: number): SourceError {
  const { host, port } = session.settings;
  return new SourceError(
    'protocol',
    `${host}:${port} lists ${listed} messages in ${folder(path)} where it says it has ${messages}.`,
  );
}
