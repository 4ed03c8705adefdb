import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { type Database, mailbox } from '../mailbox/db.ts';
import { countEntries, type Entry, readEntries, type View } from '../mailbox/entries.ts';
import { observe, type Topic } from '../mailbox/observe.ts';

/** Runs `work` at once, and again each time it is asked to, never twice at the same time. */
function repeatable(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work().catch(error => console.error(error instanceof Error ? error.stack : 'error'));
    }
    running = false;
  };
}

/**
 * The answer of a query on the device's database, asked again whenever one of the topics changes. `key` names
 * what is asked for: while the answer for a new key is on its way, the value is undefined.
 */
export function useLive<T>(
  topics: readonly Topic[],
  key: string,
  query: (db: Database) => Promise<T>,
): T | undefined {
  const [answer, setAnswer] = useState<{ key: string; value: T } | null>(null);
  const latest = useRef(query);
  latest.current = query;
  useEffect(() => {
    let stopped = false;
    const ask = repeatable(async () => {
      const value = await latest.current(await mailbox());
      if (!stopped) setAnswer({ key, value });
    });
    ask();
    const stop = observe(topics, ask);
    return () => {
      stopped = true;
      stop();
    };
  }, [key]);
  return answer?.key === key ? answer.value : undefined;
}

/** Renders again twice a minute: "12 minutes ago" grows old by itself. */
export function useClock(): void {
  const [, tick] = useReducer<number, void>(n => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => tick(), 30_000);
    return () => clearInterval(timer);
  }, []);
}

/** Entries read from the database at a time. */
const PAGE = 50;

/** A window on a list of any length. */
export interface ListWindow {
  /** undefined until it is known */
  total: number | undefined;
  /** How many rows to lay out: until the total is known, those that were read. */
  length: number;
  /** The entry at a position, or undefined while it is read. */
  at(position: number): Entry | undefined;
  /** The entries that were read so far. */
  loaded(): Entry[];
  /** Says which positions are on the screen. */
  show(first: number, last: number): void;
}

interface WindowState {
  key: string;
  total: number | undefined;
  pages: Map<number, Entry[]>;
  first: number;
  last: number;
}

/** The position after the last entry that was read. */
function readUpTo(pages: ReadonlyMap<number, Entry[]>): number {
  return Math.max(0, ...[...pages].map(([page, { length }]) => page * PAGE + length));
}

/** How many entries the list has, where a page that was read tells: one that is not full is the last. */
function endOf(pages: ReadonlyMap<number, Entry[]>): number | undefined {
  for (const [page, { length }] of pages) {
    if (length < PAGE && (page === 0 || length > 0)) return page * PAGE + length;
  }
  return undefined;
}

/** Reads a list page by page as it is scrolled, and what is on the screen again when something changes. */
export function useList(key: string, view: View): ListWindow {
  const [, render] = useReducer<number, void>(n => n + 1, 0);
  const state = useRef<WindowState>({ key: '', total: undefined, pages: new Map(), first: 0, last: 0 });
  if (state.current.key !== key)
    state.current = { key, total: undefined, pages: new Map(), first: 0, last: PAGE - 1 };

  const read = useCallback(
    async (fresh: boolean) => {
      const own = state.current;
      const db = await mailbox();
      const from = Math.floor(own.first / PAGE);
      const to = Math.floor(Math.max(own.first, own.last) / PAGE);
      const wanted = Array.from({ length: to - from + 1 }, (_, step) => from + step);
      const missing = fresh ? wanted : wanted.filter(page => !own.pages.has(page));
      const pages = await Promise.all(missing.map(page => readEntries(db, view, page * PAGE, PAGE)));
      if (state.current !== own) return;
      if (fresh) own.pages.clear();
      for (const [position, page] of missing.entries()) own.pages.set(page, pages[position] ?? []);
      const end = endOf(own.pages);
      if (end !== undefined) own.total = end;
      if (missing.length || fresh) render();
      // To count a list is to walk along all of it: no row waits for that.
      if (end !== undefined || (own.total !== undefined && !fresh)) return;
      const total = await countEntries(db, view);
      if (state.current !== own || own.total === total) return;
      own.total = total;
      render();
    },
    [key],
  );

  useEffect(() => {
    const again = repeatable(() => read(true));
    again();
    return observe(['emails'], again);
  }, [read]);

  return {
    total: state.current.total,
    length: state.current.total ?? readUpTo(state.current.pages),
    loaded: () => [...state.current.pages].sort(([a], [b]) => a - b).flatMap(([, page]) => page),
    at: position => state.current.pages.get(Math.floor(position / PAGE))?.[position % PAGE],
    show(first, last) {
      state.current.first = Math.max(0, first);
      state.current.last = Math.max(0, last);
      void read(false);
    },
  };
}
