import { MailferryError } from '../errors.ts';
import type { Services } from '../services.ts';
import { openSource } from '../source/open.ts';
import type { MailSource, SourceEntry } from '../source/source.ts';
import type { Account, SourceAccount } from '../store/accounts.ts';
import type { MailboxCursor } from '../store/commit.ts';
import { getAllStates, getEmails, getStateRows, listLocations } from '../store/emails.ts';
import { blobKeys, imapLocation, type Location, popLocation, prefix } from '../store/keys.ts';
import { catchUp, type LogStore } from '../store/log.ts';
import { listCursors, listMailboxes, listQuarantine } from '../store/mailboxes.ts';
import { chunk, inParallel } from '../store/table.ts';
import { type Evidence, emptyLedger, enter, type Finding, type Ledger } from './ledger.ts';
import { hasUid, unpackUidSet } from './ranges.ts';
import { sourceSettings } from './settings.ts';

const EMAILS_A_READ = 1_000;
const PARALLEL_BLOBS = 16;

export interface VerifyOptions {
  /** Reads every blob and compares its checksum, instead of its size alone. */
  deep?: boolean;
}

/** What became of the raw bytes of an account's Emails. */
export interface BlobCheck {
  /** How many Emails there are. */
  emails: number;
  /** Ids of the Emails of which the raw bytes are missing or not whole. */
  damaged: ReadonlySet<string>;
  findings: readonly Finding[];
}

/**
 * Compares an account with its source, message by message (invariant 3), without changing either: what the source
 * lists now must be stored, destroyed here, in quarantine, or not reached yet; and every Email must have its raw
 * bytes. An archive has no source, so that its Emails are all there is to check. Messages that come or go while it
 * looks may be counted either way, and are never reported as lost.
 */
export async function verifyAccount(
  services: Services,
  account: Account,
  options: VerifyOptions = {},
): Promise<Ledger> {
  const bytes = await verifyBlobs(services, account.id, options);
  return withBlobs(await verifySource(services, account, bytes.damaged), bytes);
}

/** The half that needs credentials: what the source lists, held against what is stored. Of an archive an empty ledger. */
export async function verifySource(
  services: Services,
  account: Account,
  damaged: ReadonlySet<string> = new Set(),
): Promise<Ledger> {
  const ledger = emptyLedger(account.id, account.name);
  if (account.protocol === 'archive') return ledger;
  let source: MailSource | null = null;
  try {
    source = await openSource(await sourceSettings(services, account.id, account));
    return await compareAgain(services, account, source, ledger, damaged);
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    return { ...ledger, error: error.message };
  } finally {
    await source?.close(true);
  }
}

/** A ledger with what was found of the Emails' raw bytes. */
export function withBlobs(ledger: Ledger, { emails, findings }: BlobCheck): Ledger {
  return { ...ledger, emails, findings: [...findings, ...ledger.findings] };
}

const MOST_LOOKS = 5;

/**
 * The rows of a run that is at work appear one by one, and not in the order in which they are read here: what seems
 * lost is looked at again, and is lost when it was at the look before, too.
 */
async function compareAgain(...about: Parameters<typeof compare>): Promise<Ledger> {
  let before = new Set<string>();
  for (let looks = 1; ; looks += 1) {
    const ledger = await compare(...about);
    const lost = ledger.findings.map(({ mailbox, id }) => JSON.stringify([mailbox, id]));
    if (looks === MOST_LOOKS || lost.every(one => before.has(one))) return ledger;
    before = new Set(lost);
  }
}

/** The source is listed first: what is committed while it is listed only turns "not reached" into "stored". */
async function compare(
  services: Services,
  account: SourceAccount,
  source: MailSource,
  empty: Ledger,
  damaged: ReadonlySet<string>,
): Promise<Ledger> {
  const listed = await listSource(source);
  await catchUp(services, account.id);
  const known = await readStored(services, account.id, source.protocol);
  let ledger = empty;
  for (const { path, uidValidity, entries } of listed) {
    const mailboxId = known.mailboxIds.get(path) ?? '';
    const isPop = source.protocol === 'pop';
    const isHandledUid = handledIn(known, mailboxId, uidValidity);
    for (const { uid } of entries) {
      const location = isPop ? popLocation(uid) : imapLocation(mailboxId, uidValidity, uid);
      const isHandled = isPop ? known.locations.has(location) : isHandledUid(uid);
      ledger = enter(ledger, path, uid, { isHandled, ...evidenceOf(known, location, damaged) });
    }
  }
  return ledger;
}

