import type { SourceEntry } from '../../source/source.ts';
import {
  getEmails,
  getPlaces,
  getStateRows,
  listPlaces,
  type Place,
  type StoredEmail,
} from '../../store/emails.ts';
import {
  imapLocation,
  imapLocationPrefix,
  type Location,
  parseLocation,
  popLocation,
} from '../../store/keys.ts';
import type { DeletingRow, StateRow } from '../../store/rows.ts';
import { chunk } from '../../store/table.ts';
import type { RunContext } from '../context.ts';
import { type Copy, type DeletionRule, dueAt, isAmbiguous } from './plan.ts';

/** A mailbox as this very session lists it. */
export interface Listing {
  mailboxId: string;
  path: string;
  uidValidity: string;
  entries: ReadonlyMap<Location, SourceEntry>;
}

/** Above this many locations one range read is cheaper than a batch for each hundred. */
const RANGE_ABOVE = 1_000;

/** Of a backlog that is larger, only so many are read in one run. */
const MOST_AT_ONCE = 1_000;

/** Lists a mailbox, or only these UIDs of it where that is cheaper (IMAP). Throws SourceError. */
export async function listMailbox(
  run: RunContext,
  { id, path }: { id: string; path: string },
  uids: readonly string[] | null,
): Promise<Listing> {
  const { source } = run;
  const since = uids ? (run.cursors.get(id)?.status ?? null) : null;
  let snapshot = await source.snapshot(path, since);
  let { entries } = snapshot;
  if (!snapshot.complete) {
    const hints = uids && source.hints ? await source.hints(path, uids) : [];
    entries = hints.map(({ uid, size }) => ({ uid, size, keywords: null }));
    // What is gone is left out, and so is what the server does not want to read: only a whole listing tells.
    if (!uids || entries.length < uids.length) {
      snapshot = await source.snapshot(path, null);
      entries = snapshot.entries;
    }
  }
  const { uidValidity } = snapshot.status;
  const locate = ({ uid }: SourceEntry) =>
    source.protocol === 'imap' ? imapLocation(id, uidValidity, uid) : popLocation(uid);
  return { mailboxId: id, path, uidValidity, entries: new Map(entries.map(entry => [locate(entry), entry])) };
}

/** What is known here of the messages of a listing. */
export interface Copies {
  /** Those that the rule may concern now: waiting to be deleted, due by their age, or destroyed by a device. */
  copies: Copy[];
  /** When others become due, ms since the epoch; now for what is due and too much for one run. */
  later: number[];
}

/**
 * Reads, strongly consistent, what is stored of the messages of a listing. A message is left out that no location row
 * names, or whose Email neither is here at this location nor was destroyed by a device.
 */
export async function readCopies(
  run: RunContext,
  listing: Listing,
  waiting: ReadonlyMap<Location, DeletingRow>,
  rule: DeletionRule | null,
): Promise<Copies> {
  const { table } = run.services;
  const locations = [...listing.entries.keys()].filter(location => rule || waiting.has(location));
  const places = await placesOf(run, listing, locations);
  const { wanted, unlikely, due, later } = sortOut(run, listing, places, waiting, rule);
  const tombstones = await getStateRows(table, run.account.id, idsOf(unlikely));
  wanted.push(...unlikely.filter(([, { emailId }]) => tombstones.get(emailId)?.destroyed));
  const copies = await copiesAt(run, listing, wanted, waiting);
  // What cannot be deleted is among them, too, and must not keep back what comes after it.
  let found = 0;
  for (const part of chunk(due, MOST_AT_ONCE)) {
    if (found >= MOST_AT_ONCE) {
      later.push(run.services.now());
      break;
    }
    const more = await copiesAt(run, listing, part, waiting);
    copies.push(...more);
    found += more.length;
  }
  return { copies, later };
}

