import { createHash } from 'node:crypto';
import { isForNow } from './errors.ts';
import { nameless, readHeaderNames } from './pop3-header-names.ts';
import { Pop3Refusal } from './pop3-refusal.ts';
import type { Pop3Session } from './pop3-transport.ts';

/** What a maildrop holds, as one session sees it. */
export interface Maildrop {
  /** The lasting name of each message -> its number in this session, in the order of the server. */
  numbers: ReadonlyMap<string, number>;
  /** Names that rest on the order of messages alike: good enough to fetch by, never to delete by. */
  ambiguous: ReadonlySet<string>;
  /** Message number -> size in octets, where LIST was needed already; else null. */
  sizes: ReadonlyMap<number, number | null> | null;
}

/** The maildrop of one session. It is locked while we are logged in (RFC 1939 section 4): each answer is asked for once. */
export interface MaildropView {
  /** How many messages there are, and a fingerprint that is another when one came or went. */
  state(): Promise<{ messages: number; fingerprint: string }>;
  /**
   * Every message by its name: UIDL, and LIST only where unique-ids alone do not name every message. Where there is no
   * UIDL, the headers name the messages. Throws SourceError `protocol` when the server has neither UIDL nor TOP: new
   * mail could not be told from old.
   */
  list(): Promise<Maildrop>;
}

/** Looks at the maildrop of a session that is logged in. */
export function viewMaildrop(session: Pop3Session, host: string): MaildropView {
  // Side by side where the server takes commands ahead.
  const counted = once(() => Promise.all([session.count(), readUniqueIds(session)]));
  const sizes = once(() => session.sizes());
  const ends = once(async () => {
    const all = [...(await sizes())];
    try {
      return await readHeaderNames(session, new Map([...all.slice(0, 1), ...all.slice(-1)]));
    } catch (error) {
      // Whether the others are shown is found out when they have to be named.
      if (error instanceof Pop3Refusal && !isForNow(error.code)) return new Map<number, string>();
      throw error;
    }
  });
  const list = once(async (): Promise<Maildrop> => {
    const [count, uniqueIds] = await counted();
    if (uniqueIds === null) {
      const all = await sizes();
      const known = await ends();
      const others = new Map([...all].filter(([number]) => !known.has(number)));
      const names = new Map([...known, ...(await readNames(session, others, host))]);
      return { ...nameMessages(names, all), sizes: all };
    }
    const named = new Set([...uniqueIds.values()].filter(id => id !== ''));
    if (named.size === uniqueIds.size && uniqueIds.size === count) {
      return { ...nameMessages(uniqueIds, new Map()), sizes: null };
    }
    const all = await sizes();
    return { ...nameMessages(uniqueIds, all), sizes: all };
  });
  const state = once(async () => {
    const [, uniqueIds] = await counted();
    if (uniqueIds === null) {
      const all = await sizes();
      const names = await ends();
      if (names.size === 0) await list();
      return { messages: all.size, fingerprint: listState(all, names) };
    }
    const maildrop = await list();
    return { messages: maildrop.numbers.size, fingerprint: maildropState(maildrop) };
  });
  return { state, list };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/**
 * Gives every message a name that lasts from session to session: its unique-id. RFC 1939 lets identical messages
 * share one, and broken servers give one to different messages, or none at all. Those of a group are named
 * `<unique-id> <octets>.<n>`, n counting messages of the same size: no name depends on a message outside the
 * group's size, so that one which comes or goes never makes another pass for known. A blank cannot occur in a
 * unique-id, so no such name is anybody else's. When a group shrinks to one, that one is fetched again under its
 * plain unique-id and found to be the same Email by its bytes.
 *
 * @param uniqueIds message number -> unique-id
 * @param sizes message number -> octets; needed where a unique-id is missing or repeated
 * @returns name -> message number, every message once; and which of the names belong to a group
 */
export function nameMessages(
  uniqueIds: ReadonlyMap<number, string>,
  sizes: ReadonlyMap<number, number | null>,
): Pick<Maildrop, 'numbers' | 'ambiguous'> {
  const messages = [...new Set([...uniqueIds.keys(), ...sizes.keys()])].sort((a, b) => a - b);
  const holders = new Map<string, number>();
  for (const id of uniqueIds.values()) holders.set(id, (holders.get(id) ?? 0) + 1);
  const occurrences = new Map<string, number>();
  const numbers = new Map<string, number>();
  const ambiguous = new Set<string>();
  for (const message of messages) {
    const id = uniqueIds.get(message) ?? '';
    if (id !== '' && holders.get(id) === 1) {
      numbers.set(id, message);
      continue;
    }
    const group = `${id} ${sizes.get(message) ?? 0}`;
    const occurrence = (occurrences.get(group) ?? 0) + 1;
    occurrences.set(group, occurrence);
    let name = `${group}.${occurrence}`;
    // Where a server has blanks in its unique-ids after all: none ends in one.
    while (holders.has(name)) name += ' ';
    numbers.set(name, message);
    ambiguous.add(name);
  }
  return { numbers, ambiguous };
}

/**
 * Fingerprint of a maildrop: sha256 (hex) over the sorted names. The order is left out because a server may
 * number the same messages anew in each session, which changes nothing for us.
 */
export function maildropState({ numbers }: Pick<Maildrop, 'numbers'>): string {
  const hash = createHash('sha256');
  for (const name of [...numbers.keys()].sort()) hash.update(`${name}\n`);
  return hash.digest('hex');
}

/**
 * The same of a maildrop without unique-ids, where all names would cost TOP of every message: what LIST says, and the
 * names of the first and the last message. What arrives stands at one of the ends, so that it shows there also when it
 * is as long as one that has gone.
 */
function listState(sizes: ReadonlyMap<number, number | null>, ends: ReadonlyMap<number, string>): string {
  const hash = createHash('sha256');
  for (const [number, size] of sizes) hash.update(`${number} ${size}\n`);
  for (const name of ends.values()) hash.update(`${name}\n`);
  return hash.digest('hex');
}

/** RFC 1939 allows 70 characters. Names are written into rows, which have room for many but not for any. */
const LONGEST_ID = 255;

function shortened(id: string): string {
  return `UIDL ${createHash('sha256').update(id).digest('hex')}`;
}

/** Null where the server knows no UIDL, which RFC 1939 leaves to it. */
async function readUniqueIds(session: Pop3Session): Promise<Map<number, string> | null> {
  try {
    const ids = await session.uniqueIds();
    return new Map([...ids].map(([number, id]) => [number, id.length > LONGEST_ID ? shortened(id) : id]));
  } catch (error) {
    if (error instanceof Pop3Refusal && !isForNow(error.code)) return null;
    throw error;
  }
}

async function readNames(
  session: Pop3Session,
  sizes: ReadonlyMap<number, number | null>,
  host: string,
): Promise<Map<number, string>> {
  try {
    return await readHeaderNames(session, sizes);
  } catch (error) {
    if (error instanceof Pop3Refusal && !isForNow(error.code)) throw nameless(host, error);
    throw error;
  }
}