interface ListedMailbox {
  path: string;
  uidValidity: string;
  entries: SourceEntry[];
}

/** Every message of every mailbox; those that wait to be expunged (\\Deleted) are gone for JMAP. */
async function listSource(source: MailSource): Promise<ListedMailbox[]> {
  const listed: ListedMailbox[] = [];
  for (const { path, selectable, status } of await source.mailboxes()) {
    if (!selectable || !status) continue;
    const snapshot = await source.snapshot(path, null);
    const entries = snapshot.entries.filter(entry => !entry.isDeleted);
    listed.push({ path, uidValidity: snapshot.status.uidValidity, entries });
  }
  return listed;
}

interface Stored {
  /** mailboxId by path */
  mailboxIds: ReadonlyMap<string, string>;
  cursors: ReadonlyMap<string, MailboxCursor>;
  /** emailId by location */
  locations: ReadonlyMap<Location, string>;
  quarantined: ReadonlySet<Location>;
  present: ReadonlySet<string>;
  destroyed: ReadonlySet<string>;
}

async function readStored(services: Services, accountId: string, protocol: 'imap' | 'pop'): Promise<Stored> {
  const { table } = services;
  const [mailboxes, cursors, quarantine, locations, states] = await Promise.all([
    listMailboxes(table, accountId),
    listCursors(table, accountId),
    listQuarantine(table, accountId),
    listLocations(table, accountId, protocol === 'pop' ? prefix.uidl : prefix.uid),
    getAllStates(table, accountId),
  ]);
  const absent = [...new Set(locations.values())].filter(id => !states.has(id));
  const tombstones = await getStateRows(table, accountId, absent);
  return {
    mailboxIds: new Map(mailboxes.flatMap(({ id, path }) => (path === null ? [] : [[path, id]]))),
    cursors,
    locations,
    quarantined: new Set(quarantine.map(({ location }) => location)),
    present: new Set(states.keys()),
    destroyed: new Set([...tombstones.values()].filter(row => row.destroyed).map(row => row.id)),
  };
}

/** Which UIDs count as handled; none where UIDVALIDITY has changed since. */
function handledIn(
  { cursors, locations, quarantined }: Stored,
  mailboxId: string,
  uidValidity: string,
): (uid: string) => boolean {
  const cursor = cursors.get(mailboxId);
  if (cursor?.uidValidity !== uidValidity) return () => false;
  const handled = unpackUidSet(cursor.handled);
  return uid => {
    const location = imapLocation(mailboxId, uidValidity, uid);
    const isByRows = Number(uid) < (cursor.handledFrom ?? 0);
    return isByRows ? locations.has(location) || quarantined.has(location) : hasUid(handled, Number(uid));
  };
}

function evidenceOf(
  { locations, quarantined, present, destroyed }: Stored,
  location: Location,
  damaged: ReadonlySet<string>,
): Omit<Evidence, 'isHandled'> {
  const isQuarantined = quarantined.has(location);
  const emailId = locations.get(location);
  if (emailId === undefined) return { isQuarantined, email: null, hasBlob: false };
  const email = present.has(emailId) ? 'present' : destroyed.has(emailId) ? 'destroyed' : 'missing';
  return { isQuarantined, email, hasBlob: !damaged.has(emailId) };
}

/** The half that needs none: looks for the raw bytes of every Email. */
export async function verifyBlobs(
  services: LogStore,
  accountId: string,
  { deep = false }: VerifyOptions = {},
): Promise<BlobCheck> {
  await catchUp(services, accountId);
  const ids = [...(await getAllStates(services.table, accountId)).keys()];
  const damaged = new Set<string>();
  for (const batch of chunk(ids, EMAILS_A_READ)) {
    const emails = [...(await getEmails(services.table, accountId, batch)).values()];
    await inParallel(
      emails,
      async ({ summary: { emailId, sha256, size } }) => {
        const key = blobKeys.raw(accountId, sha256);
        const found = deep
          ? await services.blobs.verify(key, sha256, size)
          : (await services.blobs.head(key))?.size === size;
        if (!found) damaged.add(emailId);
      },
      PARALLEL_BLOBS,
    );
  }
  const why = 'The raw bytes of this Email are missing or not whole.';
  return { emails: ids.length, damaged, findings: [...damaged].map(id => ({ mailbox: '', id, why })) };
}