/** What is stored of the messages at these places. */
async function copiesAt(
  run: RunContext,
  listing: Listing,
  placed: readonly Placed[],
  waiting: ReadonlyMap<Location, DeletingRow>,
): Promise<Copy[]> {
  const { table } = run.services;
  const tombstones = await getStateRows(table, run.account.id, idsOf(placed));
  const emails = await getEmails(table, run.account.id, idsOf(placed));
  return placed.flatMap(([location, place]) => {
    const { emailId, fetched, at } = place;
    const row = waiting.get(location);
    const known = bytesOf(location, emails.get(emailId), tombstones.get(emailId), row);
    const entry = listing.entries.get(location);
    if (!known || !entry || (row && row.emailId !== emailId)) return [];
    return {
      ...{ location, emailId, ...known, uid: entry.uid, listedSize: entry.size },
      ...{ isFetched: fetched === true, storedAt: at ?? null, attempted: row?.attempted ?? false },
    };
  });
}

type Placed = [location: Location, place: Place];

const idsOf = (placed: readonly Placed[]) => [...new Set(placed.map(([, { emailId }]) => emailId))];

/** Which of the listed locations to look at closer, without reading more than their rows. */
function sortOut(
  run: RunContext,
  listing: Listing,
  places: ReadonlyMap<Location, Place>,
  waiting: ReadonlyMap<Location, DeletingRow>,
  rule: DeletionRule | null,
): { wanted: Placed[]; unlikely: Placed[]; due: Placed[]; later: number[] } {
  const now = run.services.now();
  const wanted: Placed[] = [];
  const unlikely: Placed[] = [];
  const due: Placed[] = [];
  const later: number[] = [];
  for (const [location, place] of places) {
    const entry = listing.entries.get(location);
    if (!entry) continue;
    const at = rule ? dueAt(rule, { fate: 'stored', storedAt: place.at ?? null }) : null;
    if (waiting.has(location)) wanted.push([location, place]);
    else if (rule && isAmbiguous(rule, entry)) continue;
    else if (at !== null && at <= now) due.push([location, place]);
    // Only if a device destroyed it, under a policy that left it at the source.
    else if (at === Number.POSITIVE_INFINITY) unlikely.push([location, place]);
    else if (at !== null) later.push(at);
  }
  due.sort(([, a], [, b]) => (a.emailId < b.emailId ? -1 : a.emailId > b.emailId ? 1 : 0));
  return { wanted, unlikely, due, later };
}

function bytesOf(
  location: Location,
  email: StoredEmail | undefined,
  tombstone: StateRow | undefined,
  row: DeletingRow | undefined,
): Pick<Copy, 'fate' | 'sha256' | 'size'> | null {
  if (email) {
    const { sha256, size } = email.summary;
    if (email.state.locations.includes(location)) return { fate: 'stored', sha256, size };
    // It left its Email when its deletion began, or a copy that came later made the Email again.
    if (row) return { fate: row.policy === 'whenDestroyed' ? 'destroyed' : 'stored', sha256, size };
    return null;
  }
  return tombstone?.destroyed && tombstone.blob ? { fate: 'destroyed', ...tombstone.blob } : null;
}

async function placesOf(
  run: RunContext,
  listing: Listing,
  locations: readonly Location[],
): Promise<Map<Location, Place>> {
  const { table } = run.services;
  if (run.source.protocol === 'pop' || locations.length < RANGE_ABOVE) {
    return getPlaces(table, run.account.id, locations);
  }
  const prefix = imapLocationPrefix(listing.mailboxId, listing.uidValidity);
  return listPlaces(table, run.account.id, prefix);
}

/** By the mailbox that their locations name; POP has one. */
export function groupByMailbox(run: RunContext, rows: readonly DeletingRow[]): Map<string, DeletingRow[]> {
  const [inbox = ''] = run.paths.keys();
  const groups = new Map<string, DeletingRow[]>();
  for (const row of rows) {
    const id = run.source.protocol === 'pop' ? inbox : (parseLocation(row.location)?.mailboxId ?? '');
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return groups;
}

/** Whether a location means what the listing means by it: IMAP, the same UIDVALIDITY. */
export function isCurrent({ location }: Pick<DeletingRow, 'location'>, { uidValidity }: Listing): boolean {
  const place = parseLocation(location);
  return place === null || place.uidValidity === uidValidity;
}
