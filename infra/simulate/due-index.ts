import { STEPS } from '../../functions/sync/schedule.ts';
import type { Row } from './mailbox.ts';

/**
 * Which rows of a due list can be due in a minute: those whose cadence and phase meet in it, and those that a device looks
 * at. Only an economy, because the list is long and a day has 1,440 minutes: the real decision is made on what it gives.
 */
export interface DueIndex {
  /** A superset of the rows that are due in the minute of `now`, each once. */
  due(now: number, lookedAt: ReadonlySet<string>): Row[];
  add(row: Row): void;
  /** To be told of a row of which the timing has changed. */
  move(row: Row): void;
  count(): number;
}

const MINUTE = 60_000;

/** An index of these rows. */
export function dueIndex(rows: readonly Row[]): DueIndex {
  const places = new Map(STEPS.map(every => [every, Array.from({ length: every }, (): Row[] => [])]));
  const placeOf = ({ every, phase }: Row) => places.get(every)?.[phase % every] ?? [];
  const slots = new Map<string, { row: Row; place: Row[]; at: number }>();
  const add = (row: Row) => {
    const place = placeOf(row);
    slots.set(row.sk, { row, place, at: place.length });
    place.push(row);
  };
  for (const row of rows) add(row);
  return {
    add,
    move(row) {
      const slot = slots.get(row.sk);
      const place = placeOf(row);
      if (!slot || slot.place === place) return;
      const last = slot.place.pop();
      if (last && last !== row) {
        slot.place[slot.at] = last;
        const moved = slots.get(last.sk);
        if (moved) moved.at = slot.at;
      }
      slot.place = place;
      slot.at = place.length;
      place.push(row);
    },
    due(now, lookedAt) {
      const minute = Math.floor(now / MINUTE);
      const meeting = [...places].flatMap(([every, phases]) => phases[minute % every] ?? []);
      if (lookedAt.size === 0) return meeting;
      const found = meeting.filter(({ sk }) => !lookedAt.has(sk));
      for (const id of lookedAt) {
        const slot = slots.get(id);
        if (slot) found.push(slot.row);
      }
      return found;
    },
    count: () => slots.size,
  };
}
