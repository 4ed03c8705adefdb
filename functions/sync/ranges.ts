import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * A set of UIDs as sorted, disjoint, inclusive ranges: what an IMAP sequence-set writes as `1:100,105`
 * (RFC 9051 section 9). Pure values; every function gives a new set.
 */
export type UidSet = readonly (readonly [first: number, last: number])[];

/** Parses `1:100,105`; the empty string is the empty set. */
export function parseUidSet(text: string): UidSet {
  if (text === '') return [];
  return text.split(',').map(part => {
    const [first, last] = part.split(':').map(Number);
    return [first ?? 0, last ?? first ?? 0] as const;
  });
}

/** Writes a set as `1:100,105`. */
export function formatUidSet(set: UidSet): string {
  return set.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',');
}

/** From this length on (characters) a set is stored packed. */
const LONG = 4_096;
const PACKED = 'deflate:';

/**
 * Writes a set for storing. A mailbox from which half was deleted over the years has tens of thousands of ranges,
 * more than fits into an item of DynamoDB: so the differences from number to number, which are small, are deflated.
 */
export function packUidSet(set: UidSet): string {
  const text = formatUidSet(set);
  if (text.length < LONG) return text;
  const numbers = set.flat();
  const differences = numbers.map((number, i) => number - (numbers[i - 1] ?? 0));
  return PACKED + deflateRawSync(differences.join(',')).toString('base64');
}

/** Reads what `packUidSet` wrote. */
export function unpackUidSet(stored: string): UidSet {
  if (!stored.startsWith(PACKED)) return parseUidSet(stored);
  const differences = inflateRawSync(Buffer.from(stored.slice(PACKED.length), 'base64')).toString();
  const set: [number, number][] = [];
  let last = 0;
  let first: number | null = null;
  for (const difference of differences.split(',')) {
    last += Number(difference);
    if (first === null) first = last;
    else {
      set.push([first, last]);
      first = null;
    }
  }
  return set;
}

/**
 * The highest UIDs of a set that fit into so many characters when packed; the set itself where all do. UIDs that are
 * spread at random take four characters each, so that no encoding holds those of every mailbox.
 */
export function newestUids(set: UidSet, characters: number): UidSet {
  let newest = set;
  for (;;) {
    const weight = packUidSet(newest).length;
    if (weight <= characters) return newest;
    // Somewhat fewer than fit, so that the next few do not make it too many again.
    newest = newest.slice(-Math.max(1, Math.floor((newest.length * characters * 0.75) / weight)));
  }
}

/** A set with gaps filled, the narrowest first, as far as it takes to fit into so many characters when packed. */
export function coarseUids(set: UidSet, characters: number): UidSet {
  let coarse = set;
  for (let gap = 1; packUidSet(coarse).length > characters; gap *= 2) {
    const merged: [number, number][] = [];
    for (const [first, last] of coarse) {
      const previous = merged.at(-1);
      if (previous && first - previous[1] <= gap + 1) previous[1] = last;
      else merged.push([first, last]);
    }
    coarse = merged;
  }
  return coarse;
}

/** Whether a UID is in the set; binary search. */
export function hasUid(set: UidSet, uid: number): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = set[middle] as readonly [number, number];
    if (uid < first) high = middle - 1;
    else if (uid > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** The set with these UIDs added. */
export function addUids(set: UidSet, uids: Iterable<number>): UidSet {
  const ranges = [...set, ...[...uids].map(uid => [uid, uid] as const)].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of ranges) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** The set with these UIDs removed. */
export function removeUids(set: UidSet, uids: Iterable<number>): UidSet {
  const gone = addUids([], uids);
  const left: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    let start = first;
    while (next < gone.length && (gone[next] as readonly [number, number])[1] < first) next++;
    for (let i = next; i < gone.length; i++) {
      const [from, to] = gone[i] as readonly [number, number];
      if (from > last) break;
      if (from > start) left.push([start, from - 1]);
      start = Math.max(start, to + 1);
    }
    if (start <= last) left.push([start, last]);
  }
  return left;
}

/** Every UID of the set, ascending. */
export function* eachUid(set: UidSet): Generator<number> {
  for (const [first, last] of set) for (let uid = first; uid <= last; uid++) yield uid;
}

/** How many UIDs are in the set. */
export function countUids(set: UidSet): number {
  return set.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
