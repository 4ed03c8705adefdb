import { useLayoutEffect, useMemo, useReducer } from 'preact/hooks';
import { mailbox } from '../mailbox/db.ts';
import { countEntries, type Entry, readEntries, type View } from '../mailbox/entries.ts';
import { keepFirstScreen, readFirstScreen } from '../mailbox/first-screen.ts';
import { keyInList, type Start } from '../mailbox/lists.ts';
import { observe } from '../mailbox/observe.ts';
import { repeatable } from './use.ts';

/** Entries read from the database at a time. */
const PAGE = 50;
/** A list whose rows stayed the same is counted again after so many milliseconds: to count is to walk along all of it. */
const COUNT_AFTER = 2_000;

/** A window on a list of any length. */
export interface ListWindow {
  /** undefined until it is known */
  readonly total: number | undefined;
  /** How many rows to lay out: until the total is known, those that were read. */
  readonly length: number;
  /** True while it shows what it showed last, and the database has not answered yet. */
  readonly kept: boolean;
  /** The entry at a position, or undefined while it is read. */
  at(position: number): Entry | undefined;
  /** The entries that were read so far. */
  loaded(): Entry[];
  /** Says which positions are on the screen. */
  show(first: number, last: number): void;
}

/** Entries by the number of their page. */
type Pages = ReadonlyMap<number, Entry[]>;

/** The position after the last entry that was read. */
function readUpTo(pages: Pages): number {
  return Math.max(0, ...[...pages].map(([page, { length }]) => page * PAGE + length));
}

/** How many entries the list has, where a page that was read tells: one that is not full is the last. */
function endOf(pages: Pages): number | undefined {
  for (const [page, { length }] of pages) {
    if (length < PAGE && (page === 0 || length > 0)) return page * PAGE + length;
  }
  return undefined;
}

/** Where a page begins: found from the nearest one before it that was read. */
function startOf(page: number, pages: Pages, { list }: View): Start {
  const before = Math.max(-1, ...[...pages.keys()].filter(read => read < page));
  const last = pages.get(before)?.at(-1);
  if (!last) return page * PAGE;
  return { after: keyInList(list, last.email), skip: (page - before - 1) * PAGE };
}

/** Whether pages show the same rows in the same order, whatever became of each. */
function haveSameRows(before: Pages, after: Pages): boolean {
  return [...after].every(([page, entries]) => {
    const known = before.get(page);
    return known?.length === entries.length && entries.every(({ key }, at) => known[at]?.key === key);
  });
}

let isFirst = true;

/** What the list that the app opens with showed last. */
function screenOf({ list, threads }: View) {
  const screen = isFirst && 'role' in list ? readFirstScreen() : null;
  isFirst = false;
  return screen?.threads === threads ? screen : null;
}

/** Reads a list page by page; `render` is called whenever there is more to show. */
function openList(view: View, render: () => void) {
  const screen = screenOf(view);
  let pages: Pages = new Map(screen ? [[0, screen.entries]] : []);
  let total = screen?.total;
  let kept = screen !== null;
  let onScreen = { first: 0, last: PAGE - 1 };
  let changes = 1;
  let changesRead = 0;
  let counting: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const show = () => {
    if (closed) return;
    render();
    const entries = pages.get(0);
    if ('role' in view.list && entries && total !== undefined) {
      keepFirstScreen({ threads: view.threads, total, entries });
    }
  };
  const count = async () => {
    clearTimeout(counting);
    counting = undefined;
    const counted = await countEntries(await mailbox(), view);
    if (counted === total) return;
    total = counted;
    show();
  };
  const read = repeatable(async () => {
    const db = await mailbox();
    const change = changes;
    const isFresh = change !== changesRead;
    const before = pages;
    const [from, to] = [Math.floor(onScreen.first / PAGE), Math.floor(onScreen.last / PAGE)];
    const wanted = Array.from({ length: to - from + 1 }, (_, step) => from + step);
    const missing = isFresh ? wanted : wanted.filter(page => !before.has(page));
    if (missing.length === 0) return;
    // What changed may have moved every row: only positions hold then.
    const start = (page: number) => (isFresh ? page * PAGE : startOf(page, before, view));
    const found = await Promise.all(
      missing.map(async page => [page, await readEntries(db, view, start(page), PAGE)] as const),
    );
    const after = new Map([...(isFresh ? [] : before), ...found]);
    const end = endOf(after);
    [pages, total, kept, changesRead] = [after, end ?? total, false, change];
    show();
    if (closed || end !== undefined || (total !== undefined && !isFresh)) return;
    // No row waits for the number of all.
    if (total === undefined || !haveSameRows(before, after)) await count();
    else counting ??= setTimeout(() => void count(), COUNT_AFTER);
  });
  return {
    window: (): ListWindow => ({
      total,
      length: total ?? readUpTo(pages),
      kept,
      at: position => pages.get(Math.floor(position / PAGE))?.[position % PAGE],
      loaded: () => [...pages].sort(([a], [b]) => a - b).flatMap(([, page]) => page),
      show(first, last) {
        onScreen = { first: Math.max(0, first), last: Math.max(0, first, last) };
        read();
      },
    }),
    /** Begins to follow the database; returns how to stop. */
    follow() {
      closed = false;
      read();
      const stop = observe(['emails'], () => {
        changes += 1;
        read();
      });
      return () => {
        closed = true;
        clearTimeout(counting);
        stop();
      };
    },
  };
}

/** Reads a list page by page as it is scrolled, and what is on the screen again when something changes. */
export function useList(key: string, view: View): ListWindow {
  const [, render] = useReducer<number, void>(n => n + 1, 0);
  const list = useMemo(() => openList(view, () => render()), [key]);
  useLayoutEffect(() => list.follow(), [list]);
  return list.window();
}
