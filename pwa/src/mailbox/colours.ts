import type { Id } from '../../../functions/jmap/types.ts';
import type { Database } from './db.ts';
import { announce } from './observe.ts';

/** How many colours `tokens.css` has for accounts. */
export const ACCOUNT_COLOURS = 8;

const NAME = 'accountColours';

/** The colour of each account on this device: 0 to 7. */
export type Colours = Record<Id, number>;

/** What is chosen, or was given when the account came. */
export async function readColours(db: Database): Promise<Colours> {
  return ((await db.get('settings', NAME)) as Colours | undefined) ?? {};
}

/** Colours for these accounts and no others: each keeps its own, a new one gets the first that is least used. Pure. */
export function coloursFor(ids: readonly Id[], before: Colours): Colours {
  const after: Colours = {};
  for (const id of ids) if (before[id] !== undefined) after[id] = before[id];
  for (const id of ids) {
    if (after[id] !== undefined) continue;
    const used = Object.values(after);
    const times = (colour: number) => used.filter(one => one === colour).length;
    const all = Array.from({ length: ACCOUNT_COLOURS }, (_, colour) => colour);
    after[id] = all.reduce((best, colour) => (times(colour) < times(best) ? colour : best), 0);
  }
  return after;
}

/** Gives each account that has none a colour, and forgets those of accounts that are no more. */
export async function giveColours(db: Database, ids: readonly Id[]): Promise<void> {
  const before = await readColours(db);
  const after = coloursFor(ids, before);
  if (JSON.stringify(before) !== JSON.stringify(after)) await db.put('settings', after, NAME);
}

/** The person chooses a colour. */
export async function chooseColour(db: Database, id: Id, colour: number): Promise<void> {
  await db.put('settings', { ...(await readColours(db)), [id]: colour }, NAME);
  announce('accounts');
}
