import { useRef, useState } from 'preact/hooks';
import { mailbox } from '../mailbox/db.ts';
import { type Entry, readEntries, type View } from '../mailbox/entries.ts';

/** What is selected in a list, as it was when it was selected: what comes to a conversation later is not meant. */
export interface Selection {
  size: number;
  has(key: string): boolean;
  entries(): Entry[];
  /** Selects an entry, or takes it out. */
  toggle(entry: Entry, position: number): void;
  /** Selects everything from the entry that was pressed last to this position. */
  extend(position: number): Promise<void>;
  set(entries: readonly Entry[]): void;
  clear(): void;
}

const NOTHING: ReadonlyMap<string, Entry> = new Map();

/** The selection of a list; another list begins with none. */
export function useSelection(listKey: string, view: View): Selection {
  const [state, setState] = useState({ listKey, chosen: NOTHING });
  const anchor = useRef(0);
  const chosen = state.listKey === listKey ? state.chosen : NOTHING;
  const set = (entries: Iterable<Entry>) =>
    setState({ listKey, chosen: new Map([...entries].map(entry => [entry.key, entry])) });
  return {
    size: chosen.size,
    has: key => chosen.has(key),
    entries: () => [...chosen.values()],
    toggle(entry, position) {
      anchor.current = position;
      const rest = [...chosen.values()].filter(({ key }) => key !== entry.key);
      set(chosen.has(entry.key) ? rest : [...rest, entry]);
    },
    async extend(position) {
      const [first, last] = [Math.min(anchor.current, position), Math.max(anchor.current, position)];
      const between = await readEntries(await mailbox(), view, first, last - first + 1);
      set([...chosen.values(), ...between]);
    },
    set,
    clear: () => set([]),
  };
}
