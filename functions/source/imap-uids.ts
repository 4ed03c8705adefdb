import type { SourceEntry } from './source.ts';

/** From this size on, in octets, a message is fetched by itself. */
export const LARGE_MESSAGE = 256 * 1024;
/** Most that one batch of small messages may hold, in octets. Two of them are in memory. */
export const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_MESSAGES = 100;
/** Longest UID set of one command, in characters: RFC 7162 section 4 lets a line have 8192 octets. */
const SET_LENGTH = 7_000;

/** nz-number of RFC 9051 section 9, up to 2^32 - 1. */
const UID = /^[1-9]\d{0,9}$/;

/**
 * Writes UIDs as sequence sets (`1:3,7`), cut so that each fits into a command line. Each UID appears once, in
 * ascending order; what is no UID is left out.
 */
export function uidSets(uids: Iterable<string>, longest: number = SET_LENGTH): string[] {
  const sets: string[] = [];
  let set = '';
  for (const range of ranges(uids)) {
    if (set !== '' && set.length + 1 + range.length > longest) {
      sets.push(set);
      set = '';
    }
    set = set === '' ? range : `${set},${range}`;
  }
  if (set !== '') sets.push(set);
  return sets;
}

/** UIDs from `first` to `last`, both included. */
export interface UidRange {
  first: number;
  last: number;
}

/** The ranges of a sequence set of the server (`7,12:9`), as it gives them; what is no UID is left out. */
export function rangesIn(set: string): UidRange[] {
  return set.split(',').flatMap(range => {
    const [from = '', to = from, ...rest] = range.split(':');
    if (!UID.test(from) || !UID.test(to) || rest.length > 0) return [];
    return [{ first: Math.min(Number(from), Number(to)), last: Math.max(Number(from), Number(to)) }];
  });
}

/** Which of these UIDs a sequence set of the server names: one that answers a set of `uidSets`. */
export function uidsIn(set: string, uids: Iterable<string>): string[] {
  // It cannot be longer than what was asked; a hostile one would take hours.
  const named = rangesIn(set.slice(0, SET_LENGTH));
  return [...uids].filter(uid =>
    named.some(({ first, last }) => Number(uid) >= first && Number(uid) <= last),
  );
}

function ranges(uids: Iterable<string>): string[] {
  const numbers = [...new Set([...uids].filter(uid => UID.test(uid)).map(Number))].sort((a, b) => a - b);
  const found: UidRange[] = [];
  for (const uid of numbers) {
    const open = found.at(-1);
    if (open && open.last === uid - 1) open.last = uid;
    else found.push({ first: uid, last: uid });
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`));
}

/** One step of a fetch: a batch of small messages, or one large message. */
export interface FetchStep {
  large: boolean;
  entries: SourceEntry[];
}

/**
 * Cuts a list of messages into steps of bounded memory, in about the given order. A message of unknown size
 * counts as large.
 */
export function fetchSteps(entries: Iterable<SourceEntry>): FetchStep[] {
  const steps: FetchStep[] = [];
  let batch: SourceEntry[] = [];
  let bytes = 0;
  const close = () => {
    if (batch.length > 0) steps.push({ large: false, entries: batch });
    batch = [];
    bytes = 0;
  };
  for (const entry of entries) {
    if (!UID.test(entry.uid)) continue;
    if (entry.size === null || entry.size >= LARGE_MESSAGE) {
      steps.push({ large: true, entries: [entry] });
      continue;
    }
    if (batch.length >= BATCH_MESSAGES || bytes + entry.size > BATCH_BYTES) close();
    batch.push(entry);
    bytes += entry.size;
  }
  close();
  return steps;
}
